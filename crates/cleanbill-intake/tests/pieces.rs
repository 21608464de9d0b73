//! Claims that are cut off and read elsewhere are the claims that one reader would have given.

use std::fmt::Write as _;

use cleanbill_intake::{ClaimReader, Event, InputOptions, InterchangeKey, Piece, PieceReader};
use cleanbill_model::{Accounting, Claim};

use crate::fixture::{SEGMENTS, Sequence, file, size};

/// All that is given of an input, as text, and the sums.
#[derive(Debug, PartialEq)]
struct Given {
    told: Vec<String>,
    accounting: Accounting,
    next: u64,
    interchanges: Vec<(InterchangeKey, u64)>,
}

/// Reads `bytes`; with `most`, pieces of as many claims are cut off wherever that is possible. Gives the
/// number of pieces too.
fn given(bytes: &[u8], most: Option<usize>, acknowledge: bool) -> (Given, usize) {
    let options = InputOptions { acknowledge, ..InputOptions::default() };
    let mut reader = ClaimReader::open(bytes, &options, 1).unwrap();
    let (mut piece, mut other) = (Piece::default(), PieceReader::default());
    let (mut claim, mut told, mut pieces) = (Claim::default(), Vec::new(), 0);
    let mut accounting = Accounting::default();
    let mut tell = |event: Event, claim: &Claim| told.push(text(&event, claim));
    loop {
        if most.is_some_and(|most| reader.cut_off(most, &mut piece)) {
            pieces += 1;
            assert!(other.begin(&mut piece));
            while let Some(event) = other.next(&mut claim).unwrap() {
                tell(event, &claim);
            }
            assert!(!other.begin(&mut piece), "a piece is read once");
            accounting += other.accounting();
            // Sometimes piece after piece, sometimes the reader goes on between them.
            if most != Some(3) {
                continue;
            }
        }
        match reader.next(&mut claim).unwrap() {
            Some(event) => tell(event, &claim),
            None => break,
        }
    }
    accounting += *reader.accounting();
    assert_eq!(accounting.bytes.total(), size(bytes.len()));
    let (next, interchanges) = (reader.next_ordinal(), reader.interchanges().to_vec());
    (Given { told, accounting, next, interchanges }, pieces)
}

/// The event with all that can be seen of its claim.
fn text(event: &Event, claim: &Claim) -> String {
    let patient = (claim.patient.birth_date.reveal(), claim.patient.sex.reveal());
    let texts = [claim.patient.id, claim.tax_id, claim.authorization, claim.note];
    let texts = texts.map(|text| claim.text(*text.reveal()).to_owned());
    format!("{event:?} {claim:?} {} {} {patient:?} {texts:?}", claim.id(), claim.payer())
}

/// The fixture with its subscribers `times` over, each HL with a number of its own.
fn many(times: usize) -> String {
    let (before, rest) = SEGMENTS.split_once("HL*2*").unwrap();
    let (subscribers, _) = rest.split_once("SE*").unwrap();
    let mut text = before.replace('\n', "");
    let mut hl = 2;
    for _ in 0..times {
        for line in format!("HL*2*{subscribers}").lines() {
            match line.strip_prefix("HL*").and_then(|line| line.split_once('*')) {
                Some((_, rest)) => {
                    // The patient level names the subscriber in front of it.
                    let rest = rest.replacen("2*23", &format!("{}*23", hl - 1), 1);
                    write!(text, "HL*{hl}*{rest}").unwrap();
                    hl += 1;
                }
                None => text.push_str(line),
            }
        }
    }
    let segments = text.matches('~').count() - 2 + 1;
    text + &format!("SE*{segments}*0001~GE*1*7~IEA*1*000000042~")
}

/// Checks that pieces of every size give what one reader gives; the number of pieces of the smallest.
fn same(bytes: &[u8]) -> usize {
    let mut smallest = 0;
    for acknowledge in [false, true] {
        let (whole, none) = given(bytes, None, acknowledge);
        assert_eq!(none, 0);
        for most in [1, 3, 64] {
            let (cut, pieces) = given(bytes, Some(most), acknowledge);
            for (cut, whole) in cut.told.iter().zip(&whole.told) {
                assert_eq!(cut, whole);
            }
            assert_eq!(cut, whole);
            smallest = if most == 1 { pieces } else { smallest };
        }
    }
    smallest
}

#[test]
fn pieces_give_what_one_reader_gives() {
    let file = many(20);
    assert_eq!(given(file.as_bytes(), None, false).0.told.len(), 60, "nothing is wrong with them");
    // Each has two subscribers; the first one is not cut off, since the reader stands before the ISA.
    assert_eq!(same(file.as_bytes()), 39);
    assert_eq!(same(file.replace('~', "~\r\n").as_bytes()), 39);
    assert_eq!(same(file.replace('~', "\n").as_bytes()), 39);
}

#[test]
fn the_last_subscriber_of_a_transaction_is_cut_off() {
    assert_eq!(same(file().as_bytes()), 1);
}

#[test]
fn nothing_is_cut_off_where_more_is_remembered() {
    // Without its street the loop of the billing provider is told of once, with its first claim.
    let file = many(4).replacen("N3*1 NOWHERE ST~", "", 1).replacen("N3*2 NOWHERE ST~", "", 1);
    let (whole, _) = given(file.as_bytes(), None, false);
    assert_eq!(whole.told.iter().filter(|told| told.contains("the street")).count(), 1);
    assert!(same(file.as_bytes()) > 0);
    // A wrapped file has line breaks within its segments.
    let text = many(4);
    let rows: Vec<&[u8]> = text.as_bytes().chunks(80).collect();
    assert_eq!(same(&rows.join(&b"\n"[..])), 0);
}

#[test]
fn damaged_files_give_the_same_by_pieces() {
    let good = many(6);
    let ends: Vec<usize> = good.match_indices('~').map(|(at, _)| at).collect();
    let mut sequence = Sequence(7);
    for round in 0..100 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=round % 4 {
            let at = 106 + sequence.below(bytes.len() - 106);
            let some = sequence.below(ends.len() - 1);
            let place = |index: usize| ends[index].min(bytes.len());
            let segment = place(some)..place(some + 1);
            match round % 5 {
                0 => bytes[at] = b"~*:IHL0\n\x80"[sequence.below(9)],
                1 => drop(bytes.remove(at)),
                2 => bytes.truncate(at.max(2000)),
                3 => drop(bytes.drain(segment)),
                _ => {
                    let twice = bytes[segment].to_vec();
                    let at = place(sequence.below(ends.len()));
                    bytes.splice(at..at, twice);
                }
            }
        }
        same(&bytes);
    }
}

#[test]
fn what_stands_within_claims_and_does_not_belong_there_ends_pieces() {
    let good = many(6);
    let strangers = [
        &good[..106],
        "SE*1*0001~",
        "ST*837*0002*005010X222A1~",
        "GE*1*7~",
        "GS*HC~",
        "IEA*1*000000042~",
        "HL*9**20*1~",
        "HL*9*1*24~",
        "HL*9*1*22*0*5~",
        "HL~",
        "TA1*~",
        "I~",
        "CLM~",
    ];
    for stranger in strangers {
        let places = good.match_indices("~HL*").chain(good.match_indices("~LX*"));
        for (place, _) in places.step_by(3) {
            let mut bytes = good.clone();
            bytes.insert_str(place + 1, stranger);
            same(bytes.as_bytes());
        }
    }
}
