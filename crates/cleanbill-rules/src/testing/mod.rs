//! Tests inside a rule: checked when the pack loads, run on demand, each in both orders of its lines.

mod body;
mod coverage;
mod mismatch;
mod path;
mod run;
mod sketch;
mod surroundings;

pub(crate) use body::Body;
pub use coverage::{ClauseCoverage, Coverage, RuleCoverage, Share};
pub use mismatch::{DecidingFact, Mismatch, MismatchKind};
pub use run::{ReadClaim, TestResult, TestRun, TestStatus, Tester, run_test};
pub use surroundings::TestSurroundings;
