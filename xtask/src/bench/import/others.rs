//! The files of all other tables, at about the size of a real release: units, add-on codes, fee schedule,
//! diagnoses, HCPCS and coverage. Codes are numbers in order, texts are invented.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::code;
use crate::bench::vocabulary::Sequence;

/// Writes them; gives back the files in groups that are imported together.
pub fn write(folder: &Path) -> io::Result<Vec<Vec<PathBuf>>> {
    let mut groups = Vec::new();
    // Two quarters of units make a history.
    for (quarter, day) in [("2", "04-01-2026"), ("3", "07-01-2026")] {
        let mut files = Vec::new();
        for (who, head, rows) in [
            ("PractitionerServices", "Practitioner Services", 15_162),
            ("OutpatientHospitalServices", "Outpatient Hospital Services", 14_628),
            ("DMESupplierServices", "DME Supplier Services", 2_928),
        ] {
            files.push((format!("MCR_MUE_{who}_Eff_{day}.csv"), units(head, rows, true)));
            let medicaid = format!("medicaid-ncci-q{quarter}-2026-mue-edits-{who}.csv");
            files.push((medicaid.replace("Services", "-services"), units(head, rows, false)));
        }
        groups.push(files);
    }
    groups.push(vec![
        ("AOC_V2026Q3-MCR.csv".to_owned(), add_on()),
        ("PPRRVU2026_Jul_nonQPP.csv".to_owned(), fees()),
        ("icd10cm_order_2026.txt".to_owned(), diagnoses()),
        ("HCPC2026_JUL_ANWEB.txt".to_owned(), hcpcs()),
    ]);
    for policy in ["L35751", "L34045"] {
        groups.push(vec![(format!("lcd_{policy}_2026q3.csv"), coverage(policy))]);
    }
    let write = |(name, text): (String, String)| {
        let path = folder.join(name);
        fs::write(&path, text).map(|()| path)
    };
    groups.into_iter().map(|files| files.into_iter().map(write).collect()).collect()
}

fn units(head: &str, rows: u64, has_indicator: bool) -> String {
    let mut random = Sequence::new();
    let mut text = "\"Notice of the one who has the rights,\non two lines\",,,\n".to_owned();
    let indicator = if has_indicator { ",MUE Adjudication Indicator" } else { "" };
    let _ = writeln!(text, "\"HCPCS/\nCPT Code\",{head} MUE Values{indicator},MUE Rationale");
    for row in 0..rows {
        let value = random.below(12);
        let indicator = match has_indicator {
            true => random.pick(&[
                "1 Line Edit,",
                "2 Date of Service Edit: Policy,",
                "3 Date of Service Edit: Clinical,",
            ]),
            false => "",
        };
        let _ = writeln!(text, "{},{value},{indicator}Invented reason", code(row));
    }
    text
}

fn add_on() -> String {
    let mut random = Sequence::new();
    let mut text = "Notice,,,,,,,\nAOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,\
        Primary_Code_DelDT,AOC_Edit_EffDT,AOC_Edit_DelDT,Special_Instruction_Notes\n"
        .to_owned();
    for row in 0..7_465 {
        let primary = match row % 12 {
            0 => "CCCCC".to_owned(),
            _ => code(1_000 + row),
        };
        let kind = if row % 12 == 0 { "2" } else { random.pick(&["1", "1", "3"]) };
        let _ = writeln!(text, "{kind},{},,{primary},,2013001,,", code(row / 12));
    }
    text
}

/// Three lines of captions, whose names repeat.
const FEES: &str = ",,Release,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n\
    HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,\
    OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT\n";

fn fees() -> String {
    let mut random = Sequence::new();
    let mut text = FEES.to_owned();
    for row in 0..19_000 {
        let modifier = ["", "26", "TC"].get(usize::from(row % 3 == 1)).copied().unwrap_or_default();
        let na = random.pick(&["", "", "NA"]);
        let (mult, bilateral) = (random.below(8), random.below(4));
        let _ = writeln!(
            text,
            "{},{modifier},,A,,0.10,0.20,,0.30,{na},0.01,0.40,0.41,1,XXX,0,0,0,{mult},{bilateral},0,0,0,,33.4,\
             88,0,99,0,0,0",
            code(row / 2)
        );
    }
    text
}

fn diagnoses() -> String {
    let mut text = String::new();
    for row in 0..98_186_u32 {
        let letter = char::from_u32(u32::from('A') + row / 4_000).unwrap_or('Z');
        let number = row % 4_000;
        let code = format!("{letter}{:02}{:02}{}", number / 100 % 100, number % 100, row % 10);
        let _ = writeln!(text, "{:05} {code:<7} 1 {:<60} Invented words\r", row + 1, "Invented");
    }
    text
}

fn hcpcs() -> String {
    let mut text = String::new();
    for row in 0..8_700_u32 {
        let head = format!("G{:04}001003invented words", row);
        let ended = if row % 9 == 0 { "20241231" } else { "" };
        let _ = writeln!(text, "{head:<268}{:<8}{:<8}{ended:<8}N\r", "20030101", "20030101");
    }
    text
}

fn coverage(policy: &str) -> String {
    let mut text = "lcd_id,hcpc_code_id,icd10_code_id,icd10_covered_group\n".to_owned();
    for row in 0..3_000_u32 {
        let dx = format!("I{:02}.{:03}", row / 5 % 90, row / 5);
        let _ = writeln!(text, "{policy},{},{dx},1", code(u64::from(row % 5)));
    }
    text
}
