//! What other payers said of a claim before: from an 837P with two of them, and the same from claim JSON.

use std::fmt::Write as _;

use crate::fixture::{read, with};
use cleanbill_model::{Adjustment, Claim, Money};

/// The file with the number of segments in its transaction set right.
fn counted(file: &str) -> String {
    let (start, end) = (file.find("ST*837").unwrap(), file.find("~SE*").unwrap() + 1);
    let count = file[start..end].matches('~').count() + 1;
    let rest = file[end..].split_once("*0001").unwrap().1;
    format!("{}SE*{count}*0001{rest}", &file[..end])
}

/// The fixture with two other payers on its second claim, which get a second line; behind it come a new `HL`
/// and another claim.
fn two_payers() -> String {
    let segments = "CAS*PR*1*21.89~AMT*D*39.15~OI***Y***Y~NM1*IL*1*OTHER*SUB****MI*OTHERMEMBER~\
         NM1*PR*2*OTHER PAYER*****PI*OTHERPAYER~REF*F8*OTHERICN~REF*G1*OTHERAUTH~";
    let claims = "CAS*PR*1*20**2*1.89~CAS*CO*45*5~AMT*D*39.15~AMT*EAF*21.89~AMT*A8*2~OI***Y***Y~\
         NM1*IL*1*OTHER*SUB****MI*OTHERMEMBER~NM1*PR*2*OTHER PAYER*****PI*OTHERPAYER~\
         DTP*573*D8*20260315~REF*F8*OTHERICN~REF*G1*OTHERAUTH~\
         SBR*T*01*******HM~AMT*D*10~OI***N***N~NM1*IL*1*THIRD*SUB****MI*THIRDMEMBER~\
         NM1*PR*2*THIRD PAYER*****PI*THIRDPAYER~";
    let lines = "SVD*OTHERPAYER*40*HC:J1550**1~CAS*CO*42*3~DTP*573*D8*20260315~";
    let more = "SVD*OTHERPAYER*30.15*HC:J1550:JW**0.5~\
         CAS*CO*42*3**45*1.5*1*97*1**96*2**253*0.10**A1*-1~CAS*PR*2*4~DTP*573*D8*20260315~AMT*EAF*4~\
         SVD*THIRDPAYER*10*HC:J1550**1~DTP*573*D8*20260316~\
         LX*2~SV1*HC:96372*0*UN*1***1~DTP*472*D8*20260304~\
         SVD*OTHERPAYER*9*HC:96372**1*1~CAS*PR*3*1~DTP*573*D8*20260315~";
    let file = with(segments, claims);
    assert!(file.contains(lines));
    counted(&file.replace(lines, more))
}

const JSON: &str = r#"{"claim_id":"PCN2","diagnoses":["I82401"],"charge":"100.50",
 "other_payers":[
  {"id":"OTHERPAYER","rank":"S","filing_indicator":"CI","paid":"39.15","remaining":"21.89","non_covered":2,
   "adjudicated":"2026-03-15","adjustments":[{"group":"PR","reason":"1","amount":"20"},
   {"group":"PR","reason":"2","amount":"1.89"},{"group":"CO","reason":"45","amount":5}]},
  {"id":"THIRDPAYER","rank":"T","filing_indicator":"HM","paid":10}],
 "lines":[{"procedure":"J1550","units":"0.5","charge":"100.50","from":"2026-03-04","diagnosis_pointers":[1],
  "other_adjudications":[
   {"payer":"OTHERPAYER","paid":"30.15","procedure":"J1550","modifiers":["JW"],"units":"0.5","remaining":4,
    "adjudicated":"2026-03-15","adjustments":[
    {"group":"CO","reason":"42","amount":3},{"group":"CO","reason":"45","amount":"1.5"},
    {"group":"CO","reason":"97","amount":1},{"group":"CO","reason":"96","amount":2},
    {"group":"CO","reason":"253","amount":"0.10"},{"group":"CO","reason":"A1","amount":-1},
    {"group":"PR","reason":"2","amount":4}]},
   {"payer":"THIRDPAYER","paid":10,"procedure":"J1550","units":1,"adjudicated":"2026-03-16"}]},
  {"procedure":"96372","charge":0,"from":"2026-03-04","diagnosis_pointers":[1],"other_adjudications":[
   {"payer":"OTHERPAYER","paid":9,"procedure":"96372","units":1,"bundled_into":1,"adjudicated":"2026-03-15",
    "adjustments":[{"group":"PR","reason":"3","amount":1}]}]}]}"#;

