//! Rules of plugins beside those of packs: tested, listed and set like any rule.

use crate::command::{Ran, Sandbox, compile, top};
use crate::plugins::{claim, library};

const RULE: &str = "northwind/xs-not-59";

/// The command with a plugin that is trusted first.
fn with(sandbox: &Sandbox, plugin: &str, arguments: &[&str]) -> Ran {
    sandbox.trust(plugin);
    sandbox.run(&[arguments, &["--plugins", plugin]].concat())
}

#[test]
fn examples_of_a_plugin_are_run_and_counted_like_tests_of_a_pack() {
    let (sandbox, plugin) = (Sandbox::new(), library("northwind-health"));
    let plugin = plugin.to_str().unwrap();
    let test = ["rules", "test", "--rule", RULE, "--names"];
    let ran = with(&sandbox, plugin, &[&test[..], &["--coverage", "--min", "rules=100"]].concat());
    let expected = "northwind/xs-not-59  \n  ok    59 alone\n  ok    XS\n\n2 passed, 0 failed\n\
                    coverage   rules fired 1/1   clauses decided 0/0   near-miss 1/1\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), expected), "{ran:?}");

    let all = with(&sandbox, plugin, &["rules", "test", "--format", "json", "--coverage"]);
    let all: serde_json::Value = serde_json::from_str(&all.stdout).unwrap();
    let last = all["tests"].as_array().unwrap().last().unwrap();
    assert_eq!(last["pack"], "northwind-health@0.1.0", "{last}");
    assert_eq!(last["place"], "northwind-health@0.1.0, example 2");
    let covered = all["coverage"]["rules"].as_array().unwrap().last().unwrap();
    assert_eq!((&covered["rule"], &covered["fired"]), (&RULE.into(), &true.into()), "{covered}");
}

