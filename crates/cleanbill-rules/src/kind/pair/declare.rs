//! `mutually_exclusive` as its author writes it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::report;
use crate::declare::{CodeList, PeriodDecl};
use crate::kind::earlier::SEARCH_PAIRS;
use crate::kind::words::{FixedWordsDecl, WordsDecl};
use crate::same::Takes;
use crate::schema::words;

/// Pairs from a table, or listed, or every code of one list with every code of another.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PairDecl {
    /// Table with the columns `column_one`, `column_two`, `indicator` and, if wanted, `rationale`.
    #[serde(default)]
    pub(crate) table: Option<String>,
    /// Listed pairs, instead of a table.
    #[serde(default)]
    pub(crate) pairs: Vec<OnePairDecl>,
    /// Codes that are column two (denied) of every code of `with`; indicator 1, no dates.
    #[serde(default)]
    pub(crate) codes: Option<CodeList>,
    /// Codes that are column one (payable) of every code of `codes`.
    #[serde(default)]
    pub(crate) with: Option<CodeList>,
    /// Which line the finding falls on, of a rule with `codes` and `with`: `codes`, `with`, or `both` for
    /// one on each; left out, `codes`. Of two claims it is always the line of the claim in hand.
    #[serde(default)]
    #[schemars(extend("enum" = report::WORDS.map(|(name, _)| name)))]
    pub(crate) report_on: Option<String>,
    /// What the two lines must share: `patient` and `service_date` always, and what else is named.
    #[schemars(extend("items" = words::one_of(words::same(Takes::PAIR))))]
    pub(crate) same: Vec<String>,
    /// Where the partner line may stand: `this_claim` always; `history` also on earlier professional
    /// claims, for a professional claim; `institutional_history` the same for institutional claims.
    /// Left out, `[this_claim]`.
    #[serde(default)]
    #[schemars(extend("items" = words::one_of(SEARCH_PAIRS.to_vec())))]
    pub(crate) search: Vec<String>,
    /// What happens to a line that is column one of a line paid on an earlier claim; the rule's
    /// disposition with words of cleanbill's own when left out.
    #[serde(default)]
    pub(crate) history_column_two: Option<WordsDecl>,
    /// Which modifiers lift a pair of indicator 1; without it none does.
    #[serde(default)]
    pub(crate) bypass: Option<BypassDecl>,
    /// What happens to a lifted pair when `same` names `extremity`, by what the claim shows of it.
    #[serde(default)]
    pub(crate) bypassed: Option<BypassedDecl>,
    /// Words for a pair of indicator 0, where no modifier helps; the rule's own when left out.
    #[serde(default)]
    pub(crate) indicator_0: Option<FixedWordsDecl>,
}

/// One listed pair.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnePairDecl {
    /// The code that is payable.
    pub(crate) column_one: String,
    /// The code that is denied.
    pub(crate) column_two: String,
    /// Modifier indicator: `"0"` no modifier lifts the pair, `"1"` a bypass modifier does, `"9"` never in force.
    #[schemars(extend("enum" = ["0", "1", "9"]))]
    pub(crate) indicator: String,
    /// Dates of service for which the pair holds.
    #[serde(default)]
    pub(crate) effective: Option<PeriodDecl>,
}

/// Which modifiers lift a pair of indicator 1, and on which line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BypassDecl {
    /// All modifiers that lift, on either line.
    pub(crate) modifiers: CodeList,
    /// Bypass modifiers that counted on column two alone before `either_line_from`.
    #[serde(default)]
    pub(crate) once_column_two_only: Option<CodeList>,
    /// The date of service from which `once_column_two_only` counts on either line, written `YYYY-MM-DD`.
    #[serde(default)]
    pub(crate) either_line_from: Option<String>,
    /// Bypass modifiers that only state a side and prove nothing about arm or leg.
    #[serde(default)]
    pub(crate) side_only: Option<CodeList>,
    /// Codes on which the `side_only` modifiers contradict the code and lift nothing.
    #[serde(default)]
    pub(crate) side_void_on: Option<CodeList>,
}

/// What happens to a pair that a modifier lifts, when `same` names `extremity`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BypassedDecl {
    /// The claim shows that it was the same extremity after all.
    pub(crate) same_extremity: WordsDecl,
    /// The claim does not show which extremity.
    pub(crate) unknown_extremity: WordsDecl,
    /// Only a side was stated.
    pub(crate) side_only: WordsDecl,
}
