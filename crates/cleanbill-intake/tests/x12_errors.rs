//! What is wrong with an 837P is told once, with its place and remedy, and costs no more than it must.

use std::collections::BTreeSet;

use cleanbill_intake::{FormatChoice, codes};

use crate::fixture::{SEGMENTS, file, read, read_as, size, with};

/// One change to the fixture, the error it gives, and the claims that are set aside for it.
struct Case {
    old: &'static str,
    new: &'static str,
    code: &'static str,
    element: &'static str,
    aside: &'static [&'static str],
}

const fn case(
    old: &'static str,
    new: &'static str,
    code: &'static str,
    element: &'static str,
    aside: &'static [&'static str],
) -> Case {
    Case { old, new, code, element, aside }
}

const ONE: &[&str] = &["PCN1"];
const NONE: &[&str] = &[];
const FIRST_TWO: &[&str] = &["PCN1", "PCN2"];
const EVERY: &[&str] = &["PCN1", "PCN2", "PCN3"];

const CASES: &[Case] = &[
    // The claim itself.
    case("CLM*PCN3*", "CLM**", codes::CLAIM_ID, "CLM01", &["?"]),
    case("CLM*PCN1*680*", "CLM*PCN1**", codes::CLAIM_CHARGE, "CLM02", ONE),
    case("CLM*PCN1*680*", "CLM*PCN1*1,000.00*", codes::CLAIM_CHARGE, "CLM02", ONE),
    case("CLM*PCN1*680*", "CLM*PCN1* 680*", codes::CLAIM_CHARGE, "CLM02", ONE),
    case("CLM*PCN1*680*", "CLM*PCN1*1e2*", codes::CLAIM_CHARGE, "CLM02", ONE),
    case("CLM*PCN1*680*", "CLM*PCN1*100000000.00*", codes::CLAIM_CHARGE, "CLM02", ONE),
    case("CLM*PCN1*680*", "CLM*PCN1*6.805*", codes::CLAIM_CHARGE, "CLM02", ONE),
    case("CLM*PCN1*680*", "CLM*PCN1*\u{661}\u{662}*", codes::CLAIM_CHARGE, "CLM02", ONE),
    case("*11:B:1*", "*1:B:1*", codes::CLAIM_PLACE, "CLM05-1", ONE),
    case("*11:B:1*", "*11:A:1*", codes::CLAIM_PLACE, "CLM05-2", ONE),
    case("*11:B:1*", "*11:B:11*", codes::CLAIM_PLACE, "CLM05-3", ONE),
    case("ABK:N186", "ABK:n186", codes::DIAGNOSIS, "HI01-2", ONE),
    case("ABK:N186", "ABK", codes::DIAGNOSIS, "HI01-2", ONE),
    case("ABF:Z992", "BF:2724", codes::DIAGNOSIS, "HI02-1", ONE),
    case("*ABF:Z992", "*ABF:Z992:::::::::*A", codes::DIAGNOSIS, "HI03-1", ONE),
    case(
        "LX*1~SV1*HC:99213*75*UN*3***1~DTP*472*RD8*20260301-20260303~",
        "",
        codes::NO_LINE,
        "CLM",
        &["PCN3"],
    ),
    case(
        "NM1*82*1*REN*B****XX*1245319599~",
        "NM1*82*1*REN*B****XX*124531959~",
        codes::NPI,
        "NM109",
        ONE,
    ),
    case(
        "PRV*PE*PXC*2085R0202X~",
        "PRV*PE*PXC*2085R0202X~NM1*82*1*X*****XX*1999999984~",
        codes::REPEATED,
        "NM101",
        ONE,
    ),
    case("PRV*PE*PXC*2085R0202X~", "PRV*PE*PXC*2085~", codes::TAXONOMY, "PRV03", NONE),
    case("HI*BG:09~", "ZZ1*09~", codes::UNKNOWN_SEGMENT, "ZZ1", ONE),
    case("HI*BG:09~", "~", codes::UNKNOWN_SEGMENT, "", ONE),
    case("NTE*ADD*BOTH ARMS~", "NTE*ADD*BOTH*ARMS~", codes::EXTRA_ELEMENTS, "NTE03", ONE),
    case("UPPER EXTREMITY", "UPPER\u{1}EXTREMITY", codes::BAD_CHARACTER, "NTE02", ONE),
    case("UPPER EXTREMITY", "UPPER\nEXTREMITY", codes::BAD_CHARACTER, "NTE02", ONE),
    case("UPPER EXTREMITY", "UPPER\u{85}EXTREMITY", codes::BAD_CHARACTER, "NTE02", ONE),
    case("UPPER EXTREMITY", "UPPER\u{fffe}EXTREMITY", codes::BAD_CHARACTER, "NTE02", ONE),
    // The day of submission is told and left out.
    case("BATCH1*20260302", "BATCH1*260302", codes::SUBMITTED, "BHT04", NONE),
    case("CLM*PCN1*680*", "CLM*PCN1*680.01*", codes::CLAIM_TOTAL, "CLM02", NONE),
    case(
        "HI*ABK:E119~LX*1~SV1*HC:99213*75*UN*3***1~",
        "LX*1~SV1*HC:99213*75*UN*3~",
        codes::REQUIRED,
        "HI",
        NONE,
    ),
    case("HI*BG:09~", "HI*BG:9 ~", codes::CLAIM_CODE, "HI01-2", NONE),
    case("HI*BG:09~", "DTP*431*D8*20260230~", codes::OTHER_DATE, "DTP03", NONE),
    case("XX*1234567893", "XX*1234567890", codes::NPI_CHECK, "NM109", NONE),
    case("REN*B****XX*1245319599", "REN*B****XX*1245319598", codes::NPI_CHECK, "NM109", NONE),
    // Its lines.
    case("*N4*00026063512", "*N4*00026-0635-12", codes::DRUG, "LIN03", &["PCN2"]),
    case("*N4*00026063512", "*N4*", codes::DRUG, "LIN03", &["PCN2"]),
    case("CTP****10*ML~", "CTP****ten*ML~", codes::DRUG, "CTP04", &["PCN2"]),
    case("CTP****10*ML~", "CTP****10*KG~", codes::DRUG, "CTP05-1", &["PCN2"]),
    case("CTP****10*ML~", "LIN**N4*00026063513~", codes::REPEATED, "LIN", &["PCN2"]),
    case("LX*2~", "LX*7~", codes::LINE_NUMBER, "LX01", NONE),
    case("LX*2~", "LX*1~", codes::LINE_NUMBER, "LX01", NONE),
    case("LX*2~", "LX*A~", codes::LINE_NUMBER, "LX01", NONE),
    case("DTP*472*D8*20260303~", "", codes::LINE_INCOMPLETE, "LX", ONE),
    case("SV1*ER:ABC*268*MJ*61***2~", "", codes::LINE_INCOMPLETE, "LX", ONE),
    case("LX*1~SV1*HC:93970", "SV1*HC:93970", codes::LINE_INCOMPLETE, "SV1", ONE),
    case("LX*2~SV1", "SV1", codes::REPEATED, "SV1", ONE),
    case(
        "DTP*472*D8*20260303~",
        "DTP*472*D8*20260303~DTP*472*D8*20260304~",
        codes::REPEATED,
        "DTP",
        ONE,
    ),
    case("HC:93970:59", "HC:9397:59", codes::PROCEDURE, "SV101-2", ONE),
    case("HC:93970:59", "HC:939 0:59", codes::PROCEDURE, "SV101-2", ONE),
    case("HC:93970:59", "HCC:93970:59", codes::PROCEDURE, "SV101-1", ONE),
    case("HC:93970:59", "HC:93970:5", codes::PROCEDURE, "SV101-3", ONE),
    case("HC:93970:59:RT", "HC:93970:59:rt", codes::PROCEDURE, "SV101-4", ONE),
    case("HC:93970:59:RT:", "HC:93970:59::RT", codes::PROCEDURE, "SV101-5", ONE),
    case(":59:RT:::DUPLEX SCAN", ":59:RT:XS:26:XU", codes::PROCEDURE, "SV101-7", ONE),
    case("*412*UN", "*412.*UN", codes::LINE_CHARGE, "SV102", ONE),
    case("*412*UN*1*", "*412*F2*1*", codes::UNITS, "SV103", ONE),
    case("*412*UN*1*", "*412*UN*1e3*", codes::UNITS, "SV104", ONE),
    case("*412*UN*1*", "*412*UN**", codes::UNITS, "SV104", ONE),
    case("*412*UN*1*", "*412*UN*1.0005*", codes::UNITS, "SV104", ONE),
    case("*412*UN*1*22*", "*412*UN*1*2*", codes::LINE_PLACE, "SV105", ONE),
    case("**1:2~", "**0~", codes::POINTER, "SV107-1", ONE),
    case("**1:2~", "**1:3~", codes::POINTER, "SV107-2", ONE),
    case("**1:2~", "**13~", codes::POINTER, "SV107-1", ONE),
    case("**1:2~", "**A~", codes::POINTER, "SV107-1", ONE),
    case("**1:2~", "**1:2:1:2:1~", codes::POINTER, "SV107", ONE),
    case("DTP*472*D8*20260302~", "DTP*472*D8*20250229~", codes::SERVICE_DATE, "DTP03", ONE),
    case("DTP*472*D8*20260302~", "DTP*472*D8*260302~", codes::SERVICE_DATE, "DTP03", ONE),
    case("DTP*472*D8*20260302~", "DTP*472*D8*20260302 ~", codes::SERVICE_DATE, "DTP03", ONE),
    case(
        "DTP*472*D8*20260302~",
        "DTP*472*D8*20260302-20260303~",
        codes::SERVICE_DATE,
        "DTP03",
        ONE,
    ),
    case("DTP*472*D8*20260302~", "DTP*472*RD8*20260302~", codes::SERVICE_DATE, "DTP03", ONE),
    case(
        "DTP*472*D8*20260302~",
        "DTP*472*RD8*20260302-20260301~",
        codes::SERVICE_DATE,
        "DTP03",
        ONE,
    ),
    case("DTP*472*D8*20260302~", "DTP*472*DT*20260302~", codes::SERVICE_DATE, "DTP02", ONE),
    // The loops above.
    case(
        "NM1*85*2*INVENTED VASCULAR GROUP*****XX*1234567893~",
        "",
        codes::HEADER_INCOMPLETE,
        "CLM",
        EVERY,
    ),
    case("NM1*PR*2*MEDICARE*****PI*MEDICARE_B~", "", codes::HEADER_INCOMPLETE, "CLM", FIRST_TWO),
    case(
        "NM1*IL*1*ZZLAST*ZZFIRST****MI*1EG4TE5MK72~",
        "",
        codes::HEADER_INCOMPLETE,
        "CLM",
        FIRST_TWO,
    ),
    case("XX*1234567893~", "XX*12345678~", codes::NPI, "NM109", EVERY),
    case("PRV*BI*PXC*207Q00000X~", "PRV*BI*PXC*207~", codes::TAXONOMY, "PRV03", NONE),
    case("DMG*D8*19500101*F~", "DMG*D8*19501301*F~", codes::PATIENT, "DMG02", NONE),
    case("DMG*D8*19500101*F~", "DMG*D8*19500101*X~", codes::PATIENT, "DMG03", NONE),
    case("*18*******MB~", "*18*******mb~", codes::FILING_INDICATOR, "SBR09", NONE),
    case("HL*2*1*22*1~", "HL*9*1*22*1~", codes::HL_ORDER, "HL01", FIRST_TWO_MISPARENTED),
    case("HL*2*1*22*1~", "HL*2*1*22*0~", codes::HL_ORDER, "HL04", NONE),
    case("HL*4*1*22*0~", "HL*4*4*22*0~", codes::HL_LEVEL, "HL", &["PCN3"]),
    case("HL*4*1*22*0~", "HL*4*1*21*0~", codes::HL_LEVEL, "HL", &["PCN3"]),
    case(
        "DMG*D8*19500101*F~NM1*PR*2",
        "DMG*D8*19500101*FNM1*PR*2",
        codes::EXTRA_ELEMENTS,
        "DMG12",
        FIRST_TWO,
    ),
    case(
        "NM1*PR*2*MEDICARE*****PI*MEDICARE_B~",
        "NM1*PR*2*A*****PI*B~NM1*PR*2*C*****PI*D~",
        codes::REPEATED,
        "NM101",
        FIRST_TWO,
    ),
    // The envelope.
    case("GS*HC*", "GS*HP*", codes::GROUP_KIND, "GS01", NONE),
    case("BHT*0019*00*BATCH1*20260302*1200*CH~", "", codes::REQUIRED, "BHT", NONE),
    case("NM1*41*2*INVENTED BILLING*****46*SUB1~", "", codes::REQUIRED, "NM1", NONE),
    case("SE*78*", "SE*77*", codes::SE_COUNT, "SE01", NONE),
    case("SE*78*", "SE*+78*", codes::SE_COUNT, "SE01", NONE),
    case("SE*78*0001", "SE*78*0002", codes::SE_CONTROL, "SE02", NONE),
    case("GE*1*7", "GE*2*7", codes::GE_COUNT, "GE01", NONE),
    case("GE*1*7", "GE*1*8", codes::GE_CONTROL, "GE02", NONE),
    case("IEA*1*", "IEA**", codes::IEA_COUNT, "IEA01", NONE),
    case("IEA*1*000000042", "IEA*1*000000043", codes::IEA_CONTROL, "IEA02", NONE),
    case("SE*78*0001~", "", codes::TRAILER_MISSING, "SE", NONE),
    case("GE*1*7~", "", codes::TRAILER_MISSING, "GE", NONE),
    case("GE*1*7~IEA*1*000000042~", "", codes::CUT_SHORT, "", NONE),
    case("IEA*1*000000042~", "IEA*1*000000042", codes::CUT_SHORT, "IEA", NONE),
    case("IEA*1*000000042~", "IEA*1*000000042~trailing text", codes::OUTSIDE, "", NONE),
    case("GE*1*7~", "GE*1*7~NTE*ADD*LOST~NTE*ADD*LOST~", codes::STRAY_SEGMENT, "segment", NONE),
    case(
        "X*005010X222A1~ST*837*0001*005010X222A1",
        "X*005010X222A1~ST*837*0001*005010X222A2",
        codes::VERSION_DISAGREES,
        "ST03",
        NONE,
    ),
    case(
        "ST*837*0001*005010X222A1",
        "ST*837*0001*005010X223A2",
        codes::VERSION_DISAGREES,
        "ST03",
        EVERY,
    ),
    case(
        "X*005010X222A1~ST*837*0001*005010X222A1",
        "X*004010X098A1~ST*837*0001",
        codes::NOT_READ,
        "ST03",
        EVERY,
    ),
    case(
        "X*005010X222A1~ST*837*0001*005010X222A1",
        "X*004010X098A1~ST*837*0001*005010X222A1",
        codes::NOT_READ,
        "ST03",
        EVERY,
    ),
    case("ST*837*0001*005010X222A1~", "", codes::STRAY_SEGMENT, "segment", EVERY),
    case("*^*00501*", "*^*00401*", codes::ISA_VERSION, "ISA12", EVERY),
    case("*ZZ*SENDER ", "*ZZ*SENDER", codes::ISA_LAYOUT, "ISA06", EVERY),
    case("*0*T*:~", "*0*T**~", codes::ISA_SEPARATORS, "ISA16", EVERY),
];

