//! Two editions of packs over the same claims: what would newly fire, no longer fire or change.
//!
//! [`Diff`] wires a comparison from checked inputs to published outputs. [`verdicts`] finds the lines on
//! which the editions differ, claim by claim; [`groups`] adds them up by rule and what else was asked for;
//! [`plan`] knows which rules may differ at all; [`threshold`] says when a difference is too much.
//! Memory grows with the number of groups, never with the claims.

mod comparison;
mod groups;
mod plan;
mod threshold;
mod verdicts;

pub use comparison::{Diff, DiffEdition, DiffOutput};
pub use threshold::Threshold;

#[cfg(test)]
mod tests;
