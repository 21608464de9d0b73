//! Output formats and where they go.

use std::fs;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim, records};

#[test]
fn one_run_writes_several_formats() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A")]);
    let ran = sandbox.run(&[
        "validate",
        "claims.ndjson",
        "-f",
        "text",
        "-o",
        "-",
        "-f",
        "ndjson",
        "-o",
        "out.ndjson",
        "-f",
        "json",
        "-o",
        "out.json",
    ]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("summary\n"));
    let lines = records(&fs::read_to_string(sandbox.path("out.ndjson")).unwrap());
    let document: serde_json::Value =
        serde_json::from_slice(&fs::read(sandbox.path("out.json")).unwrap()).unwrap();
    assert_eq!(document["records"], serde_json::Value::Array(lines));
    assert_eq!(sandbox.names(), ["claims.ndjson", "out.json", "out.ndjson"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A"), clean_claim("B")]);
    let run = |zone: &str, locale: &str| {
        let mut command = sandbox.command(&["validate", "claims.ndjson", "--format", "ndjson"]);
        Ran::new(command.env("TZ", zone).env("LC_ALL", locale).output().unwrap()).stdout
    };
    assert_eq!(run("UTC", "C"), run("Asia/Tokyo", "de_DE.UTF-8"));
}

#[test]
fn a_pairing_that_could_mean_two_things_is_refused() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "-f", "text", "-f", "json", "-o", "x"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("give every `--format` its own `--output`"), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["claims.ndjson"]);
}

#[test]
fn an_output_never_replaces_an_input() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "--output", "./claims.ndjson"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("is also an input"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(sandbox.path("claims.ndjson")).unwrap(), clean_claim("A"));
}

#[test]
fn an_output_in_a_missing_folder_is_refused() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "--output", "no/out.txt"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.starts_with("error: cannot write `no/out.txt`: "), "{}", ran.stderr);
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A")]);
    assert!(!sandbox.run(&["validate", "claims.ndjson"]).stdout.contains('\u{1b}'));
    let asked = sandbox.run(&["validate", "claims.ndjson", "--color", "always"]);
    assert!(asked.stdout.contains("\u{1b}[1m\u{1b}[31merror"), "{}", asked.stdout);
    let into_file =
        sandbox.run(&["validate", "claims.ndjson", "--color", "always", "--output", "out.txt"]);
    assert_eq!(into_file.code, Some(1));
    assert!(!fs::read_to_string(sandbox.path("out.txt")).unwrap().contains('\u{1b}'));
}
