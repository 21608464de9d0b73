//! What a Claim or ExplanationOfBenefit says, as far as edits need it, before any of it is checked.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::concept::{Amount, Concept, Identifier, Quantity, Reference, Span};
use crate::json::Text;

/// A Claim or ExplanationOfBenefit.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ClaimResource<'a> {
    #[serde(borrow)]
    pub(super) resource_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    pub(super) implicit_rules: Option<IgnoredAny>,
    pub(super) modifier_extension: Vec<IgnoredAny>,
    #[serde(borrow)]
    pub(super) contained: Vec<&'a RawValue>,
    #[serde(borrow)]
    pub(super) identifier: Vec<Identifier<'a>>,
    #[serde(borrow)]
    pub(super) status: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Concept<'a>,
    #[serde(borrow, rename = "use")]
    pub(super) purpose: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) patient: Reference<'a>,
    #[serde(borrow)]
    pub(super) billable_period: Span<'a>,
    #[serde(borrow)]
    pub(super) created: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) insurer: Reference<'a>,
    #[serde(borrow)]
    pub(super) provider: Reference<'a>,
    #[serde(borrow)]
    pub(super) related: Vec<Related<'a>>,
    #[serde(borrow)]
    pub(super) care_team: Vec<CareTeam<'a>>,
    #[serde(borrow)]
    pub(super) supporting_info: Vec<SupportingInfo<'a>>,
    #[serde(borrow)]
    pub(super) diagnosis: Vec<Diagnosis<'a>>,
    #[serde(borrow)]
    pub(super) insurance: Vec<Insurance<'a>>,
    /// Prior authorizations of an ExplanationOfBenefit.
    #[serde(borrow)]
    pub(super) pre_auth_ref: Vec<Text<'a>>,
    /// Read one by one, so that each line knows where it stands.
    #[serde(borrow)]
    pub(super) item: Vec<&'a RawValue>,
    /// One amount of a Claim, a list of an ExplanationOfBenefit.
    #[serde(borrow)]
    pub(super) total: Option<&'a RawValue>,
}

/// An earlier claim.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Related<'a> {
    #[serde(borrow)]
    pub(super) claim: Reference<'a>,
    #[serde(borrow)]
    pub(super) relationship: Concept<'a>,
    #[serde(borrow)]
    pub(super) reference: Identifier<'a>,
}

/// Someone who took part.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct CareTeam<'a> {
    pub(super) modifier_extension: Vec<IgnoredAny>,
    pub(super) sequence: u32,
    #[serde(borrow)]
    pub(super) provider: Reference<'a>,
    #[serde(borrow)]
    pub(super) role: Concept<'a>,
    #[serde(borrow)]
    pub(super) qualification: Concept<'a>,
}

/// Something more about the claim.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SupportingInfo<'a> {
    pub(super) modifier_extension: Vec<IgnoredAny>,
    #[serde(borrow)]
    pub(super) category: Concept<'a>,
    #[serde(borrow)]
    pub(super) code: Concept<'a>,
    pub(super) sequence: Option<u32>,
    #[serde(borrow)]
    pub(super) reason: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) value_string: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) value_quantity: Option<Quantity<'a>>,
}

/// A diagnosis.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Diagnosis<'a> {
    pub(super) modifier_extension: Vec<IgnoredAny>,
    pub(super) sequence: u32,
    #[serde(borrow)]
    pub(super) diagnosis_codeable_concept: Option<Concept<'a>>,
}

/// Who pays.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Insurance<'a> {
    pub(super) modifier_extension: Vec<IgnoredAny>,
    pub(super) focal: bool,
    #[serde(borrow)]
    pub(super) coverage: Reference<'a>,
    /// What the payer said of the claim before.
    #[serde(borrow)]
    pub(super) claim_response: Reference<'a>,
    #[serde(borrow)]
    pub(super) pre_auth_ref: Vec<Text<'a>>,
}

/// A service line.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Item<'a> {
    pub(super) modifier_extension: Vec<IgnoredAny>,
    pub(super) sequence: Option<u32>,
    pub(super) care_team_sequence: Vec<u32>,
    pub(super) information_sequence: Vec<u32>,
    pub(super) diagnosis_sequence: Vec<u32>,
    #[serde(borrow)]
    pub(super) revenue: Option<Concept<'a>>,
    #[serde(borrow)]
    pub(super) product_or_service: Option<Concept<'a>>,
    #[serde(borrow)]
    pub(super) modifier: Vec<Concept<'a>>,
    #[serde(borrow)]
    pub(super) serviced_date: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) serviced_period: Option<Span<'a>>,
    #[serde(borrow)]
    pub(super) location_codeable_concept: Option<Concept<'a>>,
    #[serde(borrow)]
    pub(super) quantity: Option<Quantity<'a>>,
    #[serde(borrow)]
    pub(super) unit_price: Option<Amount<'a>>,
    #[serde(borrow)]
    pub(super) net: Option<Amount<'a>>,
    #[serde(borrow)]
    pub(super) adjudication: Vec<Adjudication<'a>>,
    pub(super) detail: Vec<IgnoredAny>,
}

/// An amount of an ExplanationOfBenefit and what it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Adjudication<'a> {
    #[serde(borrow)]
    pub(super) category: Concept<'a>,
    #[serde(borrow)]
    pub(super) amount: Option<Amount<'a>>,
}
