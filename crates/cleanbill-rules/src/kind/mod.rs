//! The kinds of rules. One file holds one kind: what its author declares, how that is checked, and how
//! it judges a claim.

mod by_line;
mod chosen;
mod code_validity;
mod condition;
mod demographic;
mod diagnosis_coverage;
mod duplicate_line;
mod earlier;
mod fact;
mod frequency_limit;
mod global_surgery;
mod modifier_validity;
mod new_patient_visit;
mod pair;
mod place_of_service;
mod plugin_check;
mod provider;
mod require;
mod requires_primary;
mod service_date;
mod unit_limit;
mod window;
mod words;

use cleanbill_engine::Edit;

use crate::check::{Cx, PackScope};
use crate::declare::RuleDecl;
use crate::diagnostic::Code;
use crate::yaml::{Node, Shape};

pub(crate) use code_validity::{CodeValidityDecl, KIND as CODE_VALIDITY, OF_DIAGNOSIS};
pub(crate) use demographic::DemographicDecl;
pub(crate) use diagnosis_coverage::{DiagnosisCoverageDecl, KIND as DIAGNOSIS_COVERAGE};
pub(crate) use duplicate_line::DuplicateLineDecl;
pub(crate) use frequency_limit::FrequencyLimitDecl;
pub(crate) use global_surgery::{GlobalSurgeryDecl, KIND as GLOBAL_SURGERY};
pub(crate) use modifier_validity::ModifierValidityDecl;
pub(crate) use new_patient_visit::NewPatientVisitDecl;
pub(crate) use pair::PairDecl;
pub(crate) use place_of_service::PlaceOfServiceDecl;
pub(crate) use plugin_check::{
    PluginCheckDecl, plugin as loaded_plugin, unknown_check, words as plugin_words,
};
pub(crate) use require::RequireDecl;
pub(crate) use requires_primary::RequiresPrimaryDecl;
pub(crate) use service_date::ServiceDateDecl;
pub(crate) use unit_limit::UnitLimitDecl;

/// Kinds that look at earlier claims unless they are `claim_only`.
pub(crate) const LOOKS_BACK: [&str; 3] =
    [frequency_limit::KIND, new_patient_visit::KIND, global_surgery::KIND];

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
    let worded = *kind == plugin_check::KIND || has_words(cx, at, rule);
    if !complete(cx, at.get(kind)) || !worded {
        return None;
    }
    match *kind {
        pair::KIND => pair::check(cx, at, rule, scope),
        unit_limit::KIND => unit_limit::check(cx, at, rule, scope),
        modifier_validity::KIND => modifier_validity::check(cx, at, rule, scope),
        place_of_service::KIND => place_of_service::check(cx, at, rule, scope),
        code_validity::KIND => code_validity::check(cx, at, rule, scope),
        requires_primary::KIND => requires_primary::check(cx, at, rule, scope),
        diagnosis_coverage::KIND => diagnosis_coverage::check(cx, at, rule, scope),
        duplicate_line::KIND => duplicate_line::check(cx, at, rule, scope),
        frequency_limit::KIND => frequency_limit::check(cx, at, rule, scope),
        new_patient_visit::KIND => new_patient_visit::check(cx, at, rule, scope),
        global_surgery::KIND => global_surgery::check(cx, at, rule, scope),
        plugin_check::KIND => plugin_check::check(cx, at, rule, scope),
        demographic::KIND => demographic::check(cx, at, rule, scope),
        service_date::KIND => service_date::check(cx, at, rule, scope),
        _ => require::check(cx, at, rule, scope),
    }
}

/// Whether the rule says what is wrong and what to do, as every kind must whose judgement is in the pack.
fn has_words(cx: &Cx<'_>, at: &Node, rule: &RuleDecl) -> bool {
    let missing = [("message", &rule.message), ("fix", &rule.fix)]
        .into_iter()
        .filter(|(_, words)| words.is_none())
        .map(|(key, _)| {
            let (message, help) =
                (format!("the key `{key}` is missing"), format!("add `{key}:` with a text"));
            cx.error(Code::MissingKey, &at.span, message, help);
        });
    missing.count() == 0
}

