//! `cleanbill history`: from claims to a file, and what can be done with it.

use crate::command::{Sandbox, clean_claim, conflicting_claim, records};

fn claim(id: &str, patient: &str, code: &str, day: &str) -> String {
    format!(
        r#"{{"schema":1,"claim_id":"{id}","type":"professional","payer":"P","patient":{{"id":"{patient}","birth_date":"1950-01-01","sex":"F"}},"billing_provider":{{"npi":"1234567893","tax_id":"ZZPHITAX"}},"place_of_service":"11","diagnoses":["N186"],"charge":"10.00","note":"ZZPHINOTE","lines":[{{"number":1,"procedure":"{code}","modifiers":["RT"],"units":"1","charge":"10.00","from":"{day}","through":"{day}","diagnosis_pointers":[1]}}]}}"#
    ) + "\n"
}

/// A sandbox with `earlier.ndjson`: two claims of a patient and one of another.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let claims = [
        claim("A", "ZZPHIONE", "93970", "2026-03-02"),
        claim("B", "ZZPHIONE", "93985", "2020-01-02"),
        claim("C", "ZZPHITWO", "93986", "2026-03-02"),
    ];
    sandbox.write("earlier.ndjson", claims.concat().as_bytes());
    sandbox
}

#[test]
fn claims_are_added_once_shown_and_exported() {
    let sandbox = sandbox();
    let add = |wanted: &str| {
        let ran = sandbox.run(&["history", "add", "claims.db", "earlier.ndjson"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), wanted), "{}", ran.stderr);
    };
    add("3 claims added, 0 there already\n");
    add("0 claims added, 3 there already\n");
    let show = |more: &[&str]| sandbox.run(&[&["history", "show", "claims.db"][..], more].concat());
    let counts = "claims    3\npatients  2\ndenied    0 (some or all of their lines)\nservices  2020-01-02 to 2026-03-02\n";
    assert_eq!(show(&[]).stdout, counts);
    let a =
        "A (professional, frequency 1)\n  line 1  93970-RT  2026-03-02  units 1  charge 10.00\n";
    assert_eq!(show(&["--claim", "A"]).stdout, a);
    let of_patient = show(&["--patient", "ZZPHIONE"]).stdout;
    assert!(of_patient.starts_with(a) && of_patient.contains("93985"), "{of_patient}");
    let nobody = show(&["--patient", "ZZPHINONE"]);
    assert_eq!(nobody.code, Some(2));
    assert!(!nobody.stderr.contains("ZZPHI"), "{}", nobody.stderr);

    let exported = sandbox.run(&["history", "export", "claims.db"]);
    assert_eq!(records(&exported.stdout).len(), 3);
    assert!(!exported.stdout.contains("ZZPHI"), "{}", exported.stdout);
    sandbox.write("export.ndjson", exported.stdout.as_bytes());
    let again = sandbox.run(&["history", "add", "second.db", "export.ndjson"]);
    assert_eq!(again.stdout, "3 claims added, 0 there already\n", "{}", again.stderr);
    let second = sandbox.run(&["history", "show", "second.db", "--claim", "A"]);
    assert_eq!(second.stdout, a);
}

#[test]
fn denied_claims_and_old_ones_are_out_of_the_way() {
    let sandbox = sandbox();
    sandbox.run(&["history", "add", "claims.db", "earlier.ndjson"]);
    let run = |arguments: &[&str], code: i32| {
        let ran = sandbox.run(&[&["history"][..], arguments].concat());
        assert_eq!(ran.code, Some(code), "{}", ran.stderr);
        ran.stdout
    };
    assert_eq!(run(&["deny", "claims.db", "--claim", "A", "--line", "1"], 0), "1 claim marked\n");
    assert!(run(&["show", "claims.db", "--claim", "A"], 0).contains("charge 10.00  denied"));
    assert_eq!(run(&["export", "claims.db"], 0).lines().count(), 2);
    run(&["deny", "claims.db", "--claim", "Z"], 2);
    assert_eq!(run(&["prune", "claims.db", "--before", "2021-01-01"], 0), "1 claim removed\n");
    assert_eq!(run(&["verify", "claims.db"], 0), "whole: 2 claims\n");
    run(&["prune", "claims.db", "--before", "yesterday"], 2);
}

#[test]
fn what_cannot_be_read_or_kept_is_told_and_the_rest_is_added() {
    let sandbox = sandbox();
    let broken = claim("D", "ZZPHIONE", "939", "2026-03-02");
    let nobody = claim("E", "", "93970", "2026-03-02");
    let text = broken + &nobody + &claim("F", "ZZPHIONE", "93970", "2026-03-02");
    sandbox.write("more.ndjson", text.as_bytes());
    let ran = sandbox.run(&["history", "add", "claims.db", "more.ndjson"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.stderr.contains("more.ndjson:1: I"), "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("1 claims added, 0 there already\n1 not kept"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stderr.contains("ZZPHI"), "{}", ran.stderr);
}

#[test]
fn a_history_is_asked_under_its_own_key_alone() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A"), conflicting_claim("B")]);
    let claims = sandbox.names().into_iter().find(|name| name.ends_with("json")).unwrap();
    let add = |store: &str| {
        let ran = sandbox.run(&["history", "add", store, &claims]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    };
    add("one.db");
    add("two.db");
    let validate = |more: &[&str]| {
        let ran = sandbox.run(&[&["validate", &claims][..], more].concat());
        (ran.code, ran.stderr)
    };
    let (code, told) = validate(&["--history", "one.db", "--history-key", "two.db.key"]);
    assert!(code == Some(2) && told.contains("written with another key"), "{told}");
    let (code, told) = validate(&["--history", "one.db", "--history", "two.db"]);
    assert!(code == Some(2) && told.contains("one history is asked"), "{told}");
    let (code, told) = validate(&["--history", &claims, "--history-key", "one.db.key"]);
    assert!(code == Some(2) && told.contains("`--history-key` goes with a history"), "{told}");
    let (code, told) = validate(&["--history", "none.db"]);
    assert!(code == Some(2) && told.contains("none.db"), "{told}");
}
