//! What an editor with nothing but the JSON Schema says of files that load.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::schema::{SchemaKind, json_schema};
use crate::yaml::{self, Node, Shape};

/// A value as an editor reads it: what looks like a number is one.
fn untyped(node: &Node) -> Value {
    match &node.shape {
        Shape::List(items) => items.iter().map(untyped).collect(),
        Shape::Map(entries) => {
            let entries = entries.iter().map(|e| (e.key.clone(), untyped(&e.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Shape::Scalar { text, plain: true } => match text.parse::<f64>() {
            Ok(number) => json!(number),
            Err(_) if text == "true" || text == "false" => json!(text == "true"),
            Err(_) if ["", "~", "null"].contains(&text.as_str()) => Value::Null,
            Err(_) => json!(text),
        },
        Shape::Scalar { text, .. } => json!(text),
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the schema has a type `{other}` that this test does not know"),
    }
}

/// What is marked in `value`: the keywords that the schema uses, as draft 7 defines them.
fn marked(root: &Value, schema: &Value, value: &Value, path: &str, marks: &mut Vec<String>) {
    let mut mark = |what: &str| marks.push(format!("{path}: {what}"));
    for (keyword, rule) in schema.as_object().into_iter().flatten() {
        match keyword.as_str() {
            "type" => {
                let kinds = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !kinds.iter().any(|kind| is_of(value, kind.as_str().unwrap())) {
                    mark(&format!("{value} is not of type {rule}"));
                }
            }
            "enum" => {
                let number = |v: &Value| v.as_f64();
                let same = |word: &Value| {
                    word == value || (word.is_number() && number(word) == number(value))
                };
                if !rule.as_array().unwrap().iter().any(same) {
                    mark(&format!("{value} is not one of {rule}"));
                }
            }
            "pattern" => {
                let known = [crate::schema::NAMES_A_SET, crate::schema::NAMES_A_PARAM];
                assert!(known.iter().any(|pattern| rule == pattern));
                if value.as_str().is_some_and(|text| !text.starts_with('$')) {
                    mark("is not the name of a value set or parameter");
                }
            }
            "required" => {
                for key in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                    if value.is_object() && value.get(key).is_none() {
                        mark(&format!("`{key}` is missing"));
                    }
                }
            }
            "minProperties" => {
                let least = usize::try_from(rule.as_u64().unwrap()).unwrap();
                if value.as_object().is_some_and(|entries| entries.len() < least) {
                    mark("holds too little");
                }
            }
            "minItems" => {
                let least = usize::try_from(rule.as_u64().unwrap()).unwrap();
                if value.as_array().is_some_and(|items| items.len() < least) {
                    mark("holds too little");
                }
            }
            "minimum" => assert!(value.as_f64().is_none_or(|n| n >= rule.as_f64().unwrap())),
            "anyOf" | "oneOf" => {
                let fits = |choice: &&Value| {
                    let mut marks = Vec::new();
                    marked(root, choice, value, path, &mut marks);
                    marks.is_empty()
                };
                let fitting = rule.as_array().unwrap().iter().filter(fits).count();
                if fitting == 0 || keyword == "oneOf" && fitting > 1 {
                    mark(&format!("fits {fitting} of {keyword}"));
                }
            }
            _ => {}
        }
    }
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        marked(root, root.pointer(target.trim_start_matches('#')).unwrap(), value, path, marks);
    }
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            let rule = match schema.get("items") {
                Some(Value::Array(rules)) => rules.get(index),
                rule => rule,
            };
            if let Some(rule) = rule {
                marked(root, rule, item, &format!("{path}[{index}]"), marks);
            }
        }
    }
    if let Value::Object(entries) = value {
        for (key, inner) in entries {
            let path = format!("{path}.{key}");
            match (
                schema.get("properties").and_then(|keys| keys.get(key)),
                schema.get("additionalProperties"),
            ) {
                (Some(rule), _) => marked(root, rule, inner, &path, marks),
                (None, Some(Value::Bool(false))) => marks.push(format!("{path} is no key")),
                (None, Some(rule)) => marked(root, rule, inner, &path, marks),
                (None, None) => {}
            }
        }
    }
}

