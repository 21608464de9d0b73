//! `require` with conditions.

use cleanbill_engine::explain;

use crate::{mistakes, pack, passes, shows};

#[test]
fn when_selects_and_must_is_required() {
    passes(
        4,
        r#"
require:
  when: { line.place_of_service: { in: ["02", "10"] } }
  must: { line.modifiers: { has_any: ["95", "93", GT] } }
tests:
  - { name: bare,        claim: { lines: ["99213 pos=02"] },    expect: { fires: 1 } }
  - { name: with 95,     claim: { lines: ["99213-95 pos=02"] }, expect: { silent: { because: must } } }
  - { name: elsewhere,   claim: { lines: ["99213 pos=11"] },    expect: { silent: { because: when } } }
  - { name: one of two,  claim: { lines: ["99213 pos=10", "99214-GT pos=10"] }, expect: { fires: [1] } }
"#,
    );
}

#[test]
fn a_missing_value_is_unknown_and_not_false() {
    passes(
        6,
        r#"
require:
  when: { line.place_of_service: { eq: "02" } }
  must: { claim.filing_indicator: { ne: MB } }
tests:
  - { name: place missing,           claim: { pos: none, filing_indicator: MB, lines: ["99213"] }, expect: { undetermined: 1, disposition: suspend } }
  - { name: place missing but fine,  claim: { pos: none, filing_indicator: CI, lines: ["99213"] }, expect: { silent: { because: must } } }
  - { name: indicator missing,       claim: { pos: "02", lines: ["99213"] }, expect: { undetermined: 1 } }
  - { name: both missing,            claim: { pos: none, lines: ["99213"] }, expect: { undetermined: 1 } }
  - { name: elsewhere, it missing,   claim: { pos: "11", lines: ["99213"] }, expect: { silent: { because: when } } }
  - { name: both there,              claim: { pos: "02", filing_indicator: MB, lines: ["99213"] }, expect: { fires: 1 } }
"#
        .replace("elsewhere, it missing", "elsewhere and it missing")
        .as_str(),
    );
    // A line without modifiers is known to have none; whether a value is there is always known.
    passes(
        3,
        r#"
require:
  when: { line.dx_pointed: { exists: false } }
  must: { line.modifiers: { has_none: ["59"] }, claim.filing_indicator: { exists: true } }
tests:
  - { name: no pointer,  claim: { lines: ["99213"] }, expect: { fires: 1 } }
  - { name: complete,    claim: { filing_indicator: MB, lines: ["99213"] }, expect: { silent: { because: must } } }
  - { name: a pointer,   claim: { dx: [N18.6], lines: ["99213 dx=1"] }, expect: { silent: { because: when } } }
"#,
    );
}

#[test]
fn drugs_and_revenue_codes_are_read_by_conditions() {
    passes(
        4,
        r#"
require:
  when: { line.procedure: { starts_with: J } }
  must: { line.ndc: { exists: true, ne: "00026063513" }, line.revenue_code: { in: ["0636"] } }
tests:
  - { name: whole,       claim: { lines: ["J1550 ndc=00026063512 rev=0636"] }, expect: { silent: { because: must } } }
  - { name: no drug,     claim: { lines: ["J1550 rev=0636"] }, expect: { fires: 1 } }
  - { name: another,     claim: { lines: ["J1550 ndc=00026063513 rev=0636"] }, expect: { fires: 1 } }
  - { name: no revenue,  claim: { lines: ["J1550 ndc=00026063512"] }, expect: { undetermined: 1 } }
"#,
    );
}

#[test]
fn a_claim_that_does_not_say_it_has_no_bill_type_and_no_day_of_submission() {
    passes(
        1,
        r#"
require:
  when: { any: [{ claim.bill_type: { starts_with: "013" } }, { claim.submitted: { gte: 2026-01-01 } }] }
  must: { line.units: { lt: 2 } }
tests:
  - { name: neither, claim: { lines: ["99213 x2"] }, expect: { undetermined: 1 } }
"#,
    );
}

#[test]
fn what_other_payers_paid_is_read_by_conditions() {
    passes(
        5,
        r#"
require:
  when: { claim.other_payer_count: { gte: 1 } }
  must: { claim.other_payer_paid: { lte: 49.15 } }
tests:
  - { name: no other payer,  claim: { lines: ["99213"] }, expect: { silent: { because: when } } }
  - { name: the sum of two,  claim: { other_payers: ["39.15", "10"], lines: ["99213"] }, expect: { silent: { because: must } } }
  - { name: a cent too much, claim: { other_payers: ["39.15", "10.01"], lines: ["99213"] }, expect: { fires: 1 } }
  - { name: one of two says, claim: { other_payers: [none, "50"], lines: ["99213"] }, expect: { fires: 1 } }
  - { name: none says,       claim: { other_payers: [none], lines: ["99213"] }, expect: { undetermined: 1 } }
"#,
    );
}

