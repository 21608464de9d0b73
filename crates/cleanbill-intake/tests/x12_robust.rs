//! Files that are cut, mangled or huge: nothing panics, nothing is lost, memory does not follow.

use std::io::{self, Read};

use cleanbill_intake::{ClaimReader, Event, InputOptions};
use cleanbill_model::{Claim, ClaimVerdict};

use crate::fixture::{SEGMENTS, Sequence, file, read, size};

#[test]
fn every_prefix_keeps_its_whole_claims_and_says_that_it_is_cut() {
    for text in [file(), SEGMENTS.replace("~\n", "\n"), SEGMENTS.replace('\n', "\r\n")] {
        let whole = read(&text);
        assert_eq!((whole.errors.len(), whole.claims.len()), (0, 3));
        let starts: Vec<_> = text.match_indices("CLM*").map(|(place, _)| place).collect();
        // A claim is whole once the next segment has begun, with its separator.
        let ends: Vec<_> = ["HL*3", "HL*4", "SE*78"].map(|id| text.find(id).unwrap() + 3).into();
        let last = text.rfind("000000042").unwrap() + 9;
        for end in 0..last {
            let reading = read(&text[..end]);
            let kept = ends.iter().filter(|place| **place <= end).count();
            let met = starts.iter().filter(|place| **place + 4 <= end).count();
            assert_eq!(reading.claims.len(), kept, "{end}");
            let cut = reading.set_aside().len();
            assert!(cut == met - kept, "{end}: {:?}", reading.errors);
            assert!(!reading.errors.is_empty(), "{end}");
            let codes = reading.codes();
            let told = ["I1001", "I1004", "I1406"].iter().any(|code| codes.contains(code));
            assert!(told, "{end}: {codes:?}");
        }
    }
}

#[test]
fn two_thousand_mutants_lose_no_byte_and_no_claim() {
    let mut sequence = Sequence(20_260_302);
    let plain = file();
    let wrapped: Vec<_> = plain.as_bytes().chunks(80).collect();
    let institutional = include_str!("fixture/claims/institutional.837");
    let texts = [plain.clone().into_bytes(), wrapped.join(&b"\r\n"[..]), institutional.into()];
    for round in 0..2000 {
        let mut bytes = texts[round % texts.len()].clone();
        for _ in 0..=sequence.below(4) {
            let place = sequence.below(bytes.len());
            let byte = b"~*:^>|0A \n\xff\0"[sequence.below(12)];
            match sequence.below(5) {
                0 => bytes[place] = byte,
                1 => drop(bytes.remove(place)),
                2 => bytes.insert(place, byte),
                3 => {
                    let end = (place + sequence.below(80)).min(bytes.len());
                    bytes.drain(place..end);
                }
                _ => {
                    let end = (place + sequence.below(80)).min(bytes.len());
                    let copy = bytes[place..end].to_vec();
                    let target = sequence.below(bytes.len());
                    bytes.splice(target..target, copy);
                }
            }
        }
        // `read` checks the sums.
        read(&bytes);
    }
}

#[test]
fn every_single_byte_change_is_survived() {
    let plain = file();
    for place in 0..plain.len() {
        for byte in [b'~', 0xff] {
            let mut bytes = plain.clone().into_bytes();
            bytes[place] = byte;
            read(&bytes);
        }
    }
}

#[test]
fn an_endless_segment_is_passed_over_and_the_next_claim_is_read() {
    let filler = "X".repeat(5 << 20);
    let plain = file();
    let reading = read(plain.replacen("BOTH ARMS", &filler, 1));
    assert_eq!(reading.ids(), ["PCN2", "PCN3"]);
    assert_eq!((reading.codes(), reading.set_aside()), (vec!["I1204"], vec!["PCN1"]));
    // In a loop above the claims it costs the claims beneath; in `CLM` itself the claim has no number.
    let reading = read(plain.replacen("YYFIRST", &filler, 1));
    assert_eq!((reading.ids(), reading.set_aside()), (vec!["PCN1", "PCN2"], vec!["PCN3"]));
    let reading = read(plain.replacen("PCN2", &filler, 1));
    assert_eq!((reading.ids(), reading.set_aside()), (vec!["PCN1", "PCN3"], vec!["?"]));
    let reading = read(plain.replacen("HL*4*1*22*0", &format!("HL*4*1*22*{filler}"), 1));
    assert_eq!((reading.ids(), reading.set_aside()), (vec!["PCN1", "PCN2"], vec!["PCN3"]));
    // An element of more than 1 MiB within a segment that can be held.
    let reading = read(plain.replacen("BOTH ARMS", &filler[..2 << 20], 1));
    assert_eq!((reading.codes(), reading.set_aside()), (vec!["I1204"], vec!["PCN1"]));
}

#[test]
fn a_claim_beyond_the_limit_is_set_aside_and_the_next_is_read() {
    let notes = format!("K3*{}~", "X".repeat(1_000_000)).repeat(68);
    let reading = read(file().replacen("LX*1~", &format!("{notes}LX*1~"), 1));
    assert_eq!(reading.ids(), ["PCN2", "PCN3"]);
    assert!(reading.codes().contains(&"I1205"), "{:?}", reading.errors);
}

/// The fixture's transaction over and over, never held as a whole.
struct Endless {
    parts: [Vec<u8>; 3],
    repeats: u32,
    part: usize,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(part) = self.parts.get(self.part) else { return Ok(0) };
            let count = (&part[self.at..]).read(buffer)?;
            self.at += count;
            if count > 0 {
                return Ok(count);
            }
            self.at = 0;
            match (self.part, self.repeats) {
                (1, 1..) => self.repeats -= 1,
                _ => self.part += 1,
            }
        }
    }
}

#[test]
fn a_long_stream_is_read_claim_by_claim() {
    let plain = file();
    let (st, ge) = (plain.find("ST*").unwrap(), plain.find("GE*").unwrap());
    let parts = [&plain[..st], &plain[st..ge], "GE*5001*7~IEA*1*000000042~"];
    let parts = parts.map(|part| part.as_bytes().to_vec());
    let mut reader = ClaimReader::open(
        Endless { parts, repeats: 5000, part: 0, at: 0 },
        &InputOptions::default(),
        1,
    )
    .unwrap();
    let mut claim = Claim::default();
    let mut errors = 0;
    while let Some(event) = reader.next(&mut claim).unwrap() {
        match event {
            Event::Claim => {
                reader.accounting_mut().claim_ended(ClaimVerdict::Rejected, Some(claim.charge));
            }
            // Every transaction after the first repeats its control number.
            Event::Error(error) => errors += u32::from(error.code == "I1109"),
            Event::Envelope(part) => panic!("{part:?} was not asked for"),
        }
    }
    let accounting = reader.accounting();
    assert!(accounting.holds());
    assert_eq!((accounting.claims_in, errors), (15_003, 5000));
    assert_eq!(accounting.bytes_in, size(st + 5001 * (ge - st) + 26));
    assert_eq!(accounting.charges_rejected, 5001 * (68_000 + 10_050 + 7_500));
}

/// Fails in the middle.
struct Broken(usize);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let text = file().into_bytes();
        if self.0 >= 400 {
            return Err(io::Error::other("gone"));
        }
        let count = (&text[self.0..400]).read(buffer)?;
        self.0 += count;
        Ok(count)
    }
}

#[test]
fn an_input_that_fails_is_an_io_error() {
    let opened = ClaimReader::open(Broken(0), &InputOptions::default(), 1);
    assert_eq!(opened.err().map(|error| error.to_string()), Some("gone".to_owned()));
}
