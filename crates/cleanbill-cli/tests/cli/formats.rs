//! Output formats and where they go.

use std::fs;

use crate::acknowledgements::CLAIMS;
use crate::command::{FORMATS, Ran, Sandbox, clean_claim, conflicting_claim, records};

const THREE_OUTPUTS: [&str; 12] =
    ["-f", "text", "-o", "-", "-f", "ndjson", "-o", "out.ndjson", "-f", "json", "-o", "out.json"];

#[test]
fn one_run_writes_several_formats() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A")]);
    let ran = sandbox.run(&[&["validate", "claims.ndjson"], &THREE_OUTPUTS[..]].concat());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("summary\n"));
    let lines = records(&fs::read_to_string(sandbox.path("out.ndjson")).unwrap());
    let document: serde_json::Value =
        serde_json::from_slice(&fs::read(sandbox.path("out.json")).unwrap()).unwrap();
    assert_eq!(document["records"], serde_json::Value::Array(lines));
    assert_eq!(sandbox.names(), ["claims.ndjson", "out.json", "out.ndjson"]);
}

#[test]
fn one_run_with_every_format_writes_what_runs_with_one_format_write() {
    let bad = "{\"schema\":1,\"claim_id\":\"BAD\",\"charge\":\"4l2\"}\n";
    let claims =
        [conflicting_claim("A"), clean_claim("B"), conflicting_claim("=C"), bad.to_owned()];
    let sandbox = Sandbox::with_claims(&claims);
    let check = |all: Vec<u8>, format: &str| {
        // Every format names the claim with a finding, and the one that could not be read.
        if format != "xlsx" {
            let text = String::from_utf8(all).unwrap();
            assert!(text.contains("93970-access-mapping") && text.contains("I2007"), "{format}");
        }
    };
    together_as_alone(&sandbox, "claims.ndjson", &FORMATS, check);
}

#[test]
fn answers_to_the_sender_change_no_other_format() {
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", CLAIMS.as_bytes());
    together_as_alone(
        &sandbox,
        "claims.837",
        &[&FORMATS[..], &["277ca", "999"]].concat(),
        |_, _| {},
    );
}

/// Writes all `formats` in one run and each in a run of its own; `check` sees what they wrote alike.
fn together_as_alone(
    sandbox: &Sandbox,
    claims: &str,
    formats: &[&str],
    check: impl Fn(Vec<u8>, &str),
) {
    let mut together = vec!["validate".to_owned(), claims.to_owned()];
    for format in formats {
        together.extend(["-f", format, "-o", &format!("all.{format}")].map(str::to_owned));
    }
    let together: Vec<&str> = together.iter().map(String::as_str).collect();
    assert_eq!(sandbox.run(&together).code, Some(3));
    for format in formats {
        let ran = sandbox.run(&["validate", claims, "-f", format, "-o", "alone"]);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        let read = |name: &str| fs::read(sandbox.path(name)).unwrap();
        let (all, alone) = (read(&format!("all.{format}")), read("alone"));
        assert!(all == alone && !all.is_empty(), "{format}");
        check(all, format);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A"), clean_claim("B")]);
    let run = |zone: &str, locale: &str| {
        let mut command = sandbox.command(&["validate", "claims.ndjson", "--format", "ndjson"]);
        Ran::new(command.env("TZ", zone).env("LC_ALL", locale).output().unwrap()).stdout
    };
    assert_eq!(run("UTC", "C"), run("Asia/Tokyo", "de_DE.UTF-8"));
}

#[test]
fn a_pairing_that_could_mean_two_things_is_refused() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "-f", "text", "-f", "json", "-o", "x"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("give every `--format` its own `--output`"), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["claims.ndjson"]);
}

#[test]
fn an_output_never_replaces_an_input() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "--output", "./claims.ndjson"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("is also an input"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(sandbox.path("claims.ndjson")).unwrap(), clean_claim("A"));
}