#[test]
fn an_example_that_does_not_hold_fails_and_proves_nothing() {
    let sandbox = Sandbox::new();
    let library = sandbox.path("flawed.so");
    let source = top().join("crates/cleanbill-plugin-check/tests/c/flawed.c");
    let example = |code: &str, expect: &str| {
        format!(
            r#"{{"claim": {{"payer": "P", "lines": [{{"procedure": "{code}", "units": 1, "charge": 1, "from": "2026-03-02"}}]}}, "expect": [{expect}]}}"#
        )
    };
    let two = r#"{"line": 1, "args": {"count": "2"}}"#;
    let examples = [
        example("93970", two),
        example("93970", ""),
        example("99213", two),
        r#"{"claim": {"payer": "P"}, "expect": []}"#.to_owned(),
    ];
    let define = format!("-DEXAMPLES={}", serde_json::to_string(&examples.join(",")).unwrap());
    compile(&source, &library, &["-fvisibility=hidden", &define]);
    let test = ["rules", "test", "--rule", "flawed/rule", "--coverage"];
    let ran = with(&sandbox, library.to_str().unwrap(), &test);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    for words in [
        "flawed/rule  WNMB  4 tests\n",
        "[Wrong] flawed/rule \"example 1\"  flawed@0.1.0, example 1  expected line 1 (count 2), but found line 1 (count 1)\n",
        "expected nothing, but found line 1 (count 1)\n",
        "expected line 1 (count 2), but found nothing\n",
        "0 passed, 4 failed\ncoverage   rules fired 0/1   clauses decided 0/0   near-miss 0/1\n",
        "   flawed/rule   never fired            flawed@0.1.0\n",
    ] {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
}

#[test]
fn rules_are_listed_by_where_they_come_from() {
    let (sandbox, plugin) = (Sandbox::new(), library("northwind-health"));
    let plugin = plugin.to_str().unwrap();
    let listed = |source: &str| {
        let ran = with(&sandbox, plugin, &["rules", "list", "--source", source]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.stdout
    };
    assert_eq!(listed("plugin").lines().count(), 1);
    assert!(listed("plugin").starts_with(RULE));
    assert!(listed("pack").lines().count() > 1 && !listed("pack").contains(RULE));
}

/// A pack of nothing but `overrides`.
fn pack(overrides: &str) -> Vec<u8> {
    format!(
        "schema: cleanbill/pack/v1\nname: house\nversion: 1.0.0\ntitle: House words\noverrides:\n{overrides}"
    )
    .into_bytes()
}

fn house(overrides: &str) -> (Sandbox, String) {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970")]);
    sandbox.write("pack.yaml", &pack(overrides));
    (sandbox, library("northwind-health").to_str().unwrap().to_owned())
}

const VALIDATE: [&str; 6] = ["validate", "claims.ndjson", "--packs", ".", "-f", "ndjson"];

#[test]
fn a_pack_says_what_follows_from_a_rule_of_a_plugin() {
    let (sandbox, plugin) = house(
        "  - { rule: northwind/xs-not-59, set: { disposition: informational }, reason: on trial }\n",
    );
    let ran = with(&sandbox, &plugin, &VALIDATE);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let records = ran.records();
    let found = records.iter().find(|record| record["type"] == "finding").unwrap();
    assert_eq!((&found["rule"], &found["disposition"]), (&RULE.into(), &"informational".into()));
    assert_eq!((&found["severity"], found.get("carc")), (&"info".into(), None), "{found}");

    let show = with(&sandbox, &plugin, &["rules", "show", RULE, "--packs", "."]);
    for words in [
        "  disposition  informational (info)\n",
        "  set by       house@1.0.0, ./pack.yaml:6 (on trial)\n",
    ] {
        assert!(show.stdout.contains(words), "{words}: {show:?}");
    }
    let resolve = with(&sandbox, &plugin, &["rules", "resolve", RULE, "--packs", "."]);
    for words in
        ["  disposition  informational\n", "./pack.yaml:6 (on trial)\n", "  return_to_provider\n"]
    {
        assert!(resolve.stdout.contains(words), "{words}: {resolve:?}");
    }
}

#[test]
fn a_pack_switches_a_rule_of_a_plugin_off() {
    let (sandbox, plugin) =
        house("  - { rule: northwind/xs-not-59, disable: true, reason: not bought }\n");
    let alone = with(&sandbox, &plugin, &VALIDATE);
    assert!(alone.stderr.contains("there is no edit to run"), "{alone:?}");
    let more = ["--packs", "cpt-93970"];
    let ran = with(&sandbox, &plugin, &[&VALIDATE[..], &more].concat());
    assert!(!ran.records().is_empty(), "{ran:?}");
    assert!(ran.records().iter().all(|record| record["rule"] != RULE), "{ran:?}");
    let list = with(&sandbox, &plugin, &[&["rules", "list", "--packs", "."][..], &more].concat());
    let told = "northwind/xs-not-59  switched off by house@1.0.0, ./pack.yaml:6\n";
    assert!(list.stdout.ends_with(told), "{list:?}");
    let resolve = with(&sandbox, &plugin, &["rules", "resolve", RULE, "--packs", "."]);
    assert!(resolve.stdout.contains("  disabled     true\n"), "{resolve:?}");
}

#[test]
fn a_pack_waives_findings_of_a_rule_of_a_plugin() {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970"), claim("B", "93970")]);
    let waiver = |rule: &str, claim: &str| {
        format!(
            "schema: cleanbill/pack/v1\nname: house\nversion: 1.0.0\ntitle: House words\nwaivers:\n  - {{ rule: \
             {rule}, match: {{ claim_id: {claim} }}, reason: agreed, approved_by: jo, expires: 2026-06-30 }}\n"
        )
    };
    let plugin = library("northwind-health");
    let plugin = plugin.to_str().unwrap();
    sandbox.write("pack.yaml", waiver(RULE, "A").as_bytes());
    let outcomes = |more: &[&str]| {
        let ran = with(&sandbox, plugin, &[&VALIDATE[..], more].concat());
        let found = ran.records().into_iter().filter(|record| record["type"] == "finding");
        let told = |record: serde_json::Value| record["outcome"].as_str().unwrap().to_owned();
        (ran.code, found.map(told).collect::<Vec<_>>())
    };
    assert_eq!(outcomes(&[]), (Some(1), vec!["waived".to_owned(), "fires".to_owned()]));
    let ignored = (Some(1), vec!["fires".to_owned(), "fires".to_owned()]);
    assert_eq!(outcomes(&["--ignore-waivers"]), ignored);
    assert_eq!(outcomes(&["--as-of", "2026-07-01"]), ignored);

    sandbox.write("pack.yaml", waiver(RULE, "C").as_bytes());
    let unused = with(&sandbox, plugin, &VALIDATE);
    assert!(unused.stderr.contains("unused waiver of northwind/xs-not-59"), "{unused:?}");

    sandbox.write("pack.yaml", waiver("northwind/xs-not-95", "A").as_bytes());
    let ran = with(&sandbox, plugin, &VALIDATE);
    for words in
        ["[E6005]", "there is no rule `northwind/xs-not-95`", "did you mean `northwind/xs-not-59`?"]
    {
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
}

#[test]
fn an_override_of_a_plugin_rule_that_cannot_be_meant_is_told_at_its_place() {
    let rest = "reason: r }\n";
    for (given, told) in [
        ("{ rule: northwind/xs-not-95, disable: true,", "did you mean `northwind/xs-not-59`?"),
        ("{ rule: northwind/xs-not-59, set: { message: m },", "`message` of a rule of a plugin"),
        (
            "{ rule: northwind/xs-not-59, set: { disposition: suspended },",
            "did you mean `suspend`?",
        ),
        (
            "{ rule: northwind/xs-not-59, set: { severity: info }, disable: true,",
            "disabled cannot be",
        ),
        ("{ rule: northwind/xs-not-59, disable: true, until: 2026-12-31,", "`until` is not for"),
        ("{ rule: northwind/xs-not-59,", "the override changes nothing"),
    ] {
        let (sandbox, plugin) = house(&format!("  - {given} {rest}"));
        let ran = with(&sandbox, &plugin, &VALIDATE);
        assert_eq!(ran.code, Some(2), "{given}: {ran:?}");
        assert!(
            ran.stderr.contains(told) && ran.stderr.contains("pack.yaml:6"),
            "{given}: {ran:?}"
        );
    }
    let off = "  - { rule: northwind/xs-not-59, disable: true, reason: r }\n";
    let (sandbox, plugin) = house(&format!("{off}{off}"));
    assert!(with(&sandbox, &plugin, &VALIDATE).stderr.contains("is changed twice in this pack"));
    let (sandbox, plugin) = house(&format!("{off}applies_to: {{ payers: [PLANX] }}\n"));
    assert!(with(&sandbox, &plugin, &VALIDATE).stderr.contains("would change for every claim"));
    let (sandbox, _) = house(off);
    let alone = sandbox.run(&VALIDATE);
    assert!(alone.stderr.contains("name its plugin with `--plugins FILE`"), "{alone:?}");
}
