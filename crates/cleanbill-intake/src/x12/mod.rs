//! X12 837P, version 5010 (implementation guides 005010X222, X222A1 and X222A2).
//!
//! `reader` finds interchanges and segments in the buffer, `machine` decides what each segment does:
//! `envelope` keeps what is open around the claims, `header` the loops above them (2000A to 2000C),
//! `claim` and `line` the claim itself (2300 to 2440).
//!
//! What costs a claim: anything that an edit would read and that cannot be read, in the claim or in the
//! loops above it; a segment that the 837P does not have; a segment with more elements than its layout.
//! What is only told: wrong counts and control numbers of the envelope, line numbers, and facts that
//! edits can do without (taxonomy, birth date, sex, filing indicator), which are left out.

mod claim;
mod drug;
mod envelope;
mod guide;
mod header;
mod layout;
mod line;
mod machine;
mod reader;
mod segment;
mod separators;
mod tape;
mod value;

pub(crate) use reader::X12Reader;
