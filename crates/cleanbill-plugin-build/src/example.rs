//! Examples of a rule: a claim, and what the rule finds on it.

use std::path::Path;

use serde_json::{Map, Value as Json};
use toml::{Spanned, Value};

use crate::config::json_of;
use crate::declared::{Example, Rule};
use crate::mistake::{Checked, wrong};
use crate::output::object;
use crate::words;

/// The examples of `rule`; files of claims lie beside `plugin.toml` in `folder`, and each that is read is noted.
pub(crate) fn check(rule: &Rule, folder: &Path, read: &mut Vec<String>) -> Checked<Vec<Json>> {
    let mut checked = Vec::new();
    for example in &rule.examples {
        checked.push(check_example(example, rule, folder, read)?);
    }
    Ok(checked)
}

fn check_example(
    example: &Example,
    rule: &Rule,
    folder: &Path,
    read: &mut Vec<String>,
) -> Checked<Json> {
    let mut expect = Vec::new();
    for found in &example.expect {
        let mut args = Map::new();
        for (name, value) in &found.args {
            if !rule.args.contains_key(name) {
                let remedy = "declare it under `args` of the rule, or leave it out";
                return wrong(
                    name,
                    format!("the rule has no value `{}`; {remedy}", name.get_ref()),
                );
            }
            args.insert(name.get_ref().clone(), Json::from(value.as_str()));
        }
        expect.push(object([
            ("line", found.line.map(Json::from)),
            ("args", (!args.is_empty()).then_some(Json::Object(args))),
        ]));
    }
    let mut config = Map::new();
    for (name, value) in &example.config {
        if !rule.config.contains_key(name) {
            let remedy = "declare it under `config` of the rule, or leave it out";
            return wrong(name, format!("the rule takes no `{}`; {remedy}", name.get_ref()));
        }
        config.insert(name.get_ref().clone(), json_of(value));
    }
    Ok(object([
        ("title", example.title.as_ref().map(|title| words::text("title", title)).transpose()?),
        ("claim", Some(claim(&example.claim, folder, read)?)),
        ("config", (!config.is_empty()).then_some(Json::Object(config))),
        ("expect", Some(Json::from(expect))),
    ]))
}

fn claim(claim: &Spanned<Value>, folder: &Path, read: &mut Vec<String>) -> Checked<Json> {
    let json = match claim.get_ref() {
        Value::String(file) => {
            read.push(file.clone());
            let text = std::fs::read_to_string(folder.join(file))
                .or_else(|error| wrong(claim, format!("`{file}` cannot be read: {error}")))?;
            serde_json::from_str(&text)
                .or_else(|error| wrong(claim, format!("`{file}` is not JSON: {error}")))?
        }
        other => json_of(other),
    };
    if json.is_object() {
        return Ok(json);
    }
    wrong(claim, "`claim` must be one claim, or the name of a file with one in claim JSON")
}
