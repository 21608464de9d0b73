//! Claim JSON in each of its layouts, exact values, and what is said of a claim that cannot be read.

use crate::fixture::{Reading, Sequence, read, read_as, size};
use cleanbill_intake::{FormatChoice, InputOptions};
use cleanbill_model::{ClaimType, DiagnosisSystem, DrugUnit, InputFormat, Money, Region, Units};

pub const CLAIM: &str = r#"{"schema":1,"claim_id":"C1","type":"professional","frequency":"1",
 "payer":"MEDICARE_B","filing_indicator":"MB",
 "patient":{"id":"P1","birth_date":"1950-01-01","sex":"F"},
 "billing_provider":{"npi":"1234567893","tax_id":"741234567","taxonomy":"207Q00000X"},
 "rendering_provider":{"npi":"1245319599","taxonomy":"2085R0202X"},
 "referring_provider":{"npi":"1999999984"},"original_reference":"ICN1","note":"a\nb",
 "submitted":"2026-03-05","prior_authorization":"AUTH-1",
 "place_of_service":"11","diagnoses":["N18.6","Z992"],"charge":"680.00","lines":[
 {"number":1,"procedure":"93970","modifiers":["59","RT"],"units":"1","charge":412.00,
  "from":"2026-03-02","through":"2026-03-03","diagnosis_pointers":[1,2],"place_of_service":"22",
  "body_region":"lower","note":"n","description":"d","control_number":"L1","prior_authorization":"AUTH-2",
  "drug":{"ndc":"00026063512","quantity":"10.5","unit":"ML"},
  "rendering_provider":{"npi":"1679576722"},"ordering_provider":{"npi":"1245319599"},
  "referring_provider":{"npi":"1999999984"}},
 {"procedure":"36415","charge":268,"units":0.5,"from":"2026-03-02"}]}"#;

/// A claim with one text replaced; the text must be there.
fn with(old: &str, new: &str) -> String {
    assert!(CLAIM.contains(old), "{old}");
    CLAIM.replacen(old, new, 1)
}

/// The claim on one line, with its own number.
pub fn flat(id: &str) -> String {
    CLAIM.replace('\n', "").replace("C1", id)
}

fn ids(reading: &Reading) -> Vec<&str> {
    assert_eq!(reading.errors, []);
    reading.ids()
}

#[test]
fn every_member_of_a_claim_is_read() {
    let reading = read(CLAIM);
    assert_eq!(reading.errors, []);
    let claim = &reading.claims[0];
    assert_eq!((claim.ordinal, claim.id(), claim.payer()), (1, "C1", "MEDICARE_B"));
    assert_eq!((claim.format, claim.claim_type), (InputFormat::Json, ClaimType::Professional));
    assert_eq!(claim.filing_indicator.unwrap().as_str(), "MB");
    assert_eq!(claim.frequency.unwrap().as_char(), '1');
    assert_eq!(claim.text(*claim.patient.id.reveal()), "P1");
    assert_eq!(claim.patient.birth_date.reveal().unwrap().to_string(), "1950-01-01");
    assert!(claim.patient.sex.reveal().is_some());
    assert_eq!(claim.billing.npi.unwrap().as_str(), "1234567893");
    assert_eq!(claim.billing.taxonomy.unwrap().as_str(), "207Q00000X");
    assert_eq!(claim.text(*claim.tax_id.reveal()), "741234567");
    assert_eq!(claim.rendering.taxonomy.unwrap().as_str(), "2085R0202X");
    assert_eq!(claim.referring.npi.unwrap().as_str(), "1999999984");
    assert_eq!(claim.text(claim.original_reference), "ICN1");
    assert_eq!(claim.text(*claim.note.reveal()), "a\nb");
    assert_eq!(claim.submitted.unwrap().to_string(), "2026-03-05");
    assert_eq!(claim.text(*claim.authorization.reveal()), "AUTH-1");
    assert_eq!(claim.diagnoses[0].as_str(), "N186");
    assert_eq!(claim.diagnosis_system, Some(DiagnosisSystem::Icd10Cm));
    assert_eq!(claim.charge, Money::from_cents(68_000));
    assert_eq!(claim.bytes, 0..size(CLAIM.len()));

    let line = &claim.lines[0];
    assert_eq!(line.procedure.unwrap().as_str(), "93970");
    assert_eq!((line.modifiers.to_string().as_str(), line.units), ("59-RT", Units::ONE));
    assert_eq!((line.charge, line.dates.days()), (Money::from_cents(41_200), 2));
    assert_eq!(line.pointers.iter().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        (line.place_of_service.unwrap().as_str(), line.body_region),
        ("22", Some(Region::Lower))
    );
    assert_eq!(line.provider.npi.unwrap().as_str(), "1679576722");
    assert_eq!(line.ordering.npi.unwrap().as_str(), "1245319599");
    assert_eq!(line.referring.npi.unwrap().as_str(), "1999999984");
    assert_eq!(claim.text(*line.note.reveal()), "n");
    assert_eq!(claim.text(*line.description.reveal()), "d");
    assert_eq!(claim.text(line.control_number), "L1");
    assert_eq!(claim.text(*line.authorization.reveal()), "AUTH-2");
    let drug = line.drug.unwrap();
    assert_eq!((drug.ndc.as_str(), drug.unit), ("00026063512", Some(DrugUnit::Millilitres)));
    assert_eq!(drug.quantity.unwrap().to_string(), "10.5");
    assert_eq!(line.location.line, 9);
    assert_eq!(line.location.offset, size(CLAIM.find("{\"number\":1").unwrap()));

    let line = &claim.lines[1];
    assert_eq!((line.number, line.units.to_string().as_str()), (2, "0.5"));
    assert_eq!((line.dates.days(), line.place_of_service.unwrap().as_str()), (1, "11"));
    assert_eq!((line.provider, line.drug), (claim.rendering, None));
    assert_eq!(claim.text(*line.authorization.reveal()), "AUTH-1");
    assert_eq!(line.location.line, 15);
}

