//! `pack.yaml` and rule files as declared.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::layer::{ExtendsDecl, OverrideDecl, ParamDecl, SetDecl, WaiverDecl, WaiversDecl};
use super::rule::{AllowDecl, RuleDecl};
use crate::schema::words;

/// The file `pack.yaml`: who the pack is, and what its rules share.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackDecl {
    /// The format of the pack: `cleanbill/pack/v1`.
    #[schemars(extend("enum" = ["cleanbill/pack/v1"]))]
    pub(crate) schema: String,
    /// Name of the pack, shown with every finding as `name@version`.
    pub(crate) name: String,
    /// Version of the pack; raise it when a verdict changes.
    pub(crate) version: String,
    /// One line in your own words.
    pub(crate) title: String,
    /// Who mends such claims (`coder`, `biller`, `front_desk`), for rules that name no owner.
    #[serde(default)]
    pub(crate) owner: Option<String>,
    /// Dates of service for which the pack holds.
    #[serde(default)]
    pub(crate) effective: Option<PeriodDecl>,
    /// Which claims the pack is for; left out, all claims.
    #[serde(default)]
    pub(crate) applies_to: Option<AppliesDecl>,
    /// What rules of the pack do unless they say otherwise.
    #[serde(default)]
    pub(crate) defaults: DefaultsDecl,
    /// Named lists of codes, modifiers or places; a rule writes `$name` instead of the list.
    #[serde(default)]
    pub(crate) value_sets: BTreeMap<String, SetDecl>,
    /// CSV files beside the pack and imported tables, by the name that rules use.
    #[serde(default)]
    pub(crate) tables: BTreeMap<String, TableDecl>,
    /// Facts that several rules read.
    #[serde(default)]
    pub(crate) facts: FactsDecl,
    /// Rule files: `rules/pairs.yaml`, or `rules/*.yaml` for all of a folder in the order of their names.
    #[serde(default)]
    pub(crate) include: Vec<String>,
    /// Rules of the pack; most packs keep them in files of their own, named under `include`.
    // Decoded one by one, so that a wrong rule does not hide the others.
    #[serde(default)]
    #[schemars(with = "Vec<RuleDecl>")]
    pub(crate) rules: Vec<IgnoredAny>,
    /// Packs that this one builds on: it has their rules, value sets, parameters and tables.
    #[serde(default)]
    pub(crate) extends: Vec<ExtendsDecl>,
    /// Single values by name; a number, word or date of a rule writes `$name`, a message `{$name}`.
    #[serde(default)]
    pub(crate) params: BTreeMap<String, ParamDecl>,
    /// Changes to rules of the packs under `extends`.
    // Decoded one by one.
    #[serde(default)]
    #[schemars(with = "Vec<OverrideDecl>")]
    pub(crate) overrides: Vec<IgnoredAny>,
    /// Findings that someone has decided to live with until a day, or the file with them.
    #[serde(default)]
    pub(crate) waivers: Option<WaiversDecl>,
    /// Day after which the pack should have been looked at again, written `YYYY-MM-DD`.
    #[serde(default)]
    pub(crate) review_by: Option<String>,
    /// What must be at hand for the pack to run.
    #[serde(default)]
    pub(crate) requires: RequiresDecl,
    /// Warnings kept in all of the pack.
    #[serde(default)]
    pub(crate) allow: Vec<AllowDecl>,
}

/// What must be at hand for a pack to run.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequiresDecl {
    /// Which versions of cleanbill will do: `^1.2`, or `>=0.1, <2`.
    #[serde(default)]
    pub(crate) engine: Option<String>,
    /// Plugins whose checks the rules use.
    #[serde(default)]
    pub(crate) plugins: Vec<RequiredPluginDecl>,
}

/// A plugin that must be loaded.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequiredPluginDecl {
    /// Name of the plugin: the `id` of its manifest.
    pub(crate) name: String,
    /// Which versions will do: `^1.2`, or `>=1.2, <3`.
    pub(crate) version: String,
    /// Checks that it must have.
    #[serde(default)]
    pub(crate) checks: Vec<String>,
}

/// A rule file, named under `include` of the pack.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFileDecl {
    /// The rules of this file.
    // Decoded one by one.
    #[schemars(with = "Vec<RuleDecl>")]
    pub(crate) rules: Vec<IgnoredAny>,
}

