//! Add-on codes, fee schedule, diagnoses, HCPCS, coverage and tables of one's own.

use super::build::{Kept, planned, read, rows, workbook, zip};
use crate::cms::{Dropped, Kind, Options};

#[test]
fn an_add_on_row_ends_with_the_first_deletion_that_applies() {
    let captions: &[&str] = &[
        "AOC_Edit_Type",
        "Add-On_Code",
        "AOC_DelDT",
        "Primary_Code",
        "Primary_Code_DelDT",
        "AOC_Edit_EffDT",
        "AOC_Edit_DelDT",
        "Special_Instruction_Notes",
    ];
    let book = workbook(&[
        &["Codes are copyright of their owner"],
        captions,
        &["#1", "#54", "", "#100", "", "#2013001", "", ""],
        &["1", "0054T", "2024366", "99998", "#2023365", "#2013001", "#2025001", ""],
        &["2", "G0001", "", "CCCCC", "", "#2013001", "", "Contractor defined"],
        &["3", "G0001", "", "99998", "", "#2013001", "2012366", ""],
    ]);
    let (rows, report) = read(&[("AOC_V2026Q2-MCR.xlsx", &book)]).unwrap();
    assert_eq!(
        rows,
        [
            "00054|00100|1|2013-01-01||",
            "0054T|99998|1|2013-01-01|2023-12-31|",
            "G0001|CCCCC|2|2013-01-01||Contractor defined"
        ]
    );
    assert_eq!(report.dropped(Dropped::NeverInForce), 1);
}

/// The captions of a relative value file, whose names repeat.
const FEES: &str = ",,Relative Value File July Release,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n\
    ,,,STATUS,MEDICARE,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,POST,MULT,BILAT,ASST,CO-,TEAM,ENDO,CONV,DIAGNOSTIC,CALCULATION,FAMILY,PAYMENT,PAYMENT,PAYMENT\n\
    HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT\n";

#[test]
fn indicators_of_the_fee_schedule_come_without_any_description() {
    let text = format!(
        "{FEES}99998,26,\"SECRET, WORDS\",A,,0.17,0.62,,0.63,NA,0.01,0.80,0.81,1,010,0,0,0,6,2,0,0,0,,33.4,88,0,99,0,0,0\n\
         99999,,SECRET,B,,0,0,NA,0,,0,0,0,9,XXX,0,0,0,0,0,0,0,0,,33.4,88,0,99,0,0,0\n\
         SECRET,,SECRET,B,,0,0,NA,0,,0,0,0,9,XXX,0,0,0,0,0,0,0,0,,33.4,88,0,99,0,0,0\n"
    );
    let name = "PPRRVU2026_Jul_nonQPP.csv";
    // Some releases end lines with a carriage return alone.
    for text in [text.clone(), text.replace('\n', "\r")] {
        let packed = zip(&[
            ("PPRRVU2026_Jul_QPP.csv", text.as_bytes()),
            (name, text.as_bytes()),
            ("26LOCCO.csv", b"a,b\n1,2\n"),
        ]);
        let (rows, report) = read(&[("rvu26c.zip", &packed)]).unwrap();
        assert_eq!(
            rows,
            [
                "99998|26|A|1|010|6|2||NA|2026-07-01|2026-09-30",
                "99999||B|9|XXX|0|0|NA||2026-07-01|2026-09-30"
            ]
        );
        assert_eq!(report.sources[0].entry.as_deref(), Some(name));
        // A description is not shown, wherever the row is damaged; the code's own cell is.
        assert_eq!(report.damage[0].column, "HCPCS");
        assert_eq!(report.damage.len(), 1);
    }
}

/// A row by position, with the shares of a ten-day service.
fn row(code: &str, modifier: &str, status: &str, expenses: [&str; 2], tail: &str) -> String {
    let [nonfacility, facility] = expenses;
    format!(
        "{code:<5}{modifier:<2}{:<50}{status}   5.19   5.31{nonfacility:<2}   5.31{facility:<2}  1.45  11.95 \
         11.95{tail}             32.3465 090 99      0.00   0.00   0.00\r\n",
        "SECRET, WORDS"
    )
}

#[test]
fn indicators_are_read_by_position_where_the_file_has_no_captions() {
    let head = "HDR WORDS OF THE ONE WHO HAS THE RIGHTS           \r\n".repeat(7);
    let good = row("99998", "26", "A", ["", "NA"], "1010.10.80.1062100")
        + &row("0054T", "", "C", ["NA", ""], "0XXX.00.00.0000000");
    let name = "PPRRVU25_JAN.txt";
    let expected = [
        "99998|26|A|1|010|6|2||NA|2025-01-01|2025-03-31",
        "0054T||C|0|XXX|0|0|NA||2025-01-01|2025-03-31",
    ];
    assert_eq!(rows(name, format!("{head}{good}").as_bytes()), expected);
    // One position too many is no other number: the row is damaged, and no description is shown.
    let moved = row("99999", "", "A", ["", ""], " 1010.10.80.1062100");
    let (kept, report) = read(&[(name, format!("{head}{good}{moved}").as_bytes())]).unwrap();
    assert_eq!((kept.len(), report.rows_damaged), (2, 1));
    assert!(!report.damage[0].to_string().contains("SECRET"));
    // Beside rows under captions they are left alone.
    let text =
        format!("{FEES}99998,,SECRET,A,,0,0,NA,0,,0,0,0,9,XXX,0,0,0,0,0,0,0,0,,1,88,0,99,0,0,0\n");
    for entries in [[0, 1], [1, 0]] {
        let both = [(name, format!("{head}{good}")), ("PPRRVU25_JAN.csv", text.clone())];
        let packed: Vec<(&str, &[u8])> =
            entries.iter().map(|at| (both[*at].0, both[*at].1.as_bytes())).collect();
        let (kept, report) = read(&[("rvu25a.zip", &zip(&packed))]).unwrap();
        assert_eq!(kept, ["99998||A|9|XXX|0|0|NA||2025-01-01|2025-03-31"]);
        assert_eq!(report.sources[0].entry.as_deref(), Some("PPRRVU25_JAN.csv"));
    }
}

