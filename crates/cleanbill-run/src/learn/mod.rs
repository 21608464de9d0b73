//! Findings held against what payers answered: which were denied, which were paid, and which denials no
//! rule had seen.
//!
//! `book` holds claims and findings by claim number, `join` finds the line that a remitted line answers,
//! `answer` says what was answered, `not_denials` which adjustments are no denial, `verdict` adds up.

mod answer;
mod book;
mod join;
mod not_denials;
mod run;
#[cfg(test)]
mod tests;
mod verdict;

pub use run::{Checked, Learn, LearnOutput};
