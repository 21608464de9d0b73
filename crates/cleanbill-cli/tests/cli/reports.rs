//! The reports for spreadsheets, browsers and CI servers.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim};

/// An 837P of so many claims, each with 93970 and 93985 on one day; the one with number `bad` has a
/// charge that is no number.
fn file(count: usize, bad: usize) -> String {
    let mut file =
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260305*0900*\
                    ^*00501*000000001*0*T*:~GS*HC*S*R*20260305*0900*1*X*005010X222A1~\n"
            .to_owned();
    for number in 1..=count {
        let charge = if number == bad { "4l2.00" } else { "412.00" };
        let segments = [
            format!("ST*837*{number:04}*005010X222A1"),
            "BHT*0019*00*B1*20260305*0900*CH".to_owned(),
            "NM1*41*2*CLINIC*****46*S1".to_owned(),
            "NM1*40*2*HOUSE*****46*R1".to_owned(),
            "HL*1**20*1".to_owned(),
            "NM1*85*2*CLINIC*****XX*1234567893".to_owned(),
            "N3*1 NOWHERE ST".to_owned(),
            "N4*AUSTIN*TX*787010001".to_owned(),
            "REF*EI*741234567".to_owned(),
            "HL*2*1*22*0".to_owned(),
            "SBR*P*18*G1******MB".to_owned(),
            "NM1*IL*1*ORCHARD*MIRA****MI*EXM1".to_owned(),
            "DMG*D8*19500101*F".to_owned(),
            "NM1*PR*2*EXAMPLE*****PI*P1".to_owned(),
            format!("CLM*PCN{number}*930***11:B:1*Y*A*Y*Y"),
            "HI*ABK:N186".to_owned(),
            "LX*1".to_owned(),
            "SV1*HC:93985*518*UN*1***1".to_owned(),
            "DTP*472*D8*20260302".to_owned(),
            "LX*2".to_owned(),
            format!("SV1*HC:93970*{charge}*UN*1***1"),
            "DTP*472*D8*20260302".to_owned(),
            format!("SE*23*{number:04}"),
        ];
        for segment in segments {
            writeln!(file, "{segment}~").unwrap();
        }
    }
    write!(file, "GE*{count}*1~IEA*1*000000001~").unwrap();
    file
}

#[test]
fn s24_csv_sarif_and_html_come_out_of_one_pass() {
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", file(1000, 17).as_bytes());
    let formats = ["-f", "csv", "-o", "out.csv", "-f", "sarif", "-o", "out.sarif"];
    let html = ["-f", "html", "-o", "out.html"];
    let arguments = [&["validate", "claims.837"][..], &formats, &html].concat();
    let ran = sandbox.run(&arguments);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""), "{}", ran.stderr);
    assert_eq!(sandbox.names(), ["claims.837", "out.csv", "out.html", "out.sarif"]);
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();

    let csv = read("out.csv");
    let of = |kind: &str| csv.lines().filter(|row| row.starts_with(kind)).count();
    let findings = of("finding,");
    assert!(findings >= 999, "{findings}");
    assert_eq!(findings + of("input_error,") + 1, csv.lines().count());
    let bad = csv.lines().find(|row| row.starts_with("input_error,")).unwrap();
    assert!(bad.contains(",PCN17,") && bad.contains(",I1"), "{bad}");

    let sarif: serde_json::Value = serde_json::from_str(&read("out.sarif")).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), findings);
    assert_eq!(run["invocations"][0]["exitCode"], 3);
    assert_eq!(run["properties"]["claimsIn"], 1000);
    assert_eq!(run["properties"]["quarantined"], 1);

    let html = read("out.html");
    assert!(html.contains("<dt>Claims in</dt><dd>1,000</dd>"));
    assert!(html.contains("<dt>set aside</dt><dd>1</dd>") && html.contains("PCN17"));

    let again = Sandbox::new();
    again.write("claims.837", file(1000, 17).as_bytes());
    again.run(&arguments);
    for name in ["out.csv", "out.html", "out.sarif"] {
        assert_eq!(read(name), fs::read_to_string(again.path(name)).unwrap(), "{name}");
    }

    for format in ["csv", "sarif", "html", "xlsx", "junit", "github"] {
        let mut child = sandbox
            .command(&["validate", "claims.837", "-f", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 10]).unwrap();
        drop(stdout);
        let ran = Ran::new(child.wait_with_output().unwrap());
        // What fits into the pipe may be written before its reader goes.
        assert!([Some(0), Some(3)].contains(&ran.code), "{format}: {ran:?}");
        assert_eq!(ran.stderr, "", "{format}");
    }
}

#[test]
fn the_ending_of_an_output_tells_its_format() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A")]);
    let ran = sandbox.run(&["validate", "claims.ndjson", "-o", "r.html", "-o", "w.xlsx"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
    assert!(fs::read(sandbox.path("r.html")).unwrap().starts_with(b"<!DOCTYPE html>"));
    assert!(fs::read(sandbox.path("w.xlsx")).unwrap().starts_with(b"PK"));
    let ran = sandbox.run(&["validate", "claims.ndjson", "-f", "text", "-o", "t.html"]);
    assert_eq!(ran.code, Some(1));
    assert!(fs::read_to_string(sandbox.path("t.html")).unwrap().contains("summary\n"));
    let ran = sandbox.run(&["validate", "claims.ndjson", "-o", "a.html", "-o", "b.xml"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("whose endings tell the format"), "{}", ran.stderr);
}

#[test]
fn junit_fails_the_claims_that_fail_the_run() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A"), clean_claim("B")]);
    let failures = |level: &str| {
        let ran = sandbox.run(&["validate", "claims.ndjson", "-f", "junit", "--fail-on", level]);
        let attribute = ran.stdout.split_once("failures=\"").unwrap().1.split_once('"').unwrap().0;
        (ran.code, attribute.to_owned())
    };
    assert_eq!(failures("error"), (Some(1), "1".to_owned()));
    assert_eq!(failures("never"), (Some(0), "0".to_owned()));
}

#[test]
fn every_format_gives_the_same_bytes_wherever_and_whenever() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A"), "{}\n".to_owned()]);
    for format in ["csv", "sarif", "html", "xlsx", "junit", "github"] {
        let run = |zone: &str, locale: &str| {
            let mut command = sandbox.command(&["validate", "claims.ndjson", "-f", format]);
            command.env("TZ", zone).env("LC_ALL", locale).output().unwrap().stdout
        };
        assert_eq!(run("UTC", "C"), run("Asia/Tokyo", "de_DE.UTF-8"), "{format}");
    }
}
