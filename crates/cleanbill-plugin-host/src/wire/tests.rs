//! Claims arrive as they were sent, and no bytes whatever bring a reader to a panic.

#![expect(unsafe_code, reason = "reads views as a plugin does")]

use std::borrow::Cow;
use std::time::Duration;

use cleanbill_model::{
    Claim, ClaimType, DateRange, DiagnosisCode, Frequency, Modifier, Money, Npi, Phi,
    PlaceOfService, ProcedureCode, ServiceDate, ServiceLine, Sex, Units,
};
use cleanbill_plugin_abi::field::FieldSet;
use cleanbill_plugin_abi::{CbClaim, CbStr, array, status, strided};

use super::*;
use crate::answer::{Answer, Ended, Raw, Unreadable};
use crate::view::ViewMemory;

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

fn claim(chance: &mut Chance) -> Claim {
    let mut claim = Claim { ordinal: chance.next(), ..Claim::default() };
    let text = ["", "NORTHWIND", "Größe 🩺", "77099"][chance.below(4)];
    claim.payer_id = claim.texts.add(text);
    claim.authorization = Phi::new(claim.texts.add(["", "AUTH-1"][chance.below(2)]));
    claim.original_reference = claim.texts.add(["", "ICN"][chance.below(2)]);
    if chance.coin() {
        claim.claim_type = ClaimType::Institutional;
        claim.frequency = Some(Frequency::REPLACEMENT);
        claim.billing.npi = Npi::new(b"1234567893").ok();
        claim.patient.sex = Phi::new(Some(Sex::Female));
    }
    let day = |chance: &mut Chance| {
        ServiceDate::new(2026, 3, 1 + i8::try_from(chance.below(28)).unwrap())
    };
    claim.submitted = chance.coin().then(|| day(chance).unwrap());
    claim.patient.birth_date = Phi::new(chance.coin().then(|| day(chance).unwrap()));
    claim.charge = Money::from_cents(i64::try_from(chance.below(1_000_000)).unwrap() - 500);
    let codes: [&[u8]; 3] = [b"N186", b"I8700", b"Z992"];
    for _ in 0..chance.below(4) {
        claim.diagnoses.push(DiagnosisCode::new(codes[chance.below(3)]).unwrap());
    }
    for number in 0..chance.below(6) {
        let dates = DateRange::day(day(chance).unwrap());
        let mut line = ServiceLine::new(u32::try_from(number).unwrap(), dates);
        line.procedure = chance.coin().then(|| ProcedureCode::new(b"93970").unwrap());
        line.place_of_service = chance.coin().then(|| PlaceOfService::new(b"11").unwrap());
        line.units = Units::whole(i32::try_from(chance.below(9)).unwrap());
        for code in ["59", "LT", "XS"].into_iter().take(chance.below(4)) {
            line.modifiers.push(Modifier::new(code.as_bytes()).unwrap()).unwrap();
            assert!(line.pointers.push(1 + u8::try_from(chance.below(12)).unwrap()));
        }
        line.authorization = claim.authorization;
        claim.lines.push(line);
    }
    claim
}

fn text(text: CbStr) -> String {
    // SAFETY: the views of every test are alive.
    String::from_utf8(unsafe { text.bytes(usize::MAX) }.unwrap().to_vec()).unwrap()
}

/// Everything that a plugin can read behind a view.
fn seen(view: &CbClaim) -> String {
    // SAFETY: the views of every test are alive.
    let diagnoses = unsafe { array(view.diagnoses, view.n_diagnoses, 99) }.unwrap();
    let mut all = format!(
        "{:?}",
        (view.form, view.from, view.through, view.total_charge, view.granted, view.present)
    );
    all += &format!(
        "{:?}",
        (view.submitted, view.birth_date, view.has_original_reference, view.n_lines)
    );
    let texts = [
        view.claim_ref,
        view.payer_id,
        view.filing_indicator,
        view.frequency,
        view.bill_type,
        view.place_of_service,
        view.billing_npi,
        view.billing_taxonomy,
        view.rendering_npi,
        view.rendering_taxonomy,
        view.sex,
        view.authorization,
    ];
    for part in texts.iter().chain(diagnoses) {
        all += &format!("|{}", text(*part));
    }
    for index in 0..view.n_lines {
        // SAFETY: the views of every test are alive.
        let line = unsafe { strided(view.lines, view.line_stride, index) }.unwrap();
        // SAFETY: as above.
        let modifiers = unsafe { array(line.modifiers, line.n_modifiers, 9) }.unwrap();
        // SAFETY: as above.
        let pointers = unsafe { array(line.dx_pointers, line.n_dx_pointers, 9) }.unwrap();
        all +=
            &format!("\n{:?}", (line.line_no, pointers, line.from, line.through, line.units_milli));
        all += &format!(
            "{:?}",
            (line.charge, line.unit_basis, line.drug_quantity_milli, line.present)
        );
        let texts = [
            line.code,
            line.place_of_service,
            line.revenue_code,
            line.rendering_npi,
            line.rendering_taxonomy,
            line.body_region,
            line.ndc,
            line.drug_unit,
            line.authorization,
        ];
        for part in texts.iter().chain(modifiers) {
            all += &format!("|{}", text(*part));
        }
    }
    all
}

