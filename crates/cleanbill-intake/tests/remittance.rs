//! Remittance advice from the outside: claims with their lines and adjustments, errors, sums.

use cleanbill_intake::{Event, RemittanceReader, codes};
use cleanbill_model::{
    GroupCode, InputError, RemittanceAccounting, RemittanceStatus, RemittedClaim,
};

use crate::fixture::{Sequence, size};

/// An 835 with two payments, of invented people.
const FILE: &str = include_str!("../../../examples/clinic-day.835");

struct Reading {
    claims: Vec<RemittedClaim>,
    errors: Vec<InputError>,
    accounting: RemittanceAccounting,
}

impl Reading {
    fn codes(&self) -> Vec<&str> {
        self.errors.iter().map(|error| error.code).collect()
    }

    fn claim(&self, id: &str) -> &RemittedClaim {
        self.claims.iter().find(|claim| claim.id() == id).unwrap()
    }
}

/// Reads to the end and checks that everything adds up.
fn read(bytes: impl AsRef<[u8]>) -> Reading {
    let bytes = bytes.as_ref();
    let mut reader = RemittanceReader::open(bytes, 1).unwrap();
    let (mut claims, mut errors) = (Vec::new(), Vec::new());
    let mut claim = RemittedClaim::default();
    while let Some(event) = reader.next(&mut claim).unwrap() {
        match event {
            Event::Claim => claims.push(claim.clone()),
            Event::Error(error) => errors.push(error),
            Event::Envelope(part) => panic!("{part:?} was not asked for"),
        }
    }
    assert!(reader.next(&mut claim).unwrap().is_none(), "the end must stay the end");
    let accounting = reader.accounting();
    let books = accounting.claims;
    assert!(books.holds(), "{books:?}\n{errors:?}");
    assert_eq!(books.bytes_in, size(bytes.len()));
    assert_eq!(books.passed, size(claims.len()));
    assert_eq!(books.quarantined, size(errors.iter().filter(|error| error.quarantines).count()));
    assert_eq!(books.claims_in, reader.next_ordinal() - 1);
    for error in &errors {
        assert!(codes::meaning(error.code).is_some(), "{error:?}");
        assert!(!error.message.is_empty() && !error.fix.is_empty(), "{error:?}");
    }
    Reading { claims, errors, accounting }
}

/// The file with one piece of text replaced; the piece must be there.
fn with(old: &str, new: &str) -> Reading {
    assert!(FILE.contains(old), "{old}");
    read(FILE.replacen(old, new, 1))
}

/// The codes that files with one mistake each are told with.
pub fn codes_told() -> Vec<&'static str> {
    let mistakes = [
        ("TRN*1*EHP-CHECK-1", "TRN*1*"),
        ("BPR*I*", "BPR*I*1"),
        ("*WO:RECOUP*25.00", "*WO:RECOUP*x"),
        ("CLP*RV-1002*1*", "CLP*RV-1002*99*"),
        ("CLP*RV-1002*1*711.00*250.00", "CLP*RV-1002*1*711.00*"),
        ("CAS*CO*97*299.00", "CAS*CR*97*299.00"),
        ("LQ*HE*M15", "LQ*HE*m15"),
        ("CLP*RV-1002*1*711.00*", "CLP*RV-1002*1*712.00*"),
        ("CAS*CO*97*299.00", "CAS*CO*97*298.00"),
    ];
    let readings = mistakes.into_iter().map(|(old, new)| with(old, new));
    readings.flat_map(|reading| reading.errors).map(|error| error.code).collect()
}

#[test]
fn claims_lines_and_adjustments_are_read() {
    let reading = read(FILE);
    assert_eq!(reading.codes(), [""; 0], "{:?}", reading.errors);
    assert_eq!(reading.claims.len(), 15);
    let claim = reading.claim("RV-1012");
    assert_eq!(claim.status, RemittanceStatus::Primary);
    assert_eq!(
        (claim.charge.to_string(), claim.paid.to_string()),
        ("2512.00".into(), "1400.00".into())
    );
    assert_eq!(claim.text(claim.payment.trace), "EHP-CHECK-2");
    assert_eq!(claim.text(claim.payment.payer_id), "00999");
    assert_eq!(claim.text(claim.payment.payee_id), "2999999016");
    assert_eq!(claim.payment.day.unwrap().to_string(), "2026-04-10");
    let line = &claim.lines[1];
    assert_eq!(line.procedure.unwrap().as_str(), "93970");
    assert!(line.modifiers.is_empty() && line.control_number.is_empty());
    assert_eq!(line.dates.unwrap().from().to_string(), "2026-03-02");
    let reasons: Vec<_> = claim
        .adjustments_of(line)
        .iter()
        .map(|one| (one.group, one.carc.as_str().to_owned(), one.amount.to_string()))
        .collect();
    let co = GroupCode::Co;
    assert_eq!(reasons, [(co, "45".into(), "162.00".into()), (co, "236".into(), "250.00".into())]);
    assert_eq!(claim.remarks_of(line)[0].as_str(), "N20");
    assert_eq!(claim.own_adjustments(), []);
    let second = reading.claim("RV-1003");
    assert_eq!(second.lines[1].modifiers.to_string(), "59");
    assert_eq!(second.text(second.lines[1].control_number), "RV-1003L2");
}

