//! What comes out of a `plugin.toml`, and what is said of one that is not sound.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::path::Path;

use cleanbill_plugin_build::{Compiled, compile};
use serde_json::{Value, json};

const SOUND: &str = r#"
id = "acme"
title = "Rules of Acme (an invented payer)"
forms = ["professional"]
codes = ["93970"]
reads = ["line.code", "line.charge"]

[[rules]]
id = "acme/over-limit"
title = "Charged above the limit"
disposition = "suspend"
effective = { from = 2026-01-01, through = "2026-12-31" }
args = { limit = "money" }
template = "{code} on line {line} is above {limit} {{dollars}}"
fix = "check line {line}"

[rules.config]
limit = { kind = "number", default = 60000, title = "In cents" }
payers = { kind = "texts", default = ["A\"B"] }
list = { kind = "any", default = { a = [1] } }

[[rules.examples]]
claim = { payer = "ACME", lines = [{ procedure = "93970", charge = "600.01" }] }
config = { limit = 50000 }
expect = [{ line = 1, args = { limit = "600.00" } }]

[[rules]]
id = "2nd-rule"
title = "Another one"
disposition = "informational"
template = "something"
fix = "nothing"
config.limit = { kind = "number", default = 60000, title = "In cents" }
"#;

fn compiled(text: &str) -> Result<Compiled, String> {
    compile(text, "0.3.0", Path::new(env!("CARGO_MANIFEST_DIR"))).map_err(|wrong| wrong.to_string())
}

fn manifest() -> Value {
    serde_json::from_str(&compiled(SOUND).unwrap().manifest).unwrap()
}

#[test]
fn a_manifest_says_what_the_file_says() {
    let manifest = manifest();
    assert_eq!(manifest["schema"], 1);
    assert_eq!((&manifest["version"], &manifest["min_host"]), (&json!("0.3.0"), &json!("1.0")));
    assert_eq!(manifest["reads"], json!(["line.code", "line.charge"]));
    let rule = &manifest["rules"][0];
    assert_eq!(rule["kind"], "plugin_check");
    assert_eq!(rule["effective"], json!({"from": "2026-01-01", "through": "2026-12-31"}));
    assert_eq!(rule["config"], json!({"limit": "number", "payers": "texts", "list": "any"}));
    assert_eq!(rule["examples"][0]["expect"], json!([{"line": 1, "args": {"limit": "600.00"}}]));
    assert!(manifest.get("payers").is_none() && rule.get("remit").is_none(), "nothing is empty");
}

#[test]
fn the_schema_of_the_configuration_has_kinds_defaults_and_titles() {
    assert_eq!(
        manifest()["config_schema"],
        json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "limit": {"type": "integer", "default": 60000, "title": "In cents"},
                "payers": {"type": "array", "items": {"type": "string"}, "default": ["A\"B"]},
                "list": {"default": {"a": [1]}},
            },
        })
    );
}

#[test]
fn rules_and_configuration_become_rust() {
    let code = compiled(SOUND).unwrap().code;
    for part in [
        "pub const OVER_LIMIT: ::cleanbill_plugin_sdk::Rule = ::cleanbill_plugin_sdk::Rule::at(0);",
        "pub const R2ND_RULE: ::cleanbill_plugin_sdk::Rule = ::cleanbill_plugin_sdk::Rule::at(1);",
        "pub limit: i64,",
        "limit: 60000,",
        r#"payers: ::std::vec::Vec::from([::std::string::String::from("A\"B")]),"#,
    ] {
        assert!(code.contains(part), "{part} is not in\n{code}");
    }
    let plain = SOUND.split("[rules.config]").next().unwrap();
    let code = compiled(plain).unwrap().code;
    assert!(code.contains("pub use ::cleanbill_plugin_sdk::NoConfig as Config;"), "{code}");
}

/// [`SOUND`] with `from` replaced by `to` is refused with the line and these words.
#[track_caller]
fn refused(from: &str, to: &str, words: &str) {
    assert!(SOUND.contains(from), "{from}");
    let text = SOUND.replacen(from, to, 1);
    let told = compiled(&text).expect_err(words);
    let (line, said) = told.split_once(": ").unwrap();
    assert!(said.contains(words), "{told}");
    let first = to.split('\n').next().unwrap();
    let place = text.lines().position(|line| line.contains(first)).unwrap() + 1;
    assert_eq!(line, place.to_string(), "{told}");
}

#[test]
fn a_mistake_is_told_with_its_line_and_the_remedy() {
    refused("title = \"Another one\"", "titel = \"Another one\"", "unknown field `titel`");
    refused("id = \"acme\"", "id = \"a me\"", "write 1 to 100 letters, digits");
    refused(
        "\"line.code\"",
        "\"patient.name\"",
        "`reads` has no field `patient.name`; write some of",
    );
    refused("reads = [", "reads = [\"line.charge\", ", "`line.charge` stands twice; keep one");
    refused(
        "\"professional\"",
        "\"vision\"",
        "`forms` is `vision`; write one of professional, inst",
    );
    refused("\"93970\"", "\"9397\"", "`codes` is `9397`; write 5 capital letters and digits");
    refused("codes = [\"93970\"]", "codes = []", "leave it out to see every claim");
    refused("\"suspend\"", "\"pend\"", "`disposition` is `pend`; write one of informational");
    refused("2026-01-01", "2026-02-30", "invalid date, expected day between 01 and 28");
    refused("\"2026-12-31\"", "\"2025-12-31\"", "`effective` ends before it starts; swap");
    refused(
        "\"2026-12-31\"",
        "\"soon\"",
        "`through` is not a day of the calendar; write it as 2026",
    );
    refused(
        "limit = \"money\"",
        "limit = \"dollars\"",
        "`args.limit` is `dollars`; write one of code",
    );
    refused("above {limit}", "above {most}", "`template` has the place `{most}`; declare `most`");
    refused("above {limit}", "above {", "`template` has a single brace; write `{{`");
    refused("default = 60000", "default = 1.5", "the default of `limit` is no `number`");
    refused("payers = {", "type = {", "`type` cannot name a member; write small letters");
    refused(
        "\"2nd-rule\"",
        "\"b/over-limit\"",
        "`acme/over-limit` and `b/over-limit` would both be",
    );
    refused("config = { limit = 50000 }", "config = { most = 1 }", "the rule takes no `most`");
    refused(
        "args = { limit = \"600.00\" }",
        "args = { most = \"1\" }",
        "the rule has no value `most`",
    );
    refused("claim = { payer", "claim = \"no.json\" #", "`no.json` cannot be read");
    refused("claim = { payer", "claim = \"Cargo.toml\" #", "`Cargo.toml` is not JSON");
    refused(
        "config.limit = { kind = \"number\", default = 60000, title",
        "config.limit = { kind = \"number\", default = 7, title",
        "`limit` is declared otherwise in an earlier rule",
    );
}

#[test]
fn what_is_missing_is_named() {
    for (line, words) in [
        ("reads = [\"line.code\", \"line.charge\"]\n", "missing field `reads`"),
        ("fix = \"nothing\"\n", "missing field `fix`"),
    ] {
        let told = compiled(&SOUND.replacen(line, "", 1)).unwrap_err();
        assert!(told.contains(words), "{told}");
    }
    let told = compiled("id = \"a\"\ntitle = \"t\"\nreads = []\nrules = []\n").unwrap_err();
    assert_eq!(told, "4: there is no rule; add one under `[[rules]]`");
}
