//! Plugins that crash, hang and print, through the command: what the run says, and what it never shows.

use crate::command::{Ran, Sandbox};
use crate::plugins::library;

/// Stands in every field that names a patient.
const CANARY: &str = "ZZPHIZZ";

fn claim(id: &str, code: &str) -> String {
    format!(
        r#"{{"schema":1,"claim_id":"{id}","type":"professional","payer":"NORTHWIND","patient":{{"id":"{CANARY}","birth_date":"1950-01-01"}},"billing_provider":{{"npi":"1234567893","tax_id":"{CANARY}"}},"prior_authorization":"{CANARY}","note":"{CANARY}","place_of_service":"11","diagnoses":["N18.6"],"charge":"100.00","lines":[{{"number":1,"procedure":"{code}","note":"{CANARY}","units":"1","charge":"100.00","from":"2026-03-02"}}]}}"#
    ) + "\n"
}

/// Claims on which the plugin of the tests crashes, exits, is caught and prints, among others.
fn claims() -> Vec<String> {
    let codes = ["99996", "99991", "99213", "99989", "99978", "99979", "99999", "99996"];
    codes.iter().zip('A'..).map(|(code, id)| claim(&id.to_string(), code)).collect()
}

fn validate(sandbox: &Sandbox, plugin: &str, more: &[&str]) -> Ran {
    let base = ["validate", "claims.ndjson", "--plugins", plugin, "--format", "ndjson", "-vv"];
    sandbox.run(&[&base[..], more].concat())
}

#[test]
fn a_crash_costs_its_claim_says_so_and_shows_no_patient() {
    let plugin = library("cleanbill-misbehave");
    let plugin = plugin.to_str().unwrap();
    let sandbox = Sandbox::with_claims(&claims());
    sandbox.trust(plugin);
    let ran = validate(&sandbox, plugin, &["--plugin-stderr", "printed.txt"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let records = ran.records();
    let of = |kind: &str, member: &str| -> Vec<String> {
        let own = records.iter().filter(|record| record["type"] == kind);
        own.map(|record| format!("{} {}", record["claim"], record[member])).collect()
    };
    assert_eq!(
        of("fault", "kind"),
        [r#""B" "plugin_crash""#, r#""D" "plugin_crash""#, r#""G" "plugin_panic""#]
    );
    let not_evaluated = |claim| format!(r#""{claim}" "ENGINE/PLUGIN-NOT-EVALUATED""#);
    let told_to = |claim| format!(r#""{claim}" "misbehave/told-to""#);
    assert_eq!(
        of("finding", "rule"),
        [told_to("A"), not_evaluated("B"), not_evaluated("D"), not_evaluated("G"), told_to("H")]
    );
    let total = &records.last().unwrap()["total"];
    assert_eq!((&total["passed"], &total["quarantined"]), (&5.into(), &3.into()));
    for (what, text) in [("output", &ran.stdout), ("log", &ran.stderr)] {
        assert!(!text.contains(CANARY) && !text.contains("1950"), "{what}: {text}");
    }
    // Only the file that was asked for has what the plugin printed.
    let printed = std::fs::read_to_string(sandbox.path("printed.txt")).unwrap();
    assert_eq!(printed.matches(CANARY).count(), 1, "{printed}");
}

#[test]
fn what_becomes_of_a_claim_that_was_not_judged_is_for_the_user_to_say() {
    let plugin = library("cleanbill-misbehave");
    let plugin = plugin.to_str().unwrap();
    let sandbox = Sandbox::with_claims(&claims());
    sandbox.trust(plugin);
    let disposition = |more: &[&str]| {
        let ran = validate(&sandbox, plugin, more);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        let found = ran.records().into_iter().find(|record| record["claim"] == "B");
        found.unwrap()["disposition"].clone()
    };
    assert_eq!(disposition(&[]), "suspend");
    assert_eq!(disposition(&["--on-plugin-failure", "warn"]), "informational");
    let ended = validate(&sandbox, plugin, &["--on-plugin-failure", "abort-run"]);
    assert_eq!(ended.code, Some(4), "{ended:?}");
    assert!(ended.stderr.contains("error: claim 2: the process of the plugin"), "{}", ended.stderr);
    // After the first crash nobody asks the plugin again.
    let given_up = validate(&sandbox, plugin, &["--plugin-breaker", "0"]);
    let faults = given_up.records().into_iter().filter(|record| record["type"] == "fault");
    let kinds: Vec<_> = faults.map(|fault| fault["kind"].clone()).collect();
    assert_eq!(kinds[0], "plugin_crash");
    assert!(kinds.len() == 7 && kinds[1..].iter().all(|kind| kind == "plugin_disabled"));
}

#[test]
fn the_process_of_a_plugin_is_not_for_people() {
    let ran = Sandbox::new().run(&["__plugin-worker"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("runs one payer plugin in a process of its own"), "{}", ran.stderr);
}
