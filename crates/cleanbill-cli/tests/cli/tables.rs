//! `cleanbill tables`: files in the form in which CMS publishes them, with invented rows, into tables that a
//! pack names.

use std::fs;

use serde_json::Value;

use crate::command::{Ran, Sandbox};

const PACK: &str = "\
schema: cleanbill/pack/v1
name: pairs
version: 1.0.0
title: Pairs of one quarter
tables:
  ptp: { imported: ncci-ptp-practitioner, key: [column_one, column_two], effective: [from, through] }
rules:
  - id: pair
    title: Two services of which one is part of the other
    mutually_exclusive:
      table: ptp
      same: [patient, service_date]
      bypass: { modifiers: [\"59\"] }
    disposition: line_denial
    message: \"{code} is not paid with {other.code}.\"
    fix: Remove one.
    source: [{ authority: Invented, document: Pairs, kind: internal }]
";

/// A part of the pairs of Medicare, with its six lines of notice and captions; cells of `rows` stand
/// behind `|`.
fn part(rows: &[&str]) -> Vec<u8> {
    let mut text = String::from(
        "CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n\
         Column1/Column2 Edits\t\t\t\t\t\t\r\n\
         Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n\
         \t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\
         \t\t\t\t*=no data\t1=allowed\t\r\n\
         \t\t\t\t\t9=not applicable\t\r\n",
    );
    for row in rows {
        text += &row.replace('|', "\t");
        text += "\r\n";
    }
    text.into_bytes()
}

/// Writes the four parts of a release; parts without rows of their own hold one that stays.
pub fn quarter(sandbox: &Sandbox, release: &str, first: &[&str], second: &[&str]) {
    let parts =
        [first, second, &["55000|99998||20200101|*|1|stays"], &["G0001|99998||20200101|*|1|stays"]];
    for (number, rows) in (1..).zip(parts) {
        sandbox.write(&format!("ccipra-{release}-f{number}.TXT"), &part(rows));
    }
}

pub fn import(sandbox: &Sandbox, release: &str, more: &[&str]) -> Ran {
    let files: Vec<String> = (1..=4).map(|part| format!("ccipra-{release}-f{part}.TXT")).collect();
    let mut command = vec!["tables", "import"];
    // The order in which files are named does not matter.
    command.extend(files.iter().rev().map(String::as_str));
    command.extend(["--dir", "tables"]);
    command.extend(more);
    sandbox.run(&command)
}

/// A claim with two codes on one day.
pub fn claim(id: &str, codes: [&str; 2], day: &str) -> String {
    let line = |number: u8, code: &str| {
        format!(
            r#"{{"number":{number},"procedure":"{code}","units":"1","charge":"100.00","from":"{day}","through":"{day}","diagnosis_pointers":[1]}}"#
        )
    };
    format!(
        r#"{{"schema":1,"claim_id":"{id}","type":"professional","frequency":"1","payer":"P","patient":{{"id":"X","birth_date":"1950-01-01","sex":"F"}},"billing_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":["N18.6"],"charge":"200.00","lines":[{},{}]}}"#,
        line(1, codes[0]),
        line(2, codes[1])
    ) + "\n"
}

/// The claims with a finding of a pack whose only rule reads the imported pairs, and the editions that the
/// findings name.
fn fires(sandbox: &Sandbox) -> (Vec<String>, Vec<String>) {
    fs::create_dir_all(sandbox.path("pack")).unwrap();
    sandbox.write("pack/pack.yaml", PACK.as_bytes());
    let command = ["validate", "claims.ndjson", "--packs", "pack", "--format", "ndjson"];
    let ran = sandbox.run(&[&command[..], &["--tables", "tables", "--require-tables"]].concat());
    assert_eq!(ran.stderr, "", "{ran:?}");
    let records = ran.records();
    let findings = records.iter().filter(|record| record["type"] == "finding");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (claims, mut editions): (Vec<String>, Vec<String>) = findings
        .map(|finding| (text(&finding["claim"]), text(&finding["source"][1]["edition"])))
        .unzip();
    editions.dedup();
    (claims, editions)
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The names in the folder of a table.
fn files(sandbox: &Sandbox, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(sandbox.path(folder)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn s7_a_quarter_of_pairs_is_imported_and_the_next_one_shows_its_differences() {
    let sandbox = Sandbox::with_claims(&[
        claim("open", ["10000", "20000"], "2026-08-01"),
        claim("deleted", ["10000", "30000"], "2026-08-01"),
        claim("deleted-before", ["10000", "30000"], "2026-06-30"),
        claim("never", ["10000", "99213"], "2001-01-01"),
        claim("other", ["10000", "99214"], "2026-08-01"),
        claim("new", ["25000", "99998"], "2026-08-01"),
    ]);
    quarter(
        &sandbox,
        "v321r0",
        &[
            "10000|20000|*|19960101|*|0|words one",
            "10000|30000||20200101|*|1|words two",
            "10000|99213||20010101|20010101|9|words three",
        ],
        &["24999|99998||20200101|*|1|words two"],
    );
    let ran = import(&sandbox, "v321r0", &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let first = "imported: ncci-ptp-practitioner 2026q2 (v321r0): 6 of 6 rows kept\n  from ccipra-v321r0-f1.TXT  ";
    assert!(ran.stdout.starts_with(first), "{}", ran.stdout);
    let claims = owned(&["open", "deleted", "deleted-before"]);
    assert_eq!(fires(&sandbox), (claims, owned(&["2026q2"])));

    quarter(
        &sandbox,
        "v322r0",
        &[
            "10000|20000|*|19960101|*|1|words one",
            "10000|30000||20200101|20260630|1|words two",
            "10000|99213||20010101|20010101|9|words three",
        ],
        &["24999|99998||20200101|*|1|words two", "25000|99998||20260701|*|0|words two"],
    );
    assert_eq!(import(&sandbox, "v322r0", &[]).code, Some(0));
    let claims = owned(&["open", "deleted-before", "new"]);
    assert_eq!(fires(&sandbox), (claims, owned(&["2026q3"])));

    let editions =
        ["ncci-ptp-practitioner@2026q2", "ncci-ptp-practitioner@2026q3", "--dir", "tables"];
    let diff = sandbox.run(&[&["tables", "diff"][..], &editions].concat());
    assert_eq!(diff.code, Some(0), "{diff:?}");
    assert_eq!(
        diff.stdout,
        "ncci-ptp-practitioner 2026q2 -> 2026q3\n\
         \x20 added    1\n\
         \x20 ended    1\n\
         \x20 changed  1\n\
         \x20 removed  0\n\
         \x20 same     4\n\
         added 25000 99998 2026-07-01: indicator 0, rationale words two\n\
         ended 10000 30000 2020-01-01: through  -> 2026-06-30\n\
         changed 10000 20000 1996-01-01: indicator 0 -> 1\n"
    );
    let json = sandbox.run(&[&["tables", "diff"][..], &editions, &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["added"], &json["ended"], &json["same"]), (&1.into(), &1.into(), &4.into()));
    assert_eq!(json["rows"][0]["cells"][0]["column"], "indicator");

    let list = sandbox.run(&["tables", "list", "--dir", "tables"]);
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert_eq!(lines[0], "tables", "{list:?}");
    assert_eq!(lines.iter().filter(|line| line.contains(" rows ")).count(), 2, "{list:?}");
    for wanted in
        ["ncci-ptp-practitioner  used by ncci-ptp", "mpfs  not imported; would switch on "]
    {
        assert!(lines.iter().any(|line| line.starts_with(wanted)), "{wanted}: {list:?}");
    }
    let newest = "ncci-ptp-practitioner  2026q3  1996-01-01..  7 rows  v322r0  ";
    assert!(lines[2].starts_with(newest), "{list:?}");
    let verify = sandbox.run(&["tables", "verify", "--dir", "tables"]);
    assert_eq!((verify.code, verify.stdout.matches("whole: ").count()), (Some(0), 2));
}

#[test]
fn a_failed_import_changes_nothing_and_shows_every_damaged_cell() {
    let sandbox = Sandbox::new();
    quarter(
        &sandbox,
        "v321r0",
        &["10000|20000||20200101|*|1|kept"],
        &["20000|99998||20200101|*|1|x"],
    );
    assert_eq!(import(&sandbox, "v321r0", &[]).code, Some(0));
    let before = files(&sandbox, "tables/ncci-ptp-practitioner");
    let index = fs::read(sandbox.path("tables/index.json")).unwrap();

    let damaged = [
        "10000|2000||20200101|*|1|x",
        "10000|20000||20200101|*|7|x",
        "10000|20001||20200101|*|1|x",
    ];
    quarter(&sandbox, "v321r0", &damaged, &["20000|99998||20200101|*|1|x"]);
    let ran = import(&sandbox, "v321r0", &[]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr
            .contains("2 rows are damaged in table `ncci-ptp-practitioner`; nothing was imported")
    );
    assert!(ran.stderr.contains("--allow-damaged"), "{}", ran.stderr);
    assert!(
        ran.stdout.contains(
            "damaged: ccipra-v321r0-f1.TXT, row 7, column two: `2000` is not a procedure code"
        ),
        "{}",
        ran.stdout
    );
    assert_eq!(files(&sandbox, "tables/ncci-ptp-practitioner"), before);
    assert_eq!(fs::read(sandbox.path("tables/index.json")).unwrap(), index);

    let ran = import(&sandbox, "v321r0", &["--allow-damaged", "--format", "json"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["imported"], true);
    assert_eq!(json["tables"][0]["rows"]["damaged"], 2);
    assert_eq!(json["tables"][0]["damage"][1]["column"], "modifier indicator");
    assert_eq!(
        (&json["tables"][0]["replaces"], &json["tables"][0]["rows"]["kept"]),
        (&true.into(), &4.into())
    );
    let after = files(&sandbox, "tables/ncci-ptp-practitioner");
    assert!(after.len() == 1 && after != before, "{after:?}");
}

#[test]
fn a_missing_part_refuses_the_table_unless_it_is_allowed() {
    let sandbox = Sandbox::new();
    quarter(&sandbox, "v322r0", &["10000|20000||20200101|*|1|x"], &["20000|99998||20200101|*|1|x"]);
    let command = [
        "tables",
        "import",
        "ccipra-v322r0-f1.TXT",
        "ccipra-v322r0-f3.TXT",
        "ccipra-v322r0-f4.TXT",
        "--dir",
        "t",
    ];
    let ran = sandbox.run(&command);
    assert_eq!(ran.code, Some(2));
    let gap = "f2 of v322r0 is missing: pairs whose column one lies between `10000` and `55000` are not covered";
    assert!(ran.stderr.contains(gap), "{}", ran.stderr);
    let ran = sandbox.run(&[&command[..], &["--allow-missing-parts"]].concat());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(fs::read_to_string(sandbox.path("t/index.json")).unwrap().contains(gap));
}

#[test]
fn a_dry_run_writes_nothing_and_an_unplaced_file_is_placed_by_the_user() {
    let sandbox = Sandbox::new();
    sandbox.write("pairs.txt", &part(&["10000|20000||20200101|*|1|x"]));
    let ran = sandbox.run(&["tables", "import", "pairs.txt", "--dir", "t"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("`ptp-practitioner`, `ptp-hospital`"), "{}", ran.stderr);
    let told = ["tables", "import", "pairs.txt", "--dir", "t", "--edition", "2026q3"];
    let told = [&told[..], &["--as", "ptp-hospital"]].concat();
    let ran = sandbox.run(&told);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("nothing tells whether the table is whole"), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["pairs.txt"], "something was left behind");
    let told = [&told[..], &["--allow-missing-parts"]].concat();
    let ran = sandbox.run(&[&told[..], &["--dry-run"]].concat());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.starts_with("read: ncci-ptp-hospital 2026q3: 1 of 1 row kept\n"), "{ran:?}");
    assert_eq!(sandbox.names(), ["pairs.txt"]);
    assert_eq!(sandbox.run(&told).code, Some(3));
    assert_eq!(sandbox.names(), ["pairs.txt", "t"]);
}

#[test]
fn of_several_tables_all_are_imported_or_none() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", b"code,max\n00100,1\n");
    sandbox.write("two.csv", b"code,max\n00100,1\n00101\n");
    sandbox.write("three.csv", b"code,max\n00100,1\n");
    let command = ["tables", "import", "one.csv", "two.csv", "three.csv", "--dir", "deep/t"];
    assert_eq!(sandbox.run(&command).code, Some(2));
    assert_eq!(sandbox.names(), ["one.csv", "three.csv", "two.csv"], "something was left behind");
    assert_eq!(sandbox.run(&[&command[..], &["--allow-damaged"]].concat()).code, Some(3));
    let list = sandbox.run(&["tables", "list", "--dir", "deep/t"]);
    assert_eq!(list.stdout.matches(" 1 rows ").count(), 3, "{list:?}");
}

#[test]
fn only_editions_of_one_table_are_compared() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", b"code,max\n00100,1\n");
    sandbox.write("two.csv", b"code,max\n00100,1\n");
    assert_eq!(
        sandbox.run(&["tables", "import", "one.csv", "two.csv", "--dir", "t"]).code,
        Some(0)
    );
    let ran = sandbox.run(&["tables", "diff", "one@undated", "two@undated", "--dir", "t"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("`one` and `two` are different tables"), "{}", ran.stderr);
    let ran = sandbox.run(&["tables", "diff", "one@undated", "one@2026q3", "--dir", "t"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("`one@2026q3` is not imported into `t`"), "{}", ran.stderr);
}

#[test]
fn what_a_killed_import_left_is_named_and_removed_and_nothing_else_is() {
    let sandbox = Sandbox::new();
    let rows: [&[&str]; 2] = [&["10000|20000||20200101|*|0|x"], &["20000|99998||20200101|*|1|x"]];
    quarter(&sandbox, "v321r0", rows[0], rows[1]);
    assert_eq!(import(&sandbox, "v321r0", &[]).code, Some(0));
    let whole = files(&sandbox, "tables/ncci-ptp-practitioner");
    let leave = || {
        sandbox.write("tables/ncci-ptp-practitioner/2026q3-0123456789ab.cbt", b"half");
        sandbox.write("tables/ncci-ptp-practitioner/.cleanbill-x1y2z3.part", b"");
        fs::create_dir_all(sandbox.path("tables/mpfs")).unwrap();
        sandbox.write("tables/mpfs/2026q3-ba9876543210.cbt", b"");
        sandbox.write("tables/.cleanbill-a1.part", b"");
    };
    leave();
    // Of the user's own.
    sandbox.write("tables/mpfs/notes.cbt", b"mine");
    let verify = ["tables", "verify", "--dir", "tables"];
    let ran = sandbox.run(&verify);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let strays: Vec<&str> =
        ran.stdout.lines().filter_map(|line| line.strip_prefix("stray: ")).collect();
    let named = [
        ".cleanbill-a1.part",
        "mpfs/2026q3-ba9876543210.cbt",
        "ncci-ptp-practitioner/.cleanbill-x1y2z3.part",
        "ncci-ptp-practitioner/2026q3-0123456789ab.cbt",
    ];
    assert_eq!(strays.len(), 4, "{ran:?}");
    assert!(strays.iter().zip(named).all(|(stray, name)| stray.starts_with(name)), "{ran:?}");
    assert!(ran.stdout.contains("--remove-strays"), "{ran:?}");
    let json = sandbox.run(&[&verify[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["strays"], &json["removed"]), (&named[..].into(), &false.into()));

    let removed = sandbox.run(&[&verify[..], &["--remove-strays"]].concat());
    assert_eq!((removed.code, removed.stdout.matches("removed: ").count()), (Some(0), 4));
    assert_eq!(files(&sandbox, "tables/ncci-ptp-practitioner"), whole);
    assert_eq!(files(&sandbox, "tables/mpfs"), ["notes.cbt"]);
    assert_eq!(sandbox.run(&verify).stdout.matches("stray").count(), 0);

    // A dry run touches nothing; an import that ends well removes them.
    leave();
    assert_eq!(import(&sandbox, "v321r0", &["--dry-run"]).code, Some(0));
    assert_eq!(sandbox.run(&verify).stdout.matches("stray: ").count(), 4);
    assert_eq!(import(&sandbox, "v321r0", &[]).code, Some(0));
    assert_eq!(files(&sandbox, "tables/ncci-ptp-practitioner"), whole);
    assert_eq!(files(&sandbox, "tables/mpfs"), ["notes.cbt"]);
}
