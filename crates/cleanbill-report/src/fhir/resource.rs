//! The shapes of FHIR R4 that are written, their members in the order of the specification.

use serde::Serialize;

/// Claim adjustment reason codes, as FHIR names the list.
pub(super) const CARC: &str = "https://x12.org/codes/claim-adjustment-reason-codes";
/// Remittance advice remark codes.
pub(super) const RARC: &str = "https://x12.org/codes/remittance-advice-remark-codes";
/// CARIN Blue Button: adjudications whose reason is a CARC are of the category `denialreason`.
pub(super) const ADJUDICATION: &str =
    "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBAdjudicationDiscriminator";
/// Kinds of claims.
pub(super) const CLAIM_TYPE: &str = "http://terminology.hl7.org/CodeSystem/claim-type";
/// Our rules, input error codes and kinds of faults.
pub(super) const RULE: &str = "urn:x-cleanbill:rule";
pub(super) const INPUT_ERROR: &str = "urn:x-cleanbill:input-error";
pub(super) const FAULT: &str = "urn:x-cleanbill:fault";

const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

#[derive(Serialize)]
pub(super) struct Coding {
    pub(super) system: &'static str,
    pub(super) code: String,
}

#[derive(Default, Serialize)]
pub(super) struct Concept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) extension: Vec<Extension>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extension {
    url: &'static str,
    value_code: &'static str,
}

/// Why a value that must be there is not: `masked` or `unknown`.
pub(super) fn absent(reason: &'static str) -> Vec<Extension> {
    vec![Extension { url: ABSENT, value_code: reason }]
}

#[derive(Serialize)]
pub(super) struct Identifier {
    pub(super) value: String,
}

/// A reference to something that is known by its identifier alone, or not at all.
#[derive(Serialize)]
pub(super) struct Reference {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<Identifier>,
}

impl Reference {
    pub(super) fn to(value: &str) -> Self {
        let value = crate::escape::escape(value.trim()).into_owned();
        if value.is_empty() {
            return Self::to_nobody("unknown");
        }
        Self { extension: Vec::new(), identifier: Some(Identifier { value }) }
    }

    pub(super) fn to_nobody(reason: &'static str) -> Self {
        Self { extension: absent(reason), identifier: None }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClaimResponse {
    pub(super) resource_type: &'static str,
    pub(super) id: String,
    pub(super) status: &'static str,
    pub(super) r#type: Concept,
    pub(super) r#use: &'static str,
    pub(super) patient: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<String>,
    /// Stands where there is no `created`.
    #[serde(rename = "_created", skip_serializing_if = "Option::is_none")]
    pub(super) created_absent: Option<Absence>,
    pub(super) insurer: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<Reference>,
    pub(super) outcome: &'static str,
    pub(super) disposition: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) item: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) adjudication: Vec<Adjudication>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) process_note: Vec<Note>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) error: Vec<ClaimError>,
}

#[derive(Serialize)]
pub(super) struct Absence {
    pub(super) extension: Vec<Extension>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) item_sequence: u32,
    pub(super) note_number: Vec<u32>,
    pub(super) adjudication: Vec<Adjudication>,
}

#[derive(Serialize)]
pub(super) struct Adjudication {
    pub(super) category: Concept,
    pub(super) reason: Concept,
}

#[derive(Serialize)]
pub(super) struct Note {
    pub(super) number: u32,
    pub(super) r#type: &'static str,
    pub(super) text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClaimError {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item_sequence: Option<u32>,
    pub(super) code: Concept,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OperationOutcome {
    pub(super) resource_type: &'static str,
    pub(super) id: String,
    pub(super) issue: Vec<Issue>,
}

#[derive(Serialize)]
pub(super) struct Issue {
    pub(super) severity: &'static str,
    pub(super) code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<Concept>,
    pub(super) diagnostics: String,
}
