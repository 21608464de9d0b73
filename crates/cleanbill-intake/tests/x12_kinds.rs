//! Institutional and dental claims, and every loop of a professional one: what is read of each, and
//! that nothing of another payer or of a loop that is not read gets into the claim.

use cleanbill_intake::codes;
use cleanbill_model::{
    Claim, ClaimType, DrugUnit, InputFormat, Money, Npi, TextRef, UnitBasis, Units,
};

use crate::fixture::{Reading, read};

const INSTITUTIONAL: &str = include_str!("fixture/claims/institutional.837");
const DENTAL: &str = include_str!("fixture/claims/dental.837");
const LOOPS: &str = include_str!("fixture/claims/loops.837");

fn npi(text: &str) -> Option<Npi> {
    Npi::new(text.as_bytes()).ok()
}

fn whole(file: &str) -> Vec<Claim> {
    let reading = read(file);
    assert_eq!(reading.errors, []);
    reading.claims
}

/// A fixture with one piece of text replaced; the piece must be there.
fn changed(file: &str, old: &str, new: &str) -> Reading {
    assert!(file.contains(old), "{old}");
    read(file.replacen(old, new, 1))
}

#[test]
fn an_institutional_claim_is_read() {
    let claims = whole(INSTITUTIONAL);
    let claim = &claims[0];
    let text = |text: TextRef| claim.text(text);
    assert_eq!((claim.claim_type, claim.format), (ClaimType::Institutional, InputFormat::X12));
    assert_eq!((claim.id(), claim.payer()), ("ICN1", "MEDICARE_A"));
    assert_eq!(claim.charge, Money::from_cents(125_075));
    assert_eq!((claim.type_of_bill.unwrap().as_str(), claim.place_of_service), ("0131", None));
    assert_eq!(claim.frequency.unwrap().as_char(), '1');
    assert_eq!(text(*claim.authorization.reveal()), "AUTH-8");
    let diagnoses: Vec<_> = claim.diagnoses.iter().map(|code| code.as_str()).collect();
    assert_eq!(diagnoses, ["N186", "Z992", "I10"], "neither admitting nor reason nor cause");
    let facility = &claim.facility;
    assert_eq!(facility.admission_type.unwrap().as_str(), "3");
    assert_eq!(facility.admission_source.unwrap().as_str(), "1");
    assert_eq!(facility.patient_status.unwrap().as_str(), "01");
    assert_eq!(facility.statement.unwrap().to_string(), "2026-03-02 to 2026-03-03");
    assert_eq!(facility.attending.npi, npi("2999999024"));
    assert_eq!(facility.attending.taxonomy.unwrap().as_str(), "207R00000X");
    assert_eq!(facility.operating.npi, npi("2999999032"));
    assert_eq!(claim.rendering.npi, npi("1234567893"));
    let conditions: Vec<_> = facility.conditions.iter().map(|code| code.as_str()).collect();
    assert_eq!(conditions, ["09", "C5"]);
    let values: Vec<_> =
        facility.values.iter().map(|value| format!("{} {}", value.code, value.amount)).collect();
    assert_eq!(values, ["A2 15.31", "80 2.00"]);
    let occurrences: Vec<_> = facility
        .occurrences
        .iter()
        .map(|found| format!("{} {}", found.code, found.dates))
        .collect();
    assert_eq!(occurrences, ["71 2026-01-01 to 2026-01-05", "11 2026-02-28", "A1 1950-01-01"]);
}

#[test]
fn a_line_of_an_institutional_claim_is_read() {
    let claims = whole(INSTITUTIONAL);
    let [room, scan, draw] = claims[0].lines.as_slice() else { panic!("three lines") };
    assert_eq!((room.revenue_code.unwrap().as_str(), room.procedure), ("0120", None));
    assert_eq!((room.units, room.unit_basis), (Units::ONE, UnitBasis::Units));
    assert_eq!(room.rate, Some(Money::from_cents(80_000)));
    assert_eq!(room.dates.to_string(), "2026-03-02 to 2026-03-03", "the statement period");
    assert_eq!(room.provider.npi, npi("1234567893"));
    assert_eq!((scan.revenue_code.unwrap().as_str(), scan.rate), ("0921", None));
    assert_eq!(scan.procedure.unwrap().as_str(), "93970");
    assert_eq!(scan.modifiers.to_string(), "59-RT");
    assert_eq!(scan.charge, Money::from_cents(41_275));
    assert_eq!((scan.dates.to_string().as_str(), scan.place_of_service), ("2026-03-03", None));
    assert_eq!(scan.provider.npi, npi("2999999024"));
    assert_eq!(scan.drug.unwrap().unit, Some(DrugUnit::Units));
    assert_eq!(claims[0].text(scan.control_number), "LINE-2");
    assert_eq!((draw.units, draw.number), (Units::whole(2), 3));
    let second = &claims[1];
    assert_eq!((second.type_of_bill.unwrap().as_str(), second.payer()), ("0147", "54321"));
    assert_eq!(second.text(second.original_reference), "ICN-OLD");
    assert_eq!(second.facility.statement.unwrap().to_string(), "2026-03-04");
    assert!(second.facility.conditions.is_empty() && second.facility.attending.is_absent());
}

