//! `mutually_exclusive` checked.

use std::sync::Arc;

use cleanbill_engine::Edit;
use cleanbill_model::{Modifier, Period};

use super::bypass::Bypass;
use super::declare::{BypassDecl, BypassedDecl, PairDecl};
use super::evaluate::{Bypassed, PairEdit};
use super::report::ReportOn;
use super::rows::PairRows;
use super::table::{Indicator, PairTable, Window};
use super::{KIND, SLOTS, history};
use crate::check::{Base, COMMON_SLOTS, Cx, PackScope};
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::kind::earlier::{SEARCH_PAIRS, Search};
use crate::kind::words::{Words, WordsDecl};
use crate::same::{Same, Takes};
use crate::yaml::Node;

/// The runnable edit of a `mutually_exclusive` rule.
pub(crate) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.mutually_exclusive.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let pairs = pairs(cx, at, decl);
    let same = Same::check(cx, at.get("same"), &decl.same, &Takes::PAIR);
    let extremity = match (same.extremity, cx.extremity) {
        (true, Some(facts)) => Some(Some(Arc::clone(facts))),
        (true, None) if cx.facts_are_spoiled() => None,
        (true, None) => {
            cx.error(
                Code::MissingKey,
                &at.get("same").span,
                "`extremity` is not defined in this pack".to_owned(),
                "add `facts.extremity` to pack.yaml".to_owned(),
            );
            None
        }
        (false, _) => Some(None),
    };
    if same.extremity && decl.bypass.is_some() != decl.bypassed.is_some() {
        cx.error(
            Code::MissingKey,
            &at.span,
            "a rule about the same extremity that modifiers can lift must say what happens then"
                .to_owned(),
            "give both `bypass` and `bypassed`".to_owned(),
        );
    }
    let bypass = decl.bypass.as_ref().map(|decl| bypass(cx, at.get("bypass"), decl));
    let bypassed = decl.bypassed.as_ref().map(|decl| bypassed(cx, at.get("bypassed"), decl));
    let search = Search::check(cx, at, &decl.search, &SEARCH_PAIRS);
    let report_on = ReportOn::check(cx, at, decl);
    let history_column_two = match &decl.history_column_two {
        Some(decl) => words(cx, at.get("history_column_two"), decl)?,
        None => history::own_words(base.as_ref()?.info().disposition, report_on),
    };
    if decl.history_column_two.is_some() {
        search.must_look_back(cx, at, "history_column_two");
    }
    let not_allowed = match &decl.indicator_0 {
        Some(decl) => {
            let at = at.get("indicator_0");
            let [message, fix] = [("message", &decl.message), ("fix", &decl.fix)]
                .map(|(key, text)| cx.template(at.get(key), text, &all_slots()));
            let disposition = base.as_ref()?.info().disposition;
            Some(Words { disposition, message: message?, fix: fix? })
        }
        None => None,
    };
    Some(Box::new(PairEdit {
        not_allowed,
        base: base?,
        pairs: pairs?,
        same,
        search,
        report_on,
        history_column_two,
        extremity: extremity?,
        bypass: bypass.unwrap_or_default(),
        bypassed: match bypassed {
            Some(words) => Some(words?),
            None => None,
        },
    }))
}

fn pairs(cx: &Cx<'_>, at: &Node, decl: &PairDecl) -> Option<PairTable> {
    let mut pairs = PairTable::default();
    match (&decl.table, decl.pairs.as_slice(), &decl.codes, &decl.with) {
        (Some(name), [], None, None) => {
            pairs = PairTable::of_rows(PairRows::check(cx, at.get("table"), name)?);
        }
        (None, [_, ..], None, None) => listed(cx, at.get("pairs"), decl, &mut pairs),
        (None, [], Some(codes), Some(with)) => {
            let two = cx.codes(at.get("codes"), codes);
            let one = cx.codes(at.get("with"), with);
            pairs.add_all(one, two, Window::listed(Period::ALWAYS, Indicator::Allowed));
        }
        _ => {
            cx.error(
                Code::KindCount,
                &at.span,
                "the pairs must come from exactly one place".to_owned(),
                "give `table`, or `pairs`, or both `codes` and `with`".to_owned(),
            );
            return None;
        }
    }
    (!pairs.is_empty()).then_some(pairs)
}

fn listed(cx: &Cx<'_>, at: &Node, decl: &PairDecl, pairs: &mut PairTable) {
    for (index, pair) in decl.pairs.iter().enumerate() {
        let at = at.item(index);
        let one = cx.code(at.get("column_one"), &pair.column_one);
        let two = cx.code(at.get("column_two"), &pair.column_two);
        let known = ["0", "1", "9"].map(|text| (text, text));
        let word =
            cx.word(&at.get("indicator").span, &pair.indicator, "a modifier indicator", &known);
        let indicator = word.and_then(|text| Indicator::parse(text.as_bytes()).ok());
        let period = cx.period(at.get("effective"), pair.effective.as_ref());
        if let (Some(one), Some(two), Some(indicator)) = (one, two, indicator) {
            pairs.add(one, two, Window::listed(period, indicator));
        }
    }
}

fn bypass(cx: &Cx<'_>, at: &Node, decl: &BypassDecl) -> Bypass {
    let list = |key: &str, list: Option<&CodeList>| -> Vec<Modifier> {
        list.map(|list| cx.modifiers(at.get(key), list)).unwrap_or_default()
    };
    Bypass {
        modifiers: list("modifiers", Some(&decl.modifiers)),
        once_column_two_only: list("once_column_two_only", decl.once_column_two_only.as_ref()),
        either_line_from: decl
            .either_line_from
            .as_ref()
            .and_then(|text| cx.date(at.get("either_line_from"), text)),
        side_only: list("side_only", decl.side_only.as_ref()),
        side_void_on: decl
            .side_void_on
            .as_ref()
            .map(|codes| cx.codes(at.get("side_void_on"), codes))
            .unwrap_or_default(),
    }
}

fn bypassed(cx: &Cx<'_>, at: &Node, decl: &BypassedDecl) -> Option<Bypassed> {
    let words = |key: &str, decl: &WordsDecl| words(cx, at.get(key), decl);
    let same_extremity = words("same_extremity", &decl.same_extremity);
    let unknown_extremity = words("unknown_extremity", &decl.unknown_extremity);
    let side_only = words("side_only", &decl.side_only);
    Some(Bypassed {
        same_extremity: same_extremity?,
        unknown_extremity: unknown_extremity?,
        side_only: side_only?,
    })
}

fn words(cx: &Cx<'_>, at: &Node, decl: &WordsDecl) -> Option<Words> {
    Words::check(cx, at, decl, &SLOTS)
}

fn all_slots() -> Vec<&'static str> {
    COMMON_SLOTS.iter().chain(&SLOTS).copied().collect()
}
