//! Claims and amounts of 837 and 835 files, compared with a counter in Python that shares no code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{Sandbox, clean_claim, records, top};

/// Files below `folder` whose names end in one of `ends`, in order.
fn files(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ends));
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The 837 files of the repository.
pub fn own() -> Vec<PathBuf> {
    let folders = ["examples", "crates/cleanbill-cli/tests", "crates/cleanbill-intake/tests"];
    let found: Vec<_> =
        folders.iter().flat_map(|folder| files(&top().join(folder), &[".837"])).collect();
    assert!(found.len() >= 5, "{found:?}");
    found
}

/// Sample files beside the repository, or beside the folder of its worktrees. They are not ours.
pub fn corpus() -> Vec<PathBuf> {
    let folders = ["../shared/corpus/x12", "../../shared/corpus/x12"];
    let ends = [".837", ".837i", ".835", ".834", ".270", ".271", ".276", ".277"];
    folders.iter().flat_map(|folder| files(&top().join(folder), &ends)).collect()
}

/// What each file holds by the counter in Python; `None` where there is no Python.
fn counted(how: &[&str], paths: &[PathBuf]) -> Option<Vec<Value>> {
    let counter = top().join("tests/count_claims.py");
    let output = Command::new("python3").arg(counter).args(how).args(paths).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(records(&String::from_utf8(output.stdout).unwrap()))
}

/// What each file holds by `validate`, in the words of the counter.
fn validated(sandbox: &Sandbox, paths: &[PathBuf]) -> Vec<Value> {
    let mut arguments = vec!["validate", "--format", "ndjson"];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    let ran = sandbox.run(&arguments);
    let records = ran.records();
    let summary = records.last().unwrap();
    assert_eq!(summary["total"]["holds"], true);
    let counts = |file: &Value| {
        let books = &file["accounting"];
        let charges = ["charges_passed", "charges_rejected", "charges_quarantined"];
        let cents: i64 = charges.iter().map(|name| in_cents(&books[*name])).sum();
        serde_json::json!({
            "file": file["file"],
            "claims": books["claims_in"],
            "cents": cents,
            "unreadable": books["charges_unreadable"],
        })
    };
    summary["files"].as_array().unwrap().iter().map(counts).collect()
}

fn in_cents(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// What each file of remittance advice holds by `learn`, in the words of the counter.
fn learnt(sandbox: &Sandbox, paths: &[PathBuf]) -> Vec<Value> {
    let mut arguments = vec!["learn", "--claims", "claims.ndjson", "--format", "json"];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    let ran = sandbox.run(&arguments);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let counts = |file: &Value| {
        let books = &file["accounting"];
        assert_eq!(books["holds"], true, "{file}");
        serde_json::json!({
            "file": file["file"],
            "claims": books["claims_in"],
            "lines": books["lines"],
            "adjustments": books["adjustments"],
            "payments": books["payments"],
            "provider_adjustments": books["provider_adjustments"],
            "charges": in_cents(&books["charges_in"]),
            "paid": in_cents(&books["paid"]),
            "line_charges": in_cents(&books["line_charges"]),
            "line_paid": in_cents(&books["line_paid"]),
            "adjusted": in_cents(&books["adjusted"]),
            "payment_total": in_cents(&books["payment_total"]),
            "provider_adjusted": in_cents(&books["provider_adjusted"]),
            "unreadable": books["unreadable"],
        })
    };
    document["remits"].as_array().unwrap().iter().map(counts).collect()
}

/// What is done to the text of a file.
type Change = fn(&str) -> String;

/// The files of the repository with other separators, line ends and text around them.
pub fn variants(sandbox: &Sandbox, own: &[PathBuf]) -> Vec<PathBuf> {
    let changes: [(&str, Change); 7] = [
        ("one-line", |text| text.replace('\n', "")),
        ("newline", |text| text.replace("~\n", "\n")),
        ("return", |text| text.replace("~\n", "\r")),
        ("separators", |text| text.replace('*', "|").replace(':', ">").replace('~', "'")),
        ("wrapped", |text| {
            let text = text.replace('\n', "").into_bytes();
            let lines: Vec<_> = text.chunks(80).map(String::from_utf8_lossy).collect();
            lines.join("\r\n")
        }),
        ("mail", |text| format!("From: a@example.test\n\n{text}Kind regards")),
        ("twice", |text| format!("{text}\n{}", text.replace('~', "!"))),
    ];
    let mut paths = Vec::new();
    for (index, path) in own.iter().enumerate() {
        let text = fs::read_to_string(path).unwrap();
        for (name, change) in changes {
            let name = format!("{index}-{name}.837");
            sandbox.write(&name, change(&text).as_bytes());
            paths.push(sandbox.path(&name));
        }
    }
    paths
}

#[test]
fn claims_and_charges_are_those_that_another_counter_finds() {
    let sandbox = Sandbox::new();
    let paths = [own(), variants(&sandbox, &own()), corpus()].concat();
    let Some(counted) = counted(&[], &paths) else {
        println!("skipped: no python3 to count with");
        return;
    };
    let validated = validated(&sandbox, &paths);
    assert_eq!(counted.len(), paths.len());
    let differ: Vec<_> = counted.iter().zip(&validated).filter(|(a, b)| a != b).collect();
    assert!(differ.is_empty(), "{differ:#?}");
    let claims: u64 = counted.iter().map(|file| file["claims"].as_u64().unwrap()).sum();
    println!("{} files, {claims} claims", paths.len());
    assert!(claims > 100, "{claims}");
}

#[test]
fn claims_lines_and_amounts_of_remittance_advice_are_those_that_another_counter_finds() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let own = [top().join("examples/clinic-day.835")];
    // The samples beside the repository that have another ending are texts with or without an interchange.
    let folders = ["../shared/corpus/x12/remittance-835", "../../shared/corpus/x12/remittance-835"];
    let others = folders.iter().flat_map(|folder| files(&top().join(folder), &["_sample.txt"]));
    let paths = [own.to_vec(), variants(&sandbox, &own), corpus(), others.collect()].concat();
    let Some(counted) = counted(&["--remits"], &paths) else {
        println!("skipped: no python3 to count with");
        return;
    };
    if paths.len() < 10 {
        println!("no sample files beside the repository: {} files counted", paths.len());
    }
    let learnt = learnt(&sandbox, &paths);
    assert_eq!(counted.len(), learnt.len());
    let differ: Vec<_> = counted.iter().zip(&learnt).filter(|(a, b)| a != b).collect();
    assert!(differ.is_empty(), "{differ:#?}");
    let sum = |name: &str| counted.iter().map(|file| file[name].as_u64().unwrap()).sum::<u64>();
    println!("{} files, {} claims, {} lines", paths.len(), sum("claims"), sum("lines"));
    assert!(sum("claims") >= 15 * 8 && sum("adjustments") >= 31 * 8);
}
