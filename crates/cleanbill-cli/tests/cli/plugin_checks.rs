//! Rules of packs whose judgement lies in a plugin, through the command.

use std::fs;
use std::path::PathBuf;

use crate::command::{Ran, Sandbox, compile, top};
use crate::plugins::{claim, library};

const RULE: &str = "northwind-separate-study";

/// A folder with the example pack as `pack`, changed by `edit`, and a claim of the payer.
fn sandbox(edit: impl Fn(&str) -> String) -> Sandbox {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970"), claim("B", "99213")]);
    let pack = fs::read_to_string(top().join("examples/northwind-pack/pack.yaml")).unwrap();
    fs::create_dir(sandbox.path("pack")).unwrap();
    sandbox.write("pack/pack.yaml", edit(&pack).as_bytes());
    sandbox
}

fn northwind() -> String {
    library("northwind-health").to_str().unwrap().to_owned()
}

/// The command with the plugin.
fn with_plugin(sandbox: &Sandbox, arguments: &[&str]) -> Ran {
    let plugin = northwind();
    sandbox.trust(&plugin);
    sandbox.run(&[arguments, &["--plugins", plugin.as_str()]].concat())
}

/// A plugin of the host's tests, compiled from C.
fn compiled(sandbox: &Sandbox, source: &str) -> PathBuf {
    let library = sandbox.path(source).with_extension("so");
    compile(&top().join("crates/cleanbill-plugin-host/tests/c").join(source), &library, &[]);
    library
}

#[test]
fn the_plugin_judges_and_the_pack_decides_what_follows() {
    let sandbox = sandbox(str::to_owned);
    let ran =
        with_plugin(&sandbox, &["validate", "claims.ndjson", "--packs", "pack", "-f", "ndjson"]);
    // Suspended, as the pack says; the plugin itself would return the claim.
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let records = ran.records();
    let found: Vec<_> = records.iter().filter(|record| record["type"] == "finding").collect();
    // The plugin's own rule is silent: the pack speaks for it.
    assert_eq!(found.len(), 1, "{records:?}");
    assert_eq!((&found[0]["rule"], &found[0]["claim"]), (&RULE.into(), &"A".into()));
    assert_eq!(found[0]["disposition"], "suspend");
    assert_eq!(found[0]["pack"], "northwind-policy@2026.1.0");
    let message = "93970 on line 1: 59 does not say which extremity; write XS or XE";
    assert_eq!(found[0]["message"], message);

    let listed = with_plugin(&sandbox, &["rules", "list", "--packs", "pack"]);
    assert!(
        listed.stdout.starts_with("northwind-separate-study  plugin_check  suspend"),
        "{listed:?}"
    );
    assert!(!listed.stdout.contains("northwind/xs-not-59"), "{listed:?}");
}

#[test]
fn its_tests_run_through_the_plugin_and_every_verb_takes_it() {
    let sandbox = sandbox(str::to_owned);
    let tested =
        with_plugin(&sandbox, &["rules", "test", "pack", "--coverage", "--min", "clauses=100"]);
    assert_eq!(tested.code, Some(0), "{tested:?}");
    // Those of the plugin's manifest as well.
    assert!(tested.stdout.contains("6 passed, 0 failed"), "{}", tested.stdout);
    let checked = with_plugin(&sandbox, &["rules", "check", "pack", "--deny-warnings"]);
    assert_eq!(checked.stdout, "ok: northwind-policy 2026.1.0: 1 rule, 4 tests, 0 table rows\n");
    let resolved = with_plugin(&sandbox, &["rules", "resolve", RULE, "--packs", "pack"]);
    assert!(resolved.stdout.contains("accepted: $separate_structure"), "{resolved:?}");
    let written = with_plugin(&sandbox, &["rules", "doc", "--packs", "pack", "--output", "pages"]);
    assert_eq!(written.code, Some(0), "{written:?}");
    let diff = with_plugin(&sandbox, &["diff", "pack", "pack", "--claims", "claims.ndjson"]);
    assert!(diff.stdout.ends_with("no line differs\n"), "{diff:?}");
}

#[test]
fn an_explanation_tells_what_the_plugin_said() {
    let sandbox = sandbox(str::to_owned);
    let explain = |line: &str| {
        let arguments = ["explain", "--packs", "pack", "--rule", RULE, "--line", line, "--why-not"];
        with_plugin(&sandbox, &arguments)
    };
    // A line in shorthand has no payer.
    let other = explain("93970-59");
    assert!(other.stdout.contains("applies_to"), "{other:?}");
    let arguments = ["explain", "claims.ndjson", "--packs", "pack", "--rule", RULE, "--why-not"];
    let ran = with_plugin(&sandbox, &arguments);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for words in [
        "effective  2026-03-02; the rule holds from 2026-01-01",
        "check      `northwind-health@0.1.0` found `northwind/xs-not-59`",
        "check      `northwind-health@0.1.0` found nothing under `northwind/xs-not-59`",
    ] {
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
    }
}

