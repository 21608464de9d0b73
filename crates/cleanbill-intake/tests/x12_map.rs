//! Every segment that the guide has for a professional claim (005010X222A1, loops 2000A to 2440), and what becomes of it.
//!
//! `fixture/claims/every_segment.txt` has one row for each: its loop, `read` or `passed`, the segment. `read` is one
//! without which the claim is another or something is told; `passed` is one that changes nothing, whether it
//! stands there or not. Neither is ever an unknown segment. With `CLEANBILL_X12_MAP` naming a map of the guide in the
//! form of pyx12, the rows are compared with it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cleanbill_model::Claim;

use crate::fixture::{Reading, read};

const ROWS: &str = include_str!("fixture/claims/every_segment.txt");

struct Row {
    of: &'static str,
    is_read: bool,
    segment: &'static str,
}

fn rows() -> Vec<Row> {
    let row = |line: &'static str| {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().expect("loop, what becomes of it, segment");
        let (of, is_read) = (word(), word() == "read");
        Row { of, is_read, segment: word() }
    };
    ROWS.lines().map(row).collect()
}

/// A file with these segments between the receiver and the end.
fn file(segments: &[&str]) -> String {
    let mut text = String::from(
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260310*1200*^*00501*000000053*0*T*:~\
         GS*HC*SENDER*RECEIVER*20260310*1200*10*X*005010X222A1~ST*837*0001*005010X222A1~\
         BHT*0019*00*BATCH10*20260310*1200*CH~NM1*41*2*INVENTED BILLING*****46*SUB1~\
         PER*IC*DESK*TE*5555550100~NM1*40*2*INVENTED CLEARINGHOUSE*****46*REC1~",
    );
    for segment in segments {
        let _ = write!(text, "{segment}~");
    }
    let _ = write!(text, "SE*{}*0001~GE*1*10~IEA*1*000000053~", segments.len() + 6);
    text
}

/// All that is known of a claim but its places.
fn plain(claim: &Claim) -> String {
    let mut claim = claim.clone();
    (claim.location, claim.bytes) = Default::default();
    claim.lines.iter_mut().for_each(|line| line.location = claim.location);
    let texts = [claim.patient.id, claim.tax_id, claim.authorization, claim.note];
    let texts = texts.map(|text| claim.text(*text.reveal()).to_owned());
    let of_lines = claim.lines.iter().flat_map(|line| [line.authorization, line.note]);
    let of_lines: Vec<&str> = of_lines.map(|text| claim.text(*text.reveal())).collect();
    let rare = claim.rare.iter().flat_map(|rare| {
        [&rare.of_claim].into_iter().chain(rare.of_lines.iter().map(|(_, own)| own))
    });
    let transports = rare.map(|own| &own.ambulance).map(|transport| {
        let purposes = [transport.round_trip, transport.stretcher];
        let purposes = purposes.map(|text| claim.text(*text.reveal()).to_owned());
        (purposes, transport.pick_up.reveal(), transport.drop_off.reveal())
    });
    let transports: Vec<_> = transports.collect();
    let patient = (claim.patient.birth_date.reveal(), claim.patient.sex.reveal());
    format!("{texts:?} {of_lines:?} {transports:?} {patient:?} {:?} {claim:?}", claim.id())
}

fn outcome(reading: &Reading) -> (Vec<String>, Vec<&str>) {
    (reading.claims.iter().map(plain).collect(), reading.codes())
}

#[test]
fn every_segment_of_the_guide_is_read_or_knowingly_passed_over() {
    let rows = rows();
    let all: Vec<&str> = rows.iter().map(|row| row.segment).collect();
    let whole = read(file(&all));
    assert_eq!(whole.codes(), [""; 0], "{:?}", whole.errors);
    assert_eq!((whole.ids(), whole.claims[0].lines.len()), (vec!["MAP-1"], 1));
    let whole = outcome(&whole);
    let mut wrong = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut without = all.clone();
        without.remove(at);
        let without = read(file(&without));
        if (outcome(&without) != whole) != row.is_read {
            wrong.push(format!("{} {} {}", row.of, row.segment, without.codes().join(" ")));
        }
    }
    assert!(wrong.is_empty(), "these are marked the wrong way:\n{}", wrong.join("\n"));
}

#[test]
fn no_segment_of_the_guide_is_unknown_where_it_stands_twice() {
    let rows = rows();
    for (at, row) in rows.iter().enumerate() {
        let mut twice: Vec<&str> = rows.iter().map(|row| row.segment).collect();
        twice.insert(at, row.segment);
        let codes = read(file(&twice)).errors.iter().map(|error| error.code).collect::<Vec<_>>();
        assert!(!codes.contains(&"I1202"), "{} {}: {codes:?}", row.of, row.segment);
    }
}

#[test]
fn the_rows_are_those_of_a_map_of_the_guide_where_there_is_one() {
    let Some(map) = std::env::var_os("CLEANBILL_X12_MAP") else { return };
    let map = std::fs::read_to_string(map).expect("a map in XML");
    let (mut loops, mut wanted): (Vec<String>, BTreeSet<(String, String)>) = Default::default();
    for line in map.lines().map(str::trim) {
        let id = || line.split('"').nth(1).unwrap_or_default().to_owned();
        if line.starts_with("<loop ") {
            loops.push(id());
        } else if line.starts_with("</loop>") {
            loops.pop();
        } else if line.starts_with("<segment ") {
            wanted.insert((loops.last().cloned().unwrap_or_default(), id()));
        }
    }
    let claims = |of: &str| ("2000A".."2500").contains(&of) && !matches!(of, "2000C" | "2010CA");
    wanted.retain(|(of, _)| claims(of));
    let own: BTreeSet<(String, String)> = rows()
        .iter()
        .map(|row| (row.of.to_owned(), row.segment.split('*').next().unwrap().to_owned()))
        .collect();
    assert!(wanted.len() > 100, "{} segments", wanted.len());
    assert_eq!(own, wanted);
}
