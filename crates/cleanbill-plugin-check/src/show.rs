//! Lays a claim out as a plugin sees it, in memory whose end and rights are known.

use std::io;
use std::ptr;

use cleanbill_plugin_abi::field::{self, CbField, FieldSet};
use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr, basis};

use crate::arena::Arena;
use crate::claim::{KitClaim, KitLine};
use crate::pages::Rights;

/// How a claim is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// Bytes of garbage behind the claim and behind each line, as a newer host would have fields there.
    pub(crate) tail: usize,
    /// Each struct and each text ends where its memory ends.
    pub(crate) apart: bool,
    /// The fields that are granted.
    pub(crate) granted: FieldSet,
}

impl Layout {
    /// As the host of this version does it.
    pub(crate) const PLAIN: Self = Self { tail: 0, apart: false, granted: FieldSet::all() };
}

/// A claim in memory of its own, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Shown {
    arenas: Vec<Arena>,
    claim: *const CbClaim,
    lines: u32,
}

impl Shown {
    /// `claim`, laid out.
    pub(crate) fn new(claim: &KitClaim, layout: Layout) -> io::Result<Self> {
        let room = if layout.apart { 0 } else { room(claim, layout.tail) };
        let mut writer = Writer { arenas: vec![Arena::new(room)?], layout };
        let raw = writer.claim(claim)?;
        let lines = raw.n_lines;
        let claim = writer.structs(&[raw])?;
        Ok(Self { arenas: writer.arenas, claim, lines })
    }

    /// From now on it is for reading only: who writes to it ends the process.
    pub(crate) fn protect(&self) -> io::Result<()> {
        self.restrict(Rights::Read)
    }

    /// Takes it back: who reads it from now on ends the process.
    pub(crate) fn take_back(&self) -> io::Result<()> {
        self.restrict(Rights::None)
    }

    /// What the plugin is handed.
    pub(crate) const fn claim(&self) -> *const CbClaim {
        self.claim
    }

    /// Number of lines.
    pub(crate) const fn lines(&self) -> u32 {
        self.lines
    }

    fn restrict(&self, rights: Rights) -> io::Result<()> {
        self.arenas.iter().try_for_each(|arena| arena.restrict(rights))
    }
}

/// Bytes that a claim takes at most, alignment included.
fn room(claim: &KitClaim, tail: usize) -> usize {
    let list =
        |texts: &[String]| texts.iter().map(|text| text.len() + size_of::<CbStr>()).sum::<usize>();
    let line = |line: &KitLine| {
        let own: usize = line_texts(line).iter().map(|text| text.len()).sum();
        own + list(&line.modifiers) + line.dx_pointers.len() + size_of::<CbLine>() + tail + 64
    };
    let own: usize = claim_texts(claim).iter().map(|text| text.len()).sum();
    own + list(&claim.diagnoses)
        + claim.lines.iter().map(line).sum::<usize>()
        + size_of::<CbClaim>()
        + tail
        + 256
}

fn claim_texts(claim: &KitClaim) -> [&String; 11] {
    [
        &claim.payer_id,
        &claim.filing_indicator,
        &claim.frequency,
        &claim.bill_type,
        &claim.place_of_service,
        &claim.billing_npi,
        &claim.billing_taxonomy,
        &claim.rendering_npi,
        &claim.rendering_taxonomy,
        &claim.sex,
        &claim.authorization,
    ]
}

fn line_texts(line: &KitLine) -> [&String; 9] {
    [
        &line.code,
        &line.place_of_service,
        &line.revenue_code,
        &line.rendering_npi,
        &line.rendering_taxonomy,
        &line.body_region,
        &line.ndc,
        &line.drug_unit,
        &line.authorization,
    ]
}

struct Writer {
    arenas: Vec<Arena>,
    layout: Layout,
}

