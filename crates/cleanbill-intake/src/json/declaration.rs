//! What claim JSON may say, before any of it is checked.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

use super::few::Few;

/// Text, borrowed from the input unless it has escapes.
#[derive(Debug)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

/// A claim. Members that are absent are `None`; `null` is refused.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimDeclaration<'a> {
    #[serde(default, deserialize_with = "present")]
    pub(super) schema: Option<u32>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) claim_id: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present", rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) frequency: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) payer: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) filing_indicator: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) patient: Option<PatientDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) billing_provider: Option<BillingDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) rendering_provider: Option<ProviderDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) referring_provider: Option<NpiDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) supervising_provider: Option<NpiDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) ambulance: Option<AmbulanceDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) certifications: Option<Vec<CertificationDeclaration<'a>>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) spinal_condition: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) attending_provider: Option<ProviderDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) operating_provider: Option<NpiDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) admission: Option<AdmissionDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) statement: Option<SpanDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) condition_codes: Option<Vec<Text<'a>>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) value_codes: Option<Vec<ValueDeclaration<'a>>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) occurrences: Option<Vec<OccurrenceDeclaration<'a>>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) place_of_service: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) type_of_bill: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) diagnosis_system: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) diagnoses: Option<Few<Text<'a>, 25>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) charge: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) submitted: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) prior_authorization: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) original_reference: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) note: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) other_payers: Option<Vec<OtherPayerDeclaration<'a>>>,
    /// Read one by one, so that each line knows where it stands.
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) lines: Option<Vec<&'a RawValue>>,
}

/// The patient.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatientDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) birth_date: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) sex: Option<Text<'a>>,
}

/// The billing provider.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BillingDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) npi: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) tax_id: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) taxonomy: Option<Text<'a>>,
}

/// A rendering provider.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProviderDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) npi: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) taxonomy: Option<Text<'a>>,
}

/// An ordering or referring provider.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NpiDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) npi: Option<Text<'a>>,
}

/// Admission to a facility.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdmissionDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present", rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) source: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) status: Option<Text<'a>>,
}

/// A span of days.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpanDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) from: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) through: Option<Text<'a>>,
}

/// A value code.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) code: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) amount: Option<&'a RawValue>,
}

/// An occurrence or an occurrence span.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OccurrenceDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) code: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) from: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) through: Option<Text<'a>>,
}

/// The drug of a line.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DrugDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) ndc: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) quantity: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) unit: Option<Text<'a>>,
}

/// An ambulance transport.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AmbulanceDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) weight: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) reason: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) distance: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) round_trip: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) stretcher: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) pick_up_zip: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) drop_off_zip: Option<Text<'a>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) patients: Option<u32>,
}

/// Conditions that are certified to hold or not to.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificationDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) category: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) applies: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) conditions: Option<Few<Text<'a>, 5>>,
}

/// Another payer of the claim.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OtherPayerDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) id: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) rank: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) filing_indicator: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) paid: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) remaining: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) non_covered: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) adjudicated: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) adjustments: Option<Vec<AdjustmentDeclaration<'a>>>,
}

/// What another payer said of a line.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdjudicationDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) payer: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) paid: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) procedure: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) modifiers: Option<Few<Text<'a>, 4>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) units: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "present")]
    pub(super) bundled_into: Option<u32>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) remaining: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) adjudicated: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) adjustments: Option<Vec<AdjustmentDeclaration<'a>>>,
}

/// Why another payer did not pay a part of a charge.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdjustmentDeclaration<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) group: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) reason: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) amount: Option<&'a RawValue>,
}

/// A service line.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineDeclaration<'a> {
    #[serde(default, deserialize_with = "present")]
    pub(super) number: Option<u32>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) procedure: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) modifiers: Option<Few<Text<'a>, 4>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) units: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) charge: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) from: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) through: Option<Text<'a>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) diagnosis_pointers: Option<Few<u8, 4>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) place_of_service: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) revenue_code: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) rate: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) body_region: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) rendering_provider: Option<ProviderDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) ordering_provider: Option<NpiDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) referring_provider: Option<NpiDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) purchased_service_provider: Option<NpiDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) supervising_provider: Option<NpiDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) ambulance: Option<AmbulanceDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) certifications: Option<Vec<CertificationDeclaration<'a>>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) drug: Option<DrugDeclaration<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) prior_authorization: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) other_adjudications: Option<Vec<AdjudicationDeclaration<'a>>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) control_number: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) description: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(super) note: Option<Text<'a>>,
}

/// Reads a member that is there: unlike `Option`, it does not take `null` for absent.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    input: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(input).map(Some)
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        input.deserialize_str(TextVisitor)
    }
}
