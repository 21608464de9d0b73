//! What warnings, coverage and explanations make of kinds, patterns of codes and conditions.

use cleanbill_model::Claim;
use cleanbill_rules::{Coverage, Lint, LintOptions, MemorySource, Pack, Tester, lint, load};

use crate::{HEAD, indented, pack};

fn no_files(_: &str) -> Result<Claim, String> {
    Err("there are no claim files here".to_owned())
}

/// What would decide the lines of the tests of `rule`.
#[track_caller]
fn to_decide(rule: &str) -> Vec<String> {
    let pack = pack(rule);
    let runs = pack.tests.iter().map(|test| Tester::new(&pack, &no_files).run(test));
    let lines = runs.filter_map(|run| run.explanation).flat_map(|seen| seen.lines);
    lines.flat_map(|line| line.to_decide).collect()
}

fn warnings(packs: &[Pack]) -> Vec<(Lint, String)> {
    let found = lint(packs, &LintOptions { as_of: None, read_claim: &no_files });
    found.into_iter().map(|warning| (warning.lint, warning.message)).collect()
}

/// The warnings of these numbers about a pack of two rules, with the value sets `sets`.
#[track_caller]
fn warned(sets: &str, rules: [&str; 2], wanted: &[Lint]) -> Vec<String> {
    let [first, second] = rules.map(indented);
    let other = HEAD.replace("rules:\n", "").replace("id: sample", "id: other");
    let text = format!(
        "schema: cleanbill/pack/v1\nname: two\nversion: 1.0.0\ntitle: Two\nvalue_sets: {sets}\n\
         {HEAD}{first}{other}{second}"
    );
    let pack = load(&MemorySource::new("two").with("pack.yaml", &text));
    let pack = pack.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let found = warnings(&[pack]).into_iter();
    found.filter(|(lint, _)| wanted.contains(lint)).map(|(_, message)| message).collect()
}

#[test]
fn every_kind_says_what_would_decide_a_line_that_it_leaves_open() {
    let demographic = "demographic: { codes: $venous, sex: F, age: { min: 18 } }\n";
    let claim = "tests:\n  - { name: open, expect: { undetermined: 1 }, claim: ";
    let cases: [(&str, &str, &[&str]); 8] = [
        (
            demographic,
            "{ lines: [\"93970\"] }",
            &[
                "give the claim the sex of the patient: F or M",
                "give the claim the patient's birth date, on or before the date of service",
            ],
        ),
        (
            demographic,
            "{ lines: [\"93970\"], sex: F }",
            &["give the claim the patient's birth date, on or before the date of service"],
        ),
        (
            "diagnosis_coverage: { codes: $venous, covered: $clots, look_at: pointed }\n",
            "{ lines: [\"93970 dx=none\"], dx: [I82.401] }",
            &["give line 1 a pointer to a diagnosis"],
        ),
        (
            "diagnosis_coverage: { codes: $venous, covered: $clots, look_at: primary }\n",
            "{ lines: [\"93970\"] }",
            &["give the claim a diagnosis"],
        ),
        (
            "duplicate_line: { same: [patient, service_date, rendering_provider] }\n",
            "{ lines: [\"93970 npi=1234567893\", \"93970 npi=2999999024\"] }",
            &["give lines 1 and 2 the specialty (taxonomy code) of the rendering provider"],
        ),
        (
            "frequency_limit: { codes: $venous, max: 1, count: lines, window: { days: 9 }, same: [patient, rendering_provider], history: claim_only }\n",
            "{ lines: [\"93970 npi=1234567893\", \"93970 npi=2999999024\"] }",
            &["give lines 1 and 2 the specialty (taxonomy code) of the rendering provider"],
        ),
        (
            "frequency_limit: { codes: $venous, max: 1, count: lines, window: { days: 9 }, same: [patient] }\n",
            "{ lines: [\"93970\"] }, history: absent",
            &[
                "look at the earlier claims of the 9 days that end on 2026-03-02: no claim carries them",
            ],
        ),
        (
            "require: { codes: $venous, must: { any: [ { line.place_of_service: { eq: \"11\" } }, { claim.filing_indicator: { eq: MB } }, { line.units: { gt: 5 } } ] } }\n",
            "{ lines: [\"93970\"], pos: none }",
            &[
                "give line 1 a value for `line.place_of_service`",
                "give the claim a value for `claim.filing_indicator`",
            ],
        ),
    ];
    for (kind, lines, wanted) in cases {
        assert_eq!(to_decide(&format!("{kind}{claim}{lines} }}\n")), wanted, "{kind}");
    }
}

