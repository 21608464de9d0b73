//! The parts of a claim that cross to a plugin, each by a name and a bit. A manifest asks for them by name,
//! `plugins.lock` grants them by name, and what is not granted is left empty.

/// The bit of a field, in [`crate::CbClaim::granted`] and in the `present` of claim and line: from 0.
pub type CbField = u32;

/// Payer's identifier.
pub const CLAIM_PAYER_ID: CbField = 1;
/// Kind of payer (SBR09).
pub const CLAIM_FILING_INDICATOR: CbField = 2;
/// Claim frequency (CLM05-3).
pub const CLAIM_FREQUENCY: CbField = 3;
/// Type of bill (institutional).
pub const CLAIM_BILL_TYPE: CbField = 4;
/// Place of service of the claim (professional).
pub const CLAIM_PLACE_OF_SERVICE: CbField = 5;
/// NPI of the billing provider.
pub const CLAIM_BILLING_NPI: CbField = 6;
/// Taxonomy of the billing provider.
pub const CLAIM_BILLING_TAXONOMY: CbField = 7;
/// NPI of the claim's rendering provider.
pub const CLAIM_RENDERING_NPI: CbField = 8;
/// Taxonomy of the claim's rendering provider.
pub const CLAIM_RENDERING_TAXONOMY: CbField = 9;
/// First and last date of service of all lines.
pub const CLAIM_DATES: CbField = 10;
/// Total charge.
pub const CLAIM_CHARGE: CbField = 11;
/// Diagnosis codes.
pub const CLAIM_DIAGNOSES: CbField = 12;
/// Day on which the claim was handed in.
pub const CLAIM_SUBMITTED: CbField = 13;
/// Whether the claim names the one that it replaces or voids.
pub const CLAIM_ORIGINAL_REFERENCE: CbField = 14;
/// Prior authorization of the claim.
pub const CLAIM_AUTHORIZATION: CbField = 15;
/// Patient's sex.
pub const PATIENT_SEX: CbField = 16;
/// Patient's date of birth.
pub const PATIENT_BIRTH_DATE: CbField = 17;
/// CPT/HCPCS code of a line.
pub const LINE_CODE: CbField = 32;
/// Modifiers of a line.
pub const LINE_MODIFIERS: CbField = 33;
/// Diagnosis pointers of a line.
pub const LINE_DIAGNOSES: CbField = 34;
/// Place of service of a line, resolved.
pub const LINE_PLACE_OF_SERVICE: CbField = 35;
/// Revenue code of a line.
pub const LINE_REVENUE_CODE: CbField = 36;
/// NPI of the rendering provider of a line, resolved.
pub const LINE_RENDERING_NPI: CbField = 37;
/// Taxonomy of the rendering provider of a line, resolved.
pub const LINE_RENDERING_TAXONOMY: CbField = 38;
/// Upper or lower extremity.
pub const LINE_BODY_REGION: CbField = 39;
/// Dates of service of a line.
pub const LINE_DATES: CbField = 40;
/// Quantity of a line and what it counts.
pub const LINE_UNITS: CbField = 41;
/// Charge of a line.
pub const LINE_CHARGE: CbField = 42;
/// Drug of a line: NDC, quantity and its unit.
pub const LINE_DRUG: CbField = 43;
/// Prior authorization of a line, else of its claim.
pub const LINE_AUTHORIZATION: CbField = 44;

/// Every field with its name in manifests and locks, in the order of the bits.
pub const ALL: [(&str, CbField); 30] = [
    ("claim.payer_id", CLAIM_PAYER_ID),
    ("claim.filing_indicator", CLAIM_FILING_INDICATOR),
    ("claim.frequency", CLAIM_FREQUENCY),
    ("claim.bill_type", CLAIM_BILL_TYPE),
    ("claim.place_of_service", CLAIM_PLACE_OF_SERVICE),
    ("claim.billing_npi", CLAIM_BILLING_NPI),
    ("claim.billing_taxonomy", CLAIM_BILLING_TAXONOMY),
    ("claim.rendering_npi", CLAIM_RENDERING_NPI),
    ("claim.rendering_taxonomy", CLAIM_RENDERING_TAXONOMY),
    ("claim.dates", CLAIM_DATES),
    ("claim.charge", CLAIM_CHARGE),
    ("claim.diagnoses", CLAIM_DIAGNOSES),
    ("claim.submitted", CLAIM_SUBMITTED),
    ("claim.original_reference", CLAIM_ORIGINAL_REFERENCE),
    ("claim.authorization", CLAIM_AUTHORIZATION),
    ("patient.sex", PATIENT_SEX),
    ("patient.birth_date", PATIENT_BIRTH_DATE),
    ("line.code", LINE_CODE),
    ("line.modifiers", LINE_MODIFIERS),
    ("line.diagnoses", LINE_DIAGNOSES),
    ("line.place_of_service", LINE_PLACE_OF_SERVICE),
    ("line.revenue_code", LINE_REVENUE_CODE),
    ("line.rendering_npi", LINE_RENDERING_NPI),
    ("line.rendering_taxonomy", LINE_RENDERING_TAXONOMY),
    ("line.body_region", LINE_BODY_REGION),
    ("line.dates", LINE_DATES),
    ("line.units", LINE_UNITS),
    ("line.charge", LINE_CHARGE),
    ("line.drug", LINE_DRUG),
    ("line.authorization", LINE_AUTHORIZATION),
];

/// The field of that name.
#[must_use]
pub fn named(name: &str) -> Option<CbField> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
}

/// A set of fields as it crosses: bit `1 << field`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSet(u64);

impl FieldSet {
    /// No field.
    pub const NONE: Self = Self(0);

    /// Every field there is.
    #[must_use]
    pub const fn all() -> Self {
        let mut set = Self::NONE;
        let mut rest: &[(&str, CbField)] = &ALL;
        while let Some(((_, field), more)) = rest.split_first() {
            set = set.with(*field);
            rest = more;
        }
        set
    }

    /// The set with `field` in it.
    #[must_use]
    pub const fn with(self, field: CbField) -> Self {
        Self(self.0 | 1_u64.wrapping_shl(field))
    }

    /// The set with `field` in it when `given`.
    #[must_use]
    pub const fn with_if(self, field: CbField, given: bool) -> Self {
        if given { self.with(field) } else { self }
    }

    /// Whether `field` is in it.
    #[must_use]
    pub const fn has(self, field: CbField) -> bool {
        field < u64::BITS && self.0 & 1_u64.wrapping_shl(field) != 0
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The set with those bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, FieldSet, LINE_DRUG, named};

    #[test]
    fn names_and_bits_are_unique_and_in_order() {
        for pair in ALL.windows(2) {
            assert!(pair[0].1 < pair[1].1, "{} and {}", pair[0].0, pair[1].0);
        }
        for (name, field) in ALL {
            assert!(field < u64::BITS);
            assert_eq!(named(name), Some(field), "{name}");
        }
        assert_eq!(named("patient.name"), None);
    }

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        let set = FieldSet::NONE.with(LINE_DRUG);
        assert!(set.has(LINE_DRUG) && !set.has(LINE_DRUG - 1) && !set.has(LINE_DRUG + 64));
        assert_eq!(FieldSet::all().bits().count_ones(), 30);
        assert_eq!(FieldSet::from_bits(set.bits()).and(FieldSet::all()), set);
    }
}
