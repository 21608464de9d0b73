//! SVC and what stands behind it: one service line as the payer adjudicated it.

use cleanbill_model::{
    Modifier, Modifiers, Money, ProcedureCode, RemittedLine, RevenueCode, ServiceDate,
};

use crate::codes;
use crate::problem::Problem;
use crate::x12::segment::Segment;
use crate::x12::value::{unreadable, unreadable_component};

/// Reads `SVC`.
pub(super) fn service(segment: &Segment<'_>, line: &mut RemittedLine) -> Result<(), Problem> {
    (line.procedure, line.modifiers) = procedure(segment, 1, ["SVC01-1", "SVC01-2", "SVC01-3"])?;
    line.charge = Money::parse(segment.element(2)).map_err(|error| {
        let fix = "the charge of the line in dollars and cents, `412.00`, is needed";
        unreadable(codes::LINE_CHARGE, "SVC02", error, fix)
    })?;
    line.paid = Money::parse(segment.element(3)).map_err(|error| {
        let fix = "the amount paid in dollars and cents, `0` for nothing, is needed";
        unreadable(codes::AMOUNT_PAID, "SVC03", error, fix)
    })?;
    let mut components = segment.components(1);
    let revenue = match (components.next_part(), components.next_part()) {
        (b"NU", code) => code,
        _ => segment.element(4),
    };
    line.revenue_code = RevenueCode::new(revenue).ok();
    (line.submitted, line.submitted_modifiers) =
        procedure(segment, 6, ["SVC06-1", "SVC06-2", "SVC06-3"])?;
    Ok(())
}

/// A composite with qualifier, code and up to four modifiers. Codes of other lists than HCPCS and CDT are
/// passed over: no edit knows them.
pub(in crate::x12) fn procedure(
    segment: &Segment<'_>,
    index: usize,
    [whole, name, modifier_name]: [&str; 3],
) -> Result<(Option<ProcedureCode>, Modifiers), Problem> {
    let mut modifiers = Modifiers::default();
    if segment.element(index).is_empty() {
        return Ok((None, modifiers));
    }
    let fail = |element: &str, error: &dyn core::fmt::Display, fix: &str| {
        unreadable_component(codes::PROCEDURE, element, error, segment, index, fix)
    };
    let mut parts = segment.components(index);
    let qualifier = parts.next_part();
    if qualifier.len() != 2 {
        let fix = "write the qualifier (`HC`), the procedure code and its modifiers";
        return Err(fail(whole, &"is not a two-character code qualifier", fix));
    }
    if !matches!(qualifier, b"HC" | b"AD") {
        return Ok((None, modifiers));
    }
    let code = ProcedureCode::new(parts.next_part())
        .map_err(|error| fail(name, &error, "write the CPT or HCPCS code, five characters"))?;
    for text in parts.take(4).filter(|text| !text.is_empty()) {
        let fix = "write modifiers as two capital letters or digits";
        let modifier = Modifier::new(text).map_err(|error| fail(modifier_name, &error, fix))?;
        // Four at the most are taken, so there is always room.
        let _ = modifiers.push(modifier);
    }
    Ok((Some(code), modifiers))
}

/// First and last day of service as they come: DTM\*472 is both, 150 and 151 are one each; of the claim 232
/// and 233.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Days {
    pub(super) from: Option<ServiceDate>,
    pub(super) through: Option<ServiceDate>,
}

impl Days {
    /// Reads a `DTM`; other dates than those of service are passed over.
    pub(super) fn read(&mut self, segment: &Segment<'_>) -> Result<(), Problem> {
        let (first, last) = match segment.element(1) {
            b"472" => (true, true),
            b"150" | b"232" => (true, false),
            b"151" | b"233" => (false, true),
            _ => return Ok(()),
        };
        let day = ServiceDate::parse_d8(segment.element(2)).map_err(|error| {
            unreadable(codes::SERVICE_DATE, "DTM02", error, "write the day as YYYYMMDD")
        })?;
        if first {
            self.from = Some(day);
        }
        if last {
            self.through = Some(day);
        }
        Ok(())
    }
}
