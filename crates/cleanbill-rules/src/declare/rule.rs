//! A rule as declared: what all kinds share, and one optional block for each kind.

use serde::Deserialize;

use super::pack::{AppliesDecl, PeriodDecl};
use super::test::TestDecl;
use crate::kind::{
    CodeValidityDecl, DemographicDecl, DiagnosisCoverageDecl, DuplicateLineDecl,
    FrequencyLimitDecl, ModifierValidityDecl, PairDecl, PlaceOfServiceDecl, PluginCheckDecl,
    RequireDecl, RequiresPrimaryDecl, UnitLimitDecl,
};

/// One rule. Exactly one of the kind keys must be there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleDecl {
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) mutually_exclusive: Option<PairDecl>,
    #[serde(default)]
    pub(crate) unit_limit: Option<UnitLimitDecl>,
    #[serde(default)]
    pub(crate) modifier_validity: Option<ModifierValidityDecl>,
    #[serde(default)]
    pub(crate) place_of_service: Option<PlaceOfServiceDecl>,
    #[serde(default)]
    pub(crate) code_validity: Option<CodeValidityDecl>,
    #[serde(default)]
    pub(crate) requires_primary: Option<RequiresPrimaryDecl>,
    #[serde(default)]
    pub(crate) require: Option<RequireDecl>,
    #[serde(default)]
    pub(crate) diagnosis_coverage: Option<DiagnosisCoverageDecl>,
    #[serde(default)]
    pub(crate) duplicate_line: Option<DuplicateLineDecl>,
    #[serde(default)]
    pub(crate) demographic: Option<DemographicDecl>,
    #[serde(default)]
    pub(crate) frequency_limit: Option<FrequencyLimitDecl>,
    #[serde(default)]
    pub(crate) plugin_check: Option<PluginCheckDecl>,
    #[serde(default)]
    pub(crate) disposition: Option<String>,
    #[serde(default)]
    pub(crate) severity: Option<String>,
    #[serde(default)]
    pub(crate) on_unknown: Option<String>,
    #[serde(default)]
    pub(crate) remit: Option<RemitDecl>,
    pub(crate) message: String,
    pub(crate) fix: String,
    #[serde(default)]
    pub(crate) owner: Option<String>,
    #[serde(default)]
    pub(crate) applies_to: Option<AppliesDecl>,
    #[serde(default)]
    pub(crate) effective: Option<PeriodDecl>,
    pub(crate) source: Vec<SourceDecl>,
    #[serde(default)]
    pub(crate) tests: Vec<TestDecl>,
    /// No pack that extends this one may change the rule.
    #[serde(default)]
    pub(crate) r#final: bool,
    /// Warnings of `rules check` that are kept in this rule.
    #[serde(default)]
    pub(crate) allow: Vec<AllowDecl>,
    /// A second name that says more than the id: `explain` takes either.
    #[serde(default)]
    pub(crate) slug: Option<String>,
}

/// A warning of `rules check` that its author has looked at and keeps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllowDecl {
    /// Code of the warning, such as `W4203`.
    pub(crate) lint: String,
    /// Why it is right as it is.
    pub(crate) reason: String,
}

/// Remittance codes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemitDecl {
    pub(crate) group: String,
    pub(crate) carc: String,
    #[serde(default)]
    pub(crate) rarc: Vec<String>,
}

/// Where a rule's authority comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceDecl {
    pub(crate) authority: String,
    pub(crate) document: String,
    #[serde(default)]
    pub(crate) edition: Option<String>,
    pub(crate) kind: String,
    /// `false` while a coder has yet to confirm it.
    #[serde(default)]
    pub(crate) verified: Option<bool>,
}
