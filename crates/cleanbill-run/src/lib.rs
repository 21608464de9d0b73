//! One validation run: inputs through the edits into reports, with nothing lost on the way.
//!
//! [`Diff`] does the same for two editions of packs over one set of claims.
//!
//! [`Run`] is the one place that knows readers, edits and reports together. It parses no arguments and
//! prints nothing; what it writes goes to the outputs that it is handed, and a file appears under its
//! name only when the run is whole.

pub mod exit_code;

mod addition;
mod audit_log;
mod diff;
mod error;
mod fail_on;
mod feed;
mod finalize;
mod folder;
mod input;
mod interchanges;
mod judging;
mod learn;
mod output;
mod pipeline;
mod publish;
mod reading;
mod run;
mod run_claims;
mod scratch;
mod stop;
mod surroundings;
mod tally;
mod telling;
mod whole_outputs;
mod window;

pub use addition::{HistoryAdded, HistoryAddition};
pub use audit_log::{AuditChain, AuditLog, AuditLogError};
pub use diff::{Diff, DiffEdition, DiffOutput, Threshold};
pub use error::RunError;
pub use fail_on::FailOn;
pub use feed::HistoryFeed;
pub use finalize::{FinalPreset, judge_final_claims};
pub use folder::{
    Earlier, FINDINGS, FolderError, FolderRun, OptionUsed, PROVENANCE, Part, Provenance,
    QUARANTINE, Reopen, RunFolder, SUMMARY,
};
pub use input::{Input, InputReader};
pub use learn::{Checked, HistoryDenials, HistoryDenied, Learn, LearnOutput};
pub use output::{Output, Target};
pub use publish::publish_file;
pub use run::{Outcome, Progress, Run};
pub use run_claims::{Gather, RunClaims};
pub use scratch::scratch;
pub use surroundings::Surroundings;
