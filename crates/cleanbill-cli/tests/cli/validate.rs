//! Exit codes, and what is refused before any claim is read.

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim};

#[test]
fn a_clean_file_exits_0_and_says_so() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert!(ran.stdout.starts_with("no findings\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("1 in = 1 passed + 0 rejected + 0 quarantined"), "{}", ran.stdout);
}

#[test]
fn an_error_exits_1_unless_it_is_not_to_fail_the_run() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A"), clean_claim("B")]);
    let ran = sandbox.run(&["validate", "claims.ndjson"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("93970") && ran.stdout.contains("line 2 with line 1"));
    assert_eq!(sandbox.run(&["validate", "claims.ndjson", "--fail-on", "never"]).code, Some(0));
}

#[test]
fn a_claim_that_cannot_be_read_exits_3_and_the_others_are_judged() {
    let broken = "{\"schema\":1,\"claim_id\":\"X\",\"lines\":[\n".to_owned();
    let sandbox = Sandbox::with_claims(&[clean_claim("A"), broken, conflicting_claim("B")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "--format", "ndjson"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let records = ran.records();
    assert!(records.iter().any(|record| record["type"] == "input_error"));
    assert!(records.iter().any(|record| record["type"] == "finding" && record["claim"] == "B"));
    let summary = records.last().unwrap();
    assert_eq!(summary["type"], "summary");
    assert_eq!(summary["total"]["holds"], true);
    assert_eq!(summary["exit_code"], 3);
}

#[test]
fn an_837_is_read_and_every_byte_of_it_accounted_for() {
    let file = include_bytes!("../fixtures/one-of-four-broken.837");
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", file);
    let ran = sandbox.run(&["validate", "claims.837", "--format", "ndjson"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let records = ran.records();
    let error = records.iter().find(|record| record["type"] == "input_error").unwrap();
    assert_eq!((&error["claim"], &error["quarantined"]), (&"PCN3".into(), &true.into()));
    assert_eq!(error["location"]["line"], 34);
    let finding = records.iter().find(|record| record["rule"] == "93970-access-mapping").unwrap();
    assert_eq!((&finding["claim"], &finding["line"]), (&"PCN1".into(), &2.into()));
    assert_eq!(finding["location"]["segment"], 22);
    let summary = records.last().unwrap();
    assert_eq!(summary["files"][0]["format"], "x12");
    assert_eq!(
        (&summary["total"]["claims_in"], &summary["total"]["quarantined"]),
        (&4.into(), &1.into())
    );
    assert_eq!(summary["total"]["bytes_in"], file.len());
    assert_eq!(summary["total"]["holds"], true);
}

#[test]
fn a_file_that_holds_no_claims_is_never_passed_in_silence() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.837", b"");
    sandbox.write("scan.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    for name in ["empty.837", "scan.png"] {
        let ran = sandbox.run(&["validate", name]);
        assert_eq!(ran.code, Some(3), "{name}: {ran:?}");
        assert!(ran.stdout.contains("input error"), "{name}: {ran:?}");
    }
}

#[test]
fn what_cannot_be_opened_is_refused_before_any_claim_is_read() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    for bad in ["no-such-file.837", "."] {
        let ran = sandbox.run(&["validate", "claims.ndjson", bad]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.starts_with(&format!("error: cannot read `{bad}`: ")), "{ran:?}");
        assert!(ran.stderr.contains("\n  help: "), "{ran:?}");
    }
}

#[test]
fn several_files_are_one_run() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A"), clean_claim("B")]);
    sandbox.write("more.ndjson", conflicting_claim("C").as_bytes());
    let ran = sandbox.run(&["validate", "claims.ndjson", "more.ndjson", "--format", "ndjson"]);
    let records = ran.records();
    assert_eq!(records[0]["file"], "more.ndjson");
    assert_eq!(records[0]["claim_ordinal"], 3);
    assert_eq!(records.last().unwrap()["total"]["claims_in"], 3);
    assert_eq!(records.last().unwrap()["files"].as_array().unwrap().len(), 2);
}

#[test]
#[cfg(unix)]
fn a_file_name_cannot_drive_the_terminal() {
    let sandbox = Sandbox::new();
    let name = "cl\u{1b}[2Jaims\n.ndjson";
    sandbox.write(name, conflicting_claim("A").as_bytes());
    let ran = sandbox.run(&["validate", name]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("cl\\u{1b}[2Jaims\\n.ndjson:1"), "{}", ran.stdout);
    let refused = sandbox.run(&["validate", "no\u{1b}file"]);
    assert!(refused.stderr.contains("no\\u{1b}file"), "{}", refused.stderr);
}

#[test]
fn a_bug_exits_5_without_a_word_of_the_claims() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A")]);
    let mut command = sandbox.command(&["validate", "claims.ndjson", "--output", "findings.txt"]);
    let ran = Ran::new(command.env("CLEANBILL_REHEARSE_BUG", "1").output().unwrap());
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(5), ""), "{ran:?}");
    assert!(ran.stderr.contains("stopped on a bug of its own at "), "{}", ran.stderr);
    assert!(!ran.stderr.contains("ZZPHIZZ"), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["claims.ndjson"]);
}

