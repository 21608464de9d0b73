//! A claim as the history keeps it: what edits can ask of another claim of the patient, and no more.
//!
//! Names, addresses, birth dates, notes and account numbers are not in it. The patient is not in it
//! either (the row names it by a keyed hash), and the tax number is a keyed hash of its own. The order
//! of the fields is the format: new ones go behind the others, with a new [`FORMAT`].

use cleanbill_model::{
    Claim, ClaimType, DiagnosisCode, DiagnosisSystem, FilingIndicator, Frequency, Money, Npi, Phi,
    PlaceOfService, Provider, ServiceDate, Taxonomy, TextRef, TypeOfBill,
};
use serde::{Deserialize, Serialize};

use crate::key::{Keyed, PatientKey, digest};

mod line;

use line::LineRecord;

/// Version of the bytes of a record and of the tables that it lies in.
pub(crate) const FORMAT: u32 = 2;

/// A claim in a history.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ClaimRecord<'a> {
    kind: u8,
    id: &'a str,
    frequency: &'a str,
    reference: &'a str,
    payer: &'a str,
    filing: &'a str,
    tax: Option<Keyed>,
    billing: ProviderRecord<'a>,
    rendering: ProviderRecord<'a>,
    place_of_service: &'a str,
    type_of_bill: &'a str,
    icd_9: bool,
    #[serde(borrow)]
    diagnoses: Vec<&'a str>,
    charge: i64,
    submitted: i32,
    #[serde(borrow)]
    lines: Vec<LineRecord<'a>>,
}

/// What tells `claim` from other claims, in every history under `key`; none of a claim that is too
/// large to be kept.
#[must_use]
pub fn claim_digest(claim: &Claim, key: &PatientKey) -> Option<Keyed> {
    let record = ClaimRecord::of(claim, key, &mut [0; 4]).write(Vec::new()).ok()?;
    Some(digest(&record))
}

/// Identifiers of a provider.
#[derive(Debug, Serialize, Deserialize)]
struct ProviderRecord<'a> {
    npi: &'a str,
    taxonomy: &'a str,
}

/// Why the bytes of a record are no claim.
#[derive(Debug, thiserror::Error)]
#[error("a claim of the history cannot be read back")]
pub(crate) struct Unreadable;

impl<'a> ClaimRecord<'a> {
    /// What is kept of `claim`; its tax number under `key`. `frequency` is memory for one character.
    pub(crate) fn of(claim: &'a Claim, key: &PatientKey, frequency: &'a mut [u8; 4]) -> Self {
        let tax = claim.text(*claim.tax_id.reveal());
        Self {
            kind: match claim.claim_type {
                ClaimType::Professional => 0,
                ClaimType::Institutional => 1,
                ClaimType::Dental => 2,
            },
            id: claim.id(),
            frequency: claim.frequency.map_or("", |known| known.as_char().encode_utf8(frequency)),
            reference: claim.text(claim.original_reference),
            payer: claim.payer(),
            filing: claim.filing_indicator.as_ref().map_or("", FilingIndicator::as_str),
            tax: (!tax.is_empty()).then(|| key.tax(tax)),
            billing: ProviderRecord::of(&claim.billing),
            rendering: ProviderRecord::of(&claim.rendering),
            place_of_service: claim.place_of_service.as_ref().map_or("", PlaceOfService::as_str),
            type_of_bill: claim.type_of_bill.as_ref().map_or("", TypeOfBill::as_str),
            icd_9: claim.diagnosis_system == Some(DiagnosisSystem::Icd9Cm),
            diagnoses: claim.diagnoses.iter().map(DiagnosisCode::as_str).collect(),
            charge: claim.charge.cents(),
            submitted: claim.submitted.map_or(0, ServiceDate::yyyymmdd),
            lines: claim.lines.iter().map(|line| LineRecord::of(claim, line)).collect(),
        }
    }

    /// The record as bytes, behind what `bytes` holds.
    pub(crate) fn write(&self, bytes: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        postcard::to_extend(self, bytes).map_err(|_| Unreadable)
    }

    /// Reads a record back.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        postcard::from_bytes(bytes).map_err(|_| Unreadable)
    }

    /// The claim again, without the lines numbered in `without`. The tax number of a claim that shares
    /// `own` comes back as written there, that of any other as something that no claim has.
    pub(crate) fn claim(
        &self,
        without: &[u32],
        own: Option<(Keyed, &str)>,
    ) -> Result<Claim, Unreadable> {
        let mut claim = Claim {
            claim_type: match self.kind {
                0 => ClaimType::Professional,
                1 => ClaimType::Institutional,
                2 => ClaimType::Dental,
                _ => return Err(Unreadable),
            },
            frequency: optional(self.frequency, |text| Frequency::new(text).ok_or(()))?,
            filing_indicator: optional(self.filing, FilingIndicator::new)?,
            billing: self.billing.provider()?,
            rendering: self.rendering.provider()?,
            place_of_service: optional(self.place_of_service, PlaceOfService::new)?,
            type_of_bill: optional(self.type_of_bill, TypeOfBill::new)?,
            charge: Money::from_cents(self.charge),
            submitted: match self.submitted {
                0 => None,
                day => Some(ServiceDate::from_yyyymmdd(day).ok_or(Unreadable)?),
            },
            ..Claim::default()
        };
        claim.claim_id = claim.texts.add(self.id);
        claim.original_reference = claim.texts.add(self.reference);
        claim.payer_id = claim.texts.add(self.payer);
        claim.tax_id = Phi::new(match (self.tax, own) {
            (None, _) => TextRef::default(),
            (Some(tax), Some((same, text))) if tax == same => claim.texts.add(text),
            (Some(_), _) => claim.texts.add("another tax number"),
        });
        for code in &self.diagnoses {
            claim.diagnoses.push(DiagnosisCode::new(code.as_bytes()).map_err(|_| Unreadable)?);
        }
        if !claim.diagnoses.is_empty() {
            claim.diagnosis_system = Some(match self.icd_9 {
                true => DiagnosisSystem::Icd9Cm,
                false => DiagnosisSystem::Icd10Cm,
            });
        }
        claim.lines.reserve_exact(self.lines.len());
        for line in &self.lines {
            if !without.contains(&line.number()) {
                let line = line.line(&mut claim)?;
                claim.lines.push(line);
            }
        }
        Ok(claim)
    }
}

impl<'a> ProviderRecord<'a> {
    fn of(provider: &'a Provider) -> Self {
        Self {
            npi: provider.npi.as_ref().map_or("", Npi::as_str),
            taxonomy: provider.taxonomy.as_ref().map_or("", Taxonomy::as_str),
        }
    }

    fn provider(&self) -> Result<Provider, Unreadable> {
        Ok(Provider {
            npi: optional(self.npi, Npi::new)?,
            taxonomy: optional(self.taxonomy, Taxonomy::new)?,
        })
    }
}

/// A code that may be missing: the empty text.
fn optional<T, E>(
    text: &str,
    read: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<Option<T>, Unreadable> {
    if text.is_empty() {
        return Ok(None);
    }
    read(text.as_bytes()).map(Some).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests;
