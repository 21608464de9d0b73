//! `plugin.toml` as its author writes it, taken apart but not yet believed.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

/// A text, with its place in the file.
pub(crate) type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plugin {
    pub(crate) id: Text,
    /// The version of the crate when left out.
    pub(crate) version: Option<Text>,
    pub(crate) title: Text,
    pub(crate) vendor: Option<Text>,
    pub(crate) min_host: Option<Text>,
    #[serde(default)]
    pub(crate) payers: Vec<Text>,
    #[serde(default)]
    pub(crate) forms: Vec<Text>,
    pub(crate) codes: Option<Spanned<Vec<Text>>>,
    pub(crate) reads: Vec<Text>,
    pub(crate) rules: Spanned<Vec<Rule>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) id: Text,
    pub(crate) title: Text,
    pub(crate) disposition: Text,
    pub(crate) severity: Option<Text>,
    pub(crate) remit: Option<Remit>,
    pub(crate) effective: Option<Period>,
    pub(crate) owner: Option<Text>,
    #[serde(default)]
    pub(crate) source: Vec<Source>,
    #[serde(default)]
    pub(crate) args: BTreeMap<Text, Text>,
    #[serde(default)]
    pub(crate) config: BTreeMap<Text, Member>,
    pub(crate) template: Text,
    pub(crate) why: Option<Text>,
    pub(crate) fix: Text,
    #[serde(default)]
    pub(crate) examples: Vec<Example>,
}

/// What a pack's rule may tell the check.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Member {
    pub(crate) kind: Text,
    /// Nothing, 0 or no when left out.
    pub(crate) default: Option<Spanned<Value>>,
    pub(crate) title: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Remit {
    pub(crate) group: Text,
    pub(crate) carc: Text,
    #[serde(default)]
    pub(crate) rarc: Vec<Text>,
}

/// Days as TOML has them, or as text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Period {
    pub(crate) from: Option<Spanned<Value>>,
    pub(crate) through: Option<Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    pub(crate) authority: Text,
    pub(crate) document: Text,
    pub(crate) edition: Option<Text>,
    pub(crate) kind: Text,
    pub(crate) verified: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    pub(crate) title: Option<Text>,
    /// A file with a claim in claim JSON, beside `plugin.toml`; or the claim itself.
    pub(crate) claim: Spanned<Value>,
    #[serde(default)]
    pub(crate) config: BTreeMap<Text, Value>,
    pub(crate) expect: Vec<Expected>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) line: Option<u32>,
    #[serde(default)]
    pub(crate) args: BTreeMap<Text, String>,
}
