//! What few claims say: from an 837P, and the same from claim JSON.

use std::fmt::Write as _;

use cleanbill_model::{Claim, Particulars};

use crate::fixture::{Reading, read};

const X12: &str = "\
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260302*1200*^*00501*000000061*0*T*:~
GS*HC*SENDER*RECEIVER*20260302*1200*7*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*BATCH1*20260302*1200*CH~
NM1*41*2*INVENTED BILLING*****46*SUB1~
PER*IC*DESK*TE*5555550100~
NM1*40*2*INVENTED CLEARINGHOUSE*****46*REC1~
HL*1**20*1~
NM1*85*2*INVENTED AMBULANCE*****XX*2999999016~
N3*1 NOWHERE ST~
N4*AUSTIN*TX*787010001~
REF*EI*741234567~
HL*2*1*22*0~
SBR*P*18*******MB~
NM1*IL*1*ZZLAST*ZZFIRST****MI*1EG4TE5MK72~
N3*1 NOWHERE ST~
N4*AUSTIN*TX*787010001~
DMG*D8*19500101*F~
NM1*PR*2*MEDICARE*****PI*MEDICARE_B~
CLM*RIDE-1*708.20***41:B:1*Y*A*Y*Y~
CR1*LB*140.5**A*DH*12***TO DIALYSIS AND BACK*CANNOT SIT~
CR2********M~
CRC*07*Y*01*06~
CRC*07*N*09~
CRC*75*Y*IH~
CRC*ZZ*N*NU~
HI*ABK:N186~
NM1*DQ*1*ZZSUPER*ZZFIRST****XX*2999999024~
NM1*PW*2~
N3*77 ZZSTREET~
N4*ZZCITY*CO*80612~
NM1*45*2*ZZHOSPITAL~
N3*10005 ZZSTREET~
N4*ZZCITY*WY*820091234~
LX*1~
SV1*HC:A0427:RH*700*UN*1***1**Y~
DTP*472*D8*20260302~
LX*2~
SV1*HC:A0425:RH*8.20*UN*21***1~
CR1*LB*141**B*DH*21~
CRC*07*Y*04~
CRC*09*N*ZV~
DTP*472*D8*20260302~
QTY*PT*2.00~
NM1*QB*2******XX*2999999032~
NM1*DQ*1*ZZSUPER*ZZFIRST****XX*1234567893~
NM1*PW*2~
N3*78 ZZSTREET~
N4*ZZCITY*CO*80613~
SE*48*0001~
GE*1*7~
IEA*1*000000061~
";

const JSON: &str = r#"{"claim_id":"RIDE-1","charge":"708.20","diagnoses":["N18.6"],"place_of_service":"41",
 "ambulance":{"weight":"140.5","reason":"A","distance":12,"round_trip":"TO DIALYSIS AND BACK","stretcher":"CANNOT SIT",
  "pick_up_zip":"80612","drop_off_zip":"820091234"},"spinal_condition":"M",
 "certifications":[{"category":"07","applies":"Y","conditions":["01","06"]},{"category":"07","applies":"N","conditions":["09"]},
  {"category":"75","applies":"Y","conditions":["IH"]},{"category":"ZZ","applies":"N","conditions":["NU"]}],
 "supervising_provider":{"npi":"2999999024"},
 "lines":[{"procedure":"A0427","modifiers":["RH"],"charge":700,"from":"2026-03-02","diagnosis_pointers":[1]},
  {"procedure":"A0425","modifiers":["RH"],"units":21,"charge":"8.20","from":"2026-03-02","diagnosis_pointers":[1],
   "ambulance":{"weight":141,"reason":"B","distance":21,"pick_up_zip":"80613","patients":2},
   "certifications":[{"category":"07","applies":"Y","conditions":["04"]},{"category":"09","applies":"N","conditions":["ZV"]}],
   "supervising_provider":{"npi":"1234567893"},"purchased_service_provider":{"npi":"2999999032"}}]}"#;

fn x12() -> String {
    X12.replace('\n', "")
}

fn with(old: &str, new: &str) -> Reading {
    assert!(x12().contains(old), "{old}");
    read(x12().replacen(old, new, 1))
}

/// All particulars, of the claim and line by line.
fn said(claim: &Claim) -> String {
    let mut text = String::new();
    let rare = claim.rare.as_deref();
    let mut say = |whose: String, own: &Particulars| {
        let transport = &own.ambulance;
        let purposes = [transport.round_trip, transport.stretcher].map(|one| *one.reveal());
        let purposes = purposes.map(|one| claim.text(one).to_owned());
        let zips = [transport.pick_up, transport.drop_off].map(|one| *one.reveal());
        let _ = writeln!(text, "{whose}: {purposes:?} {zips:?} {own:?}");
    };
    if let Some(rare) = rare {
        say("claim".to_owned(), &rare.of_claim);
    }
    for (line, own) in rare.iter().flat_map(|rare| &rare.of_lines) {
        say(format!("line {line}"), own);
    }
    text
}

