//! A plugin that panics or answers with garbage costs the claim in hand and nothing else.

use std::process::Command;

use cleanbill_engine::{LineOutcome, explain};
use cleanbill_model::FaultKind;

use crate::support::{built, claim, claim_on, everywhere, registered_in, verdict};

/// What the plugin puts into its panics: see `plugins/misbehave`.
const CANARY: &str = "ZZPHIZZ";

#[test]
fn a_panic_is_a_fault_of_that_claim_only() {
    for run_in in everywhere() {
        let registry = registered_in(&built("cleanbill-misbehave"), &run_in);
        for panics in ["99999", "99995"] {
            let (found, faults) = verdict(&registry, &claim("ANY", &["99996", panics]));
            assert!(found.is_empty(), "half an answer is no answer");
            let [fault] = faults.as_slice() else { panic!("one fault") };
            assert_eq!(
                (fault.kind, fault.edit.id.as_str()),
                (FaultKind::PluginPanic, "misbehave/told-to")
            );
            assert!(fault.message.contains("`misbehave@0.1.0` panicked"), "{}", fault.message);
            assert!(!fault.message.contains(CANARY));
            let (found, faults) = verdict(&registry, &claim("ANY", &["99996"]));
            assert_eq!((found.len(), faults.len()), (1, 0));
            assert_eq!(
                found[0].message,
                "line 10 (99996, modifiers none) asked for a finding, one of 1"
            );
        }
    }
}

#[test]
fn the_text_of_a_panic_is_printed_nowhere() {
    let test = "misbehave::a_panic_is_a_fault_of_that_claim_only";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    assert!(!printed.contains(CANARY), "{printed}");
    assert!(!printed.contains("panicked"), "{printed}");
}

#[test]
fn an_answer_that_is_not_valid_is_a_fault() {
    for run_in in everywhere() {
        let registry = registered_in(&built("cleanbill-misbehave"), &run_in);
        for (code, told) in [
            ("99998", "finding 1: it names rule 77, and the manifest has 1"),
            ("99997", "finding 1: it names line 1000, and the claim has 1"),
            ("99994", "finding 65: there are more than 64"),
            ("99993", "finding 1: the value `count` is not of its kind"),
            ("99992", "finding 1: the value `count` is missing"),
        ] {
            let (found, faults) = verdict(&registry, &claim("ANY", &[code]));
            assert!(found.is_empty(), "{code}");
            assert_eq!(faults[0].kind, FaultKind::PluginError);
            assert!(faults[0].message.ends_with(told), "{}", faults[0].message);
            assert!(!faults[0].message.contains(CANARY));
        }
        let (found, faults) = verdict(&registry, &claim("ANY", &["99213"]));
        assert_eq!((found.len(), faults.len()), (0, 0));
    }
}

#[test]
fn a_rule_that_is_not_in_force_on_the_date_of_service_is_not_heard() {
    for run_in in everywhere() {
        let registry = registered_in(&built("cleanbill-misbehave"), &run_in);
        for (day, findings) in [("2019-12-31", 0), ("2020-01-01", 1)] {
            let (found, faults) = verdict(&registry, &claim_on(day, "ANY", &["99996"]));
            assert_eq!((found.len(), faults.len()), (findings, 0), "{day}");
        }
        let id = "misbehave/told-to";
        let (edit, _) = registry.find(id).unwrap();
        let old = explain(edit, id, &claim_on("2019-12-31", "ANY", &["99996"])).unwrap();
        assert_eq!(old.lines[0].outcome, LineOutcome::Silent { because: "effective" });
    }
}
