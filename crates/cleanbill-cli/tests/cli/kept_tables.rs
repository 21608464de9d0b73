//! Large tables are kept compiled beside their CSV file, and nobody can tell from what is said.

use std::fmt::Write as _;
use std::fs;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim};

const PACK: &str = "\
schema: cleanbill/pack/v1
name: pairs
version: 1.0.0
title: Pairs of a large table
tables:
  ptp: { file: tables/ptp.csv, key: [column_one, column_two], effective: [from, through], setting: setting }
rules:
  - id: pairs
    title: Two codes that are not paid together
    mutually_exclusive: { table: ptp, same: [patient, service_date] }
    message: \"{code} is not paid with {other.code}: {rationale} ({indicator}).\"
    fix: Remove {code}.
    source: [{ authority: Northwind, document: Made up, kind: internal }]
";

/// A little more than 1 MiB, the pair of the conflicting claim late in it, out of order and twice.
fn rows() -> String {
    let mut text = "column_one,column_two,indicator,from,through,setting,rationale\r\n".to_owned();
    for row in 0..16_000 {
        let (one, two) = (10_000 + row % 400, 20_000 + row / 400);
        let _ = write!(
            text,
            "{one},{two},1,2020-01-01, ,both,\"Said, in the manual of the payer\"\r\n"
        );
    }
    text += "93985,93970,9,2026-01-01,2026-01-01,both,Never in force\r\n";
    text += "93985,93970,1,2020-01-01,,both,\"In force, é\"\r\n";
    text += "10000,20000,0,2019-01-01,2019-12-31,hospital,Older\r\n";
    assert!(text.len() > 1 << 20);
    text
}

fn sandbox(rows: &str) -> Sandbox {
    let sandbox = Sandbox::with_claims(&[clean_claim("A"), conflicting_claim("B")]);
    for (name, rows) in [("pack", rows), ("old", &rows.replace(",1,2020", ",0,2020"))] {
        fs::create_dir_all(sandbox.path(name).join("tables")).unwrap();
        sandbox.write(&format!("{name}/pack.yaml"), PACK.as_bytes());
        sandbox.write(&format!("{name}/tables/ptp.csv"), rows.as_bytes());
    }
    sandbox
}

/// The kept tables of the pack.
fn kept(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let Ok(entries) = fs::read_dir(sandbox.path("pack/tables/.cleanbill")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "cbt"));
    paths
}

/// All that depends on the table: findings, explanations, changed rows, digests, archives.
fn said(sandbox: &Sandbox) -> Vec<Ran> {
    let ran = |arguments: &str| sandbox.run(&arguments.split(' ').collect::<Vec<_>>());
    let mut all = vec![
        ran("validate claims.ndjson --packs pack --format ndjson"),
        ran("explain claims.ndjson --packs pack --rule pairs --format json"),
        ran("explain claims.ndjson --packs pack --rule pairs"),
        ran("diff old pack --claims claims.ndjson"),
        ran("rules check pack"),
        ran("rules pack build pack --output pack.cbpack"),
        ran("rules pack lock pack"),
        ran("validate claims.ndjson --packs pack --locked"),
    ];
    let archive = fs::read(sandbox.path("pack.cbpack")).unwrap();
    assert!(!archive.windows(10).any(|bytes| bytes == b".cleanbill"));
    all.push(ran("rules pack verify pack.cbpack"));
    fs::remove_file(sandbox.path("pack.cbpack")).unwrap();
    fs::remove_file(sandbox.path("packs.lock")).unwrap();
    all
}

fn same(a: &[Ran], b: &[Ran]) {
    for (a, b) in a.iter().zip(b) {
        assert_eq!((a.code, &a.stdout, &a.stderr), (b.code, &b.stdout, &b.stderr));
    }
}

#[test]
fn a_kept_table_says_what_the_csv_says_byte_for_byte() {
    let sandbox = sandbox(&rows());
    // A file where the folder would be: nothing can be kept, and every run reads the CSV.
    for name in ["pack", "old"] {
        sandbox.write(&format!("{name}/tables/.cleanbill"), b"");
    }
    let from_csv = said(&sandbox);
    assert_eq!(from_csv[0].code, Some(1), "{:?}", from_csv[0]);
    assert!(from_csv[0].stdout.contains("In force, é"), "{:?}", from_csv[0]);
    assert!(from_csv[1].stdout.contains("ptp.csv:16003"), "{:?}", from_csv[1]);
    for name in ["pack", "old"] {
        fs::remove_file(sandbox.path(name).join("tables/.cleanbill")).unwrap();
    }
    let making = said(&sandbox);
    let [table] = &kept(&sandbox)[..] else { panic!("not kept") };
    let written = fs::metadata(table).unwrap().modified().unwrap();
    let from_kept = said(&sandbox);
    assert_eq!(fs::metadata(table).unwrap().modified().unwrap(), written, "made again");
    same(&making, &from_csv);
    same(&from_kept, &from_csv);
}

#[test]
fn a_damaged_kept_table_is_named_and_made_again() {
    let sandbox = sandbox(&rows());
    let validate = || {
        let command = "validate claims.ndjson --packs pack --format ndjson --verbose";
        sandbox.run(&command.split(' ').collect::<Vec<_>>())
    };
    let first = validate();
    let [table] = &kept(&sandbox)[..] else { panic!("not kept") };
    let whole = fs::read(table).unwrap();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x10;
    fs::write(table, &damaged).unwrap();
    let ran = validate();
    assert_eq!((ran.code, ran.stdout), (first.code, first.stdout.clone()));
    let name = table.file_name().unwrap().to_str().unwrap();
    assert!(ran.stderr.contains(name) && ran.stderr.contains("damaged"), "{}", ran.stderr);
    assert!(fs::read(table).unwrap() == whole);
    let again = validate();
    assert_eq!((again.stdout, again.stderr), (first.stdout, first.stderr));
}

#[test]
fn mistakes_of_a_large_table_are_the_same_each_time() {
    let mut rows = rows();
    rows += "9397,93985,1,2026-01-01,,both,Lost a character\r\n";
    rows += "93970,93985,7,2026-01-01,2025-01-01,both,Two mistakes\r\n";
    let sandbox = sandbox(&rows);
    let check = || sandbox.run(&["rules", "check", "pack"]);
    let from_csv = check();
    assert_eq!(from_csv.code, Some(2), "{from_csv:?}");
    for words in ["row 16005, column `column_one`: `9397`", "`7` is not a", "row 16006 ends before"]
    {
        assert!(from_csv.stderr.contains(words) || from_csv.stdout.contains(words), "{from_csv:?}");
    }
    assert_eq!(kept(&sandbox).len(), 1, "the cells are there, whatever they mean");
    same(&[check()], &[from_csv]);
    // Rows that are not even rows: nothing is kept.
    let sandbox = self::sandbox(&(rows + "93970,93985\r\n"));
    let check = || sandbox.run(&["rules", "check", "pack"]);
    let first = check();
    assert!(kept(&sandbox).is_empty());
    same(&[check()], &[first]);
}
