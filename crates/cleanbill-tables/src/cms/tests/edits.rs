//! Pairs and units.

use super::build::{pairs, read, refused, rows, units, workbook, zip};
use crate::cms::Dropped;

const NAME: &str = "ccipra-v322r0-f1.TXT";

#[test]
fn a_pair_keeps_its_indicator_its_days_and_its_age() {
    let text = pairs(&[
        "0001A 90473  20220101 20220101 9 invented-nine",
        "0001U 0030U  20180701 * 1 invented-one",
        "00100 99998 * 19960101 * 0 invented-zero",
        "G0001 99998  20180701 20260630 1 invented-one",
    ]);
    assert_eq!(
        rows(NAME, &text),
        [
            "0001A|90473|9|2022-01-01|2022-01-01||invented-nine",
            "0001U|0030U|1|2018-07-01|||invented-one",
            "00100|99998|0|1996-01-01||yes|invented-zero",
            "G0001|99998|1|2018-07-01|2026-06-30||invented-one",
        ]
    );
}

#[test]
fn windows_of_one_pair_stay_and_the_same_row_again_is_dropped_and_counted() {
    let text = pairs(&[
        "00100 99998  19960101 19960101 9 a",
        "00100 99998  19960101 * 0 a",
        "00100 99998  19960101 19960101 9 a",
        "00100 99998  19960101 19960101 9 b",
        "00101 99998  19960101 19951231 9 a",
    ]);
    let (rows, report) = read(&[(NAME, &text)]).unwrap();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(report.dropped(Dropped::Duplicate), 1);
    assert_eq!(report.dropped(Dropped::NeverInForce), 1);
    assert_eq!((report.rows_read, report.rows_kept, report.rows_damaged), (5, 3, 0));
}

#[test]
fn a_row_behind_any_number_of_notices_is_found_and_a_damaged_first_row_is_no_notice() {
    let bare = b"00100\t99998\t\t19960101\t*\t0\tinvented\n";
    assert_eq!(rows(NAME, bare), ["00100|99998|0|1996-01-01|||invented"]);
    let damaged = b"100\t99998\t\t19960101\t*\t0\tx\n00100\t99998\t\t19960101\t*\t0\tx\n";
    let (_, report) = read(&[(NAME, damaged)]).unwrap();
    assert_eq!((report.rows_kept, report.rows_damaged), (1, 1));
}

#[test]
fn every_damaged_cell_is_counted_and_the_first_twenty_are_shown_with_their_place() {
    let damaged = [
        "9997 99998  20180701 * 1 r",
        "99970 9999  20180701 * 1 r",
        "99970 99998 x 20180701 * 1 r",
        "99970 99998  20180732 * 1 r",
        "99970 99998  20180701 2018 1 r",
        "99970 99998  20180701  1 r",
        "99970 99998  20180701 * 2 r",
        "99970 99998  20180701",
        "99970 99998  20180701 * 1 r more",
    ];
    let mut all = vec!["00100 99998  19960101 * 0 kept"];
    all.extend(damaged);
    all.extend([damaged[0]; 15]);
    let (rows, report) = read(&[(NAME, &pairs(&all))]).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((report.rows_damaged, report.damage.len()), (24, 20));
    let shown: Vec<String> = report.damage.iter().take(9).map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "ccipra-v322r0-f1.TXT, row 8, column one: `9997` is not a procedure code",
            "ccipra-v322r0-f1.TXT, row 9, column two: `9999` is not a procedure code",
            "ccipra-v322r0-f1.TXT, row 10, prior to 1996: `x` is none of the values that this column has",
            "ccipra-v322r0-f1.TXT, row 11, effective date: `20180732` is not a date",
            "ccipra-v322r0-f1.TXT, row 12, deletion date: `2018` is not a date",
            "ccipra-v322r0-f1.TXT, row 13, deletion date: `` is not a date",
            "ccipra-v322r0-f1.TXT, row 14, modifier indicator: `2` is none of the values that this column has",
            "ccipra-v322r0-f1.TXT, row 15, row: `99970` has another number of cells than the rows of this layout",
            "ccipra-v322r0-f1.TXT, row 16, row: `99970` has another number of cells than the rows of this layout",
        ]
    );
}