/// A file of waivers, named under `waivers` of the pack.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiverFileDecl {
    /// The waivers of this file.
    // Decoded one by one.
    #[schemars(with = "Vec<WaiverDecl>")]
    pub(crate) waivers: Option<Vec<IgnoredAny>>,
}

/// A span of dates of service; both ends are included, a missing end is open.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodDecl {
    /// First date of service, written `YYYY-MM-DD`.
    #[serde(default)]
    pub(crate) from: Option<String>,
    /// Last date of service, written `YYYY-MM-DD`.
    #[serde(default)]
    pub(crate) through: Option<String>,
}

/// Which claims a pack or rule is for; a list that is left out means all.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppliesDecl {
    /// Identifiers of payers as claims carry them; a payer named here or under `filing_indicators` is enough.
    #[serde(default)]
    pub(crate) payers: Vec<String>,
    /// Kinds of payers (SBR09), such as `MB`, `MC` or `CI`.
    #[serde(default)]
    pub(crate) filing_indicators: Vec<String>,
    /// Professional claims, institutional claims or both.
    #[serde(default)]
    #[schemars(extend("items" = words::one_of(words::claim_types())))]
    pub(crate) claim_types: Vec<String>,
}

/// What rules of the pack do unless they say otherwise.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefaultsDecl {
    /// The disposition of rules that give none; left out, `line_denial`.
    #[serde(default)]
    #[schemars(extend("enum" = words::dispositions()))]
    pub(crate) disposition: Option<String>,
    /// The disposition when a claim leaves open what a rule needs; left out, `suspend`.
    #[serde(default)]
    #[schemars(extend("enum" = words::dispositions()))]
    pub(crate) on_unknown: Option<String>,
}

/// A CSV table beside the pack, or an imported table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = words::exactly_one_of(["file", "imported"])))]
pub(crate) struct TableDecl {
    /// Path of the table within the pack.
    #[serde(default)]
    pub(crate) file: Option<String>,
    /// Name of a table that `cleanbill tables import` made, such as `ncci-ptp-practitioner`, in place of a file.
    #[serde(default)]
    pub(crate) imported: Option<String>,
    /// Path within the pack of the rows that tests of rules read in place of an imported table.
    #[serde(default)]
    pub(crate) sample: Option<String>,
    /// The columns that a row is found by.
    pub(crate) key: Vec<String>,
    /// The two columns with the first and the last day of a row; both days are included, an empty cell is open.
    #[serde(default)]
    pub(crate) effective: Option<(String, String)>,
    /// The column that says whether a row is for `practitioner` claims, `hospital` claims or `both`.
    #[serde(default)]
    pub(crate) setting: Option<String>,
    /// The table takes the place of one of the same name in a pack that this one extends.
    #[serde(default, rename = "override")]
    pub(crate) overrides: bool,
}

impl TableDecl {
    /// The CSV file of the pack with rows of the table.
    pub(crate) fn rows(&self) -> Option<&str> {
        self.file.as_deref().or(self.sample.as_deref())
    }
}

/// Facts that several rules read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactsDecl {
    /// How the extremity of a line is found: which side, and arm or leg.
    #[serde(default)]
    pub(crate) extremity: Option<ExtremityDecl>,
}

/// How the extremity of a line is found: for each part a list of steps, of which the first that gives a value wins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtremityDecl {
    /// Where the side (left, right, both) comes from.
    pub(crate) side: Vec<FactStepDecl>,
    /// Where the region (`upper`, `lower`) comes from.
    pub(crate) region: Vec<FactStepDecl>,
}

/// One step; it has exactly one key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = words::exactly_one_of(["table", "modifiers", "line_field"])))]
pub(crate) struct FactStepDecl {
    /// Look the code, or the diagnoses that the line points to, up in a table: `table.column`.
    #[serde(default)]
    pub(crate) table: Option<String>,
    /// What modifiers say of the side: `{ LT: left, RT: right, "50": both }`.
    #[serde(default)]
    #[schemars(extend("additionalProperties" = words::one_of(words::sides())))]
    pub(crate) modifiers: Option<BTreeMap<String, String>>,
    /// Take what the claim itself says: `body_region`.
    #[serde(default)]
    #[schemars(extend("enum" = ["body_region"]))]
    pub(crate) line_field: Option<String>,
}
