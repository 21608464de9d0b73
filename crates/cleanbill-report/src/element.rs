//! Names of a line's parts in the terms of the file that the claim came from.

use cleanbill_model::{Claim, ClaimType, Element, InputFormat};

/// Segment and element of an 837, or the member of claim JSON, that holds `element`.
///
/// The extremity has no element of its own in an 837: it is told by the service segment.
pub(crate) fn in_terms_of(claim: &Claim, element: Element) -> &'static str {
    match (claim.format, claim.claim_type) {
        (InputFormat::Json, _) => member(element),
        (InputFormat::Lines, _) => column(element),
        (InputFormat::Fhir, _) => fhir(element),
        (InputFormat::X12, ClaimType::Professional) => professional(element),
        (InputFormat::X12, ClaimType::Institutional) => institutional(element),
        (InputFormat::X12, ClaimType::Dental) => dental(element),
    }
}

fn member(element: Element) -> &'static str {
    match element {
        Element::Claim => "claim_id",
        Element::ServiceDate => "from",
        Element::Diagnosis => "diagnosis_pointers",
        other => other.as_str(),
    }
}

/// A table of service lines: the field of its mapping.
fn column(element: Element) -> &'static str {
    match element {
        Element::Diagnosis => "diagnoses",
        Element::Provider | Element::OrderingProvider => "rendering_npi",
        other => member(other),
    }
}

/// Claim and ExplanationOfBenefit of FHIR R4, below `item`.
fn fhir(element: Element) -> &'static str {
    match element {
        Element::Claim => "identifier",
        Element::Procedure => "productOrService",
        Element::Modifiers => "modifier",
        Element::Units => "quantity",
        Element::Charge => "net",
        Element::ServiceDate => "servicedDate",
        Element::PlaceOfService => "locationCodeableConcept",
        Element::Provider | Element::OrderingProvider => "careTeamSequence",
        Element::Diagnosis => "diagnosisSequence",
        Element::BodyRegion => "bodySite",
    }
}

/// 837P (005010X222A1), loops 2300 and 2400.
fn professional(element: Element) -> &'static str {
    match element {
        Element::Claim => "CLM01",
        Element::Procedure => "SV101",
        Element::Modifiers => "SV101-3",
        Element::Units => "SV104",
        Element::Charge => "SV102",
        Element::ServiceDate => "DTP03",
        Element::PlaceOfService => "SV105",
        Element::Provider | Element::OrderingProvider => "NM109",
        Element::Diagnosis => "SV107",
        Element::BodyRegion => "SV1",
    }
}

/// 837I (005010X223A2): the service segment is SV2; place of service and diagnoses are the claim's.
fn institutional(element: Element) -> &'static str {
    match element {
        Element::Procedure => "SV202",
        Element::Modifiers => "SV202-3",
        Element::Units => "SV205",
        Element::Charge => "SV203",
        Element::PlaceOfService => "CLM05",
        Element::Diagnosis => "HI",
        Element::BodyRegion => "SV2",
        other => professional(other),
    }
}

/// 837D (005010X224A2): the service segment is SV3.
fn dental(element: Element) -> &'static str {
    match element {
        Element::Procedure => "SV301",
        Element::Modifiers => "SV301-3",
        Element::Units => "SV306",
        Element::Charge => "SV302",
        Element::PlaceOfService => "SV303",
        Element::Diagnosis => "SV311",
        Element::BodyRegion => "SV3",
        other => professional(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_named_as_its_file_names_it() {
        let mut claim = Claim::default();
        assert_eq!(in_terms_of(&claim, Element::Modifiers), "SV101-3");
        claim.claim_type = ClaimType::Institutional;
        assert_eq!(in_terms_of(&claim, Element::Modifiers), "SV202-3");
        assert_eq!(in_terms_of(&claim, Element::ServiceDate), "DTP03");
        claim.claim_type = ClaimType::Dental;
        assert_eq!(in_terms_of(&claim, Element::Procedure), "SV301");
        claim.format = InputFormat::Json;
        assert_eq!(in_terms_of(&claim, Element::Modifiers), "modifiers");
        claim.format = InputFormat::Fhir;
        assert_eq!(in_terms_of(&claim, Element::Modifiers), "modifier");
    }
}