impl Writer {
    fn claim(&mut self, claim: &KitClaim) -> io::Result<CbClaim> {
        let mut lines = Vec::with_capacity(claim.lines.len());
        for (line, line_no) in claim.lines.iter().zip(1..) {
            lines.push(CbLine { line_no, ..self.line(line)? });
        }
        let stride = size_of::<CbLine>() + self.layout.tail;
        let granted = self.layout.granted;
        let has = |field, given| granted.has(field) && given;
        let (dates, original) = (
            has(field::CLAIM_DATES, claim.from != 0 || claim.through != 0),
            has(field::CLAIM_ORIGINAL_REFERENCE, claim.has_original_reference),
        );
        let charge = has(field::CLAIM_CHARGE, true);
        let submitted = has(field::CLAIM_SUBMITTED, claim.submitted != 0);
        let birth = has(field::PATIENT_BIRTH_DATE, claim.birth_date != 0);
        let diagnoses = if granted.has(field::CLAIM_DIAGNOSES) { &*claim.diagnoses } else { &[] };
        let mut present = FieldSet::NONE
            .with_if(field::CLAIM_DATES, dates)
            .with_if(field::CLAIM_ORIGINAL_REFERENCE, original)
            .with_if(field::CLAIM_CHARGE, charge)
            .with_if(field::CLAIM_SUBMITTED, submitted)
            .with_if(field::PATIENT_BIRTH_DATE, birth)
            .with_if(field::CLAIM_DIAGNOSES, !diagnoses.is_empty());
        let mut text = |field, text: &str| self.granted(field, text, &mut present);
        let raw = CbClaim {
            form: claim.form,
            payer_id: text(field::CLAIM_PAYER_ID, &claim.payer_id)?,
            filing_indicator: text(field::CLAIM_FILING_INDICATOR, &claim.filing_indicator)?,
            frequency: text(field::CLAIM_FREQUENCY, &claim.frequency)?,
            bill_type: text(field::CLAIM_BILL_TYPE, &claim.bill_type)?,
            place_of_service: text(field::CLAIM_PLACE_OF_SERVICE, &claim.place_of_service)?,
            billing_npi: text(field::CLAIM_BILLING_NPI, &claim.billing_npi)?,
            billing_taxonomy: text(field::CLAIM_BILLING_TAXONOMY, &claim.billing_taxonomy)?,
            rendering_npi: text(field::CLAIM_RENDERING_NPI, &claim.rendering_npi)?,
            rendering_taxonomy: text(field::CLAIM_RENDERING_TAXONOMY, &claim.rendering_taxonomy)?,
            sex: text(field::PATIENT_SEX, &claim.sex)?,
            authorization: text(field::CLAIM_AUTHORIZATION, &claim.authorization)?,
            claim_ref: self.text("1")?,
            from: if dates { claim.from } else { 0 },
            through: if dates { claim.through } else { 0 },
            total_charge: if charge { claim.total_charge } else { 0 },
            submitted: if submitted { claim.submitted } else { 0 },
            birth_date: if birth { claim.birth_date } else { 0 },
            has_original_reference: u32::from(original),
            diagnoses: self.texts(diagnoses)?,
            n_diagnoses: diagnoses.len(),
            n_lines: u32::try_from(lines.len()).map_err(|_| io::ErrorKind::InvalidInput)?,
            lines: self.structs(&lines)?,
            line_stride: u32::try_from(stride).map_err(|_| io::ErrorKind::InvalidInput)?,
            granted: granted.bits(),
            present: 0,
            ..CbClaim::default()
        };
        let struct_size = size_with(raw.struct_size, self.layout.tail);
        Ok(CbClaim { present: present.bits(), struct_size, ..raw })
    }

