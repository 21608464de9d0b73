//! Packs on packs: what an upper pack changes, what it may not change, and who is told to have done it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{Disposition, Origin, ServiceDate};
use cleanbill_rules::{
    ClaimSketch, Diagnostics, Loading, MemorySource, Pack, Setting, Source, TestResult, run_test,
};

const BASE: &str = "\
schema: cleanbill/pack/v1
name: base
version: 1.2.0
title: The base
value_sets: { mapping: [\"93985\", \"93986\"], sides: [LT, RT] }
params: { grace: 2020-01-01, desk: \"555-0100\" }
defaults: { disposition: line_denial }
rules:
  - id: needs-side
    title: A side is needed
    modifier_validity: { codes: $mapping, requires_any: $sides }
    effective: { from: $grace }
    message: \"{code} needs a side. Ask {$desk}.\"
    fix: \"Add LT, or RT.\"
    source: [{ authority: A, document: D, kind: internal }]
    tests: [{ name: none, claim: { lines: [\"93986\"] }, expect: { fires: [1] } }]
  - id: fixed
    title: Nobody may change this
    final: true
    modifier_validity: { codes: [\"93970\"], not_allowed: [\"50\"] }
    message: no 50
    fix: remove it
    source: [{ authority: A, document: D, kind: internal }]
  - id: lives
    title: Codes live for a while
    code_validity: { table: life }
    message: gone
    fix: another
    source: [{ authority: A, document: D, kind: internal }]
tables: { life: { file: life.csv, key: [code], effective: [from, through] } }
";

const LIFE: &str = "code,from,through\n93970,,2026-12-31\n";

const UPPER: &str = "\
schema: cleanbill/pack/v1
name: upper
version: 0.1.0
title: The payer's own
extends: [{ pack: base, version: \"^1.0\" }]
";

fn shelf() -> Vec<Box<dyn Source>> {
    vec![Box::new(MemorySource::new("base").with("pack.yaml", BASE).with("life.csv", LIFE))]
}

fn upper(more: &str) -> MemorySource {
    MemorySource::new("upper").with("pack.yaml", &format!("{UPPER}{more}"))
}

fn load_as_of(more: &str, as_of: Option<ServiceDate>) -> Result<Pack, Diagnostics> {
    Loading { shelf: &shelf(), as_of, ..Loading::default() }.load(&upper(more))
}

fn loaded(more: &str) -> Pack {
    load_as_of(more, None).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The mistakes as `CODE file:line:column message (help)`.
fn mistakes(source: &dyn Source, shelf: &[Box<dyn Source>]) -> Vec<String> {
    let found = Loading { shelf, ..Loading::default() }.load(source).err().unwrap();
    found
        .list()
        .iter()
        .map(|mistake| {
            let (line, column) = found.position(mistake);
            let (code, file) = (mistake.code.as_str(), &mistake.file);
            format!("{code} {file}:{line}:{column} {} ({})", mistake.message, mistake.help)
        })
        .collect()
}

fn refused(more: &str) -> Vec<String> {
    mistakes(&upper(more), &shelf())
}

/// Rule and disposition of every finding on a claim of these lines.
fn findings(pack: Pack, lines: &[&str]) -> Vec<(String, Disposition, String)> {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let claim = ClaimSketch::new(&lines).unwrap().claim(false).unwrap();
    let registry = Registry::new(pack.edits).unwrap();
    let mut evaluator = Evaluator::default();
    let verdict = evaluator.evaluate(&registry, &claim);
    assert!(verdict.faults.is_empty());
    verdict
        .findings
        .iter()
        .map(|found| (found.edit.id.clone(), found.disposition, found.message.clone()))
        .collect()
}

fn dispositions(pack: Pack, lines: &[&str]) -> Vec<Disposition> {
    findings(pack, lines).into_iter().map(|(_, disposition, _)| disposition).collect()
}

fn settings(pack: &Pack, rule: &str, field: &str) -> Vec<Setting> {
    let rule = pack.rules.iter().find(|known| known.id == rule).unwrap();
    let field = rule.fields.iter().find(|known| known.name == field);
    field.map(|field| field.settings.clone()).unwrap_or_default()
}

#[test]
fn the_rules_of_the_base_run_under_the_names_of_both_packs() {
    let pack = loaded("");
    assert_eq!((pack.edits.len(), pack.tests.len()), (3, 0));
    assert_eq!(pack.extends, ["base"]);
    assert!(pack.inherits("needs-side"));
    let origin = &pack.edits.first().unwrap().infos().first().unwrap().origin;
    let place = "pack.yaml:9".to_owned();
    assert_eq!(*origin, Origin::Pack { pack: "base@1.2.0+upper@0.1.0".to_owned(), place });
    let found = findings(pack, &["93986"]);
    assert_eq!(found.first().unwrap().2, "93986 needs a side. Ask 555-0100.");
}

#[test]
fn s20_an_override_sets_a_field_and_changes_the_codes_and_each_field_tells_who_set_it() {
    let pack = loaded(
        "overrides:
  - { rule: needs-side, set: { disposition: suspend, remit: { group: CO, carc: \"4\" } }, codes+: [\"93971\"], codes-: [\"93985\"], reason: the plan reviews }
",
    );
    let told: Vec<(String, String)> = settings(&pack, "needs-side", "disposition")
        .into_iter()
        .map(|setting| (setting.value, setting.place))
        .collect();
    let pair = |value: &str, place: &str| (value.to_owned(), place.to_owned());
    assert_eq!(
        told,
        [pair("line_denial", "base/pack.yaml:7"), pair("suspend", "upper/pack.yaml:7")]
    );
    let codes = settings(&pack, "needs-side", "modifier_validity.codes");
    let codes: Vec<&str> = codes.iter().map(|setting| setting.value.as_str()).collect();
    assert_eq!(codes, ["$mapping", "[93986, 93971]"]);
    let message = settings(&pack, "needs-side", "message");
    assert_eq!(message.len(), 1);
    assert_eq!(message.first().unwrap().pack, "base@1.2.0");
    assert_eq!(
        dispositions(pack, &["93986", "93971", "93985"]),
        [Disposition::Suspend, Disposition::Suspend]
    );
}

#[test]
fn s20_a_rule_is_disabled_with_a_reason() {
    let pack =
        loaded("overrides: [{ rule: needs-side, disable: true, reason: the side is in a note }]\n");
    assert_eq!(pack.edits.len(), 2);
    let disabled = settings(&pack, "needs-side", "disabled");
    assert_eq!(disabled.first().unwrap().reason.as_deref(), Some("the side is in a note"));
    assert!(findings(pack, &["93986"]).is_empty());
}

#[test]
fn an_override_that_ends_holds_through_its_last_day_of_service() {
    let more = "overrides:
  - { rule: needs-side, set: { disposition: suspend }, reason: r, until: 2026-03-02 }
  - { rule: needs-side, disable: true, reason: r, until: 2026-01-31 }
";
    let lines =
        ["93986 @2026-01-31", "93986 @2026-02-01", "93986 @2026-03-02", "93986 @2026-03-03"];
    let expected = [Disposition::Suspend, Disposition::Suspend, Disposition::LineDenial];
    assert_eq!(dispositions(loaded(more), &lines), expected);
    let as_of = |day: &[u8]| ServiceDate::parse_iso(day).ok();
    let pack = load_as_of(more, as_of(b"2026-03-02")).unwrap();
    assert_eq!(dispositions(pack, &lines), [Disposition::Suspend; 4]);
    let pack = load_as_of(more, as_of(b"2026-03-03")).unwrap();
    let told = settings(&pack, "needs-side", "disposition");
    assert_eq!(told.iter().map(|setting| setting.holds).collect::<Vec<_>>(), [true, false]);
    assert_eq!(dispositions(pack, &lines), [Disposition::LineDenial; 4]);
}

#[test]
fn a_test_inside_an_override_tests_the_rule_as_it_became() {
    let pack = loaded(
        "overrides:
  - rule: needs-side
    set: { disposition: suspend }
    reason: r
    tests: [{ name: reviewed, claim: { lines: [\"93986\"] }, expect: { fires: [1], disposition: suspend } }]
",
    );
    let test = pack.tests.first().unwrap();
    assert_eq!(test.place, "upper/pack.yaml:10");
    assert_eq!(run_test(&pack, test), TestResult::Passed);
}

#[test]
fn s20_an_override_of_an_unknown_or_final_rule_is_refused_with_both_places() {
    assert_eq!(
        refused("overrides: [{ rule: need-side, disable: true, reason: r }]\n"),
        [
            "E6005 upper/pack.yaml:6:21 there is no rule `need-side` in a pack that this pack extends (did you mean `needs-side`?)"
        ]
    );
    let found = refused("overrides: [{ rule: fixed, disable: true, reason: r }]\n");
    assert_eq!(
        found.first().unwrap().split(" (remove").next().unwrap(),
        "E6006 upper/pack.yaml:6:21 `fixed` is final (base/pack.yaml:17): it cannot be overridden"
    );
}

#[test]
fn an_override_says_what_it_changes_and_why() {
    for (change, code) in [
        ("{ rule: needs-side, reason: r }", "E6007"),
        ("{ rule: needs-side, disable: true, set: { owner: x }, reason: r }", "E6007"),
        ("{ rule: needs-side, disable: true, reason: \"\" }", "E6007"),
        ("{ rule: needs-side, disable: true }", "E1006"),
        ("{ rule: needs-side, set: { dispositon: suspend }, reason: r }", "E1001"),
        ("{ rule: needs-side, set: { disposition: suspnd }, reason: r }", "E1005"),
        ("{ rule: needs-side, set: { message: \"{codee}\" }, reason: r }", "E2103"),
        ("{ rule: needs-side, codes+: [\"9397\"], reason: r }", "E3001"),
        ("{ rule: needs-side, codes-: [\"93990\"], reason: r }", "E6007"),
        ("{ rule: needs-side, disable: true, reason: r, until: soon }", "E3003"),
        ("{ rule: lives, codes+: [\"93970\"], reason: r }", "E6007"),
    ] {
        let found = refused(&format!("overrides:\n  - {change}\n"));
        let [one] = found.as_slice() else { panic!("{change}: {found:?}") };
        // The place is the override's, whatever file the rule stands in.
        assert!(one.starts_with(&format!("{code} upper/pack.yaml:7:")), "{change}: {one}");
    }
}

#[test]
fn of_two_overrides_the_one_that_ends_first_wins_while_it_holds() {
    let with = |until: &str| {
        format!(
            "overrides:
  - {{ rule: needs-side, set: {{ disposition: suspend }}, reason: a{until} }}
  - {{ rule: needs-side, set: {{ disposition: informational, owner: x }}, reason: b }}
"
        )
    };
    let lines = ["93986 @2026-03-02", "93986 @2026-03-03"];
    let pack = loaded(&with(", until: 2026-03-02"));
    assert_eq!(dispositions(pack, &lines), [Disposition::Suspend, Disposition::Informational]);
    let found = refused(&with(""));
    assert!(found.first().unwrap().starts_with("E6007 upper/pack.yaml:8:5"), "{found:?}");
    assert!(found.first().unwrap().contains("in the same way in upper/pack.yaml:7"), "{found:?}");
}

#[test]
fn one_name_means_one_thing_unless_it_is_overridden_openly() {
    let found = refused("value_sets: { sides: [\"50\"] }\n");
    assert!(
        found.first().unwrap().starts_with(
            "E6004 upper/pack.yaml:6:15 `sides` is defined already, in base/pack.yaml:5"
        )
    );
    assert!(refused("params: { grace: 2021-01-01 }\n").first().unwrap().starts_with("E6004"));
    assert!(refused("params: { gace: { override: 1 } }\n").first().unwrap().starts_with("E6005"));

    let found = |more: &str| findings(loaded(more), &["93986-50", "93990", "93985-RT"]);
    assert_eq!(found("").len(), 1);
    assert_eq!(found("value_sets: { sides: { override: [\"50\"] } }\n").len(), 1);
    assert_eq!(found("value_sets: { sides: { add: [\"50\"] } }\n").len(), 0);
    assert_eq!(
        found("value_sets: { mapping: { add: [\"93990\"], remove: [\"93986\"] } }\n").len(),
        1
    );
    assert_eq!(found("params: { grace: { override: 2027-01-01 } }\n").len(), 0);
    let pack = loaded("params: { desk: { override: \"555-0199\" } }\n");
    assert_eq!(settings(&pack, "needs-side", "$desk").len(), 2);
    assert_eq!(settings(&pack, "fixed", "$desk").len(), 0);
}

#[test]
fn a_table_takes_the_place_of_another_only_when_it_says_so() {
    let with = |own: &str| {
        let table = format!(
            "tables: {{ life: {{ file: mine.csv, key: [code], effective: [from, through]{own} }} }}\n"
        );
        upper(&table).with("mine.csv", "code,from,through\n93970,,2025-12-31\n")
    };
    let found = mistakes(&with(""), &shelf());
    assert!(found.first().unwrap().starts_with("E6004 upper/pack.yaml:6:11"), "{found:?}");
    let pack =
        Loading { shelf: &shelf(), ..Loading::default() }.load(&with(", override: true")).unwrap();
    assert_eq!(settings(&pack, "lives", "table life").len(), 2);
    assert_eq!(findings(pack, &["93970"]).len(), 1);
    assert!(findings(loaded(""), &["93970"]).is_empty());
}

#[test]
fn a_parameter_must_be_there_and_fit() {
    let rule = |from: &str| {
        format!(
            "params: {{ desk2: x }}\nrules:\n  - {{ id: a, title: t, modifier_validity: {{ codes: [\"93970\"], not_allowed: [\"50\"] }}, effective: {{ from: {from} }}, message: m, fix: f, source: [{{ authority: A, document: D, kind: internal }}] }}\n"
        )
    };
    assert_eq!(loaded(&rule("$grace")).edits.len(), 4);
    assert!(refused(&rule("$grce")).first().unwrap().contains("did you mean `grace`?"));
    let found = refused(&rule("$desk2"));
    assert!(
        found.first().unwrap().contains("E2003")
            && found.first().unwrap().contains("upper/pack.yaml:6")
    );
}

#[test]
fn a_pack_narrows_what_it_extends() {
    let pack = loaded("applies_to: { payers: [OTHER] }\n");
    assert!(findings(pack, &["93986"]).is_empty());
    let pack = loaded("effective: { from: 2026-03-03 }\n");
    assert_eq!(findings(pack, &["93986", "93985 @2026-03-03"]).len(), 1);
}

#[test]
fn a_rule_of_ones_own_is_not_overridden_and_not_named_twice() {
    let own = "rules:\n  - { id: needs-side, title: t, modifier_validity: { codes: [\"93970\"], not_allowed: [\"50\"] }, message: m, fix: f, source: [{ authority: A, document: D, kind: internal }] }\n";
    let found = refused(own);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found.first().unwrap().contains("base/pack.yaml:9 and upper/pack.yaml:7"), "{found:?}");
    let renamed = own.replace("needs-side", "mine");
    let found =
        refused(&format!("{renamed}overrides: [{{ rule: mine, disable: true, reason: r }}]\n"));
    assert!(found.first().unwrap().contains("`mine` is a rule of this pack"), "{found:?}");
}

#[test]
fn bases_that_are_missing_of_another_version_or_in_a_circle_are_refused_at_their_place() {
    let none = mistakes(&upper(""), &[]);
    assert!(
        none.first()
            .unwrap()
            .starts_with("E6001 upper/pack.yaml:5:19 the pack `base` is not at hand")
    );
    let with = |version: &str| {
        let text = UPPER.replace("^1.0", version);
        mistakes(&MemorySource::new("upper").with("pack.yaml", &text), &shelf())
    };
    for version in ["^2.0", ">=1.2, <1.2", "one"] {
        let found = with(version);
        assert!(found.first().unwrap().starts_with("E6002 upper/pack.yaml:5:34"), "{found:?}");
    }
    let back = BASE.replace("rules:\n", "extends: [{ pack: upper, version: \"*\" }]\nrules:\n");
    let shelf: Vec<Box<dyn Source>> =
        vec![Box::new(MemorySource::new("base").with("pack.yaml", &back)), Box::new(upper(""))];
    let found = mistakes(&upper(""), &shelf);
    assert_eq!(found.len(), 1);
    assert!(found.first().unwrap().contains("E6003 base/pack.yaml"), "{found:?}");
    assert!(found.first().unwrap().contains("`upper` -> `base` -> `upper`"), "{found:?}");
}

#[test]
fn a_base_of_two_bases_is_there_once_and_overrides_add_up() {
    let middle = UPPER.replace("name: upper", "name: middle")
        + "overrides: [{ rule: needs-side, set: { disposition: suspend, owner: biller }, reason: m }]\n";
    let mut shelf = shelf();
    shelf.push(Box::new(MemorySource::new("middle").with("pack.yaml", &middle)));
    let text = UPPER.replace("extends: [", "extends: [{ pack: middle, version: \"^0.1\" }, ")
        + "overrides: [{ rule: needs-side, set: { disposition: informational }, reason: u }]\n";
    let top = MemorySource::new("upper").with("pack.yaml", &text);
    let pack = Loading { shelf: &shelf, ..Loading::default() }
        .load(&top)
        .unwrap_or_else(|m| panic!("{m}"));
    assert_eq!(
        (pack.extends.clone(), pack.edits.len()),
        (vec!["base".to_owned(), "middle".to_owned()], 3)
    );
    let places: Vec<String> = settings(&pack, "needs-side", "disposition")
        .into_iter()
        .map(|setting| setting.place)
        .collect();
    assert_eq!(places, ["base/pack.yaml:7", "middle/pack.yaml:6", "upper/pack.yaml:6"]);
    let info = pack.edits.first().unwrap().infos().first().unwrap();
    assert_eq!(info.origin.name(), "base@1.2.0+middle@0.1.0+upper@0.1.0");
    assert_eq!(
        (info.disposition, info.owner.as_deref()),
        (Disposition::Informational, Some("biller"))
    );
}

#[test]
fn a_mistake_in_a_rule_makes_no_second_one_of_its_overrides_and_waivers() {
    let base = BASE.replace("requires_any: $sides", "requires: $sides");
    let shelf: Vec<Box<dyn Source>> =
        vec![Box::new(MemorySource::new("base").with("pack.yaml", &base).with("life.csv", LIFE))];
    let more = "overrides: [{ rule: needs-side, codes+: [\"93971\"], reason: r }]
waivers: [{ rule: needs-side, match: { payer: P }, reason: r, approved_by: a, expires: 2026-06-30 }]
";
    let found = mistakes(&upper(more), &shelf);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found.first().unwrap().starts_with("E1001 base/pack.yaml:11:43"), "{found:?}");
}
