//! A Claim or ExplanationOfBenefit checked and turned into the claim.

use std::fmt::Display;

use cleanbill_model::{
    Claim, ClaimType, DateRange, DiagnosisCode, DiagnosisSystem, Frequency, InputFormat, Location,
    Money, ServiceDate, TypeOfBill,
};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::concept::{Concept, Identifier, Span, text};
use super::item::{Around, line, money, range};
use super::parties::{patient, payer, team};
use super::people::{Directory, People};
use super::resource::{Adjudication, ClaimResource, Item};
use super::system::System;
use super::{other_payer, transport};
use crate::codes;
use crate::json::{LineWalk, Refused, Text};
use crate::problem::{CLAIM_ID_LIMIT, Problem};

/// Where a value stands, to name it in an error.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    Claim,
    Item(usize),
}

impl At {
    #[cold]
    pub(super) fn path(self, member: &str) -> String {
        match self {
            Self::Claim => member.to_owned(),
            Self::Item(index) => format!("item[{index}].{member}"),
        }
    }

    #[cold]
    pub(super) fn unreadable(self, member: &str, error: impl Display, fix: &str) -> Problem {
        let path = self.path(member);
        let message = format!("`{path}` {error}");
        Problem::new(codes::JSON_VALUE, path, message, fix)
    }

    #[cold]
    pub(super) fn missing(self, member: &str, fix: &str) -> Problem {
        let path = self.path(member);
        let message = format!("`{path}` is missing");
        Problem::new(codes::JSON_MISSING, path, message, fix)
    }

    /// The day of a date or of a point in time. What is less exact than a day is refused.
    pub(super) fn day(self, member: &str, Text(text): &Text<'_>) -> Result<ServiceDate, Problem> {
        let day = text.get(..10).filter(|_| text.get(10..).is_none_or(is_time)).unwrap_or(text);
        ServiceDate::parse_iso(day.as_bytes())
            .map_err(|error| self.unreadable(member, error, "write a whole day, `2026-03-02`"))
    }
}

fn is_time(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('T')
}

/// An extension that changes what its element means cannot be passed over.
pub(super) fn no_extension(at: At, extensions: &[IgnoredAny]) -> Result<(), Problem> {
    if extensions.is_empty() {
        return Ok(());
    }
    Err(meaning(at, "modifierExtension"))
}

#[cold]
fn meaning(at: At, member: &str) -> Problem {
    let path = at.path(member);
    let message = format!("`{path}` changes what the resource means, and is not known");
    let fix = "send the claim without it, if it means the same";
    Problem::new(codes::FHIR_MEANING, path, message, fix)
}

/// The digits of a number.
pub(super) fn plain<'a>(at: At, member: &str, raw: &'a RawValue) -> Result<&'a str, Problem> {
    let text = raw.get();
    if text.starts_with(|c: char| matches!(c, '-' | '0'..='9')) {
        return Ok(text);
    }
    let path = at.path(member);
    let message = format!("`{path}` is not a number");
    Err(Problem::new(codes::JSON_TYPE, path, message, "write a number, or leave the member out"))
}

/// Reads the resource in `text`, which starts at `place`, into `claim`. Tells whether no line has a procedure
/// code of a system that edits know.
pub(crate) fn read_claim(
    text: &str,
    place: Location,
    directory: &Directory,
    claim: &mut Claim,
) -> Result<bool, Refused> {
    let declared: ClaimResource<'_> = serde_json::from_str(text).map_err(|error| {
        let message = format!("the resource cannot be read: {}", without_values(&error));
        let fix = "write the resource as FHIR R4 JSON";
        (Problem::new(codes::JSON_TYPE, "", message, fix), None)
    })?;
    let people = People::new(&declared.contained, directory);
    fill(text, place, &declared, &people, claim)
        .map_err(|problem| (problem, total(&declared).ok().flatten()))?;
    let known =
        claim.lines.iter().any(|line| line.procedure.is_some() || line.revenue_code.is_some());
    Ok(!known)
}

/// What serde says, up to where it quotes the input.
fn without_values(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {} of the resource", error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Data => {
            format!("a member has a value of the wrong type ({place})")
        }
        _ => format!("it is not JSON ({place})"),
    }
}

