//! Answers in X12 to whoever sent the claims: the acknowledgement of claims (277CA), that of syntax
//! (999) and that of interchanges (TA1).
//!
//! `claim_ack` is the 277CA, `batch` holds its claims until their sums are known and `claim_answer` puts
//! each into words; `syntax_ack` is the 999 with its TA1. Which codes they give stands in the tables
//! `claim_status.csv` and `syntax_error.csv`. What is told of patients comes from `parties` alone.

mod batch;
mod claim_ack;
mod claim_answer;
mod claim_status;
mod interchange;
mod parties;
mod segments;
mod syntax_ack;
mod syntax_error;
mod table;

pub use claim_ack::ClaimAckReport;
pub use interchange::AnswerOptions;
pub use syntax_ack::SyntaxAckReport;
pub use syntax_error::acknowledges;

/// Implementation guide of the 277CA.
const GUIDE_277CA: &str = "005010X214";
/// Implementation guide of the 999.
const GUIDE_999: &str = "005010X231A1";
