//! FHIR R4 Claim and ExplanationOfBenefit: values, those whom a claim names, Bundles, lines, and what is set aside.

use cleanbill_model::{ClaimType, DiagnosisSystem, InputFormat, Money, Units};

use crate::fixture::{Reading, read};

pub const CLAIM: &str = r##"{"resourceType":"Claim","id":"res-1","status":"active","use":"claim",
 "identifier":[{"system":"https://clinic.example/claims","value":"C1"}],
 "type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},
 "patient":{"reference":"#pat"},"created":"2026-03-05T10:00:00Z",
 "insurer":{"identifier":{"value":"MEDICARE_B"}},
 "provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}},
 "contained":[
  {"resourceType":"Patient","id":"pat","birthDate":"1950-01-01","gender":"female","name":[{"family":"ZZPHIZZ"}]},
  {"resourceType":"Coverage","id":"cov","subscriberId":"P1"},
  {"resourceType":"Practitioner","id":"ren","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1245319599"}],
   "qualification":[{"code":{"coding":[{"system":"http://nucc.org/provider-taxonomy","code":"2085R0202X"}]}}]}],
 "insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"#cov"},"preAuthRef":["AUTH-1"]}],
 "careTeam":[{"sequence":1,"provider":{"reference":"#ren"},"role":{"coding":[{"code":"primary"}]}},
  {"sequence":2,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"1999999984"}},"role":{"coding":[{"code":"referring"}]}}],
 "diagnosis":[{"sequence":2,"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z99.2"}]}},
  {"sequence":1,"diagnosisCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"46177005"},{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"N18.6"}]}}],
 "item":[
  {"sequence":1,"careTeamSequence":[1],"diagnosisSequence":[1,2],
   "productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"93970"}]},
   "modifier":[{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"59"}]},{"coding":[{"code":"RT"}]}],
   "servicedDate":"2026-03-02","quantity":{"value":1},"net":{"value":412.00,"currency":"USD"},
   "locationCodeableConcept":{"coding":[{"code":"11"}]}},
  {"sequence":7,"productOrService":{"coding":[{"system":"https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets","code":"J1550"}]},
   "servicedPeriod":{"start":"2026-03-02","end":"2026-03-03"},"quantity":{"value":2.5},"unitPrice":{"value":10.40}}],
 "total":{"value":438.00,"currency":"USD"}}"##;

fn with(old: &str, new: &str) -> String {
    assert!(CLAIM.contains(old), "{old}");
    CLAIM.replacen(old, new, 1)
}

pub fn flat(id: &str) -> String {
    CLAIM.replace('\n', "").replace("\"C1\"", &format!("{id:?}"))
}

pub fn bundle(entries: &[String]) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(",\n"))
}