#[test]
fn what_cannot_be_read_of_an_institutional_claim_is_named() {
    const ONE: &[&str] = &["ICN1"];
    const NONE: &[&str] = &[];
    for (old, new, code, element, aside) in [
        ("SV2*0120*", "SV2*120*", codes::REVENUE_CODE, "SV201", ONE),
        ("HC:93970:59:RT*412", "HC:9397:59:RT*412", codes::PROCEDURE, "SV202-2", ONE),
        ("*412.75*UN", "*$412.75*UN", codes::LINE_CHARGE, "SV203", ONE),
        ("*412.75*UN", "*412.75*MJ", codes::UNITS, "SV204", ONE),
        ("*DA*1*800", "*DA*one*800", codes::UNITS, "SV205", ONE),
        ("*DA*1*800", "*DA*1*x", codes::LINE_CHARGE, "SV206", ONE),
        ("*13:A:1**", "*13:B:1**", codes::CLAIM_PLACE, "CLM05-2", ONE),
        ("*13:A:1**", "*131:A:1**", codes::CLAIM_PLACE, "CLM05-1", ONE),
        ("20260302-20260303", "20260303-20260302", codes::SERVICE_DATE, "DTP03", ONE),
        ("DTP*435*DT*202603020800", "DTP*434*D8*20260302", codes::REPEATED, "DTP", ONE),
        ("DTP*434*RD8*20260302-20260303~", "", codes::LINE_INCOMPLETE, "LX", ONE),
        ("SV2*0120**800*DA*1*800", "SV1*HC:93970*800*UN*1***1", codes::UNKNOWN_SEGMENT, "SV1", ONE),
        ("LX*1~", "LX*1~SV3*AD:D0120*10~", codes::UNKNOWN_SEGMENT, "SV3", ONE),
        ("CL1*3*1*01", "CL1*3*11A*01", codes::CLAIM_CODE, "CL102", NONE),
        ("BG:09*BG:C5", "BG:09*BG:c5", codes::CLAIM_CODE, "HI02-2", NONE),
        ("BE:A2:::15.31", "BE:A2::15.31", codes::CLAIM_CODE, "HI01-5", NONE),
        ("BH:11:D8:20260228", "BH:11:D8:20260229", codes::CLAIM_CODE, "HI01-4", NONE),
        ("BH:11:D8:20260228", "BH:11::20260228", codes::CLAIM_CODE, "HI01-3", NONE),
        ("CLM*ICN1*1250.75*", "CLM*ICN1*1250.76*", codes::CLAIM_TOTAL, "CLM02", NONE),
        ("HI*ABK:I82401~", "", codes::REQUIRED, "HI", NONE),
    ] {
        let text = INSTITUTIONAL.replace('\n', "");
        let reading = changed(&text, old, new);
        let error = reading.error(code);
        assert_eq!(error.element, element, "{new}: {error:?}");
        assert_eq!(reading.set_aside(), aside, "{new}: {:?}", reading.errors);
        assert_eq!(reading.claims.len(), 2 - aside.len(), "{new}");
    }
}

#[test]
fn a_date_or_time_that_no_edit_reads_is_told_and_costs_nothing() {
    for (old, new) in [
        ("DTP*435*DT*202603020800", "DTP*435*DT*202602300800"),
        ("DTP*435*DT*202603020800", "DTP*435*DT*202603022400"),
        ("DTP*435*DT*202603020800", "DTP*435*D8*202603020800"),
        ("DTP*096*TM*1130", "DTP*096*TM*2360"),
        ("DTP*096*TM*1130", "DTP*096*TM*11:30"),
        ("DTP*573*D8*20260305", "DTP*573*RD8*20260305-20260304"),
    ] {
        let reading = changed(INSTITUTIONAL, old, new);
        assert_eq!(reading.codes(), [codes::OTHER_DATE], "{new}");
        assert_eq!((reading.errors[0].element.as_str(), reading.claims.len()), ("DTP03", 2));
    }
    let good = [("DTP*096*TM*1130", "DTP*096*TM*2359"), ("DTP*096*TM*1130", "DTP*096*UN*x")];
    for (old, new) in good {
        assert_eq!(changed(INSTITUTIONAL, old, new).errors, []);
    }
}

#[test]
fn twenty_four_codes_of_a_kind_are_kept() {
    let list = format!("HI*BG:09{}~HI*BG:01{}", "*BG:09".repeat(11), "*BG:02".repeat(11));
    let text = INSTITUTIONAL.replacen("SE*75", "SE*76", 1);
    let claims = whole(&text.replacen("HI*BG:09*BG:C5", &list, 1));
    assert_eq!(claims[0].facility.conditions.len(), 24);
    let reading = read(text.replacen("HI*BG:09*BG:C5", &format!("{list}~HI*BG:03"), 1));
    assert_eq!(reading.error(codes::CLAIM_CODE).element, "HI01-1");
    assert_eq!(reading.claims[0].facility.conditions.len(), 24);
}