/// An HL01 that jumps is told; its children then name another parent, and are set aside for that.
const FIRST_TWO_MISPARENTED: &[&str] = &["PCN2"];

#[test]
fn each_fault_is_told_with_its_element_and_costs_its_claims_alone() {
    for Case { old, new, code, element, aside } in CASES {
        let reading = read(with(old, new));
        let error = reading.error(code);
        assert_eq!(error.element, *element, "{new}: {error:?}");
        assert_eq!(&reading.set_aside(), aside, "{new}: {:?}", reading.errors);
        assert_eq!(size(reading.claims.len()), 3 - reading.accounting.quarantined, "{new}");
    }
}

#[test]
fn every_code_is_given_out_by_some_input() {
    let mut told: BTreeSet<&str> = CASES.iter().map(|case| case.code).collect();
    let json = |text: &str| read_as(text, Some(FormatChoice::Json));
    for reading in [
        read(""),
        read(" \r\n\t "),
        read("hello"),
        read(file().replace("SE*78*0001~", "").replacen("GE*", "SE*78*0001~ST*837*0001~GE*", 1)),
        read(with("BOTH ARMS", &"X".repeat(5 << 20))),
        read(with("HI*BG:09~", &format!("K3*{}~", "X".repeat(1_000_000)).repeat(68))),
        read(with("*005010X222A1~BHT", "*005010X223A2~BHT")),
        read(&file()[..file().find("LX*2").unwrap()]),
        read(many_lines(51)),
        read(with("HI*BG:09~", "CR1****F*DH*3~")),
        read_as("{}", Some(FormatChoice::X12)),
        read(include_str!("fixture/claims/institutional.837").replacen("SV2*0120", "SV2*120", 1)),
        json("[5]"),
        json("{"),
        json("{\"x\":1}"),
        json("{\"claim_id\":\"1\",\"claim_id\":\"1\"}"),
        json("{}"),
        json("{\"claim_id\":1}"),
        json("{\"claim_id\":\"1\",\"schema\":3}"),
        json("{\"claim_id\":\"1\",\"payer\":\"\\u0007\"}"),
        crate::fhir::with_every_error(),
        crate::lines::with_every_error(),
        crate::fixture::read_packed([0x28, 0xb5, 0x2f, 0xfd], 0),
    ] {
        told.extend(reading.errors.iter().map(|error| error.code));
    }
    told.extend(crate::remittance::codes_told());
    // Takes 256 MiB of rows; the reader of tables has a test with less room.
    told.insert(codes::LINES_APART);
    // Of columnar files: the crate that reads them has the tests.
    told.extend([codes::LINES_DAMAGED, codes::LINES_LOST]);
    let all: BTreeSet<&str> = codes::ALL.iter().map(|entry| entry.code).collect();
    let missing: Vec<_> = all.difference(&told).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The fixture with so many service lines in its last claim.
fn many_lines(count: usize) -> String {
    let line = |number| format!("LX*{number}~SV1*HC:99213*1*UN*1***1~DTP*472*D8*20260301~");
    let lines: String = (1..=count).map(line).collect();
    let text = file();
    let start = text.rfind("LX*1~").unwrap();
    let end = text.find("SE*78").unwrap();
    let segments = 78 - 3 + 3 * count;
    format!("{}{lines}SE*{segments}{}", &text[..start], &text[end + 5..]).replacen(
        "CLM*PCN3*75*",
        &format!("CLM*PCN3*{count}*"),
        1,
    )
}

#[test]
fn fifty_lines_are_fine_more_are_told_and_a_thousand_set_the_claim_aside() {
    assert_eq!(read(many_lines(50)).errors, []);
    for (count, kept) in [(51, 3), (999, 3), (1000, 2)] {
        let reading = read(many_lines(count));
        assert_eq!(reading.claims.len(), kept, "{count}");
        assert!(reading.codes().iter().all(|code| *code == codes::TOO_MANY_LINES));
        assert_eq!(reading.accounting.quarantined, size(3 - kept));
    }
}

#[test]
fn twelve_diagnoses_are_fine_and_the_thirteenth_is_not() {
    let list = |count: usize| format!("HI*ABK:N186{}", "*ABF:Z992".repeat(count - 1));
    let twelve = with("HI*ABK:N186*ABF:Z992", &list(12)).replacen("**1:2~", "**12~", 1);
    assert_eq!(read(&twelve).claims[0].diagnoses.len(), 12);
    let thirteen = twelve.replacen("HI*BG:09", "HI*ABF:Z992", 1);
    assert_eq!(read(&thirteen).error(codes::DIAGNOSIS).element, "HI01-1");
}

#[test]
fn empty_elements_behind_the_layout_say_nothing() {
    let reading = read(with("NTE*ADD*BOTH ARMS~", "NTE*ADD*BOTH ARMS***~"));
    assert_eq!((reading.errors.len(), reading.claims.len()), (0, 3));
}

#[test]
fn a_lost_terminator_is_told_with_both_segments() {
    let reading = read(with("UPPER EXTREMITY~NM1", "UPPER EXTREMITYNM1"));
    let error = reading.error(codes::EXTRA_ELEMENTS);
    assert!(error.message.contains("`NTE` and `NM1`"), "{}", error.message);
    assert_eq!(reading.ids(), ["PCN2", "PCN3"]);
}

#[test]
fn another_separator_than_declared_is_guessed_in_the_remedy() {
    for (old, new) in [
        ("*11:B:1*", "*11>B>1*"),
        ("HC:93970:59:RT:::DUPLEX SCAN", "HC>93970>59"),
        ("ABK:N186", "ABK|N186"),
        ("**1:2~", "**1^2~"),
    ] {
        let reading = read(with(old, new));
        assert_eq!(reading.set_aside(), ONE);
        let fix = &reading.errors[0].fix;
        assert!(fix.contains("ISA16 declares `:`"), "{fix}");
    }
}

#[test]
fn an_invalid_byte_is_told_with_its_value_and_place_and_kept() {
    let mut bytes = file().into_bytes();
    let place = file().find("ZZCHILD").unwrap();
    bytes[place] = 0xe9;
    let reading = read(&bytes);
    let error = reading.error(codes::BAD_CHARACTER);
    assert!(error.message.contains("0xe9"), "{}", error.message);
    assert_eq!((reading.ids(), reading.set_aside()), (vec!["PCN1", "PCN3"], vec!["PCN2"]));
}

#[test]
fn errors_show_no_value_of_the_claim() {
    let phi = ["ZZLAST", "ZZCHILD", "1EG4TE5MK72", "19500101", "BOTH ARMS", "741234567"];
    for case in CASES {
        for error in read(with(case.old, case.new)).errors {
            let shown = format!("{} {} {}", error.element, error.message, error.fix);
            assert!(!phi.iter().any(|value| shown.contains(value)), "{shown}");
        }
    }
}

#[test]
fn an_error_stands_at_its_segment() {
    let reading = read(SEGMENTS.replace("HC:93970", "HC:9397"));
    let error = reading.error(codes::PROCEDURE);
    let line = SEGMENTS.lines().position(|line| line.starts_with("SV1*HC:93970")).unwrap() + 1;
    assert_eq!(
        (error.location.line, error.location.offset),
        (size(line), size(SEGMENTS.find("SV1*HC").unwrap()))
    );
    assert_eq!(u64::from(error.location.segment), size(line) - 2);
    assert_eq!(error.claim.as_deref(), Some("PCN1"));
    let claim = SEGMENTS.find("CLM*PCN1").unwrap();
    let end = SEGMENTS.replace("HC:93970", "HC:9397").find("HL*3*2").unwrap() - 1;
    assert_eq!(reading.quarantined.len(), 1);
    assert_eq!(reading.quarantined[0], size(claim)..size(end));
    assert_eq!(reading.accounting.charges_quarantined, 68_000);
}