const INSTITUTIONAL: &str = r#"{"claim_id":"I1","type":"institutional","type_of_bill":"0131",
 "diagnosis_system":"icd9","diagnoses":["0340"],"attending_provider":{"npi":"2999999024",
 "taxonomy":"207R00000X"},"operating_provider":{"npi":"2999999032"},
 "admission":{"type":"3","source":"1","status":"01"},
 "statement":{"from":"2014-01-02","through":"2014-01-03"},"condition_codes":["09","C5"],
 "value_codes":[{"code":"A2","amount":"15.31"},{"code":"80","amount":2}],
 "occurrences":[{"code":"11","from":"2014-01-01"},
  {"code":"71","from":"2014-01-01","through":"2014-01-02"}],
 "lines":[{"revenue_code":"0120","charge":"10","rate":"10.00"},
 {"revenue_code":"0300","procedure":"36415","charge":2.5,"from":"2014-01-02"}]}"#;

#[test]
fn an_institutional_claim_has_bill_type_stay_and_revenue_codes() {
    let reading = read(INSTITUTIONAL);
    assert_eq!(reading.errors, []);
    let claim = &reading.claims[0];
    assert_eq!(claim.claim_type, ClaimType::Institutional);
    assert_eq!(claim.type_of_bill.unwrap().as_str(), "0131");
    assert_eq!(claim.diagnosis_system, Some(DiagnosisSystem::Icd9Cm));
    assert_eq!(claim.charge, Money::from_cents(1_250), "the sum of the lines");
    let facility = &claim.facility;
    assert_eq!(facility.attending.taxonomy.unwrap().as_str(), "207R00000X");
    assert_eq!(facility.operating.npi.unwrap().as_str(), "2999999032");
    let admission = [facility.admission_type, facility.admission_source, facility.patient_status];
    assert_eq!(admission.map(|code| code.unwrap().to_string()), ["3", "1", "01"]);
    assert_eq!(facility.conditions.len(), 2);
    assert_eq!(facility.values[1].amount, Money::from_cents(200));
    assert_eq!(facility.occurrences[1].dates.days(), 2);
    let [room, draw] = claim.lines.as_slice() else { panic!("two lines") };
    assert_eq!((room.revenue_code.unwrap().as_str(), room.dates.days()), ("0120", 2));
    assert_eq!(room.rate, Some(Money::from_cents(1_000)));
    assert_eq!((draw.dates.days(), draw.rate), (1, None));
    let dental =
        r#"{"claim_id":"D1","type":"dental","lines":[{"procedure":"D0120","from":"2026-03-02"}]}"#;
    assert_eq!(read(dental).claims[0].claim_type, ClaimType::Dental);
}

