//! A flat batch: a header, then a record for each claim with those of its lines behind it, then all texts. Of
//! a claim and a line only what is granted and given is written, which their `present` tells. Texts are taken
//! off the front one after the other, so that records hold no more than their lengths.

use cleanbill_plugin_abi::field::{self, CbField, FieldSet};
use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr};

use super::claim::{line, list};
use super::read::{Malformed, Reader, put_count};

/// Version of this layout.
const VERSION: u32 = 2;

/// How a worker is to go through a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Fast: answers are sent in groups.
    Grouped,
    /// Each answer is sent before the next claim is begun, so that the claim which ends the worker is known.
    Stepwise,
    /// The same, and each claim meets an instance of its own.
    Apart,
}

impl Mode {
    const fn number(self) -> u32 {
        match self {
            Self::Grouped => 0,
            Self::Stepwise => 1,
            Self::Apart => 2,
        }
    }

    fn of(number: u32) -> Result<Self, Malformed> {
        let all = [Self::Grouped, Self::Stepwise, Self::Apart];
        all.into_iter().find(|mode| mode.number() == number).ok_or(Malformed)
    }
}

/// A batch as it grows; its memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    claims: usize,
    lines: usize,
    items: usize,
    records: Vec<u8>,
    texts: Vec<u8>,
}

impl Batch {
    /// Empties it.
    pub(crate) fn clear(&mut self) {
        (self.claims, self.lines, self.items) = (0, 0, 0);
        self.records.clear();
        self.texts.clear();
    }

    /// Appends a claim. `Malformed` when the view is not whole, which views of ours are.
    pub(crate) fn push(&mut self, view: &CbClaim) -> Result<(), Malformed> {
        let present = FieldSet::from_bits(view.present);
        self.claims += 1;
        self.put([view.form, view.n_lines].map(u32::to_le_bytes));
        self.put([view.granted, view.present].map(u64::to_le_bytes));
        self.text(view.claim_ref)?;
        for (field, text) in [
            (field::CLAIM_PAYER_ID, view.payer_id),
            (field::CLAIM_FILING_INDICATOR, view.filing_indicator),
            (field::CLAIM_FREQUENCY, view.frequency),
            (field::CLAIM_BILL_TYPE, view.bill_type),
            (field::CLAIM_PLACE_OF_SERVICE, view.place_of_service),
            (field::CLAIM_BILLING_NPI, view.billing_npi),
            (field::CLAIM_BILLING_TAXONOMY, view.billing_taxonomy),
            (field::CLAIM_RENDERING_NPI, view.rendering_npi),
            (field::CLAIM_RENDERING_TAXONOMY, view.rendering_taxonomy),
            (field::CLAIM_AUTHORIZATION, view.authorization),
            (field::PATIENT_SEX, view.sex),
        ] {
            self.text_if(present, field, text)?;
        }
        if present.has(field::CLAIM_DATES) {
            self.put([view.from, view.through].map(i32::to_le_bytes));
        }
        if present.has(field::CLAIM_CHARGE) {
            self.put([view.total_charge.to_le_bytes()]);
        }
        if present.has(field::CLAIM_DIAGNOSES) {
            self.items(list(view.diagnoses, view.n_diagnoses)?)?;
        }
        if present.has(field::CLAIM_SUBMITTED) {
            self.put([view.submitted.to_le_bytes()]);
        }
        if present.has(field::CLAIM_ORIGINAL_REFERENCE) {
            self.put([view.has_original_reference.to_le_bytes()]);
        }
        if present.has(field::PATIENT_BIRTH_DATE) {
            self.put([view.birth_date.to_le_bytes()]);
        }
        for index in 0..view.n_lines {
            self.line(line(view, index)?)?;
        }
        Ok(())
    }

