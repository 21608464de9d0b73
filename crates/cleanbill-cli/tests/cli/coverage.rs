//! `cleanbill rules test`: coverage, other formats, claim files, tests still to do.

use serde_json::Value;

use crate::command::{Sandbox, at_top};
use crate::rules::{PACK, sandbox};

const FIRES: &str =
    "      - { name: with 52, claim: { lines: [\"93990-52\"] }, expect: { fires: [1] } }\n";
const SILENT: &str = "      - { name: without, claim: { lines: [\"93990\"] }, expect: { silent: { because: not_allowed } } }\n";

fn covered(pack: &str, min: &str) -> (Option<i32>, String) {
    let ran = sandbox(pack).run(&["rules", "test", ".", "--coverage", "--min", min]);
    assert_eq!(ran.stderr, "");
    (ran.code, ran.stdout)
}

#[test]
fn s17_a_rule_without_a_firing_or_without_a_near_miss_test_fails_the_minimum() {
    let (code, text) = covered(PACK, "rules=100");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("rules fired 1/1   clauses decided 1/2   near-miss 1/1"), "{text}");
    assert!(text.contains("no-52.codes   never decided a case   ./pack.yaml:8"), "{text}");

    let (code, text) = covered(&PACK.replace(FIRES, ""), "rules=100");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("no-52         never fired"), "{text}");
    assert!(text.contains("not reached: rules: 0 of 1 is less than 100%"), "{text}");

    let (code, text) = covered(&PACK.replace(SILENT, ""), "rules=100");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("no near-miss"), "{text}");
}

#[test]
fn s17_silence_because_of_the_first_clause_is_no_near_miss() {
    let far =
        PACK.replace(SILENT, &SILENT.replace("93990", "99213").replace("not_allowed", "codes"));
    let (code, text) = covered(&far, "near-miss=100");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("clauses decided 2/2   near-miss 0/1"), "{text}");
}

#[test]
fn s17_a_test_that_fails_or_is_still_to_do_proves_nothing() {
    let todo = PACK.replace("name: with 52,", "name: with 52, todo: true,");
    let (code, text) = covered(&todo, "fired=100");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("rules fired 0/1"), "{text}");
}

