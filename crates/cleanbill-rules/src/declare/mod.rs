//! What a pack says, before it is checked: one declared type for each block of YAML.
//!
//! Declarations hold texts. Codes, dates and names become checked values in [`crate::check`]; nothing
//! here is trusted yet. No `flatten`, `untagged` or tagged enum: those lose positions and bare codes.

mod codes;
mod layer;
mod pack;
mod rule;
mod test;

pub(crate) use codes::CodeList;
pub(crate) use layer::{
    OverrideDecl, ParamDecl, SEARCH, SetDecl, SetOverrideDecl, WaiverDecl, WaiversDecl,
};
pub(crate) use pack::{
    AppliesDecl, FactsDecl, PackDecl, PeriodDecl, RequiredPluginDecl, RuleFileDecl, TableDecl,
    WaiverFileDecl,
};
pub(crate) use rule::{AllowDecl, RemitDecl, RuleDecl, SourceDecl};
pub(crate) use test::{ClaimDecl, CountDecl, HistoryDecl, TestDecl};