fn marks(kind: SchemaKind, text: &str) -> Vec<String> {
    let (schema, mut list) = (json_schema(kind), Vec::new());
    marked(&schema, &schema, &untyped(&yaml::parse("", text).unwrap()), "", &mut list);
    list
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn s2_an_editor_marks_nothing_in_packs_that_load() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths =
        [files(&here.join("../../rules/cpt-93970")), files(&here.join("tests/fixtures/every-key"))]
            .concat();
    assert!(paths.len() >= 9, "{paths:?}");
    for path in paths {
        let kind = match path.file_name().is_some_and(|name| name == "pack.yaml") {
            _ if path.ends_with("waivers.yaml") => SchemaKind::Waivers,
            true => SchemaKind::Pack,
            false => SchemaKind::RuleFile,
        };
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(marks(kind, &text), [""; 0], "{}", path.display());
    }
}

#[test]
fn s2_an_editor_takes_bare_codes_and_marks_slips() {
    let pack = "schema: cleanbill/pack/v1\nname: a\nversion: 1.0\ntitle: b\nvalue_sets: { a: [93970, 00100, 0191T, 1E10, NO] }\n";
    assert_eq!(marks(SchemaKind::Pack, pack), [""; 0]);
    for (slip, mark) in [
        (pack.replace("title", "titel"), "`title` is missing"),
        (pack.replace("pack/v1", "pack/v2"), "is not one of"),
        (pack.replace("name: a", "name:"), "null is not of type"),
        (format!("{pack}defaults: {{ disposition: deny }}\n"), "is not one of"),
        (format!("{pack}owners: coder\n"), "is no key"),
        (format!("{pack}include: rules\n"), "is not of type"),
        (
            format!("{pack}rules: [{{ id: a, title: b, message: c, fix: d, source: [] }}]\n"),
            "fits 0 of oneOf",
        ),
    ] {
        let seen = marks(SchemaKind::Pack, &slip).join("\n");
        assert!(seen.contains(mark), "{slip}\n{seen}");
    }
}

/// A rule with the condition `when`.
fn rule_with(when: &str) -> String {
    format!(
        "rules:\n  - id: a\n    title: b\n    require:\n      when: {when}\n      must_have: pointed_diagnosis\n    message: c\n    fix: d\n    source: [{{ authority: a, document: b, kind: internal }}]\n"
    )
}

#[test]
fn s2_an_editor_takes_bare_values_in_conditions_and_marks_slips() {
    for right in [
        "{ line.procedure: { eq: 93970 } }",
        "{ line.procedure: { in: [93970, 00100, 1E10, NO] }, line.units: { gt: 1.5 } }",
        "{ line.modifiers: { has_any: [50, LT] }, line.dx_pointed: { any_in: $clots } }",
        "{ any: [{ line.service_date: { gte: 2026-01-01 } }, { not: { claim.charge: { lt: 5 } } }] }",
        "{ any_line: { all: [{ line.procedure: { eq: 93985 } }] } }",
        "{ count_lines: { where: { line.units: { gt: 1 } }, gte: 2 } }",
    ] {
        assert_eq!(marks(SchemaKind::RuleFile, &rule_with(right)), [""; 0], "{right}");
    }
    for (slip, mark) in [
        ("{ line.unts: { gt: 1 } }", "when.line.unts is no key"),
        ("{ line.modifiers: { eq: LT } }", "line.modifiers.eq is no key"),
        ("{ line.units: { has_any: [1] } }", "line.units.has_any is no key"),
        ("{ line.units: 1 }", "is not of type"),
        ("{ line.procedure: { exists: yes } }", "is not of type"),
        ("{ claim.type: { eq: vision } }", "fits 0 of anyOf"),
        ("{ any: { line.units: { gt: 1 } } }", "is not of type"),
        ("{ any: [{ not: { lines.units: { gt: 1 } } }] }", "lines.units is no key"),
        ("{ any_line: { every_line: { line.units: { gt: 1 } } } }", "every_line is no key"),
        ("{ count_lines: { gte: 2, lt: 4 } }", "`where` is missing"),
        ("{ line.units: {} }", "holds too little"),
        ("{}", "holds too little"),
        ("{ all: [] }", "holds too little"),
    ] {
        let seen = marks(SchemaKind::RuleFile, &rule_with(slip)).join("\n");
        assert!(seen.contains(mark), "{slip}\n{seen}");
    }
}

