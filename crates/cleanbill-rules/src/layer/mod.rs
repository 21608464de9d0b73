//! Packs that build on packs: which ones, which names they share, what they change in each other's rules.
//!
//! Layers are put together from declarations, before anything is checked: an override becomes part of
//! the tree of the rule that it changes, and the rule is then checked like any other.

mod names;
mod overrides;
mod params;
mod phase;
mod plugin_rules;
mod resolved;
mod rule;
mod stack;
mod tables;

pub(crate) use names::Names;
pub(crate) use overrides::{Override, declared as declared_overrides, patched};
pub(crate) use params::with_params;
pub(crate) use phase::{PhaseEdit, day_of, in_phases, phases};
pub(crate) use plugin_rules::{plugin_rule_ids, plugin_settings};
pub(crate) use resolved::resolve;
pub use resolved::{ResolvedField, ResolvedRule, Setting};
pub(crate) use rule::Declared;
pub(crate) use stack::{Layer, Stack};
