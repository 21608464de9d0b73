//! Declared to checked: every text becomes a typed value, or an error with its place.

mod context;
mod pack;
mod rule;

pub(crate) use context::{Cx, damaged_code, is_scientific};
pub use pack::{Pack, PackTest, load};
pub(crate) use rule::{
    Base, COMMON_SLOTS, PackScope, Says, common_value, disposition_of, evidence, trace,
};
