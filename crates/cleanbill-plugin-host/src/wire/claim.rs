//! The claims of a batch as a plugin sees them: the views of the ABI, pointing into the bytes that arrived.

#![expect(unsafe_code, reason = "views of claims are bare pointers on both sides")]

use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr, array, strided};

use super::batch::{CLAIM, LINE, Mode, Parts, TEXT};
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
        self.claims.clear();
        self.lines.clear();
        self.items.clear();
        for item in parts.items.chunks_exact(TEXT) {
            self.items.push(text(&mut Reader::new(item), &parts)?);
        }
        for record in parts.lines.chunks_exact(LINE) {
            self.lines.push(read_line(&mut Reader::new(record), &parts, &self.items)?);
        }
        for record in parts.claims.chunks_exact(CLAIM) {
            let claim = read_claim(&mut Reader::new(record), &parts, &self.items, &self.lines)?;
            self.claims.push(claim);
        }
        Ok((parts.instance, parts.mode, &self.claims))
    }
}

fn read_claim(
    reader: &mut Reader<'_>,
    parts: &Parts<'_>,
    items: &[CbStr],
    lines: &[CbLine],
) -> Result<CbClaim, Malformed> {
    let (form, n_lines) = (reader.u32()?, reader.u32()?);
    let own_lines = part(lines, reader.count()?, usize::try_from(n_lines).map_err(|_| Malformed)?)?;
    let diagnoses = part(items, reader.count()?, reader.count()?)?;
    Ok(CbClaim {
        form,
        n_lines,
        lines: own_lines.as_ptr(),
        diagnoses: diagnoses.as_ptr(),
        n_diagnoses: diagnoses.len(),
        has_original_reference: reader.u32()?,
        from: reader.i32()?,
        through: reader.i32()?,
        submitted: reader.i32()?,
        birth_date: reader.i32()?,
        total_charge: reader.i64()?,
        granted: reader.u64()?,
        present: reader.u64()?,
        claim_ref: text(reader, parts)?,
        payer_id: text(reader, parts)?,
        filing_indicator: text(reader, parts)?,
        frequency: text(reader, parts)?,
        bill_type: text(reader, parts)?,
        place_of_service: text(reader, parts)?,
        billing_npi: text(reader, parts)?,
        billing_taxonomy: text(reader, parts)?,
        rendering_npi: text(reader, parts)?,
        rendering_taxonomy: text(reader, parts)?,
        sex: text(reader, parts)?,
        authorization: text(reader, parts)?,
        ..CbClaim::default()
    })
}

fn read_line(
    reader: &mut Reader<'_>,
    parts: &Parts<'_>,
    items: &[CbStr],
) -> Result<CbLine, Malformed> {
    let (line_no, unit_basis) = (reader.u32()?, reader.u32()?);
    let modifiers = part(items, reader.count()?, reader.count()?)?;
    let pointers = part(parts.pointers, reader.count()?, reader.count()?)?;
    Ok(CbLine {
        line_no,
        unit_basis,
        modifiers: modifiers.as_ptr(),
        n_modifiers: modifiers.len(),
        dx_pointers: pointers.as_ptr(),
        n_dx_pointers: pointers.len(),
        from: reader.i32()?,
        through: reader.i32()?,
        units_milli: reader.i64()?,
        charge: reader.i64()?,
        drug_quantity_milli: reader.i64()?,
        present: reader.u64()?,
        code: text(reader, parts)?,
        place_of_service: text(reader, parts)?,
        revenue_code: text(reader, parts)?,
        rendering_npi: text(reader, parts)?,
        rendering_taxonomy: text(reader, parts)?,
        body_region: text(reader, parts)?,
        ndc: text(reader, parts)?,
        drug_unit: text(reader, parts)?,
        authorization: text(reader, parts)?,
        ..CbLine::default()
    })
}

fn text(reader: &mut Reader<'_>, parts: &Parts<'_>) -> Result<CbStr, Malformed> {
    let (start, length) = (reader.count()?, reader.count()?);
    if length == 0 {
        return Ok(CbStr::EMPTY);
    }
    let end = start.checked_add(length).ok_or(Malformed)?;
    parts.texts.get(start..end).map(CbStr::new).ok_or(Malformed)
}

/// So many elements from a place on.
fn part<T>(all: &[T], start: usize, count: usize) -> Result<&[T], Malformed> {
    let end = start.checked_add(count).ok_or(Malformed)?;
    all.get(start..end).ok_or(Malformed)
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