#[test]
fn every_sum_of_the_file_is_in_the_books() {
    let books = read(FILE).accounting;
    assert_eq!((books.payments, books.provider_adjustments), (2, 1));
    assert_eq!(books.lines, 28);
    assert_eq!(books.unreadable, 0);
    assert_eq!(books.paid, books.line_paid);
    assert_eq!(books.payment_total, books.paid - books.provider_adjusted);
    assert_eq!(books.claims.charges_in - books.adjusted, books.paid);
}

#[test]
fn what_the_payer_put_on_the_whole_claim_belongs_to_no_line() {
    let claim = "CLP*A*4*100*0**MB*1~CAS*CO*16*60**29*40~NM1*QC*1*N*N~MOA***MA130*N290~LX*2~";
    let body = format!("LX*1~\n{claim}\n");
    let reading = with("LX*1~\n", &body);
    let claim = reading.claim("A");
    assert_eq!(claim.status, RemittanceStatus::Denied);
    assert_eq!((claim.own_adjustments().len(), claim.lines.len()), (2, 0));
    let remarks: Vec<_> = claim.own_remarks().iter().map(|one| one.as_str().to_owned()).collect();
    assert_eq!(remarks, ["MA130", "N290"]);
    assert_eq!(reading.codes(), ["I1107"], "the count of segments is off now");
}

#[test]
fn sums_that_do_not_balance_are_told_and_the_claim_is_kept() {
    let line = with("CAS*CO*97*299.00", "CAS*CO*97*298.00");
    assert_eq!(line.codes(), ["I1609"]);
    assert!(line.errors[0].message.contains("1.00 apart"), "{:?}", line.errors);
    let claim = with("CLP*RV-1002*1*711.00*", "CLP*RV-1002*1*712.00*");
    assert_eq!(claim.codes(), ["I1608"]);
    let payment = with("BPR*I*", "BPR*I*1");
    assert_eq!(payment.codes(), ["I1602"]);
    let provider = with("*WO:RECOUP*25.00", "*WO:RECOUP*25");
    assert_eq!(provider.codes(), [""; 0]);
    let lost = with("*WO:RECOUP*25.00", "*WO:RECOUP*x");
    assert_eq!(lost.codes(), ["I1603"]);
    for reading in [line, claim, payment, provider, lost] {
        assert_eq!(reading.claims.len(), 15);
    }
}

#[test]
fn what_cannot_be_read_costs_its_claim_alone() {
    for (old, new, code, element) in [
        ("CLP*RV-1002*1*", "CLP*RV-1002*99*", "I1604", "CLP02"),
        ("CLP*RV-1002*1*711.00*", "CLP*RV-1002*1*7,11*", "I1403", "CLP03"),
        ("CLP*RV-1002*1*711.00*250.00", "CLP*RV-1002*1*711.00*", "I1605", "CLP04"),
        ("CLP*RV-1002*1*", "CLP**1*", "I1402", "CLP01"),
        ("SVC*HC:93986*299.00", "SVC*HC>93986*299.00", "I1503", "SVC01-1"),
        ("SVC*HC:93986*299.00", "SVC*HC:939*299.00", "I1503", "SVC01-2"),
        ("SVC*HC:93986*299.00*0.00", "SVC*HC:93986*299.00*", "I1605", "SVC03"),
        ("CAS*CO*97*299.00", "CAS*CR*97*299.00", "I1606", "CAS01"),
        ("CAS*CO*97*299.00", "CAS*CO*97*", "I1606", "CAS03"),
        ("CAS*CO*97*299.00", "CAS*CO*45*0***97*299.00*1*9*9", "I1606", "CAS05"),
        ("CAS*CO*97*299.00", "XYZ*CO*97*299.00", "I1202", "XYZ"),
    ] {
        let reading = with(old, new);
        let error = reading.errors.iter().find(|error| error.quarantines).unwrap();
        assert_eq!((error.code, error.element.as_str()), (code, element), "{new}");
        assert_eq!(reading.claims.len(), 14, "{new}");
    }
}

