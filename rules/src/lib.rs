//! The rule packs that ship inside the binary, so that a bare install finds real problems.
//!
//! The crate holds no rule and no logic: it embeds the folders beside it.

mod embedded;

pub use embedded::{default_packs, embedded_packs, national_packs};
