//! Safe Rust for the authors of payer plugins.
//!
//! A plugin is a crate of type `cdylib` with a type that implements [`Plugin`], a manifest
//! (`plugin.json`) and one line that exports both; its author writes no `unsafe`.
//!
//! ```
//! use cleanbill_plugin_sdk::{ClaimView, Field, Findings, Plugin, Rule};
//!
//! /// Wants at least one unit on every line.
//! #[derive(Default)]
//! struct AtLeastOneUnit;
//!
//! const NO_UNITS: Rule = Rule::at(0); // the first rule of the manifest
//!
//! impl Plugin for AtLeastOneUnit {
//!     fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
//!         for line in claim.lines().filter(|line| line.units_thousandths() < 1000) {
//!             out.find(NO_UNITS).on(line).field(Field::Units).emit();
//!         }
//!     }
//! }
//!
//! # macro_rules! include_str { ($path:literal) => { r#"{ "rules": [] }"# } }
//! cleanbill_plugin_sdk::export_plugin!(AtLeastOneUnit, include_str!("../plugin.json"));
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

pub use config::{Config, ConfigError};
pub use date::Date;
pub use findings::{Field, Findings, NewFinding, Rule, Severity};
pub use plugin::Plugin;
pub use view::{ClaimView, Drug, Form, LineView, UnitBasis};