/// What other payers said, payer by payer and line by line.
fn said(claim: &Claim) -> String {
    let others = &claim.other_payers;
    let reasons = |list: &[Adjustment]| {
        let reason = |a: &Adjustment| format!("{}-{}:{}", a.group.as_str(), a.carc, a.amount);
        list.iter().map(reason).collect::<Vec<_>>().join(" ")
    };
    let mut text = String::new();
    for payer in &others.payers {
        let _ = writeln!(
            text,
            "{} {} {} paid {:?} owed {:?} not covered {:?} on {:?}: {}",
            claim.text(payer.id),
            payer.rank.unwrap().as_char(),
            payer.filing_indicator.unwrap().as_str(),
            payer.paid,
            payer.remaining,
            payer.non_covered,
            payer.adjudicated.map(|day| day.to_string()),
            reasons(others.adjustments_in(&payer.adjustments)),
        );
    }
    for place in 0..claim.lines.len() {
        for line in others.of_line(place) {
            let _ = writeln!(
                text,
                "{place}: {} paid {:?} for {}{}{} units {:?} in {:?} owed {:?} on {:?}: {}",
                claim.text(line.payer),
                line.paid,
                line.procedure.unwrap(),
                if line.modifiers.is_empty() { "" } else { "-" },
                line.modifiers,
                line.units.map(|units| units.to_string()),
                line.bundled_into,
                line.remaining,
                line.adjudicated.map(|day| day.to_string()),
                reasons(others.adjustments_in(&line.adjustments)),
            );
        }
    }
    text
}

#[test]
fn two_other_payers_and_what_they_paid_on_two_lines_are_read() {
    let reading = read(two_payers());
    assert_eq!(reading.codes(), [""; 0], "{:?}", reading.errors);
    assert_eq!(reading.ids(), ["PCN1", "PCN2", "PCN3"]);
    let claim = &reading.claims[1];
    assert_eq!(
        said(claim),
        "OTHERPAYER S CI paid Some(39.15) owed Some(21.89) not covered Some(2.00) on Some(\"2026-03-15\"): PR-1:20.00 PR-2:1.89 CO-45:5.00\n\
         THIRDPAYER T HM paid Some(10.00) owed None not covered None on None: \n\
         0: OTHERPAYER paid Some(30.15) for J1550-JW units Some(\"0.5\") in None owed Some(4.00) on Some(\"2026-03-15\"): CO-42:3.00 CO-45:1.50 CO-97:1.00 CO-96:2.00 CO-253:0.10 CO-A1:-1.00 PR-2:4.00\n\
         0: THIRDPAYER paid Some(10.00) for J1550 units Some(\"1\") in None owed None on Some(\"2026-03-16\"): \n\
         1: OTHERPAYER paid Some(9.00) for 96372 units Some(\"1\") in Some(1) owed None on Some(\"2026-03-15\"): PR-3:1.00\n"
    );
    assert_eq!(claim.other_payers.paid(), Some(Money::from_cents(4_915)));
    // The claim is still its own payer's, and nothing of the others stays on the next one.
    assert_eq!((claim.payer(), claim.filing_indicator.unwrap().as_str()), ("MEDICARE_B", "MB"));
    assert_eq!(claim.text(claim.original_reference), "ICN777");
    for other in [&reading.claims[0], &reading.claims[2]] {
        assert_eq!((said(other).as_str(), other.other_payers.paid()), ("", None));
    }
}

#[test]
fn claim_json_says_the_same_of_other_payers() {
    let reading = read(JSON);
    assert_eq!(reading.codes(), [""; 0], "{:?}", reading.errors);
    assert_eq!(said(&reading.claims[0]), said(&read(two_payers()).claims[1]));
}

