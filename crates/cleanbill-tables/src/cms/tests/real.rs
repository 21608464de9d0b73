//! Real rows, where a developer has them beside the repository. They are never part of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::build::read;

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
