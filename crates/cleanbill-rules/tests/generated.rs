//! Files that are made from the schema and stand in `docs/`, held in step with it.
//! `CLEANBILL_UPDATE=1 cargo test -p cleanbill-rules --test generated` writes them anew.

#![expect(
    clippy::unwrap_used,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::path::Path;
use std::{env, fs};

use cleanbill_rules::{SchemaKind, json_schema, key_help, key_names, reference_page};

#[track_caller]
fn in_step(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(path);
    if env::var_os("CLEANBILL_UPDATE").is_some() {
        fs::write(&file, text).unwrap();
    }
    let stored = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        stored == text,
        "docs/{path} is out of date: \
         `CLEANBILL_UPDATE=1 cargo test -p cleanbill-rules --test generated` writes it anew"
    );
}

#[test]
fn the_schemas_in_docs_are_those_of_the_program() {
    for kind in SchemaKind::ALL {
        let text = format!("{:#}\n", json_schema(kind));
        in_step(&format!("schema/{}.v1.json", kind.as_str()), &text);
    }
}

#[test]
fn the_reference_page_lists_every_key() {
    let page = reference_page();
    in_step("pack-reference.md", &page);
    for name in key_names() {
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn help_on_a_key_says_where_it_stands_what_it_takes_and_what_it_means() {
    let [help] = key_help("mutually_exclusive").try_into().unwrap();
    assert_eq!(help.places, ["rules[]"]);
    assert!(!help.required && help.keys.iter().any(|key| key == "bypass"), "{help:?}");
    let [help] = key_help("once_column_two_only").try_into().unwrap();
    assert_eq!(help.places, ["rules[].mutually_exclusive.bypass"]);
    assert!(help.takes.contains("`$name` of a value set"), "{help:?}");
    assert!(key_help("message").len() > 1);
    assert!(key_help("no_such_key").is_empty());
}
