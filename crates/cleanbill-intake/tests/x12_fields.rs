//! What an 837P says reaches the claim, whatever its separators; nothing of another payer's loops overwrites it.

use crate::fixture::{SEGMENTS, file, read, size, with};
use cleanbill_model::{
    DiagnosisSystem, DrugUnit, Frequency, Money, Npi, Sex, TextRef, UnitBasis, Units,
};

fn npi(text: &str) -> Option<Npi> {
    Npi::new(text.as_bytes()).ok()
}

#[test]
fn every_field_of_a_claim_is_read() {
    let reading = read(file());
    assert_eq!(reading.errors, []);
    let claim = &reading.claims[0];
    let text = |text: TextRef| claim.text(text);
    assert_eq!((claim.ordinal, claim.id(), claim.payer()), (1, "PCN1", "MEDICARE_B"));
    assert_eq!(claim.filing_indicator.unwrap().as_str(), "MB");
    assert_eq!(claim.frequency, Some(Frequency::ORIGINAL));
    assert_eq!(claim.place_of_service.unwrap().as_str(), "11");
    assert_eq!(claim.charge, Money::from_cents(68_000));
    assert_eq!(text(*claim.patient.id.reveal()), "1EG4TE5MK72");
    assert_eq!(claim.patient.birth_date.reveal().unwrap().to_string(), "1950-01-01");
    assert_eq!(*claim.patient.sex.reveal(), Some(Sex::Female));
    assert_eq!(claim.billing.npi, npi("1234567893"));
    assert_eq!(claim.billing.taxonomy.unwrap().as_str(), "207Q00000X");
    assert_eq!(text(*claim.tax_id.reveal()), "741234567");
    assert_eq!(claim.rendering.npi, npi("1245319599"));
    assert_eq!(claim.rendering.taxonomy.unwrap().as_str(), "2085R0202X");
    assert_eq!(claim.referring.npi, npi("1999999984"));
    assert_eq!(claim.diagnosis_system, Some(DiagnosisSystem::Icd10Cm));
    assert_eq!(claim.diagnoses.iter().map(|d| d.as_str()).collect::<Vec<_>>(), ["N186", "Z992"]);
    assert_eq!(text(*claim.note.reveal()), "BOTH ARMS");
    assert_eq!(claim.submitted.unwrap().to_string(), "2026-03-02");
    assert_eq!(text(*claim.authorization.reveal()), "AUTH-1");

    let line = &claim.lines[0];
    assert_eq!((line.number, line.procedure.unwrap().as_str()), (1, "93970"));
    assert_eq!(line.modifiers.to_string(), "59-RT");
    assert_eq!((line.charge, line.units), (Money::from_cents(41_200), Units::ONE));
    assert_eq!(line.unit_basis, UnitBasis::Units);
    assert_eq!(line.dates.to_string(), "2026-03-02");
    assert_eq!(line.pointers.iter().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(line.place_of_service.unwrap().as_str(), "22");
    assert_eq!(line.provider.npi, npi("1679576722"));
    assert_eq!(line.provider.taxonomy.unwrap().as_str(), "208600000X");
    assert_eq!((line.ordering.npi, line.referring.npi), (npi("1245319599"), npi("1999999984")));
    assert_eq!(text(line.control_number), "LINE-1");
    assert_eq!((text(*line.authorization.reveal()), line.drug), ("AUTH-2", None));
    assert_eq!(text(*line.note.reveal()), "UPPER EXTREMITY");
    assert_eq!(text(*line.description.reveal()), "DUPLEX SCAN");

    let line = &claim.lines[1];
    assert_eq!((line.procedure, line.unit_basis), (None, UnitBasis::Minutes));
    assert_eq!(line.units, Units::whole(61));
    assert_eq!(line.place_of_service.unwrap().as_str(), "11");
    assert_eq!(line.provider, claim.rendering);
    assert!(line.description.reveal().is_empty());
    assert_eq!(text(*line.authorization.reveal()), "AUTH-1");

    let last = &reading.claims[2];
    assert_eq!((last.ordinal, last.id(), last.lines[0].dates.days()), (3, "PCN3", 3));
    assert_eq!(last.lines[0].provider, last.billing);
}

#[test]
fn a_dependent_is_the_patient_and_is_told_apart_from_the_subscriber() {
    let reading = read(file());
    let (subscriber, dependent) = (&reading.claims[0], &reading.claims[1]);
    let id = dependent.text(*dependent.patient.id.reveal());
    assert_eq!(id, "1EG4TE5MK72/19-2012-02-29-M");
    assert_ne!(id, subscriber.text(*subscriber.patient.id.reveal()));
    assert_eq!(*dependent.patient.sex.reveal(), Some(Sex::Male));
}

#[test]
fn loops_of_another_payer_do_not_overwrite_the_claim() {
    let reading = read(file());
    let claim = &reading.claims[1];
    assert_eq!((claim.payer(), claim.filing_indicator.unwrap().as_str()), ("MEDICARE_B", "MB"));
    assert!(claim.text(*claim.patient.id.reveal()).starts_with("1EG4TE5MK72/"));
    assert_eq!(claim.rendering.npi, npi("1245319599"));
    assert_eq!(claim.text(claim.original_reference), "ICN777");
    assert_eq!(claim.frequency, Some(Frequency::REPLACEMENT));
    assert!(claim.authorization.reveal().is_empty());
    assert_eq!(claim.lines[0].dates.to_string(), "2026-03-04");
    assert_eq!(claim.lines[0].units.to_string(), "0.5");
    let next = &reading.claims[2];
    assert_eq!((next.payer(), next.filing_indicator.unwrap().as_str()), ("54321", "CI"));
    assert_eq!(next.text(*next.patient.id.reveal()), "M-2");
}

#[test]
fn a_line_has_its_drug() {
    let drug = |file: String| {
        let reading = read(file);
        assert_eq!(reading.errors, []);
        reading.claims[1].lines[0].drug
    };
    let found = drug(file()).unwrap();
    assert_eq!(found.ndc.as_str(), "00026063512");
    assert_eq!((found.quantity, found.unit), (Some(Units::whole(10)), Some(DrugUnit::Millilitres)));
    let found = drug(with("CTP****10*ML~", "CTP****0.125*ME:1~")).unwrap();
    assert_eq!(found.quantity.unwrap().to_string(), "0.125");
    assert_eq!(found.unit, Some(DrugUnit::Milligrams));
    let found = drug(with("CTP****10*ML~", "REF*XZ*RX1~")).unwrap();
    assert_eq!((found.quantity, found.unit), (None, None));
    assert_eq!(drug(with("LIN**N4*00026063512", "LIN**UP*000260635121")), None);
}

#[test]
fn places_are_those_of_the_segments() {
    let reading = read(SEGMENTS);
    let claim = &reading.claims[0];
    let line_of = |needle: &str| {
        size(SEGMENTS.lines().position(|line| line.starts_with(needle)).unwrap()) + 1
    };
    let start = size(SEGMENTS.find("CLM*PCN1").unwrap());
    let end = size(SEGMENTS.find("HL*3*2").unwrap());
    assert_eq!(claim.location.line, line_of("CLM*PCN1"));
    assert_eq!(claim.location.offset, start);
    assert_eq!(u64::from(claim.location.segment), line_of("CLM*PCN1") - 2);
    assert_eq!(claim.bytes, start..end - 1);
    let line = &claim.lines[0].location;
    assert_eq!((line.line, u64::from(line.segment)), (line_of("SV1*HC"), line_of("SV1*HC") - 2));
    assert_eq!(line.offset, size(SEGMENTS.find("SV1*HC").unwrap()));
}

/// The claims without the places that differ with white space.
fn said(bytes: &[u8]) -> Vec<String> {
    let reading = read(bytes);
    assert_eq!(reading.errors, []);
    let mut claims = reading.claims;
    for claim in &mut claims {
        claim.location = Default::default();
        claim.bytes = 0..0;
        claim.lines.iter_mut().for_each(|line| line.location = Default::default());
    }
    claims.iter().map(|claim| format!("{claim:?}")).collect()
}

#[test]
fn separators_and_line_ends_make_no_difference() {
    let plain = file();
    let expected = said(plain.as_bytes());
    let variants = [
        SEGMENTS.to_owned(),
        SEGMENTS.replace('\n', "\r\n"),
        SEGMENTS.replace('\n', "\r"),
        SEGMENTS.replace('\n', " \n\n\t"),
        SEGMENTS.replace("~\n", "\n"),
        SEGMENTS.replace("~\n", "\r\n"),
        plain.replace(':', ">").replace('*', "|"),
        plain.replace('*', "\t"),
        plain.replace('*', "\x1d").replace(':', "\x1f").replace('~', "\x1c"),
        plain.replace('~', "'").replace('*', "~").replace(':', "<"),
        plain.replace("*^*00501", "*U*00501"),
        format!("\u{feff}{plain}"),
        format!(" \r\n{plain}\r\n"),
    ];
    for variant in variants {
        assert_eq!(said(variant.as_bytes()), expected, "{variant:.120}");
    }
}

#[test]
fn several_interchanges_groups_and_transactions_are_read() {
    let first = file();
    let second = SEGMENTS
        .replace('~', "'")
        .replace('*', "|")
        .replace(":", "^")
        .replacen("|^|00501", "|U|00501", 1);
    let reading = read(format!("{first}\n{second}"));
    assert_eq!(reading.claims.len(), 6, "{:?}", reading.errors);
    assert_eq!(reading.errors, []);
    assert_eq!(reading.claims[5].ordinal, 6);

    let whole = file();
    let (st, ge) = (whole.find("ST*837").unwrap(), whole.find("GE*1*7").unwrap());
    let gs = whole.find("GS*HC").unwrap();
    let transaction = &whole[st..ge];
    let twice = transaction.replace("*0001", "*0002");
    let group = format!("{}{transaction}{twice}GE*2*7~", &whole[gs..st]);
    let file =
        format!("{}TA1*000000042*260302*1200*A*000~{group}{group}IEA*2*000000042~", &whole[..gs]);
    let reading = read(file);
    assert_eq!(reading.claims.len(), 12);
    assert_eq!(reading.errors, []);
}

#[test]
fn text_beyond_ascii_is_read() {
    let reading = read(with("BOTH ARMS", "BEIDE ARME, GRÖSSE"));
    let claim = &reading.claims[0];
    assert_eq!(claim.text(*claim.note.reveal()), "BEIDE ARME, GRÖSSE");
}

#[test]
fn every_byte_has_its_kind() {
    let file = file();
    let bytes = read(&file).accounting.bytes;
    let claims: usize = ["PCN1", "PCN2", "PCN3"]
        .iter()
        .zip(["HL*3", "HL*4", "SE*78"])
        .map(|(id, end)| file.find(end).unwrap() - file.find(&format!("CLM*{id}")).unwrap())
        .sum();
    assert_eq!(bytes.claim, size(claims));
    let header = file.find("BHT").unwrap();
    let trailer = file.len() - file.find("SE*78").unwrap();
    assert_eq!(bytes.envelope, size(header + trailer));
    assert_eq!((bytes.white_space, bytes.quarantined), (0, 0));
}

#[test]
fn a_date_of_service_above_the_lines_is_passed_over() {
    let reading = read(with("HI*BG:09~", "DTP*472*D8*20200101~"));
    assert_eq!(reading.errors, []);
    assert_eq!(reading.claims[0].lines[0].dates.to_string(), "2026-03-02");
}

#[test]
fn a_provider_without_an_npi_is_absent_and_costs_nothing() {
    let reading = read(with("*****XX*1234567893~", "~"));
    assert_eq!(reading.errors, []);
    assert_eq!(reading.claims[2].billing.npi, None);
}