#[test]
fn an_output_in_a_missing_folder_is_refused() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "--output", "no/out.txt"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.starts_with("error: cannot write `no/out.txt`: "), "{}", ran.stderr);
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A")]);
    assert!(!sandbox.run(&["validate", "claims.ndjson"]).stdout.contains('\u{1b}'));
    let asked = sandbox.run(&["validate", "claims.ndjson", "--color", "always"]);
    assert!(asked.stdout.contains("\u{1b}[1m\u{1b}[31merror"), "{}", asked.stdout);
    let into_file =
        sandbox.run(&["validate", "claims.ndjson", "--color", "always", "--output", "out.txt"]);
    assert_eq!(into_file.code, Some(1));
    assert!(!fs::read_to_string(sandbox.path("out.txt")).unwrap().contains('\u{1b}'));
}

/// An 837P of 1,000 claims, each with a study and a mapping of one day; the charge of claim 17 is no number.
fn thousand_claims() -> String {
    const HEAD: &str = "\
ISA*00*          *00*          *ZZ*VASCULARCLINIC *ZZ*EXAMPLEHOUSE   *260305*0900*^*00501*000000001*0*T*:~
GS*HC*VASCULARCLINIC*EXAMPLEHOUSE*20260305*0900*1*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*DAY1*20260305*0900*CH~
NM1*41*2*RIVERBEND VASCULAR*****46*RVB01~
PER*IC*BILLING DESK*TE*5550100200~
NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*EXH01~
HL*1**20*1~
NM1*85*2*RIVERBEND VASCULAR CLINIC*****XX*2999999016~
N3*12 HARBOUR WAY~
N4*EXAMPLETON*OH*430010001~
REF*EI*000000001~
";
    let claim = |number: usize| {
        let charge = if number == 17 { "4I2.00" } else { "412.00" };
        format!(
            "HL*{}*1*22*0~\nSBR*P*18*******MB~\nNM1*IL*1*ORCHARD*MIRA****MI*EXM000001~\nDMG*D8*19500101*F~\nNM1*PR*2*EXAMPLE MEDICARE*****PI*00999~\nCLM*C{number}*824.00***11:B:1*Y*A*Y*Y~\nHI*ABK:I872~\nNM1*DN*1*SAMPLE*REFERRER****XX*2999999032~\nLX*1~\nSV1*HC:93985*412.00*UN*1***1~\nDTP*472*D8*20260302~\nLX*2~\nSV1*HC:93970*{charge}*UN*1***1~\nDTP*472*D8*20260302~\n",
            number + 1
        )
    };
    let claims: String = (1..=1000).map(claim).collect();
    // From ST to SE, both included.
    let segments = HEAD.matches('~').count() - 2 + claims.matches('~').count() + 1;
    format!("{HEAD}{claims}SE*{segments}*0001~\nGE*1*1~\nIEA*1*000000001~\n")
}

#[test]
fn s24_one_pass_writes_text_json_and_ndjson_and_reports_bad_claim_17_of_1000() {
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", thousand_claims().as_bytes());
    let ran = sandbox.run(&[&["validate", "claims.837"], &THREE_OUTPUTS[..]].concat());
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);

    let lines = records(&fs::read_to_string(sandbox.path("out.ndjson")).unwrap());
    let of = |kind: &str| -> Vec<&serde_json::Value> {
        lines.iter().filter(|record| record["type"] == kind).collect()
    };
    let errors = of("input_error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((&errors[0]["claim"], &errors[0]["quarantined"]), (&"C17".into(), &true.into()));
    let mut claims: Vec<&str> = of("finding")
        .iter()
        .filter(|finding| finding["rule"] == "93970-access-mapping")
        .map(|finding| finding["claim"].as_str().unwrap())
        .collect();
    claims.dedup();
    let others: Vec<String> =
        (1..=1000).filter(|number| *number != 17).map(|number| format!("C{number}")).collect();
    assert_eq!(claims, others);
    let summary = lines.last().unwrap();
    let total = &summary["total"];
    assert_eq!((&total["claims_in"], &total["quarantined"]), (&1000.into(), &1.into()));
    assert_eq!((&total["holds"], &summary["exit_code"]), (&true.into(), &3.into()));

    let document: serde_json::Value =
        serde_json::from_slice(&fs::read(sandbox.path("out.json")).unwrap()).unwrap();
    assert_eq!(document["records"], serde_json::Value::Array(lines.clone()));
    assert!(ran.stdout.contains("C17") && ran.stdout.contains("summary\n"));
}
