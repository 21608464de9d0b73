//! The code systems that a claim's codes come from, by the names under which FHIR writes them.

/// What a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    /// CPT or HCPCS: what edits are about.
    Procedure,
    /// National drug code.
    Ndc,
    /// ICD-10-CM.
    Icd10Cm,
    /// ICD-9-CM.
    Icd9Cm,
    /// National provider identifier.
    Npi,
    /// Health care provider taxonomy.
    Taxonomy,
    /// Employer's number.
    TaxId,
    /// Claim filing indicator of X12.
    FilingIndicator,
}

/// Every name that is known. Older and newer releases of the guides write one system in several ways
/// (HL7 Terminology, CARIN Blue Button, US Core).
const NAMES: [(&str, System); 21] = [
    ("http://www.ama-assn.org/go/cpt", System::Procedure),
    ("https://www.ama-assn.org/go/cpt", System::Procedure),
    ("urn:oid:2.16.840.1.113883.6.12", System::Procedure),
    ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", System::Procedure),
    ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", System::Procedure),
    ("https://www.cms.gov/Medicare/Coding/MedHCPCSGenInfo", System::Procedure),
    ("http://terminology.hl7.org/CodeSystem/HCPCS-all-codes", System::Procedure),
    ("https://bluebutton.cms.gov/resources/codesystem/hcpcs", System::Procedure),
    ("urn:oid:2.16.840.1.113883.6.285", System::Procedure),
    ("http://hl7.org/fhir/sid/ndc", System::Ndc),
    ("urn:oid:2.16.840.1.113883.6.69", System::Ndc),
    ("http://hl7.org/fhir/sid/icd-10-cm", System::Icd10Cm),
    ("http://hl7.org/fhir/sid/icd-10", System::Icd10Cm),
    ("urn:oid:2.16.840.1.113883.6.90", System::Icd10Cm),
    ("http://hl7.org/fhir/sid/icd-9-cm", System::Icd9Cm),
    ("urn:oid:2.16.840.1.113883.6.103", System::Icd9Cm),
    ("http://hl7.org/fhir/sid/us-npi", System::Npi),
    ("http://nucc.org/provider-taxonomy", System::Taxonomy),
    ("urn:oid:2.16.840.1.113883.6.101", System::Taxonomy),
    ("urn:oid:2.16.840.1.113883.4.4", System::TaxId),
    ("https://codesystem.x12.org/005010/1032", System::FilingIndicator),
];

impl System {
    /// The system of that name; a trailing slash or a version behind `|` does not matter.
    pub(super) fn named(uri: &str) -> Option<Self> {
        let uri = uri.split_once('|').map_or(uri, |(uri, _)| uri).trim_end_matches('/');
        NAMES.iter().find(|(name, _)| *name == uri).map(|(_, system)| *system)
    }
}

#[cfg(test)]
mod tests {
    use super::System;

    #[test]
    fn a_system_is_known_by_each_of_its_names() {
        assert_eq!(System::named("http://www.ama-assn.org/go/cpt|2026"), Some(System::Procedure));
        assert_eq!(System::named("http://hl7.org/fhir/sid/us-npi/"), Some(System::Npi));
        assert_eq!(System::named("http://snomed.info/sct"), None);
    }
}