#[test]
fn a_second_other_payer_right_before_the_next_level_swallows_nothing() {
    let claim = "CLM*PCN4*100.50***11:B:1*Y*A*Y*Y~HI*ABK:E119~";
    let level = "HL*4*1*22*0~SBR*P*18*******CI~NM1*IL*1*YYLAST*YYFIRST****MI*M-2~DMG*D8*19700615*M~\
         NM1*PR*2*SYNTHETIC PLAN*****PI*54321~";
    let third = "NM1*PR*2*THIRD PAYER*****PI*THIRDPAYER~";
    let file = two_payers();
    assert!(file.contains(level) && file.contains(third));
    let file = file.replace(level, "").replace(third, &[third, level, claim].concat());
    let reading = read(counted(&file));
    assert_eq!((reading.ids(), reading.set_aside()), (vec!["PCN1", "PCN4", "PCN3"], vec!["PCN2"]));
    let next = &reading.claims[1];
    assert_eq!((next.payer(), next.filing_indicator.unwrap().as_str()), ("54321", "CI"));
    assert!(next.other_payers.payers.is_empty());
}

#[test]
fn an_amount_of_another_payer_that_cannot_be_used_is_told_and_the_sum_is_not_known() {
    let cases = [
        ("AMT*D*39.15~", "AMT*D*1e3~", "I1605", false),
        ("AMT*D*39.15~", "AMT*D~", "I1605", false),
        ("AMT*D*39.15~", "AMT*D*39.15~AMT*D*1~", "I1409", false),
        ("AMT*EAF*21.89~", "AMT*EAF*x~", "I1605", true),
        ("CAS*CO*45*5~", "CAS*XX*45*5~", "I1606", true),
        ("SVD*THIRDPAYER*10*", "SVD*THIRDPAYER**", "I1605", true),
        ("SVD*THIRDPAYER*10*HC:", "SVD*THIRDPAYER*10*H:", "I1503", true),
        ("SBR*T*01*******HM~", "SBR*T*01*******HMO~", "I1307", true),
        ("DTP*573*D8*20260316~", "DTP*573*D8*20261316~", "I1311", true),
    ];
    for (old, new, code, known) in cases {
        let file = two_payers();
        assert!(file.contains(old), "{old}");
        let file = file.replacen(old, new, 1);
        let reading = read(counted(&file));
        assert_eq!((reading.codes(), reading.claims.len()), (vec![code], 3), "{new}");
        assert_eq!(reading.claims[1].other_payers.paid().is_some(), known, "{new}");
    }
}

#[test]
fn what_is_wrong_with_an_other_payer_in_claim_json_is_named() {
    for (old, new, code, place) in [
        (r#""id":"OTHERPAYER""#, r#""id":"""#, "I2004", "other_payers[0].id"),
        (r#""rank":"T""#, r#""rank":"4""#, "I2007", "other_payers[1].rank"),
        (r#""paid":"39.15""#, r#""paid":"1e3""#, "I2007", "other_payers[0].paid"),
        (
            r#""group":"PR","reason":"2""#,
            r#""group":"PX","reason":"2""#,
            "I2007",
            "adjustments[1].group",
        ),
        (
            r#""group":"PR","reason":"3","#,
            r#""group":"PR","#,
            "I2004",
            "other_adjudications[0].adjustments[0].reason",
        ),
        (r#""non_covered""#, r#""noncovered""#, "I2002", "noncovered"),
        (
            r#""modifiers":["JW"]"#,
            r#""modifiers":["J!"]"#,
            "I2007",
            "lines[0].other_adjudications[0].modifiers",
        ),
    ] {
        assert!(JSON.contains(old), "{old}");
        let reading = read(JSON.replacen(old, new, 1));
        let error = &reading.errors[0];
        assert_eq!((error.code, reading.claims.len()), (code, 0), "{new}");
        assert!(error.message.contains(place), "{}", error.message);
    }
}

/// A claim to the second payer in a Bundle with the answer of the first.
const FHIR: &str = r##"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Claim","status":"active","use":"claim","identifier":[{"value":"C1"}],
 "type":{"coding":[{"code":"professional"}]},"patient":{"reference":"Patient/1"},
 "insurance":[{"sequence":1,"focal":false,"coverage":{"reference":"Coverage/first"},"claimResponse":{"reference":"ClaimResponse/r"}},
  {"sequence":2,"focal":true,"coverage":{"reference":"Coverage/second"}}],
 "item":[{"sequence":1,"productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"99213"}]},"servicedDate":"2026-03-02","net":{"value":60}},
  {"sequence":2,"productOrService":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"93970"}]},"servicedDate":"2026-03-02","net":{"value":412}}]}},
 {"resource":{"resourceType":"Coverage","id":"first","type":{"coding":[{"system":"https://codesystem.x12.org/005010/1032","code":"CI"}]},"payor":[{"reference":"Organization/one"}]}},
 {"resource":{"resourceType":"Coverage","id":"second","payor":[{"reference":"Organization/two"}]}},
 {"resource":{"resourceType":"Organization","id":"one","type":[{"coding":[{"code":"pay"}]}],"identifier":[{"value":"ONE"}]}},
 {"resource":{"resourceType":"Organization","id":"two","identifier":[{"value":"TWO"}]}},
 {"resource":{"resourceType":"ClaimResponse","id":"r","created":"2026-03-15","type":{"coding":[{"code":"professional"}]},"outcome":"complete",
  "payment":{"type":{"coding":[{"code":"complete"}]},"amount":{"value":350.15,"currency":"USD"}},
  "item":[{"itemSequence":2,"adjudication":[{"category":{"coding":[{"code":"eligible"}]},"amount":{"value":400}},{"category":{"coding":[{"code":"benefit"}]},"amount":{"value":310.15}}]},
   {"itemSequence":1,"adjudication":[{"category":{"coding":[{"code":"benefit"}]},"amount":{"value":40}}]}]}}]}"##;