#[test]
fn what_is_wrong_with_a_stay_is_named_with_its_member() {
    let many = format!("[{}]", vec!["\"09\""; 25].join(","));
    for (old, new, code, element) in [
        ("\"status\":\"01\"", "\"status\":\"012\"", "I2007", "admission.status"),
        ("[\"09\",\"C5\"]", "[\"09\",\"c5\"]", "I2007", "condition_codes[1]"),
        ("[\"09\",\"C5\"]", many.as_str(), "I2007", "condition_codes"),
        ("\"amount\":2", "\"amount\":\"two\"", "I2007", "value_codes[1].amount"),
        (",\"amount\":2", "", "I2004", "value_codes[1].amount"),
        ("\"code\":\"11\",", "", "I2004", "occurrences[0].code"),
        ("{\"from\":\"2014-01-02\",", "{", "I2004", "statement.from"),
        ("\"2014-01-03\"", "\"2014-01-01\"", "I2007", "statement.through"),
        ("\"rate\":\"10.00\"", "\"rate\":\"x\"", "I2007", "lines[0].rate"),
        ("\"2999999032\"", "\"299\"", "I2007", "operating_provider.npi"),
    ] {
        let reading = read(INSTITUTIONAL.replacen(old, new, 1));
        assert_eq!(reading.error(code).element, element, "{new}: {:?}", reading.errors);
    }
}

#[test]
fn a_total_that_is_not_the_sum_of_the_lines_is_told_and_the_claim_kept() {
    let reading = read(with("680.00", "680.01"));
    assert_eq!((reading.ids(), reading.codes()), (vec!["C1"], vec!["I1410"]));
    let message = &reading.errors[0].message;
    assert!(message.contains("680.01") && message.contains("0.01 apart"), "{message}");
}

#[test]
fn objects_lists_and_lines_give_the_same_claims() {
    let (a, b) = (flat("A"), flat("B"));
    for (text, format) in [
        (format!("[{a},{b}]"), FormatChoice::Json),
        (format!("[\n  {a} ,\n  {b}\n]\n"), FormatChoice::Json),
        (format!("{a}{b}"), FormatChoice::Json),
        (format!("{a}\n{b}"), FormatChoice::Ndjson),
        (format!("{a}\r\n\r\n{b}\r\n"), FormatChoice::Ndjson),
        (format!("\u{feff}{a}\n{b}\n"), FormatChoice::Ndjson),
    ] {
        let reader =
            cleanbill_intake::ClaimReader::open(text.as_bytes(), &InputOptions::default(), 1)
                .unwrap();
        assert_eq!(reader.format(), Some(format), "{text}");
        assert_eq!(ids(&read(&text)), ["A", "B"]);
    }
    assert_eq!(ids(&read_as(format!("[{a},\n{b}]"), Some(FormatChoice::Ndjson))), ["A", "B"]);
    assert_eq!(ids(&read_as(format!("{a}\n{b}\n"), Some(FormatChoice::Json))), ["A", "B"]);
    assert_eq!(ids(&read_as(format!("{a}\n"), Some(FormatChoice::Ndjson))), ["A"]);
    assert_eq!(ids(&read("[]")), Vec::<&str>::new());
}

#[test]
fn brackets_and_commas_are_envelope_and_objects_are_claims() {
    let (a, b) = (flat("A"), flat("B"));
    let bytes = read(format!("[ {a},\n{b} ]")).accounting.bytes;
    assert_eq!((bytes.envelope, bytes.white_space), (3, 3));
    assert_eq!(bytes.claim, size(a.len() + b.len()));
}

#[test]
fn a_bad_line_costs_that_line_alone() {
    let (a, b) = (flat("A"), flat("B"));
    for bad in ["{\"claim_id\":\"X\",", "garbage", "{\"claim_id\":\"X\"}}", "[1]", "\u{1}"] {
        let reading = read_as(format!("{a}\n{bad}\n{b}\n"), Some(FormatChoice::Ndjson));
        assert_eq!((reading.ids(), reading.errors.len()), (vec!["A", "B"], 1), "{bad}");
        assert_eq!(reading.accounting.claims_in, 3);
        assert_eq!(reading.errors[0].location.line, 2);
        assert_eq!(reading.claims[1].ordinal, 3);
    }
}