#[test]
fn conditions_are_joined_by_all_any_not_and_none() {
    passes(
        6,
        r#"
require:
  codes: ["99213-99215"]
  when:
    any:
      - { claim.type: { eq: professional }, line.units: { gt: 2 } }
      - not: { line.charge: { lte: 100.00 } }
  must:
    none:
      - { claim.payer: { starts_with: PAY } }
      - all: [ { line.modifiers: { has_all: ["25", "59"] } }, { line.procedure: { ne: "99215" } } ]
tests:
  - { name: any of two,      claim: { payer: PAYER1, lines: ["99213 x3"] }, expect: { fires: 1 } }
  - { name: none of them,    claim: { payer: OTHER, lines: ["99213 x3"] }, expect: { silent: { because: must } } }
  - { name: all of the list, claim: { payer: OTHER, lines: ["99213-59-25 x3"] }, expect: { fires: 1 } }
  - { name: but one,         claim: { payer: OTHER, lines: ["99215-59-25 x3"] }, expect: { silent: { because: must } } }
  - { name: not selected,    claim: { lines: ["99213 x2"] }, expect: { silent: { because: when } } }
  - { name: other code,      claim: { lines: ["99212 x3"] }, expect: { silent: { because: codes } } }
"#,
    );
}

#[test]
fn numbers_dates_and_amounts_are_compared_exactly() {
    for (test, fires) in [
        ("line.units: { eq: 2.5 }", true),
        ("line.units: { lt: 2.5 }", false),
        ("line.units: { gte: 2.500, lte: 2.5 }", true),
        ("line.units: { between: [2.501, 3] }", false),
        ("line.units: { not_in: [1, 2.5] }", false),
        ("line.charge: { gt: 99.99 }", true),
        ("claim.charge: { lt: 200.01 }", true),
        ("line.service_date: { between: [2026-03-02, 2026-03-02] }", true),
        ("line.service_date: { lt: 2026-03-02 }", false),
        ("line.procedure: { starts_with: \"9397\" }", true),
        ("line.procedure: { not_in: [$venous, 00100-01992] }", false),
        ("line.procedure: { matches: 939?0 }", true),
        ("line.procedure: { matches: \"*1\" }", false),
        ("claim.payer: { matches: \"P*R?\" }", true),
        ("line.body_region: { eq: upper }", true),
        ("claim.frequency: { in: [\"7\", \"8\"] }", false),
        ("line.rendering_npi: { starts_with: \"12345\" }", true),
        ("claim.line_count: { eq: 2 }", true),
        ("line.dx_pointed: { any_in: $clots }", true),
        ("line.dx_pointed: { has_all: [I82.4*, N18.6] }", true),
        ("line.dx_pointed: { has_all: [I82.4*, N18.5] }", false),
        ("claim.diagnoses: { has_none: [N18.6] }", false),
        ("any_line: { line.procedure: { eq: \"99213\" } }", true),
        ("every_line: { line.charge: { gte: 100 } }", true),
        ("no_line: { line.procedure: { eq: \"93971\" } }", true),
        ("count_lines: { where: { line.units: { gt: 1 } }, gte: 2 }", false),
        ("count_lines: { where: { line.units: { gt: 0 } }, between: [2, 3] }", true),
    ] {
        let expect = if fires { "{ fires: [1] }" } else { "{ silent: { because: when } }" };
        passes(
            1,
            &format!(
                "require: {{ codes: [\"93970\"], when: {{ {test} }}, must: {{ claim.type: {{ eq: institutional }} }} }}\ntests:\n  - {{ name: \"it\", claim: {{ dx: [I82.401, N18.6], lines: [\"93970 x2.5 region=upper\", \"99213\"] }}, expect: {expect} }}\n"
            ),
        );
    }
}

#[test]
fn conditions_on_lines_say_over_which_lines_they_go() {
    passes(
        5,
        r#"
require:
  when: { line.procedure: { eq: "93970" } }
  must: { any_line: { line.procedure: { starts_with: "992" }, line.place_of_service: { eq: "11" } } }
tests:
  - { name: one other line,    claim: { lines: ["93970", "99213"] }, expect: { silent: { because: must } } }
  - { name: at another place,  claim: { lines: ["93970", "99213 pos=22"] }, expect: { fires: [1] } }
  - { name: place not known,   claim: { pos: none, lines: ["93970", "99213"] }, expect: { undetermined: [1] } }
  - { name: no other line,     claim: { lines: ["93970"] }, expect: { fires: [1] } }
  - { name: nothing selected,  claim: { lines: ["93971"] }, expect: { silent: { because: when } } }
"#,
    );
    passes(
        3,
        r#"
require:
  when: { claim.type: { eq: professional } }
  must: { count_lines: { where: { line.place_of_service: { eq: "02" } }, lt: 2 } }
tests:
  - { name: said once for the claim, claim: { lines: ["99213", "99214 pos=02", "99215 pos=02"] }, expect: { fires: [1] } }
  - { name: few enough,    claim: { lines: ["99213", "99214 pos=02"] }, expect: { silent: { because: must } } }
  - { name: not to tell,   claim: { pos: none, lines: ["99213", "99214 pos=02"] }, expect: { undetermined: [1] } }
"#,
    );
}