fn fill(
    text_of: &str,
    place: Location,
    declared: &ClaimResource<'_>,
    people: &People<'_>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let at = At::Claim;
    claim.format = InputFormat::Fhir;
    identify(declared, claim)?;
    no_extension(at, &declared.modifier_extension)?;
    if declared.implicit_rules.is_some() {
        return Err(meaning(at, "implicitRules"));
    }
    status(declared, claim)?;
    kind(declared, claim)?;
    claim.submitted =
        declared.created.as_ref().map(|created| at.day("created", created)).transpose()?;
    patient(declared, people, claim)?;
    payer(declared, people, claim)?;
    earlier(declared, claim)?;
    let diagnoses = diagnoses(declared, claim)?;
    let team = team(declared, people, claim)?;
    let days = period(at, &declared.billable_period)?;
    transport::of_claim(&declared.supporting_info, claim);
    let payers = other_payer::of_claim(declared, people, claim)?;
    let around = Around {
        days,
        diagnoses: &diagnoses,
        team: &team,
        transport: &declared.supporting_info,
        payers: &payers,
    };
    let mut walk = LineWalk::new(text_of, place);
    for (index, raw) in declared.item.iter().enumerate() {
        let location = walk.to(raw);
        let item: Item<'_> = serde_json::from_str(raw.get()).map_err(|_| {
            let path = format!("item[{index}]");
            let message = format!("`{path}` has a member with a value of the wrong type");
            Problem::new(codes::JSON_TYPE, path, message, "write the item as FHIR R4 has it")
        })?;
        line(&item, index, location, &around, claim)?;
    }
    if claim.lines.is_empty() {
        return Err(at.missing("item", "write at least one item"));
    }
    let sum = claim.lines.iter().try_fold(Money::ZERO, |sum, line| sum.checked_add(line.charge));
    claim.charge = total(declared)?.or(sum).unwrap_or_default();
    claim.resolve_line_defaults();
    Ok(())
}

/// The claim's own number: the first identifier, else the id of the resource.
fn identify(declared: &ClaimResource<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let fix = "give every claim its own number in `identifier`";
    let account = declared.supporting_info.iter().find(|info| {
        info.category.is_any(&["patientaccountnumber"]) && info.value_string.is_some()
    });
    let account = account.map_or("", |info| text(info.value_string.as_ref()));
    let own = declared.identifier.iter().map(Identifier::value);
    let id = [account].into_iter().chain(own).chain([text(declared.id.as_ref())]);
    let Some(id) = id.into_iter().find(|id| !id.is_empty()) else {
        return Err(At::Claim.missing("identifier", fix));
    };
    if id.chars().count() > CLAIM_ID_LIMIT || id.chars().any(char::is_control) {
        return Err(At::Claim.unreadable("identifier", "is longer than 128 characters", fix));
    }
    claim.claim_id = claim.texts.add(id);
    Ok(())
}

/// A cancelled claim voids itself; one that is not yet or no longer a claim is not judged.
fn status(declared: &ClaimResource<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let unmet = |member: &str, what: &str| {
        let message = format!("`{member}` says that this is {what}");
        Problem::new(codes::FHIR_NOT_A_CLAIM, member, message, "leave it out of the input")
    };
    claim.frequency = Some(match text(declared.status.as_ref()) {
        "active" => Frequency::ORIGINAL,
        "cancelled" => Frequency::VOID,
        "draft" => return Err(unmet("status", "a draft")),
        "entered-in-error" => return Err(unmet("status", "a mistake")),
        "" => return Err(At::Claim.missing("status", "write `active` for a claim that is billed")),
        _ => {
            let error = "is not active, cancelled, draft or entered-in-error";
            return Err(At::Claim.unreadable("status", error, "write a status of FHIR R4"));
        }
    });
    match text(declared.purpose.as_ref()) {
        "claim" | "" => Ok(()),
        _ => Err(unmet("use", "a request before the service, not a claim")),
    }
}

fn kind(declared: &ClaimResource<'_>, claim: &mut Claim) -> Result<(), Problem> {
    claim.claim_type = if declared.kind.is_any(&["institutional", "INSTITUTIONAL", "outpatient"]) {
        ClaimType::Institutional
    } else if declared.kind.is_any(&["oral"]) {
        ClaimType::Dental
    } else if declared.kind.is_any(&["professional", "vision", "pharmacy", "CARRIER"]) {
        ClaimType::Professional
    } else {
        let fix = "write `professional` or `institutional` of the code system claim-type";
        return Err(At::Claim.unreadable("type", "names no kind of claim", fix));
    };
    let bill = declared.supporting_info.iter().find(|info| info.category.is_any(&["typeofbill"]));
    if let Some((_, code)) = bill.and_then(|info| info.code.codes().next()) {
        let code = format!("{code:0>4}");
        claim.type_of_bill = Some(TypeOfBill::new(code.as_bytes()).map_err(|error| {
            At::Claim.unreadable("supportingInfo", error, "write the type of bill, `0131`")
        })?);
    }
    let extensions = declared.supporting_info.iter().map(|info| &info.modifier_extension);
    extensions.into_iter().try_for_each(|extension| no_extension(At::Claim, extension))
}

