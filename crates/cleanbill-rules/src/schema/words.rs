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
    ClaimType::ALL.map(ClaimType::as_str).to_vec()
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

/// What a kind of rule can compare.
pub(crate) fn same(takes: crate::same::Takes) -> Vec<&'static str> {
    takes.names().collect()
}

/// The schema of a text that is one of `words`.
pub(crate) fn one_of(words: Vec<&'static str>) -> Schema {
    json_schema!({ "type": "string", "enum": words })
}

/// The schema of a block without `key`.
pub(crate) fn lacks(key: &'static str) -> Schema {
    json_schema!({ "not": { "required": [key] } })
}

/// The schema of a block that has all of `keys`.
pub(crate) fn has<const N: usize>(keys: [&'static str; N]) -> Schema {
    json_schema!({ "required": keys.to_vec() })
}

/// The schema of a block that has exactly one of `keys`, whatever else it has.
pub(crate) fn exactly_one_of(keys: impl IntoIterator<Item = &'static str>) -> Vec<Schema> {
    keys.into_iter().map(|key| json_schema!({ "required": [key] })).collect()
}