#[test]
fn a_transport_its_conditions_and_those_who_took_part_are_read() {
    let reading = read(x12());
    assert_eq!(reading.codes(), [""; 0], "{:?}", reading.errors);
    let claim = &reading.claims[0];
    let [first, second] = claim.lines.as_slice() else { panic!("two lines") };
    let reason = |line| claim.particular(line, |own| own.ambulance.reason).unwrap().to_string();
    let miles = |line| claim.particular(line, |own| own.ambulance.distance).unwrap().to_string();
    let weight = |line| claim.particular(line, |own| own.ambulance.weight).unwrap().to_string();
    let npi = |line| claim.particular(line, |own| own.supervising.npi).unwrap().to_string();
    let zip = |line| {
        let of = |own: &Particulars| *own.ambulance.pick_up.reveal();
        claim.particular(line, of).unwrap().to_string()
    };
    assert_eq!(
        [reason(first), miles(first), weight(first), zip(first)],
        ["A", "12", "140.5", "80612"]
    );
    assert_eq!(
        [reason(second), miles(second), weight(second), zip(second)],
        ["B", "21", "141", "80613"]
    );
    assert_eq!([npi(first), npi(second)], ["2999999024", "1234567893"]);
    assert_eq!(claim.particular(second, |own| own.purchased.npi).unwrap().as_str(), "2999999032");
    assert_eq!(claim.particular(first, |own| own.purchased.npi), None);
    assert_eq!(claim.particular(second, |own| own.ambulance.patients), Some(2));
    assert_eq!(claim.particular(second, |own| own.spinal_condition).unwrap().as_str(), "M");
    assert_eq!(said(claim).lines().count(), 2, "the first line has none of its own");
}

#[test]
fn claim_json_says_the_same() {
    let reading = read(JSON);
    assert_eq!(reading.codes(), [""; 0], "{:?}", reading.errors);
    assert_eq!(said(&reading.claims[0]), said(&read(x12()).claims[0]));
}

#[test]
fn no_street_no_city_and_no_name_is_kept() {
    let reading = read(x12());
    let claim = &reading.claims[0];
    let shown = format!("{claim:?}");
    assert!(!shown.contains("80612") && !shown.contains("DIALYSIS"), "{shown}");
    // Every text of the claim: its own number, payer, member, tax number, and the two purposes.
    let texts =
        ["RIDE-1", "MEDICARE_B", "1EG4TE5MK72", "741234567", "TO DIALYSIS AND BACK", "CANNOT SIT"];
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    assert!(shown.contains(&format!("texts: <{bytes} bytes>")), "{shown}");
}

#[test]
fn what_cannot_be_read_is_left_out_and_costs_no_claim() {
    for (old, new, element) in [
        ("CR1*LB*140.5*", "CR1*KG*140.5*", "CR101"),
        ("CR1*LB*140.5*", "CR1*LB*1e3*", "CR102"),
        ("**A*DH*12*", "**F*DH*12*", "CR104"),
        ("*DH*12*", "*DK*12*", "CR105"),
        ("*DH*12*", "*DH*x*", "CR106"),
        ("CR2********M~", "CR2********B~", "CR208"),
        ("CRC*07*Y*01*06~", "CRC*7*Y*01*06~", "CRC01"),
        ("CRC*07*Y*01*06~", "CRC*07*X*01*06~", "CRC02"),
        ("CRC*07*Y*01*06~", "CRC*07*Y*01*6x~", "CRC04"),
        ("QTY*PT*2.00~", "QTY*PT*2.50~", "QTY02"),
        ("*CO*80612~", "*CO*8061~", "N403"),
        ("CRC*75*Y*IH~", "CR1*LB*1**B*DH*1~", "CR1"),
    ] {
        let reading = with(old, new);
        assert_eq!((reading.codes(), reading.claims.len()), (vec!["I1412"], 1), "{new}");
        assert_eq!(reading.errors[0].element, element, "{new}");
        assert_ne!(said(&reading.claims[0]), said(&read(x12()).claims[0]), "{new}");
    }
    let abroad = with("*CO*80612~", "**V6B1A1*CA~");
    assert_eq!(abroad.codes(), [""; 0], "{:?}", abroad.errors);
    let twice = with("NM1*PW*2~", "NM1*DQ*1*ZZ*****XX*1234567893~NM1*PW*2~");
    assert_eq!((twice.codes()[0], twice.claims.len()), ("I1409", 0));
}

