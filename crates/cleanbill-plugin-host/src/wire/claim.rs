//! The claims of a batch as a plugin sees them: the views of the ABI, pointing into the bytes that arrived.

#![expect(unsafe_code, reason = "views of claims are bare pointers on both sides")]

use cleanbill_plugin_abi::field::{self, CbField, FieldSet};
use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr, array, strided};

use super::batch::{Mode, Parts};
use super::read::{Malformed, Reader};

/// Most elements of a list, or bytes of a text; no claim comes near.
const LIMIT: usize = 1 << 24;

/// The views of a batch; its memory is used again.
#[derive(Debug, Default)]
pub(crate) struct Views {
    items: Vec<CbStr>,
    lines: Vec<CbLine>,
    claims: Vec<CbClaim>,
}

impl Views {
    /// The views of the batch in `payload`: which instance is to judge them, how, and the claims. They point
    /// into `payload` and into this memory, and are good until either changes.
    pub(crate) fn relocate(
        &mut self,
        payload: &[u8],
    ) -> Result<(u32, Mode, &[CbClaim]), Malformed> {
        let parts = Parts::read(payload)?;
        let [claims, lines, items] = parts.counts;
        self.claims.clear();
        self.lines.clear();
        self.items.clear();
        self.claims.reserve(claims);
        self.lines.reserve(lines);
        self.items.reserve(items);
        let mut arriving = Arriving { records: parts.records, texts: parts.texts, views: self };
        for _ in 0..claims {
            arriving.claim()?;
        }
        arriving.records.end()?;
        if !arriving.texts.is_empty() || self.lines.len() != lines || self.items.len() != items {
            return Err(Malformed);
        }
        self.point()?;
        Ok((parts.instance, parts.mode, &self.claims))
    }

    /// Lets each claim and line point to what is its own, once nothing moves any more: it was all taken in
    /// this order.
    fn point(&mut self) -> Result<(), Malformed> {
        let Self { items, lines, claims } = self;
        let (mut items, mut lines) = (items.as_slice(), lines.as_mut_slice());
        for claim in claims {
            claim.diagnoses = split_front(&mut items, claim.n_diagnoses)?.as_ptr();
            let count = usize::try_from(claim.n_lines).map_err(|_| Malformed)?;
            let (own, rest) =
                std::mem::take(&mut lines).split_at_mut_checked(count).ok_or(Malformed)?;
            for line in &mut *own {
                line.modifiers = split_front(&mut items, line.n_modifiers)?.as_ptr();
            }
            claim.lines = own.as_ptr();
            lines = rest;
        }
        Ok(())
    }
}

/// What has not been taken off a batch yet.
struct Arriving<'a, 'v> {
    records: Reader<'a>,
    texts: &'a str,
    views: &'v mut Views,
}

impl Arriving<'_, '_> {
    fn claim(&mut self) -> Result<(), Malformed> {
        let (form, n_lines) = (self.records.u32()?, self.records.u32()?);
        let (granted, present) = (self.records.u64()?, self.records.u64()?);
        let has = FieldSet::from_bits(present);
        let claim_ref = self.text()?;
        let mut claim =
            CbClaim { form, n_lines, granted, present, claim_ref, ..CbClaim::default() };
        claim.payer_id = self.text_if(has, field::CLAIM_PAYER_ID)?;
        claim.filing_indicator = self.text_if(has, field::CLAIM_FILING_INDICATOR)?;
        claim.frequency = self.text_if(has, field::CLAIM_FREQUENCY)?;
        claim.bill_type = self.text_if(has, field::CLAIM_BILL_TYPE)?;
        claim.place_of_service = self.text_if(has, field::CLAIM_PLACE_OF_SERVICE)?;
        claim.billing_npi = self.text_if(has, field::CLAIM_BILLING_NPI)?;
        claim.billing_taxonomy = self.text_if(has, field::CLAIM_BILLING_TAXONOMY)?;
        claim.rendering_npi = self.text_if(has, field::CLAIM_RENDERING_NPI)?;
        claim.rendering_taxonomy = self.text_if(has, field::CLAIM_RENDERING_TAXONOMY)?;
        claim.authorization = self.text_if(has, field::CLAIM_AUTHORIZATION)?;
        claim.sex = self.text_if(has, field::PATIENT_SEX)?;
        let records = &mut self.records;
        if has.has(field::CLAIM_DATES) {
            (claim.from, claim.through) = (records.i32()?, records.i32()?);
        }
        if has.has(field::CLAIM_CHARGE) {
            claim.total_charge = records.i64()?;
        }
        if has.has(field::CLAIM_DIAGNOSES) {
            claim.n_diagnoses = self.items()?;
        }
        let records = &mut self.records;
        if has.has(field::CLAIM_SUBMITTED) {
            claim.submitted = records.i32()?;
        }
        if has.has(field::CLAIM_ORIGINAL_REFERENCE) {
            claim.has_original_reference = records.u32()?;
        }
        if has.has(field::PATIENT_BIRTH_DATE) {
            claim.birth_date = records.i32()?;
        }
        self.views.claims.push(claim);
        (0..n_lines).try_for_each(|_| self.line())
    }