#[test]
fn a_pattern_contains_the_codes_that_it_stands_for() {
    let rule =
        |codes: &str| format!("modifier_validity: {{ codes: {codes}, not_allowed: [\"52\"] }}");
    let found =
        |wide: &str, narrow: &str| warned("{}", [&rule(wide), &rule(narrow)], &[Lint::Contained]);
    for (wide, narrow) in
        [("[\"9397*\"]", "[\"93970\", \"93971\"]"), ("[93970-93979]", "[93975-93979, \"93970\"]")]
    {
        let message = found(wide, narrow).join("\n");
        assert!(message.starts_with("`other` is contained in `sample`"), "{message}");
    }
    assert_eq!(found("[93970-93979]", "[93975-93980]"), [""; 0]);
    assert_eq!(found("[\"9397*\", \"93990\"]", "[\"93970\", \"93985\"]"), [""; 0]);
}

#[test]
fn two_dispositions_on_common_codes_of_two_patterns_are_shown() {
    let rule = |codes: &str, not: &str, disposition: &str| {
        format!(
            "modifier_validity: {{ codes: {codes}, not_allowed: [\"{not}\"] }}\ndisposition: {disposition}\n"
        )
    };
    let found = warned(
        "{}",
        [
            &rule("[93970-93979, \"93990\"]", "52", "suspend"),
            &rule("[\"93971\", 93975-93985, \"93990\"]", "53", "informational"),
        ],
        &[Lint::OtherDisposition],
    );
    assert_eq!(found.len(), 1);
    assert!(found[0].ends_with("can both act on 93971, 93975-93979, 93990"), "{}", found[0]);
}

#[test]
fn a_set_that_only_another_set_names_is_used_and_counts_with_its_codes() {
    let sets = "{ inner: [\"93970\"], outer: [$inner, \"93971\"], spare: [\"93990\"] }";
    let rule =
        |codes: &str| format!("modifier_validity: {{ codes: {codes}, not_allowed: [\"52\"] }}");
    let lints = [Lint::UnusedSet, Lint::Contained];
    let found = warned(sets, [&rule("$outer"), &rule("[$inner]")], &lints).join("\n");
    assert!(found.contains("nothing names the value set `$spare`"), "{found}");
    assert!(!found.contains("`$inner`"), "{found}");
    assert!(found.contains("`other` is contained in `sample`"), "{found}");
}

#[test]
fn a_condition_too_large_to_be_read_is_named() {
    let sized = |tests: usize, depth: usize| {
        let list: Vec<String> =
            (0..tests).map(|n| format!("{{ line.units: {{ gt: {n} }} }}")).collect();
        let inner = format!("{{ any: [{}] }}", list.join(", "));
        let must = (1..depth).fold(inner, |inner, _| format!("{{ not: {inner} }}"));
        format!("require: {{ codes: [\"93970\"], must: {must} }}\n")
    };
    let found = |tests, depth| {
        let pack = pack(&sized(tests, depth));
        let found = warnings(&[pack]).into_iter().filter(|(lint, _)| *lint == Lint::Condition);
        found.map(|(_, message)| message).collect::<Vec<_>>()
    };
    assert_eq!(found(8, 3), [""; 0]);
    assert_eq!(found(9, 1), ["the condition `must` of `sample` has 9 tests"]);
    assert_eq!(found(2, 4), ["the condition `must` of `sample` is 4 levels deep"]);
}

/// Names of the clauses that the rule uses, and whether its tests prove it.
fn covered(rule: &str) -> (Vec<&'static str>, bool) {
    let pack = pack(rule);
    let mut coverage = Coverage::of(&pack);
    for test in &pack.tests {
        coverage.add(test, &Tester::new(&pack, &no_files).run(test));
    }
    let near_miss = coverage.rules.iter().any(|rule| rule.near_miss);
    let clauses = coverage.rules.iter().flat_map(|rule| &rule.clauses);
    (clauses.map(|clause| clause.name).collect(), near_miss)
}

#[test]
fn a_condition_of_several_tests_is_one_clause_of_a_near_miss() {
    let rule = r#"
require:
  when: { any: [ { line.procedure: { eq: "93970" } }, { line.units: { gt: 1 } } ] }
  must: { any: [ { line.modifiers: { has_any: ["26"] } }, { line.modifiers: { has_any: [TC] } } ] }
tests:
  - { name: has one, claim: { lines: ["93971-TC x2"] }, expect: { silent: { because: must } } }
"#;
    assert_eq!(covered(rule), (vec!["when", "must"], true));
}

#[test]
fn only_clauses_that_can_decide_are_asked_of_tests() {
    let limit = |rest: &str| {
        let kind = format!(
            "frequency_limit: {{ codes: $venous, max: 1, window: {{ days: 9 }}, same: [patient], {rest} }}\n"
        );
        covered(&kind).0
    };
    assert_eq!(limit("count: units"), ["codes", "unit_basis", "max", "window", "history"]);
    assert_eq!(limit("count: lines, history: claim_only"), ["codes", "max", "window"]);
    let coverage = |covered_by: &str| {
        let kind = format!(
            "diagnosis_coverage: {{ codes: $venous, covered: {covered_by}, look_at: pointed }}\n"
        );
        covered(&kind).0
    };
    assert_eq!(coverage("covered_dx"), ["codes", "table", "look_at", "covered"]);
    assert_eq!(coverage("$clots"), ["codes", "look_at", "covered"]);
}
