//! The generated schema made fit for editors and for the check of a file.

use schemars::Schema;
use serde_json::{Map, Value, json};

use super::params;

/// `schema` with names and shapes that mean something to an author, under `title`.
pub(super) fn clean(schema: Schema, title: &str) -> Value {
    let mut schema = schema.to_value();
    value(&mut schema);
    if let Value::Object(root) = &mut schema {
        root.insert("title".to_owned(), json!(title));
        if let Some(Value::Object(definitions)) = root.get_mut("definitions") {
            *definitions = core::mem::take(definitions)
                .into_iter()
                .map(|(name, schema)| (name.trim_end_matches("Decl").to_owned(), schema))
                .collect();
            params::allow(definitions);
        }
    }
    schema
}

fn value(schema: &mut Value) {
    match schema {
        Value::Object(map) => object(map),
        Value::Array(items) => items.iter_mut().for_each(value),
        _ => {}
    }
}

fn object(map: &mut Map<String, Value>) {
    // What a left-out key means is in its description; `null` and the widths of numbers are Rust's.
    for name in ["default", "format"] {
        if map.get(name).is_some_and(|value| !value.is_object() || name == "default") {
            map.remove(name);
        }
    }
    without_null(map);
    for (name, inner) in map.iter_mut() {
        match inner {
            // Names of keys, not keywords.
            Value::Object(keys) if name == "properties" || name == "definitions" => {
                keys.values_mut().for_each(value);
            }
            _ => value(inner),
        }
    }
    if let Some(Value::String(text)) = map.get_mut("description") {
        *text = text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
    }
    if let Some(Value::String(target)) = map.get_mut("$ref") {
        *target = target.trim_end_matches("Decl").to_owned();
    }
    if let Some(items) = map.remove("prefixItems") {
        map.insert("items".to_owned(), items);
    }
    // A bare code is a number to an editor and the text that was typed to us.
    if map.get("type").is_some_and(|kind| kind == "string") && !map.contains_key("pattern") {
        match map.get_mut("enum") {
            None => {
                map.insert("type".to_owned(), json!(["string", "number"]));
            }
            Some(Value::Array(words)) => {
                let numbers: Vec<Value> = words
                    .iter()
                    .filter_map(|word| word.as_str()?.parse::<u64>().ok().map(Value::from))
                    .collect();
                if !numbers.is_empty() {
                    words.extend(numbers);
                    map.insert("type".to_owned(), json!(["string", "number"]));
                }
            }
            Some(_) => {}
        }
    }
}

/// A key that may be left out is left out, never `null`.
fn without_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = map.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            map.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            map.remove("anyOf");
            for (name, value) in only {
                map.entry(name).or_insert(value);
            }
        }
    }
}