fn entry(url: &str, resource: &str) -> String {
    format!(r#"{{"fullUrl":"{url}","resource":{resource}}}"#)
}

/// Resources that give each error of FHIR.
pub fn with_every_error() -> Reading {
    let drafted = with("\"active\"", "\"draft\"");
    let nested = with("\"sequence\":7,", "\"sequence\":7,\"detail\":[{}],");
    let mut reading = read(bundle(&[entry("urn:1", &drafted), entry("urn:2", &nested)]));
    reading.errors.extend(read(in_other_systems()).errors);
    reading.errors.extend(read(PATIENT).errors);
    reading
}

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p"}"#;

fn in_other_systems() -> String {
    CLAIM.replace("http://www.ama-assn.org/go/cpt", "http://snomed.info/sct").replace(
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "http://hl7.org/fhir/sid/cvx",
    )
}

/// The one error of a claim that is set aside: its code, element and message.
#[track_caller]
fn refused(text: &str) -> (&'static str, String, String) {
    let Reading { claims, errors, .. } = read(text);
    assert_eq!((claims.len(), errors.len()), (0, 1), "{errors:?}");
    assert!(errors[0].quarantines);
    (errors[0].code, errors[0].element.clone(), errors[0].message.clone())
}

#[test]
fn every_member_that_edits_need_is_read() {
    let reading = read(CLAIM);
    assert_eq!(reading.errors, []);
    let claim = &reading.claims[0];
    assert_eq!((claim.ordinal, claim.id(), claim.payer()), (1, "C1", "MEDICARE_B"));
    assert_eq!((claim.format, claim.claim_type), (InputFormat::Fhir, ClaimType::Professional));
    assert_eq!(claim.frequency.unwrap().as_char(), '1');
    assert_eq!(claim.submitted.unwrap().to_string(), "2026-03-05");
    assert_eq!(claim.text(*claim.patient.id.reveal()), "P1");
    assert_eq!(claim.patient.birth_date.reveal().unwrap().to_string(), "1950-01-01");
    assert_eq!(claim.text(*claim.authorization.reveal()), "AUTH-1");
    assert_eq!(claim.billing.npi.unwrap().as_str(), "1234567893");
    assert_eq!(claim.rendering.taxonomy.unwrap().as_str(), "2085R0202X");
    assert_eq!(claim.referring.npi.unwrap().as_str(), "1999999984");
    assert_eq!(claim.charge, Money::from_cents(43_800));
    assert_eq!(claim.diagnosis_system, Some(DiagnosisSystem::Icd10Cm));
    let codes: Vec<_> = claim.diagnoses.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(codes, ["N186", "Z992"], "in the order of their sequence");

    let [study, drug] = claim.lines.as_slice() else { panic!("two lines") };
    assert_eq!((study.number, study.procedure.unwrap().as_str()), (1, "93970"));
    let modifiers: Vec<_> = study.modifiers.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(modifiers, ["59", "RT"]);
    assert_eq!((study.charge, study.units), (Money::from_cents(41_200), Units::ONE));
    assert_eq!(study.pointers.iter().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(study.place_of_service.unwrap().as_str(), "11");
    assert_eq!(study.provider.npi.unwrap().as_str(), "1245319599");
    assert!(
        CLAIM[usize::try_from(study.location.offset).unwrap()..].starts_with("{\"sequence\":1")
    );
    assert_eq!(study.location.line, 18);
    assert_eq!((drug.number, drug.charge), (7, Money::from_cents(2_600)));
    assert_eq!(drug.dates.through().to_string(), "2026-03-03");
}

#[test]
fn those_whom_a_claim_names_are_found_among_the_entries_of_its_bundle() {
    let role = r##"{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"Practitioner/9"},
        "specialty":[{"coding":[{"system":"http://nucc.org/provider-taxonomy","code":"207Q00000X"}]}]}"##;
    let person = r#"{"resourceType":"Practitioner","id":"9","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1679576722"}]}"#;
    let claim = with(r##"{"reference":"#ren"}"##, r#"{"reference":"urn:uuid:role"}"#);
    let text = bundle(&[
        entry("https://ehr.example/fhir/Claim/res-1", &claim),
        entry("urn:uuid:role", role),
        entry("https://ehr.example/fhir/Practitioner/9", person),
    ]);
    let reading = read(&text);
    assert_eq!(reading.errors, []);
    let rendering = reading.claims[0].rendering;
    assert_eq!(rendering.npi.unwrap().as_str(), "1679576722");
    assert_eq!(rendering.taxonomy.unwrap().as_str(), "207Q00000X");
    let place = usize::try_from(reading.claims[0].bytes.start).unwrap();
    assert!(text[place..].starts_with(r#"{"resourceType":"Claim""#));
}

#[test]
fn an_answer_and_the_claim_that_it_answers_are_one_claim() {
    let answer = |to: &str| {
        let adjudicated =
            r#""total":[{"category":{"coding":[{"code":"submitted"}]},"amount":{"value":438.00}}]"#;
        let answer = with("\"Claim\"", "\"ExplanationOfBenefit\"").replace("res-1", "eob-1");
        let answer = answer.replace(r#""total":{"value":438.00,"currency":"USD"}"#, adjudicated);
        answer.replacen("\"use\"", &format!("\"claim\":{{\"reference\":\"{to}\"}},\"use\""), 1)
    };
    let both = [entry("urn:uuid:c", CLAIM), entry("urn:uuid:e", &answer("urn:uuid:c"))];
    assert_eq!(read(bundle(&both)).claims.len(), 1);
    let other = [entry("urn:uuid:c", CLAIM), entry("urn:uuid:e", &answer("urn:uuid:elsewhere"))];
    let reading = read(bundle(&other));
    assert_eq!((reading.claims.len(), reading.errors.len()), (2, 0));
    assert_eq!(reading.claims[1].charge, Money::from_cents(43_800));
}

#[test]
fn resources_stand_one_a_line_and_a_broken_line_costs_that_line_alone() {
    let text =
        format!("{}\n{PATIENT}\n{{\"resourceType\":\"Claim\",\n{}\n", flat("C1"), flat("C3"));
    let reading = read(&text);
    assert_eq!(reading.ids(), ["C1", "C3"]);
    assert_eq!(reading.errors.len(), 1);
    assert_eq!((reading.errors[0].code, reading.errors[0].location.line), ("I2001", 3));
}

#[test]
fn what_changes_the_meaning_sets_the_claim_aside() {
    let extension = r#""modifierExtension":[{"url":"https://x.example/not","valueBoolean":true}],"#;
    let (code, element, _) = refused(&with("\"use\"", &format!("{extension}\"use\"")));
    assert_eq!((code, element.as_str()), ("I2101", "modifierExtension"));
    let (code, element, _) =
        refused(&with("\"sequence\":7,", &format!("\"sequence\":7,{extension}")));
    assert_eq!((code, element.as_str()), ("I2101", "item[1].modifierExtension"));
    let (code, ..) = refused(&with("\"use\"", "\"implicitRules\":\"https://x.example\",\"use\""));
    assert_eq!(code, "I2101");
    let (code, element, _) = refused(&with("\"sequence\":7,", "\"sequence\":7,\"detail\":[{}],"));
    assert_eq!((code, element.as_str()), ("I2101", "item[1].detail"));
}

#[test]
fn a_draft_and_a_request_are_no_claims() {
    for (old, new) in
        [("\"active\"", "\"draft\""), ("\"use\":\"claim\"", "\"use\":\"predetermination\"")]
    {
        assert_eq!(refused(&with(old, new)).0, "I2102");
    }
    let reading = read(with("\"active\"", "\"cancelled\""));
    assert_eq!(reading.claims[0].frequency.unwrap().as_char(), '8');
}

#[test]
fn values_that_cannot_be_read_are_named_and_not_repeated() {
    for (old, new, element) in [
        ("\"93970\"", "\"ZZPHIZZ\"", "item[0].productOrService"),
        ("\"59\"", "\"ZZPHIZZ\"", "item[0].modifier[0]"),
        ("\"2026-03-02\",\"quantity\"", "\"2026-03\",\"quantity\"", "item[0].servicedDate"),
        ("\"USD\"},\n   \"loc", "\"EUR\"},\n   \"loc", "item[0].net.currency"),
        ("[1,2]", "[9]", "item[0].diagnosisSequence"),
        ("\"careTeamSequence\":[1]", "\"careTeamSequence\":[9]", "item[0].careTeamSequence"),
        ("\"1234567893\"", "\"ZZPHIZZ\"", "provider"),
        ("10.40}", "10.41}", "item[1].unitPrice"),
        ("\"professional\"", "\"ZZPHIZZ\"", "type"),
    ] {
        let (_, found, message) = refused(&with(old, new));
        assert_eq!(found, element);
        assert!(!message.contains("ZZPHIZZ"), "{message}");
    }
    let (_, element, _) = refused(&with(
        "\"productOrService\":{\"coding\":[{\"system\":\"http://www",
        "\"service\":{\"coding\":[{\"system\":\"http://www",
    ));
    assert_eq!(element, "item[0].productOrService", "a release before R4");
}

#[test]
fn a_claim_in_another_code_system_is_read_and_told() {
    let reading = read(in_other_systems());
    assert_eq!((reading.claims.len(), reading.errors.len()), (1, 1));
    assert_eq!((reading.errors[0].code, reading.errors[0].quarantines), ("I2103", false));
}

#[test]
fn a_file_without_any_claim_says_so() {
    let reading = read(PATIENT);
    assert_eq!((reading.claims.len(), reading.errors.len()), (0, 1));
    assert_eq!(reading.errors[0].code, "I2104");
}

#[test]
fn a_replacement_names_the_claim_before() {
    let related = r#""related":[{"relationship":{"coding":[{"code":"prior"}]},"claim":{"identifier":{"value":"ICN1"}}}],"use""#;
    let reading = read(with("\"use\"", related));
    assert_eq!(reading.claims[0].frequency.unwrap().as_char(), '7');
    assert_eq!(reading.claims[0].text(reading.claims[0].original_reference), "ICN1");
}
