//! The conformance kit: what a payer's engineer runs before a plugin is trusted, and what a plugin must pass.
//!
//! The library's bytes are looked at first, without running them. Then each test that runs the plugin does so
//! in a process of its own, which is killed when it takes too long: a plugin that crashes, hangs or ends the
//! process fails that test and no other. Claims lie in memory that ends where it says, can be made
//! read-only, and is taken away after the call. Everything that is made up comes from a seed, and each
//! failure tells the command that shows it again.
//!
//! [`Kit`] is the side that asks; [`run_probe`] is the other one, behind a hidden subcommand.

mod arena;
mod bench;
mod catalogue;
mod claim;
mod confine;
mod footprint;
mod fuzz;
mod generate;
mod job;
mod kit;
mod manifest;
mod measure;
mod outcome;
mod pages;
mod plugin;
mod probe;
mod process;
mod production;
mod report;
mod show;
mod shrink;
mod sink;
mod statics;
mod test;

pub use catalogue::{KIT_VERSION, TESTS, Test};
pub use kit::{Kit, KitError};
pub use measure::{MeasureError, Measured, Work, claims_for, measure};
pub use outcome::Outcome;
pub use probe::{ProbeError, run_probe};
pub use process::{COOKIE, ProbeCommand};
pub use production::{Place, TryError, try_plugin};
pub use report::{Report, TestResult};