#[test]
fn nine_hundred_ninety_nine_lines_of_an_institutional_claim_are_fine() {
    let line = |number| format!("LX*{number}~\nSV2*0300**1*UN*1~\n");
    for (count, kept) in [(999, 2), (1000, 1)] {
        let lines: String = (1..=count).map(line).collect();
        let start = INSTITUTIONAL.find("LX*1~").unwrap();
        let end = INSTITUTIONAL.find("HL*3*").unwrap();
        let text = format!("{}{lines}{}", &INSTITUTIONAL[..start], &INSTITUTIONAL[end..])
            .replacen("*1250.75*", &format!("*{count}*"), 1)
            .replacen("SE*75", &format!("SE*{}", 75 - 14 + 2 * count), 1);
        let reading = read(text);
        assert_eq!(reading.claims.len(), kept, "{:?}", reading.errors);
        assert_eq!(reading.errors.len(), 2 - kept, "{:?}", reading.errors);
    }
}

#[test]
fn a_dental_claim_is_read_with_its_procedure_lines() {
    let claims = whole(DENTAL);
    let claim = &claims[0];
    assert_eq!((claim.claim_type, claim.id()), (ClaimType::Dental, "DCN1"));
    assert_eq!(claim.place_of_service.unwrap().as_str(), "11");
    assert_eq!(claim.charge, Money::from_cents(25_550));
    let [filling, exam] = claim.lines.as_slice() else { panic!("two lines") };
    assert_eq!((filling.procedure.unwrap().as_str(), filling.units), ("D2150", Units::ONE));
    assert_eq!(filling.charge, Money::from_cents(18_000));
    assert_eq!(filling.dates.to_string(), "2026-03-02", "the date of the claim");
    assert_eq!((exam.procedure.unwrap().as_str(), exam.units), ("D0120", Units::ONE));
    assert_eq!(exam.dates.to_string(), "2026-03-03");
    assert_eq!(exam.provider.taxonomy.unwrap().as_str(), "1223G0001X");
    let reading = changed(DENTAL, "DTP*472*D8*20260302~\n", "");
    assert_eq!(reading.set_aside(), ["DCN1"]);
    assert_eq!(changed(DENTAL, "AD:D2150", "AD:2150").error(codes::PROCEDURE).element, "SV301-2");
}

#[test]
fn every_loop_of_a_professional_claim_is_passed_through_and_none_overwrites_it() {
    let claims = whole(LOOPS);
    let claim = &claims[0];
    let text = |text: TextRef| claim.text(text);
    assert_eq!((claim.id(), claim.payer(), claims.len()), ("AMB1", "MEDICARE_B", 1));
    assert_eq!(claim.filing_indicator.unwrap().as_str(), "MB");
    assert_eq!(text(*claim.patient.id.reveal()), "EXM000401");
    assert_eq!(claim.billing.npi, npi("2999999016"));
    assert_eq!(text(*claim.tax_id.reveal()), "741234567", "not that of the pay-to plan");
    assert_eq!(claim.rendering.npi, npi("1234567893"));
    assert_eq!(claim.rendering.taxonomy.unwrap().as_str(), "146L00000X");
    assert_eq!(claim.referring.npi, npi("2999999024"), "the first: DN, not P3");
    assert_eq!(text(*claim.authorization.reveal()), "AUTH-10");
    assert!(claim.original_reference.is_empty(), "not the number of another payer");
    assert_eq!(text(*claim.note.reveal()), "TWO CLAIM NOTES");
    let [ride, sleep, drug] = claim.lines.as_slice() else { panic!("three lines") };
    assert_eq!((ride.procedure.unwrap().as_str(), ride.units), ("A0427", Units::ONE));
    assert_eq!(ride.dates.to_string(), "2026-03-02");
    assert_eq!(text(*ride.authorization.reveal()), "AUTH-LINE");
    assert_eq!((ride.ordering.npi, ride.referring.npi), (npi("2999999024"), npi("2999999032")));
    assert_eq!(ride.provider, claim.rendering, "neither purchased nor supervising");
    assert_eq!(ride.place_of_service.unwrap().as_str(), "41");
    assert_eq!((sleep.units, sleep.unit_basis), (Units::whole(61), UnitBasis::Minutes));
    assert_eq!(sleep.charge, Money::from_cents(20_010));
    assert_eq!(drug.dates.to_string(), "2026-03-02 to 2026-03-03");
    assert_eq!(drug.drug.unwrap().quantity.unwrap().to_string(), "10.25");
    assert!(ride.drug.is_none() && sleep.drug.is_none());
}
