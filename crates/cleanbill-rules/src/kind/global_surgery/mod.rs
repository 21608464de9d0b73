//! `global_surgery`: a visit or procedure within the global period of a surgery by the same physician.
//!
//! The fee for a surgery includes visits of the day and, of a surgery of 90 days, of the day before, and
//! what the surgeon does in the 10 or 90 days behind it. 25, 57, 24, 58, 78 and 79 each take a service out
//! of it, where they apply (Medicare Claims Processing Manual, chapter 12, section 40; not verified). The
//! surgery may stand on any claim. One that comes behind visits of its period falls on its own line.

mod evaluate;
mod indicator;
mod package;

use cleanbill_engine::Edit;
use cleanbill_model::Modifier;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::{Base, Cx, PackScope};
use crate::declare::{CodeList, RuleDecl};
use crate::kind::by_line::ByLine;
use crate::kind::earlier::{HISTORY, Search};
use crate::kind::words::{Words, WordsDecl};
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::yaml::Node;

use evaluate::GlobalSurgery;
use indicator::Indicators;
use package::Lifts;

/// Name of the kind.
pub(crate) const KIND: &str = "global_surgery";
/// Clauses in the order in which they are decided.
pub(crate) const CLAUSES: [&str; 8] = [
    "applies_to",
    "codes",
    "effective",
    "surgery",
    "period",
    "rendering_provider",
    "lifted_by",
    "history",
];
const SLOTS: [&str; 8] = [
    "other.code",
    "other.line",
    "other.modifiers",
    "other.service_date",
    "global_days",
    "period",
    "when",
    "lift",
];
const MESSAGE: &str = "{code} was billed before on line {line} ({service_date}), {when} {other.code} \
    (line {other.line}): the fee for {other.code} includes it, so it should not have been paid.";
const FIX: &str =
    "Correct the earlier claim, or give {code} the modifier that says why it is apart: {lift}.";

/// A visit or procedure within the global period of a surgery.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GlobalSurgeryDecl {
    /// Table keyed by `code` with the global surgery indicators, such as the imported `mpfs`.
    table: String,
    /// Column with the indicator: 000, 010, 090, MMM, XXX, YYY or ZZZ.
    days: String,
    /// A column with the modifier that a row is for: the row of a modifier on the line goes before the one without.
    #[serde(default)]
    modifier: Option<String>,
    /// Codes of visits (evaluation and management) that a surgery includes.
    visits: CodeList,
    /// Whose services a surgery includes: `patient` always, and what else is named; `physician` is what Medicare means.
    #[schemars(extend("items" = words::one_of(words::same(Takes::WINDOW))))]
    same: Vec<String>,
    /// Modifiers that take a service out of the period, where other ones than those of Medicare do.
    #[serde(default)]
    lifted_by: LiftedByDecl,
    /// What happens to a surgery whose period has a service that was billed on an earlier claim; the rule's
    /// disposition with words of cleanbill's own when left out.
    #[serde(default)]
    history_service: Option<WordsDecl>,
    /// Whether earlier claims must be known to say that no surgery includes a service; left out, `required`.
    /// With `claim_only` they do not count.
    #[serde(default)]
    #[schemars(extend("enum" = HISTORY))]
    history: Option<String>,
}

/// Modifiers that take a service out of the global period, each where it applies.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LiftedByDecl {
    /// A visit on the day of a surgery of 0 or 10 days; left out, 25.
    #[serde(default)]
    same_day: Option<CodeList>,
    /// A visit on the day of a surgery of 90 days or on the day before; left out, 57.
    #[serde(default)]
    decision: Option<CodeList>,
    /// A visit behind a surgery; left out, 24.
    #[serde(default)]
    postoperative_visit: Option<CodeList>,
    /// A procedure behind a surgery; left out, 58, 78 and 79.
    #[serde(default)]
    postoperative_procedure: Option<CodeList>,
}

/// The runnable edit of a `global_surgery` rule.
pub(crate) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.global_surgery.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let visits = cx.codes(at.get("visits"), &decl.visits);
    let same = Same::check(cx, at.get("same"), &decl.same, &Takes::WINDOW);
    let lifts = lifts(cx, at.get("lifted_by"), &decl.lifted_by);
    let search = Search::unless_claim_only(cx, at, decl.history.as_ref())?;
    let words = match &decl.history_service {
        Some(decl) => {
            search.must_look_back(cx, at, "history_service");
            Words::check(cx, at.get("history_service"), decl, &SLOTS)
        }
        None => {
            let own = |base: &Base| Words::own(base.info().disposition, MESSAGE, FIX, &SLOTS);
            base.as_ref().map(own)
        }
    };
    let table = cx.table(at.get("table"), &decl.table)?;
    let name = table.name.clone();
    let indicators = Indicators::check(cx, at, table, &decl.days, decl.modifier.as_ref());
    Some(Box::new(ByLine(GlobalSurgery {
        base: base?,
        indicators: indicators?,
        table: name,
        visits,
        same,
        lifts,
        search,
        history_service: words?,
    })))
}

fn lifts(cx: &Cx<'_>, at: &Node, decl: &LiftedByDecl) -> Lifts {
    let read = |key: &str, list: &Option<CodeList>, otherwise: &[&str]| match list {
        Some(list) => cx.modifiers(at.get(key), list),
        None => {
            let known = otherwise.iter().map(|text| Modifier::new(text.as_bytes()));
            known.filter_map(Result::ok).collect()
        }
    };
    Lifts {
        same_day: read("same_day", &decl.same_day, &["25"]),
        decision: read("decision", &decl.decision, &["57"]),
        postoperative_visit: read("postoperative_visit", &decl.postoperative_visit, &["24"]),
        postoperative_procedure: read(
            "postoperative_procedure",
            &decl.postoperative_procedure,
            &["58", "78", "79"],
        ),
    }
}