#[test]
fn a_fact_may_be_required_of_lines_that_a_condition_selects() {
    passes(
        2,
        r#"
require: { when: { line.procedure: { in: ["9397*"] } }, must_have: pointed_diagnosis }
tests:
  - { name: none,  claim: { lines: ["93970"] }, expect: { fires: 1 } }
  - { name: there, claim: { dx: [N18.6], lines: ["93970"] }, expect: { silent: { because: must_have } } }
"#,
    );
}

#[test]
fn explain_tells_every_test_with_the_value_found() {
    let pack = pack(
        r#"
require:
  when: { line.place_of_service: { in: ["02", "10"] }, claim.type: { eq: professional } }
  must: { line.modifiers: { has_any: ["95", GT] } }
tests:
  - { name: bare, claim: { lines: ["99213-25 pos=02"] }, expect: { fires: 1 } }
"#,
    );
    let claim = pack.tests[0].claim().unwrap();
    let seen = explain(pack.edits[0].as_ref(), "sample", &claim).unwrap();
    let steps: Vec<String> = seen.lines[0]
        .steps
        .iter()
        .map(|step| format!("{} {}: {}", step.clause, step.truth, step.detail))
        .collect();
    assert_eq!(
        steps,
        [
            "effective yes: 2026-03-02; the rule holds always",
            "when yes: line.place_of_service in [02, 10]; found 02: yes",
            "when yes: claim.type eq professional; found professional: yes",
            "when yes: together: line.place_of_service in [02, 10] and claim.type eq professional",
            "must yes: line.modifiers has_any [95, GT]; found 25",
        ]
    );
    let cleanbill_engine::LineOutcome::Found(found) = &seen.lines[0].outcome else { panic!() };
    assert_eq!(
        found[0].why,
        "required, but not so: line.modifiers has_any [95, GT] (line.place_of_service is 02; \
         claim.type is professional; line.modifiers is 25)"
    );
}

#[test]
fn the_size_of_a_condition_is_known() {
    let pack = pack(
        r#"
require:
  when: { any: [ { line.units: { gt: 1, lt: 9 } }, { not: { any: [ { line.charge: { gt: 1 } } ] } } ] }
  must: { line.charge: { gt: 0 } }
"#,
    );
    let sizes: Vec<(&str, usize, usize)> =
        pack.conditions.iter().map(|size| (size.rule.as_str(), size.depth, size.clauses)).collect();
    assert_eq!(sizes, [("sample", 3, 3), ("sample", 0, 1)]);
}

#[test]
fn mistakes_in_conditions_are_all_named_with_the_remedy() {
    shows(
        "mistakes_in_a_condition",
        r#"
require:
  when:
    line.plce_of_service: { in: ["02"] }
    line.modifiers: { eq: "95" }
    line.units: { has_any: [1], gtt: 2 }
    line.place_of_service: { in: "02", eq: $venous, ne: "2" }
    claim.type: "professional"
    claim.patient_name: { eq: SMITH }
  must:
    any: { line.units: { gt: one } }
    any_line: { every_line: { line.units: { gt: 1 } } }
    count_lines: { where: { line.units: { gt: 1 } } }
    line.service_date: { between: [2026-03-02, 2026-03-01] }
    line.procedure: { eq: 9397*, starts_with: 93970 }
"#,
    );
}

#[test]
fn a_rule_requires_exactly_one_thing_of_lines_that_it_names() {
    assert!(mistakes("require: { codes: [\"93970\"] }\n").contains("exactly one thing"));
    let both = "require: { codes: [\"93970\"], must_have: place_of_service, must: { line.units: { gt: 1 } } }\n";
    assert!(mistakes(both).contains("exactly one thing"));
    assert!(mistakes("require: { must_have: place_of_service }\n").contains("which lines"));
    assert!(mistakes("require: { must: {} }\n").contains("at least one condition"));
}

#[test]
fn expr_is_reserved_wherever_a_condition_may_stand() {
    for condition in ["expr: line.units > 3", "line.units: { expr: units > 3 }"] {
        let seen =
            mistakes(&format!("require:\n  codes: [\"93970\"]\n  must: {{ {condition} }}\n"));
        assert!(seen.contains("error[E2101]: `expr` is reserved"), "{seen}");
        assert!(
            seen.contains("write fields with tests, such as `line.units: { gt: 1 }`"),
            "{seen}"
        );
    }
}

#[test]
fn a_pattern_goes_with_texts_and_codes_and_is_no_regular_expression() {
    for (test, told) in [
        ("line.procedure: { matches: \"^9397[0-9]$\" }", "error[E3001]"),
        ("line.procedure: { matches: \"9397\" }", "matches no code of five"),
        ("claim.payer: { matches: \"PAY[0-9]\" }", "there are no regular expressions"),
        ("line.place_of_service: { matches: \"2\" }", "is not a place of service"),
        (
            "line.units: { matches: \"1*\" }",
            "error[E2102]: `matches` is not a test for `line.units`",
        ),
    ] {
        let seen = mistakes(&format!("require:\n  codes: [\"93970\"]\n  must: {{ {test} }}\n"));
        assert!(seen.contains(told), "{test}\n{seen}");
    }
}
