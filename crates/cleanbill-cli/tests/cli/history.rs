//! `--history`: earlier claims beside the claims of a run.

use crate::command::{Sandbox, clean_claim, conflicting_claim, records};

const PACK: &str = "\
schema: cleanbill/pack/v1
name: looks-back
version: 1.0.0
title: Looks back
rules:
  - id: pair
    title: Mapping and study
    mutually_exclusive:
      codes: [\"93970\"]
      with: [\"93985\"]
      same: [patient, service_date, rendering_provider]
      search: [this_claim, history]
    message: \"{code} (line {line}) is not paid with {other.code} (line {other.line}).\"
    fix: Remove the study.
    source: [{ authority: Clinic, document: Billing handbook, kind: internal }]
";

/// A claim of the one patient with this code.
fn claim(id: &str, code: &str) -> String {
    clean_claim(id).replace("99213", code)
}

fn sandbox(claims: &[String]) -> Sandbox {
    let sandbox = Sandbox::with_claims(claims);
    sandbox.write("pack.yaml", PACK.as_bytes());
    sandbox
}

const VALIDATE: [&str; 6] = ["validate", "claims.ndjson", "--packs", ".", "--format", "ndjson"];

#[test]
fn a_pair_over_two_claims_is_found_and_names_both_and_not_the_patient() {
    let sandbox = sandbox(&[claim("NEW", "93970")]);
    sandbox.write("paid.ndjson", claim("PCN7", "93985").as_bytes());
    let with = ["--history", "paid.ndjson", "-vv"];
    let ran = sandbox.run(&[&VALIDATE[..], &with].concat());
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let finding = &records(&ran.stdout)[0];
    assert_eq!(finding["message"], "93970 (line 1) is not paid with 93985 (line 1 of claim PCN7).");
    let why = "it came before this run; nothing known replaces, voids or denies it";
    let day = "2026-03-02";
    let other = serde_json::json!([{
        "claim": "PCN7", "line": 1, "from": day, "through": day, "standing": "history", "counts": true, "why": why
    }]);
    assert_eq!(finding["other"], other);
    let read = finding["evidence"].as_array().unwrap();
    assert!(read.iter().any(|read| read["claim"] == "PCN7" && read["value"] == "93985"));
    assert!(read.iter().any(|read| read.get("claim").is_none() && read["value"] == "93970"));
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("ZZPHIZZ"));
    assert_eq!(sandbox.names(), ["claims.ndjson", "pack.yaml", "paid.ndjson"]);

    let text =
        sandbox.run(&["validate", "claims.ndjson", "--packs", ".", "--history", "paid.ndjson"]);
    assert!(text.stdout.contains("line 1 with line 1 of claim PCN7"), "{}", text.stdout);
}

#[test]
fn without_a_history_the_line_is_open_and_an_empty_one_says_that_there_is_nothing() {
    let sandbox = sandbox(&[claim("NEW", "93970")]);
    let finding = &sandbox.run(&VALIDATE).records()[0];
    assert_eq!(finding["outcome"], "undetermined");
    assert_eq!(finding["disposition"], "suspend");
    sandbox.write("paid.ndjson", claim("PCN7", "99213").as_bytes());
    let ran = sandbox.run(&[&VALIDATE[..], &["--history", "paid.ndjson"]].concat());
    assert_eq!((ran.code, records(&ran.stdout).len()), (Some(0), 1), "the summary alone");
}

#[test]
fn claims_of_a_run_stand_beside_each_other_and_none_beside_itself() {
    let claims = [claim("A", "93970"), claim("B", "93985"), conflicting_claim("C")];
    let sandbox = sandbox(&claims);
    sandbox.write("paid.ndjson", claims[0].as_bytes());
    let ran = sandbox.run(&[&VALIDATE[..], &["--history", "paid.ndjson"]].concat());
    let told: Vec<String> = records(&ran.stdout)
        .iter()
        .filter(|record| record["type"] == "finding")
        .map(|record| {
            let mut other = record["other"].clone();
            for line in other.as_array_mut().unwrap() {
                line.as_object_mut().unwrap().retain(|name, _| name == "claim" || name == "line");
            }
            format!("{} {other}", record["claim"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"A [{"claim":"B","line":1}]"#,
            r#"A [{"claim":"C","line":1}]"#,
            r#"C [{"claim":"C","line":1}]"#,
            r#"C [{"claim":"B","line":1}]"#
        ]
    );
}

#[test]
fn an_explanation_reads_the_history_and_says_what_is_missing_without_it() {
    let sandbox = sandbox(&[claim("NEW", "93970")]);
    sandbox.write("paid.ndjson", claim("PCN7", "93985").as_bytes());
    let explain = ["explain", "claims.ndjson", "--packs", ".", "--rule", "pair"];
    let with = sandbox.run(&[&explain[..], &["--history", "paid.ndjson"]].concat());
    assert!(with.stdout.contains("with line 1 of claim PCN7"), "{}", with.stdout);
    let without = sandbox.run(&explain);
    assert!(without.stdout.contains("UNDETERMINED"), "{}", without.stdout);
    let fact = "to decide: give a feed of the patient's earlier claims with services on 2026-03-02";
    assert!(without.stdout.contains(fact), "{}", without.stdout);
    let json =
        sandbox.run(&[&explain[..], &["--history", "paid.ndjson", "--format", "json"]].concat());
    let seen: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let earlier = &seen["lines"][0]["findings"][0]["earlier"][0];
    assert_eq!((&earlier["claim"], &earlier["line"]), (&"PCN7".into(), &1.into()));
    assert_eq!((&earlier["from"], &earlier["standing"]), (&"2026-03-02".into(), &"history".into()));
    let rule = sandbox.run(&["explain", "pair", "--packs", ".", "--format", "json"]);
    assert!(rule.stdout.contains(r#""scope":"patient_day""#), "{}", rule.stdout);
}

#[test]
fn a_history_that_is_not_whole_is_refused_and_never_overwritten() {
    let sandbox = sandbox(&[claim("NEW", "93970")]);
    sandbox.write("paid.ndjson", (claim("PCN7", "93985") + "{\n").as_bytes());
    let ran = sandbox.run(&[&VALIDATE[..], &["--history", "paid.ndjson"]].concat());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the history `paid.ndjson` cannot be used: line 2"),
        "{}",
        ran.stderr
    );
    sandbox.write("paid.ndjson", claim("PCN7", "93985").as_bytes());
    let onto = ["--history", "paid.ndjson", "--output", "paid.ndjson"];
    let ran = sandbox.run(&[&VALIDATE[..], &onto].concat());
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

#[test]
fn a_comparison_reads_the_history_for_both_sides() {
    let sandbox = sandbox(&[claim("NEW", "93970")]);
    sandbox.write("paid.ndjson", claim("PCN7", "93985").as_bytes());
    std::fs::create_dir(sandbox.path("old")).unwrap();
    let old = PACK.replace("      search: [this_claim, history]\n", "");
    sandbox.write("old/pack.yaml", old.as_bytes());
    let diff = ["diff", "old", ".", "--claims", "claims.ndjson", "--fail-on", "now_hit > 0"];
    let ran = sandbox.run(&[&diff[..], &["--history", "paid.ndjson"]].concat());
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(sandbox.run(&diff).code, Some(0), "undetermined is no hit");
}

#[test]
fn a_history_that_no_rule_looks_at_is_warned_of() {
    let sandbox = sandbox(&[claim("NEW", "93970")]);
    let warning =
        "warning: no rule of this run looks at earlier claims: `--history` changed nothing";
    let history = ["--history", "claims.ndjson"];
    let plain = sandbox.run(&[&["validate", "claims.ndjson"][..], &history].concat());
    assert_eq!(plain.stderr.trim(), warning);
    assert_eq!(sandbox.run(&[&VALIDATE[..], &history].concat()).stderr, "");
}
