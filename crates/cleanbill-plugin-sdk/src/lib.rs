//! Safe Rust for the authors of payer plugins.
//!
//! A plugin is a crate of type `cdylib` with a type that implements [`Plugin`], a `plugin.toml` that says who
//! the plugin is and what its rules are called, and one line that exports both; its author writes no
//! `unsafe`. `build.rs` has one line, `cleanbill_plugin_build::manifest("plugin.toml")`, and `src/lib.rs`:
//!
//! ```
//! use cleanbill_plugin_sdk::{ClaimView, ConfigError, Field, Findings, Plugin, rule};
//!
//! # macro_rules! include_manifest { () => {
//! # pub mod rule { pub const NO_UNITS: cleanbill_plugin_sdk::Rule = cleanbill_plugin_sdk::Rule::at(0); }
//! # pub use cleanbill_plugin_sdk::NoConfig as Config;
//! # pub const MANIFEST: &str = "{}";
//! # } }
//! include_manifest!(); // from plugin.toml: the manifest, `Config`, and a constant for each rule
//!
//! /// Wants at least one unit on every line.
//! struct AtLeastOneUnit;
//!
//! impl Plugin for AtLeastOneUnit {
//!     type Config = Config;
//!
//!     fn create(_: Config) -> Result<Self, ConfigError> {
//!         Ok(Self)
//!     }
//!
//!     fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
//!         for line in claim.lines().filter(|line| line.units_thousandths() < 1000) {
//!             out.find(rule!(NO_UNITS)).on(line).field(Field::Units).emit();
//!         }
//!     }
//! }
//!
//! cleanbill_plugin_sdk::export_plugin!(AtLeastOneUnit);
//! # fn main() {}
//! ```
//!
//! A panic in a plugin is caught by the exported functions and costs the claim in hand only; its text is
//! printed nowhere, since it may hold values of the claim. [`testing::PluginTest`] runs the same
//! functions in an ordinary test.

mod config;
mod date;
mod export;
mod findings;
mod guard;
mod plugin;
mod view;

pub mod testing;

#[doc(hidden)]
pub mod glue;

// For the code that `cleanbill_plugin_build` writes.
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use serde_json;

pub use config::{ConfigError, NoConfig};
pub use date::Date;
pub use findings::{Field, Findings, NewFinding, Rule, Severity};
pub use plugin::{Exported, Plugin};
pub use view::{ClaimView, Drug, Form, LineView, UnitBasis};
