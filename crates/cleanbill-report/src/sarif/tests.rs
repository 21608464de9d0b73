//! The log as viewers read it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::sample;

fn log() -> Value {
    serde_json::from_str(&sample::render(SarifReport::new)).unwrap()
}

#[test]
fn a_run_is_one_log_with_rules_results_and_notifications() {
    sample::snapshot("sarif", &serde_json::to_string_pretty(&log()).unwrap());
}

/// Names and values are those of section 3 of the standard.
#[test]
fn every_result_has_what_viewers_need() {
    let log = log();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    let mut fingerprints = BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["text"].as_str().unwrap().contains("source: CMS"));
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "claims.837");
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        assert!(place["region"]["byteOffset"].as_u64().unwrap() > 0);
        let print = &result["partialFingerprints"]["cleanbillFinding/v1"];
        assert!(fingerprints.insert(print.as_str().unwrap()));
        let is_waived = result["properties"]["outcome"] == "waived";
        assert_eq!(result["suppressions"].as_array().unwrap().len(), usize::from(is_waived));
    }
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 3);
    let ids: Vec<&Value> = invocation["toolExecutionNotifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notification| &notification["descriptor"]["id"])
        .collect();
    assert_eq!(ids, ["plugin_panic", "I1203", "I1007"]);
}

#[test]
fn hostile_text_reads_back_and_shows_nothing_that_drives_a_terminal() {
    let text = sample::render_hostile(SarifReport::new);
    assert!(!text.chars().any(|c| c != '\n' && crate::escape::is_unsafe(c)), "{text:?}");
    let log: Value = serde_json::from_str(&text).unwrap();
    let message = log["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(message.contains(sample::HOSTILE_MARK), "{message}");
}

#[test]
fn input_errors_without_end_are_counted_once_enough_are_listed() {
    let out = sample::SharedOut::default();
    let mut report = SarifReport::new(out.clone());
    report.begin().unwrap();
    let [error, _] = sample::input_errors();
    for _ in 0..NOTIFICATIONS + 7 {
        report.input_error("a.837", &error).unwrap();
    }
    report.end(&Summary::default()).unwrap();
    let log: Value = serde_json::from_str(&out.text()).unwrap();
    let invocation = &log["runs"][0]["invocations"][0];
    let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), NOTIFICATIONS + 1);
    let last = notifications[NOTIFICATIONS]["message"]["text"].as_str().unwrap();
    assert!(last.starts_with("7 more input errors"), "{last}");
}
