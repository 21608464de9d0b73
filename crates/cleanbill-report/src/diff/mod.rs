//! What two editions of packs make of the same claims, in every output format.
//!
//! [`DiffResult`] holds all that is told; a format only lays it out. [`grid`] is the table that the
//! formats for people share, [`explain`] the commands that show both sides of a sample.

mod explain;
mod format;
mod grid;
mod html;
mod json;
mod markdown;
mod result;
mod text;

pub use format::DiffFormat;
pub use result::{
    DiffBy, DiffCounts, DiffGroup, DiffResult, DiffRule, DiffRuleChange, DiffSample, DiffSide,
    DiffTable, FailedThreshold, LineSum,
};

#[cfg(test)]
mod sample;