#[test]
fn a_share_that_is_none_is_refused() {
    let ran = at_top(&["rules", "test", "--coverage", "--min", "lines=80"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("a share is one of rules, fired, near-miss, clauses"), "{ran:?}");
}

#[test]
fn s18_what_a_test_names_and_is_not_there_is_refused_before_any_test_runs() {
    for (from, to, words) in [
        ("because: not_allowed", "because: not_alowed", "is not a clause of this kind of rule"),
        ("codes: [\"93990\"]", "codes: $studies", "value set `$studies` is not defined"),
        (
            "claim: { lines: [\"93990\"] }",
            "claim_file: claims/none.json",
            "`claims/none.json` cannot be read",
        ),
        (
            "modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }",
            "code_validity: { table: lives }",
            "table `lives` is not defined",
        ),
    ] {
        let ran = sandbox(&PACK.replace(from, to)).run(&["rules", "test", "."]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let ran = sandbox(PACK).run(&["rules", "test", ".", "--rule", "no-53"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("no rule `no-53` with tests"), "{}", ran.stderr);
}

#[test]
fn a_pack_without_tests_never_passes() {
    for pack in [
        PACK.replace(FIRES, "").replace(SILENT, "").replace("    tests:\n", ""),
        PACK.replace("name: with", "todo: true, name: with"),
    ] {
        let ran = sandbox(&pack).run(&["rules", "test", "."]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains("no test was run"), "{}", ran.stderr);
    }
}

#[test]
fn a_test_still_to_do_never_fails_and_asks_to_be_freed_once_it_passes() {
    let to_do = PACK.replace("name: without,", "name: without, todo: true,");
    let passes = sandbox(&to_do).run(&["rules", "test", "."]);
    assert_eq!(passes.code, Some(0), "{passes:?}");
    assert!(passes.stdout.contains("passes: take `todo` away"), "{}", passes.stdout);
    assert!(passes.stdout.ends_with("1 passed, 0 failed, 1 todo\n"), "{}", passes.stdout);
    let fails = to_do.replace("because: not_allowed", "because: codes");
    let fails = sandbox(&fails).run(&["rules", "test", "."]);
    assert_eq!(fails.code, Some(0), "{fails:?}");
    assert!(!fails.stdout.contains("take `todo` away"), "{}", fails.stdout);
}

/// A pack whose second test takes its claim from a file.
fn with_file(claim: &str) -> Sandbox {
    let sandbox = sandbox(&PACK.replace("claim: { lines: [\"93990\"] }", "claim_file: claim.json"));
    sandbox.write("claim.json", claim.as_bytes());
    sandbox
}

#[test]
fn a_claim_file_of_the_pack_is_the_claim_of_a_test() {
    let claim = crate::command::clean_claim("FILE1").replace("99213", "93990");
    let ran = with_file(&claim).run(&["rules", "test", ".", "--names"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("ok    without"), "{}", ran.stdout);
}

#[test]
fn a_claim_file_that_is_not_one_claim_is_refused_before_any_test_runs() {
    let claim = crate::command::clean_claim("FILE1");
    for (text, words) in [
        (format!("{claim}{claim}"), "it holds more than one claim"),
        (claim.replace("\"units\":\"1\"", "\"units\":\"ZZPHIZZ\""), "claim file `claim.json`: I"),
        (String::new(), "claim file `claim.json`: "),
    ] {
        let ran = with_file(&text).run(&["rules", "test", "."]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(words) && !ran.stderr.contains("ZZPHIZZ"), "{}", ran.stderr);
    }
}

#[test]
fn a_claim_file_that_fails_its_test_shows_nothing_of_the_patient() {
    let claim = crate::command::clean_claim("FILE1").replace("99213", "93990-52");
    let claim = claim.replace("\"93990-52\"", "\"93990\",\"modifiers\":[\"52\"]");
    let sandbox = with_file(&claim);
    for format in ["text", "json", "junit"] {
        let ran = sandbox.run(&["rules", "test", ".", "--format", format]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains("93990-52 x1 @2026-03-02"), "{}", ran.stdout);
        for secret in ["ZZPHIZZ", "1950-01-01"] {
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{ran:?}");
        }
    }
}

#[test]
fn a_failure_shows_the_claim_and_the_clause_with_the_values_read() {
    for (from, to, head, fact) in [
        (
            "fires: [1]",
            "silent: { because: not_allowed }",
            "[Noisy] no-52 \"with 52\"",
            "line 1  fires (return_to_provider)  not_allowed  52  (the rule lists 52)\n",
        ),
        (
            "lines: [\"93990-52\"]",
            "lines: [\"93990-53\"]",
            "[Missing] no-52 \"with 52\"",
            "line 1  silent  not_allowed  53",
        ),
        (
            "because: not_allowed",
            "because: effective",
            "[Wrong] no-52 \"without\"",
            "claim   93990 x1 @2026-03-02\n   line 1  silent  effective  2026-03-02; the rule holds always\n",
        ),
    ] {
        let ran = sandbox(&PACK.replace(from, to)).run(&["rules", "test", "."]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains(head) && ran.stdout.contains(fact), "{}", ran.stdout);
    }
}

#[test]
fn a_failure_shows_the_claims_that_stand_beside() {
    let beside = "claim: { lines: [\"93990-53\"] }, history: [{ lines: [\"93990 x2\"], date: 2026-03-01 }], run_after: [{ lines: [\"93990\"], tax_id: \"123456789\" }]";
    let sandbox = sandbox(&PACK.replace("claim: { lines: [\"93990-52\"] }", beside));
    let lines =
        ["history EARLIER1: 93990 x2 @2026-03-01", "run, behind AFTER1: 93990 x1 @2026-03-02"];
    let text = sandbox.run(&["rules", "test", "."]);
    assert_eq!(text.code, Some(1), "{text:?}");
    let shown = format!("   beside  {}\n           {}\n", lines[0], lines[1]);
    assert!(text.stdout.contains(&shown), "{}", text.stdout);
    let json = sandbox.run(&["rules", "test", ".", "--format", "json"]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["tests"][0]["mismatch"]["others"], serde_json::json!(lines));
    let junit = sandbox.run(&["rules", "test", ".", "--format", "junit"]);
    assert!(junit.stdout.contains(&format!("beside  {}", lines[1])), "{}", junit.stdout);
    assert!(!text.stdout.contains("123456789") && !junit.stdout.contains("123456789"));
}

#[test]
fn results_are_written_as_json_and_junit_with_the_same_bytes_each_time() {
    let sandbox = sandbox(&PACK.replace("because: not_allowed", "because: codes"));
    let json = sandbox.run(&["rules", "test", ".", "--format", "json", "--coverage"]);
    assert_eq!(json.code, Some(1), "{json:?}");
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["summary"], serde_json::json!({"passed": 1, "failed": 1, "todo": 0}));
    assert_eq!(json["tests"][1]["mismatch"]["kind"], "Wrong");
    assert_eq!(json["tests"][1]["place"], "./pack.yaml:15");
    assert_eq!(json["coverage"]["rules"][0]["fired"], true);

    let junit = ["rules", "test", ".", "--format", "junit", "--output"];
    for name in ["one.xml", "two.xml"] {
        let ran = sandbox.run(&[&junit[..], &[name]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    }
    let [one, two] = ["one.xml", "two.xml"].map(|name| std::fs::read(sandbox.path(name)).unwrap());
    assert_eq!(one, two);
    let xml = String::from_utf8(one).unwrap();
    assert!(xml.contains("<testsuite name=\"mine::no-52\" tests=\"2\""), "{xml}");
    assert!(xml.contains("<failure message=\"expected silence because of `codes`"), "{xml}");
}

#[test]
fn packs_that_do_not_change_cannot_be_watched() {
    let ran = at_top(&["rules", "test", "--watch"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("there is no file to watch"), "{}", ran.stderr);
}
