//! A claim goes into a record and comes out as it was, but for what a history does not keep.

use cleanbill_model::{
    DateRange, Drug, DrugUnit, Modifier, Ndc, ProcedureCode, Region, RevenueCode, ServiceLine,
    UnitBasis, Units,
};

use super::*;

fn day(number: i32) -> ServiceDate {
    ServiceDate::from_yyyymmdd(number).unwrap()
}

/// A claim with every field that a record has, and with those that it has not.
fn full() -> Claim {
    let npi = |text: &[u8]| Provider {
        npi: Some(Npi::new(text).unwrap()),
        taxonomy: Some(Taxonomy::new(b"2085R0202X").unwrap()),
    };
    let mut claim = Claim {
        ordinal: 7,
        claim_type: ClaimType::Institutional,
        frequency: Some(Frequency::REPLACEMENT),
        filing_indicator: FilingIndicator::new(b"MB").ok(),
        billing: npi(b"1234567893"),
        rendering: npi(b"2999999024"),
        referring: npi(b"2999999024"),
        place_of_service: PlaceOfService::new(b"22").ok(),
        type_of_bill: TypeOfBill::new(b"0131").ok(),
        diagnosis_system: Some(DiagnosisSystem::Icd9Cm),
        charge: Money::from_cents(-5),
        submitted: Some(day(20_260_303)),
        ..Claim::default()
    };
    claim.claim_id = claim.texts.add("PCN1");
    claim.original_reference = claim.texts.add("ICN1");
    claim.payer_id = claim.texts.add("MEDICARE_B");
    claim.tax_id = Phi::new(claim.texts.add("ZZPHIZZ-TAX"));
    claim.patient.id = Phi::new(claim.texts.add("ZZPHIZZ-ID"));
    claim.note = Phi::new(claim.texts.add("ZZPHIZZ-NOTE"));
    claim.authorization = Phi::new(claim.texts.add("ZZPHIZZ-AUTH"));
    claim.diagnoses = vec![DiagnosisCode::new(b"4280").unwrap()];
    let dates = DateRange::new(day(20_260_302), day(20_260_304)).unwrap();
    let mut line = ServiceLine::new(3, dates);
    line.procedure = ProcedureCode::new(b"93970").ok();
    for modifier in [&b"59"[..], b"LT"] {
        line.modifiers.push(Modifier::new(modifier).unwrap()).unwrap();
    }
    line.units = Units::from_thousandths(1500);
    line.unit_basis = UnitBasis::Minutes;
    line.charge = Money::from_cents(41_200);
    assert!(line.pointers.push(1) && line.pointers.push(4));
    line.place_of_service = PlaceOfService::new(b"11").ok();
    line.provider = npi(b"1234567893");
    line.revenue_code = RevenueCode::new(b"0402").ok();
    line.body_region = Some(Region::Lower);
    let quantity = Some(Units::whole(2));
    let unit = Some(DrugUnit::Millilitres);
    line.drug = Some(Drug { ndc: Ndc::new(b"00026063512").unwrap(), quantity, unit });
    line.control_number = claim.texts.add("LINE3");
    line.description = Phi::new(claim.texts.add("ZZPHIZZ-TEXT"));
    claim.lines = vec![line, ServiceLine::new(4, dates)];
    claim
}

fn bytes(claim: &Claim, key: &PatientKey) -> Vec<u8> {
    ClaimRecord::of(claim, key, &mut [0; 4]).write(Vec::new()).unwrap()
}

#[test]
fn what_a_record_keeps_comes_back_and_nothing_else_is_in_it() {
    let (claim, key) = (full(), PatientKey::new([7; 32]));
    let bytes = bytes(&claim, &key);
    assert!(!String::from_utf8_lossy(&bytes).contains("ZZPHIZZ"));
    let back = ClaimRecord::read(&bytes).unwrap().claim(&[], None).unwrap();

    let mut wanted = claim.clone();
    let tax = wanted.texts.add("another tax number");
    wanted.ordinal = 0;
    wanted.patient = Default::default();
    (wanted.note, wanted.authorization) = Default::default();
    wanted.referring = Provider::default();
    wanted.tax_id = Phi::new(tax);
    wanted.lines[0].description = Phi::default();
    // Texts lie elsewhere in the arena: they are compared as texts.
    let texts = |claim: &Claim| {
        let line = claim.lines[0].control_number;
        let all = [claim.claim_id, claim.original_reference, claim.payer_id, line];
        all.map(|text| claim.text(text).to_owned())
    };
    assert_eq!(texts(&back), texts(&wanted));
    assert_eq!(back.text(*back.tax_id.reveal()), wanted.text(tax));
    let bare = |claim: &Claim| {
        let mut claim = claim.clone();
        for text in [&mut claim.claim_id, &mut claim.original_reference, &mut claim.payer_id] {
            *text = TextRef::default();
        }
        for line in &mut claim.lines {
            line.control_number = TextRef::default();
        }
        claim.texts.clear();
        format!("{claim:?}")
    };
    assert_eq!(bare(&back), bare(&wanted));
}

#[test]
fn the_tax_number_comes_back_for_a_claim_that_has_it_itself() {
    let (claim, key) = (full(), PatientKey::new([7; 32]));
    let bytes = bytes(&claim, &key);
    let record = ClaimRecord::read(&bytes).unwrap();
    let back = record.claim(&[], Some((key.tax("ZZPHIZZ-TAX"), "ZZPHIZZ-TAX"))).unwrap();
    assert_eq!(back.text(*back.tax_id.reveal()), "ZZPHIZZ-TAX");
    let other = record.claim(&[], Some((key.tax("ZZOTHER"), "ZZOTHER"))).unwrap();
    assert_ne!(other.text(*other.tax_id.reveal()), "ZZOTHER");
}

#[test]
fn denied_lines_stay_away() {
    let (claim, key) = (full(), PatientKey::new([7; 32]));
    let bytes = bytes(&claim, &key);
    let back = ClaimRecord::read(&bytes).unwrap().claim(&[3], None).unwrap();
    assert_eq!(back.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [4]);
}

#[test]
fn bytes_that_are_no_record_are_refused_or_read_as_some_other_claim_and_never_panic() {
    let (claim, key) = (full(), PatientKey::new([7; 32]));
    let bytes = bytes(&claim, &key);
    for end in 0..bytes.len() {
        assert!(ClaimRecord::read(&bytes[..end]).is_err(), "{end}");
    }
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            let _ = ClaimRecord::read(&damaged).and_then(|record| record.claim(&[], None));
        }
    }
}

#[test]
fn the_bytes_of_a_record_are_those_of_its_format() {
    let (claim, key) = (full(), PatientKey::new([7; 32]));
    let found = crate::key::hex(&digest(&bytes(&claim, &key)));
    // Another digest is another format: histories that people have could not be read any more.
    assert_eq!((FORMAT, found.as_str()), (2, "9661547e9669eba6801fd1a2e501cfa4"));
}
