//! What the harness reads from a plugin's manifest: which fields it asks for, and what its findings may say.

use cleanbill_plugin_abi::field::{self, FieldSet};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use super::Found;

/// The part of a manifest that a test is held to; `plugins check` looks at the rest.
#[derive(Deserialize)]
pub(super) struct Manifest {
    #[serde(default)]
    reads: Vec<String>,
    pub(super) rules: Vec<Rule>,
}

#[derive(Deserialize)]
pub(super) struct Rule {
    pub(super) id: String,
    #[serde(default)]
    args: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) examples: Vec<Example>,
}

#[derive(Deserialize)]
pub(super) struct Example {
    #[serde(default)]
    pub(super) title: String,
    pub(super) claim: Value,
    #[serde(default)]
    pub(super) config: Map<String, Value>,
    pub(super) expect: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Expected {
    line: Option<u32>,
    #[serde(default)]
    args: BTreeMap<String, String>,
}

impl Manifest {
    pub(super) fn read(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| format!("the manifest: {error}"))
    }

    /// The fields that it asks for.
    pub(super) fn granted(&self) -> Result<FieldSet, String> {
        self.reads.iter().try_fold(FieldSet::NONE, |set, name| {
            let field = field::named(name).ok_or_else(|| format!("`reads`: no field `{name}`"))?;
            Ok(set.with(field))
        })
    }

    /// Whether a host would take the finding, as far as names go.
    pub(super) fn admits(&self, found: &Found, lines: usize) -> Result<(), String> {
        let place = usize::try_from(found.rule).unwrap_or(usize::MAX);
        let rule = self.rules.get(place).ok_or_else(|| {
            format!("a finding of rule {place}, and the manifest has {}", self.rules.len())
        })?;
        let exists =
            |line: &u32| usize::try_from(*line).is_ok_and(|line| (1..=lines).contains(&line));
        if !found.line.iter().chain(&found.related).all(exists) {
            return Err(format!("`{}` names a line, and the claim has {lines}", rule.id));
        }
        let given = |name: &str| found.args.iter().filter(|(own, _)| own == name).count();
        if let Some((stray, _)) = found.args.iter().find(|(name, _)| !rule.args.contains_key(name))
        {
            return Err(format!("`{}` gives the value `{stray}`, which its `args` lack", rule.id));
        }
        match rule.args.keys().find(|name| given(name) != 1) {
            Some(name) => {
                Err(format!("`{}` gives the value `{name}` {} times", rule.id, given(name)))
            }
            None => Ok(()),
        }
    }
}

impl Expected {
    /// Whether `found` is what the example says; values that it leaves out are not compared.
    pub(super) fn is(&self, found: &Found) -> bool {
        let brings = |(name, value): (&String, &String)| {
            found.args.iter().any(|(own, is)| (own, is) == (name, value))
        };
        self.line == found.line && self.args.iter().all(brings)
    }
}
