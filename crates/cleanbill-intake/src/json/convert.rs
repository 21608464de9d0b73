//! A declaration checked and turned into the claim.

use cleanbill_model::{
    Claim, ClaimType, DateRange, DiagnosisCode, DiagnosisSystem, Drug, DrugUnit, FilingIndicator,
    Frequency, InputFormat, Location, Modifier, Money, Ndc, Phi, PlaceOfService, ProcedureCode,
    Provider, Region, RevenueCode, ServiceDate, ServiceLine, Sex, Taxonomy, TypeOfBill,
};

use super::declaration::{
    ClaimDeclaration, DrugDeclaration, LineDeclaration, NpiDeclaration, ProviderDeclaration, Text,
};
use super::few::Few;
use super::place::Place;
use super::{facility, other_payer, particulars};
use crate::codes;
use crate::problem::{CLAIM_ID_LIMIT, Problem};

/// Gives `claim` what `declared` says. `place` is where the object starts, `object` its text.
pub(super) fn fill(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let at = Place::Claim;
    claim.format = InputFormat::Json;
    identify(declared, claim)?;
    if declared.schema.is_some_and(|schema| schema != 1) {
        let message = "`schema` is not 1, the only version that is read";
        let fix = "write the claim as schema 1, or use a newer version of the program";
        return Err(Problem::new(codes::JSON_SCHEMA, "schema", message, fix));
    }
    claim.claim_type = at
        .read("type", declared.kind.as_ref(), |text| {
            let kind = core::str::from_utf8(text).ok().and_then(ClaimType::from_name);
            kind.ok_or("is not `professional`, `institutional` or `dental`")
        })?
        .unwrap_or_default();
    claim.frequency = at.read("frequency", declared.frequency.as_ref(), |text| {
        Frequency::new(text).ok_or("is not one capital letter or digit")
    })?;
    claim.payer_id = at.text("payer", declared.payer.as_ref(), claim)?;
    claim.filing_indicator =
        at.read("filing_indicator", declared.filing_indicator.as_ref(), FilingIndicator::new)?;
    patient(declared, claim)?;
    providers(declared, claim)?;
    claim.place_of_service =
        at.read("place_of_service", declared.place_of_service.as_ref(), PlaceOfService::new)?;
    claim.type_of_bill =
        at.read("type_of_bill", declared.type_of_bill.as_ref(), TypeOfBill::new)?;
    facility::fill(declared, claim)?;
    diagnoses(declared, claim)?;
    claim.submitted = at.read("submitted", declared.submitted.as_ref(), ServiceDate::parse_iso)?;
    claim.authorization =
        Phi::new(at.text("prior_authorization", declared.prior_authorization.as_ref(), claim)?);
    claim.original_reference =
        at.text("original_reference", declared.original_reference.as_ref(), claim)?;
    claim.note = Phi::new(at.text("note", declared.note.as_ref(), claim)?);
    other_payer::payers(declared.other_payers.as_deref(), claim)?;
    particulars::of_claim(declared, claim)
}

/// Claim number and charge come first, so that a claim that is set aside still has both.
fn identify(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let at = Place::Claim;
    let fix = "give every claim its own number in `claim_id`";
    let id = declared.claim_id.as_ref();
    if id.is_none_or(|Text(id)| id.is_empty()) {
        return Err(at.missing("claim_id", fix));
    }
    if id.is_some_and(|Text(id)| id.chars().count() > CLAIM_ID_LIMIT) {
        return Err(at.unreadable("claim_id", "is longer than 128 characters", fix));
    }
    claim.claim_id = at.text("claim_id", id, claim)?;
    if let Some(raw) = declared.charge {
        claim.charge = at.money("charge", raw)?;
    }
    Ok(())
}

fn patient(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let at = Place::Claim;
    let Some(patient) = &declared.patient else { return Ok(()) };
    claim.patient.id = Phi::new(at.text("patient.id", patient.id.as_ref(), claim)?);
    let birth =
        at.read("patient.birth_date", patient.birth_date.as_ref(), ServiceDate::parse_iso)?;
    claim.patient.birth_date = Phi::new(birth);
    let sex = at.read("patient.sex", patient.sex.as_ref(), |text| {
        Sex::new(text).ok_or("is not F, M or U")
    })?;
    claim.patient.sex = Phi::new(sex);
    Ok(())
}

