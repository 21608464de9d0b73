//! `cleanbill rules`: list, show, check, test, schema.

use crate::command::{Sandbox, at_top, snapshot, top};

pub const PACK: &str = "\
schema: cleanbill/pack/v1
name: mine
version: 0.1.0
title: My own rules
rules:
  - id: no-52
    title: A study that is never reduced
    modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }
    disposition: return_to_provider
    message: \"{code} does not take modifier {modifier}.\"
    fix: Remove the modifier.
    source: [{ authority: Clinic, document: Billing handbook, kind: internal }]
    tests:
      - { name: with 52, claim: { lines: [\"93990-52\"] }, expect: { fires: [1] } }
      - { name: without, claim: { lines: [\"93990\"] }, expect: { silent: { because: not_allowed } } }
";

pub fn sandbox(pack: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("pack.yaml", pack.as_bytes());
    sandbox
}

#[test]
fn the_default_rules_are_listed_and_shown() {
    let list = at_top(&["rules", "list"]);
    assert_eq!((list.code, list.stderr.as_str()), (Some(0), ""));
    snapshot("rules_list", &list.stdout);
    let show = at_top(&["rules", "show", "units-over-mue"]);
    assert_eq!(show.code, Some(0));
    snapshot("rules_show", &show.stdout);
}

#[test]
fn the_default_packs_pass_their_own_check_and_tests() {
    let check = at_top(&["rules", "check"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""));
    assert!(check.stdout.starts_with("ok: cpt-93970 1.0.0: 15 rules, "), "{}", check.stdout);
    assert_eq!(check.stdout.lines().count(), 2, "{}", check.stdout);
    let test = at_top(&["rules", "test"]);
    assert_eq!(test.code, Some(0), "{test:?}");
    assert!(test.stdout.contains(" passed, 0 failed\n"), "{}", test.stdout);
}

#[test]
fn the_pack_in_the_folder_is_the_pack_in_the_binary() {
    let [folder, binary] =
        ["rules/cpt-93970", "cpt-93970"].map(|pack| at_top(&["rules", "list", "--packs", pack]));
    assert_eq!(folder.stdout, binary.stdout);
}

#[test]
fn a_pack_of_ones_own_is_checked_tested_and_used() {
    let sandbox = sandbox(PACK);
    assert_eq!(sandbox.run(&["rules", "check", "."]).code, Some(0));
    let tests = sandbox.run(&["rules", "test", ".", "--names"]);
    assert_eq!(tests.code, Some(0), "{tests:?}");
    assert!(
        tests.stdout.contains("ok    with 52") && tests.stdout.ends_with("2 passed, 0 failed\n")
    );
    let both = sandbox.run(&["rules", "list", "--packs", ".", "--packs", "cpt-93970"]);
    assert_eq!(both.stdout.lines().count(), 16, "{}", both.stdout);
}

#[test]
fn a_failing_test_exits_1_and_says_what_came_out() {
    let sandbox = sandbox(&PACK.replace("fires: [1]", "silent: { because: codes }"));
    let ran = sandbox.run(&["rules", "test", "."]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("[Noisy] no-52 \"with 52\"  ./pack.yaml:14"), "{}", ran.stdout);
    assert!(ran.stdout.contains("line 1: fires (return_to_provider)"), "{}", ran.stdout);
}

#[test]
fn a_mistake_is_refused_with_its_place_before_any_claim_is_read() {
    let sandbox = sandbox(&PACK.replace("not_allowed: [\"52\"]", "not_alowed: [\"52\"]"));
    let sandbox_claims = "{\"schema\":1}\n";
    sandbox.write("claims.ndjson", sandbox_claims.as_bytes());
    for arguments in [
        &["rules", "check", "."][..],
        &["rules", "test", "."],
        &["validate", "claims.ndjson", "--packs", "."],
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains("error[E1001]: unknown key `not_alowed`"), "{}", ran.stderr);
        assert!(ran.stderr.contains("./pack.yaml:8:44"), "{}", ran.stderr);
        assert!(ran.stderr.contains("did you mean `not_allowed`?"), "{}", ran.stderr);
        assert!(ran.stderr.contains("1 mistake in the packs; nothing was run"), "{}", ran.stderr);
    }
}

#[test]
fn s18_a_test_that_names_what_does_not_exist_is_refused_before_any_test_runs() {
    for (right, slip, code) in [
        ("because: not_allowed", "because: not_alowed", "E5003"),
        ("[\"93990\"], not_allowed", "$no_such_set, not_allowed", "E2001"),
        (
            "modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }",
            "code_validity: { table: no_such_table }",
            "E2002",
        ),
    ] {
        assert!(PACK.contains(right), "{right}");
        let ran = sandbox(&PACK.replace(right, slip)).run(&["rules", "test", "."]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{}", ran.stderr);
    }
    let ran = sandbox(PACK).run(&["rules", "test", ".", "--rule", "no-such-rule"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
}

#[test]
fn a_pack_cannot_reach_out_of_its_folder() {
    let outside = PACK.replace("rules:\n", "include: [../other.yaml]\nrules:\n");
    let ran = sandbox(&outside).run(&["rules", "check", "."]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("it lies outside the pack"), "{}", ran.stderr);
}

#[test]
fn what_is_not_there_is_refused() {
    for (arguments, words) in [
        (&["rules", "show", "units"][..], "did you mean `units-over-mue`?"),
        (&["rules", "check", "no-such-pack"], "`pack.yaml` cannot be read"),
        (&["rules", "test", "--rule", "nothing"], "no test was run"),
    ] {
        let ran = at_top(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
}

#[test]
fn the_schema_for_editors_is_the_one_in_the_documentation() {
    let sandbox = Sandbox::new();
    for kind in ["pack", "rules"] {
        let stored = top().join(format!("docs/schema/{kind}.v1.json"));
        let stored = std::fs::read_to_string(stored).unwrap();
        let ran = sandbox.run(&["rules", "schema", "--for", kind]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), stored.as_str()));
        let ran = sandbox.run(&["rules", "schema", "--for", kind, "--output", "out.json"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
        assert_eq!(std::fs::read_to_string(sandbox.path("out.json")).unwrap(), stored);
    }
    assert_eq!(sandbox.run(&["rules", "schema", "--output", "no/such/folder"]).code, Some(4));
    assert_eq!(sandbox.run(&["rules", "schema", "--for", "claims"]).code, Some(2));
}
