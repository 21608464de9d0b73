//! Files of every format with something done to them that a fault or a forger might do: nothing panics, every byte and
//! claim is accounted for, and what is read does not depend on how the bytes arrive.
//!
//! `CLEANBILL_MUTANTS` says how many; mutant 12 is the same on every machine, whatever their number.

use std::io::{self, Read};

use cleanbill_intake::{ClaimReader, Event, InputOptions};
use cleanbill_model::{Claim, ClaimVerdict};

use crate::fixture::{Reading, Sequence, file, read};
use crate::{fhir, json, lines};

/// Mutants of a usual run.
const MUTANTS: usize = 1_000;

fn originals() -> Vec<(&'static str, String)> {
    let ndjson: Vec<String> = ["C1", "C2", "C3"].iter().map(|id| json::flat(id)).collect();
    let bundle = fhir::bundle(&[fhir::flat("F1"), fhir::flat("F2")]);
    vec![
        ("837P", file()),
        ("837P in two interchanges", file().repeat(2)),
        ("837I", include_str!("fixture/claims/institutional.837").to_owned()),
        ("837D", include_str!("fixture/claims/dental.837").to_owned()),
        ("every loop", include_str!("fixture/claims/loops.837").to_owned()),
        ("claim JSON", format!("[{}]", ndjson.join(",\n"))),
        ("NDJSON", ndjson.join("\n")),
        ("FHIR", fhir::CLAIM.to_owned()),
        ("Bundle", bundle),
        ("lines", lines::TUVA.to_owned()),
    ]
}

/// What is put in where something else was, or nothing.
const PIECES: [&[u8]; 20] = [
    b"~",
    b"*",
    b":",
    b"^",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"0",
    b"9",
    b"-",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"e999",
];
/// Pieces with a meaning of their own.
const WORDS: [&[u8]; 12] = [
    b"CLM*X*1~",
    b"ST*837*0002~",
    b"SE*1*0001~",
    b"IEA*1*1~",
    b"ISA*00*",
    b"HL*9*9*23*0~",
    b"LX*1~",
    b"\"lines\":[]",
    b"\"resourceType\":\"Claim\"",
    b"null",
    b"1e-7",
    b"99999999999999999999",
];

fn mutant(original: &[u8], sequence: &mut Sequence) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=sequence.below(3) {
        let place = sequence.below(bytes.len().max(1));
        let end = (place + 1 + sequence.below(60)).min(bytes.len());
        match sequence.below(9) {
            0 => drop(
                bytes.splice(place..place, PIECES[sequence.below(PIECES.len())].iter().copied()),
            ),
            1 => drop(bytes.splice(
                place..end.min(place + 1),
                PIECES[sequence.below(PIECES.len())].iter().copied(),
            )),
            2 => {
                drop(bytes.splice(place..place, WORDS[sequence.below(WORDS.len())].iter().copied()))
            }
            3 => drop(bytes.drain(place..end)),
            4 => {
                let copy = bytes[place..end].to_vec();
                let target = sequence.below(bytes.len().max(1));
                bytes.splice(target..target, copy);
            }
            5 => bytes.truncate(place),
            6 => in_parts(&mut bytes, sequence, |parts, sequence| {
                let (one, two) = (sequence.below(parts.len()), sequence.below(parts.len()));
                parts.swap(one, two);
            }),
            7 => in_parts(&mut bytes, sequence, |parts, sequence| {
                drop(parts.remove(sequence.below(parts.len())))
            }),
            _ => in_parts(&mut bytes, sequence, |parts, sequence| {
                let again = parts[sequence.below(parts.len())].clone();
                parts.insert(sequence.below(parts.len()), again);
            }),
        }
    }
    bytes
}

/// Changes segments, lines or members as wholes.
fn in_parts(
    bytes: &mut Vec<u8>,
    sequence: &mut Sequence,
    change: impl FnOnce(&mut Vec<Vec<u8>>, &mut Sequence),
) {
    let separator = [b'~', b',', b'\n'][sequence.below(3)];
    let mut parts: Vec<Vec<u8>> =
        bytes.split_inclusive(|byte| *byte == separator).map(<[u8]>::to_vec).collect();
    if !parts.is_empty() {
        change(&mut parts, sequence);
    }
    *bytes = parts.concat();
}

/// A file that arrives in small pieces, as from a pipe.
struct Trickle<'a> {
    bytes: &'a [u8],
    sequence: Sequence,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = (1 + self.sequence.below(97)).min(buffer.len());
        let (mut now, later) = self.bytes.split_at(most.min(self.bytes.len()));
        self.bytes = later;
        now.read(buffer)
    }
}

/// What came of a reading, in words that can be compared.
fn told(claims: &[Claim], reading: &Reading) -> String {
    let claims: Vec<_> = claims
        .iter()
        .map(|claim| (claim.id(), claim.charge, claim.bytes.clone(), claim.lines.len()))
        .collect();
    let errors: Vec<_> = reading
        .errors
        .iter()
        .map(|error| (error.code, error.location.offset, &error.message))
        .collect();
    format!("{claims:?}\n{errors:?}\n{:?}\n{:?}", reading.accounting, reading.quarantined)
}

fn trickled(bytes: &[u8], seed: u64) -> Reading {
    let source = Trickle { bytes, sequence: Sequence(seed) };
    let mut reader = ClaimReader::open(source, &InputOptions::default(), 1).unwrap();
    let (mut claims, mut errors, mut quarantined) = (Vec::new(), Vec::new(), Vec::new());
    let mut claim = Claim::default();
    while let Some(event) = reader.next(&mut claim).unwrap() {
        match event {
            Event::Claim => {
                reader.accounting_mut().claim_ended(ClaimVerdict::Passed, Some(claim.charge));
                claims.push(claim.clone());
            }
            Event::Error(error) => errors.push(error),
            Event::Envelope(_) => {}
        }
        quarantined.extend_from_slice(reader.quarantined_ranges());
    }
    quarantined.extend_from_slice(reader.quarantined_ranges());
    Reading { claims, errors, parts: Vec::new(), accounting: *reader.accounting(), quarantined }
}

/// Tells at which mutant a test stopped.
struct Named<'a>(usize, &'a str);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("mutant {} of {}", self.0, self.1);
        }
    }
}

#[test]
fn no_mutant_of_any_format_loses_a_byte_or_a_claim_however_it_arrives() {
    let count = std::env::var("CLEANBILL_MUTANTS").map_or(MUTANTS, |count| count.parse().unwrap());
    let originals = originals();
    let mut read_claims = 0;
    for number in 0..count {
        let (format, original) = &originals[number % originals.len()];
        let seed = u64::try_from(number).unwrap();
        let bytes = mutant(original.as_bytes(), &mut Sequence(seed));
        let _named = Named(number, format);
        // `read` checks the sums, the places of errors and the ranges that were set aside.
        let at_once = read(&bytes);
        let slowly = trickled(&bytes, seed);
        let (one, other) = (told(&at_once.claims, &at_once), told(&slowly.claims, &slowly));
        assert!(one == other, "mutant {number} of {format}:\n{one}\n{other}");
        let mut end = 0;
        for claim in &at_once.claims {
            assert!(claim.bytes.start >= end || *format == "lines", "mutant {number} of {format}");
            end = claim.bytes.end;
        }
        read_claims += at_once.claims.len();
    }
    // Mutants of which nothing is read would show nothing.
    assert!(read_claims > count / 2, "{read_claims}");
}
