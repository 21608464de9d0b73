//! One item of a claim: a service line.

use cleanbill_model::{
    Claim, DateRange, Drug, DrugUnit, Location, Modifier, Money, Ndc, PlaceOfService,
    ProcedureCode, Provider, RevenueCode, ServiceDate, ServiceLine, UnitBasis, Units,
};

use super::concept::{Amount, Concept, Quantity, text};
use super::convert::{At, no_extension, plain};
use super::other_payer::{self, OtherPayersSaid};
use super::resource::{Item, SupportingInfo};
use super::system::System;
use super::transport;
use crate::codes;
use crate::json::Text;
use crate::problem::Problem;

/// What a line takes from its claim.
pub(super) struct Around<'a> {
    /// Days of the claim, for an item without its own.
    pub(super) days: Option<DateRange>,
    /// Diagnoses of the claim: their sequence and place in the list, from 1.
    pub(super) diagnoses: &'a [(u32, u8)],
    /// Those who took part: their sequence, who they are, and what they did.
    pub(super) team: &'a [Member],
    /// What stands beside the claim, of an ambulance transport among others.
    pub(super) transport: &'a [SupportingInfo<'a>],
    /// What other payers said of the lines.
    pub(super) payers: &'a OtherPayersSaid<'a>,
}

/// Someone of the care team.
pub(super) struct Member {
    pub(super) sequence: u32,
    pub(super) provider: Provider,
    pub(super) role: Role,
}

/// What someone of the care team did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Rendering,
    Referring,
    Ordering,
    Supervising,
    Purchased,
    Other,
}

/// Reads one item into `claim`; `location` is where its object starts.
pub(super) fn line(
    item: &Item<'_>,
    index: usize,
    location: Location,
    around: &Around<'_>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let at = At::Item(index);
    no_extension(at, &item.modifier_extension)?;
    if !item.detail.is_empty() {
        let fix = "write each detail as an item of its own";
        let message = format!("`{}` holds services within a service", at.path("detail"));
        return Err(Problem::new(codes::FHIR_MEANING, at.path("detail"), message, fix));
    }
    let Some(service) = &item.product_or_service else {
        let fix = "write the resource in FHIR R4, where the service is `productOrService`";
        return Err(at.missing("productOrService", fix));
    };
    let place = u32::try_from(index + 1).unwrap_or(u32::MAX);
    let mut line = ServiceLine::new(item.sequence.unwrap_or(place), days(at, item, around)?);
    line.location = location;
    line.procedure = procedure(at, service)?;
    line.drug = drug(at, service, item.quantity.as_ref())?;
    for (place, modifier) in item.modifier.iter().enumerate() {
        let member = format!("modifier[{place}]");
        let fix = "write up to four modifiers of two capital letters or digits";
        let Some((_, code)) = modifier.codes().next() else { return Err(at.missing(&member, fix)) };
        let modifier =
            Modifier::new(code.as_bytes()).map_err(|error| at.unreadable(&member, error, fix))?;
        line.modifiers.push(modifier).map_err(|error| at.unreadable(&member, error, fix))?;
    }
    if let Some(revenue) = item.revenue.as_ref().and_then(|revenue| revenue.codes().next()) {
        let code = format!("{:0>4}", revenue.1);
        line.revenue_code = Some(RevenueCode::new(code.as_bytes()).map_err(|error| {
            at.unreadable("revenue", error, "write the revenue code, four digits")
        })?);
    }
    if let Some(quantity) = &item.quantity {
        if let Some(value) = quantity.value {
            let fix = "write the quantity as a plain number, `1` or `0.5`";
            line.units = Units::parse(plain(at, "quantity.value", value)?.as_bytes())
                .map_err(|error| at.unreadable("quantity.value", error, fix))?;
        }
        let unit = [&quantity.code, &quantity.unit].map(|unit| text(unit.as_ref()));
        if unit.iter().any(|unit| ["min", "MJ", "minutes"].contains(unit)) {
            line.unit_basis = UnitBasis::Minutes;
        }
    }
    line.charge = charge(at, item, line.units)?;
    let place = item.location_codeable_concept.iter().flat_map(Concept::codes);
    line.place_of_service =
        place.filter_map(|(_, code)| PlaceOfService::new(code.as_bytes()).ok()).next();
    pointers(at, item, around, &mut line)?;
    let place = claim.lines.len();
    for sequence in &item.care_team_sequence {
        let fix = "point to entries of `careTeam` by their `sequence`";
        let member = around.team.iter().find(|member| member.sequence == *sequence);
        let Some(member) = member else {
            return Err(at.unreadable("careTeamSequence", "names nobody of the care team", fix));
        };
        match member.role {
            Role::Rendering if line.provider.is_absent() => line.provider = member.provider,
            Role::Referring if line.referring.is_absent() => line.referring = member.provider,
            Role::Ordering if line.ordering.is_absent() => line.ordering = member.provider,
            Role::Supervising => claim.fill_particulars(Some(place)).supervising = member.provider,
            Role::Purchased => claim.fill_particulars(Some(place)).purchased = member.provider,
            _ => {}
        }
    }
    transport::of_line(item, around.transport, place, claim);
    other_payer::of_line(item, line.number, around.payers, place, claim);
    claim.lines.push(line);
    Ok(())
}

