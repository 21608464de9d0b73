//! The manifest as a plugin declares it: JSON, taken apart but not yet believed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The version of this format.
pub(crate) const SCHEMA: u32 = 1;

#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an object with the plugin's id, version, title and rules"
)]
pub(crate) struct DeclaredManifest {
    pub(crate) schema: u32,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) title: String,
    /// Who made it.
    pub(crate) vendor: Option<String>,
    /// The oldest host that it can serve, `1.0`.
    pub(crate) min_host: Option<String>,
    /// Payer ids whose claims it judges; empty for all.
    #[serde(default)]
    pub(crate) payers: Vec<String>,
    /// Procedure codes of which a claim must have one; left out for every claim.
    pub(crate) codes: Option<Vec<String>>,
    /// Kinds of claims that it judges; empty for all.
    #[serde(default)]
    pub(crate) forms: Vec<String>,
    /// Names of the fields that it asks for; there may be none, but it must be said.
    pub(crate) reads: Vec<String>,
    /// The JSON Schema of what an instance is configured with.
    pub(crate) config_schema: Option<Map<String, Value>>,
    pub(crate) rules: Vec<DeclaredRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object that describes a rule")]
pub(crate) struct DeclaredRule {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) disposition: String,
    pub(crate) severity: Option<String>,
    pub(crate) remit: Option<DeclaredRemit>,
    #[serde(default)]
    pub(crate) effective: DeclaredPeriod,
    pub(crate) owner: Option<String>,
    #[serde(default)]
    pub(crate) source: Vec<DeclaredSource>,
    /// Values that a finding brings for the templates, and what each is.
    #[serde(default)]
    pub(crate) args: BTreeMap<String, String>,
    /// What a pack's rule may tell the check, and what each is.
    #[serde(default)]
    pub(crate) config: BTreeMap<String, String>,
    /// What is wrong.
    pub(crate) template: String,
    /// Why; the title when left out.
    pub(crate) why: Option<String>,
    /// What to do.
    pub(crate) fix: String,
    #[serde(default)]
    pub(crate) examples: Vec<DeclaredExample>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with a claim and the findings on it")]
pub(crate) struct DeclaredExample {
    pub(crate) title: Option<String>,
    pub(crate) claim: Map<String, Value>,
    #[serde(default)]
    pub(crate) config: Map<String, Value>,
    pub(crate) expect: Vec<DeclaredFinding>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with the line of a finding and its args")]
pub(crate) struct DeclaredFinding {
    pub(crate) line: Option<u32>,
    #[serde(default)]
    pub(crate) args: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with group, carc and rarc")]
pub(crate) struct DeclaredRemit {
    pub(crate) group: String,
    pub(crate) carc: String,
    #[serde(default)]
    pub(crate) rarc: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with from and through")]
pub(crate) struct DeclaredPeriod {
    pub(crate) from: Option<String>,
    pub(crate) through: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with authority, document and kind")]
pub(crate) struct DeclaredSource {
    pub(crate) authority: String,
    pub(crate) document: String,
    pub(crate) edition: Option<String>,
    pub(crate) kind: String,
    #[serde(default = "yes")]
    pub(crate) verified: bool,
}

const fn yes() -> bool {
    true
}
