//! Loop 2410: the drug of a service line.

use cleanbill_model::{Drug, DrugUnit, Ndc, ServiceLine, Units};

use super::segment::Segment;
use super::value::unreadable;
use crate::codes;
use crate::problem::Problem;

/// Reads `LIN`. A product that is named by anything but a national drug code is passed over.
pub(super) fn code(segment: &Segment<'_>, line: &mut ServiceLine) -> Result<(), Problem> {
    if segment.element(2) != b"N4" {
        return Ok(());
    }
    if line.drug.is_some() {
        return Err(Problem::new(
            codes::REPEATED,
            "LIN",
            "a second drug (`LIN`) stands in one service line",
            "write each drug of a compound in a service line of its own",
        ));
    }
    let ndc = Ndc::new(segment.element(3)).map_err(|error| {
        let fix = "write the national drug code with its zeros and without hyphens, `00026063512`";
        unreadable(codes::DRUG, "LIN03", error, fix)
    })?;
    line.drug = Some(Drug { ndc, quantity: None, unit: None });
    Ok(())
}

/// Reads the `CTP` behind a `LIN`.
pub(super) fn quantity(segment: &Segment<'_>, drug: &mut Drug) -> Result<(), Problem> {
    let amount = segment.element(4);
    if !amount.is_empty() {
        let amount = Units::parse(amount).map_err(|error| {
            unreadable(codes::DRUG, "CTP04", error, "write the quantity as a plain number, `10.5`")
        })?;
        drug.quantity = Some(amount);
    }
    let unit = segment.components(5).next_part();
    if !unit.is_empty() {
        let unit = DrugUnit::new(unit).ok_or_else(|| {
            let fix = "write F2, GR, ME, ML or UN";
            unreadable(codes::DRUG, "CTP05-1", "is no unit of a drug", fix)
        })?;
        drug.unit = Some(unit);
    }
    Ok(())
}
