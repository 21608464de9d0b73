//! What remittance advice says of findings, in every output format.
//!
//! [`LearnResult`] holds all that is told; a format only lays it out.

mod csv;
mod format;
mod json;
mod result;
mod text;
mod words;

pub use format::LearnFormat;
pub use result::{
    DenialRow, Denials, Fates, LearnProblem, LearnResult, LearnRule, LearnSample, RemitFileSummary,
};

#[cfg(test)]
mod sample;