#[test]
fn diagnoses_have_their_point_back_and_the_days_of_the_fiscal_year() {
    let text = "00001 A00     0 Short words                                                  Long\r\n\
                00002 A000    1 Short words                                                  Long\r\n";
    assert_eq!(
        rows("icd10cm_order_2026.txt", text.as_bytes()),
        ["A00|no|2025-10-01|2026-09-30", "A00.0|yes|2025-10-01|2026-09-30"]
    );
    let april = zip(&[("icd10cm_order_2026.txt", text.as_bytes())]);
    let plan =
        planned(&[("april-1-2026-code-descriptions.zip", &april)], &Options::default()).unwrap();
    assert_eq!(plan.tables()[0].edition, "fy2026-april");
    let cut = format!("{text}00003 A0");
    let (_, report) = read(&[("icd10cm_order_2026.txt", cut.as_bytes())]).unwrap();
    assert_eq!((report.rows_kept, report.rows_damaged), (2, 1));
}

/// A record of the HCPCS file: dates and action at their positions.
fn record(code: &str, kind: &str, text: &str, added: &str, ended: &str, action: &str) -> String {
    let head = format!("{code:<5}00100{kind}{text}");
    format!("{head:<268}{added:<8}{added:<8}{ended:<8}{action}\r\n")
}

#[test]
fn hcpcs_codes_have_their_first_and_last_day_and_no_modifiers_among_them() {
    let mut text = record("G0001", "3", "words", "20030101", "20241231", "D")
        + "G0001002004more words\r\n"
        + &record("AX", "7", "words", "20030101", "", "N")
        + &record("G0002", "3", "words", "20030101", "", "N");
    // A description in Windows-1252 moves no position.
    let mut bytes = std::mem::take(&mut text).into_bytes();
    bytes[14] = 0x92;
    let (rows, report) = read(&[("HCPC2026_JUL_ANWEB.txt", &bytes)]).unwrap();
    assert_eq!(rows, ["G0001|2003-01-01|2024-12-31|D", "G0002|2003-01-01||N"]);
    assert_eq!(report.dropped(Dropped::OtherRecord), 2);
    assert_eq!(report.rows_damaged, 0);
    let book = workbook(&[
        &[
            "HCPC",
            "SEQNUM",
            "RECID",
            "LONG DESCRIPTION",
            "ADD DT",
            "ACT EFF DT",
            "TERM DT",
            "ACTION CD",
        ],
        &["G0001", "#100", "#3", "words", "#20030101", "#20030101", "#20241231", "D"],
        &["AX", "#100", "#7", "words", "#20030101", "", "", "N"],
    ]);
    let (rows, _) = read(&[("HCPC2026_JUL_ANWEB.xlsx", &book)]).unwrap();
    assert_eq!(rows, ["G0001|2003-01-01|2024-12-31|D"]);
}

#[test]
fn covered_diagnoses_come_from_lists_and_from_json() {
    let csv = "article_id,icd10_code_id,icd10_covered_group,description\n52993,I82401,1,SECRET\n52993,I82.402,1,SECRET\n";
    assert_eq!(
        rows("article_x_icd10_covered.csv", csv.as_bytes()),
        ["I82.401||yes|1|52993|", "I82.402||yes|1|52993|"]
    );
    let json = r#"{"99998":{"covered":["I82.401"],"lcdIds":["L99999"],"notCovered":["I82.49"]}}"#;
    assert_eq!(
        rows("list_L99999.json", json.as_bytes()),
        ["I82.401|99998|yes||L99999|", "I82.49|99998|no||L99999|"]
    );
    let list = r#"{"data":[{"icd10_code_id":"I82.401","lcd_id":99999,"contractor":"N/A"}]}"#;
    assert_eq!(rows("lcd.json", list.as_bytes()), ["I82.401||yes||99999|"]);
    let own = Options { kind: Some(Kind::Coverage), edition: Some("2026-01".into()) };
    let plan = planned(&[("mine.csv", b"dx,code\nI82.401,99998\nbad,99998\n")], &own).unwrap();
    let mut kept = Kept::default();
    let report = plan.read(&plan.tables()[0], &mut kept, &mut |_| ()).unwrap();
    assert_eq!((kept.0.len(), report.rows_damaged), (1, 1));
}

#[test]
fn a_table_of_ones_own_keeps_its_columns_and_takes_its_name_from_the_file() {
    let text = b"code,max_units,from\n00100,1,2026-01-01\n00101,2\n";
    let (rows, report) = read(&[("Our units 2026q1.csv", text)]).unwrap();
    assert_eq!((rows, report.rows_damaged), (vec!["00100|1|2026-01-01".to_owned()], 1));
    let plan = planned(&[("Our units 2026q1.csv", text)], &Options::default()).unwrap();
    let table = &plan.tables()[0];
    assert_eq!((table.name.as_str(), table.edition.as_str()), ("our-units-2026q1", "2026q1"));
    assert_eq!(table.columns, ["code", "max_units", "from"]);
    assert_eq!(table.key, ["code"]);
}