#[test]
fn what_is_wrong_in_claim_json_is_named() {
    for (old, new, code, place) in [
        (r#""reason":"B""#, r#""reason":"F""#, "I2007", "lines[1].ambulance.reason"),
        (r#""weight":141"#, r#""weight":"1e3""#, "I2007", "lines[1].ambulance.weight"),
        (r#""patients":2"#, r#""patients":70000"#, "I2007", "lines[1].ambulance.patients"),
        (
            r#""pick_up_zip":"80612""#,
            r#""pick_up_zip":"ZZSTREET""#,
            "I2007",
            "ambulance.pick_up_zip",
        ),
        (
            r#""conditions":["IH"]"#,
            r#""conditions":["I"]"#,
            "I2007",
            "certifications[2].conditions",
        ),
        (
            r#""applies":"N","conditions":["ZV"]"#,
            r#""conditions":["ZV"]"#,
            "I2004",
            "lines[1].certifications[1].applies",
        ),
        (r#""spinal_condition":"M""#, r#""spinal_condition":"B""#, "I2007", "spinal_condition"),
        (r#""distance""#, r#""miles""#, "I2002", "miles"),
        (
            r#"{"npi":"2999999032"}"#,
            r#"{"npi":"299999903"}"#,
            "I2007",
            "lines[1].purchased_service_provider.npi",
        ),
    ] {
        assert!(JSON.contains(old), "{old}");
        let reading = read(JSON.replacen(old, new, 1));
        let error = &reading.errors[0];
        assert_eq!((error.code, reading.claims.len()), (code, 0), "{new}");
        assert!(error.message.contains(place), "{}", error.message);
        assert!(!error.message.contains("ZZSTREET"), "{}", error.message);
    }
}

/// The same ride as far as FHIR has a place for it; its second line has facts of its own.
pub const FHIR: &str = r##"{"resourceType":"Claim","status":"active","use":"claim","identifier":[{"value":"RIDE-1"}],
 "type":{"coding":[{"code":"professional"}]},"patient":{"reference":"Patient/1"},
 "careTeam":[{"sequence":1,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999024"}},"role":{"coding":[{"code":"supervisor"}]}},
  {"sequence":2,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}},"role":{"coding":[{"code":"supervising"}]}},
  {"sequence":3,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999032"}},"role":{"coding":[{"code":"purchasedservice"}]}},
  {"sequence":4,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999016"}},"role":{"coding":[{"code":"ordering"}]}}],
 "supportingInfo":[{"sequence":1,"category":{"coding":[{"code":"patientweight"}]},"valueQuantity":{"value":140.5,"code":"[lb_av]"}},
  {"sequence":2,"category":{"coding":[{"code":"ambulancetransportreason"}]},"reason":{"coding":[{"code":"A"}]}},
  {"sequence":3,"category":{"coding":[{"code":"transportationdistance"}]},"valueQuantity":{"value":12,"unit":"[mi_i]"}},
  {"sequence":4,"category":{"coding":[{"code":"roundtrippurpose"}]},"valueString":"TO DIALYSIS AND BACK"},
  {"sequence":5,"category":{"coding":[{"code":"stretcherpurpose"}]},"valueString":"CANNOT SIT"},
  {"sequence":6,"category":{"coding":[{"code":"ambulancetransportreason"}]},"reason":{"code":"B"}},
  {"sequence":7,"category":{"coding":[{"code":"transportationdistance"}]},"valueQuantity":{"value":21,"unit":"mi"}},
  {"sequence":8,"category":{"coding":[{"code":"patientweight"}]},"valueQuantity":{"value":64,"code":"kg"}},
  {"sequence":9,"category":{"coding":[{"code":"pickuplocation"}]},"valueString":"77 ZZSTREET, ZZCITY, CO 80612"}],
 "item":[{"sequence":1,"productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"A0427"}]},"servicedDate":"2026-03-02","net":{"value":700}},
  {"sequence":2,"careTeamSequence":[2,3,4],"informationSequence":[6,7,8],"productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"A0425"}]},
   "servicedDate":"2026-03-02","net":{"value":8.20},"quantity":{"value":21}}]}"##;

#[test]
fn fhir_says_the_same_where_it_has_a_place_for_it() {
    let (fhir, x12) = (read(FHIR), read(x12()));
    assert_eq!(fhir.codes(), [""; 0], "{:?}", fhir.errors);
    let (fhir, x12) = (&fhir.claims[0], &x12.claims[0]);
    for (one, two) in fhir.lines.iter().zip(&x12.lines) {
        let of = |claim: &Claim, line| {
            let of = |own: &Particulars| Some((own.ambulance.reason?, own.ambulance.distance?));
            let npi = claim.particular(line, |own| own.supervising.npi);
            (claim.particular(line, of), npi, claim.particular(line, |own| own.purchased.npi))
        };
        assert_eq!(of(fhir, one), of(x12, two));
    }
    let own = &fhir.rare.as_ref().unwrap().of_claim.ambulance;
    assert_eq!(own.weight.unwrap().to_string(), "140.5");
    let purposes = [own.round_trip, own.stretcher].map(|text| fhir.text(*text.reveal()).to_owned());
    assert_eq!(purposes, ["TO DIALYSIS AND BACK", "CANNOT SIT"]);
    assert_eq!(*own.pick_up.reveal(), None, "an address is no ZIP code");
    let second = fhir.rare.as_ref().unwrap().of_line(1).unwrap();
    assert_eq!(second.ambulance.weight, None, "kilograms are no pounds");
    assert_eq!(fhir.lines[1].ordering.npi.unwrap().as_str(), "2999999016");
}