/// A claim that replaces an earlier one says so among its relations.
fn earlier(declared: &ClaimResource<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let replaced = declared
        .related
        .iter()
        .find(|related| related.relationship.is_any(&["prior", "priorclaim", "replaces"]));
    let Some(replaced) = replaced else { return Ok(()) };
    let by_identifier = replaced.claim.identifier.as_ref().map(Identifier::value);
    let number = by_identifier
        .into_iter()
        .chain([replaced.reference.value(), replaced.claim.target()])
        .find(|number| !number.is_empty());
    let Some(number) = number else {
        let fix = "name the earlier claim";
        return Err(At::Claim.missing("related.claim", fix));
    };
    claim.original_reference = claim.texts.add(number);
    if claim.frequency == Some(Frequency::ORIGINAL) {
        claim.frequency = Some(Frequency::REPLACEMENT);
    }
    Ok(())
}

/// Reads the diagnoses in the order of their sequence. Gives each sequence its place in the claim's list, 0
/// where the diagnosis is not in ICD.
fn diagnoses(declared: &ClaimResource<'_>, claim: &mut Claim) -> Result<Vec<(u32, u8)>, Problem> {
    let at = At::Claim;
    let mut all: Vec<_> = declared.diagnosis.iter().collect();
    all.sort_by_key(|diagnosis| diagnosis.sequence);
    let mut places = Vec::with_capacity(all.len());
    for diagnosis in all {
        no_extension(at, &diagnosis.modifier_extension)?;
        let icd = diagnosis.diagnosis_codeable_concept.iter().flat_map(Concept::codes);
        let icd = icd.filter_map(|(system, code)| match system? {
            System::Icd10Cm => Some((DiagnosisSystem::Icd10Cm, code)),
            System::Icd9Cm => Some((DiagnosisSystem::Icd9Cm, code)),
            _ => None,
        });
        let Some((system, code)) = icd.into_iter().next() else {
            places.push((diagnosis.sequence, 0));
            continue;
        };
        let member = format!("diagnosis[{}]", places.len());
        if *claim.diagnosis_system.get_or_insert(system) != system {
            let fix = "write all diagnoses in one revision of ICD";
            return Err(at.unreadable(&member, "is of another revision of ICD", fix));
        }
        let code = DiagnosisCode::new(code.as_bytes())
            .map_err(|error| at.unreadable(&member, error, "write the ICD code, `N18.6`"))?;
        claim.diagnoses.push(code);
        let most = match claim.claim_type {
            ClaimType::Professional | ClaimType::Dental => 12,
            ClaimType::Institutional => 25,
        };
        let place = u8::try_from(claim.diagnoses.len()).ok().filter(|place| *place <= most);
        let Some(place) = place else {
            let error = format!("has more than {most} diagnoses in ICD");
            return Err(at.unreadable("diagnosis", error, "keep those that the items point to"));
        };
        places.push((diagnosis.sequence, place));
    }
    Ok(places)
}

fn period(at: At, period: &Span<'_>) -> Result<Option<DateRange>, Problem> {
    let Some(start) = &period.start else { return Ok(None) };
    let start = at.day("billablePeriod.start", start)?;
    let end = period.end.as_ref().map(|end| at.day("billablePeriod.end", end)).transpose()?;
    range(at, "billablePeriod", start, end).map(Some)
}

/// The total charge: of a Claim its total, of an ExplanationOfBenefit the total that was submitted.
fn total(declared: &ClaimResource<'_>) -> Result<Option<Money>, Problem> {
    let Some(raw) = declared.total else { return Ok(None) };
    let unreadable = |_| At::Claim.unreadable("total", "is no amount", "write `total.value`");
    if !raw.get().starts_with('[') {
        let amount = serde_json::from_str(raw.get()).map_err(unreadable)?;
        return money(At::Claim, "total", &amount).map(Some);
    }
    let totals: Vec<Adjudication<'_>> = serde_json::from_str(raw.get()).map_err(unreadable)?;
    let submitted = totals.iter().find(|total| total.category.is_any(&["submitted"]));
    submitted
        .and_then(|total| total.amount.as_ref())
        .map(|amount| money(At::Claim, "total.amount", amount))
        .transpose()
}
