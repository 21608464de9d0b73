//! `cleanbill plugins new`: what is made builds, passes its tests and judges its claims, unedited.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::command::{Ran, Sandbox, top};

/// A folder with a new plugin `acme-edits`.
fn made(more: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&[&["plugins", "new", "acme-edits"][..], more].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    sandbox
}

/// Cargo in the new project, with the versions of this workspace, which are at hand without a network. What it
/// builds is kept, for the SDK is the same each time.
pub fn cargo(project: &Path, arguments: &[&str]) -> Output {
    fs::copy(top().join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--target-dir"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-plugins"))
        .current_dir(project)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap()
}

/// The library judges the two claims of its project: the second line of `fail.json` alone is found.
fn judges(sandbox: &Sandbox, library: &Path) {
    let library = library.to_str().unwrap();
    let checked = sandbox.run(&["plugins", "check", library]);
    assert_eq!((checked.code, checked.stderr.as_str()), (Some(0), ""), "{checked:?}");
    assert!(checked.stdout.contains(" 0 failed, 0 skipped"), "{}", checked.stdout);
    sandbox.trust(library);
    let listed = sandbox.run(&["plugins", "list", library]);
    assert_eq!((listed.code, listed.stderr.as_str()), (Some(0), ""), "{listed:?}");
    assert!(listed.stdout.contains("acme-edits/charge-over-limit"), "{}", listed.stdout);
    let judge = |claim: &str| -> Ran {
        let claim = format!("acme-edits/tests/claims/{claim}.json");
        sandbox.run(&["validate", &claim, "--plugins", library, "--format", "ndjson"])
    };
    let lines = |ran: &Ran| -> Vec<serde_json::Value> {
        let records = ran.records().into_iter();
        let found = records.filter(|record| record["rule"] == "acme-edits/charge-over-limit");
        found.map(|record| record["line"].clone()).collect()
    };
    for (claim, expected) in [("pass", &[][..]), ("fail", &[2.into()])] {
        let ran = judge(claim);
        assert_eq!((ran.code, lines(&ran).as_slice()), (Some(0), expected), "{ran:?}");
    }
}

#[test]
fn a_new_plugin_in_rust_builds_and_passes_untouched_and_says_what_is_wrong_with_its_words() {
    let sandbox = made(&["--lang", "rust", "--payer", "60054"]);
    let project = sandbox.path("acme-edits");
    let tested = cargo(&project, &["test"]);
    let told = String::from_utf8_lossy(&tested.stderr);
    assert!(tested.status.success() && !told.contains("warning"), "{tested:?}");
    assert!(cargo(&project, &["build"]).status.success());
    let name = format!("{DLL_PREFIX}acme_edits{DLL_SUFFIX}");
    judges(&sandbox, &Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-plugins/debug").join(name));

    let words = fs::read_to_string(project.join("plugin.toml")).unwrap();
    let line = words.lines().position(|line| line.starts_with("disposition")).unwrap() + 1;
    fs::write(project.join("plugin.toml"), words.replace("\"suspend\"", "\"pend\"")).unwrap();
    let told = cargo(&project, &["build"]);
    let told = String::from_utf8_lossy(&told.stderr);
    let expected = format!("plugin.toml:{line}: `disposition` is `pend`; write one of");
    assert!(told.contains(&expected), "{told}");
}

#[test]
#[cfg(unix)]
fn a_new_plugin_in_c_builds_without_a_warning_and_passes_untouched() {
    let sandbox = made(&["--lang", "c"]);
    let output = Command::new("make")
        .args(["CFLAGS=-O2 -Wall -Wextra -pedantic -Werror"])
        .current_dir(sandbox.path("acme-edits"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let name = format!("{DLL_PREFIX}acme_edits{DLL_SUFFIX}");
    judges(&sandbox, &sandbox.path("acme-edits").join(name));
}

#[test]
fn a_new_plugin_may_use_the_sdk_of_a_checkout() {
    let checkout = top();
    let sandbox = made(&["--lang", "rust", "--sdk", checkout.to_str().unwrap()]);
    let cargo_toml = fs::read_to_string(sandbox.path("acme-edits/Cargo.toml")).unwrap();
    let path = checkout.join("crates/cleanbill-plugin-sdk");
    assert!(cargo_toml.contains(&format!("{{ path = \"{}\" }}", path.display())), "{cargo_toml}");
    assert!(!sandbox.path("acme-edits/vendor").exists());
}

#[test]
fn nothing_is_overwritten_and_what_cannot_be_a_name_is_refused() {
    let sandbox = made(&["--lang", "c"]);
    let refused = |arguments: &[&str], words: &str| {
        let ran = sandbox.run(&[&["plugins", "new"][..], arguments].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    };
    refused(&["acme-edits", "--lang", "rust"], "`acme-edits` is there already and is not empty");
    refused(&["Acme", "--lang", "c"], "`Acme` cannot name a plugin");
    refused(&["../a", "--lang", "c"], "`../a` cannot name a plugin");
    refused(&["b", "--lang", "c", "--payer", "a\"b"], "cannot be a payer's identifier");
    refused(&["b", "--lang", "rust", "--sdk", "."], "`.` is no checkout of cleanbill");
    assert_eq!(sandbox.names(), ["acme-edits"]);
}
