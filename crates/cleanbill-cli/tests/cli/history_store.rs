//! `cleanbill history`: from claims to a file or a server, and what can be done with it.

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim, records};

/// A pack with a rule that looks at other claims of the patient.
pub const LOOKS_BACK: &str = r#"schema: cleanbill/pack/v1
name: looks-back
version: 1.0.0
title: Looks at other claims
rules:
  - id: again
    title: The same service twice
    duplicate_line: { same: [patient, service_date], search: [this_claim, history] }
    message: "{code}"
    fix: Correct it.
    source: [{ authority: Example, document: Invented, kind: internal }]
    tests: []
"#;

/// Where a test has its histories: what it writes on the command line for the one of this name.
pub type Place<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// Files in the sandbox.
pub fn files(name: &str) -> Vec<String> {
    vec![format!("{name}.db")]
}

/// Runs `cleanbill history VERB HISTORY MORE`.
pub fn history(sandbox: &Sandbox, place: Place<'_>, name: &str, verb: &str, more: &[&str]) -> Ran {
    let at = place(name);
    let at: Vec<&str> = at.iter().map(String::as_str).collect();
    sandbox.run(&[&["history", verb][..], &at, more].concat())
}

pub fn claim(id: &str, patient: &str, code: &str, day: &str) -> String {
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
    added_once_shown_and_exported(&files);
}

pub fn added_once_shown_and_exported(place: Place<'_>) {
    let sandbox = sandbox();
    let history = |verb: &str, more: &[&str]| history(&sandbox, place, "claims", verb, more);
    let add = |wanted: &str| {
        let ran = history("add", &["earlier.ndjson"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), wanted), "{}", ran.stderr);
    };
    add("3 claims added, 0 there already\n");
    add("0 claims added, 3 there already\n");
    let show = |more: &[&str]| history("show", more);
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

    let exported = history("export", &[]);
    assert_eq!(records(&exported.stdout).len(), 3);
    assert!(!exported.stdout.contains("ZZPHI"), "{}", exported.stdout);
    sandbox.write("export.ndjson", exported.stdout.as_bytes());
    let second = |verb: &str, more: &[&str]| self::history(&sandbox, place, "second", verb, more);
    let again = second("add", &["export.ndjson"]);
    assert_eq!(again.stdout, "3 claims added, 0 there already\n", "{}", again.stderr);
    assert_eq!(second("show", &["--claim", "A"]).stdout, a);
}

#[test]
fn denied_claims_and_old_ones_are_out_of_the_way() {
    denied_and_old_ones_are_out_of_the_way(&files);
}

pub fn denied_and_old_ones_are_out_of_the_way(place: Place<'_>) {
    let sandbox = sandbox();
    history(&sandbox, place, "claims", "add", &["earlier.ndjson"]);
    let run = |verb: &str, more: &[&str], code: i32| {
        let ran = history(&sandbox, place, "claims", verb, more);
        assert_eq!(ran.code, Some(code), "{}", ran.stderr);
        ran.stdout
    };
    assert_eq!(run("deny", &["--claim", "A", "--line", "1"], 0), "1 claim marked\n");
    assert!(run("show", &["--claim", "A"], 0).contains("charge 10.00  denied"));
    assert_eq!(run("export", &[], 0).lines().count(), 2);
    run("deny", &["--claim", "Z"], 2);
    assert_eq!(run("prune", &["--before", "2021-01-01"], 0), "1 claim removed\n");
    assert_eq!(run("verify", &[], 0), "whole: 2 claims\n");
    run("prune", &["--before", "yesterday"], 2);
}

#[test]
fn what_cannot_be_read_or_kept_is_told_and_the_rest_is_added() {
    what_cannot_be_kept_is_told(&files);
}

pub fn what_cannot_be_kept_is_told(place: Place<'_>) {
    let sandbox = sandbox();
    let broken = claim("D", "ZZPHIONE", "939", "2026-03-02");
    let nobody = claim("E", "", "93970", "2026-03-02");
    let text = broken + &nobody + &claim("F", "ZZPHIONE", "93970", "2026-03-02");
    sandbox.write("more.ndjson", text.as_bytes());
    let ran = history(&sandbox, place, "claims", "add", &["more.ndjson"]);
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

#[test]
fn a_password_on_the_command_line_is_refused_by_every_verb_and_told_by_none() {
    let sandbox = sandbox();
    for url in ["postgres://jane:ZZSECRET@localhost/c", "postgres://localhost/c?password=ZZSECRET"]
    {
        for arguments in [
            &["history", "add", url, "earlier.ndjson"][..],
            &["history", "show", url],
            &["history", "export", url, "--history-key", "claims.key"],
            &["validate", "earlier.ndjson", "--history", url],
            &["-vv", "history", "verify", url],
        ] {
            let ran = sandbox.run(arguments);
            assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stderr);
            let told = ran.stdout + &ran.stderr;
            assert!(!told.contains("ZZSECRET"), "{told}");
            assert!(told.contains("CLEANBILL_HISTORY_URL"), "{told}");
        }
    }
    assert_eq!(sandbox.names(), ["earlier.ndjson"]);
}

#[test]
fn a_server_is_not_reached_elsewhere_and_needs_a_key() {
    let sandbox = sandbox();
    let refused = |arguments: &[&str], words: &str| {
        let ran = sandbox.run(&[&["history", "show"][..], arguments].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    };
    let here = "postgres://jane@127.0.0.1:1/claims";
    refused(&[here], "`--history-key`");
    refused(&["postgres://jane@192.0.2.1/c", "--history-key", "k"], "on another machine");
    refused(&["postgres:none.connection"], "none.connection: it cannot be read");
    // Nobody is at home there: that is no refusal, it may be better in a moment.
    let ran = sandbox.run(&["history", "show", here, "--history-key", "k"]);
    assert_eq!(ran.code, Some(4), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("postgres://127.0.0.1:1/claims: the server cannot"),
        "{}",
        ran.stderr
    );
}
