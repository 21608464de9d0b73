//! Findings held against what payers answered: which were denied, which were paid, and which denials no
//! rule had seen.
//!
//! `book` holds claims and findings by claim number, `join` finds the line that a remitted line answers,
//! `answer` says what was answered, `not_denials` which adjustments are no denial, `verdict` adds up. `denials` marks
//! denied lines in a history.

mod answer;
mod book;
mod denials;
mod join;
mod not_denials;
mod run;
#[cfg(test)]
mod tests;
mod verdict;

pub use denials::{HistoryDenials, HistoryDenied};
pub use run::{Checked, Learn, LearnOutput};
