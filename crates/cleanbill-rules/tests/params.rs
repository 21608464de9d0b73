//! Parameters in the numbers and words of rules: what they do, who may change them, what is told.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use cleanbill_rules::{
    Diagnostics, Loading, MemorySource, Pack, PackFingerprint, RuleChange, Source, TestResult,
    compare_packs, run_test,
};

const BASE: &str = "\
schema: cleanbill/pack/v1
name: base
version: 1.0.0
title: The base
value_sets: { studies: [\"93970\"] }
params:
  most: 1
  days: 365
  oldest: 17
  units: 2.5
  charge: 500.00
  look: service_dates
  act: suspend
  place: \"11\"
  code: 93971
rules:
  - id: often
    title: Too often
    frequency_limit: { codes: $studies, max: $most, count: $look, window: { days: $days }, same: [patient], history: claim_only }
    disposition: $act
    message: \"{n} of {limit} within {window}.\"
    fix: Check.
    source: [{ authority: A, document: D, kind: internal }]
    tests:
      - { name: twice, claim: { lines: [\"93970 @2026-01-01\", \"93970 @2026-03-02\"] }, expect: { fires: [2], disposition: suspend, message: \"2 of 1 within 365 days\" } }
      - { name: once, claim: { lines: [\"93970\"] }, expect: { silent: { because: max } } }
  - id: grown
    title: For children
    demographic: { codes: [$code], age: { max: $oldest } }
    message: m
    fix: f
    source: [{ authority: A, document: D, kind: internal }]
    tests:
      - { name: grown, claim: { lines: [\"93971\"], birth_date: 2000-01-01 }, expect: { fires: 1 } }
      - { name: a child, claim: { lines: [\"93971\"], birth_date: 2015-01-01 }, expect: { silent: { because: age } } }
  - id: many
    title: Many units
    require:
      when: { line.units: { gt: $units }, line.place_of_service: { in: [$place] } }
      must: { line.charge: { between: [$charge, 900] } }
    message: \"Up to {$units}.\"
    fix: f
    source: [{ authority: A, document: D, kind: internal }]
    tests:
      - { name: cheap, claim: { lines: [\"93970 x3\"] }, expect: { fires: 1 } }
      - { name: few, claim: { lines: [\"93970 x2\"] }, expect: { silent: { because: when } } }
  - id: plain
    title: Nothing named
    modifier_validity: { codes: [\"93970\"], not_allowed: [\"50\"] }
    message: m
    fix: f
    source: [{ authority: A, document: D, kind: internal }]
";

const UPPER: &str = "\
schema: cleanbill/pack/v1
name: upper
version: 0.1.0
title: The payer's own
extends: [{ pack: base, version: \"^1.0\" }]
";

fn base(from: &str, to: &str) -> MemorySource {
    assert!(BASE.contains(from), "{from}");
    MemorySource::new("base").with("pack.yaml", &BASE.replace(from, to))
}

fn load(source: &dyn Source, below: MemorySource) -> Result<Pack, Diagnostics> {
    let shelf: [Box<dyn Source>; 1] = [Box::new(below)];
    Loading { shelf: &shelf, ..Loading::default() }.load(source)
}

fn upper(more: &str) -> Pack {
    let source = MemorySource::new("upper").with("pack.yaml", &format!("{UPPER}{more}"));
    load(&source, base("", "")).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The mistakes of the base as `CODE line:column message (help)`.
fn mistakes(from: &str, to: &str) -> Vec<String> {
    let found = cleanbill_rules::load(&base(from, to)).err().unwrap();
    let one = |mistake: &cleanbill_rules::Diagnostic| {
        let (line, column) = found.position(mistake);
        let code = mistake.code.as_str();
        format!("{code} {line}:{column} {} ({})", mistake.message, mistake.help)
    };
    found.list().iter().map(one).collect()
}

#[test]
fn a_parameter_stands_for_a_number_or_a_word_of_a_rule() {
    let pack = cleanbill_rules::load(&base("", "")).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(pack.tests.len(), 6);
    for test in &pack.tests {
        assert_eq!(run_test(&pack, test), TestResult::Passed, "{}: {}", test.rule, test.name);
    }
}

#[test]
fn a_pack_above_changes_the_value_for_every_rule_that_names_it() {
    let more = "params: { most: { override: 2 }, act: { override: line_denial } }\n\
        overrides:\n  - rule: often\n    codes+: [\"93971\"]\n    reason: r\n    tests:\n      \
        - { name: thrice, claim: { lines: [\"93970 @2026-01-01\", \"93970 @2026-02-01\", \"93971\"] }, expect: { fires: [3], disposition: line_denial, message: \"3 of 2\" } }\n";
    let pack = upper(more);
    assert_eq!(pack.tests.len(), 1);
    assert_eq!(run_test(&pack, &pack.tests[0]), TestResult::Passed);

    let rule = pack.rules.iter().find(|rule| rule.id == "often").unwrap();
    let field = |name: &str| rule.fields.iter().find(|field| field.name == name).unwrap();
    assert_eq!(field("frequency_limit.max").current().unwrap().value, "$most");
    let told: Vec<(&str, &str)> = field("$most")
        .settings
        .iter()
        .map(|setting| (setting.value.as_str(), setting.place.as_str()))
        .collect();
    assert_eq!(told, [("1", "base/pack.yaml:7"), ("2", "upper/pack.yaml:6")]);
}

#[test]
fn an_override_may_name_a_parameter() {
    let pack = upper(
        "params: { ours: return_to_provider }\noverrides:\n  - rule: often\n    set: { disposition: $ours }\n    reason: r\n    tests:\n      - { name: twice, claim: { lines: [\"93970 @2026-01-01\", \"93970\"] }, expect: { fires: [2], disposition: return_to_provider } }\n",
    );
    assert_eq!(run_test(&pack, &pack.tests[0]), TestResult::Passed);
}

#[test]
fn a_value_that_does_not_fit_is_told_where_it_is_used() {
    for (from, to, said) in [
        (
            "most: 1",
            "most: x",
            "E1003 19:46 `max` takes a whole number, or the name of a parameter such as `$my_number` (give a whole number, or the name of a parameter such as `$my_number`, without quotes; `$most` stands for `x`, in base/pack.yaml:7)",
        ),
        (
            "act: suspend",
            "act: suspnd",
            "E1005 20:18 `suspnd` is not a disposition (did you mean `suspend`?; `$act` stands for `suspnd`, in base/pack.yaml:13)",
        ),
        (
            "look: service_dates",
            "look: weeks",
            "E1005 19:60 `weeks` is not a thing to count (use one of `service_dates`, `units`, `lines`; `$look` stands for `weeks`, in base/pack.yaml:12)",
        ),
        (
            "units: 2.5",
            "units: two",
            "E3001 39:33 `two` is not a number of units: it is not a plain decimal number (digits, one point; no exponent, comma or sign of currency) (`$units` stands for `two`, in base/pack.yaml:10)",
        ),
        (
            "code: 93971",
            "code: 9397",
            "E3001 29:28 `9397` is not a CPT/HCPCS code: it has 4 characters where 5 are needed (a spreadsheet may have dropped a leading zero: \"09397\"; `$code` stands for `9397`, in base/pack.yaml:15)",
        ),
    ] {
        assert_eq!(mistakes(from, to), [said]);
    }
}

#[test]
fn a_name_that_is_no_parameter_is_told_with_the_nearest() {
    for (from, to, said) in [
        (
            "max: $most",
            "max: $mst",
            "E2003 19:46 parameter `$mst` is not defined in this pack (did you mean `most`?)",
        ),
        (
            "max: $oldest",
            "max: $studies",
            "E2003 29:48 `$studies` is a list of values, and one value is needed here (name a parameter, or write the value)",
        ),
        (
            "gt: $units",
            "gt: $unit",
            "E2003 39:33 parameter `$unit` is not defined in this pack (did you mean `units`?)",
        ),
        (
            "disposition: $act",
            "disposition: $acts",
            "E2003 20:18 parameter `$acts` is not defined in this pack (did you mean `act`?)",
        ),
    ] {
        assert_eq!(mistakes(from, to), [said]);
    }
}

#[test]
fn a_changed_parameter_changes_the_fingerprint_of_the_rules_that_name_it() {
    let print = |from: &str, to: &str| {
        let (_, made_of) = Loading::default().load_recorded(&base(from, to)).unwrap();
        PackFingerprint::of(&made_of).unwrap()
    };
    for (from, to, part, rule) in [
        ("most: 1", "most: 2", "$most", "often"),
        ("days: 365", "days: 183", "$days", "often"),
        ("oldest: 17", "oldest: 18", "$oldest", "grown"),
        ("units: 2.5", "units: 3", "$units", "many"),
        ("charge: 500.00", "charge: 50", "$charge", "many"),
    ] {
        let changes = compare_packs(&[print("", "")], &[print(from, to)]);
        for (id, change) in &changes.rules {
            let expected = match id == rule {
                true => RuleChange::Changed(vec![part.to_owned()]),
                false => RuleChange::Unchanged,
            };
            assert_eq!(*change, expected, "{to}: {id}");
        }
    }
    let only_said = |to: &str| {
        let text = BASE
            .replace("Up to {$units}.", "Up to {$charge}.")
            .replace("[$charge, 900]", "[1, 900]");
        let source =
            MemorySource::new("base").with("pack.yaml", &text.replace("charge: 500.00", to));
        let (_, made_of) = Loading::default().load_recorded(&source).unwrap();
        PackFingerprint::of(&made_of).unwrap()
    };
    let changes = compare_packs(&[only_said("charge: 500.00")], &[only_said("charge: 50")]);
    assert_eq!(changes.rules["many"], RuleChange::Changed(vec!["$charge".to_owned()]));
}
