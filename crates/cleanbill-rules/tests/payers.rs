//! Where a rule looks, set for one payer by a pack that extends another.

#![expect(
    clippy::panic,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use cleanbill_engine::Scope;
use cleanbill_rules::{Loading, MemorySource, Pack, Source, TestResult, run_test};

const BASE: &str = "\
schema: cleanbill/pack/v1
name: base
version: 1.0.0
title: Pairs
rules:
  - id: pair
    title: Two services that exclude each other
    mutually_exclusive:
      pairs: [{ column_one: \"93985\", column_two: \"93970\", indicator: \"1\" }]
      same: [patient, service_date]
      search: [this_claim, history]
    message: \"{code}\"
    fix: Correct it.
    source: [{ authority: Example, document: Invented, kind: internal }]
  - id: place
    title: Where it was done
    require: { codes: [\"93970\"], must_have: place_of_service }
    message: \"{code}\"
    fix: Correct it.
    source: [{ authority: Example, document: Invented, kind: internal }]
";

const UPPER: &str = "\
schema: cleanbill/pack/v1
name: upper
version: 1.0.0
title: Pairs of one payer
extends: [{ pack: base, version: ^1.0 }]
applies_to: { payers: [ACME] }
overrides:
";

fn loaded(overrides: &str) -> Result<Pack, String> {
    let shelf: Vec<Box<dyn Source>> =
        vec![Box::new(MemorySource::new("base").with("pack.yaml", BASE))];
    let upper = MemorySource::new("upper").with("pack.yaml", &format!("{UPPER}{overrides}"));
    let loading = Loading { shelf: &shelf, ..Loading::default() };
    loading.load(&upper).map_err(|mistakes| mistakes.render(false))
}

#[track_caller]
fn passes(overrides: &str) -> Pack {
    let pack = loaded(overrides).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    for test in &pack.tests {
        assert_eq!(run_test(&pack, test), TestResult::Passed, "{}", test.name);
    }
    pack
}

#[test]
fn pairs_of_institutional_claims_stay_within_a_claim_unless_a_payer_looks_further() {
    let within = passes(
        "  - rule: pair
    set: { search: [this_claim] }
    reason: This payer looks at one claim
    tests:
      - name: an earlier claim
        claim: { payer: ACME, lines: [\"93970\"] }
        history: [{ payer: ACME, lines: [\"93985\"] }]
        expect: { silent: { because: pair } }
",
    );
    assert_eq!(within.edits[0].scope(), Scope::Claim);
    let test = |name: &str, kind: &str, expect: &str| {
        format!(
            "      - name: {name}
        claim: {{ payer: ACME, type: {kind}, lines: [\"93970\"] }}
        history: [{{ payer: ACME, type: {kind}, lines: [\"93985\"] }}]
        expect: {expect}
"
        )
    };
    let fires = "{ fires: [1] }";
    let as_below = format!(
        "  - rule: pair
    set: {{ disposition: suspend }}
    reason: As the outpatient editor, which sees one claim
    tests:
{}{}",
        test("professional", "professional", fires),
        test("institutional", "institutional", "{ silent: { because: pair } }")
    );
    assert_eq!(passes(&as_below).edits[0].scope(), Scope::PatientDay);
    let further = format!(
        "  - rule: pair
    set: {{ search: [this_claim, institutional_history] }}
    reason: This payer looks over claims of facilities alone
    tests:
{}{}",
        test("professional", "professional", "{ silent: { because: pair } }"),
        test("institutional", "institutional", fires)
    );
    assert_eq!(passes(&further).edits[0].scope(), Scope::PatientDay);
}

#[test]
fn a_rule_of_a_kind_without_search_cannot_be_given_one() {
    let wrong = |change: &str| match loaded(change) {
        Ok(_) => String::new(),
        Err(mistakes) => mistakes,
    };
    let shown = wrong("  - { rule: place, set: { search: [this_claim] }, reason: Why }\n");
    assert!(shown.contains("`place` is of a kind that has no `search`"), "{shown}");
    let shown = wrong("  - { rule: pair, set: { search: [history] }, reason: Why }\n");
    assert!(shown.contains("`search` must name `this_claim`"), "{shown}");
}
