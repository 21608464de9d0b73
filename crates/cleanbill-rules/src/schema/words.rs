//! Fixed lists of words for the schema, taken from where they are checked, so that they cannot drift.

use cleanbill_model::{ClaimType, Disposition, GroupCode, Severity, SourceKind};
use schemars::{Schema, json_schema};

pub(crate) fn dispositions() -> Vec<&'static str> {
    Disposition::ALL.iter().map(|word| word.as_str()).collect()
}

pub(crate) fn severities() -> Vec<&'static str> {
    Severity::ALL.iter().map(|word| word.as_str()).collect()
}

pub(crate) fn claim_types() -> Vec<&'static str> {
    [ClaimType::Professional, ClaimType::Institutional].map(ClaimType::as_str).to_vec()
}

pub(crate) fn group_codes() -> Vec<&'static str> {
    GroupCode::ALL.iter().map(|word| word.as_str()).collect()
}

pub(crate) fn source_kinds() -> Vec<&'static str> {
    SourceKind::ALL.iter().map(|word| word.as_str()).collect()
}

pub(crate) fn sides() -> Vec<&'static str> {
    crate::facts::sides()
}

pub(crate) fn same() -> Vec<&'static str> {
    crate::same::names()
}

/// For kinds that do not compare extremities.
pub(crate) fn same_without_extremity() -> Vec<&'static str> {
    same().into_iter().filter(|name| *name != "extremity").collect()
}

/// The schema of a text that is one of `words`.
pub(crate) fn one_of(words: Vec<&'static str>) -> Schema {
    json_schema!({ "type": "string", "enum": words })
}

/// The schema of a block that has exactly one of `keys`, whatever else it has.
pub(crate) fn exactly_one_of(keys: impl IntoIterator<Item = &'static str>) -> Vec<Schema> {
    keys.into_iter().map(|key| json_schema!({ "required": [key] })).collect()
}