#[test]
fn no_member_id_or_birth_date_is_shown_even_in_the_log() {
    let broken = conflicting_claim("X").replace("\"charge\":\"100.00\"", "\"charge\":\"ZZPHIZZ\"");
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A"), broken]);
    for format in ["text", "ndjson", "json"] {
        let mut command = sandbox.command(&["validate", "claims.ndjson", "--format", format]);
        let ran = Ran::new(command.env("CLEANBILL_LOG", "trace").output().unwrap());
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.stderr.contains("run starts"), "{}", ran.stderr);
        for shown in [&ran.stdout, &ran.stderr] {
            assert!(!shown.contains("ZZPHIZZ") && !shown.contains("1950-01-01"), "{shown}");
        }
    }
}

#[test]
fn a_strict_run_ends_at_the_first_thing_that_cannot_be_trusted() {
    let file = include_str!("../../../../examples/clinic-day.837");
    let wrong = file.replacen("SE*134*", "SE*135*", 1);
    let sandbox = Sandbox::new();
    sandbox.write("good.837", file.as_bytes());
    sandbox.write("wrong.837", wrong.as_bytes());
    let run = |input, flags: &[&str]| {
        sandbox.run(&[&["validate", input, "--output", "out.ndjson"], flags].concat())
    };
    let lenient = run("wrong.837", &[]);
    assert_eq!(lenient.code, Some(3), "{lenient:?}");
    std::fs::remove_file(sandbox.path("out.ndjson")).unwrap();
    let strict = run("wrong.837", &["--strict"]);
    assert_eq!(strict.code, Some(3), "{strict:?}");
    for words in ["wrong.837", "I1107", "`SE01` says", "`--strict` ends the run", "nothing was"] {
        assert!(strict.stderr.contains(words), "{}", strict.stderr);
    }
    assert_eq!(sandbox.names().iter().filter(|name| name.contains("out")).count(), 0);
    let good = run("good.837", &["--strict"]);
    assert_eq!(good.code, run("good.837", &[]).code, "{good:?}");
    assert!(sandbox.names().contains(&"out.ndjson".to_owned()));
}

const SENDER: &str = "SENDER         ";
const CONTROL: &str = "000000042";

/// The file with another sender or control number in its envelope.
fn interchange(sender: &str, control: &str) -> Vec<u8> {
    let file =
        String::from_utf8_lossy(include_bytes!("../fixtures/one-of-four-broken.837")).into_owned();
    assert!(file.contains(SENDER) && file.contains(CONTROL));
    file.replace(SENDER, sender).replace(CONTROL, control).into_bytes()
}

#[test]
fn an_interchange_that_stands_in_two_files_is_told_with_both_places() {
    let sandbox = Sandbox::new();
    let (first, other) = (interchange(SENDER, CONTROL), interchange(SENDER, "000000999"));
    sandbox.write("a.837", &[other.clone(), first.clone()].concat());
    sandbox.write("b.837", &[first.clone(), other.clone()].concat());
    sandbox.write("c.837", &interchange("SENDERX        ", CONTROL));
    let ran = sandbox.run(&["validate", "a.837", "b.837", "c.837", "--format", "ndjson"]);
    let words = format!(
        "b.837: the interchange at byte 0 has the sender and control number (ISA13) of the one at byte {} of a.837, and 1 more",
        other.len()
    );
    assert_eq!(ran.stderr.matches("warning: ").count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(&words), "{}", ran.stderr);
    let summary = ran.records().pop().unwrap();
    assert_eq!(
        summary["files"][1]["repeated_interchanges"],
        serde_json::json!([
            { "count": 2, "offset": 0, "earlier_file": "a.837", "earlier_offset": other.len() }
        ])
    );
    assert!(summary["files"][0].get("repeated_interchanges").is_none());
    // What is told so fails no run: the exit code is that of what stands in the files.
    let alone = sandbox.run(&["validate", "a.837", "--format", "ndjson"]);
    assert_eq!((ran.code, alone.stderr.as_str()), (alone.code, ""));
    let quiet = sandbox.run(&["validate", "a.837", "b.837", "--quiet"]);
    assert_eq!(quiet.stderr, "");
    assert!(
        quiet.stdout.contains("interchanges    2 stand in an earlier file too"),
        "{}",
        quiet.stdout
    );
}
