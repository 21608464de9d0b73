//! Workbooks, CSV, SARIF and JUnit as programs in Python read them.
//!
//! `cargo xtask ci --only readers` runs this test where the readers are at hand.

use std::process::Command;

use crate::command::{Sandbox, clean_claim, conflicting_claim, top};

/// Control numbers that a spreadsheet, a browser or a terminal could take for more than words.
const HOSTILE: [&str; 8] = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1-1",
    "-2+3",
    "<script>alert(1)</script>",
    "]]><failure/>",
    "x,\\\"y\\\";z",
];

#[test]
#[ignore = "needs Python with openpyxl and jsonschema: cargo xtask ci --only readers"]
fn workbook_csv_sarif_and_junit_are_read_by_programs_of_others() {
    let mut claims: Vec<String> = HOSTILE.iter().map(|id| conflicting_claim(id)).collect();
    claims.extend((0..20).map(|number| conflicting_claim(&format!("RV-{number:04}"))));
    claims.push(clean_claim("GOOD"));
    claims.push("{\"schema\":1,\"claim_id\":\"=BAD\",\"charge\":\"4l2\"}\n".to_owned());
    let sandbox = Sandbox::with_claims(&claims);
    let formats = [
        ("ndjson", "findings.ndjson"),
        ("csv", "findings.csv"),
        ("sarif", "findings.sarif"),
        ("junit", "results.xml"),
        ("xlsx", "worklist.xlsx"),
    ];
    let mut arguments = vec!["validate", "claims.ndjson"];
    for (format, name) in formats {
        arguments.extend(["-f", format, "-o", name]);
    }
    let ran = sandbox.run(&arguments);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let tools = top().join("target/tools");
    let output = Command::new(tools.join("readers/bin/python3"))
        .arg(top().join("tests/read_reports.py"))
        .arg(sandbox.path(""))
        .arg(tools.join("sarif-2.1.0.json"))
        .arg(top().join("crates/cleanbill-report/snapshots/sarif.snap"))
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}{}", String::from_utf8_lossy(&output.stderr));
    println!("{shown}");
}
