//! An ambulance transport among the supporting information of a claim, by the categories of CARIN Blue Button.
//!
//! An item that points to an information has it as its own. Addresses are text there, so no ZIP code is read.

use cleanbill_model::{Ambulance, Claim, Phi, TransportReason, Units};
use serde_json::value::RawValue;

use super::concept::{Coding, Concept, Quantity, text};
use super::resource::{Item, SupportingInfo};
use crate::json::Text;

/// Pounds and miles as they are written (UCUM, and in words).
const POUNDS: [&str; 3] = ["[lb_av]", "lb", "lbs"];
const MILES: [&str; 3] = ["[mi_i]", "[mi_us]", "mi"];

/// Gives `claim` the transport that `infos` tell of; of each category the first counts.
pub(super) fn of_claim(infos: &[SupportingInfo<'_>], claim: &mut Claim) {
    for info in infos {
        read(info, None, claim);
    }
}

/// Gives the line at `place` what its item points to.
pub(super) fn of_line(
    item: &Item<'_>,
    infos: &[SupportingInfo<'_>],
    place: usize,
    claim: &mut Claim,
) {
    let own = |info: &&SupportingInfo<'_>| {
        info.sequence.is_some_and(|own| item.information_sequence.contains(&own))
    };
    for info in infos.iter().filter(own) {
        read(info, Some(place), claim);
    }
}

fn read(info: &SupportingInfo<'_>, line: Option<usize>, claim: &mut Claim) {
    let is = |name: &str| info.category.is_any(&[name]);
    let quantity = info.value_quantity.as_ref();
    if is("patientweight") {
        let pounds = quantity.and_then(|quantity| amount(quantity, &POUNDS));
        keep(claim, line, pounds, |own| &mut own.weight);
    } else if is("transportationdistance") {
        let miles = quantity.and_then(|quantity| amount(quantity, &MILES));
        keep(claim, line, miles, |own| &mut own.distance);
    } else if is("ambulancetransportreason") {
        let reason = info.reason.and_then(reason);
        let code = || info.code.codes().find_map(|(_, code)| TransportReason::new(code.as_bytes()));
        let reason = reason.or_else(code);
        keep(claim, line, reason, |own| &mut own.reason);
    } else if is("roundtrippurpose") || is("stretcherpurpose") {
        let Some(Text(purpose)) = &info.value_string else { return };
        let purpose = Phi::new(claim.texts.add(purpose));
        let own = &mut claim.fill_particulars(line).ambulance;
        let slot = if is("roundtrippurpose") { &mut own.round_trip } else { &mut own.stretcher };
        if slot.reveal().is_empty() {
            *slot = purpose;
        }
    }
}

fn keep<T>(
    claim: &mut Claim,
    line: Option<usize>,
    value: Option<T>,
    slot: impl Fn(&mut Ambulance) -> &mut Option<T>,
) {
    if value.is_some() {
        let slot = slot(&mut claim.fill_particulars(line).ambulance);
        *slot = slot.take().or(value);
    }
}

/// The reason in `supportingInfo.reason`: a concept in a Claim, a coding in an ExplanationOfBenefit.
fn reason(raw: &RawValue) -> Option<TransportReason> {
    let concept: Concept<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    let coding: Coding<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
    let codes = concept.codes().map(|(_, code)| code).chain([text(coding.code.as_ref())]);
    codes.into_iter().find_map(|code| TransportReason::new(code.as_bytes()))
}

/// The number of a quantity in one of these units; of any other unit nothing is known.
fn amount(quantity: &Quantity<'_>, units: &[&str]) -> Option<Units> {
    let unit = [&quantity.code, &quantity.unit].map(|unit| text(unit.as_ref()));
    unit.iter().any(|unit| units.contains(unit)).then_some(())?;
    Units::parse(quantity.value?.get().as_bytes()).ok()
}