#[test]
fn without_the_plugin_nothing_runs_and_the_rest_of_the_pack_can_be_checked() {
    let sandbox = sandbox(str::to_owned);
    for arguments in [
        &["validate", "claims.ndjson", "--packs", "pack"][..],
        &["explain", RULE, "--packs", "pack"],
        &["diff", "pack", "pack", "--claims", "claims.ndjson"],
        &["rules", "check", "pack"],
        &["rules", "test", "pack"],
        &["rules", "list", "--packs", "pack"],
        &["rules", "resolve", RULE, "--packs", "pack"],
        &["rules", "doc", "--packs", "pack", "--output", "pages"],
        &["rules", "pack", "build", "pack", "--output", "x.cbpack"],
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}: {ran:?}");
        for words in ["the plugin `northwind-health` is not loaded", "`--plugins FILE`"] {
            assert!(ran.stderr.contains(words), "{}", ran.stderr);
        }
    }
    let ran = sandbox.run(&["rules", "check", "pack", "--without-plugins"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let words =
        "warning[W4701]: 1 rule of `northwind-policy` is left out, since plugins judge for them";
    assert!(ran.stdout.contains(words), "{}", ran.stdout);
    let denied = sandbox.run(&["rules", "check", "pack", "--without-plugins", "--deny-warnings"]);
    assert_eq!(denied.code, Some(1));
}

#[test]
fn arguments_that_the_plugin_does_not_take_are_refused_before_any_claim_is_read() {
    for (args, words) in [
        ("{ accepted: [XSU] }", "`accepted` must name modifiers, such as XS"),
        ("{ accepted: XS }", "the argument `accepted` takes a list of texts"),
        ("{ acepted: [XS] }", "did you mean `accepted`?"),
    ] {
        let sandbox = sandbox(|pack| pack.replace("{ accepted: $separate_structure }", args));
        let ran = with_plugin(&sandbox, &["validate", "claims.ndjson", "--packs", "pack"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains("E2010") && ran.stderr.contains(words), "{}", ran.stderr);
        assert!(ran.stderr.contains("pack/pack.yaml:"), "{}", ran.stderr);
    }
}

#[test]
fn s25_a_plugin_of_another_abi_or_version_or_without_the_check_is_refused_with_both_versions() {
    let sandbox_of = |from: &str, to: &str| sandbox(|pack| pack.replace(from, to));
    let validate = ["validate", "claims.ndjson", "--packs", "pack"];
    let refused = |ran: &Ran, words: &[&str]| {
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(words.iter().all(|words| ran.stderr.contains(words)), "{}", ran.stderr);
    };

    let sandbox = sandbox_of("", "");
    let newer = compiled(&sandbox, "newer.c");
    sandbox.trust(&northwind());
    let ran = sandbox.run(&[&validate[..], &["--plugins", newer.to_str().unwrap()]].concat());
    refused(&ran, &["newer.so` is refused (lock): no entry of the lock has its sha256 "]);
    let ran = sandbox.run(&["plugins", "trust", newer.to_str().unwrap(), "--yes"]);
    refused(&ran, &["is built for plugin ABI 2.0, and this program has 1.0"]);

    let ran = with_plugin(&sandbox_of("\"^0.1\"", "\"^0.2\""), &validate);
    refused(&ran, &["E2009", "is at version 0.1.0, and the pack requires `^0.2`", "pack.yaml:8"]);

    let ran = with_plugin(&sandbox_of("[xs-not-59]", "[xs-not-95]"), &validate);
    let words = "the plugin `northwind-health` 0.1.0 has no check `xs-not-95`, which the pack requires of `^0.1`";
    refused(&ran, &["E2008", words, "did you mean `xs-not-59`?"]);
}

#[test]
fn a_panic_of_the_plugin_is_a_fault_of_the_packs_rule() {
    let sandbox = Sandbox::with_claims(&[claim("A", "99213"), claim("B", "99999")]);
    let pack = "\
schema: cleanbill/pack/v1
name: told
version: 1.0.0
title: A rule that a plugin judges
rules:
  - id: told-to
    title: A line asks for a finding
    plugin_check: { plugin: misbehave, check: told-to }
    source: [{ authority: Example, document: Invented, kind: internal }]
";
    sandbox.write("pack.yaml", pack.as_bytes());
    let plugin = library("cleanbill-misbehave");
    let plugin = ["--plugins", plugin.to_str().unwrap()];
    sandbox.trust(plugin[1]);
    let arguments = ["validate", "claims.ndjson", "--packs", ".", "--format", "ndjson"];
    let ran = sandbox.run(&[&arguments[..], &plugin].concat());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let records = ran.records();
    let faults: Vec<_> = records.iter().filter(|record| record["type"] == "fault").collect();
    assert_eq!(faults.len(), 1, "{records:?}");
    assert_eq!((&faults[0]["rule"], &faults[0]["claim"]), (&"told-to".into(), &"B".into()));
    assert_eq!(faults[0]["kind"], "plugin_panic");
    assert_eq!(records.last().unwrap()["total"]["passed"], 1);
    assert!(!ran.stdout.contains("ZZPHIZZ") && !ran.stderr.contains("ZZPHIZZ"));

    let explained =
        ["explain", "claims.ndjson", "--packs", ".", "--rule", "told-to", "--claim", "B"];
    let ran = sandbox.run(&[&explained[..], &plugin].concat());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("the plugin `misbehave@0.1.0` panicked on this claim"), "{ran:?}");
}
