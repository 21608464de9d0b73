//! What a plugin can read of a claim, and what it cannot.

#![expect(unsafe_code, reason = "reads the view as a plugin does")]

use cleanbill_model::{
    DateRange, DiagnosisCode, Frequency, Modifier, Npi, Phi, PlaceOfService, ProcedureCode,
    ServiceDate, ServiceLine,
};
use cleanbill_plugin_abi::{array, strided};

use super::*;

const CANARY: &str = "ZZPHIZZ";

fn read(text: CbStr) -> String {
    // SAFETY: the claim and the memory behind the view live on in every test.
    String::from_utf8(unsafe { text.bytes(usize::MAX) }.unwrap().to_vec()).unwrap()
}

/// A claim with a canary in every text that a plugin must not see.
fn claim() -> Claim {
    let mut claim = Claim { ordinal: 42, frequency: Some(Frequency::ORIGINAL), ..Claim::default() };
    claim.claim_id = claim.texts.add(CANARY);
    claim.payer_id = claim.texts.add("NORTHWIND");
    claim.patient.id = Phi::new(claim.texts.add(CANARY));
    claim.patient.birth_date = Phi::new(ServiceDate::new(1950, 1, 1).ok());
    claim.tax_id = Phi::new(claim.texts.add(CANARY));
    claim.original_reference = claim.texts.add(CANARY);
    claim.note = Phi::new(claim.texts.add(CANARY));
    claim.billing.npi = Npi::new(b"1234567893").ok();
    claim.diagnoses = vec![DiagnosisCode::new(b"N186").unwrap()];
    let day = |d| ServiceDate::new(2026, 3, d).unwrap();
    for (number, codes) in [(7, ["59", "LT"].as_slice()), (3, &[]), (9, &["XS"])] {
        let dates = DateRange::new(day(2), day(4)).unwrap();
        let mut line = ServiceLine::new(number, dates);
        line.procedure = ProcedureCode::new(b"93970").ok();
        line.place_of_service = PlaceOfService::new(b"11").ok();
        line.control_number = claim.texts.add(CANARY);
        line.note = Phi::new(claim.texts.add(CANARY));
        line.description = Phi::new(claim.texts.add(CANARY));
        for code in codes {
            line.modifiers.push(Modifier::new(code.as_bytes()).unwrap()).unwrap();
            assert!(line.pointers.push(1));
        }
        claim.lines.push(line);
    }
    claim
}

fn lines(view: &CbClaim) -> Vec<CbLine> {
    (0..view.n_lines)
        // SAFETY: the claim and the memory behind the view live on in every test.
        .map(|index| *unsafe { strided(view.lines, view.line_stride, index) }.unwrap())
        .collect()
}

fn modifiers(line: &CbLine) -> Vec<String> {
    // SAFETY: the claim and the memory behind the view live on in every test.
    let list = unsafe { array(line.modifiers, line.n_modifiers, 4) }.unwrap();
    list.iter().map(|modifier| read(*modifier)).collect()
}

#[test]
fn each_line_carries_its_own_values() {
    let claim = claim();
    let mut memory = ViewMemory::default();
    for _ in 0..2 {
        let view = memory.view(&claim, FieldSet::all());
        assert_eq!((read(view.payer_id), read(view.claim_ref)), ("NORTHWIND".into(), "42".into()));
        assert_eq!((view.from, view.through), (20_260_302, 20_260_304));
        assert_eq!(
            (read(view.frequency), read(view.billing_npi)),
            ("1".into(), "1234567893".into())
        );
        let lines = lines(&view);
        assert_eq!(lines.iter().map(|line| line.line_no).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(modifiers(&lines[0]), ["59", "LT"]);
        assert_eq!(modifiers(&lines[1]), [""; 0]);
        assert_eq!(modifiers(&lines[2]), ["XS"]);
        assert_eq!(lines.iter().map(|line| line.n_dx_pointers).collect::<Vec<_>>(), [2, 0, 1]);
        assert_eq!((lines[0].units_milli, lines[0].from), (1000, 20_260_302));
        assert_eq!(read(lines[2].place_of_service), "11");
    }
}

#[test]
fn nothing_that_names_a_patient_can_be_reached() {
    let claim = claim();
    let mut memory = ViewMemory::default();
    let view = memory.view(&claim, FieldSet::all());
    let mut texts = vec![
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
    ];
    for line in lines(&view) {
        texts.extend([
            line.code,
            line.place_of_service,
            line.revenue_code,
            line.rendering_npi,
            line.rendering_taxonomy,
            line.body_region,
        ]);
    }
    let all: Vec<String> = texts.into_iter().map(read).collect();
    assert!(all.contains(&"NORTHWIND".to_owned()));
    assert!(all.iter().all(|text| !text.contains(CANARY)), "{all:?}");
}

#[test]
fn a_claim_without_lines_has_no_dates() {
    let view = ViewMemory::default().view(&Claim::default(), FieldSet::all());
    assert_eq!((view.n_lines, view.from, view.through), (0, 0, 0));
}

#[test]
fn what_is_not_granted_is_empty_and_said_to_be_absent() {
    let claim = claim();
    let mut memory = ViewMemory::default();
    let bare = memory.view(&claim, FieldSet::NONE);
    assert_eq!((bare.granted, bare.present, bare.n_diagnoses), (0, 0, 0));
    assert_eq!(
        (read(bare.claim_ref), bare.form, bare.n_lines),
        ("42".into(), form::PROFESSIONAL, 3)
    );
    assert_eq!((read(bare.payer_id), read(bare.billing_npi)), (String::new(), String::new()));
    assert_eq!((bare.from, bare.total_charge), (0, 0));
    for line in lines(&bare) {
        assert_eq!((line.present, line.n_modifiers, line.n_dx_pointers), (0, 0, 0));
        assert_eq!((read(line.code), line.from, line.units_milli), (String::new(), 0, 0));
    }
    let granted = FieldSet::NONE.with(field::LINE_MODIFIERS).with(field::PATIENT_BIRTH_DATE);
    let view = memory.view(&claim, granted);
    assert_eq!(view.granted, granted.bits());
    assert_eq!((view.birth_date, view.present), (19_500_101, 1 << field::PATIENT_BIRTH_DATE));
    let present: Vec<u64> = lines(&view).iter().map(|line| line.present).collect();
    assert_eq!(present, [1 << field::LINE_MODIFIERS, 0, 1 << field::LINE_MODIFIERS]);
    assert_eq!(modifiers(&lines(&view)[2]), ["XS"]);
}
