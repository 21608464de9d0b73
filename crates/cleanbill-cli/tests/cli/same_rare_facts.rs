//! One claim with facts that few claims have, in every format that has a place for them: the findings are the same,
//! rule by rule. Rules that read what a format cannot say are left out for that format alone.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::command::{Sandbox, records};

const X12: &str = "\
ISA*00*          *00*          *ZZ*EXSUB          *ZZ*EXREC          *260305*0930*^*00501*000000001*0*T*:~
GS*HC*EXSUB*EXREC*20260305*0930*1*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*B1*20260305*0930*CH~
NM1*41*2*INVENTED AMBULANCE*****46*S1~
PER*IC*DESK*TE*5555550100~
NM1*40*2*INVENTED CLEARINGHOUSE*****46*R1~
HL*1**20*1~
NM1*85*2*INVENTED AMBULANCE*****XX*2999999016~
N3*1 NOWHERE ST~
N4*AUSTIN*TX*787010001~
REF*EI*741234567~
HL*2*1*22*0~
SBR*S*18*******MC~
NM1*IL*1*ZZLAST*ZZFIRST****MI*EXM000101~
N3*2 NOWHERE ST~
N4*AUSTIN*TX*787010001~
DMG*D8*19500101*F~
NM1*PR*2*INVENTED PAYER*****PI*EXBLUE1~
CLM*RIDE-1*708.20***41:B:1*Y*A*Y*Y~
CR1*LB*140.5**A*DH*12***TO DIALYSIS AND BACK*CANNOT SIT~
CRC*07*Y*01*06~
HI*ABK:N186~
NM1*PW*2~
N3*77 ZZSTREET~
N4*AUSTIN*TX*78701~
SBR*P*18*******CI~
AMT*D*350.15~
NM1*IL*1*ZZLAST*ZZFIRST****MI*OTHERMEMBER~
NM1*PR*2*OTHER PAYER*****PI*ONE~
LX*1~
SV1*HC:A0427:RH*700*UN*1***1~
DTP*472*D8*20260302~
NM1*DQ*1*ZZSUPER*ZZFIRST****XX*1234567893~
SVD*ONE*310.15*HC:A0427**1~
LX*2~
SV1*HC:A0425:RH*8.20*UN*21***1~
CR1****B*DH*21~
DTP*472*D8*20260302~
NM1*DQ*1*ZZSUPER*ZZFIRST****XX*1234567893~
NM1*DK*1*ZZORDER*ZZFIRST****XX*2999999032~
SVD*ONE*40*HC:A0425**21~
SE*41*0001~
GE*1*1~
IEA*1*000000001~
";

const JSON: &str = r#"{"schema":1,"claim_id":"RIDE-1","frequency":"1","payer":"EXBLUE1","filing_indicator":"MC",
 "patient":{"id":"EXM000101","birth_date":"1950-01-01","sex":"F"},"submitted":"2026-03-05","billing_provider":{"npi":"2999999016"},
 "place_of_service":"41","diagnoses":["N18.6"],"charge":"708.20",
 "ambulance":{"weight":"140.5","reason":"A","distance":12,"round_trip":"TO DIALYSIS AND BACK","stretcher":"CANNOT SIT","pick_up_zip":"78701"},
 "certifications":[{"category":"07","applies":"Y","conditions":["01","06"]}],
 "other_payers":[{"id":"ONE","rank":"P","filing_indicator":"CI","paid":"350.15"}],
 "lines":[{"procedure":"A0427","modifiers":["RH"],"charge":700,"from":"2026-03-02","diagnosis_pointers":[1],
   "supervising_provider":{"npi":"1234567893"},"other_adjudications":[{"payer":"ONE","paid":"310.15"}]},
  {"procedure":"A0425","modifiers":["RH"],"units":21,"charge":"8.20","from":"2026-03-02","diagnosis_pointers":[1],
   "ambulance":{"reason":"B","distance":21},"supervising_provider":{"npi":"1234567893"},"ordering_provider":{"npi":"2999999032"},
   "other_adjudications":[{"payer":"ONE","paid":40}]}]}"#;

