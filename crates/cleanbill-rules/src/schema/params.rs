//! Where the name of a parameter may stand: for each number and each fixed word of what a rule compares.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::NAMES_A_PARAM;
use crate::kind;

/// Whether parameters may stand under a key of a rule.
pub(crate) fn takes_params(key: &str) -> bool {
    kind::is_kind(key) || ["disposition", "severity", "on_unknown"].contains(&key)
}

/// Lets the name of a parameter stand in `definitions` wherever it is put in.
pub(super) fn allow(definitions: &mut Map<String, Value>) {
    let mut open: Vec<String> = definitions
        .get("Rule")
        .and_then(|rule| rule.get("properties")?.as_object())
        .into_iter()
        .flatten()
        .filter(|(key, _)| kind::is_kind(key))
        .filter_map(|(_, schema)| target(schema))
        .collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(block) = definitions.get_mut(&name) else { continue };
        for schema in keys(block) {
            collect(schema, &mut open);
            allow_at(schema);
        }
    }
    for name in ["Rule", "Changes"] {
        let keys = definitions.get_mut(name).and_then(|rule| rule.get_mut("properties"));
        let keys = keys.and_then(Value::as_object_mut).into_iter().flatten();
        keys.filter(|(key, _)| takes_params(key)).for_each(|(_, schema)| allow_at(schema));
    }
}

fn keys(block: &mut Value) -> impl Iterator<Item = &mut Value> {
    let keys = block.get_mut("properties").and_then(Value::as_object_mut);
    keys.into_iter().flat_map(Map::values_mut)
}

fn target(schema: &Value) -> Option<String> {
    schema.get("$ref")?.as_str()?.rsplit('/').next().map(str::to_owned)
}

/// The definitions that a schema refers to.
fn collect(schema: &Value, found: &mut Vec<String>) {
    found.extend(target(schema));
    match schema {
        Value::Object(map) => map.values().for_each(|inner| collect(inner, found)),
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, found)),
        _ => {}
    }
}

/// A number, or one of some words, or the name of a parameter.
fn allow_at(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    let is_number = map.get("type").is_some_and(|kind| kind == "integer");
    if !is_number && !map.contains_key("enum") {
        return;
    }
    let description = map.remove("description");
    let value = Value::Object(core::mem::take(map));
    map.extend(description.map(|text| ("description".to_owned(), text)));
    let name = json!({ "type": "string", "pattern": NAMES_A_PARAM });
    map.insert("anyOf".to_owned(), json!([name, value]));
}
