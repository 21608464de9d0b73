//! Claims of a test in the project's claim JSON, the same files that `cleanbill validate` reads.

use serde::Deserialize;
use serde_json::Value;

use super::claim::{TestClaim, TestLine};

/// Members that an edit does not see, such as names, are passed over.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Claim {
    r#type: String,
    payer: String,
    filing_indicator: String,
    frequency: String,
    type_of_bill: String,
    place_of_service: String,
    patient: Patient,
    billing_provider: Provider,
    rendering_provider: Provider,
    diagnoses: Vec<String>,
    charge: Value,
    submitted: String,
    prior_authorization: String,
    original_reference: String,
    lines: Vec<Line>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Patient {
    birth_date: String,
    sex: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Provider {
    npi: String,
    taxonomy: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    procedure: String,
    modifiers: Vec<String>,
    units: Value,
    unit_basis: String,
    charge: Value,
    from: String,
    through: String,
    diagnosis_pointers: Vec<u8>,
    place_of_service: String,
    revenue_code: String,
    rendering_provider: Provider,
    body_region: String,
    drug: Drug,
    prior_authorization: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Drug {
    ndc: String,
    quantity: Value,
    unit: String,
}

impl TestClaim {
    /// A claim in claim JSON.
    ///
    /// # Errors
    /// What is no claim: the member and the reason.
    pub fn from_json(json: &str) -> Result<Self, String> {
        let claim = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Self::from_value(claim)
    }

    pub(super) fn from_value(claim: Value) -> Result<Self, String> {
        let claim: Claim = serde_json::from_value(claim).map_err(|error| error.to_string())?;
        let base = Self::new(&claim.payer);
        Ok(Self {
            filing_indicator: claim.filing_indicator,
            frequency: claim.frequency,
            bill_type: claim.type_of_bill,
            place_of_service: claim.place_of_service,
            billing_npi: claim.billing_provider.npi,
            billing_taxonomy: claim.billing_provider.taxonomy,
            rendering_npi: claim.rendering_provider.npi,
            rendering_taxonomy: claim.rendering_provider.taxonomy,
            charge: scaled("charge", &claim.charge, 2)?,
            diagnoses: claim.diagnoses.iter().map(|code| code.replace('.', "")).collect(),
            submitted: day("submitted", &claim.submitted)?,
            birth_date: day("patient.birth_date", &claim.patient.birth_date)?,
            sex: claim.patient.sex,
            authorization: claim.prior_authorization,
            replaces_another: !claim.original_reference.is_empty(),
            lines: claim.lines.into_iter().map(line).collect::<Result<_, _>>()?,
            ..match claim.r#type.as_str() {
                "institutional" => base.institutional(),
                "dental" => base.dental(),
                _ => base,
            }
        })
    }
}

fn line(line: Line) -> Result<TestLine, String> {
    let from = day("from", &line.from)?;
    Ok(TestLine {
        code: line.procedure,
        modifiers: line.modifiers,
        pointers: line.diagnosis_pointers,
        place_of_service: line.place_of_service,
        revenue_code: line.revenue_code,
        rendering_npi: line.rendering_provider.npi,
        rendering_taxonomy: line.rendering_provider.taxonomy,
        body_region: line.body_region,
        from,
        through: if line.through.is_empty() { from } else { day("through", &line.through)? },
        units_milli: scaled("units", &line.units, 3)?.unwrap_or(1000),
        minutes: line.unit_basis == "minutes",
        charge: scaled("charge", &line.charge, 2)?.unwrap_or_default(),
        ndc: line.drug.ndc.replace('-', ""),
        drug_quantity_milli: scaled("drug.quantity", &line.drug.quantity, 3)?.unwrap_or_default(),
        drug_unit: line.drug.unit,
        authorization: line.prior_authorization,
    })
}

/// `2026-03-02` as a number; 0 for nothing.
fn day(member: &str, text: &str) -> Result<i32, String> {
    if text.is_empty() {
        return Ok(0);
    }
    let digits = text.replace('-', "");
    let day = digits.parse().ok().filter(|_| text.len() == 10 && digits.len() == 8);
    day.ok_or_else(|| format!("`{member}` is not a day, such as 2026-03-02"))
}

/// A decimal number, written as text or as a number, in units of its last of `places` places.
fn scaled(member: &str, value: &Value, places: usize) -> Result<Option<i64>, String> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let missing = places.checked_sub(part.len());
    missing
        .and_then(|missing| format!("{whole}{part}{}", "0".repeat(missing)).parse().ok())
        .map(Some)
        .ok_or_else(|| format!("`{member}` is not a number with at most {places} places"))
}
