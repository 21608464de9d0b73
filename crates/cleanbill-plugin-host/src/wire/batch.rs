//! A flat batch: a header, then all claims, all lines, all items of lists, all diagnosis pointers and all
//! texts, each kind of record in one piece. Records have a fixed size and name others by place.

use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr};

use super::read::{Malformed, Reader, put_count};

/// Version of this layout.
pub(super) const VERSION: u32 = 1;
/// Bytes of a claim.
pub(super) const CLAIM: usize = 160;
/// Bytes of a line.
pub(super) const LINE: usize = 136;
/// Bytes of a text: where it starts, and how long it is.
pub(super) const TEXT: usize = 8;

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
    claims: Vec<u8>,
    lines: Vec<u8>,
    items: Vec<u8>,
    pointers: Vec<u8>,
    texts: Vec<u8>,
}

impl Batch {
    /// Empties it.
    pub(crate) fn clear(&mut self) {
        for part in [
            &mut self.claims,
            &mut self.lines,
            &mut self.items,
            &mut self.pointers,
            &mut self.texts,
        ] {
            part.clear();
        }
    }

    /// Appends a claim. `Malformed` when the view is not whole, which views of ours are.
    pub(crate) fn push(&mut self, view: &CbClaim) -> Result<(), Malformed> {
        let first_line = self.lines.len() / LINE;
        let first_item = self.items.len() / TEXT;
        for text in super::claim::list(view.diagnoses, view.n_diagnoses)? {
            put_text_of(&mut self.items, &mut self.texts, *text)?;
        }
        for index in 0..view.n_lines {
            self.push_line(super::claim::line(view, index)?)?;
        }
        let out = &mut self.claims;
        put_all(out, &[view.form, view.n_lines]);
        put_count(out, first_line);
        put_count(out, first_item);
        put_count(out, view.n_diagnoses);
        put_all(out, &[view.has_original_reference]);
        for day in [view.from, view.through, view.submitted, view.birth_date] {
            out.extend_from_slice(&day.to_le_bytes());
        }
        out.extend_from_slice(&view.total_charge.to_le_bytes());
        for bits in [view.granted, view.present] {
            out.extend_from_slice(&bits.to_le_bytes());
        }
        for text in [
            view.claim_ref,
            view.payer_id,
            view.filing_indicator,
            view.frequency,
            view.bill_type,
            view.place_of_service,
            view.billing_npi,
            view.billing_taxonomy,
            view.rendering_npi,
            view.rendering_taxonomy,
            view.sex,
            view.authorization,
        ] {
            put_text_of(out, &mut self.texts, text)?;
        }
        Ok(())
    }

    fn push_line(&mut self, line: &CbLine) -> Result<(), Malformed> {
        let first_item = self.items.len() / TEXT;
        for text in super::claim::list(line.modifiers, line.n_modifiers)? {
            put_text_of(&mut self.items, &mut self.texts, *text)?;
        }
        let first_pointer = self.pointers.len();
        self.pointers.extend_from_slice(super::claim::list(line.dx_pointers, line.n_dx_pointers)?);
        let out = &mut self.lines;
        put_all(out, &[line.line_no, line.unit_basis]);
        for count in [first_item, line.n_modifiers, first_pointer, line.n_dx_pointers] {
            put_count(out, count);
        }
        for day in [line.from, line.through] {
            out.extend_from_slice(&day.to_le_bytes());
        }
        for amount in [line.units_milli, line.charge, line.drug_quantity_milli] {
            out.extend_from_slice(&amount.to_le_bytes());
        }
        out.extend_from_slice(&line.present.to_le_bytes());
        for text in [
            line.code,
            line.place_of_service,
            line.revenue_code,
            line.rendering_npi,
            line.rendering_taxonomy,
            line.body_region,
            line.ndc,
            line.drug_unit,
            line.authorization,
        ] {
            put_text_of(out, &mut self.texts, text)?;
        }
        Ok(())
    }

    /// Appends the batch to `out`, for `instance` to judge.
    pub(crate) fn write(&self, out: &mut Vec<u8>, instance: u32, mode: Mode) {
        put_all(out, &[VERSION, mode.number(), instance]);
        put_count(out, self.claims.len() / CLAIM);
        put_count(out, self.lines.len() / LINE);
        put_count(out, self.items.len() / TEXT);
        put_count(out, self.pointers.len());
        put_count(out, self.texts.len());
        for part in [&self.claims, &self.lines, &self.items, &self.pointers, &self.texts] {
            out.extend_from_slice(part);
        }
    }
}

/// The parts of a batch that arrived.
pub(super) struct Parts<'a> {
    pub(super) mode: Mode,
    pub(super) instance: u32,
    pub(super) claims: &'a [u8],
    pub(super) lines: &'a [u8],
    pub(super) items: &'a [u8],
    pub(super) pointers: &'a [u8],
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
        let (claims, lines, items) = (reader.count()?, reader.count()?, reader.count()?);
        let (pointers, texts) = (reader.count()?, reader.count()?);
        let parts = Self {
            mode,
            instance,
            claims: reader.records(claims, CLAIM)?,
            lines: reader.records(lines, LINE)?,
            items: reader.records(items, TEXT)?,
            pointers: reader.bytes(pointers)?,
            texts: str::from_utf8(reader.bytes(texts)?).map_err(|_| Malformed)?,
        };
        reader.end()?;
        Ok(parts)
    }
}

fn put_all(out: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

/// Writes where `text` lies in `texts`, to which it is appended.
fn put_text_of(out: &mut Vec<u8>, texts: &mut Vec<u8>, text: CbStr) -> Result<(), Malformed> {
    let bytes = super::claim::list(text.ptr, text.len)?;
    put_count(out, if bytes.is_empty() { 0 } else { texts.len() });
    put_count(out, bytes.len());
    texts.extend_from_slice(bytes);
    Ok(())
}