    fn line(&mut self, line: &KitLine) -> io::Result<CbLine> {
        let granted = self.layout.granted;
        let only = |field, value: i64| if granted.has(field) { value } else { 0 };
        let dates = granted.has(field::LINE_DATES) && (line.from != 0 || line.through != 0);
        let modifiers = if granted.has(field::LINE_MODIFIERS) { &*line.modifiers } else { &[] };
        let pointers = if granted.has(field::LINE_DIAGNOSES) { &*line.dx_pointers } else { &[] };
        let has_drug = granted.has(field::LINE_DRUG) && !line.ndc.is_empty();
        let (ndc, drug_unit) = if has_drug { (&*line.ndc, &*line.drug_unit) } else { ("", "") };
        let mut present = FieldSet::NONE
            .with_if(field::LINE_DATES, dates)
            .with_if(field::LINE_MODIFIERS, !modifiers.is_empty())
            .with_if(field::LINE_DIAGNOSES, !pointers.is_empty())
            .with_if(field::LINE_UNITS, granted.has(field::LINE_UNITS))
            .with_if(field::LINE_CHARGE, granted.has(field::LINE_CHARGE))
            .with_if(field::LINE_DRUG, has_drug);
        let mut text = |field, text: &str| self.granted(field, text, &mut present);
        let raw = CbLine {
            code: text(field::LINE_CODE, &line.code)?,
            place_of_service: text(field::LINE_PLACE_OF_SERVICE, &line.place_of_service)?,
            revenue_code: text(field::LINE_REVENUE_CODE, &line.revenue_code)?,
            rendering_npi: text(field::LINE_RENDERING_NPI, &line.rendering_npi)?,
            rendering_taxonomy: text(field::LINE_RENDERING_TAXONOMY, &line.rendering_taxonomy)?,
            body_region: text(field::LINE_BODY_REGION, &line.body_region)?,
            authorization: text(field::LINE_AUTHORIZATION, &line.authorization)?,
            ndc: self.text(ndc)?,
            drug_unit: self.text(drug_unit)?,
            drug_quantity_milli: if has_drug { line.drug_quantity_milli } else { 0 },
            modifiers: self.texts(modifiers)?,
            n_modifiers: modifiers.len(),
            dx_pointers: self.bytes(pointers)?,
            n_dx_pointers: pointers.len(),
            from: if dates { line.from } else { 0 },
            through: if dates { line.through } else { 0 },
            units_milli: only(field::LINE_UNITS, line.units_milli),
            charge: only(field::LINE_CHARGE, line.charge),
            unit_basis: if line.in_minutes { basis::MINUTES } else { basis::UNITS },
            ..CbLine::default()
        };
        let struct_size = size_with(raw.struct_size, self.layout.tail);
        Ok(CbLine { present: present.bits(), struct_size, ..raw })
    }

    /// `text` when its field is granted.
    fn granted(&mut self, field: CbField, text: &str, present: &mut FieldSet) -> io::Result<CbStr> {
        if text.is_empty() || !self.layout.granted.has(field) {
            return Ok(CbStr::EMPTY);
        }
        *present = present.with(field);
        self.text(text)
    }

    fn text(&mut self, text: &str) -> io::Result<CbStr> {
        Ok(CbStr { ptr: self.bytes(text.as_bytes())?, len: text.len() })
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<*const u8> {
        match self.arena(bytes.len())? {
            Some(arena) => arena.put(bytes),
            None => Ok(ptr::null()),
        }
    }

    fn texts(&mut self, texts: &[String]) -> io::Result<*const CbStr> {
        let texts = texts.iter().map(|text| self.text(text)).collect::<io::Result<Vec<_>>>()?;
        match self.arena(size_of_val(&*texts))? {
            Some(arena) => arena.put(&texts),
            None => Ok(ptr::null()),
        }
    }

    fn structs<T: Copy>(&mut self, items: &[T]) -> io::Result<*const T> {
        let tail = self.layout.tail;
        match self.arena(size_of_val(items) + tail * items.len())? {
            Some(arena) => arena.put_with_tails(items, tail),
            None => Ok(ptr::null()),
        }
    }

    /// Where the next `bytes` go; none when there are none to go.
    fn arena(&mut self, bytes: usize) -> io::Result<Option<&mut Arena>> {
        if bytes == 0 {
            return Ok(None);
        }
        if self.layout.apart {
            self.arenas.push(Arena::new(bytes)?);
        }
        Ok(self.arenas.last_mut())
    }
}

fn size_with(size: u32, tail: usize) -> u32 {
    size.saturating_add(u32::try_from(tail).unwrap_or(u32::MAX))
}
