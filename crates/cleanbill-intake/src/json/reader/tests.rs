//! Bundles beyond what may be held: read entry by entry, claims waiting on disk.

use std::fmt::Write as _;

use cleanbill_model::{ClaimVerdict, InputError};

use super::*;

const NPIS: [&str; 3] = ["1234567893", "2999999016", "2999999024"];

/// A claim whose provider, coverage and rendering practitioner are other entries.
fn claim(number: usize) -> String {
    let person = number % NPIS.len();
    format!(
        r#"{{"resourceType":"Claim","id":"c{number}","status":"active","use":"claim","identifier":[{{"value":"C{number}"}}],
 "type":{{"coding":[{{"code":"professional"}}]}},"patient":{{"reference":"Patient/p{person}"}},
 "insurance":[{{"focal":true,"coverage":{{"reference":"Coverage/v{person}"}}}}],
 "provider":{{"reference":"urn:uuid:organization"}},
 "careTeam":[{{"sequence":1,"provider":{{"reference":"Practitioner/r{person}"}},"role":{{"coding":[{{"code":"primary"}}]}}}}],
 "item":[{{"sequence":1,"productOrService":{{"coding":[{{"system":"http://www.ama-assn.org/go/cpt","code":"93970"}}]}},
  "servicedDate":"2026-03-02","net":{{"value":{number}.25}}}}]}}"#
    )
}

fn answer(number: usize) -> String {
    let claim = claim(number).replace("\"Claim\"", "\"ExplanationOfBenefit\"");
    claim.replacen(
        "\"use\"",
        &format!("\"claim\":{{\"reference\":\"Claim/c{number}\"}},\"use\""),
        1,
    )
}

fn people() -> String {
    let mut text = String::new();
    for (at, npi) in NPIS.iter().enumerate() {
        let _ = write!(
            text,
            r#",{{"resource":{{"resourceType":"Patient","id":"p{at}","birthDate":"195{at}-01-01","gender":"female"}}}}
,{{"resource":{{"resourceType":"Coverage","id":"v{at}","subscriberId":"M{at}","payor":[{{"reference":"Organization/payer"}}]}}}}
,{{"resource":{{"resourceType":"Practitioner","id":"r{at}","identifier":[{{"system":"http://hl7.org/fhir/sid/us-npi","value":"{npi}"}}]}}}}"#
        );
    }
    text + r#",{"fullUrl":"urn:uuid:organization","resource":{"resourceType":"Organization","id":"o","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999032"}]}}
,{"resource":{"resourceType":"Organization","id":"payer","identifier":[{"value":"PAYER"}]}}"#
}

/// A Bundle of so many claims; those whom they name stand behind them.
fn bundle(claims: usize) -> String {
    let mut text = String::from(
        "{\"resourceType\" : \"Bundle\",\"type\":\"collection\",\"link\":[{\"url\":\"a]}\\\"\"}],\"total\":3.0,\n\"entry\":[\n",
    );
    for number in 0..claims {
        let comma = if number > 0 { ",\n" } else { "" };
        let _ = write!(
            text,
            "{comma}{{\"fullUrl\":\"urn:uuid:{number}\",\"resource\":{}}}",
            claim(number)
        );
    }
    let _ = write!(text, ",{{\"resource\":{}}}", answer(1));
    text + &people() + "],\"signature\":{\"data\":\"}\"}}\n"
}

fn room(object: usize, claims: usize, named: usize, scratch: Option<Scratch>) -> BundleRoom {
    BundleRoom { object, claims, named, scratch }
}

fn wide() -> BundleRoom {
    room(OBJECT_LIMIT, HELD_CLAIMS, NAMED, None)
}

struct Read {
    claims: Vec<String>,
    errors: Vec<InputError>,
    accounting: Accounting,
}

fn read(text: &str, room: BundleRoom, lines: bool) -> Read {
    let mut reader = JsonReader::within(
        Source::new(text.as_bytes()),
        Ledger::new(1),
        Dialect::Fhir,
        lines,
        room,
    );
    let (mut claims, mut errors, mut claim) = (Vec::new(), Vec::new(), Claim::default());
    loop {
        claim.clear();
        match reader.next(&mut claim).unwrap() {
            Some(Event::Claim) => {
                reader.accounting_mut().claim_ended(ClaimVerdict::Passed, Some(claim.charge));
                let patient = claim.text(*claim.patient.id.reveal()).to_owned();
                claims.push(format!("{} {} {patient} {claim:?}", claim.id(), claim.payer()));
            }
            Some(Event::Error(error)) => errors.push(error),
            Some(Event::Envelope(_)) => {}
            None => break,
        }
    }
    let accounting = reader.ledger().accounting;
    assert!(accounting.holds(), "{accounting:?} {errors:?}");
    Read { claims, errors, accounting }
}

#[track_caller]
fn same(one: &Read, two: &Read) {
    assert_eq!((&one.claims, &one.errors), (&two.claims, &two.errors));
    assert_eq!(one.accounting, two.accounting);
}

#[test]
fn a_bundle_of_many_times_the_limit_reads_as_one_that_fits() {
    let text = bundle(400);
    let whole = read(&text, wide(), false);
    assert_eq!((whole.claims.len(), whole.errors.len()), (400, 0), "{:?}", whole.errors.first());
    assert!(whole.claims[7].starts_with("C7 PAYER M1 "), "{}", whole.claims[7]);
    assert!(whole.claims.iter().all(|claim| claim.contains("2999999032")), "the organization");
    let small = room(4_000, 4_000, 64_000, Some(Scratch::new(tempfile::tempfile)));
    assert!(text.len() > 50 * small.object);
    same(&read(&text, small, false), &whole);
}