fn days(at: At, item: &Item<'_>, around: &Around<'_>) -> Result<DateRange, Problem> {
    let fix = "write the day of service, `2026-03-02`";
    if let Some(day) = &item.serviced_date {
        return Ok(DateRange::day(at.day("servicedDate", day)?));
    }
    let Some(span) = &item.serviced_period else {
        return around.days.ok_or_else(|| at.missing("servicedDate", fix));
    };
    let Some(start) = &span.start else { return Err(at.missing("servicedPeriod.start", fix)) };
    let start = at.day("servicedPeriod.start", start)?;
    let end = span.end.as_ref().map(|end| at.day("servicedPeriod.end", end)).transpose()?;
    range(at, "servicedPeriod", start, end)
}

/// The days from `start` to `end`.
pub(super) fn range(
    at: At,
    member: &str,
    start: ServiceDate,
    end: Option<ServiceDate>,
) -> Result<DateRange, Problem> {
    DateRange::new(start, end.unwrap_or(start))
        .map_err(|error| at.unreadable(member, error, "end the span after it starts"))
}

/// The CPT or HCPCS code; two that differ are one too many.
fn procedure(at: At, service: &Concept<'_>) -> Result<Option<ProcedureCode>, Problem> {
    let mut found: Option<ProcedureCode> = None;
    for (system, code) in service.codes() {
        if system != Some(System::Procedure) {
            continue;
        }
        let code = ProcedureCode::new(code.as_bytes()).map_err(|error| {
            at.unreadable("productOrService", error, "write the CPT or HCPCS code, five characters")
        })?;
        if found.is_some_and(|before| before != code) {
            let path = at.path("productOrService");
            let message = format!("`{path}` holds two procedure codes");
            let fix = "write one CPT or HCPCS code an item";
            return Err(Problem::new(codes::REPEATED, path, message, fix));
        }
        found = Some(code);
    }
    Ok(found)
}

fn drug(
    at: At,
    service: &Concept<'_>,
    quantity: Option<&Quantity<'_>>,
) -> Result<Option<Drug>, Problem> {
    let Some(code) = service.code_of(System::Ndc) else { return Ok(None) };
    let digits = code.replace('-', "");
    let ndc = Ndc::new(digits.as_bytes()).map_err(|error| {
        at.unreadable("productOrService", error, "write the national drug code with its zeros")
    })?;
    let unit = quantity.and_then(|quantity| DrugUnit::new(text(quantity.code.as_ref()).as_bytes()));
    let amount = quantity.and_then(|quantity| quantity.value).filter(|_| unit.is_some());
    let amount = amount.and_then(|raw| Units::parse(raw.get().as_bytes()).ok());
    Ok(Some(Drug { ndc, quantity: amount, unit }))
}

/// What was charged: the net amount, else the submitted amount, else price times quantity.
fn charge(at: At, item: &Item<'_>, units: Units) -> Result<Money, Problem> {
    if let Some(net) = &item.net {
        return money(at, "net", net);
    }
    let submitted = item.adjudication.iter().find(|one| one.category.is_any(&["submitted"]));
    if let Some(amount) = submitted.and_then(|one| one.amount.as_ref()) {
        return money(at, "adjudication", amount);
    }
    let Some(price) = &item.unit_price else { return Ok(Money::ZERO) };
    let price = money(at, "unitPrice", price)?;
    let product = price.cents().checked_mul(units.thousandths());
    let whole = product.filter(|product| product % 1000 == 0).map(|product| product / 1000);
    whole.map(Money::from_cents).ok_or_else(|| {
        at.unreadable("unitPrice", "times the quantity is no whole number of cents", "write `net`")
    })
}

/// An amount in dollars.
pub(super) fn money(at: At, member: &str, amount: &Amount<'_>) -> Result<Money, Problem> {
    let fix = "write the amount in US dollars, `412.00`";
    if amount.currency.as_ref().is_some_and(|Text(currency)| currency != "USD") {
        return Err(at.unreadable(&format!("{member}.currency"), "is not USD", fix));
    }
    let value = format!("{member}.value");
    let Some(raw) = amount.value else { return Err(at.missing(&value, fix)) };
    Money::parse(plain(at, &value, raw)?.as_bytes())
        .map_err(|error| at.unreadable(&value, error, fix))
}

fn pointers(
    at: At,
    item: &Item<'_>,
    around: &Around<'_>,
    line: &mut ServiceLine,
) -> Result<(), Problem> {
    let fix = "point to up to four entries of `diagnosis` by their `sequence`";
    for sequence in &item.diagnosis_sequence {
        let known = around.diagnoses.iter().find(|(own, _)| own == sequence);
        let Some((_, place)) = known else {
            return Err(at.unreadable("diagnosisSequence", "names no diagnosis of the claim", fix));
        };
        // A diagnosis of a system that edits do not know has no place.
        if *place != 0 && !line.pointers.push(*place) {
            return Err(at.unreadable("diagnosisSequence", "has more than four entries", fix));
        }
    }
    Ok(())
}
