//! The view of a claim that crosses to a plugin: of what an edit may need, the fields that are granted, and
//! of nothing else. No name, member id, control number, tax number or note is in it at all.

use cleanbill_model::{Claim, ClaimType, Modifier, ServiceLine, Sex, UnitBasis};
use cleanbill_plugin_abi::field::{self, CbField, FieldSet};
use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr, basis, form};

/// Memory behind a view, reused from claim to claim.
#[derive(Debug, Default)]
pub(crate) struct ViewMemory {
    ordinal: String,
    frequency: String,
    modifiers: Vec<Modifier>,
    modifier_strs: Vec<CbStr>,
    pointers: Vec<u8>,
    diagnoses: Vec<CbStr>,
    lines: Vec<CbLine>,
}

impl ViewMemory {
    /// The view of `claim` with the fields in `granted`. It points into `claim` and into this memory, and is
    /// good until either changes.
    pub(crate) fn view(&mut self, claim: &Claim, granted: FieldSet) -> CbClaim {
        self.fill_lists(claim, granted);
        self.fill_lines(claim, granted);
        let mut gives = Gives { granted, present: FieldSet::NONE };
        let mut view = CbClaim {
            form: match claim.claim_type {
                ClaimType::Professional => form::PROFESSIONAL,
                ClaimType::Institutional => form::INSTITUTIONAL,
                ClaimType::Dental => form::DENTAL,
            },
            claim_ref: CbStr::new(&self.ordinal),
            diagnoses: self.diagnoses.as_ptr(),
            n_diagnoses: self.diagnoses.len(),
            lines: self.lines.as_ptr(),
            // No input has more lines than this holds; were there more, the rest would go unseen.
            n_lines: u32::try_from(self.lines.len()).unwrap_or(u32::MAX),
            granted: granted.bits(),
            ..CbClaim::default()
        };
        gives.fill_header(claim, &self.frequency, &mut view);
        gives.fill_providers(claim, &mut view);
        gives.fill_patient(claim, &mut view);
        gives.has(field::CLAIM_DIAGNOSES, !self.diagnoses.is_empty());
        view.present = gives.present.bits();
        view
    }

    /// All lists that lines point into, first and whole, so that none of them moves any more.
    fn fill_lists(&mut self, claim: &Claim, granted: FieldSet) {
        put_digits(&mut self.ordinal, claim.ordinal);
        self.frequency.clear();
        self.frequency.extend(claim.frequency.map(|frequency| frequency.as_char()));
        self.modifiers.clear();
        if granted.has(field::LINE_MODIFIERS) {
            self.modifiers.extend(claim.lines.iter().flat_map(|line| line.modifiers.iter()));
        }
        self.modifier_strs.clear();
        self.modifier_strs.extend(self.modifiers.iter().map(|code| CbStr::new(code.as_str())));
        self.pointers.clear();
        if granted.has(field::LINE_DIAGNOSES) {
            self.pointers.extend(claim.lines.iter().flat_map(|line| line.pointers.iter()));
        }
        self.diagnoses.clear();
        if granted.has(field::CLAIM_DIAGNOSES) {
            self.diagnoses.extend(claim.diagnoses.iter().map(|code| CbStr::new(code.as_str())));
        }
    }