#[test]
fn what_is_wrong_is_named_with_its_member() {
    for (old, new, code, element, words) in [
        ("\"payer\"", "\"payor\"", "I2002", "payor", "nearest is `payer`"),
        ("\"units\":\"1\"", "\"unit\":\"1\"", "I2002", "lines[0].unit", "`units`"),
        ("\"sex\"", "\"gender\"", "I2002", "patient.gender", "is not a member"),
        ("\"payer\"", "\"Mr Secret\"", "I2002", "", "a member is not"),
        ("\"frequency\":\"1\"", "\"claim_id\":\"C2\"", "I2003", "claim_id", "twice"),
        ("\"number\":1", "\"from\":\"2026-01-01\"", "I2003", "lines[0].from", "twice"),
        ("\"claim_id\":\"C1\",", "", "I2004", "claim_id", "missing"),
        ("\"from\":\"2026-03-02\",\"through\"", "\"through\"", "I2004", "lines[0].from", "missing"),
        ("\"procedure\":\"36415\",", "", "I2004", "lines[1].procedure", "missing"),
        ("\"payer\":\"MEDICARE_B\"", "\"payer\":null", "I2005", "payer", "is null"),
        ("\"payer\":\"MEDICARE_B\"", "\"payer\":7", "I2005", "payer", "is a number"),
        ("[\"59\",\"RT\"]", "[\"59\",26]", "I2005", "lines[0].modifiers[1]", "text is needed"),
        ("[\"59\",\"RT\"]", "\"59\"", "I2005", "lines[0].modifiers", "a list is needed"),
        ("\"units\":\"1\"", "\"units\":true", "I2005", "lines[0].units", "neither a number"),
        ("\"number\":1", "\"number\":\"1\"", "I2005", "lines[0].number", "whole number"),
        ("\"number\":1", "\"number\":1.5", "I2007", "lines[0].number", "whole number"),
        ("\"schema\":1", "\"schema\":2", "I2006", "schema", "not 1"),
        ("412.00", "4e2", "I2007", "lines[0].charge", "plain decimal"),
        ("\"680.00\"", "1E400", "I2007", "charge", "plain decimal"),
        ("\"680.00\"", "12345678901234567890", "I2007", "charge", "larger"),
        ("412.00", "412.005", "I2007", "lines[0].charge", "more than 2 digits"),
        ("\"MEDICARE_B\"", "\"\\ud800\"", "I2007", "payer", "no character"),
        ("\"MEDICARE_B\"", "\"A\\u0000\"", "I2007", "payer", "control character"),
        (
            "\"2026-03-02\",\"through\"",
            "\"20260302\",\"through\"",
            "I2007",
            "lines[0].from",
            "shape",
        ),
        ("\"2026-03-03\"", "\"2026-03-01\"", "I2007", "lines[0].through", "before it starts"),
        ("[1,2]", "[3]", "I2007", "lines[0].diagnosis_pointers", "from 1 to 2"),
        ("[1,2]", "[0]", "I2007", "lines[0].diagnosis_pointers", "from 1 to 2"),
        ("\"93970\"", "\"9397\"", "I2007", "lines[0].procedure", "4 characters"),
        (
            "[\"59\",\"RT\"]",
            "[\"59\",\"RT\",\"26\",\"XS\",\"XU\"]",
            "I2007",
            "lines[0].modifiers",
            "four",
        ),
        ("\"lower\"", "\"left\"", "I2007", "lines[0].body_region", "neither"),
        ("\"professional\"", "\"dentist\"", "I2007", "type", "or `dental`"),
        ("\"1234567893\"", "\"123\"", "I2007", "billing_provider.npi", "10"),
        ("\"2026-03-05\"", "\"20260305\"", "I2007", "submitted", "shape"),
        ("00026063512", "00026-0635-12", "I2007", "lines[0].drug.ndc", "13 characters"),
        ("\"ndc\":\"00026063512\",", "", "I2004", "lines[0].drug.ndc", "missing"),
        ("\"10.5\"", "1e2", "I2007", "lines[0].drug.quantity", "plain decimal"),
        ("\"unit\":\"ML\"", "\"unit\":\"KG\"", "I2007", "lines[0].drug.unit", "F2, GR"),
        ("\"unit\":\"ML\"", "\"units\":\"ML\"", "I2002", "lines[0].drug.units", "`unit`"),
        ("\"schema\":1,", "\"schema\":1,,", "I2001", "", "not JSON"),
    ] {
        let reading = read(with(old, new));
        let error = reading.error(code);
        assert_eq!((reading.errors.len(), error.quarantines), (1, true), "{new}");
        assert_eq!(error.element, element, "{new}");
        assert!(error.message.contains(words), "{new}: {}", error.message);
        let shown = format!("{} {}", error.message, error.fix);
        assert!(!shown.contains("MEDICARE") && !shown.contains("Secret"), "{shown}");
        let id = if matches!(code, "I2003" | "I2001") || element == "claim_id" {
            error.claim.as_deref()
        } else {
            Some("C1")
        };
        assert_eq!(error.claim.as_deref(), id, "{new}");
    }
    assert_eq!(
        read(CLAIM.replace("\"lines\":[", "\"lines\":[],\"x\":[")).error("I2002").element,
        "x"
    );
    assert_eq!(read("{\"claim_id\":\"A\",\"lines\":[]}").error("I2004").element, "lines");
}

