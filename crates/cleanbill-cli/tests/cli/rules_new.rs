//! `cleanbill rules new`: what is made passes as it stands, and nothing is overwritten.

use std::fs;

use cleanbill_rules::{KindSketch, kind_sketches};

use crate::command::{Ran, Sandbox};

fn with_pack() -> Sandbox {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["rules", "new", "pack", "acme"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.stdout.starts_with("made acme/pack.yaml\nmade acme/rules/"), "{}", ran.stdout);
    sandbox
}

fn new_rule(sandbox: &Sandbox, sketch: &KindSketch, more: &[&str]) -> Ran {
    let mut arguments = vec!["rules", "new", "rule", "--pack", "acme", "--kind", sketch.kind];
    arguments.extend(["--codes", "93970,93971", "--disposition", "line_denial"]);
    if sketch.must_have_with {
        arguments.extend(["--with", "93985"]);
    }
    arguments.extend(more);
    sandbox.run(&arguments)
}

/// Every file of the folder with its text.
fn files(sandbox: &Sandbox) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in ["acme", "acme/rules", "acme/tables"] {
        let Ok(entries) = fs::read_dir(sandbox.path(folder)) else { continue };
        for entry in entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            files.push((entry.display().to_string(), fs::read_to_string(entry).unwrap()));
        }
    }
    files.sort();
    files
}

#[test]
fn s1_a_new_pack_and_new_rules_of_all_kinds_pass_check_and_test_untouched() {
    let sandbox = with_pack();
    let passes = || {
        let check = sandbox.run(&["rules", "check", "acme"]);
        assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check:?}");
        assert!(!check.stdout.contains("warning"), "{}", check.stdout);
        let test = sandbox.run(&["rules", "test", "acme"]);
        assert_eq!(test.code, Some(0), "{test:?}");
        let shape = sandbox.run(&["rules", "fmt", "acme", "--check"]);
        assert_eq!(shape.code, Some(0), "{shape:?}");
    };
    passes();
    for sketch in kind_sketches() {
        let ran = new_rule(&sandbox, sketch, &[]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        passes();
    }
    let list = sandbox.run(&["rules", "list", "--packs", "acme"]);
    assert_eq!(list.stdout.lines().count(), 1 + kind_sketches().len(), "{}", list.stdout);
}

#[test]
fn without_a_terminal_a_missing_answer_is_refused_with_its_flag() {
    let sandbox = with_pack();
    let before = files(&sandbox);
    let base = ["rules", "new", "rule", "--pack", "acme"];
    for (more, flag) in [
        (&[][..], "`--kind`"),
        (&["--kind", "unit_limit"], "`--codes`"),
        (&["--kind", "unit_limit", "--codes", "93970"], "`--disposition`"),
        (&["--kind", "mutually_exclusive", "--codes", "93970"], "`--with`"),
    ] {
        let ran = sandbox.run(&[&base[..], more].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(&format!("the flag {flag} is missing")), "{}", ran.stderr);
    }
    assert_eq!(files(&sandbox), before);
}

#[test]
fn nothing_is_overwritten() {
    let sandbox = with_pack();
    let again = sandbox.run(&["rules", "new", "pack", "acme"]);
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.stderr.contains("`acme` is there already"), "{}", again.stderr);
    let mut sketches = kind_sketches().iter();
    let sketch = sketches.find(|sketch| sketch.kind == "unit_limit").unwrap();
    assert_eq!(new_rule(&sandbox, sketch, &["--id", "too-many"]).code, Some(0));
    let before = files(&sandbox);
    for more in [&["--id", "too-many"][..], &["--file", "rules/too-many.yaml"]] {
        let ran = new_rule(&sandbox, sketch, more);
        assert_eq!(ran.code, Some(2), "{ran:?}");
    }
    assert_eq!(files(&sandbox), before);
}

#[test]
fn a_pack_may_stand_in_any_folder_and_a_mistake_in_it_is_shown() {
    let sandbox = Sandbox::new();
    let made = ["--dir", "packs/a", "--title", "Rules: \"ours\"", "--owner", "front desk"];
    let ran = sandbox.run(&[&["rules", "new", "pack", "acme"][..], &made].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(sandbox.run(&["rules", "test", "packs/a"]).code, Some(0));
    let pack = fs::read_to_string(sandbox.path("packs/a/pack.yaml")).unwrap();
    assert!(pack.contains("\ntitle: \"Rules: \\\"ours\\\"\"\n"), "{pack}");
    sandbox.write("packs/a/pack.yaml", pack.replace("title:", "titel:").as_bytes());
    let rule = ["--kind", "require", "--codes", "93970", "--disposition", "suspend"];
    let ran = sandbox.run(&[&["rules", "new", "rule", "--pack", "packs/a"][..], &rule].concat());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("did you mean `title`?"), "{}", ran.stderr);
    let nowhere = sandbox.run(&[
        "rules",
        "new",
        "rule",
        "--kind",
        "require",
        "--codes",
        "93970",
        "--disposition",
        "suspend",
    ]);
    assert!(nowhere.stderr.contains("`pack.yaml` cannot be read"), "{}", nowhere.stderr);
}

#[test]
fn s2_every_file_that_is_made_names_a_schema_that_lies_beside_the_pack() {
    let sandbox = with_pack();
    let [first, ..] = kind_sketches() else { panic!("no kinds") };
    let deep = new_rule(&sandbox, first, &["--file", "rules/a.yaml", "--id", "a"]);
    assert_eq!(deep.code, Some(0), "{deep:?}");
    for file in ["acme/pack.yaml", "acme/rules/first-rule.yaml", "acme/rules/a.yaml"] {
        let text = fs::read_to_string(sandbox.path(file)).unwrap();
        let line = text.lines().next().unwrap();
        let schema = line.strip_prefix("# yaml-language-server: $schema=").unwrap();
        let folder = sandbox.path(file).parent().unwrap().to_owned();
        let schema = fs::read_to_string(folder.join(schema)).unwrap();
        assert!(schema.contains("draft-07") && schema.ends_with("}\n"), "{file}: {line}");
    }
    let schema = fs::read_to_string(sandbox.path("acme/.cleanbill/schema/rules.v1.json")).unwrap();
    let printed = sandbox.run(&["rules", "schema", "--for", "rules"]);
    assert_eq!(schema, printed.stdout);

    // The schemas are for the author, not for those who run the pack.
    let built = sandbox.run(&["rules", "pack", "build", "acme", "--output", "acme.cbpack"]);
    assert_eq!(built.code, Some(0), "{built:?}");
    let archive = fs::read(sandbox.path("acme.cbpack")).unwrap();
    assert!(!archive.windows(8).any(|part| part == b"draft-07"), "the archive holds schemas");
}

#[test]
fn a_rule_for_a_pack_without_schemas_brings_the_one_that_it_names() {
    let sandbox = with_pack();
    fs::remove_dir_all(sandbox.path("acme/.cleanbill")).unwrap();
    let ran = new_rule(&sandbox, &kind_sketches()[0], &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(sandbox.path("acme/.cleanbill/schema/rules.v1.json").is_file(), "{}", ran.stdout);
}
