//! What whoever writes a plugin has beside the conformance kit: `plugins run`, `replay` and `bench`.

use crate::command::Sandbox;
use crate::plugins::{claim, library};

#[test]
fn one_plugin_alone_judges_claims_without_a_lock() {
    let plugin = library("northwind-health");
    let sandbox = Sandbox::with_claims(&[claim("A", "93970")]);
    let run = ["plugins", "run", plugin.to_str().unwrap(), "--claim", "claims.ndjson"];
    let findings = |arguments: &[&str]| {
        let ran = sandbox.run(&[&run[..], &["--format", "ndjson"], arguments].concat());
        let found = ran.records().iter().filter(|record| record["type"] == "finding").count();
        (ran.code, found, ran.stderr)
    };
    let none = String::new();
    assert_eq!(findings(&[]), (Some(1), 1, none.clone()));
    assert_eq!(findings(&["--in-process"]), (Some(1), 1, none.clone()));
    assert_eq!(findings(&["--config", r#"{"accepted":["59"]}"#]), (Some(0), 0, none));
    let (code, _, told) = findings(&["--config", r#"{"accepted":[]}"#]);
    assert_eq!(code, Some(2));
    assert!(told.contains("`accepted` must name modifiers"), "{told}");
    assert_eq!(sandbox.names(), ["claims.ndjson"]);
}

#[test]
fn claims_that_were_set_aside_are_judged_again_each_alone() {
    let plugin = library("cleanbill-misbehave");
    let plugin = plugin.to_str().unwrap();
    let codes = [("A", "99213"), ("B", "99991"), ("C", "99996"), ("D", "99999")];
    let sandbox = Sandbox::with_claims(&codes.map(|(id, code)| claim(id, code)));
    sandbox.trust(plugin);
    let report = ["--format", "ndjson", "--output", "run.ndjson"];
    let validate = ["validate", "claims.ndjson", "--plugins", plugin];
    assert_eq!(sandbox.run(&[&validate[..], &report].concat()).code, Some(3));
    let replay = ["plugins", "replay", "run.ndjson", "--plugin", plugin];
    let ran = sandbox.run(&replay);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");
    for told in [
        "B  claims.ndjson, claim 2\n  then: the process of the plugin",
        "ended with SIGSEGV on this claim",
        "D  claims.ndjson, claim 4\n",
        "2 set aside, 0 judged now, 2 still not\n",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    // The files of the run are as they were, but for what made the plugin fail.
    let mended = codes.map(|(id, _)| claim(id, "99996")).concat();
    sandbox.write("claims.ndjson", mended.as_bytes());
    let ran = sandbox.run(&replay);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("  now:  judged, 1 finding\n"), "{}", ran.stdout);
    sandbox.write("claims.ndjson", claim("A", "99213").as_bytes());
    let ran = sandbox.run(&replay);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("2 claims of the report cannot be found"), "{}", ran.stderr);
}

#[test]
fn a_measurement_finds_the_same_wherever_the_plugin_runs() {
    let plugin = library("northwind-health");
    let sandbox = Sandbox::new();
    let bench = ["plugins", "bench", plugin.to_str().unwrap(), "--claims", "300", "--json"];
    let ran = sandbox.run(&bench);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = report["rows"].as_array().unwrap();
    let places = ["check", "in-process", "worker", "worker"];
    assert_eq!(rows.len(), places.len());
    assert!(rows.iter().zip(places).all(|(row, place)| row["place"] == place), "{report}");
    let findings = rows[0]["findings"].as_u64().unwrap();
    assert!(findings > 0 && rows.iter().all(|row| row["findings"] == findings), "{report}");
    assert!(rows.iter().all(|row| row["mean_ns"].as_u64().unwrap() > 0), "{report}");
}