    fn line(&mut self) -> Result<(), Malformed> {
        let (line_no, present) = (self.records.u32()?, self.records.u64()?);
        let has = FieldSet::from_bits(present);
        let mut line = CbLine { line_no, present, ..CbLine::default() };
        line.code = self.text_if(has, field::LINE_CODE)?;
        if has.has(field::LINE_MODIFIERS) {
            line.n_modifiers = self.items()?;
        }
        if has.has(field::LINE_DIAGNOSES) {
            line.n_dx_pointers = self.records.count()?;
            line.dx_pointers = self.records.bytes(line.n_dx_pointers)?.as_ptr();
        }
        line.place_of_service = self.text_if(has, field::LINE_PLACE_OF_SERVICE)?;
        line.revenue_code = self.text_if(has, field::LINE_REVENUE_CODE)?;
        line.rendering_npi = self.text_if(has, field::LINE_RENDERING_NPI)?;
        line.rendering_taxonomy = self.text_if(has, field::LINE_RENDERING_TAXONOMY)?;
        line.body_region = self.text_if(has, field::LINE_BODY_REGION)?;
        line.authorization = self.text_if(has, field::LINE_AUTHORIZATION)?;
        let records = &mut self.records;
        if has.has(field::LINE_DATES) {
            (line.from, line.through) = (records.i32()?, records.i32()?);
        }
        if has.has(field::LINE_UNITS) {
            (line.unit_basis, line.units_milli) = (records.u32()?, records.i64()?);
        }
        if has.has(field::LINE_CHARGE) {
            line.charge = records.i64()?;
        }
        if has.has(field::LINE_DRUG) {
            line.drug_quantity_milli = records.i64()?;
            line.ndc = self.text()?;
            line.drug_unit = self.text()?;
        }
        self.views.lines.push(line);
        Ok(())
    }

    /// Takes the items of a list; how many there are.
    fn items(&mut self) -> Result<usize, Malformed> {
        let count = self.records.count()?;
        for _ in 0..count {
            let item = self.text()?;
            self.views.items.push(item);
        }
        Ok(count)
    }

    fn text_if(&mut self, present: FieldSet, field: CbField) -> Result<CbStr, Malformed> {
        if present.has(field) { self.text() } else { Ok(CbStr::EMPTY) }
    }

    fn text(&mut self) -> Result<CbStr, Malformed> {
        let length = self.records.count()?;
        if length == 0 {
            return Ok(CbStr::EMPTY);
        }
        let (text, rest) = self.texts.split_at_checked(length).ok_or(Malformed)?;
        self.texts = rest;
        Ok(CbStr::new(text))
    }
}

/// Takes the first `count` elements off `rest`.
fn split_front<'a, T>(rest: &mut &'a [T], count: usize) -> Result<&'a [T], Malformed> {
    let (front, back) = rest.split_at_checked(count).ok_or(Malformed)?;
    *rest = back;
    Ok(front)
}

/// The elements of a list of a view that is ours.
pub(super) fn list<'a, T>(first: *const T, count: usize) -> Result<&'a [T], Malformed> {
    // SAFETY: the views that are handed in are made by `ViewMemory` and alive: their pointers lead to as many
    // elements as their counts say.
    unsafe { array(first, count, LIMIT) }.ok_or(Malformed)
}

/// A line of a view that is ours.
pub(super) fn line(view: &CbClaim, index: u32) -> Result<&CbLine, Malformed> {
    // SAFETY: as above; the caller counts up to the view's number of lines.
    unsafe { strided(view.lines, view.line_stride, index) }.ok_or(Malformed)
}
