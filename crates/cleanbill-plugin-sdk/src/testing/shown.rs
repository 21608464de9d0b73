//! The view of a test's claim, as a host would build it: only what the manifest asks for is in it.

use cleanbill_plugin_abi::field::{self, CbField, FieldSet};
use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr, basis};

use super::claim::{TestClaim, TestLine};

/// What crosses of a claim or a line, as it is filled in.
struct Shown {
    granted: FieldSet,
    present: FieldSet,
}

impl Shown {
    /// `value` when `field` is granted, and noted as present when it is `given`.
    fn if_granted<T: Default>(&mut self, field: CbField, given: bool, value: T) -> T {
        if !self.granted.has(field) {
            return T::default();
        }
        self.present = self.present.with_if(field, given);
        value
    }

    fn text(&mut self, field: CbField, text: &str) -> CbStr {
        self.if_granted(field, !text.is_empty(), CbStr::new(text))
    }

    fn number<N: Default + PartialEq>(&mut self, field: CbField, number: N) -> N {
        self.if_granted(field, number != N::default(), number)
    }
}

impl TestClaim {
    /// Hands the view of this claim with the `granted` fields to `use_it`.
    pub(super) fn with_view<R>(&self, granted: FieldSet, use_it: impl FnOnce(&CbClaim) -> R) -> R {
        let strs = |texts: &[String]| texts.iter().map(|text| CbStr::new(text)).collect::<Vec<_>>();
        let diagnoses = strs(&self.diagnoses);
        let modifiers: Vec<Vec<CbStr>> =
            self.lines.iter().map(|line| strs(&line.modifiers)).collect();
        let lines: Vec<CbLine> = self
            .lines
            .iter()
            .zip(&modifiers)
            .zip(1..)
            .map(|((line, modifiers), line_no)| CbLine {
                line_no,
                ..self.show_line(line, modifiers, granted)
            })
            .collect();
        let mut shown = Shown { granted, present: FieldSet::NONE };
        let days = || self.lines.iter().map(|line| (line.from, line.through));
        let first = days().map(|(from, _)| from).min().unwrap_or_default();
        let last = days().map(|(_, through)| through).max().unwrap_or_default();
        let listed = if granted.has(field::CLAIM_DIAGNOSES) { &*diagnoses } else { &[] };
        let sum = self.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.charge));
        let claim = CbClaim {
            form: self.form,
            claim_ref: CbStr::new("1"),
            payer_id: shown.text(field::CLAIM_PAYER_ID, &self.payer),
            filing_indicator: shown.text(field::CLAIM_FILING_INDICATOR, &self.filing_indicator),
            frequency: shown.text(field::CLAIM_FREQUENCY, &self.frequency),
            bill_type: shown.text(field::CLAIM_BILL_TYPE, &self.bill_type),
            place_of_service: shown.text(field::CLAIM_PLACE_OF_SERVICE, &self.place_of_service),
            billing_npi: shown.text(field::CLAIM_BILLING_NPI, &self.billing_npi),
            billing_taxonomy: shown.text(field::CLAIM_BILLING_TAXONOMY, &self.billing_taxonomy),
            rendering_npi: shown.text(field::CLAIM_RENDERING_NPI, &self.rendering_npi),
            rendering_taxonomy: shown
                .text(field::CLAIM_RENDERING_TAXONOMY, &self.rendering_taxonomy),
            from: shown.number(field::CLAIM_DATES, first),
            through: shown.number(field::CLAIM_DATES, last),
            total_charge: shown.if_granted(field::CLAIM_CHARGE, true, self.charge.unwrap_or(sum)),
            diagnoses: listed.as_ptr(),
            n_diagnoses: shown.number(field::CLAIM_DIAGNOSES, listed.len()),
            lines: lines.as_ptr(),
            n_lines: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            submitted: shown.number(field::CLAIM_SUBMITTED, self.submitted),
            birth_date: shown.number(field::PATIENT_BIRTH_DATE, self.birth_date),
            sex: shown.text(field::PATIENT_SEX, &self.sex),
            authorization: shown.text(field::CLAIM_AUTHORIZATION, &self.authorization),
            has_original_reference: shown
                .number(field::CLAIM_ORIGINAL_REFERENCE, self.replaces_another.into()),
            ..CbClaim::default()
        };
        let (granted, present) = (granted.bits(), shown.present.bits());
        use_it(&CbClaim { granted, present, ..claim })
    }

    fn show_line(&self, line: &TestLine, modifiers: &[CbStr], granted: FieldSet) -> CbLine {
        let mut shown = Shown { granted, present: FieldSet::NONE };
        let modifiers = if granted.has(field::LINE_MODIFIERS) { modifiers } else { &[] };
        let pointers = if granted.has(field::LINE_DIAGNOSES) { &*line.pointers } else { &[] };
        let billed = !line.ndc.is_empty();
        let shown_line = CbLine {
            code: shown.text(field::LINE_CODE, &line.code),
            modifiers: modifiers.as_ptr(),
            n_modifiers: shown.number(field::LINE_MODIFIERS, modifiers.len()),
            dx_pointers: pointers.as_ptr(),
            n_dx_pointers: shown.number(field::LINE_DIAGNOSES, pointers.len()),
            place_of_service: shown.text(
                field::LINE_PLACE_OF_SERVICE,
                own_or(&line.place_of_service, &self.place_of_service),
            ),
            revenue_code: shown.text(field::LINE_REVENUE_CODE, &line.revenue_code),
            rendering_npi: shown
                .text(field::LINE_RENDERING_NPI, own_or(&line.rendering_npi, &self.rendering_npi)),
            rendering_taxonomy: shown.text(
                field::LINE_RENDERING_TAXONOMY,
                own_or(&line.rendering_taxonomy, &self.rendering_taxonomy),
            ),
            body_region: shown.text(field::LINE_BODY_REGION, &line.body_region),
            from: shown.number(field::LINE_DATES, line.from),
            through: shown.number(field::LINE_DATES, line.through),
            units_milli: shown.if_granted(field::LINE_UNITS, true, line.units_milli),
            unit_basis: if line.minutes && granted.has(field::LINE_UNITS) {
                basis::MINUTES
            } else {
                basis::UNITS
            },
            charge: shown.if_granted(field::LINE_CHARGE, true, line.charge),
            ndc: shown.text(field::LINE_DRUG, &line.ndc),
            drug_quantity_milli: shown.if_granted(
                field::LINE_DRUG,
                billed,
                line.drug_quantity_milli,
            ),
            drug_unit: shown.if_granted(field::LINE_DRUG, billed, CbStr::new(&line.drug_unit)),
            authorization: shown
                .text(field::LINE_AUTHORIZATION, own_or(&line.authorization, &self.authorization)),
            ..CbLine::default()
        };
        CbLine { present: shown.present.bits(), ..shown_line }
    }
}

/// What a line says, else its claim.
fn own_or<'a>(own: &'a str, claims: &'a str) -> &'a str {
    if own.is_empty() { claims } else { own }
}
