//! The kinds of rules. One file holds one kind: what its author declares, how that is checked, and how
//! it judges a claim.

mod by_line;
mod code_validity;
mod modifier_validity;
mod pair;
mod place_of_service;
mod require;
mod requires_primary;
mod unit_limit;

use cleanbill_engine::Edit;

use crate::check::{Cx, PackScope};
use crate::declare::RuleDecl;
use crate::diagnostic::Code;
use crate::yaml::Node;

pub(crate) use code_validity::CodeValidityDecl;
pub(crate) use modifier_validity::ModifierValidityDecl;
pub(crate) use pair::PairDecl;
pub(crate) use place_of_service::PlaceOfServiceDecl;
pub(crate) use require::RequireDecl;
pub(crate) use requires_primary::RequiresPrimaryDecl;
pub(crate) use unit_limit::UnitLimitDecl;

/// The checked edit of `rule`, whose kind is the one kind key that it has.
pub(crate) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let declared = declared(rule);
    let [kind] = declared.as_slice() else {
        let message = match declared.as_slice() {
            [] => format!("rule `{}` has no kind", rule.id),
            _ => format!("rule `{}` has more than one kind: `{}`", rule.id, declared.join("`, `")),
        };
        let known = KINDS.map(|(name, _)| name).join("`, `");
        cx.error(Code::KindCount, &at.span, message, format!("give it exactly one of `{known}`"));
        return None;
    };
    match *kind {
        pair::KIND => pair::check(cx, at, rule, scope),
        unit_limit::KIND => unit_limit::check(cx, at, rule, scope),
        modifier_validity::KIND => modifier_validity::check(cx, at, rule, scope),
        place_of_service::KIND => place_of_service::check(cx, at, rule, scope),
        code_validity::KIND => code_validity::check(cx, at, rule, scope),
        requires_primary::KIND => requires_primary::check(cx, at, rule, scope),
        _ => require::check(cx, at, rule, scope),
    }
}

/// The clauses that a rule of this kind decides, as tests and explanations name them.
pub(crate) fn clauses(rule: &RuleDecl) -> &'static [&'static str] {
    let kind = declared(rule);
    KINDS.iter().find(|(name, _)| kind.first() == Some(name)).map_or(&[], |(_, clauses)| clauses)
}

/// The kind keys of a rule.
pub(crate) fn names() -> Vec<&'static str> {
    KINDS.iter().map(|(name, _)| *name).collect()
}

/// The clauses of all kinds, sorted.
pub(crate) fn every_clause() -> Vec<&'static str> {
    let mut clauses: Vec<_> =
        KINDS.iter().flat_map(|(_, clauses)| clauses.iter().copied()).collect();
    clauses.sort_unstable();
    clauses.dedup();
    clauses
}

const KINDS: [(&str, &[&str]); 7] = [
    (pair::KIND, &pair::CLAUSES),
    (unit_limit::KIND, &unit_limit::CLAUSES),
    (modifier_validity::KIND, &modifier_validity::CLAUSES),
    (place_of_service::KIND, &place_of_service::CLAUSES),
    (code_validity::KIND, &code_validity::CLAUSES),
    (requires_primary::KIND, &requires_primary::CLAUSES),
    (require::KIND, &require::CLAUSES),
];

fn declared(rule: &RuleDecl) -> Vec<&'static str> {
    [
        rule.mutually_exclusive.as_ref().map(|_| pair::KIND),
        rule.unit_limit.as_ref().map(|_| unit_limit::KIND),
        rule.modifier_validity.as_ref().map(|_| modifier_validity::KIND),
        rule.place_of_service.as_ref().map(|_| place_of_service::KIND),
        rule.code_validity.as_ref().map(|_| code_validity::KIND),
        rule.requires_primary.as_ref().map(|_| requires_primary::KIND),
        rule.require.as_ref().map(|_| require::KIND),
    ]
    .into_iter()
    .flatten()
    .collect()
}
