//! `pack.yaml` and rule files as declared.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::layer::{ExtendsDecl, ParamDecl, SetDecl, WaiversDecl};
use super::rule::AllowDecl;

/// `pack.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackDecl {
    pub(crate) schema: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) owner: Option<String>,
    #[serde(default)]
    pub(crate) effective: Option<PeriodDecl>,
    #[serde(default)]
    pub(crate) applies_to: Option<AppliesDecl>,
    #[serde(default)]
    pub(crate) defaults: DefaultsDecl,
    #[serde(default)]
    pub(crate) value_sets: BTreeMap<String, SetDecl>,
    #[serde(default)]
    pub(crate) tables: BTreeMap<String, TableDecl>,
    #[serde(default)]
    pub(crate) facts: FactsDecl,
    #[serde(default)]
    pub(crate) include: Vec<String>,
    /// Decoded one by one, so that a wrong rule does not hide the others.
    #[serde(default)]
    pub(crate) rules: Vec<IgnoredAny>,
    #[serde(default)]
    pub(crate) extends: Vec<ExtendsDecl>,
    #[serde(default)]
    pub(crate) params: BTreeMap<String, ParamDecl>,
    /// Decoded one by one.
    #[serde(default)]
    pub(crate) overrides: Vec<IgnoredAny>,
    #[serde(default)]
    pub(crate) waivers: Option<WaiversDecl>,
    /// Day after which the pack should have been looked at again.
    #[serde(default)]
    pub(crate) review_by: Option<String>,
    /// Warnings kept in all of the pack.
    #[serde(default)]
    pub(crate) allow: Vec<AllowDecl>,
}

/// A file named under `include`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFileDecl {
    /// Decoded one by one.
    pub(crate) rules: Vec<IgnoredAny>,
}

/// Both ends included; a missing end is open.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodDecl {
    #[serde(default)]
    pub(crate) from: Option<String>,
    #[serde(default)]
    pub(crate) through: Option<String>,
}

/// Which claims a pack or rule is for; a missing list means all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppliesDecl {
    #[serde(default)]
    pub(crate) payers: Vec<String>,
    #[serde(default)]
    pub(crate) filing_indicators: Vec<String>,
    #[serde(default)]
    pub(crate) claim_types: Vec<String>,
}

/// What rules of the pack do unless they say otherwise.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefaultsDecl {
    #[serde(default)]
    pub(crate) disposition: Option<String>,
    #[serde(default)]
    pub(crate) on_unknown: Option<String>,
}

/// A CSV table beside the pack.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableDecl {
    pub(crate) file: String,
    pub(crate) key: Vec<String>,
    /// The two columns that hold the first and last day of a row.
    #[serde(default)]
    pub(crate) effective: Option<(String, String)>,
    /// Column that says `practitioner`, `hospital` or `both`.
    #[serde(default)]
    pub(crate) setting: Option<String>,
    /// The table takes the place of one of the same name in a pack that this one extends.
    #[serde(default, rename = "override")]
    pub(crate) overrides: bool,
}

/// Facts that several rules read.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactsDecl {
    #[serde(default)]
    pub(crate) extremity: Option<ExtremityDecl>,
}

/// How the extremity of a line is found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtremityDecl {
    pub(crate) side: Vec<FactStepDecl>,
    pub(crate) region: Vec<FactStepDecl>,
}

/// One step of a chain; the first that gives a value wins. Exactly one key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactStepDecl {
    /// `table.column`
    #[serde(default)]
    pub(crate) table: Option<String>,
    #[serde(default)]
    pub(crate) modifiers: Option<BTreeMap<String, String>>,
    #[serde(default)]
    pub(crate) line_field: Option<String>,
}
