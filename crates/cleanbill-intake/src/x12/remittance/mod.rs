//! X12 835, remittance advice, version 5010 (005010X221, with its addendum).
//!
//! `machine` decides what each segment does, `payment` reads what stands around the claims, `claim` a claim
//! and `line` its service lines, `adjustment` their CAS segments. Names and addresses are never read.
//!
//! What costs a claim: an amount, an adjustment, a status or a procedure that cannot be read. What is only
//! told: sums that do not balance, dates and remark codes that cannot be read, the payment around it.

pub(super) mod adjustment;
mod claim;
pub(super) mod line;
mod machine;
mod payment;

pub(crate) use machine::RemittanceMachine;

use super::reader::SegmentReader;

/// Reads 835 files.
pub(crate) type X12RemittanceReader<R> = SegmentReader<R, RemittanceMachine>;