/// Whether every key below `at` has a value. A key that its author left empty would otherwise count as
/// left out, and `codes:` without codes as every code.
fn complete(cx: &Cx<'_>, at: &Node) -> bool {
    let Shape::Map(entries) = &at.shape else { return true };
    let mut all = true;
    for entry in entries {
        let empty = matches!(&entry.value.shape,
            Shape::Scalar { text, plain: true }
                if text.is_empty() || text == "~" || text.eq_ignore_ascii_case("null"));
        let complete_below = !empty && complete(cx, &entry.value);
        if empty {
            cx.error(
                Code::WrongType,
                &entry.key_span,
                format!("`{}` has no value", entry.key),
                "give it a value, or remove the key".to_owned(),
            );
        }
        all &= complete_below;
    }
    all
}

/// The clauses that a rule of this kind decides, as tests and explanations name them.
pub(crate) fn clauses(rule: &RuleDecl) -> &'static [&'static str] {
    let kind = declared(rule);
    KINDS.iter().find(|(name, _)| kind.first() == Some(name)).map_or(&[], |(_, clauses)| clauses)
}

/// Kinds whose block has the key `search`.
pub(crate) const SEARCHING: [&str; 4] =
    [pair::KIND, unit_limit::KIND, requires_primary::KIND, duplicate_line::KIND];

/// The words that `search` takes in one kind or another.
pub(crate) fn places_to_search() -> Vec<&'static str> {
    earlier::SEARCH_PAIRS.to_vec()
}

/// The names of all kinds, which are the kind keys of a rule.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    KINDS.into_iter().map(|(name, _)| name)
}

/// The clauses of all kinds, sorted.
pub(crate) fn every_clause() -> Vec<&'static str> {
    let mut clauses: Vec<_> =
        KINDS.iter().flat_map(|(_, clauses)| clauses.iter().copied()).collect();
    clauses.sort_unstable();
    clauses.dedup();
    clauses
}

/// Whether a key of a rule names a kind.
pub(crate) fn is_kind(key: &str) -> bool {
    names().any(|name| name == key)
}

/// Every kind by its name, with its clauses.
pub(crate) const KINDS: [(&str, &[&str]); 15] = [
    (pair::KIND, &pair::CLAUSES),
    (unit_limit::KIND, &unit_limit::CLAUSES),
    (modifier_validity::KIND, &modifier_validity::CLAUSES),
    (place_of_service::KIND, &place_of_service::CLAUSES),
    (code_validity::KIND, &code_validity::CLAUSES),
    (requires_primary::KIND, &requires_primary::CLAUSES),
    (require::KIND, &require::CLAUSES),
    (diagnosis_coverage::KIND, &diagnosis_coverage::CLAUSES),
    (duplicate_line::KIND, &duplicate_line::CLAUSES),
    (demographic::KIND, &demographic::CLAUSES),
    (frequency_limit::KIND, &frequency_limit::CLAUSES),
    (new_patient_visit::KIND, &new_patient_visit::CLAUSES),
    (global_surgery::KIND, &global_surgery::CLAUSES),
    (service_date::KIND, &service_date::CLAUSES),
    (plugin_check::KIND, &plugin_check::CLAUSES),
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
        rule.diagnosis_coverage.as_ref().map(|_| diagnosis_coverage::KIND),
        rule.duplicate_line.as_ref().map(|_| duplicate_line::KIND),
        rule.demographic.as_ref().map(|_| demographic::KIND),
        rule.frequency_limit.as_ref().map(|_| frequency_limit::KIND),
        rule.new_patient_visit.as_ref().map(|_| new_patient_visit::KIND),
        rule.global_surgery.as_ref().map(|_| global_surgery::KIND),
        rule.service_date.as_ref().map(|_| service_date::KIND),
        rule.plugin_check.as_ref().map(|_| plugin_check::KIND),
    ]
    .into_iter()
    .flatten()
    .collect()
}
