//! `cleanbill rules fmt`: what it changes, what it tells, and what it leaves alone.

use std::fs;

use crate::command::{Sandbox, at_top};

const PACK: &str = "\
schema: cleanbill/pack/v1
name: mine
version: 0.1.0
title: My own rules
include: [rules/*.yaml]
";

const UNTIDY: &str = "\
rules:
- id: no-52
  # what it says
  message: \"{code} does not take modifier {modifier}.\"
  title: A study that is never reduced
  modifier_validity: { codes: [93990], not_allowed: [52] }
  fix: Remove the modifier.
  source: [{ authority: Clinic, document: Billing handbook, kind: internal }]
";

const TIDY: &str = "\
rules:
  - id: no-52
    title: A study that is never reduced
    modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }
    # what it says
    message: \"{code} does not take modifier {modifier}.\"
    fix: Remove the modifier.
    source: [{ authority: Clinic, document: Billing handbook, kind: internal }]
";

fn sandbox(rules: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("pack/rules")).unwrap();
    sandbox.write("pack/pack.yaml", PACK.as_bytes());
    sandbox.write("pack/rules/a.yaml", rules.as_bytes());
    sandbox
}

fn rules(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.path("pack/rules/a.yaml")).unwrap()
}

#[test]
fn a_pack_is_brought_into_shape_once() {
    let sandbox = sandbox(UNTIDY);
    let ran = sandbox.run(&["rules", "fmt", "pack"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert_eq!(ran.stdout, "formatted pack/rules/a.yaml\n1 file formatted, 1 in shape already\n");
    assert_eq!(rules(&sandbox), TIDY);
    let again = sandbox.run(&["rules", "fmt", "pack"]);
    assert_eq!(again.stdout, "0 files formatted, 2 in shape already\n");
    let left: Vec<_> = fs::read_dir(sandbox.path("pack/rules")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn check_and_diff_write_nothing_and_exit_1_when_a_file_would_change() {
    let sandbox = sandbox(UNTIDY);
    let check = sandbox.run(&["rules", "fmt", "pack", "--check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    assert!(check.stdout.starts_with("would change pack/rules/a.yaml\n"), "{}", check.stdout);
    let diff = sandbox.run(&["rules", "fmt", "pack/rules/a.yaml", "--diff"]);
    assert_eq!(diff.code, Some(1), "{diff:?}");
    assert!(
        diff.stdout.contains("+    modifier_validity: { codes: [\"93990\"]"),
        "{}",
        diff.stdout
    );
    assert_eq!(rules(&sandbox), UNTIDY);
    sandbox.write("pack/rules/a.yaml", TIDY.as_bytes());
    assert_eq!(sandbox.run(&["rules", "fmt", "pack", "--check"]).code, Some(0));
    assert_eq!(sandbox.run(&["rules", "fmt", "pack", "--diff"]).stdout, "");
}

#[test]
fn a_mistake_in_one_file_leaves_all_as_they_are() {
    let sandbox = sandbox(UNTIDY);
    sandbox.write("pack/rules/b.yaml", b"rules:\n  - id: b\n    titel: x\n");
    let ran = sandbox.run(&["rules", "fmt", "pack"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("did you mean `title`?"), "{}", ran.stderr);
    assert_eq!(rules(&sandbox), UNTIDY);
    let missing = sandbox.run(&["rules", "fmt", "nowhere.yaml"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("`nowhere.yaml` cannot be read"), "{}", missing.stderr);
}

#[test]
fn the_shipped_pack_is_in_shape() {
    let ran = at_top(&["rules", "fmt", "rules/cpt-93970", "--check"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn the_waivers_of_a_pack_are_brought_into_shape_and_the_line_for_editors_stays() {
    let line = "# yaml-language-server: $schema=.cleanbill/schema/waivers.v1.json\n";
    let sandbox = sandbox(TIDY);
    let pack = format!("{PACK}waivers: waivers.yaml\n");
    sandbox.write("pack/pack.yaml", pack.as_bytes());
    let untidy = format!(
        "{line}waivers:\n- expires: 2026-06-30   # renewed once\n  rule: no-52\n  match:\n      procedure: 93990\n      billing_npi: 1234567893\n  # who and why\n  approved_by: j.ortiz\n  reason: known\n"
    );
    let tidy = format!(
        "{line}waivers:\n  - rule: no-52\n    match:\n      procedure: \"93990\"\n      billing_npi: \"1234567893\"\n    reason: known\n    # who and why\n    approved_by: j.ortiz\n    expires: 2026-06-30   # renewed once\n"
    );
    sandbox.write("pack/waivers.yaml", untidy.as_bytes());
    let ran = sandbox.run(&["rules", "fmt", "pack"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert_eq!(ran.stdout, "formatted pack/waivers.yaml\n1 file formatted, 2 in shape already\n");
    let text = || fs::read_to_string(sandbox.path("pack/waivers.yaml")).unwrap();
    assert_eq!(text(), tidy);
    let alone = sandbox.run(&["rules", "fmt", "pack/waivers.yaml"]);
    assert_eq!(alone.stdout, "0 files formatted, 1 in shape already\n");

    sandbox.write("pack/waivers.yaml", tidy.replace("reason", "reson").as_bytes());
    let ran = sandbox.run(&["rules", "fmt", "pack"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("did you mean `reason`?"), "{}", ran.stderr);
    sandbox.write("pack/waivers.yaml", format!("{line}waivers:\n").as_bytes());
    let none = sandbox.run(&["rules", "fmt", "pack"]);
    assert_eq!((none.code, none.stderr.as_str()), (Some(0), ""), "{none:?}");
}
