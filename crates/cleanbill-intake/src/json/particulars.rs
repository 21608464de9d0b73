//! The members of claim JSON that few claims have: ambulance transports, certified conditions, supervising and
//! purchased providers.

use cleanbill_model::{
    Ambulance, Certification, Claim, ConditionCategory, ConditionIndicator, Phi, SpinalCondition,
    TransportReason, ZipCode,
};

use super::declaration::{
    AmbulanceDeclaration, CertificationDeclaration, ClaimDeclaration, LineDeclaration,
    NpiDeclaration, Text,
};
use super::place::Place;
use crate::problem::Problem;

/// Certifications that a claim or line may have.
const CERTIFICATIONS: usize = 12;

/// Gives `claim` what `declared` says of the claim as a whole.
pub(super) fn of_claim(declared: &ClaimDeclaration<'_>, claim: &mut Claim) -> Result<(), Problem> {
    let at = Place::Claim;
    transport(at, declared.ambulance.as_ref(), claim)?;
    certified(at, declared.certifications.as_deref(), claim)?;
    spine(at, declared.spinal_condition.as_ref(), claim)?;
    supervising(at, declared.supervising_provider.as_ref(), claim)
}

/// Gives `claim` what `declared` says of the line at `place`.
pub(super) fn of_line(
    declared: &LineDeclaration<'_>,
    place: usize,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let at = Place::Line(place);
    transport(at, declared.ambulance.as_ref(), claim)?;
    certified(at, declared.certifications.as_deref(), claim)?;
    supervising(at, declared.supervising_provider.as_ref(), claim)?;
    if let Some(provider) = &declared.purchased_service_provider {
        let npi = at.npi("purchased_service_provider.npi", provider.npi.as_ref())?;
        claim.fill_particulars(Some(place)).purchased.npi = npi;
    }
    Ok(())
}

impl Place {
    /// Whose particulars they are.
    const fn line(self) -> Option<usize> {
        match self {
            Self::Claim => None,
            Self::Line(place) => Some(place),
        }
    }
}

fn transport(
    at: Place,
    declared: Option<&AmbulanceDeclaration<'_>>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let Some(declared) = declared else { return Ok(()) };
    let zip = |member: &str, text: Option<&Text<'_>>| {
        at.read(&format!("ambulance.{member}"), text, ZipCode::new).map(Phi::new)
    };
    let number = |member: &str, raw| at.quantity(&format!("ambulance.{member}"), raw);
    let fix = "write the number of patients in the ambulance, `2`";
    let patients = declared.patients.map(u16::try_from).transpose();
    let ambulance = Ambulance {
        weight: declared.weight.map(|raw| number("weight", raw)).transpose()?,
        reason: at.read("ambulance.reason", declared.reason.as_ref(), |text| {
            TransportReason::new(text).ok_or("is not A to E")
        })?,
        distance: declared.distance.map(|raw| number("distance", raw)).transpose()?,
        round_trip: Phi::new(at.text(
            "ambulance.round_trip",
            declared.round_trip.as_ref(),
            claim,
        )?),
        stretcher: Phi::new(at.text("ambulance.stretcher", declared.stretcher.as_ref(), claim)?),
        pick_up: zip("pick_up_zip", declared.pick_up_zip.as_ref())?,
        drop_off: zip("drop_off_zip", declared.drop_off_zip.as_ref())?,
        patients: patients.map_err(|_| at.unreadable("ambulance.patients", "is too large", fix))?,
    };
    claim.fill_particulars(at.line()).ambulance = ambulance;
    Ok(())
}

fn certified(
    at: Place,
    declared: Option<&[CertificationDeclaration<'_>]>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    for (index, declared) in declared.unwrap_or_default().iter().enumerate() {
        if index >= CERTIFICATIONS {
            let error = format!("has more than {CERTIFICATIONS} certifications");
            return Err(at.unreadable("certifications", error, "keep those that the payer needs"));
        }
        let one = certification(at, &format!("certifications[{index}]"), declared)?;
        claim.fill_particulars(at.line()).certifications.push(one);
    }
    Ok(())
}

fn certification(
    at: Place,
    path: &str,
    declared: &CertificationDeclaration<'_>,
) -> Result<Certification, Problem> {
    let needed = |member: &str| {
        let fix = "write `category`, `applies` and `conditions` of every certification";
        at.missing(&format!("{path}.{member}"), fix)
    };
    let category = format!("{path}.category");
    let category = at.read(&category, declared.category.as_ref(), ConditionCategory::new)?;
    let applies =
        at.read(&format!("{path}.applies"), declared.applies.as_ref(), |text| match text {
            b"Y" => Ok(true),
            b"N" => Ok(false),
            _ => Err("is not Y or N"),
        })?;
    let list = declared.conditions.as_ref().ok_or_else(|| needed("conditions"))?;
    let mut conditions = [None; 5];
    if list.len() > conditions.len() {
        let fix = "write further conditions in a certification of their own";
        return Err(at.unreadable(&format!("{path}.conditions"), "has more than five", fix));
    }
    for (slot, text) in conditions.iter_mut().zip(list.iter()) {
        *slot = at.read(&format!("{path}.conditions"), Some(text), ConditionIndicator::new)?;
    }
    Ok(Certification {
        category: category.ok_or_else(|| needed("category"))?,
        applies: applies.ok_or_else(|| needed("applies"))?,
        conditions,
    })
}

fn spine(at: Place, declared: Option<&Text<'_>>, claim: &mut Claim) -> Result<(), Problem> {
    let read = at.read("spinal_condition", declared, |text| {
        SpinalCondition::new(text).ok_or("is not A, C to G or M")
    })?;
    if read.is_some() {
        claim.fill_particulars(at.line()).spinal_condition = read;
    }
    Ok(())
}

fn supervising(
    at: Place,
    declared: Option<&NpiDeclaration<'_>>,
    claim: &mut Claim,
) -> Result<(), Problem> {
    let npi = declared.and_then(|declared| declared.npi.as_ref());
    let npi = at.npi("supervising_provider.npi", npi)?;
    if npi.is_some() {
        claim.fill_particulars(at.line()).supervising.npi = npi;
    }
    Ok(())
}