#[test]
fn numbers_are_exact_and_negative_zero_is_zero() {
    let reading = read(with("412.00", "-0").replace("0.5", "2.125").replace("680.00", "268"));
    assert_eq!(reading.errors, []);
    assert_eq!(reading.claims[0].lines[0].charge, Money::ZERO);
    assert_eq!(reading.claims[0].lines[1].units.to_string(), "2.125");
}

#[test]
fn the_charge_of_a_claim_that_is_set_aside_is_booked_where_it_can_be_read() {
    let reading = read(with("\"93970\"", "\"9397\""));
    assert_eq!(reading.accounting.charges_quarantined, 68_000);
    let reading = read(with("\"680.00\"", "\"?\""));
    assert_eq!(reading.accounting.charges_unreadable, 1);
}

#[test]
fn text_between_claims_is_set_aside_and_told_once() {
    let (a, b) = (flat("A"), flat("B"));
    let reading = read(format!("[{a}, 5, true, {b}, null]"));
    assert_eq!(reading.ids(), ["A", "B"]);
    assert_eq!(reading.codes(), ["I1005", "I1005", "I1004"]);
    let reading = read(format!("[{a} {b}]"));
    assert_eq!((reading.ids(), reading.codes()), (vec!["A", "B"], vec!["I2001"]));
}

#[test]
fn bytes_that_are_not_utf_8_cost_their_claim() {
    let mut bytes = flat("A").into_bytes();
    let place = bytes.iter().position(|b| *b == b'M').unwrap();
    bytes[place] = 0xff;
    bytes.extend_from_slice(format!("\n{}", flat("B")).as_bytes());
    let reading = read_as(&bytes, Some(FormatChoice::Ndjson));
    assert_eq!((reading.ids(), reading.codes()), (vec!["B"], vec!["I2001"]));
}

#[test]
fn an_object_beyond_the_limit_is_passed_over() {
    let mut text = String::from("[{\"claim_id\":\"HUGE\",\"note\":\"");
    text.push_str(&"\\\"x".repeat(23 << 20));
    text.push_str("\"},");
    text.push_str(&flat("B"));
    text.push(']');
    let reading = read(text);
    assert_eq!((reading.ids(), reading.codes()), (vec!["B"], vec!["I1204"]));
}

#[test]
fn every_prefix_and_many_mutants_are_read_without_loss() {
    let text = format!("[{},\n{}]", flat("A"), flat("B"));
    for end in 0..text.len() {
        let reading = read(&text[..end]);
        assert!(!reading.errors.is_empty(), "{end}");
    }
    let mut sequence = Sequence(837);
    for _ in 0..2000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..=sequence.below(3) {
            let place = sequence.below(bytes.len());
            match sequence.below(3) {
                0 => bytes[place] = b"{}[]\",:\\0an\n"[sequence.below(12)],
                1 => drop(bytes.remove(place)),
                _ => bytes.insert(place, b"{}[]\",:\\0an\n"[sequence.below(12)]),
            }
        }
        read(&bytes);
        read_as(&bytes, Some(FormatChoice::Ndjson));
    }
}
