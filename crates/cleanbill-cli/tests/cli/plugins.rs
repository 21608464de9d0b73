//! Payer plugins through the command: their rules beside those of the packs, their failures as faults.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{Sandbox, at_top, top};

/// Builds the package and gives back the library that the build reports.
pub fn library(package: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--message-format=json", "-p", package])
        .current_dir(top())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["target"]["name"] == package.replace('-', "_"))
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|name| name.as_str().map(PathBuf::from))
        .find(|path| path.extension().is_some_and(|end| end == std::env::consts::DLL_EXTENSION))
        .unwrap()
}

pub fn claim(id: &str, code: &str) -> String {
    format!(
        r#"{{"schema":1,"claim_id":"{id}","type":"professional","payer":"NORTHWIND","billing_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":["N18.6"],"charge":"100.00","lines":[{{"number":1,"procedure":"{code}","modifiers":["59"],"units":"1","charge":"100.00","from":"2026-03-02"}}]}}"#
    ) + "\n"
}

#[test]
fn a_plugin_adds_its_edit_to_those_of_the_packs() {
    let plugin = library("northwind-health");
    let plugin = plugin.to_str().unwrap();
    let lock = Sandbox::new();
    let lock = ["--plugins-lock", &lock.trust(plugin)];
    let validate =
        ["validate", "examples/clinic-day.837", "--plugins", plugin, "--format", "ndjson"];
    let ran = at_top(&[&validate[..], &lock].concat());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let hits: Vec<_> = ran
        .records()
        .into_iter()
        .filter(|record| record["rule"] == "northwind/xs-not-59")
        .map(|record| (record["claim"].clone(), record["line"].clone()))
        .collect();
    // Only the one claim of that payer with a 59; the same conflict of other payers is left alone.
    assert_eq!(hits, [("RV-1013".into(), 2.into())]);
    let list = at_top(&["rules", "list", "--plugins", plugin, lock[0], lock[1]]);
    assert!(list.stdout.contains("northwind/xs-not-59  "), "{}", list.stdout);
    let plugins = at_top(&["plugins", "list", plugin, lock[0], lock[1]]);
    assert_eq!(plugins.code, Some(0));
    assert!(plugins.stdout.contains("ABI     1.0 (this program: 1.0)"), "{}", plugins.stdout);
}

#[test]
fn a_panic_in_a_plugin_is_a_fault_on_that_claim_and_never_a_pass() {
    let plugin = library("cleanbill-misbehave");
    let sandbox =
        Sandbox::with_claims(&[claim("A", "99213"), claim("B", "99999"), claim("C", "99213")]);
    let plugin = plugin.to_str().unwrap();
    sandbox.trust(plugin);
    let arguments = ["validate", "claims.ndjson", "--plugins", plugin, "--format", "ndjson"];
    let ran = sandbox.run(&arguments);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let records = ran.records();
    let faults: Vec<_> = records.iter().filter(|record| record["type"] == "fault").collect();
    assert!(!faults.is_empty() && faults.iter().all(|fault| fault["claim"] == "B"), "{records:?}");
    assert_eq!(faults[0]["kind"], "plugin_panic");
    let total = &records.last().unwrap()["total"];
    assert_eq!((&total["passed"], &total["quarantined"]), (&2.into(), &1.into()));
    assert_eq!(total["holds"], true);
}

#[test]
fn what_is_no_plugin_is_refused_before_any_claim_is_read() {
    let sandbox = Sandbox::with_claims(&[claim("A", "99213")]);
    sandbox.write("libtext.so", b"not a library");
    sandbox.write("plugins.lock", b"schema = 1\n");
    for (path, words) in [("libtext.so", "libtext.so"), ("missing.so", "missing.so")] {
        let ran = sandbox.run(&["validate", "claims.ndjson", "--plugins", path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let listed = sandbox.run(&["plugins", "list", "libtext.so"]);
    assert_eq!(listed.code, Some(2));
    let words = "libtext.so\n  state   refused (lock): no entry of the lock has its sha256 ";
    assert!(listed.stdout.starts_with(words), "{}", listed.stdout);
}
