//! Tables of service lines in columnar files: Parquet and Arrow.
//!
//! [`open`] tells such a file by its first bytes and gives the same reader as for every other format: the cells of
//! a row become the text that a CSV file would hold, and `cleanbill-intake` makes claims of them. Memory is that of
//! a batch of rows and of the pages they lie in, which are measured before they are unpacked. Invariant: *no value
//! is rounded, guessed or left out: what cannot be given exactly costs its claim, what is damaged costs the rest of
//! the table.*

mod arrow;
mod cells;
mod guard;
mod open;
mod parquet;
mod problem;
mod share;

pub use guard::is_guarded;
pub use open::{Seen, open};