fn providers(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let at = Place::Claim;
    if let Some(billing) = &declared.billing_provider {
        claim.billing.npi = at.npi("billing_provider.npi", billing.npi.as_ref())?;
        claim.billing.taxonomy =
            at.read("billing_provider.taxonomy", billing.taxonomy.as_ref(), Taxonomy::new)?;
        let tax_id = at.text("billing_provider.tax_id", billing.tax_id.as_ref(), claim)?;
        claim.tax_id = Phi::new(tax_id);
    }
    claim.rendering = rendering(at, declared.rendering_provider.as_ref())?;
    claim.referring = by_npi(at, "referring_provider.npi", declared.referring_provider.as_ref())?;
    Ok(())
}

fn rendering(at: Place, declared: Option<&ProviderDeclaration<'_>>) -> Result<Provider, Problem> {
    let Some(declared) = declared else { return Ok(Provider::default()) };
    let npi = at.npi("rendering_provider.npi", declared.npi.as_ref())?;
    let taxonomy =
        at.read("rendering_provider.taxonomy", declared.taxonomy.as_ref(), Taxonomy::new)?;
    Ok(Provider { npi, taxonomy })
}

fn by_npi(
    at: Place,
    member: &str,
    declared: Option<&NpiDeclaration<'_>>,
) -> Result<Provider, Problem> {
    let npi = at.npi(member, declared.and_then(|declared| declared.npi.as_ref()))?;
    Ok(Provider { npi, taxonomy: None })
}

/// Diagnoses are ICD-10-CM unless `diagnosis_system` says otherwise.
fn diagnoses(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let at = Place::Claim;
    let count = declared.diagnoses.as_ref().map_or(0, Few::len);
    let system =
        at.read("diagnosis_system", declared.diagnosis_system.as_ref(), |text| match text {
            b"icd10" => Ok(DiagnosisSystem::Icd10Cm),
            b"icd9" => Ok(DiagnosisSystem::Icd9Cm),
            _ => Err("is neither `icd10` nor `icd9`"),
        })?;
    claim.diagnosis_system = system.or((count > 0).then_some(DiagnosisSystem::Icd10Cm));
    let most = match claim.claim_type {
        ClaimType::Professional | ClaimType::Dental => 12,
        ClaimType::Institutional => 25,
    };
    if count > most {
        let error = format!("has {count} diagnoses; the claim may have {most}");
        return Err(at.unreadable("diagnoses", error, "keep those that the lines point to"));
    }
    for (index, Text(text)) in declared.diagnoses.iter().flat_map(Few::iter).enumerate() {
        let code = DiagnosisCode::new(text.as_bytes()).map_err(|error| {
            let fix = "write the ICD code, `N18.6` or `N186`";
            at.unreadable(&format!("diagnoses[{index}]"), error, fix)
        })?;
        claim.diagnoses.push(code);
    }
    Ok(())
}

