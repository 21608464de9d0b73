//! What a run has to say, in every output format.
//!
//! A [`Report`] is told of each judged claim, each input error and the end of the run, and writes to
//! any [`std::io::Write`]. It knows no rules (a finding carries its own words), no terminal, no colour
//! detection and no file names but those it is told.

mod amount;
mod at_risk;
mod diff;
mod element;
mod escape;
mod finding_id;
mod input_name;
mod json;
mod ndjson;
mod record;
mod remedy;
mod report;
mod styles;
mod summary;
mod text;

pub use amount::Cents;
pub use diff::{
    DiffBy, DiffCounts, DiffFormat, DiffGroup, DiffResult, DiffRule, DiffRuleChange, DiffSample,
    DiffSide, DiffTable, FailedThreshold, LineSum,
};
pub use escape::escape;
pub use input_name::input_name;
pub use json::JsonReport;
pub use ndjson::NdjsonReport;
pub use report::{JudgedClaim, Report};
pub use styles::Styles;
pub use summary::{
    FileSummary, NotRunSummary, RegistrySummary, RuleCounts, SeverityCounts, Summary,
};
pub use text::TextReport;

#[cfg(test)]
mod sample;