#[test]
fn fhir_names_other_payers_and_what_they_answered() {
    let reading = read(FHIR);
    assert_eq!(reading.codes(), [""; 0], "{:?}", reading.errors);
    let claim = &reading.claims[0];
    let [payer] = claim.other_payers.payers.as_slice() else { panic!("one other payer") };
    assert_eq!((claim.payer(), claim.text(payer.id)), ("TWO", "ONE"));
    assert_eq!(payer.filing_indicator.unwrap().as_str(), "CI");
    assert_eq!(payer.adjudicated.unwrap().to_string(), "2026-03-15");
    assert_eq!(claim.other_payers.paid(), Some(Money::from_cents(35_015)));
    let of_lines = [0, 1].map(|line| claim.other_payers.paid_on_line(line));
    assert_eq!(of_lines, [Some(Money::from_cents(4_000)), Some(Money::from_cents(31_015))]);
    // An amount in another currency is not known.
    let foreign = read(FHIR.replace("\"USD\"", "\"CAD\""));
    assert_eq!(foreign.claims[0].other_payers.paid(), None);
    // Nobody is an other payer of a claim with one insurance.
    let alone = read(FHIR.replace("\"focal\":false", "\"focal\":true"));
    assert!(alone.claims[0].other_payers.payers.is_empty());
}

#[test]
fn an_explanation_of_benefit_says_what_payers_before_paid() {
    let prior = |value: &str| {
        format!(
            r#"{{"category":{{"coding":[{{"code":"priorpayerpaid"}}]}},"amount":{{"value":{value}}}}}"#
        )
    };
    let eob = FHIR
        .replacen("\"resourceType\":\"Claim\"", "\"resourceType\":\"ExplanationOfBenefit\"", 1)
        .replacen("\"item\":[", &format!("\"total\":[{}],\"item\":[", prior("99.5")), 1)
        .replacen(
            "\"net\":{\"value\":60}",
            &format!("\"net\":{{\"value\":60}},\"adjudication\":[{}]", prior("9.5")),
            1,
        )
        .replace(",\"claimResponse\":{\"reference\":\"ClaimResponse/r\"}", "");
    let reading = read(&eob);
    let claim = &reading.claims[0];
    assert_eq!(claim.other_payers.payers.len(), 1);
    assert_eq!(claim.other_payers.paid(), Some(Money::from_cents(9_950)));
    assert_eq!(claim.other_payers.paid_on_line(0), Some(Money::from_cents(950)));
    assert_eq!(claim.other_payers.paid_on_line(1), None);
    let [said] = claim.other_payers.adjudications.as_slice() else { panic!("one line") };
    assert_eq!(claim.text(said.payer), "ONE");
    let unnamed = read(eob.replace("\"focal\":false", "\"focal\":true"));
    assert_eq!(unnamed.claims[0].other_payers.paid(), Some(Money::from_cents(9_950)));
}
