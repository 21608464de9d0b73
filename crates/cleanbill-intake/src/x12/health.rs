//! HI: diagnoses, and the condition, value and occurrence codes of a claim.

use cleanbill_model::{
    Claim, ClaimType, DateRange, DiagnosisCode, DiagnosisSystem, Location, Money, NubcCode,
    Occurrence, ServiceDate, ValueCode,
};

use super::segment::{Components, Segment};
use super::value::unreadable_component;
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// Condition codes, and value codes, and occurrences, that a claim may have: two `HI` of twelve.
const CODES: usize = 24;

/// Reads `HI`. What it holds beside diagnoses is told and left out where it cannot be read; qualifiers
/// of other lists are passed over.
#[inline]
pub(super) fn codes(
    segment: &Segment<'_>,
    claim: &mut Claim,
    place: Location,
    ledger: &mut Ledger,
) -> Result<(), Problem> {
    const FIX: &str = "write the qualifier (ABK, ABF) and the code without its point";
    let most = if claim.claim_type == ClaimType::Institutional { 25 } else { 12 };
    for index in 1..=segment.elements() {
        if segment.element(index).is_empty() {
            continue;
        }
        let fail = |component: usize, error: &dyn core::fmt::Display| {
            let element = format!("HI{index:02}-{component}");
            unreadable_component(codes::DIAGNOSIS, &element, error, segment, index, FIX)
        };
        let mut parts = segment.components(index);
        let qualifier = parts.next_part();
        let system = match qualifier {
            b"ABK" | b"ABF" => DiagnosisSystem::Icd10Cm,
            b"BK" | b"BF" => DiagnosisSystem::Icd9Cm,
            _ if matches!(qualifier.len(), 2 | 3)
                && qualifier.iter().all(u8::is_ascii_alphanumeric) =>
            {
                if let Err(problem) = other(qualifier, parts, claim, index) {
                    ledger.note(problem, place);
                }
                continue;
            }
            _ => return Err(fail(1, &"is not a code list qualifier")),
        };
        let code = DiagnosisCode::new(parts.next_part()).map_err(|error| fail(2, &error))?;
        if *claim.diagnosis_system.get_or_insert(system) != system {
            return Err(fail(1, &"mixes ICD-9 with ICD-10 on one claim"));
        }
        if claim.diagnoses.len() >= most {
            let error = format!("is one diagnosis too many; a claim has {most} at the most");
            return Err(fail(1, &error));
        }
        claim.diagnoses.push(code);
    }
    Ok(())
}

/// Condition, value and occurrence codes.
fn other(
    qualifier: &[u8],
    mut parts: Components<'_>,
    claim: &mut Claim,
    index: usize,
) -> Result<(), Problem> {
    if !matches!(qualifier, b"BG" | b"BE" | b"BH" | b"BI") {
        return Ok(());
    }
    let facility = &mut claim.facility;
    let wrong = |component: usize, error: &dyn core::fmt::Display| {
        let element = format!("HI{index:02}-{component}");
        let message = format!("`{element}` {error}; it was left out");
        let fix = "write the code, and its amount or date where it has one";
        Problem::new(codes::CLAIM_CODE, element, message, fix)
    };
    let code = NubcCode::new(parts.next_part()).map_err(|error| wrong(2, &error))?;
    let full = match qualifier {
        b"BG" => facility.conditions.len(),
        b"BE" => facility.values.len(),
        _ => facility.occurrences.len() / 2,
    };
    if full >= CODES {
        return Err(wrong(1, &"is one code too many; a claim has 24 at the most"));
    }
    if qualifier == b"BG" {
        facility.conditions.push(code);
        return Ok(());
    }
    let (format, date, amount) = (parts.next_part(), parts.next_part(), parts.next_part());
    if qualifier == b"BE" {
        let amount = Money::parse(amount).map_err(|error| wrong(5, &error))?;
        facility.values.push(ValueCode { code, amount });
        return Ok(());
    }
    let dates = match format {
        b"D8" => ServiceDate::parse_d8(date).map(DateRange::day),
        b"RD8" => DateRange::parse_rd8(date),
        _ => return Err(wrong(3, &"is neither D8 nor RD8")),
    };
    let dates = dates.map_err(|error| wrong(4, &error))?;
    facility.occurrences.push(Occurrence { code, dates });
    Ok(())
}

/// Reads `CL1`: admission type, point of origin, patient status.
pub(super) fn admission(
    segment: &Segment<'_>,
    claim: &mut Claim,
    place: Location,
    ledger: &mut Ledger,
) {
    let facility = &mut claim.facility;
    let slots = [
        &mut facility.admission_type,
        &mut facility.admission_source,
        &mut facility.patient_status,
    ];
    for ((index, slot), element) in slots.into_iter().enumerate().zip(["CL101", "CL102", "CL103"]) {
        let text = segment.element(index + 1);
        if text.is_empty() {
            continue;
        }
        match NubcCode::new(text) {
            Ok(code) => *slot = Some(code),
            Err(error) => {
                let message = format!("`{element}` {error}; it was left out");
                let fix = "write the code of the National Uniform Billing Committee";
                ledger.note(Problem::new(codes::CLAIM_CODE, element, message, fix), place);
            }
        }
    }
}
