//! `mutually_exclusive` as its author writes it.

use serde::Deserialize;

use crate::declare::{CodeList, PeriodDecl};

/// Pairs from a table, or listed, or every code of one list with every code of another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PairDecl {
    /// Table with the columns `column_one`, `column_two`, `indicator` and, if wanted, `rationale`.
    #[serde(default)]
    pub(crate) table: Option<String>,
    #[serde(default)]
    pub(crate) pairs: Vec<OnePairDecl>,
    /// Column two of every pair with a code of `with`.
    #[serde(default)]
    pub(crate) codes: Option<CodeList>,
    /// Column one.
    #[serde(default)]
    pub(crate) with: Option<CodeList>,
    pub(crate) same: Vec<String>,
    #[serde(default)]
    pub(crate) bypass: Option<BypassDecl>,
    #[serde(default)]
    pub(crate) bypassed: Option<BypassedDecl>,
    /// Words for a pair of indicator 0, where no modifier helps; the rule's own when left out.
    #[serde(default)]
    pub(crate) indicator_0: Option<FixedWordsDecl>,
}

/// One listed pair.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnePairDecl {
    pub(crate) column_one: String,
    pub(crate) column_two: String,
    pub(crate) indicator: String,
    #[serde(default)]
    pub(crate) effective: Option<PeriodDecl>,
}

/// Which modifiers lift a pair of indicator 1, and on which line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BypassDecl {
    /// All that lift, on either line.
    pub(crate) modifiers: CodeList,
    /// Those of them that counted on column two alone before `either_line_from`.
    #[serde(default)]
    pub(crate) once_column_two_only: Option<CodeList>,
    #[serde(default)]
    pub(crate) either_line_from: Option<String>,
    /// Those that only state a side and prove nothing about arm or leg.
    #[serde(default)]
    pub(crate) side_only: Option<CodeList>,
    /// Codes on which the side modifiers contradict the code and lift nothing.
    #[serde(default)]
    pub(crate) side_void_on: Option<CodeList>,
}

/// What happens to a pair that a modifier lifts, when `same` names `extremity`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BypassedDecl {
    /// The claim shows that it was the same extremity after all.
    pub(crate) same_extremity: WordsDecl,
    /// The claim does not show which extremity.
    pub(crate) unknown_extremity: WordsDecl,
    /// Only a side was stated.
    pub(crate) side_only: WordsDecl,
}

/// Words without a disposition of their own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FixedWordsDecl {
    pub(crate) message: String,
    pub(crate) fix: String,
}

/// Disposition and words of one way to end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsDecl {
    pub(crate) disposition: String,
    pub(crate) message: String,
    pub(crate) fix: String,
}
