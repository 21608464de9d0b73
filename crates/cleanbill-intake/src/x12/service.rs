//! SV1, SV2 and SV3: what was done, how often and for how much, on the three kinds of claims.

use cleanbill_model::{
    Claim, Modifier, Money, Phi, PlaceOfService, ProcedureCode, RevenueCode, ServiceLine,
    UnitBasis, Units,
};

use super::segment::Segment;
use super::value::{count, unreadable, unreadable_component};
use crate::codes;
use crate::problem::Problem;

/// A composite element that holds a procedure code, and the names of its components.
struct Composite {
    element: usize,
    /// The qualifier of the code list that is read.
    list: &'static [u8],
    qualifier: &'static str,
    code: &'static str,
    modifiers: [&'static str; 4],
    description: &'static str,
}

const SV101: Composite = Composite {
    element: 1,
    list: b"HC",
    qualifier: "SV101-1",
    code: "SV101-2",
    modifiers: ["SV101-3", "SV101-4", "SV101-5", "SV101-6"],
    description: "SV101-7",
};
const SV202: Composite = Composite {
    element: 2,
    list: b"HC",
    qualifier: "SV202-1",
    code: "SV202-2",
    modifiers: ["SV202-3", "SV202-4", "SV202-5", "SV202-6"],
    description: "SV202-7",
};
const SV301: Composite = Composite {
    element: 1,
    list: b"AD",
    qualifier: "SV301-1",
    code: "SV301-2",
    modifiers: ["SV301-3", "SV301-4", "SV301-5", "SV301-6"],
    description: "SV301-7",
};

/// Reads `SV1` of an 837P.
pub(super) fn professional(
    segment: &Segment<'_>,
    line: &mut ServiceLine,
    claim: &mut Claim,
) -> Result<(), Problem> {
    procedure(&SV101, segment, line, claim)?;
    line.charge = charge(segment, 2, "SV102")?;
    line.unit_basis = match segment.element(3) {
        b"UN" => UnitBasis::Units,
        b"MJ" => UnitBasis::Minutes,
        _ => {
            let fix = "write UN for units or MJ for minutes";
            return Err(unreadable(codes::UNITS, "SV103", "is neither UN nor MJ", fix));
        }
    };
    line.units = units(segment, 4, "SV104")?;
    line.place_of_service = place(segment, 5, "SV105")?;
    const PLACES: [&str; 4] = ["SV107-1", "SV107-2", "SV107-3", "SV107-4"];
    pointers(segment, 7, ("SV107", PLACES), line, claim.diagnoses.len())
}

/// Reads `SV2` of an 837I. A line has a revenue code always, a procedure code often.
pub(super) fn institutional(
    segment: &Segment<'_>,
    line: &mut ServiceLine,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let revenue = RevenueCode::new(segment.element(1)).map_err(|error| {
        let fix = "write the revenue code with its leading zero, four digits";
        unreadable(codes::REVENUE_CODE, "SV201", error, fix)
    })?;
    line.revenue_code = Some(revenue);
    if !segment.element(2).is_empty() {
        procedure(&SV202, segment, line, claim)?;
    }
    line.charge = charge(segment, 3, "SV203")?;
    if !matches!(segment.element(4), b"UN" | b"DA") {
        let fix = "write UN for units or DA for days";
        return Err(unreadable(codes::UNITS, "SV204", "is neither UN nor DA", fix));
    }
    line.units = units(segment, 5, "SV205")?;
    if !segment.element(6).is_empty() {
        line.rate = Some(charge(segment, 6, "SV206")?);
    }
    Ok(())
}

/// Reads `SV3` of an 837D. A line without a quantity is one procedure.
pub(super) fn dental(
    segment: &Segment<'_>,
    line: &mut ServiceLine,
    claim: &mut Claim,
) -> Result<(), Problem> {
    procedure(&SV301, segment, line, claim)?;
    line.charge = charge(segment, 2, "SV302")?;
    line.place_of_service = place(segment, 3, "SV303")?;
    if !segment.element(6).is_empty() {
        line.units = units(segment, 6, "SV306")?;
    }
    const PLACES: [&str; 4] = ["SV311-1", "SV311-2", "SV311-3", "SV311-4"];
    pointers(segment, 11, ("SV311", PLACES), line, claim.diagnoses.len())
}

fn charge(segment: &Segment<'_>, index: usize, element: &str) -> Result<Money, Problem> {
    Money::parse(segment.element(index)).map_err(|error| {
        let fix = "write the charge of the line in dollars and cents, `412.00`";
        unreadable(codes::LINE_CHARGE, element, error, fix)
    })
}

fn units(segment: &Segment<'_>, index: usize, element: &str) -> Result<Units, Problem> {
    Units::parse(segment.element(index)).map_err(|error| {
        unreadable(codes::UNITS, element, error, "write the quantity as a plain number, `1`")
    })
}

fn place(
    segment: &Segment<'_>,
    index: usize,
    element: &str,
) -> Result<Option<PlaceOfService>, Problem> {
    let code = segment.element(index);
    if code.is_empty() {
        return Ok(None);
    }
    PlaceOfService::new(code).map(Some).map_err(|error| {
        let fix = format!("write the two-digit place of service code, or leave {element} empty");
        unreadable(codes::LINE_PLACE, element, error, fix)
    })
}

/// Qualifier, procedure code, four modifiers, description.
#[inline]
fn procedure(
    at: &Composite,
    segment: &Segment<'_>,
    line: &mut ServiceLine,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let fail = |element: &str, error: &dyn core::fmt::Display, fix: &str| {
        unreadable_component(codes::PROCEDURE, element, error, segment, at.element, fix)
    };
    let mut parts = segment.components(at.element);
    let qualifier = parts.next_part();
    if qualifier.len() != 2 || !qualifier.iter().all(u8::is_ascii_alphanumeric) {
        let fix = "write the qualifier (`HC`, dental `AD`), the procedure code and its modifiers";
        return Err(fail(at.qualifier, &"is not a two-character code qualifier", fix));
    }
    if qualifier != at.list {
        return Ok(());
    }
    let code = ProcedureCode::new(parts.next_part())
        .map_err(|error| fail(at.code, &error, "write the CPT or HCPCS code, five characters"))?;
    line.procedure = Some(code);
    let mut gap = false;
    for place in at.modifiers {
        let text = parts.next_part();
        if text.is_empty() {
            gap = true;
            continue;
        }
        if gap {
            let fix = "write modifiers one after the other, without an empty one between";
            return Err(fail(place, &"stands behind an empty modifier", fix));
        }
        let fix = "write the modifier as two capital letters or digits";
        let modifier = Modifier::new(text).map_err(|error| fail(place, &error, fix))?;
        line.modifiers.push(modifier).map_err(|error| fail(place, &error, fix))?;
    }
    let description = parts.next_part();
    if description.is_empty() {
        return Ok(());
    }
    if !gap && Modifier::new(description).is_ok() {
        let fix = format!(
            "a line carries four modifiers; {} is the description of the service",
            at.description
        );
        return Err(fail(at.description, &"looks like a fifth modifier", &fix));
    }
    let text = core::str::from_utf8(description).unwrap_or_default();
    line.description = Phi::new(claim.texts.add(text));
    Ok(())
}

/// Up to four places in the list of diagnoses.
#[inline]
fn pointers(
    segment: &Segment<'_>,
    index: usize,
    (whole, names): (&str, [&str; 4]),
    line: &mut ServiceLine,
    diagnoses: usize,
) -> Result<(), Problem> {
    const FIX: &str = "point to diagnoses of the claim by their place, from 1 to 12";
    if segment.element(index).is_empty() {
        return Ok(());
    }
    let mut places = names.into_iter();
    for text in segment.components(index) {
        let fail = |element: &str, error: &dyn core::fmt::Display| {
            unreadable_component(codes::POINTER, element, error, segment, index, FIX)
        };
        let Some(place) = places.next() else {
            return Err(fail(whole, &"has more than four diagnosis pointers"));
        };
        if text.is_empty() {
            continue;
        }
        let Some(pointer) = count(text).and_then(|n| u8::try_from(n).ok()) else {
            return Err(fail(place, &"is not a diagnosis pointer from 1 to 12"));
        };
        if !(1..=12).contains(&pointer) {
            return Err(fail(place, &"is not a diagnosis pointer from 1 to 12"));
        }
        if usize::from(pointer) > diagnoses {
            let error = format!("points past the {diagnoses} diagnoses of the claim");
            return Err(fail(place, &error));
        }
        if !line.pointers.push(pointer) {
            return Err(fail(place, &"is one pointer too many"));
        }
    }
    Ok(())
}
