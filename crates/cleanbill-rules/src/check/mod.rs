//! Declared to checked: every text becomes a typed value, or an error with its place.

mod context;
mod outline;
mod pack;
mod rule;
mod sets;

pub(crate) use context::{Cx, damaged_code, is_scientific};
pub(crate) use outline::{Allow, Outline, RuleOutline};
pub(crate) use pack::{File, Files};
pub use pack::{Loading, NotRun, Pack, PackTest, files, load};
pub(crate) use rule::{
    Base, COMMON_SLOTS, PackScope, Says, common_value, disposition_of, evidence, missing, trace,
    trace_with,
};
