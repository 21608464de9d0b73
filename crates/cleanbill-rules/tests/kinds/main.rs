//! Kinds of rules at work: each with a claim on which it fires, one on which it is silent, one on
//! which it cannot tell; every claim in both orders of its lines. Tests named `sNN_` are the
//! acceptance scenarios of rule authors.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails should stop there; the lints know only functions marked as tests"
)]

mod code_lists;
mod coverage;
mod demographic;
mod duplicate;
mod frequency;
mod global_surgery;
mod groupings;
mod history;
mod new_patient;
mod one_run;
mod plugin;
mod require;
mod scenarios;
mod tables;
mod tools;

use cleanbill_rules::{MemorySource, Pack, TestResult, load, run_test};

const PACK: &str = "\
schema: cleanbill/pack/v1
name: sample
version: 1.0.0
title: A sample
value_sets:
  venous: [\"93970\", \"93971\"]
  clots: [\"I82.4*\", \"I82.6*\"]
  repeat: [\"76\", \"77\", \"91\", \"59\", XE, XS, XP, XU]
tables:
  covered_dx: { file: covered_dx.csv, key: [dx_prefix], effective: [from, through] }
include: [rules/*.yaml]
";

const COVERED: &str = "\
dx_prefix,code,covered,from,through
I82.4,,yes,,
I82.49,,no,,
N18.6,93985,yes,2024-01-01,2024-12-31
R60.0,93970,yes,2020-01-01,
";

/// What all rules of these tests say; the kind and the tests follow.
const HEAD: &str = "\
rules:
  - id: sample
    title: A sample
    message: \"{code} on line {line}\"
    fix: Correct the line.
    source: [{ authority: Example, document: Invented, kind: internal }]
";

fn source(rule: &str) -> MemorySource {
    MemorySource::new("sample")
        .with("pack.yaml", PACK)
        .with("covered_dx.csv", COVERED)
        .with("rules/a.yaml", &format!("{HEAD}{}", indented(rule)))
}

/// `rule` as the rest of the rule that [`HEAD`] begins.
fn indented(rule: &str) -> String {
    rule.lines().map(|line| format!("    {line}\n")).collect()
}

/// The pack with one rule of kind and tests `rule`.
#[track_caller]
fn pack(rule: &str) -> Pack {
    load(&source(rule)).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Every test in `rule` passes, and there are as many as were meant.
#[track_caller]
fn passes(tests: usize, rule: &str) {
    let pack = pack(rule);
    assert_eq!(pack.tests.len(), tests);
    for test in &pack.tests {
        if let TestResult::Failed(reason) = run_test(&pack, test) {
            panic!("\"{}\": {reason}", test.name);
        }
    }
}

/// What the author sees of a rule with mistakes.
#[track_caller]
fn mistakes(rule: &str) -> String {
    match load(&source(rule)) {
        Ok(_) => "no mistake".to_owned(),
        Err(diagnostics) => diagnostics.render(false),
    }
}

/// Compares what the author sees with the snapshot `name`.
#[track_caller]
fn shows(name: &str, rule: &str) {
    insta::with_settings!({
        omit_expression => true,
        prepend_module_to_snapshot => false,
        snapshot_path => "../snapshots",
    }, {
        insta::assert_snapshot!(name, mistakes(rule));
    });
}
