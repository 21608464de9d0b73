//! X12 of version 5010: the 835 in `remittance`, and the 837: professional (005010X222), institutional (X223) and dental claims (X224), each
//! with its addenda.
//!
//! `reader` finds interchanges and segments in the buffer, `machine` decides what each segment does:
//! `envelope` keeps what is open around the claims, `header` the loops above them (2000A to 2000C),
//! `claim` and `line` the claim itself (2300 to 2440), with a module for each segment that says much.
//!
//! `piece` cuts claims off that another reader, on another thread, reads as this one would have.
//!
//! `answering` reads what answers to the sender need and `loops` names the loop of a segment, where they
//! are asked for.
//!
//! What costs a claim: anything that an edit would read and that cannot be read, in the claim or in the
//! loops above it; a segment that its kind of claims does not have; a segment with more elements than its layout.
//! What is only told: wrong counts and control numbers of the envelope, line numbers, totals, check
//! digits, required segments that no edit reads, and facts that edits can do without (taxonomy, birth
//! date, sex, filing indicator, codes of a facility), which are left out.

mod answering;
mod claim;
mod date;
mod drug;
mod envelope;
mod frame;
mod guide;
mod header;
mod health;
mod id;
mod layout;
mod line;
mod loops;
mod machine;
mod opening;
mod other_payer;
mod piece;
mod place;
mod reader;
mod remittance;
mod required;
mod segment;
mod separators;
mod service;
mod steps;
mod tape;
mod value;
mod wrap;

pub use piece::{Piece, PieceReader};
pub(crate) use reader::X12Reader;
pub(crate) use remittance::{RemittanceMachine, X12RemittanceReader};