    fn line(&mut self, line: &CbLine) -> Result<(), Malformed> {
        let present = FieldSet::from_bits(line.present);
        self.lines += 1;
        self.put([line.line_no.to_le_bytes()]);
        self.put([line.present.to_le_bytes()]);
        self.text_if(present, field::LINE_CODE, line.code)?;
        if present.has(field::LINE_MODIFIERS) {
            self.items(list(line.modifiers, line.n_modifiers)?)?;
        }
        if present.has(field::LINE_DIAGNOSES) {
            put_count(&mut self.records, line.n_dx_pointers);
            self.records.extend_from_slice(list(line.dx_pointers, line.n_dx_pointers)?);
        }
        for (field, text) in [
            (field::LINE_PLACE_OF_SERVICE, line.place_of_service),
            (field::LINE_REVENUE_CODE, line.revenue_code),
            (field::LINE_RENDERING_NPI, line.rendering_npi),
            (field::LINE_RENDERING_TAXONOMY, line.rendering_taxonomy),
            (field::LINE_BODY_REGION, line.body_region),
            (field::LINE_AUTHORIZATION, line.authorization),
        ] {
            self.text_if(present, field, text)?;
        }
        if present.has(field::LINE_DATES) {
            self.put([line.from, line.through].map(i32::to_le_bytes));
        }
        if present.has(field::LINE_UNITS) {
            self.put([line.unit_basis.to_le_bytes()]);
            self.put([line.units_milli.to_le_bytes()]);
        }
        if present.has(field::LINE_CHARGE) {
            self.put([line.charge.to_le_bytes()]);
        }
        if present.has(field::LINE_DRUG) {
            self.put([line.drug_quantity_milli.to_le_bytes()]);
            self.text(line.ndc)?;
            self.text(line.drug_unit)?;
        }
        Ok(())
    }

    fn put<const N: usize, const M: usize>(&mut self, numbers: [[u8; N]; M]) {
        self.records.extend_from_slice(numbers.as_flattened());
    }

    fn items(&mut self, items: &[CbStr]) -> Result<(), Malformed> {
        self.items += items.len();
        put_count(&mut self.records, items.len());
        items.iter().try_for_each(|item| self.text(*item))
    }

    fn text_if(&mut self, present: FieldSet, field: CbField, text: CbStr) -> Result<(), Malformed> {
        if present.has(field) { self.text(text) } else { Ok(()) }
    }

    fn text(&mut self, text: CbStr) -> Result<(), Malformed> {
        let bytes = list(text.ptr, text.len)?;
        put_count(&mut self.records, bytes.len());
        self.texts.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends the batch to `out`, for `instance` to judge.
    pub(crate) fn write(&self, out: &mut Vec<u8>, instance: u32, mode: Mode) {
        for number in [VERSION, mode.number(), instance] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        let counts = [self.claims, self.lines, self.items, self.records.len(), self.texts.len()];
        for count in counts {
            put_count(out, count);
        }
        out.extend_from_slice(&self.records);
        out.extend_from_slice(&self.texts);
    }
}

/// The parts of a batch that arrived.
pub(super) struct Parts<'a> {
    pub(super) mode: Mode,
    pub(super) instance: u32,
    /// Claims, lines and items of lists that there are to be: to make room, and not believed.
    pub(super) counts: [usize; 3],
    pub(super) records: Reader<'a>,
    pub(super) texts: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn read(payload: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        if reader.u32()? != VERSION {
            return Err(Malformed);
        }
        let mode = Mode::of(reader.u32()?)?;
        let instance = reader.u32()?;
        let counts = [reader.count()?, reader.count()?, reader.count()?];
        // Each of them takes at least so many bytes as its number of a record does.
        if counts.iter().any(|count| *count > payload.len()) {
            return Err(Malformed);
        }
        let (records, texts) = (reader.count()?, reader.count()?);
        let records = Reader::new(reader.bytes(records)?);
        let texts = str::from_utf8(reader.bytes(texts)?).map_err(|_| Malformed)?;
        reader.end()?;
        Ok(Self { mode, instance, counts, records, texts })
    }
}