#[test]
fn a_workbook_gives_the_rows_of_the_text_though_it_made_numbers_of_codes_and_days() {
    let text = pairs(&["00100 99998 * 19960101 * 0 x", "0001A 00100  20180701 20241231 1 y"]);
    let book = workbook(&[
        &["CPT only copyright"],
        &["Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP"],
        &["#100", "#99998", "*", "#19960101.0", "*", "#0", "x"],
        &["0001A", "#100", "", "#20180701", "#20241231.0", "#1", "y"],
    ]);
    let name = "ccipra-v322r0-f1.xlsx";
    assert_eq!(rows(name, &book), rows(NAME, &text));
    let packed = zip(&[(name, &book)]);
    assert_eq!(rows("ptp.zip", &packed), rows(NAME, &text));
    let fraction = workbook(&[
        &["#100.5", "#99998", "", "#19960101", "*", "#0", "x"],
        &["#100", "#99998", "", "#19960101", "*", "#0", "x"],
    ]);
    let (_, report) = read(&[(name, &fraction)]).unwrap();
    assert_eq!(report.damage[0].cell, "100.5");
}

#[test]
fn a_zip_with_text_and_workbook_is_read_from_the_text() {
    let text = pairs(&["00100 99998 * 19960101 * 0 text"]);
    let book = workbook(&[&["#100", "#99998", "", "#19960101", "*", "#0", "book"]]);
    let packed = zip(&[
        ("ccipra-v322r0-f1.xlsx", book.as_slice()),
        ("readme.txt", b"all about it"),
        ("ccipra-v322r0-f1.TXT", text.as_slice()),
    ]);
    let name = "medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip";
    let (rows, report) = read(&[(name, &packed)]).unwrap();
    assert_eq!(rows, ["00100|99998|0|1996-01-01||yes|text"]);
    assert_eq!(report.sources[0].entry.as_deref(), Some("ccipra-v322r0-f1.TXT"));
    assert_eq!(report.sources[0].bytes, u64::try_from(packed.len()).unwrap());
}

#[test]
fn pairs_of_medicaid_have_six_columns_and_an_empty_deletion_is_none() {
    let text = b"Column 1\tColumn 2\tEffective\tDeletion\tModifier\tRationale\n\
        00100\t99998\t20180701\t*\t1\tx\n00100\t99999\t20180701\t\t0\ty\n";
    let name = "medicaid-ncci-q2-2026-ptp-edits-practitioner-services.txt";
    assert_eq!(rows(name, text), ["00100|99998|1|2018-07-01|||x", "00100|99999|0|2018-07-01|||y"]);
}

const CAPTION: &str = "Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale";

#[test]
fn units_have_the_number_of_their_indicator_and_the_day_of_their_file() {
    let file = units(
        CAPTION,
        "0001U,1,2 Date of Service Edit: Policy,Invented\n00100,0,3 Date of Service Edit: Clinical,\"a, b\"\nG0001,90000,1 Line Edit,c\n",
    );
    assert_eq!(
        rows("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", &file),
        [
            "0001U|1|2|Invented|2026-07-01|",
            "00100|0|3|a, b|2026-07-01|",
            "G0001|90000|1|c|2026-07-01|"
        ]
    );
}

#[test]
fn units_of_medicaid_have_no_indicator() {
    let file = units("Practitioner Services MUE Values,MUE Rationale", "00100,0,x\n");
    let name = "medicaid-ncci-2026-q3-mue-practitioner-services.csv";
    assert_eq!(rows(name, &file), ["00100|0||x|2026-07-01|"]);
}

#[test]
fn damaged_units_are_refused_cell_by_cell_with_the_line_of_the_file() {
    let file = units(
        CAPTION,
        "100,1,2 x,r\n00100,1.5,2 x,r\n00100,-1,2 x,r\n00100,1,4 x,r\n00100,1,,r\n00101,1,1 x,r\n",
    );
    let (rows, report) =
        read(&[("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", &file)]).unwrap();
    assert_eq!(rows.len(), 1);
    let places: Vec<(u64, &str)> =
        report.damage.iter().map(|damage| (damage.line, damage.column.as_str())).collect();
    let expected =
        [(8, "code"), (9, "MUE value"), (10, "MUE value"), (11, "indicator"), (12, "indicator")];
    assert_eq!(places, expected);
}

#[test]
fn a_file_without_rows_is_refused() {
    let outcome = read(&[("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", &units(CAPTION, ""))]);
    assert!(refused(outcome).contains("has no row of table `ncci-mue-practitioner`"));
}
