//! `cleanbill audit`: one changed byte of anything that a run read or wrote is found and named.

use std::fs;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim};
use crate::out_dir::claims;
use crate::plugins::{claim, library};

/// Places that are changed in each file: some, or 100 with `CLEANBILL_EVERY_CALL`.
fn places(length: usize) -> Vec<usize> {
    let count = if std::env::var_os("CLEANBILL_EVERY_CALL").is_some() { 100 } else { 2 };
    let mut places: Vec<usize> = (0..count).map(|one| (length - 1) * one / (count - 1)).collect();
    places.dedup();
    places
}

fn verify(sandbox: &Sandbox) -> Ran {
    sandbox.run(&["audit", "verify", "run"])
}

/// Changes bytes of a file one at a time; each time the file is named by `words`.
#[track_caller]
fn tamper(sandbox: &Sandbox, file: &str, words: &str) -> usize {
    let bytes = fs::read(sandbox.path(file)).unwrap();
    let places = places(bytes.len());
    for place in &places {
        let mut changed = bytes.clone();
        changed[*place] ^= 1;
        sandbox.write(file, &changed);
        let ran = verify(sandbox);
        let is_refused = file.ends_with("provenance.json") && ran.code == Some(2);
        assert!(ran.code == Some(1) || is_refused, "{file} at {place}: {ran:?}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains(words), "{file} at {place}: {words}: {said}");
    }
    sandbox.write(file, &bytes);
    places.len()
}

#[test]
fn a_changed_byte_of_an_input_pack_table_plugin_or_output_is_named() {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970"), conflicting_claim("B")]);
    sandbox.write("more.ndjson", clean_claim("C").replace("99213", "9921").as_bytes());
    sandbox.write("earlier.ndjson", clean_claim("Z").as_bytes());
    fs::create_dir(sandbox.path("pack")).unwrap();
    let pack = "schema: cleanbill/pack/v1\nname: own\nversion: 1.0.0\ntitle: Own\n\
        tables:\n  pairs: { imported: ncci-ptp-practitioner, sample: sample.csv, key: [column_one, column_two], effective: [from, through] }\n\
        rules:\n  - id: pair\n    title: Two services of which one is part of the other\n\
        \x20   mutually_exclusive: { table: pairs, same: [patient, service_date] }\n\
        \x20   message: \"{code} is not paid with {other.code}.\"\n    fix: Remove one.\n\
        \x20   source: [{ authority: Invented, document: Pairs, kind: internal }]\n";
    sandbox.write("pack/pack.yaml", pack.as_bytes());
    sandbox.write(
        "pack/sample.csv",
        b"column_one,column_two,indicator,from,through\n10000,20000,0,2020-01-01,\n",
    );
    crate::tables::quarter(
        &sandbox,
        "v322r0",
        &["10000|20000||20200101|*|0|pair"],
        &["30000|40000||20200101|*|0|pair"],
    );
    assert_eq!(crate::tables::import(&sandbox, "v322r0", &[]).code, Some(0));
    fs::copy(library("northwind-health"), sandbox.path("plugin.so")).unwrap();
    sandbox.trust("plugin.so");
    let ran = sandbox.run(&[
        "validate",
        "claims.ndjson",
        "more.ndjson",
        "--packs",
        "pack",
        "--tables",
        "tables",
        "--plugins",
        "plugin.so",
        "--history",
        "earlier.ndjson",
        "--out-dir",
        "run",
        "-f",
        "csv",
    ]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let untouched = verify(&sandbox);
    assert_eq!(untouched.code, Some(0), "{untouched:?}");
    assert!(untouched.stdout.starts_with("ok: "), "{untouched:?}");

    let table = crate::out_dir::tree(&sandbox.path("tables"));
    let table = table.keys().find(|name| name.contains("ptp") && name.ends_with(".cbt")).unwrap();
    let table = format!("tables/{table}");
    let mut tampered = 0;
    for (file, words) in [
        ("claims.ndjson", "the input `claims.ndjson`"),
        ("more.ndjson", "the input `more.ndjson`"),
        ("earlier.ndjson", "the history `earlier.ndjson`"),
        ("pack/pack.yaml", "pack"),
        (table.as_str(), "ncci-ptp-practitioner"),
        ("plugin.so", "plugin.so"),
        ("run/findings.ndjson", "the output `findings.ndjson`"),
        ("run/findings.csv", "the output `findings.csv`"),
        ("run/summary.json", "the output `summary.json`"),
        ("run/quarantine/000001.bin", "the output `quarantine/000001.bin`"),
        ("run/quarantine/index.ndjson", "the output `quarantine/index.ndjson`"),
    ] {
        tampered += tamper(&sandbox, file, words);
    }
    println!("{tampered} changed bytes found and named");
    fs::remove_file(sandbox.path("more.ndjson")).unwrap();
    let ran = verify(&sandbox);
    assert!(ran.stdout.contains("differs: the input `more.ndjson`: it cannot be read"), "{ran:?}");
}

#[test]
fn a_run_made_again_from_its_provenance_writes_the_same_bytes() {
    let sandbox = Sandbox::with_claims(&claims(120));
    let command =
        ["validate", "./claims.ndjson", "--out-dir", "run", "-f", "html", "--fail-on", "info"];
    assert_eq!(sandbox.run(&command).code, Some(3));
    let ran = sandbox.run(&["audit", "verify", "run", "--replay"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("run again, every byte of what it wrote is the same"), "{ran:?}");
    // Whoever changes a finding and its digest alike is found out.
    let path = sandbox.path("run/findings.ndjson");
    let text = fs::read_to_string(&path).unwrap().replacen("\"error\"", "\"info\"", 1);
    fs::write(&path, &text).unwrap();
    let told = sandbox.run(&["audit", "verify", "run"]).stdout;
    let word = |before: &str| {
        told.split(before).nth(1).unwrap().split([' ', ';', '\n']).next().unwrap().to_owned()
    };
    let (bytes, digest) = (word("findings.ndjson`: "), word("bytes, sha256 "));
    let provenance = fs::read_to_string(sandbox.path("run/provenance.json")).unwrap();
    let mut forged: serde_json::Value = serde_json::from_str(&provenance).unwrap();
    for output in forged["outputs"].as_array_mut().unwrap() {
        if output["name"] == "findings.ndjson" {
            output["bytes"] = bytes.parse::<u64>().unwrap().into();
            output["sha256"] = digest.as_str().into();
        }
    }
    sandbox.write("run/provenance.json", serde_json::to_string_pretty(&forged).unwrap().as_bytes());
    assert_eq!(sandbox.run(&["audit", "verify", "run"]).code, Some(0));
    let ran = sandbox.run(&["audit", "verify", "run", "--replay"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("the output of a second run `findings.ndjson`"), "{ran:?}");
}

#[test]
fn the_audit_log_tells_of_every_run_and_who_changed_it_is_found() {
    let sandbox = Sandbox::with_claims(&claims(60));
    let run = |more: &[&str]| {
        sandbox
            .run(&[&["validate", "claims.ndjson", "--audit", "audit.ndjson", "-q"], more].concat())
    };
    assert_eq!(run(&["--out-dir", "run"]).code, Some(3));
    assert_eq!(run(&["-f", "ndjson", "--include-values"]).code, Some(3));
    let text = fs::read_to_string(sandbox.path("audit.ndjson")).unwrap();
    assert!(!text.contains("ZZPHIZZ"));
    let records = crate::command::records(&text);
    let events: Vec<_> = records.iter().map(|record| record["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["begin", "end", "begin", "end"]);
    assert_eq!(records[1]["counts"]["claims_in"], 60);
    assert_eq!(records[1]["exit_code"], 3);
    assert_eq!(records[1]["input_digests"][0]["name"], "claims.ndjson");
    assert_eq!(records[2]["options"], serde_json::json!(["--format=ndjson", "--include-values"]));
    let verified = sandbox.run(&["audit", "verify", "audit.ndjson"]);
    let head = records[3]["hash"].as_str().unwrap();
    assert_eq!(verified.stdout, format!("ok: 4 records, head {head}\n"));
    assert_eq!(sandbox.run(&["audit", "verify", "audit.ndjson", "--head", head]).code, Some(0));

    let lines: Vec<&str> = text.lines().collect();
    let of = |lines: &[&str]| {
        sandbox.write("audit.ndjson", (lines.join("\n") + "\n").as_bytes());
        sandbox.run(&["audit", "verify", "audit.ndjson"])
    };
    for (changed, record) in [
        (vec![lines[0], lines[2], lines[3]], 2),
        (vec![lines[0], lines[1], lines[3], lines[2]], 3),
        (vec![lines[0], &lines[1].replace("\"exit_code\":3", "\"exit_code\":0"), lines[2]], 2),
    ] {
        let ran = of(&changed);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains(&format!("cannot be trusted: record {record} ")), "{ran:?}");
    }
    // Only what was kept elsewhere tells of records that were cut from the end.
    assert_eq!(of(&lines[..3]).code, Some(0));
    assert_eq!(sandbox.run(&["audit", "verify", "audit.ndjson", "--head", head]).code, Some(1));

    // No run that could not be told of.
    sandbox.write("audit.ndjson", &text.as_bytes()[..text.len() - 5]);
    let ran = run(&["--out-dir", "other"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("record 4 was cut short"), "{ran:?}");
    assert!(!sandbox.path("other").exists());
}