/// What an editor offers at a path of keys, each with the help that it shows: `[]` is an item.
fn completions(path: &[&str]) -> Map<String, Value> {
    let root = json_schema(SchemaKind::RuleFile);
    let followed = |schema: &Value| match schema.get("$ref").and_then(Value::as_str) {
        Some(target) => root.pointer(target.trim_start_matches('#')).unwrap().clone(),
        None => schema.clone(),
    };
    let at = path.iter().fold(root.clone(), |schema, key| match *key {
        "[]" => followed(&schema["items"]),
        key => followed(&schema["properties"][key]),
    });
    at["properties"].as_object().unwrap().clone()
}

#[test]
fn s2_an_editor_completes_fields_and_the_tests_that_go_with_them() {
    let when = ["rules", "[]", "require", "when"];
    let offered = |path: &[&str]| -> Vec<String> {
        completions(&[&when, path].concat()).keys().cloned().collect()
    };
    let fields = offered(&[]);
    for key in ["line.units", "claim.type", "all", "not", "any_line", "count_lines"] {
        assert!(fields.iter().any(|field| field == key), "{key}: {fields:?}");
    }
    assert_eq!(
        offered(&["all", "[]", "not"]),
        fields,
        "a condition in a condition offers the same"
    );
    let lists = ["any_in", "exists", "has_all", "has_any", "has_none"];
    assert_eq!(offered(&["line.modifiers"]), lists);
    assert_eq!(offered(&["any_line", "none", "[]", "claim.diagnoses"]), lists);
    let numbers = ["between", "eq", "gt", "gte", "in", "lt", "lte", "ne", "not_in"];
    assert_eq!(offered(&["line.units"]), numbers);
    let on_lines = offered(&["any_line"]);
    assert!(
        !on_lines.iter().any(|key| key.contains("_line") && !key.contains('.')),
        "{on_lines:?}"
    );
    for path in [&when[..], &[&when[..], &["line.charge"]].concat()] {
        for (key, schema) in completions(path) {
            let help = schema["description"].as_str().unwrap_or_default();
            assert!(help.ends_with('.') && help.len() > 20, "{key}: {help}");
        }
    }
}

#[test]
fn the_schema_has_nothing_that_editors_stumble_over() {
    fn walk(value: &Value, path: &str) {
        for (key, inner) in value.as_object().into_iter().flatten() {
            assert!(!inner.is_null() && inner != "null", "{path}.{key} is null");
            assert!(
                !["prefixItems", "unevaluatedProperties", "$defs", "default"]
                    .contains(&key.as_str()),
                "{path}.{key}"
            );
            walk(inner, &format!("{path}.{key}"));
        }
        for inner in value.as_array().into_iter().flatten() {
            assert!(inner != "null", "{path} takes null");
            walk(inner, path);
        }
        if value.get("properties").is_some_and(Value::is_object) {
            assert_eq!(value["additionalProperties"], json!(false), "{path}");
        }
    }
    for kind in SchemaKind::ALL {
        let schema = json_schema(kind);
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        walk(&schema, kind.as_str());
    }
}