/// The frame of a batch, and what its claims look like here.
fn batch(chance: &mut Chance, claims: usize) -> (Vec<u8>, Vec<String>) {
    let (mut batch, mut frame, mut sent) = (Batch::default(), Vec::new(), Vec::new());
    for _ in 0..claims {
        let claim = claim(chance);
        let granted = match chance.below(3) {
            0 => FieldSet::all(),
            1 => FieldSet::NONE,
            _ => FieldSet::from_bits(chance.next()).and(FieldSet::all()),
        };
        let mut memory = ViewMemory::default();
        let view = memory.view(&claim, granted);
        batch.push(&view).unwrap();
        sent.push(seen(&view));
    }
    begin(&mut frame, Kind::Batch, 7);
    batch.write(&mut frame, 3, Mode::Stepwise);
    finish(&mut frame).unwrap();
    (frame, sent)
}

#[test]
fn a_plugin_sees_the_same_of_a_claim_that_was_sent_and_of_one_that_was_not() {
    let mut chance = Chance(0x5EED);
    let mut views = Views::default();
    for size in [0, 1, 2, 40, 3, 256] {
        let (frame, sent) = batch(&mut chance, size);
        let (arrived, length) = parse(&frame).unwrap().unwrap();
        assert_eq!((arrived.kind, arrived.batch, length), (Kind::Batch, 7, frame.len()));
        let (instance, mode, claims) = views.relocate(arrived.payload).unwrap();
        assert_eq!((instance, mode), (3, Mode::Stepwise));
        assert_eq!(claims.iter().map(seen).collect::<Vec<_>>(), sent);
    }
}

#[test]
fn a_batch_of_any_bytes_is_read_without_harm() {
    let mut chance = Chance(0xBAD);
    let (frame, _) = batch(&mut chance, 5);
    let payload = parse(&frame).unwrap().unwrap().0.payload.to_vec();
    let mut views = Views::default();
    let mut refused = 0;
    for round in 0..4_000 {
        let mut bytes = payload.clone();
        for _ in 0..=chance.below(4) {
            let place = chance.below(bytes.len());
            bytes[place] = [0, 1, 0x7f, 0xff][chance.below(4)];
        }
        bytes.truncate(if round % 4 == 0 { chance.below(bytes.len()) } else { bytes.len() });
        match views.relocate(&bytes) {
            // What is let through can be read to its last byte.
            Ok((_, _, claims)) => {
                assert!(claims.iter().all(|claim| seen_or_refused(claim).is_some()))
            }
            Err(Malformed) => refused += 1,
        }
    }
    assert!(refused > 1_000, "{refused}");
}

/// As [`seen`], of a view whose counts may be larger than a claim of ours has.
fn seen_or_refused(view: &CbClaim) -> Option<usize> {
    // SAFETY: the views of every test are alive, and were made within bounds.
    let diagnoses = unsafe { array(view.diagnoses, view.n_diagnoses, usize::MAX) }?;
    let mut bytes = diagnoses.iter().map(|code| text(*code).len()).sum::<usize>();
    for index in 0..view.n_lines {
        // SAFETY: as above.
        let line = unsafe { strided(view.lines, view.line_stride, index) }?;
        // SAFETY: as above.
        let modifiers = unsafe { array(line.modifiers, line.n_modifiers, usize::MAX) }?;
        // SAFETY: as above.
        let pointers = unsafe { array(line.dx_pointers, line.n_dx_pointers, usize::MAX) }?;
        bytes += modifiers.iter().map(|code| text(*code).len()).sum::<usize>() + pointers.len();
        bytes += text(line.code).len() + text(line.authorization).len();
    }
    Some(bytes + text(view.payer_id).len())
}

/// Answers to three claims: a finding, one that cannot be read, and no instance.
fn replies() -> Vec<u8> {
    let mut writer = ReplyWriter::default();
    writer.hear(&Ok(Raw {
        rule: 0,
        line: 1,
        severity: -1,
        related: Cow::Owned(vec![2]),
        field: "units",
        args: vec![("most", "2")],
    }));
    writer.checked(Ended { status: status::OK, told_to_stop: false });
    writer.hear(&Err(Unreadable::Text));
    writer.checked(Ended { status: status::STOP, told_to_stop: true });
    writer.not_made("the licence has run out");
    writer.bytes().to_vec()
}

fn read(payload: &[u8]) -> Result<Vec<Fared>, Malformed> {
    let mut reply = Reply::new(payload);
    let mut fared = Vec::new();
    while !reply.is_at_end() {
        let mut answer = Answer::new(&[], 3, Duration::ZERO);
        fared.push(reply.next(&mut answer)?);
    }
    Ok(fared)
}

#[test]
fn answers_are_read_as_they_were_written() {
    let fared = read(&replies()).unwrap();
    let [Fared::Checked(one), Fared::Checked(two), Fared::NotMade(why)] = fared.as_slice() else {
        panic!("three answers: {fared:?}")
    };
    assert_eq!((one.status, one.told_to_stop), (status::OK, false));
    assert_eq!((two.status, two.told_to_stop), (status::STOP, true));
    assert_eq!(why, "the licence has run out");
}

#[test]
fn answers_of_any_bytes_are_read_without_harm() {
    let mut chance = Chance(0xFACE);
    let good = replies();
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..=chance.below(3) {
            let place = chance.below(bytes.len());
            bytes[place] = u8::try_from(chance.below(256)).unwrap();
        }
        bytes.truncate(bytes.len() - chance.below(3));
        refused += u32::from(read(&bytes).is_err());
    }
    assert!(refused > 5_000, "{refused}");
}
