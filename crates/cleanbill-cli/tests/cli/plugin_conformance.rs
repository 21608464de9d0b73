//! `cleanbill plugins check`: good plugins pass it, and each of its tests catches what it is for.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Ran, Sandbox, compile, top};
use crate::plugins::library;

/// Compiles a plugin of the tests of a crate.
fn compiled(sandbox: &Sandbox, source: &str, arguments: &[&str]) -> PathBuf {
    let library = sandbox.path("plugin.so");
    let hidden = [&["-fvisibility=hidden"], arguments].concat();
    compile(&top().join("crates").join(source), &library, &hidden);
    library
}

fn check(sandbox: &Sandbox, plugin: &Path, arguments: &[&str]) -> Ran {
    let check = ["plugins", "check", plugin.to_str().unwrap(), "--format", "json"];
    sandbox.run(&[&check[..], arguments].concat())
}

fn report(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Why the one test that ran failed.
fn why(ran: &Ran, id: &str, what: &str) -> String {
    assert_eq!(ran.code, Some(1), "{what}: {ran:?}");
    let report = report(ran);
    let test = &report["tests"][0];
    assert_eq!((&test["id"], &test["outcome"]), (&id.into(), &"fail".into()), "{what}: {report}");
    assert!(test["again"].as_str().unwrap().contains(&format!("--only {id} --seed 1")), "{test}");
    test["why"].as_str().unwrap().to_owned()
}

fn caught(source: &str, rows: &[(&str, &[&str])]) {
    let sandbox = Sandbox::new();
    for (id, arguments) in rows {
        let plugin = compiled(&sandbox, source, arguments);
        let ran = check(&sandbox, &plugin, &["--only", id]);
        why(&ran, id, &format!("{source} {arguments:?}"));
    }
}

const FLAWED: &str = "cleanbill-plugin-check/tests/c/flawed.c";

#[test]
fn good_plugins_in_rust_and_c_pass_every_test() {
    let sandbox = Sandbox::new();
    let honest = compiled(&sandbox, "cleanbill-plugin-host/tests/c/honest.c", &[]);
    for plugin in [library("northwind-health"), honest, compiled(&sandbox, FLAWED, &[])] {
        let ran = check(&sandbox, &plugin, &[]);
        let report = report(&ran);
        assert_eq!((ran.code, &report["failed"]), (Some(0), &0.into()), "{report}");
        assert_eq!(report["conformance"], "kit-1.0 pass");
        assert_eq!(report["plugin"]["sha256"].as_str().unwrap().len(), 64);
    }
}

#[test]
fn that_a_plugin_passes_is_written_into_its_entry_and_taken_away_again() {
    let sandbox = Sandbox::new();
    let lock = || std::fs::read_to_string(sandbox.path("plugins.lock")).unwrap();
    let plugin = compiled(&sandbox, "cleanbill-plugin-host/tests/c/honest.c", &[]);
    let write = |plugin: &Path| check(&sandbox, plugin, &["--write-lock"]);
    let none = write(&plugin);
    assert_eq!((none.code, none.stdout.as_str()), (Some(2), ""), "{none:?}");
    sandbox.trust(plugin.to_str().unwrap());
    let before = lock();
    assert!(!before.contains("conformance"), "{before}");
    let ran = write(&plugin);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert_eq!(lock(), format!("{before}conformance = \"kit-1.0 pass\"\n"));

    // A file of other bytes is not in the entry.
    let flawed = compiled(&sandbox, FLAWED, &["-DFLAW_B5"]);
    let other = write(&flawed);
    assert_eq!(other.code, Some(2), "{other:?}");
    assert!(other.stderr.contains("has no entry of the bytes of"), "{other:?}");
    // One that no longer passes loses the line.
    sandbox.trust(flawed.to_str().unwrap());
    let entry =
        lock().replace("id = \"flawed\"\n", "id = \"flawed\"\nconformance = \"kit-1.0 pass\"\n");
    sandbox.write("plugins.lock", entry.as_bytes());
    assert_eq!(write(&flawed).code, Some(1));
    assert_eq!(lock().matches("conformance").count(), 1, "{}", lock());
}

#[test]
fn what_is_wrong_with_a_file_is_seen_without_running_it() {
    let host = |source: &str| format!("cleanbill-plugin-host/tests/c/{source}");
    caught(&host("stranger.c"), &[("S1", &[])]);
    caught(&host("odd.c"), &[("S2", &["-DNO_ENTRY"])]);
    caught(&host("newer.c"), &[("S3", &[])]);
    let schema = r#"-DEXTRA="\"config_schema\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"default\":\"x\"}}},""#;
    caught(
        FLAWED,
        &[
            ("S4", &["-Wl,-z,execstack"]),
            ("S5", &["-DFLAW_S5"]),
            ("S6", &["-DTEMPLATE=\"{patient}\""]),
            ("S7", &[schema]),
        ],
    );
    let sandbox = Sandbox::new();
    sandbox.write("text.so", b"no library");
    let text = report(&check(&sandbox, Path::new("text.so"), &[]));
    assert_eq!((&text["failed"], &text["passed"]), (&1.into(), &0.into()), "{text}");
    let newer = compiled(&sandbox, &host("newer.c"), &[]);
    let report = report(&check(&sandbox, &newer, &["--only", "S3", "--only", "L1"]));
    assert_eq!(report["tests"][1]["why"], "its code is not run, since S2 fails");
}

#[test]
fn what_is_wrong_with_loading_is_caught_by_its_test() {
    caught(
        FLAWED,
        &[
            ("L1", &["-DFLAW_L1"]),
            ("L1", &["-DFLAW_L1_CONSTRUCTOR"]),
            ("L2", &["-DFLAW_L2"]),
            ("L3", &["-DFLAW_L3"]),
            ("L4", &["-DFLAW_L4"]),
            ("L5", &["-DFLAW_L5"]),
            ("L6", &["-DFLAW_L6"]),
            ("L7", &["-DFLAW_L7"]),
            ("L8", &["-DFLAW_L8"]),
        ],
    );
    caught(
        "cleanbill-plugin-host/tests/c/odd.c",
        &[("L8", &["-DSIZE=32"]), ("L8", &["-DMINOR=7"]), ("L8", &["-DCHECK=NULL"])],
    );
}

#[test]
fn what_is_wrong_with_configurations_and_claims_is_caught_by_its_test() {
    caught(
        FLAWED,
        &[
            ("C1", &["-DFLAW_C1"]),
            ("C2", &["-DFLAW_C2"]),
            ("C3", &["-DFLAW_C3"]),
            ("C4", &["-DFLAW_C4"]),
            ("K1", &["-DFLAW_K1"]),
            ("K2", &["-DFLAW_K2"]),
            ("K3", &["-DFLAW_K3"]),
            ("K4", &["-DFLAW_K4"]),
            ("K5", &["-DFLAW_K5"]),
            ("K6", &["-DFLAW_K6"]),
            ("K7", &["-DFLAW_K7"]),
            ("K8", &["-DFLAW_K8"]),
            ("K9", &["-DFLAW_K9"]),
            ("K10", &["-DFLAW_K10"]),
        ],
    );
}

#[test]
fn what_is_wrong_with_behaviour_is_caught_by_its_test() {
    let claim = r#"-DEXAMPLES="{\"claim\":{\"lines\":[{\"procedure\":\"93971\",\"from\":\"2026-03-02\"}]},\"expect\":[{\"line\":1}]}""#;
    caught(
        FLAWED,
        &[
            ("B1", &["-DFLAW_B1"]),
            ("B2", &["-DFLAW_B2"]),
            ("B3", &["-DFLAW_B3"]),
            ("B4", &["-DFLAW_B4"]),
            ("B5", &["-DFLAW_B5"]),
            ("B6", &["-DFLAW_B6"]),
            ("B7", &["-DFLAW_B7"]),
            ("B8", &["-DFLAW_B8"]),
            ("B9", &["-DFLAW_B9"]),
            ("B10", &["-DFLAW_B10"]),
            ("B10", &["-DFLAW_B10_FILES"]),
            ("B11", &[claim]),
            ("B13", &["-DFLAW_B13"]),
            ("B13", &["-DFLAW_B13_OUTPUT"]),
            ("H1", &["-DFLAW_H1"]),
        ],
    );
    caught(
        "cleanbill-plugin-host/tests/c/wild.c",
        &[
            ("K3", &["-DALWAYS=\"99976\""]),
            ("B5", &["-DALWAYS=\"99974\""]),
            ("B1", &["-DALWAYS=\"99970\""]),
            ("B9", &["-DALWAYS=\"99965\""]),
            ("B1", &["-DALWAYS=\"99963\""]),
        ],
    );
}

/// The codes of `plugins/misbehave`, each with the test that catches it.
const MISBEHAVIOUR: &[(&str, &str)] = &[
    ("99999", "K1"),
    ("99998", "K1"),
    ("99997", "K1"),
    ("99995", "K1"),
    ("99994", "B7"),
    ("99993", "B7"),
    ("99992", "B7"),
    ("99991", "K1"),
    ("99990", "K1"),
    ("99989", "K1"),
    ("99988", "K1"),
    ("99987", "K1"),
    ("99986", "B6"),
    ("99985", "K1"),
    ("99984", "K1"),
    ("99983", "B10"),
    ("99982", "B10"),
    ("99981", "B13"),
    ("99980", "B13"),
    ("99979", "B13"),
    ("99978", "B13"),
    ("99977", "B13"),
    ("99975", "B8"),
    ("99973", "B7"),
    ("99972", "K1"),
    ("99971", "K1"),
    ("99968", "B13"),
    ("99966", "B13"),
    ("99964", "K2"),
];

#[test]
fn each_misbehaviour_is_caught_and_no_value_of_a_claim_is_told() {
    let sandbox = Sandbox::new();
    let plugin = library("cleanbill-misbehave");
    for (code, id) in MISBEHAVIOUR {
        let config = format!("{{\"always\":\"{code}\"}}");
        let ran = check(&sandbox, &plugin, &["--only", id, "--config", &config]);
        why(&ran, id, code);
        assert!(!ran.stdout.contains("ZZPHIZZ") && !ran.stderr.contains("ZZPHIZZ"), "{ran:?}");
    }
    for (what, id) in [("create", "C1"), ("destroy", "B1")] {
        let config = format!("{{\"{what}\":\"99991\"}}");
        let ran = check(&sandbox, &plugin, &["--only", "B1", "--config", &config]);
        assert!(why(&ran, "B1", id).contains("SIGSEGV"));
    }
}

#[test]
fn a_claim_that_nobody_writes_is_made_small_kept_and_tried_again() {
    let sandbox = Sandbox::new();
    let plugin = compiled(&sandbox, FLAWED, &["-DFLAW_H3"]);
    let arguments = ["--only", "H3", "--fuzz", "20s", "--corpus", "kept"];
    let told = why(&check(&sandbox, &plugin, &arguments), "H3", "made up");
    assert!(told.contains("SIGABRT") && told.ends_with("made smaller to 1 line(s)"), "{told}");
    let [name] = &sandbox.names_in("kept")[..] else { panic!("one claim is kept") };
    let claim: Value =
        serde_json::from_slice(&std::fs::read(sandbox.path("kept").join(name)).unwrap()).unwrap();
    assert!(claim["lines"][0]["code"].as_str().unwrap().contains('{'), "{claim}");
    assert_eq!((&claim["payer_id"], &claim["total_charge"]), (&"".into(), &0.into()));
    let told = why(&check(&sandbox, &plugin, &arguments), "H3", "kept");
    assert!(told.starts_with("a claim that is kept: "), "{told}");
    let sound = compiled(&sandbox, FLAWED, &[]);
    assert_eq!(check(&sandbox, &sound, &["--only", "H3", "--corpus", "kept"]).code, Some(0));
}

#[test]
fn results_come_as_a_table_and_as_junit_too() {
    let sandbox = Sandbox::new();
    let plugin = compiled(&sandbox, FLAWED, &["-DFLAW_K1"]);
    let plugin = plugin.to_str().unwrap();
    let run = |format| {
        sandbox
            .run(&["plugins", "check", plugin, "--only", "K1", "--only", "K2", "--format", format])
    };
    let table = run("text");
    assert_eq!(table.code, Some(1));
    assert!(table.stdout.contains("K1   FAIL  claims with nothing in them\n"), "{}", table.stdout);
    assert!(table.stdout.contains("1 passed, 1 failed, 0 skipped (seed 1)"), "{}", table.stdout);
    assert!(!table.stdout.contains("conformance"), "{}", table.stdout);
    let junit = run("junit").stdout;
    assert!(junit.contains("tests=\"2\" skipped=\"0\" failures=\"1\""), "{junit}");
    assert!(junit.contains("<failure message=\"it ended the process by signal 11"), "{junit}");
}

#[test]
fn what_cannot_be_tested_is_refused() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["plugins", "check", "none.so"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("the plugin `none.so` cannot be read"), "{}", ran.stderr);
    sandbox.write("text.so", b"no library");
    let ran = sandbox.run(&["plugins", "check", "text.so", "--only", "K99"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("there is no test `K99`; the tests are S1, S2"), "{}", ran.stderr);
    let ran = sandbox.run(&["__plugin-probe", "text.so"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("a part of `cleanbill plugins check`"), "{}", ran.stderr);
}
