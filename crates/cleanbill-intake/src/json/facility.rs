//! The members of claim JSON that only a facility's claim needs.

use cleanbill_model::{
    Claim, DateRange, Facility, NubcCode, Occurrence, Provider, ServiceDate, Taxonomy, ValueCode,
};

use super::declaration::{
    AdmissionDeclaration, ClaimDeclaration, OccurrenceDeclaration, SpanDeclaration, Text,
    ValueDeclaration,
};
use super::place::Place;
use crate::problem::Problem;

/// Codes of one kind that a claim may have, as in an 837I.
const CODES: usize = 24;

/// Gives `claim` what `declared` says of the stay.
pub(super) fn fill(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let at = Place::Claim;
    let facility = &mut claim.facility;
    if let Some(attending) = &declared.attending_provider {
        facility.attending = Provider {
            npi: at.npi("attending_provider.npi", attending.npi.as_ref())?,
            taxonomy: at.read(
                "attending_provider.taxonomy",
                attending.taxonomy.as_ref(),
                Taxonomy::new,
            )?,
        };
    }
    if let Some(operating) = &declared.operating_provider {
        facility.operating.npi = at.npi("operating_provider.npi", operating.npi.as_ref())?;
    }
    if let Some(admission) = &declared.admission {
        admitted(admission, facility)?;
    }
    if let Some(statement) = &declared.statement {
        facility.statement = Some(span("statement", statement)?);
    }
    for (index, text) in declared.condition_codes.iter().flatten().enumerate() {
        room("condition_codes", index, CODES)?;
        facility.conditions.push(code(&format!("condition_codes[{index}]"), Some(text))?);
    }
    for (index, value) in declared.value_codes.iter().flatten().enumerate() {
        room("value_codes", index, CODES)?;
        facility.values.push(value_code(&format!("value_codes[{index}]"), value)?);
    }
    for (index, occurrence) in declared.occurrences.iter().flatten().enumerate() {
        room("occurrences", index, 2 * CODES)?;
        facility.occurrences.push(occurred(&format!("occurrences[{index}]"), occurrence)?);
    }
    Ok(())
}

fn admitted(declared: &AdmissionDeclaration<'_>, facility: &mut Facility) -> Result<(), Problem> {
    let at = Place::Claim;
    facility.admission_type = at.read("admission.type", declared.kind.as_ref(), NubcCode::new)?;
    facility.admission_source =
        at.read("admission.source", declared.source.as_ref(), NubcCode::new)?;
    facility.patient_status =
        at.read("admission.status", declared.status.as_ref(), NubcCode::new)?;
    Ok(())
}

fn room(member: &str, index: usize, most: usize) -> Result<(), Problem> {
    if index < most {
        return Ok(());
    }
    let error = format!("has more than {most} codes");
    Err(Place::Claim.unreadable(member, error, "keep those that the payer needs"))
}

fn code(path: &str, text: Option<&Text<'_>>) -> Result<NubcCode, Problem> {
    let fix = "write the code of the National Uniform Billing Committee, one or two characters";
    let Some(Text(text)) = text else { return Err(Place::Claim.missing(path, fix)) };
    NubcCode::new(text.as_bytes()).map_err(|error| Place::Claim.unreadable(path, error, fix))
}

fn value_code(path: &str, declared: &ValueDeclaration<'_>) -> Result<ValueCode, Problem> {
    let code = code(&format!("{path}.code"), declared.code.as_ref())?;
    let member = format!("{path}.amount");
    let Some(amount) = declared.amount else {
        return Err(Place::Claim.missing(&member, "write the amount of the value code"));
    };
    Ok(ValueCode { code, amount: Place::Claim.money(&member, amount)? })
}

fn occurred(path: &str, declared: &OccurrenceDeclaration<'_>) -> Result<Occurrence, Problem> {
    let code = code(&format!("{path}.code"), declared.code.as_ref())?;
    let dates = days(path, declared.from.as_ref(), declared.through.as_ref())?;
    Ok(Occurrence { code, dates })
}

fn span(path: &str, declared: &SpanDeclaration<'_>) -> Result<DateRange, Problem> {
    days(path, declared.from.as_ref(), declared.through.as_ref())
}

fn days(
    path: &str,
    from: Option<&Text<'_>>,
    through: Option<&Text<'_>>,
) -> Result<DateRange, Problem> {
    let at = Place::Claim;
    let (first, last) = (format!("{path}.from"), format!("{path}.through"));
    let from = at
        .read(&first, from, ServiceDate::parse_iso)?
        .ok_or_else(|| at.missing(&first, "write the first day, `2026-03-02`"))?;
    let through = at.read(&last, through, ServiceDate::parse_iso)?;
    DateRange::new(from, through.unwrap_or(from))
        .map_err(|error| at.unreadable(&last, error, "end the span after it starts"))
}
