//! `mutually_exclusive`: two procedures that are not both payable, which of the two is denied, and
//! what lifts the edit.
//!
//! The model is CMS's procedure-to-procedure edit: column one is payable, column two is denied, and a
//! modifier indicator says whether an NCCI-associated modifier lifts the pair (0 never, 1 yes, 9 the
//! row was never in force).

mod bypass;
mod check;
mod conflict;
mod days;
mod declare;
mod evaluate;
mod history;
mod report;
mod rows;
mod table;

pub(super) use check::check;
pub(crate) use declare::PairDecl;

/// Name of the kind.
pub(super) const KIND: &str = "mutually_exclusive";

/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 10] = [
    "applies_to",
    "pair",
    "column_two",
    "service_date",
    "effective",
    "indicator",
    "rendering_provider",
    "extremity",
    "bypass",
    "history",
];

/// Placeholders of its messages beside the common ones.
const SLOTS: [&str; 9] = [
    "other.code",
    "other.line",
    "other.modifiers",
    "extremity",
    "other.extremity",
    "indicator",
    "rationale",
    "day",
    "bypass",
];