/// Reads one line into `claim`; `location` is where its object starts.
pub(super) fn line(
    declared: &LineDeclaration<'_>,
    index: usize,
    location: Location,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let at = Place::Line(index);
    let fix = "write the day of service, `2026-03-02`";
    let dates = match (&declared.from, claim.facility.statement) {
        (Some(Text(from)), _) => {
            let from = ServiceDate::parse_iso(from.as_bytes())
                .map_err(|error| at.unreadable("from", error, fix))?;
            let through = at.read("through", declared.through.as_ref(), ServiceDate::parse_iso)?;
            DateRange::new(from, through.unwrap_or(from))
                .map_err(|error| at.unreadable("through", error, "end the span after it starts"))?
        }
        (None, Some(statement)) if declared.through.is_none() => statement,
        _ => return Err(at.missing("from", fix)),
    };
    let place_in_claim = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let mut line = ServiceLine::new(declared.number.unwrap_or(place_in_claim), dates);
    line.location = location;
    line.procedure = at.read("procedure", declared.procedure.as_ref(), ProcedureCode::new)?;
    line.revenue_code =
        at.read("revenue_code", declared.revenue_code.as_ref(), RevenueCode::new)?;
    if let Some(raw) = declared.rate {
        line.rate = Some(at.money("rate", raw)?);
    }
    if line.procedure.is_none() && line.revenue_code.is_none() {
        let fix = "write the CPT or HCPCS code of the line, or its revenue code";
        return Err(at.missing("procedure", fix));
    }
    let fix = "write up to four modifiers of two capital letters or digits";
    if declared.modifiers.as_ref().is_some_and(|list| list.len() > 4) {
        return Err(at.unreadable("modifiers", "has more than four modifiers", fix));
    }
    for Text(text) in declared.modifiers.iter().flat_map(Few::iter) {
        let modifier = Modifier::new(text.as_bytes())
            .map_err(|error| at.unreadable("modifiers", error, fix))?;
        line.modifiers.push(modifier).map_err(|error| at.unreadable("modifiers", error, fix))?;
    }
    if let Some(raw) = declared.units {
        line.units = at.quantity("units", raw)?;
    }
    if let Some(raw) = declared.charge {
        line.charge = at.money("charge", raw)?;
    }
    pointers(at, declared, &mut line, claim.diagnoses.len())?;
    line.place_of_service =
        at.read("place_of_service", declared.place_of_service.as_ref(), PlaceOfService::new)?;
    line.body_region = at.read("body_region", declared.body_region.as_ref(), |text| {
        let region = core::str::from_utf8(text).ok().and_then(Region::from_name);
        region.ok_or("is neither `upper` nor `lower`")
    })?;
    line.provider = rendering(at, declared.rendering_provider.as_ref())?;
    line.ordering = by_npi(at, "ordering_provider.npi", declared.ordering_provider.as_ref())?;
    line.referring = by_npi(at, "referring_provider.npi", declared.referring_provider.as_ref())?;
    line.drug = drug(at, declared.drug.as_ref())?;
    line.authorization =
        Phi::new(at.text("prior_authorization", declared.prior_authorization.as_ref(), claim)?);
    line.control_number = at.text("control_number", declared.control_number.as_ref(), claim)?;
    line.description = Phi::new(at.text("description", declared.description.as_ref(), claim)?);
    line.note = Phi::new(at.text("note", declared.note.as_ref(), claim)?);
    other_payer::adjudications(declared, index, claim)?;
    particulars::of_line(declared, index, claim)?;
    claim.lines.push(line);
    Ok(())
}

/// Ends a claim whose lines are read. A claim without `charge` has the sum of its lines.
pub(super) fn finish(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    if claim.lines.is_empty() {
        return Err(Place::Claim.missing("lines", "write at least one service line"));
    }
    if declared.charge.is_none() {
        let sum =
            claim.lines.iter().try_fold(Money::ZERO, |sum, line| sum.checked_add(line.charge));
        claim.charge = sum.unwrap_or_default();
    }
    claim.resolve_line_defaults();
    Ok(())
}

fn pointers(
    at: Place,
    declared: &LineDeclaration<'_>,
    line: &mut ServiceLine,
    diagnoses: usize,
) -> Result<(), Problem> {
    let Some(list) = &declared.diagnosis_pointers else { return Ok(()) };
    let sound = |pointer: &u8| usize::from(*pointer) <= diagnoses;
    if list.len() > 4 || !list.iter().all(|pointer| sound(pointer) && line.pointers.push(*pointer))
    {
        let error = format!("needs up to four places in `diagnoses`, from 1 to {diagnoses}");
        let fix = "point to diagnoses of the claim by their place, from 1";
        return Err(at.unreadable("diagnosis_pointers", error, fix));
    }
    Ok(())
}

fn drug(at: Place, declared: Option<&DrugDeclaration<'_>>) -> Result<Option<Drug>, Problem> {
    let Some(declared) = declared else { return Ok(None) };
    let ndc = at.read("drug.ndc", declared.ndc.as_ref(), Ndc::new)?.ok_or_else(|| {
        at.missing("drug.ndc", "write the national drug code, or leave the drug out")
    })?;
    let amount = declared.quantity.map(|raw| at.quantity("drug.quantity", raw)).transpose()?;
    let unit = at.read("drug.unit", declared.unit.as_ref(), |text| {
        DrugUnit::new(text).ok_or("is not F2, GR, ME, ML or UN")
    })?;
    Ok(Some(Drug { ndc, quantity: amount, unit }))
}