    fn fill_lines(&mut self, claim: &Claim, granted: FieldSet) {
        let Self { modifier_strs, pointers, lines, .. } = self;
        lines.clear();
        // Written where they lie: a line is too large to be copied for nothing.
        lines.resize(claim.lines.len(), CbLine::default());
        let (mut modifiers, mut pointers) = (modifier_strs.as_slice(), pointers.as_slice());
        for ((line, view), line_no) in claim.lines.iter().zip(lines).zip(1..) {
            let mut gives = Gives { granted, present: FieldSet::NONE };
            view.line_no = line_no;
            if granted.has(field::LINE_MODIFIERS) {
                let own = split_front(&mut modifiers, line.modifiers.iter().count());
                (view.modifiers, view.n_modifiers) = (own.as_ptr(), own.len());
                gives.has(field::LINE_MODIFIERS, !own.is_empty());
            }
            if granted.has(field::LINE_DIAGNOSES) {
                let own = split_front(&mut pointers, line.pointers.iter().count());
                (view.dx_pointers, view.n_dx_pointers) = (own.as_ptr(), own.len());
                gives.has(field::LINE_DIAGNOSES, !own.is_empty());
            }
            gives.fill_line_codes(line, view);
            gives.fill_line_amounts(line, view);
            gives.fill_drug(line, view);
            view.authorization = gives
                .text(field::LINE_AUTHORIZATION, || Some(claim.text(*line.authorization.reveal())));
            view.present = gives.present.bits();
        }
    }
}

/// Lets through what is granted, and notes what was given.
struct Gives {
    granted: FieldSet,
    present: FieldSet,
}

impl Gives {
    /// Whether `field` may be shown; notes whether there is something to show.
    fn has(&mut self, field: CbField, given: bool) -> bool {
        let granted = self.granted.has(field);
        self.present = self.present.with_if(field, granted && given);
        granted
    }

