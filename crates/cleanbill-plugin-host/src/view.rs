//! The view of a claim that crosses to a plugin. It shows what an edit needs: no name, member id, birth
//! date, control number, tax number or note.

use std::fmt::Write as _;

use cleanbill_model::{Claim, ClaimType, Modifier, ServiceLine, UnitBasis};
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
    /// The view of `claim`. It points into `claim` and into this memory, and is good until either
    /// changes.
    pub(crate) fn view(&mut self, claim: &Claim) -> CbClaim {
        self.fill_lists(claim);
        self.fill_lines(claim);
        let days = || claim.lines.iter().map(|line| line.dates);
        CbClaim {
            form: match claim.claim_type {
                ClaimType::Professional => form::PROFESSIONAL,
                ClaimType::Institutional => form::INSTITUTIONAL,
                ClaimType::Dental => form::DENTAL,
            },
            claim_ref: CbStr::new(&self.ordinal),
            payer_id: CbStr::new(claim.payer()),
            filing_indicator: text(claim.filing_indicator.as_ref().map(|code| code.as_str())),
            frequency: CbStr::new(&self.frequency),
            bill_type: text(claim.type_of_bill.as_ref().map(|code| code.as_str())),
            place_of_service: text(claim.place_of_service.as_ref().map(|code| code.as_str())),
            billing_npi: text(claim.billing.npi.as_ref().map(|npi| npi.as_str())),
            billing_taxonomy: text(claim.billing.taxonomy.as_ref().map(|code| code.as_str())),
            rendering_npi: text(claim.rendering.npi.as_ref().map(|npi| npi.as_str())),
            rendering_taxonomy: text(claim.rendering.taxonomy.as_ref().map(|code| code.as_str())),
            from: days().map(|days| days.from().yyyymmdd()).min().unwrap_or_default(),
            through: days().map(|days| days.through().yyyymmdd()).max().unwrap_or_default(),
            total_charge: claim.charge.cents(),
            diagnoses: self.diagnoses.as_ptr(),
            n_diagnoses: self.diagnoses.len(),
            lines: self.lines.as_ptr(),
            // No input has more lines than this holds; were there more, the rest would go unseen.
            n_lines: u32::try_from(self.lines.len()).unwrap_or(u32::MAX),
            ..CbClaim::default()
        }
    }

    /// All lists that lines point into, first and whole, so that none of them moves any more.
    fn fill_lists(&mut self, claim: &Claim) {
        self.ordinal.clear();
        // Writing to a string does not fail.
        let _ = write!(self.ordinal, "{}", claim.ordinal);
        self.frequency.clear();
        self.frequency.extend(claim.frequency.map(|frequency| frequency.as_char()));
        self.modifiers.clear();
        self.modifiers.extend(claim.lines.iter().flat_map(|line| line.modifiers.iter()));
        self.modifier_strs.clear();
        self.modifier_strs.extend(self.modifiers.iter().map(|code| CbStr::new(code.as_str())));
        self.pointers.clear();
        self.pointers.extend(claim.lines.iter().flat_map(|line| line.pointers.iter()));
        self.diagnoses.clear();
        self.diagnoses.extend(claim.diagnoses.iter().map(|code| CbStr::new(code.as_str())));
    }

    fn fill_lines(&mut self, claim: &Claim) {
        self.lines.clear();
        let (mut modifiers, mut pointers) = (self.modifier_strs.as_slice(), &*self.pointers);
        for (line, line_no) in claim.lines.iter().zip(1..) {
            let own_modifiers = split_front(&mut modifiers, line.modifiers.iter().count());
            let own_pointers = split_front(&mut pointers, line.pointers.iter().count());
            self.lines.push(CbLine {
                line_no,
                modifiers: own_modifiers.as_ptr(),
                n_modifiers: own_modifiers.len(),
                dx_pointers: own_pointers.as_ptr(),
                n_dx_pointers: own_pointers.len(),
                ..plain_line(line)
            });
        }
    }
}

fn plain_line(line: &ServiceLine) -> CbLine {
    CbLine {
        code: text(line.procedure.as_ref().map(|code| code.as_str())),
        place_of_service: text(line.place_of_service.as_ref().map(|code| code.as_str())),
        revenue_code: text(line.revenue_code.as_ref().map(|code| code.as_str())),
        rendering_npi: text(line.provider.npi.as_ref().map(|npi| npi.as_str())),
        rendering_taxonomy: text(line.provider.taxonomy.as_ref().map(|code| code.as_str())),
        body_region: text(line.body_region.map(|region| region.as_str())),
        from: line.dates.from().yyyymmdd(),
        through: line.dates.through().yyyymmdd(),
        units_milli: line.units.thousandths(),
        charge: line.charge.cents(),
        unit_basis: match line.unit_basis {
            UnitBasis::Units => basis::UNITS,
            UnitBasis::Minutes => basis::MINUTES,
        },
        ..CbLine::default()
    }
}

fn text(code: Option<&str>) -> CbStr {
    CbStr::or_empty(code)
}

/// Takes the first `count` elements off `rest`.
fn split_front<'a, T>(rest: &mut &'a [T], count: usize) -> &'a [T] {
    let (front, back) = rest.split_at_checked(count).unwrap_or((rest, &[]));
    *rest = back;
    front
}

#[cfg(test)]
mod tests;
