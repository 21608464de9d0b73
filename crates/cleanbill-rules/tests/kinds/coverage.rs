//! `diagnosis_coverage`.

use crate::{passes, shows};

#[test]
fn s15_a_covered_diagnosis_that_the_line_does_not_point_to_does_not_cover_it() {
    passes(
        5,
        r#"
diagnosis_coverage: { codes: $venous, covered: $clots, look_at: pointed }
tests:
  - name: covered and pointed to
    claim: { dx: [I82.401], lines: ["93970 dx=1"] }
    expect: { silent: { because: covered } }
  - name: not covered
    claim: { dx: [Z00.00], lines: ["93970 dx=1"] }
    expect: { fires: 1 }
  - name: covered on the claim, but not pointed to
    claim: { dx: [Z00.00, I82.401], lines: ["93970 dx=1", "93971 dx=2"] }
    expect: { fires: [1] }
  - name: nothing pointed to
    claim: { dx: [I82.401], lines: ["93970 dx=none"] }
    expect: { undetermined: 1, disposition: suspend }
  - name: another code
    claim: { dx: [Z00.00], lines: ["93985 dx=1"] }
    expect: { silent: { because: codes } }
"#,
    );
}

#[test]
fn s15_explain_names_the_diagnoses_looked_at() {
    let pack = crate::pack(
        r#"
diagnosis_coverage: { codes: $venous, covered: $clots, look_at: pointed }
tests:
  - name: covered on the claim, but not pointed to
    claim: { dx: [Z00.00, I82.401], lines: ["93970 dx=1"] }
    expect: { fires: 1 }
"#,
    );
    let claim = pack.tests[0].claim().unwrap();
    let seen = cleanbill_engine::explain(pack.edits[0].as_ref(), "sample", &claim).unwrap();
    let steps: Vec<String> = seen.lines[0]
        .steps
        .iter()
        .map(|step| format!("{}: {}", step.clause, step.detail))
        .collect();
    assert_eq!(steps[3], "look_at: the diagnoses that the line points to: Z0000");
    assert_eq!(steps[4], "covered: none of Z0000 is covered for 93970 on 2026-03-02");
}

#[test]
fn the_first_diagnosis_or_any_may_be_asked_for() {
    passes(
        3,
        r#"
diagnosis_coverage: { codes: $venous, covered: $clots, look_at: primary }
tests:
  - { name: the first,  claim: { dx: [I82.401, Z00.00], lines: ["93970 dx=2"] }, expect: { silent: { because: covered } } }
  - { name: the second, claim: { dx: [Z00.00, I82.401], lines: ["93970 dx=2"] }, expect: { fires: 1 } }
  - { name: none,       claim: { lines: ["93970"] },                            expect: { undetermined: 1 } }
"#,
    );
    passes(
        2,
        r#"
diagnosis_coverage: { codes: $venous, covered: $clots, look_at: any_on_claim }
tests:
  - { name: some,  claim: { dx: [Z00.00, I82.401], lines: ["93970 dx=1"] }, expect: { silent: { because: covered } } }
  - { name: other, claim: { dx: [Z00.00, Z01.00], lines: ["93970 dx=1"] },  expect: { fires: 1, message: "93970 on line 1" } }
"#,
    );
}

