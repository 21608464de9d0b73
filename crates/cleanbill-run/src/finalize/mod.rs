//! Final claims alone: of the versions of a claim that extracts and files hold, the one that is the last word.
//!
//! `preset` says what tells versions apart and in which order they come, with one file for each: `frequency` for
//! 837 claims, `cclf` and `tmsis` for extracts of Medicare and Medicaid. `claims` reads the inputs once for that
//! and tells each reader of them which claims to pass over. What is decided follows from the claims of a patient
//! alone, never from the order of files.

mod cclf;
mod claims;
mod frequency;
mod preset;
#[cfg(test)]
mod tests;
mod tmsis;

pub use claims::judge_final_claims;
pub(crate) use claims::{FinalClaims, Sieve, book};
pub use preset::FinalPreset;
