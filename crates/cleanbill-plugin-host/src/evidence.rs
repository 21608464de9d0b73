//! The values that a finding of a plugin rests on. The host reads them from the claim, so that a plugin
//! cannot put anything else there.

use cleanbill_model::{Claim, Element, Evidence};

/// The procedure code of each line in `lines`, and the part `element` of it where that is another one.
pub(crate) fn of_lines(
    claim: &Claim,
    lines: impl Iterator<Item = usize>,
    element: Element,
) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for line in lines {
        let parts = [Some(Element::Procedure), (element != Element::Procedure).then_some(element)];
        evidence.extend(parts.into_iter().flatten().filter_map(|element| {
            Some(Evidence { line: Some(line.into()), element, value: value(claim, line, element)? })
        }));
    }
    evidence
}

/// `None` where the claim has no such value.
fn value(claim: &Claim, line: usize, element: Element) -> Option<String> {
    let line = claim.lines.get(line)?;
    match element {
        Element::Claim => None,
        Element::Procedure => line.procedure.map(|code| code.to_string()),
        Element::Modifiers if line.modifiers.is_empty() => Some("none".to_owned()),
        Element::Modifiers => Some(line.modifiers.to_string()),
        Element::Units => Some(line.units.to_string()),
        Element::Charge => Some(line.charge.to_string()),
        Element::ServiceDate => Some(line.dates.to_string()),
        Element::PlaceOfService => line.place_of_service.map(|code| code.to_string()),
        Element::Provider => line.provider.npi.map(|npi| npi.to_string()),
        Element::OrderingProvider => line.ordering.npi.map(|npi| npi.to_string()),
        Element::Diagnosis => {
            let codes: Vec<String> =
                claim.pointed_diagnoses(line).map(|code| code.to_string()).collect();
            (!codes.is_empty()).then(|| codes.join(" "))
        }
        Element::BodyRegion => line.body_region.map(|region| region.as_str().to_owned()),
    }
}
