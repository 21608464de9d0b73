//! Verdicts over whole timelines, compared with a slow judge in Python that shares no code.
//!
//! `CLEANBILL_TIMELINE_LINES=1000000` makes it as large as one likes.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{Ran, Sandbox, top};
use crate::history_store::{Place, files, history};

/// Makes timelines in `folder`, with the claims of the run spread over its files in the order `shuffle`;
/// whether there is a Python to do it.
fn make(folder: &Path, lines: &str, shuffle: &str) -> bool {
    let script = top().join("tests/timelines.py");
    let made = Command::new("python3").arg(script).arg(folder).args([lines, "7", shuffle]).output();
    let Ok(made) = made else { return false };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    true
}

/// The findings as `RULE CLAIM LINE`, sorted; `?` stands before one that is open.
fn found(ran: &Ran) -> String {
    let mut found: Vec<String> = ran
        .records()
        .iter()
        .filter(|record| record["type"] == "finding")
        .map(|finding| {
            let outcome = &finding["outcome"];
            assert!(outcome == "fires" || outcome == "undetermined", "{finding}");
            let open = if outcome == "fires" { "" } else { "?" };
            let text = |name: &str| finding[name].as_str().unwrap().to_owned();
            format!("{open}{} {} {}\n", text("rule"), text("claim"), finding["line"])
        })
        .collect();
    found.sort();
    found.concat()
}

#[test]
fn verdicts_over_timelines_are_those_of_a_slow_judge_in_any_order_of_files() {
    if !verdicts_are_those_of_a_slow_judge(&files) {
        println!("skipped: no python3 to judge with");
    }
}

/// Whether there was a slow judge.
pub fn verdicts_are_those_of_a_slow_judge(place: Place<'_>) -> bool {
    let lines = std::env::var("CLEANBILL_TIMELINE_LINES").unwrap_or_else(|_| "6000".to_owned());
    let sandbox = Sandbox::new();
    if !make(&sandbox.path("one"), &lines, "1") {
        return false;
    }
    assert!(make(&sandbox.path("two"), &lines, "2"));
    let expected = fs::read_to_string(sandbox.path("one/expected.txt")).unwrap();
    assert_eq!(expected, fs::read_to_string(sandbox.path("two/expected.txt")).unwrap());
    let certain =
        ["pair", "units", "again", "often", "add-on", "new-patient", "included", "nearly"];
    for rule in certain.into_iter().chain(["?included", "?nearly"]) {
        let count = expected.lines().filter(|line| line.split(' ').next() == Some(rule)).count();
        assert!(count >= 20, "{rule}: {count}");
    }

    let added = history(&sandbox, place, "claims", "add", &["one/earlier.ndjson"]);
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    let store = place("claims");
    let store: Vec<&str> = store.iter().map(String::as_str).collect();
    let validate = |files: [&str; 3], feed: &[&str]| {
        let flags = ["--packs", "one/pack", "--format", "ndjson", "--history"];
        let ran = sandbox.run(&[&["validate"][..], &files, &flags, feed].concat());
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        ran
    };
    let inputs = ["one/run-1.ndjson", "one/run-2.ndjson", "one/run-3.ndjson"];
    assert!(found(&validate(inputs, &store)) == expected, "a history in a store");
    assert!(found(&validate(inputs, &["one/earlier.ndjson"])) == expected, "a history in a file");
    let inputs = ["two/run-3.ndjson", "two/run-1.ndjson", "two/run-2.ndjson"];
    assert!(found(&validate(inputs, &store)) == expected, "another order of claims");

    // What a run that broke off has added already is not held against the run that does it again.
    let again = history(&sandbox, place, "claims", "add", &["two/run-2.ndjson"]);
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(found(&validate(inputs, &store)) == expected, "a run that is done again");
    true
}
