//! Declared to checked: every text becomes a typed value, or an error with its place.

mod context;
mod pack;
mod rule;

pub(crate) use context::{Cx, ValueSet};
pub use pack::{Pack, PackTest, files, load};
pub(crate) use rule::{
    Base, COMMON_SLOTS, PackScope, Says, common_value, disposition_of, evidence, trace,
};
