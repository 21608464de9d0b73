//! What a run has to say, in every output format.
//!
//! A [`Report`] is told of each judged claim, each input error and the end of the run, and writes to
//! any [`std::io::Write`]. It knows no rules (a finding carries its own words), no terminal, no colour
//! detection and no file names but those it is told.

mod acknowledge;
mod amount;
mod at_risk;
mod dearest;
mod diff;
mod dollars;
mod element;
mod escape;
mod fhir;
mod finding_id;
mod github;
mod html;
mod input_name;
mod json;
mod junit;
mod learn;
mod line_text;
mod markup;
mod named_row;
mod ndjson;
mod partner;
mod record;
mod remedy;
mod remit;
mod report;
mod sarif;
mod source;
mod styles;
mod summary;
mod summary_json;
mod table;
mod text;
mod version_note;
mod version_text;
mod worklist;

pub use acknowledge::{AnswerOptions, ClaimAckReport, SyntaxAckReport, acknowledges};
pub use amount::Cents;
pub use at_risk::charge_at_risk;
pub use diff::{
    DiffBy, DiffCounts, DiffFormat, DiffGroup, DiffResult, DiffRule, DiffRuleChange, DiffSample,
    DiffSide, DiffTable, FailedThreshold, LineSum,
};
pub use escape::escape;
pub use fhir::FhirReport;
pub use github::GithubReport;
pub use html::{HtmlReport, Values};
pub use input_name::input_name;
pub use json::JsonReport;
pub use junit::JunitReport;
pub use learn::{
    DenialRow, Denials, Fates, LearnFormat, LearnProblem, LearnResult, LearnRule, LearnSample,
    RemitFileSummary,
};
pub use ndjson::NdjsonReport;
pub use record::write_record;
pub use remit::{RemitCsvReport, RemitJsonReport};
pub use report::{JudgedClaim, Report};
pub use sarif::SarifReport;
pub use styles::Styles;
pub use summary::{
    FileSummary, FinalSummary, NotRunSummary, RegistrySummary, RepeatedInterchanges, RuleCounts,
    SeverityCounts, Summary,
};
pub use summary_json::SummaryReport;
pub use text::TextReport;
pub use version_note::{OtherVersion, VersionNote};
pub use version_text::VersionTextReport;
pub use worklist::{CsvReport, XlsxReport};

#[cfg(test)]
mod sample;
