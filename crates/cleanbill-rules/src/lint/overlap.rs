//! Two rules over the same codes: one contained in the other, or with different dispositions.

use cleanbill_engine::{CodeRange, Trigger};
use cleanbill_model::Period;

use super::{Lint, Warning};
use crate::check::{Pack, RuleOutline};
use crate::code_set::CodeSet;

/// Codes shown of a long list.
const SHOWN: usize = 5;

struct Rule<'a> {
    outline: &'a RuleOutline,
    pack: &'a Pack,
    codes: CodeSet,
}

pub(super) fn check(packs: &[Pack], found: &mut Vec<Warning>) {
    let rules: Vec<Rule<'_>> = packs.iter().flat_map(of_pack).collect();
    for (index, rule) in rules.iter().enumerate() {
        for other in rules.iter().skip(index + 1) {
            // Of two that contain each other the later one is superfluous.
            if rule.contains(other) {
                found.push(contained(other, rule));
            } else if other.contains(rule) {
                found.push(contained(rule, other));
            } else {
                found.extend(dispositions(rule, other));
            }
        }
    }
}

fn of_pack(pack: &Pack) -> impl Iterator<Item = Rule<'_>> {
    pack.outline.rules.iter().map(move |outline| {
        let mut edits = pack.edits.iter();
        let edit = edits.find(|edit| edit.infos().iter().any(|info| info.id == outline.id));
        let codes = match edit.map(|edit| edit.trigger()) {
            Some(Trigger::Codes(codes)) => {
                CodeSet::new(codes.iter().copied().map(CodeRange::single).collect())
            }
            Some(Trigger::Ranges(ranges)) => CodeSet::new(ranges.to_vec()),
            Some(Trigger::EveryClaim) | None => CodeSet::default(),
        };
        Rule { outline, pack, codes }
    })
}

impl Rule<'_> {
    /// Whether every line that `other` can fire on is one that this rule fires on: the same clauses, at
    /// least its codes and its days.
    fn contains(&self, other: &Rule<'_>) -> bool {
        let (own, others) = (self.outline, other.outline);
        let covers = |key: &String| match (own.lists.get(key), others.lists.get(key)) {
            (Some(wide), Some(narrow)) if ["codes", "with"].contains(&key.as_str()) => {
                match (CodeSet::of_texts(wide), CodeSet::of_texts(narrow)) {
                    (Some(wide), Some(narrow)) => wide.covers(&narrow),
                    _ => false,
                }
            }
            _ => own.shape.get(key) == others.shape.get(key),
        };
        // The name of a table says the same in one pack only.
        let one_pack = self.pack.name == other.pack.name || own.table.is_none();
        one_pack
            && own.info.kind == others.info.kind
            && own.applies == others.applies
            && own.shape.keys().chain(others.shape.keys()).all(covers)
            && spans(own.info.effective, others.info.effective)
    }
}

/// Whether `wide` holds on every day of `narrow`.
fn spans(wide: Period, narrow: Period) -> bool {
    wide.from.is_none_or(|from| narrow.from.is_some_and(|own| from <= own))
        && wide.through.is_none_or(|last| narrow.through.is_some_and(|own| own <= last))
}

fn contained(inner: &Rule<'_>, outer: &Rule<'_>) -> Warning {
    let (inner, outer) = (inner.outline, outer.outline);
    Warning {
        lint: Lint::Contained,
        rule: Some(inner.id.clone()),
        place: inner.place.clone(),
        message: format!(
            "`{}` is contained in `{}` ({}): same kind, same clauses, no code of its own",
            inner.id, outer.id, outer.place
        ),
        others: vec![outer.place.clone()],
        help: "remove one of them".to_owned(),
    }
}

fn dispositions(rule: &Rule<'_>, other: &Rule<'_>) -> Option<Warning> {
    let (a, b) = (&rule.outline.info, &other.outline.info);
    let common = rule.codes.intersection(&other.codes);
    let both = a.effective.narrowed(b.effective);
    let never = both.from.zip(both.through).is_some_and(|(from, through)| through < from);
    if a.disposition == b.disposition || common.is_empty() || never {
        return None;
    }
    let codes = common.iter().take(SHOWN).map(CodeRange::to_string).collect::<Vec<_>>().join(", ");
    let more = match common.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(Warning {
        lint: Lint::OtherDisposition,
        rule: Some(b.id.clone()),
        place: other.outline.place.clone(),
        message: format!(
            "`{}` ({}) and `{}` ({}, {}) can both act on {codes}{more}",
            b.id,
            b.disposition.as_str(),
            a.id,
            a.disposition.as_str(),
            rule.outline.place
        ),
        others: vec![rule.outline.place.clone()],
        help: "where both fire on one line both are shown; if that is meant, keep it with `allow`"
            .to_owned(),
    })
}
