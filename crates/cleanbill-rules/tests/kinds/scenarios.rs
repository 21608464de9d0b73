//! Acceptance scenarios that need tables and facts of their own.

use cleanbill_rules::{MemorySource, Pack, TestResult, load, run_test};

const PACK: &str = "\
schema: cleanbill/pack/v1
name: scenarios
version: 1.0.0
title: Scenarios
value_sets:
  venous: [\"93970\", \"93971\"]
  mapping: [\"93985\", \"93986\"]
tables:
  mue: { file: mue.csv, key: [code], effective: [from, through] }
  addon: { file: addon.csv, key: [addon, primary] }
  body_site: { file: body_site.csv, key: [code] }
facts:
  extremity:
    side:
      - table: body_site.laterality
      - modifiers: { LT: left, RT: right }
    region:
      - line_field: body_region
include: [rules/*.yaml]
";

fn scenario(rules: &str) -> Pack {
    let source = MemorySource::new("scenarios")
        .with("pack.yaml", PACK)
        .with("mue.csv", "code,max_units,mai,from,through\n93970,1,3,2026-01-01,\n20610,1,1,,\n")
        .with("addon.csv", "addon,primary,type\n99292,99291,1\n76937,,2\n")
        .with(
            "body_site.csv",
            "code,laterality\n93970,bilateral\n93971,unilateral\n93985,bilateral\n93986,unilateral\n",
        )
        .with("rules/a.yaml", rules);
    load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[track_caller]
fn passes(tests: usize, rules: &str) {
    let pack = scenario(rules);
    assert_eq!(pack.tests.len(), tests);
    for test in &pack.tests {
        if let TestResult::Failed(reason) = run_test(&pack, test) {
            panic!("\"{}\": {reason}", test.name);
        }
    }
}

#[test]
fn s11_a_bilateral_study_holds_a_side_that_is_not_stated_and_two_sides_are_apart() {
    passes(
        4,
        r#"
rules:
  - id: pair
    title: Mapping and venous study of one extremity
    mutually_exclusive:
      codes: $venous
      with: $mapping
      same: [patient, service_date, extremity]
    message: "{code} with {other.code}"
    fix: Remove one.
    source: [{ authority: Example, document: Invented, kind: internal }]
    tests:
      - { name: no side,      claim: { lines: ["93986 region=upper", "93970 region=upper"] }, expect: { fires: [2] } }
      - { name: left, right,  claim: { lines: ["93986-LT region=upper", "93971-RT region=upper"] }, expect: { silent: { because: extremity } } }
      - { name: left, left,   claim: { lines: ["93986-LT region=upper", "93971-LT region=upper"] }, expect: { fires: [2] } }
      - { name: arm, leg,     claim: { lines: ["93986-LT region=upper", "93971-LT region=lower"] }, expect: { silent: { because: extremity } } }
"#
        .replace("left, right,", "left and right,")
        .replace("left, left,", "left and left,")
        .replace("arm, leg,", "arm and leg,")
        .as_str(),
    );
}

#[test]
fn s13_mai_1_judges_each_line_and_mai_3_the_day() {
    passes(
        5,
        r#"
rules:
  - id: units
    title: Units above the table
    unit_limit: { table: mue, max: max_units, basis: mai, same: [patient, service_date, billing_provider] }
    remit: { group: CO, carc: "151", rarc: [N362] }
    message: "{code}: {total} units; the value is {limit} (MAI {mai}, {row})."
    fix: Correct the units.
    source: [{ authority: CMS, document: MUE, kind: public }]
    tests:
      - { name: MAI 1 over two lines, claim: { lines: ["20610-RT", "20610-59"] }, expect: { silent: { because: max } } }
      - { name: MAI 1 on one line,    claim: { lines: ["20610 x2"] }, expect: { fires: 1 } }
      - { name: MAI 3 over two lines, claim: { lines: ["93970", "93970-59"] }, expect: { fires: 2, message: "2 units; the value is 1 (MAI 3, scenarios/mue.csv:2)" } }
      - { name: at the value,         claim: { lines: ["93970"] }, expect: { silent: { because: max } } }
      - { name: before its row,       claim: { date: 2025-12-31, lines: ["93970 x2"] }, expect: { silent: { because: effective } } }
"#,
    );
}

#[test]
fn s14_an_add_on_needs_its_primary_and_an_open_list_suspends() {
    let rules = r#"
rules:
  - id: addon
    title: Add-on without its primary
    requires_primary: { table: addon, same: [patient, service_date, rendering_provider], no_primary_list: suspend }
    remit: { group: CO, carc: "97", rarc: [N122] }
    message: "{code} is an add-on code; none of its primaries ({expected}) is on {service_date}."
    fix: Bill it with its primary.
    source: [{ authority: CMS, document: Add-on code edits, kind: public }]
    tests:
      - { name: alone,         claim: { lines: ["99292"] }, expect: { fires: 1, disposition: line_denial, message: "(99291)" } }
      - { name: with primary,  claim: { lines: ["99291", "99292"] }, expect: { silent: { because: primary } } }
      - { name: open list,     claim: { lines: ["76937"] }, expect: { fires: 1, disposition: suspend } }
"#;
    passes(3, rules);
    let pack = scenario(rules);
    let remit = pack.edits[0].infos()[0].remit.as_ref().map(ToString::to_string);
    assert_eq!(remit.as_deref(), Some("CO-97 N122"));
}

#[test]
fn earlier_units_of_the_day_are_added_and_earlier_primaries_count() {
    passes(
        10,
        r#"
rules:
  - id: units
    title: Too many units
    unit_limit:
      table: mue
      max: max_units
      basis: mai
      same: [patient, service_date, billing_provider]
      search: [this_claim, history]
    message: "{code} (line {line}): {total} units, limit {limit}"
    fix: Correct the units.
    source: [{ authority: Example, document: Invented, kind: internal }]
    tests:
      - { name: one before, claim: { lines: ["93970"] }, history: [{ lines: ["93970"] }], expect: { fires: [1], message: "2 units, limit 1" } }
      - { name: none before, claim: { lines: ["93970"] }, expect: { silent: { because: max } } }
      - { name: MAI 1, claim: { lines: ["20610"] }, history: [{ lines: ["20610"] }], expect: { silent: { because: max } } }
      - { name: MAI 1 without a feed, claim: { lines: ["20610"] }, history: absent, expect: { silent: { because: max } } }
      - { name: no feed, claim: { lines: ["93970"] }, history: absent, expect: { undetermined: [1] } }
      - { name: no feed but over, claim: { lines: ["93970 x2"] }, history: absent, expect: { fires: [1] } }
  - id: add-on
    title: Add-on code without its primary
    requires_primary:
      table: addon
      same: [patient, service_date, rendering_provider]
      search: [this_claim, history]
      no_primary_list: suspend
    message: "{code} (line {line}) has no primary on the day ({expected})"
    fix: Add the primary.
    source: [{ authority: Example, document: Invented, kind: internal }]
    tests:
      - { name: the primary came before, claim: { lines: ["99292"] }, history: [{ lines: ["99291"] }], expect: { silent: { because: primary } } }
      - { name: on another day, claim: { lines: ["99292"] }, history: [{ lines: ["99291"], date: 2026-03-01 }], expect: { fires: [1] } }
      - { name: no feed, claim: { lines: ["99292"] }, history: absent, expect: { undetermined: [1] } }
      - { name: no feed but on the claim, claim: { lines: ["99291", "99292"] }, history: absent, expect: { silent: { because: primary } } }
"#,
    );
}
