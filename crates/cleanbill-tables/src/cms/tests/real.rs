//! Real rows, where a developer has them beside the repository. They are never part of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::build::read;
use crate::cms::Dropped;

/// The file of that name among the reference files, or `None`, which is said.
fn reference(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CLEANBILL_REFERENCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
        PathBuf::from,
    );
    // A worktree stands one folder deeper than the repository.
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/reference");
    let found =
        [folder, beside].into_iter().map(|at| at.join("cms").join(name)).find(|at| at.is_file());
    if found.is_none() {
        println!("skipped: no `cms/{name}` in the folder that CLEANBILL_REFERENCE names");
    }
    found
}

fn rows_of(name: &str, called: &str) -> Option<Vec<String>> {
    let bytes = fs::read(reference(name)?).unwrap();
    let (rows, report) = read(&[(called, &bytes)]).unwrap();
    assert_eq!(report.rows_damaged, 0, "{:?}", report.damage);
    Some(rows)
}

#[test]
fn the_published_pairs_are_read() {
    let Some(rows) = rows_of("ccipra_layout_excerpt_v322r0.txt", "ccipra-v322r0-f1.txt") else {
        return;
    };
    assert_eq!(rows.len(), 18);
    assert!(rows.iter().any(|row| row.starts_with("13121|13120|0|1996-01-01||yes|")), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.contains("|9|")).count(), 5);
}

#[test]
fn the_published_units_are_read() {
    let name = "MCR_MUE_PractitionerServices_layout_excerpt_2026Q3.csv";
    let Some(rows) = rows_of(name, name) else { return };
    assert_eq!(rows.len(), 6);
    assert!(rows[0].starts_with("0001U|1|2|") && rows[0].ends_with("|2026-07-01|"), "{rows:?}");
}

#[test]
fn a_real_policy_is_read() {
    let name = "lcd_L35751_dx_93970_family.json";
    let Some(rows) = rows_of(name, name) else { return };
    assert_eq!(rows.iter().filter(|row| row.contains("|93970|yes|")).count(), 597);
}

/// The rows of a reference file that is no file of CMS: a CSV with captions, without quotes in the first cells.
fn cells_of(name: &str) -> Option<Vec<Vec<String>>> {
    let text = fs::read_to_string(reference(name)?).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    Some(rows.collect())
}

/// Real pairs, written as CMS does; the reference does not have the first day.
#[test]
fn real_pairs_of_vascular_studies_are_read_without_damage() {
    for (name, called, count) in [
        ("ncci_ptp_prac_vascular_subset.csv", "ccipra-v302r0-f1.txt", 6_707),
        ("ncci_ptp_out_vascular_subset.csv", "ccioph-v302r0-f1.txt", 5_221),
    ] {
        let Some(cells) = cells_of(name) else { return };
        let mut text =
            String::from("Column 1\tColumn 2\t*\tEffective\tDeletion\tModifier\tRationale\r\n");
        for row in &cells {
            let [one, two, deletion, indicator, rationale] = &row[..] else { panic!("{row:?}") };
            let deletion = deletion.replace('-', "");
            let deletion = if deletion == "99991231" { "*" } else { deletion.as_str() };
            text += &format!("{one}\t{two}\t\t19960101\t{deletion}\t{indicator}\t{rationale}\r\n");
        }
        let (rows, report) = read(&[(called, text.as_bytes())]).unwrap();
        assert_eq!(report.rows_damaged, 0, "{:?}", report.damage);
        let dropped: u64 = Dropped::ALL.iter().map(|why| report.dropped(*why)).sum();
        assert_eq!((cells.len(), report.rows_read), (count, u64::try_from(count).unwrap()));
        assert_eq!(u64::try_from(rows.len()).unwrap() + dropped, report.rows_read);
        let has = |row: &str| rows.iter().any(|kept| kept.starts_with(row));
        assert!(has("93985|93970|1|1996-01-01||") && has("93970|93986|1|1996-01-01||"));
        assert_eq!(has("93970|36591|0|"), called.starts_with("ccipra"));
    }
}

#[test]
fn real_units_of_three_settings_are_read_without_damage() {
    for (name, called, caption, count) in [
        ("ncci_mue_prac_2024Q3_full.csv", "PractitionerServices", "Practitioner Services", 14_677),
        (
            "ncci_mue_out_2024Q3_full.csv",
            "OutpatientHospitalServices",
            "Outpatient Hospital Services",
            14_628,
        ),
        ("ncci_mue_dme_2024Q3_full.csv", "DMESupplierServices", "DME Supplier Services", 2_928),
    ] {
        let Some(cells) = cells_of(name) else { return };
        let mut text = format!(
            "\"HCPCS/\nCPT Code\",{caption} MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
        );
        for row in &cells {
            let [code, units, mai, rationale] = &row[..4] else { panic!("{row:?}") };
            text += &format!("{code},{units},{mai} Edit,{rationale}\n");
        }
        let called = format!("MCR_MUE_{called}_Eff_07-01-2024.csv");
        let (rows, report) = read(&[(&called, text.as_bytes())]).unwrap();
        assert_eq!((report.rows_damaged, rows.len()), (0, count), "{:?}", report.damage);
    }
}

#[test]
fn real_add_on_codes_are_read_without_damage() {
    let Some(cells) = cells_of("ncci_aoc_2024-06_full.csv") else { return };
    let mut text = String::from(
        "AOC_Edit_Type,Add-On_Code,AOC_DelDT,Primary_Code,Primary_Code_DelDT,AOC_Edit_EffDT,AOC_Edit_DelDT\n",
    );
    for row in &cells {
        let [primary, addon, kind] = &row[..3] else { panic!("{row:?}") };
        text += &format!("{kind},{addon},,{primary},,2013001,\n");
    }
    let (rows, report) = read(&[("AOC_V2024Q3-MCR.csv", text.as_bytes())]).unwrap();
    let dropped: u64 = Dropped::ALL.iter().map(|why| report.dropped(*why)).sum();
    assert_eq!(report.rows_damaged, 0, "{:?}", report.damage);
    assert_eq!((u64::try_from(rows.len()).unwrap() + dropped, cells.len()), (7_465, 7_465));
}
