//! Bytes to claims and input errors, every byte accounted for.
//!
//! A [`ClaimReader`] streams one input: it gives every claim that can be read and one error for every
//! claim that cannot, never all or nothing. Memory stays flat whatever the size of the input. The
//! crate knows no edit: it says what a claim is, not whether it is right.

pub mod codes;
mod format;
mod json;
mod ledger;
mod problem;
mod reader;
mod source;
mod total;
mod unrecognised;
mod x12;

pub use format::FormatChoice;
pub use reader::{ClaimReader, Event};