    /// `text` is asked only if it may be shown.
    fn text<'c>(&mut self, field: CbField, text: impl FnOnce() -> Option<&'c str>) -> CbStr {
        if !self.granted.has(field) {
            return CbStr::EMPTY;
        }
        let text = text().filter(|text| !text.is_empty());
        self.has(field, text.is_some());
        CbStr::or_empty(text)
    }

    fn fill_header(&mut self, claim: &Claim, frequency: &str, view: &mut CbClaim) {
        view.payer_id = self.text(field::CLAIM_PAYER_ID, || Some(claim.payer()));
        view.filing_indicator = self.text(field::CLAIM_FILING_INDICATOR, || {
            claim.filing_indicator.as_ref().map(|code| code.as_str())
        });
        view.frequency = self.text(field::CLAIM_FREQUENCY, || Some(frequency));
        view.bill_type = self
            .text(field::CLAIM_BILL_TYPE, || claim.type_of_bill.as_ref().map(|code| code.as_str()));
        view.place_of_service = self.text(field::CLAIM_PLACE_OF_SERVICE, || {
            claim.place_of_service.as_ref().map(|code| code.as_str())
        });
        if self.has(field::CLAIM_DATES, !claim.lines.is_empty()) {
            let days = || claim.lines.iter().map(|line| line.dates);
            let first = days().map(|days| days.from().yyyymmdd()).min();
            let last = days().map(|days| days.through().yyyymmdd()).max();
            (view.from, view.through) = (first.unwrap_or_default(), last.unwrap_or_default());
        }
        if self.has(field::CLAIM_CHARGE, true) {
            view.total_charge = claim.charge.cents();
        }
        if self.has(field::CLAIM_SUBMITTED, claim.submitted.is_some()) {
            view.submitted = claim.submitted.map(|day| day.yyyymmdd()).unwrap_or_default();
        }
        let replaces = !claim.original_reference.is_empty();
        if self.has(field::CLAIM_ORIGINAL_REFERENCE, replaces) {
            view.has_original_reference = u32::from(replaces);
        }
        view.authorization = self
            .text(field::CLAIM_AUTHORIZATION, || Some(claim.text(*claim.authorization.reveal())));
    }

    fn fill_providers(&mut self, claim: &Claim, view: &mut CbClaim) {
        let (billing, rendering) = (&claim.billing, &claim.rendering);
        view.billing_npi =
            self.text(field::CLAIM_BILLING_NPI, || billing.npi.as_ref().map(|npi| npi.as_str()));
        view.billing_taxonomy = self.text(field::CLAIM_BILLING_TAXONOMY, || {
            billing.taxonomy.as_ref().map(|code| code.as_str())
        });
        view.rendering_npi = self
            .text(field::CLAIM_RENDERING_NPI, || rendering.npi.as_ref().map(|npi| npi.as_str()));
        view.rendering_taxonomy = self.text(field::CLAIM_RENDERING_TAXONOMY, || {
            rendering.taxonomy.as_ref().map(|code| code.as_str())
        });
    }

    /// The two facts of the patient that a lock can grant.
    fn fill_patient(&mut self, claim: &Claim, view: &mut CbClaim) {
        if self.granted.has(field::PATIENT_SEX) {
            let sex = claim.patient.sex.reveal().map(|sex| match sex {
                Sex::Female => "F",
                Sex::Male => "M",
                Sex::Unknown => "U",
            });
            view.sex = self.text(field::PATIENT_SEX, || sex);
        }
        if self.granted.has(field::PATIENT_BIRTH_DATE) {
            let born = claim.patient.birth_date.reveal().map(|day| day.yyyymmdd());
            self.has(field::PATIENT_BIRTH_DATE, born.is_some());
            view.birth_date = born.unwrap_or_default();
        }
    }

    fn fill_line_codes(&mut self, line: &ServiceLine, view: &mut CbLine) {
        view.code =
            self.text(field::LINE_CODE, || line.procedure.as_ref().map(|code| code.as_str()));
        view.place_of_service = self.text(field::LINE_PLACE_OF_SERVICE, || {
            line.place_of_service.as_ref().map(|code| code.as_str())
        });
        view.revenue_code = self.text(field::LINE_REVENUE_CODE, || {
            line.revenue_code.as_ref().map(|code| code.as_str())
        });
        view.rendering_npi = self
            .text(field::LINE_RENDERING_NPI, || line.provider.npi.as_ref().map(|npi| npi.as_str()));
        view.rendering_taxonomy = self.text(field::LINE_RENDERING_TAXONOMY, || {
            line.provider.taxonomy.as_ref().map(|code| code.as_str())
        });
        view.body_region =
            self.text(field::LINE_BODY_REGION, || line.body_region.map(|region| region.as_str()));
    }

    fn fill_line_amounts(&mut self, line: &ServiceLine, view: &mut CbLine) {
        if self.has(field::LINE_DATES, true) {
            view.from = line.dates.from().yyyymmdd();
            view.through = line.dates.through().yyyymmdd();
        }
        if self.has(field::LINE_UNITS, true) {
            view.units_milli = line.units.thousandths();
            view.unit_basis = match line.unit_basis {
                UnitBasis::Units => basis::UNITS,
                UnitBasis::Minutes => basis::MINUTES,
            };
        }
        if self.has(field::LINE_CHARGE, true) {
            view.charge = line.charge.cents();
        }
    }

    fn fill_drug(&mut self, line: &ServiceLine, view: &mut CbLine) {
        if !self.has(field::LINE_DRUG, line.drug.is_some()) {
            return;
        }
        if let Some(drug) = &line.drug {
            view.ndc = CbStr::new(drug.ndc.as_str());
            view.drug_quantity_milli =
                drug.quantity.map(|units| units.thousandths()).unwrap_or_default();
            view.drug_unit = CbStr::or_empty(drug.unit.map(|unit| unit.as_str()));
        }
    }
}

/// Writes `number` in digits, in place of what is there. The formatting of the standard library takes as long as
/// all else of a small claim.
fn put_digits(out: &mut String, mut number: u64) {
    let mut digits = ['0'; 20];
    let mut first = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        let last = u32::try_from(number % 10).unwrap_or_default();
        *digit = char::from_digit(last, 10).unwrap_or('0');
        first = place;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.clear();
    out.extend(digits.get(first..).unwrap_or_default());
}

/// Takes the first `count` elements off `rest`.
fn split_front<'a, T>(rest: &mut &'a [T], count: usize) -> &'a [T] {
    let (front, back) = rest.split_at_checked(count).unwrap_or((rest, &[]));
    *rest = back;
    front
}

#[cfg(test)]
mod tests;
