//! A rule as declared: what all kinds share, and one optional block for each kind.

use schemars::JsonSchema;
use serde::Deserialize;

use super::pack::{AppliesDecl, PeriodDecl};
use super::test::TestDecl;
use crate::kind::{
    CodeValidityDecl, DemographicDecl, DiagnosisCoverageDecl, DuplicateLineDecl,
    FrequencyLimitDecl, GlobalSurgeryDecl, ModifierValidityDecl, NewPatientVisitDecl, PairDecl,
    PlaceOfServiceDecl, PluginCheckDecl, RequireDecl, RequiresPrimaryDecl, ServiceDateDecl,
    UnitLimitDecl,
};
use crate::schema::words;

/// One rule; it has exactly one kind, which is one of the blocks that say what is compared.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = words::exactly_one_of(crate::kind::names())))]
#[schemars(extend("if" = words::lacks("plugin_check"), "then" = words::has(["message", "fix"])))]
pub(crate) struct RuleDecl {
    /// Unique name of the rule, said by what is wrong: `units-over-mue`.
    pub(crate) id: String,
    /// One short line in your own words.
    pub(crate) title: String,
    /// Kind of rule: two procedures that are not both payable on one day.
    #[serde(default)]
    pub(crate) mutually_exclusive: Option<PairDecl>,
    /// Kind of rule: more units than a table allows.
    #[serde(default)]
    pub(crate) unit_limit: Option<UnitLimitDecl>,
    /// Kind of rule: a modifier that does not go with the code, is missing, or contradicts another.
    #[serde(default)]
    pub(crate) modifier_validity: Option<ModifierValidityDecl>,
    /// Kind of rule: a code billed at a place where it is not payable.
    #[serde(default)]
    pub(crate) place_of_service: Option<PlaceOfServiceDecl>,
    /// Kind of rule: a code on a date of service on which it does not exist.
    #[serde(default)]
    pub(crate) code_validity: Option<CodeValidityDecl>,
    /// Kind of rule: an add-on code without its primary procedure.
    #[serde(default)]
    pub(crate) requires_primary: Option<RequiresPrimaryDecl>,
    /// Kind of rule: lines of certain codes must carry a fact.
    #[serde(default)]
    pub(crate) require: Option<RequireDecl>,
    /// Kind of rule: a procedure for which no diagnosis is covered.
    #[serde(default)]
    pub(crate) diagnosis_coverage: Option<DiagnosisCoverageDecl>,
    /// Kind of rule: one service on two lines of a claim.
    #[serde(default)]
    pub(crate) duplicate_line: Option<DuplicateLineDecl>,
    /// Kind of rule: a procedure that does not go with the sex or age of the patient.
    #[serde(default)]
    pub(crate) demographic: Option<DemographicDecl>,
    /// Kind of rule: a service more often within some days than is payable.
    #[serde(default)]
    pub(crate) frequency_limit: Option<FrequencyLimitDecl>,
    /// Kind of rule: a visit of a new patient who was seen before.
    #[serde(default)]
    pub(crate) new_patient_visit: Option<NewPatientVisitDecl>,
    /// Kind of rule: a visit or procedure within the global period of a surgery.
    #[serde(default)]
    pub(crate) global_surgery: Option<GlobalSurgeryDecl>,
    /// Kind of rule: a date of service that cannot be.
    #[serde(default)]
    pub(crate) service_date: Option<ServiceDateDecl>,
    /// Kind of rule: a check of a plugin, which judges while the pack says what follows.
    #[serde(default)]
    pub(crate) plugin_check: Option<PluginCheckDecl>,
    /// What happens to the line when the rule fires; left out, the pack's default.
    #[serde(default)]
    #[schemars(extend("enum" = words::dispositions()))]
    pub(crate) disposition: Option<String>,
    /// How loud a finding is; left out, it follows from the disposition.
    #[serde(default)]
    #[schemars(extend("enum" = words::severities()))]
    pub(crate) severity: Option<String>,
    /// The disposition when the claim leaves open what the rule needs; left out, the pack's default.
    #[serde(default)]
    #[schemars(extend("enum" = words::dispositions()))]
    pub(crate) on_unknown: Option<String>,
    /// The remittance codes (835) that go with the finding.
    #[serde(default)]
    pub(crate) remit: Option<RemitDecl>,
    /// What is wrong, in one sentence, with placeholders such as `{code}`; quote it. It must be there, unless the rule is a check of a plugin, which has words of its own.
    #[serde(default)]
    pub(crate) message: Option<String>,
    /// What the coder should do; placeholders as in `message`. It must be there, unless the rule is a check of a plugin.
    #[serde(default)]
    pub(crate) fix: Option<String>,
    /// Who mends such claims; left out, the pack's owner.
    #[serde(default)]
    pub(crate) owner: Option<String>,
    /// Which claims the rule is for, within those of its pack.
    #[serde(default)]
    pub(crate) applies_to: Option<AppliesDecl>,
    /// Dates of service for which the rule holds, within those of its pack.
    #[serde(default)]
    pub(crate) effective: Option<PeriodDecl>,
    /// Who says so: at least one source.
    pub(crate) source: Vec<SourceDecl>,
    /// Claims with what the rule must make of them; a rule without tests is a guess.
    #[serde(default)]
    pub(crate) tests: Vec<TestDecl>,
    /// No pack that extends this one may change the rule.
    #[serde(default)]
    pub(crate) r#final: bool,
    /// Warnings of `rules check` that are kept in this rule.
    #[serde(default)]
    pub(crate) allow: Vec<AllowDecl>,
    /// A second name that says more than the id; `explain` takes either.
    #[serde(default)]
    pub(crate) slug: Option<String>,
}

/// A warning of `rules check` that its author has looked at and keeps.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllowDecl {
    /// Code of the warning, such as `W4203`.
    pub(crate) lint: String,
    /// Why it is right as it is.
    pub(crate) reason: String,
}

/// Remittance codes of a finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemitDecl {
    /// Group code: who is liable.
    #[schemars(extend("enum" = words::group_codes()))]
    pub(crate) group: String,
    /// Claim adjustment reason code (CARC), such as `236`.
    pub(crate) carc: String,
    /// Remittance advice remark codes (RARC), such as `[N20]`; some reasons must have one.
    #[serde(default)]
    pub(crate) rarc: Vec<String>,
}

/// Where a rule's authority comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceDecl {
    /// Who says so: `CMS`, `AMA CPT`, the payer.
    pub(crate) authority: String,
    /// In which document.
    pub(crate) document: String,
    /// Which edition or date of the document.
    #[serde(default)]
    pub(crate) edition: Option<String>,
    /// Whether the document is `public`, `licensed` (cite it, do not quote it) or `internal`.
    #[schemars(extend("enum" = words::source_kinds()))]
    pub(crate) kind: String,
    /// `false` while a coder has yet to look it up.
    #[serde(default)]
    pub(crate) verified: Option<bool>,
}