const FHIR: &str = r##"{"resourceType":"Claim","status":"active","use":"claim","identifier":[{"value":"RIDE-1"}],
 "type":{"coding":[{"code":"professional"}]},"created":"2026-03-05","patient":{"reference":"#p"},
 "contained":[{"resourceType":"Patient","id":"p","birthDate":"1950-01-01","gender":"female"},
  {"resourceType":"Coverage","id":"c","subscriberId":"EXM000101"},
  {"resourceType":"Coverage","id":"d","type":{"coding":[{"system":"https://codesystem.x12.org/005010/1032","code":"CI"}]},"payor":[{"reference":"#o"}]},
  {"resourceType":"Organization","id":"o","identifier":[{"value":"ONE"}]},
  {"resourceType":"ClaimResponse","id":"r","payment":{"amount":{"value":350.15}},
   "item":[{"itemSequence":1,"adjudication":[{"category":{"coding":[{"code":"benefit"}]},"amount":{"value":310.15}}]},
    {"itemSequence":2,"adjudication":[{"category":{"coding":[{"code":"benefit"}]},"amount":{"value":40}}]}]}],
 "insurer":{"identifier":{"value":"EXBLUE1"}},
 "insurance":[{"focal":true,"coverage":{"reference":"#c"}},{"focal":false,"coverage":{"reference":"#d"},"claimResponse":{"reference":"#r"}}],
 "provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999016"}},
 "careTeam":[{"sequence":1,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}},"role":{"coding":[{"code":"supervisor"}]}},
  {"sequence":2,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999032"}},"role":{"coding":[{"code":"ordering"}]}}],
 "supportingInfo":[{"sequence":1,"category":{"coding":[{"code":"patientweight"}]},"valueQuantity":{"value":140.5,"code":"[lb_av]"}},
  {"sequence":2,"category":{"coding":[{"code":"ambulancetransportreason"}]},"reason":{"coding":[{"code":"A"}]}},
  {"sequence":3,"category":{"coding":[{"code":"transportationdistance"}]},"valueQuantity":{"value":12,"code":"[mi_i]"}},
  {"sequence":4,"category":{"coding":[{"code":"stretcherpurpose"}]},"valueString":"CANNOT SIT"},
  {"sequence":5,"category":{"coding":[{"code":"ambulancetransportreason"}]},"reason":{"coding":[{"code":"B"}]}},
  {"sequence":6,"category":{"coding":[{"code":"transportationdistance"}]},"valueQuantity":{"value":21,"code":"[mi_i]"}}],
 "diagnosis":[{"sequence":1,"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"N18.6"}]}}],
 "item":[{"sequence":1,"careTeamSequence":[1],"productOrService":{"coding":[{"system":"https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets","code":"A0427"}]},
   "modifier":[{"coding":[{"code":"RH"}]}],"servicedDate":"2026-03-02","net":{"value":700},"diagnosisSequence":[1],"locationCodeableConcept":{"coding":[{"code":"41"}]}},
  {"sequence":2,"careTeamSequence":[1,2],"informationSequence":[5,6],"productOrService":{"coding":[{"system":"https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets","code":"A0425"}]},
   "modifier":[{"coding":[{"code":"RH"}]}],"servicedDate":"2026-03-02","net":{"value":8.20},"quantity":{"value":21},"diagnosisSequence":[1],"locationCodeableConcept":{"coding":[{"code":"41"}]}}],
 "total":{"value":708.20}}"##;

const CSV: &str = "\
claim,payer,member,billing,line,code,mod1,units,charge,day,pos,dx1,ordering,supervising,first,kind,paid,on_line
RIDE-1,EXBLUE1,EXM000101,2999999016,1,A0427,RH,1,700,2026-03-02,41,N186,,1234567893,ONE,CI,350.15,310.15
RIDE-1,EXBLUE1,EXM000101,2999999016,2,A0425,RH,21,8.20,2026-03-02,41,N186,2999999032,1234567893,ONE,CI,350.15,40
";

const COLUMNS: &str = "\
schema: 1
columns:
  claim_id: claim
  payer: payer
  patient: member
  billing_npi: billing
  number: line
  procedure: code
  modifiers: [mod1]
  units: units
  charge: charge
  from: day
  place_of_service: pos
  line_diagnoses: [dx1]
  ordering_npi: ordering
  supervising_npi: supervising
  other_payer_1_id: first
  other_payer_1_filing_indicator: kind
  other_payer_1_paid: paid
  line_other_payer_1_paid: on_line
";

/// Rules that fire on the claim: what each requires, on how many lines it fires, and which formats can say it.
const RULES: [(&str, &str, usize, &[&str]); 11] = [
    ("supervised", "line.supervising_npi: { exists: false }", 2, &["json", "fhir", "csv"]),
    ("ordered", "line.ordering_npi: { exists: false }", 1, &["json", "fhir", "csv"]),
    ("paid-on-line", "line.other_payer_paid: { lt: 40.00 }", 2, &["json", "fhir", "csv"]),
    ("paid", "claim.other_payer_paid: { lt: 350.15 }", 1, &["json", "fhir", "csv"]),
    (
        "kinds",
        "claim.other_payer_filing_indicators: { has_none: [CI] }",
        1,
        &["json", "fhir", "csv"],
    ),
    ("reason", "line.ambulance_reason: { eq: A }", 1, &["json", "fhir"]),
    ("distance", "line.ambulance_distance: { lte: 11.9 }", 2, &["json", "fhir"]),
    ("weight", "line.ambulance_weight: { gt: 140.5 }", 2, &["json", "fhir"]),
    ("stretcher", "line.ambulance_stretcher: { exists: false }", 2, &["json", "fhir"]),
    ("zip", "line.ambulance_pick_up_zip: { exists: false }", 2, &["json"]),
    ("conditions", "line.ambulance_conditions: { has_none: [\"06\"] }", 2, &["json"]),
];

fn pack() -> String {
    let mut pack = String::from(
        "schema: cleanbill/pack/v1\nname: rare\nversion: 1.0.0\ntitle: What few claims say\nrules:\n",
    );
    for (id, must, ..) in RULES {
        pack += &format!(
            "  - id: {id}\n    title: What few claims say\n    require: {{ must: {{ {must} }} }}\n    message: Look at it.\n    fix: Correct it.\n    disposition: line_rejection\n    source: [{{ authority: Example, document: Invented, kind: internal }}]\n"
        );
    }
    pack
}

/// Findings rule by rule, without what belongs to the format.
fn judged(sandbox: &Sandbox, file: &str) -> BTreeMap<String, Vec<Value>> {
    let columns: &[&str] = if file == "claim.csv" { &["--columns", "columns.yaml"] } else { &[] };
    let all = [&["validate", file, "--packs", "pack", "-f", "ndjson"], columns].concat();
    let ran = sandbox.run(&all);
    assert_eq!(ran.code, Some(1), "{file}: {ran:?}");
    let mut by_rule: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for mut record in records(&ran.stdout) {
        if record["type"] != "finding" {
            assert_eq!(record["type"], "summary", "{file}: {record}");
            continue;
        }
        let rule = record["rule"].as_str().unwrap().to_owned();
        let members = record.as_object_mut().unwrap();
        for member in ["file", "location", "evidence", "id"] {
            members.remove(member).unwrap();
        }
        by_rule.entry(rule).or_default().push(record);
    }
    by_rule
}

#[test]
fn facts_that_few_claims_have_give_the_same_findings_in_every_format_that_has_them() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("pack")).unwrap();
    sandbox.write("pack/pack.yaml", pack().as_bytes());
    sandbox.write("claim.837", X12.as_bytes());
    sandbox.write("claim.json", JSON.as_bytes());
    sandbox.write("claim.fhir", FHIR.as_bytes());
    sandbox.write("claim.csv", CSV.as_bytes());
    sandbox.write("columns.yaml", COLUMNS.as_bytes());
    let x12 = judged(&sandbox, "claim.837");
    for (rule, _, fires, _) in RULES {
        let found = x12.get(rule).map_or(&[][..], Vec::as_slice);
        let firing = found.iter().filter(|finding| finding["outcome"] == "fires").count();
        assert_eq!((firing, found.len()), (fires, fires), "{rule}: {found:#?}");
    }
    for format in ["json", "fhir", "csv"] {
        let other = judged(&sandbox, &format!("claim.{format}"));
        for (rule, .., formats) in RULES {
            if formats.contains(&format) {
                assert_eq!(x12.get(rule), other.get(rule), "{format}: {rule}");
            }
        }
    }
}