#[test]
fn dates_and_remarks_that_cannot_be_read_are_told_and_left_out() {
    let reading = with("LQ*HE*M15", "LQ*HE*m15");
    assert_eq!((reading.codes(), reading.claims.len()), (vec!["I1607"], 15));
    let reading = with("DTM*472*20260302", "DTM*472*20261302");
    assert_eq!((reading.codes(), reading.claims.len()), (vec!["I1508"], 15));
    assert_eq!(reading.claims[0].lines[0].dates, None);
}

#[test]
fn a_line_takes_its_days_from_150_and_151_or_from_the_claim() {
    let span = with("DTM*472*20260302", "DTM*150*20260301~DTM*151*20260304");
    let days = span.claims[0].lines[0].dates.unwrap();
    assert_eq!(
        (days.from().to_string(), days.through().to_string()),
        ("2026-03-01".into(), "2026-03-04".into())
    );
    let body = FILE.replacen("DTM*472*20260302~\n", "", 1);
    let of_claim = read(body.replacen("SVC*HC:93985", "DTM*232*20260228~\nSVC*HC:93985", 1));
    assert_eq!(of_claim.claims[0].lines[0].dates.unwrap().from().to_string(), "2026-02-28");
}

#[test]
fn claims_and_older_versions_are_named_and_set_aside() {
    let claims = read(crate::fixture::file());
    assert_eq!(claims.codes(), ["I1104"]);
    assert!(claims.errors[0].fix.contains("--claims"), "{:?}", claims.errors);
    assert!(claims.errors[0].message.contains("837P"));
    let older = read(FILE.replacen("005010X221A1", "004010X091A1", 1));
    assert_eq!(older.codes().first(), Some(&"I1104"));
    assert!(older.errors[0].message.contains("version 4010"), "{:?}", older.errors[0]);
    assert_eq!((older.accounting.claims.quarantined, older.claims.len()), (15, 0));
    let json = read("{\"claim_id\":\"1\"}");
    assert_eq!(json.codes(), ["I1002"]);
    assert!(json.errors[0].fix.contains("835"));
    let group = with("GS*HP", "GS*HC");
    assert_eq!((group.codes(), group.claims.len()), (vec!["I1115"], 15));
}

#[test]
fn a_remittance_advice_among_claims_leads_to_learn() {
    let reading = crate::fixture::read(FILE);
    assert_eq!(reading.codes(), ["I1104", "I1104"]);
    assert!(reading.errors[0].fix.contains("cleanbill learn"), "{:?}", reading.errors);
}

#[test]
fn files_that_are_wrapped_or_separated_otherwise_read_the_same() {
    let plain = read(FILE);
    let joined = FILE.replace('\n', "");
    let wrapped: Vec<_> = joined.as_bytes().chunks(80).collect();
    let other = FILE.replace('*', "|").replace(':', ">").replace("~\n", "\n");
    for bytes in [joined.clone().into_bytes(), wrapped.join(&b"\r\n"[..]), other.into_bytes()] {
        let reading = read(bytes);
        assert_eq!((reading.codes(), reading.claims.len()), (vec![], 15));
        let claims =
            |reading: &RemittanceAccounting| (reading.adjusted, reading.paid, reading.lines);
        assert_eq!(claims(&reading.accounting), claims(&plain.accounting));
    }
}

#[test]
fn cut_and_mangled_files_lose_no_byte_and_no_claim() {
    let joined = FILE.replace('\n', "");
    for end in (0..joined.len()).step_by(7) {
        let reading = read(&joined.as_bytes()[..end]);
        assert!(!reading.errors.is_empty(), "{end}");
    }
    let mut sequence = Sequence(835);
    for _ in 0..1000 {
        let mut bytes = joined.clone().into_bytes();
        for _ in 0..=sequence.below(4) {
            let place = sequence.below(bytes.len());
            match sequence.below(3) {
                0 => bytes[place] = b"~*:^>|0A \n\xff\0"[sequence.below(12)],
                1 => drop(bytes.remove(place)),
                _ => {
                    let end = (place + sequence.below(80)).min(bytes.len());
                    bytes.drain(place..end);
                }
            }
        }
        read(bytes);
    }
}
