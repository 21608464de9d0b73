//! Patient, payer and providers of a claim.

use cleanbill_model::{Claim, Phi, Provider, ServiceDate, Sex, Taxonomy, TextRef};

use super::concept::{Identifier, Reference};
use super::convert::{At, no_extension};
use super::item::{Member, Role};
use super::people::{Party, People};
use super::resource::ClaimResource;
use super::system::System;
use crate::json::Text;
use crate::problem::Problem;

/// Reads the patient. Its number is that of the coverage, as in an 837, else the patient's own.
pub(super) fn patient(
    declared: &ClaimResource<'_>,
    people: &People<'_>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let found = people.find(&declared.patient);
    let coverage = coverage(declared, people);
    let by_identifier = declared.patient.identifier.as_ref().map(Identifier::value);
    let id = coverage
        .map(|coverage| coverage.identifier.as_str())
        .into_iter()
        .chain(found.map(|patient| patient.identifier.as_str()))
        .chain(by_identifier)
        .chain([declared.patient.target()])
        .find(|id| !id.is_empty());
    claim.patient.id = Phi::new(id.map_or_else(TextRef::default, |id| claim.texts.add(id)));
    let Some(found) = found else { return Ok(()) };
    if !found.birth_date.is_empty() {
        let day = ServiceDate::parse_iso(found.birth_date.as_bytes());
        // A birth date without its day says no age on a day of service.
        claim.patient.birth_date = Phi::new(day.ok());
    }
    claim.patient.sex = Phi::new(match found.gender.as_str() {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        "" => None,
        _ => Some(Sex::Unknown),
    });
    Ok(())
}

/// The coverage that the claim is billed to.
pub(super) fn coverage<'a>(
    declared: &ClaimResource<'_>,
    people: &'a People<'_>,
) -> Option<&'a Party> {
    let focal = declared.insurance.iter().find(|one| one.focal);
    people.find(&focal.or_else(|| declared.insurance.first())?.coverage)
}

/// Reads payer, prior authorization and billing provider.
pub(super) fn payer(
    declared: &ClaimResource<'_>,
    people: &People<'_>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    for insurance in &declared.insurance {
        no_extension(At::Claim, &insurance.modifier_extension)?;
    }
    let by_identifier = declared.insurer.identifier.as_ref().map(Identifier::value);
    let insurer = people.find(&declared.insurer);
    let payor = coverage(declared, people).and_then(|coverage| people.behind(coverage));
    let id = by_identifier
        .into_iter()
        .chain([insurer, payor].into_iter().flatten().map(|party| party.identifier.as_str()))
        .find(|id| !id.is_empty());
    claim.payer_id = id.map_or_else(TextRef::default, |id| claim.texts.add(id));
    let focal = declared.insurance.iter().find(|one| one.focal).or(declared.insurance.first());
    let asked = focal.and_then(|one| one.pre_auth_ref.first()).or(declared.pre_auth_ref.first());
    if let Some(Text(number)) = asked {
        claim.authorization = Phi::new(claim.texts.add(number));
    }
    claim.billing = provider(people, &declared.provider, "provider")?;
    let tax_id = people.find(&declared.provider).map_or("", |party| party.tax_id.as_str());
    claim.tax_id = Phi::new(claim.texts.add(tax_id));
    Ok(())
}

fn provider(
    people: &People<'_>,
    reference: &Reference<'_>,
    member: &str,
) -> Result<Provider, Problem> {
    people.provider(reference).map_err(|error| {
        At::Claim.unreadable(
            member,
            error,
            "write the ten digits of the National Provider Identifier",
        )
    })
}

/// Reads the care team; its first rendering and referring members are the claim's.
pub(super) fn team(
    declared: &ClaimResource<'_>,
    people: &People<'_>,
    claim: &mut Claim,
) -> Result<Vec<Member>, Problem> {
    const RENDERING: [&str; 5] = ["primary", "rendering", "performing", "attending", "operating"];
    const REFERRING: [&str; 2] = ["referring", "referrer"];
    const SUPERVISING: [&str; 2] = ["supervisor", "supervising"];
    let alone = declared.care_team.len() == 1;
    let mut members = Vec::with_capacity(declared.care_team.len());
    for entry in &declared.care_team {
        no_extension(At::Claim, &entry.modifier_extension)?;
        let mut provider = provider(people, &entry.provider, "careTeam.provider")?;
        if let Some(taxonomy) = entry.qualification.code_of(System::Taxonomy) {
            provider.taxonomy = Taxonomy::new(taxonomy.as_bytes()).ok();
        }
        let role = if entry.role.is_any(&RENDERING) || (alone && entry.role.coding.is_empty()) {
            Role::Rendering
        } else if entry.role.is_any(&REFERRING) {
            Role::Referring
        } else if entry.role.is_any(&["ordering"]) {
            Role::Ordering
        } else if entry.role.is_any(&SUPERVISING) {
            Role::Supervising
        } else if entry.role.is_any(&["purchasedservice"]) {
            Role::Purchased
        } else {
            Role::Other
        };
        match role {
            Role::Rendering if claim.rendering.is_absent() => claim.rendering = provider,
            Role::Referring if claim.referring.is_absent() => claim.referring = provider,
            Role::Supervising => {
                let own = &mut claim.fill_particulars(None).supervising;
                if own.is_absent() {
                    *own = provider;
                }
            }
            _ => {}
        }
        members.push(Member { sequence: entry.sequence, provider, role });
    }
    Ok(members)
}
