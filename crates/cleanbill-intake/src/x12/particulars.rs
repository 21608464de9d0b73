//! CR1, CR2, CRC, `QTY*PT` and the ZIP codes of an ambulance transport, of a claim or a line.
//!
//! What cannot be read is left out and told; it costs no claim. Streets and cities are not read.

use core::fmt::Display;

use cleanbill_model::{
    Certification, Claim, ConditionCategory, ConditionIndicator, Location, Particulars, Phi,
    SpinalCondition, TransportReason, Units, ZipCode,
};

use super::id::Id;
use super::role::Role;
use super::segment::Segment;
use super::value::count;
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// Reads `CR1`, `CR2`, `CRC` or `QTY` into the line at place `line` of the claim, or into the claim.
pub(super) fn read(
    segment: &Segment<'_>,
    claim: &mut Claim,
    line: Option<usize>,
    place: Location,
    ledger: &mut Ledger,
) {
    let read = match segment.id() {
        Id::CR1 => return transport(segment, claim, line, place, ledger),
        Id::CR2 => spine(segment, claim.fill_particulars(line)),
        Id::CRC => certification(segment, claim.fill_particulars(line)),
        Id::QTY if segment.element(1) == b"PT" => patients(segment, claim.fill_particulars(line)),
        _ => Ok(()),
    };
    if let Err(problem) = read {
        ledger.note(problem, place);
    }
}

/// Reads the ZIP code of an `N4` behind the `NM1` of a pick-up or drop-off. One of another country is passed over.
pub(super) fn postal_code(
    segment: &Segment<'_>,
    claim: &mut Claim,
    line: Option<usize>,
    role: Role,
) -> Result<(), Problem> {
    let text = segment.element(3);
    if text.is_empty() || !matches!(segment.element(4), b"" | b"US" | b"USA") {
        return Ok(());
    }
    let code = ZipCode::new(text).map_err(|error| {
        wrong("N403", error, "write the ZIP code of five or nine digits without a hyphen")
    })?;
    let ambulance = &mut claim.fill_particulars(line).ambulance;
    match role {
        Role::PickUp => ambulance.pick_up = Phi::new(Some(code)),
        _ => ambulance.drop_off = Phi::new(Some(code)),
    }
    Ok(())
}

fn transport(
    segment: &Segment<'_>,
    claim: &mut Claim,
    line: Option<usize>,
    place: Location,
    ledger: &mut Ledger,
) {
    if claim.fill_particulars(line).ambulance.reason.is_some() {
        let message =
            "a second ambulance transport (`CR1`) stands in the claim or line; the first counts";
        let fix = "write `CR1` once per claim and once per line";
        return ledger.note(Problem::new(codes::PARTICULAR, "CR1", message, fix), place);
    }
    let text =
        |texts: &mut cleanbill_model::TextArena, index| Phi::new(texts.add(segment.text(index)));
    let (round_trip, stretcher) = (text(&mut claim.texts, 9), text(&mut claim.texts, 10));
    let ambulance = &mut claim.fill_particulars(line).ambulance;
    (ambulance.round_trip, ambulance.stretcher) = (round_trip, stretcher);
    let slots = [
        (1, "CR101", b"LB", 2, "CR102", &mut ambulance.weight),
        (5, "CR105", b"DH", 6, "CR106", &mut ambulance.distance),
    ];
    for (unit, of_unit, known, index, element, slot) in slots {
        let amount = segment.element(index);
        if amount.is_empty() {
            continue;
        }
        let read = match segment.element(unit) {
            found if found == known => {
                Units::parse(amount).map(|read| *slot = Some(read)).map_err(|error| {
                    wrong(element, error, "write the number of pounds or miles, `140`")
                })
            }
            _ => Err(wrong(
                of_unit,
                "is not LB (pounds) or DH (miles)",
                "write LB in CR101, DH in CR105",
            )),
        };
        if let Err(problem) = read {
            ledger.note(problem, place);
        }
    }
    if segment.element(4).is_empty() {
        return;
    }
    ambulance.reason = TransportReason::new(segment.element(4));
    if ambulance.reason.is_none() {
        let fix = "write the reason of the transport, A to E";
        ledger.note(wrong("CR104", "is not A to E", fix), place);
    }
}

fn spine(segment: &Segment<'_>, own: &mut Particulars) -> Result<(), Problem> {
    let text = segment.element(8);
    if text.is_empty() {
        return Ok(());
    }
    own.spinal_condition = SpinalCondition::new(text);
    let fix = "write the condition of the patient, A, C to G or M";
    own.spinal_condition
        .map(drop)
        .ok_or_else(|| wrong("CR208", "is no condition of a patient", fix))
}

fn certification(segment: &Segment<'_>, own: &mut Particulars) -> Result<(), Problem> {
    let fix = "write the category, Y or N, and one to five condition codes of two characters";
    let category =
        ConditionCategory::new(segment.element(1)).map_err(|error| wrong("CRC01", error, fix))?;
    let applies = match segment.element(2) {
        b"Y" => true,
        b"N" => false,
        _ => return Err(wrong("CRC02", "is not Y or N", fix)),
    };
    let mut conditions = [None; 5];
    let elements = ["CRC03", "CRC04", "CRC05", "CRC06", "CRC07"];
    for ((index, element), slot) in (3..).zip(elements).zip(&mut conditions) {
        let text = segment.element(index);
        if !text.is_empty() {
            let read = ConditionIndicator::new(text).map_err(|error| wrong(element, error, fix))?;
            *slot = Some(read);
        }
    }
    own.certifications.push(Certification { category, applies, conditions });
    Ok(())
}

fn patients(segment: &Segment<'_>, own: &mut Particulars) -> Result<(), Problem> {
    // The guide writes a whole number; senders add `.00`.
    let text = segment.element(2);
    let text = text.split(|byte| *byte == b'.').next().filter(|_| whole(text)).unwrap_or(text);
    let read = count(text).and_then(|count| u16::try_from(count).ok());
    own.ambulance.patients = read;
    let fix = "write the number of patients in the ambulance, `2`";
    read.map(drop).ok_or_else(|| wrong("QTY02", "is not a number of patients", fix))
}

fn whole(text: &[u8]) -> bool {
    text.iter().skip_while(|byte| **byte != b'.').skip(1).all(|byte| *byte == b'0')
}

fn wrong(element: &str, error: impl Display, fix: &str) -> Problem {
    let message = format!("`{element}` {error}; it was left out");
    Problem::new(codes::PARTICULAR, element, message, fix)
}