#[test]
fn where_the_type_stands_makes_no_difference() {
    let text = bundle(20);
    let late = text.replacen("\"resourceType\" : \"Bundle\",", "", 1);
    let late = late.replacen(
        "\"signature\":{\"data\":\"}\"}}\n",
        "\"signature\":{\"data\":\"}\"},\"resourceType\" : \"Bundle\"}\n",
        1,
    );
    let wide = read(&late, wide(), false);
    assert_eq!((wide.claims.len(), wide.errors.len()), (20, 0), "{:?}", wide.errors.first());
    // Too long to be held, and not known for a Bundle before its end.
    let small = room(4_000, 4_000, 16_000, Some(Scratch::new(tempfile::tempfile)));
    same(&read(&late, small, false), &wide);
}

#[test]
fn a_long_line_that_is_a_bundle_is_read_and_the_next_line_too() {
    let flat = |text: String| text.replace('\n', "");
    let text = format!("{}\n{}\n{}\n", flat(claim(900)), flat(bundle(40)), flat(claim(901)));
    let wide = read(&text, wide(), true);
    assert_eq!((wide.claims.len(), wide.errors.len()), (42, 0), "{:?}", wide.errors.first());
    let small = room(4_000, 4_000, 16_000, Some(Scratch::new(tempfile::tempfile)));
    same(&read(&text, small, true), &wide);
    let broken = text.replacen("\"entry\":[{", "\"entry\":[}{", 1);
    let read = read(&broken, small, true);
    assert_eq!((read.claims.len(), read.errors.len()), (2, 1), "{:?}", read.errors);
}

#[test]
fn what_does_not_fit_is_set_aside_whole_with_the_remedy() {
    let text = bundle(40) + &claim(900);
    let disk = Some(Scratch::new(tempfile::tempfile));
    for (room, words, fix) in [
        (room(4_000, 4_000, 500, disk), "may name take more than", "split the Bundle"),
        (room(4_000, 4_000, 16_000, None), "no room on disk", "split the Bundle"),
        (room(300, 4_000, 16_000, disk), "an entry of the Bundle is larger", "closing brace"),
    ] {
        let read = read(&text, room, false);
        let error = &read.errors[0];
        assert!(error.quarantines && error.message.contains(words), "{error:?}");
        assert!(error.fix.contains(fix), "{error:?}");
        // A claim that is too long is set aside too; else the one behind the Bundle is read.
        assert_eq!(read.claims.len() + read.errors.len(), 2, "{:?}", read.errors);
    }
}

#[test]
fn every_cut_and_every_lost_byte_keeps_the_books_and_gives_no_half_bundle() {
    let text = bundle(3);
    let small = room(4_000, 2_000, 16_000, Some(Scratch::new(tempfile::tempfile)));
    for at in (2..text.len() - 2).step_by(3) {
        let (before, behind) = text.split_at(at);
        let cut = read(before, small, false);
        assert_eq!((cut.claims.len(), cut.errors.is_empty()), (0, false), "cut at {at}");
        let lost: String = before.chars().chain(behind.chars().skip(1)).collect();
        same(&read(&lost, small, false), &read(&lost, wide(), false));
    }
}

#[test]
fn what_a_bundle_may_not_be_is_told_by_its_own_code() {
    let text = bundle(2);
    for (old, new, code) in [
        ("\"entry\":[", "\"entry\":[1,", "I2005"),
        ("\"entry\":[", "\"entry\":null,\"x\":[", "I2005"),
        ("\"total\":3.0", "\"total\":3.0.1", "I2001"),
        ("\"total\":3.0", "\"entry\":[],\"total\":3.0", "I2003"),
        ("\"type\":", "\"type\" ", "I2001"),
        ("\"total\":3.0,", "\"total\":3.0,,", "I2001"),
        ("\"fullUrl\":\"urn:uuid:0\"", "\"fullUrl\":5", "I2005"),
        (
            "\"resourceType\" : \"Bundle\"",
            "\"resourceType\" : \"Bundle\",\"resourceType\":\"Bundle\"",
            "I2003",
        ),
    ] {
        assert!(text.contains(old), "{old}");
        let read = read(&text.replacen(old, new, 1), wide(), false);
        let codes: Vec<&str> = read.errors.iter().map(|error| error.code).collect();
        assert_eq!((codes[0], read.claims.len()), (code, 0), "{new}");
    }
}

#[test]
fn a_claim_whose_own_name_cannot_be_read_is_set_aside_and_not_lost() {
    let text = bundle(2).replacen("\"id\":\"c0\"", "\"id\":[0]", 1);
    let read = read(&text, wide(), false);
    assert_eq!((read.claims.len(), read.errors[0].code), (1, "I2005"));
    assert!(read.errors[0].quarantines);
}

#[test]
fn a_bundle_is_told_by_its_first_member() {
    for (text, is) in [
        ("{\"resourceType\":\"Bundle\",", true),
        ("{\n  \"resourceType\" :\t\"Bundle\"\n", true),
        ("{\"resourceType\":\"BundleEntry\"", false),
        ("{\"resourceType\":\"Claim\"", false),
        ("{\"id\":\"Bundle\"", false),
        ("{", false),
        ("", false),
    ] {
        assert_eq!(fhir::starts_as_bundle(text.as_bytes()), is, "{text}");
    }
}