#[test]
fn the_longest_row_of_the_table_decides_by_date_and_code() {
    passes(
        9,
        r#"
diagnosis_coverage: { codes: ["93970", "93985"], covered: covered_dx, look_at: pointed }
tests:
  - { name: by its beginning,       claim: { dx: [I82.401], lines: ["93970"] }, expect: { silent: { because: covered } } }
  - { name: a longer row takes out, claim: { dx: [I82.491], lines: ["93970"] }, expect: { fires: 1 } }
  - { name: of another code,        claim: { dx: [R60.0], lines: ["93985"] },   expect: { fires: 1 } }
  - { name: of this code,           claim: { dx: [R60.0], lines: ["93970"] },   expect: { silent: { because: covered } } }
  - { name: on its first day,       claim: { date: 2024-01-01, dx: [N18.6], lines: ["93985"] }, expect: { silent: { because: covered } } }
  - { name: on its last day,        claim: { date: 2024-12-31, dx: [N18.6], lines: ["93985"] }, expect: { silent: { because: covered } } }
  - { name: the day before,         claim: { date: 2023-12-31, dx: [N18.6], lines: ["93985"] }, expect: { fires: 1 } }
  - { name: the day after,          claim: { date: 2025-01-01, dx: [N18.6], lines: ["93985"] }, expect: { fires: 1 } }
  - name: one of two is enough
    claim: { dx: [Z00.00, I82.401], lines: ["93970 dx=1,2"] }
    expect: { silent: { because: covered } }
"#,
    );
}

#[test]
fn a_table_that_says_nothing_of_the_code_on_that_day_denies_nothing() {
    let rule = r#"
diagnosis_coverage: { codes: ["93970"], covered: covered_dx, look_at: pointed }
tests:
  - { name: before the policy, claim: { date: 2019-12-31, dx: [Z00.00], lines: ["93970"] }, expect: { silent: { because: table } } }
  - { name: since then,        claim: { date: 2020-01-01, dx: [Z00.00], lines: ["93970"] }, expect: { fires: 1 } }
"#;
    let source = crate::source(rule)
        .with("covered_dx.csv", "dx_prefix,code,from,through\nR60.0,93970,2020-01-01,\n");
    let pack = cleanbill_rules::load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    for test in &pack.tests {
        assert_eq!(cleanbill_rules::run_test(&pack, test), cleanbill_rules::TestResult::Passed);
    }
}

#[test]
fn s16_the_boundary_days_of_a_rule_count() {
    passes(
        4,
        r#"
effective: { from: 2026-01-01, through: 2026-03-31 }
diagnosis_coverage: { codes: $venous, covered: $clots, look_at: pointed }
tests:
  - { name: the day before, claim: { date: 2025-12-31, dx: [Z00.00], lines: ["93970"] }, expect: { silent: { because: effective } } }
  - { name: the first day,  claim: { date: 2026-01-01, dx: [Z00.00], lines: ["93970"] }, expect: { fires: 1 } }
  - { name: the last day,   claim: { date: 2026-03-31, dx: [Z00.00], lines: ["93970"] }, expect: { fires: 1 } }
  - { name: the day after,  claim: { date: 2026-04-01, dx: [Z00.00], lines: ["93970"] }, expect: { silent: { because: effective } } }
"#,
    );
}

#[test]
fn mistakes_of_a_coverage_rule_are_named() {
    shows(
        "a_coverage_rule_with_mistakes",
        "diagnosis_coverage: { codes: $venous, covered: covered_dxs, look_at: pointer }\n",
    );
    shows(
        "a_coverage_set_of_procedures",
        "diagnosis_coverage: { codes: $venous, covered: $repeat, look_at: pointed }\n",
    );
}

#[test]
fn every_damaged_cell_of_the_coverage_table_is_named_in_one_run() {
    let rule = r#"
diagnosis_coverage: { codes: $venous, covered: covered_dx, look_at: pointed }
tests:
  - { name: not covered, claim: { dx: [Z00.00], lines: ["93970"] }, expect: { fires: 1 } }
"#;
    let source = crate::source(rule).with(
        "covered_dx.csv",
        "dx_prefix,code,covered,from,through\nI8,,yes,,\nI82.4,9397,maybe,,\nR60.0,,yes,,\n",
    );
    let Err(mistakes) = cleanbill_rules::load(&source) else { panic!("the table is damaged") };
    let told = mistakes.render(false);
    for (row, cell) in [(2, "`I8`"), (3, "`9397`"), (3, "`maybe`")] {
        let place = format!("covered_dx.csv:{row}:");
        assert!(told.contains(&place) && told.contains(cell), "{place} {cell}\n{told}");
    }
    assert_eq!(mistakes.list().len(), 3, "{told}");
}
