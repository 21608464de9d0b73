//! Packs whose tables are imported: from the file as it is published to a finding that names the edition.

use crate::command::Sandbox;

const PACK: &str = r#"schema: cleanbill/pack/v1
name: pairs
version: 1.0.0
title: Pairs of the imported quarter
tables:
  ptp:
    imported: ncci-ptp-practitioner
    sample: sample.csv
    key: [column_one, column_two]
    effective: [from, through]
rules:
  - id: pair
    title: Two services of which one is part of the other
    mutually_exclusive:
      table: ptp
      same: [patient, service_date]
    message: "{code} is not paid with {other.code}."
    fix: Remove one.
    source: [{ authority: Invented, document: Pairs, kind: internal }]
    tests:
      - name: both
        claim: { lines: ["10000 @2026-03-02", "20000 @2026-03-02"] }
        expect: { fires: 1 }
  - id: place
    title: Only in the office
    place_of_service: { codes: ["55000"], not_at: ["11"] }
    message: Not there.
    fix: Move it.
    source: [{ authority: Invented, document: Pairs, kind: internal }]
"#;

fn pack(sandbox: &Sandbox) {
    std::fs::create_dir_all(sandbox.path("pack")).unwrap();
    sandbox.write("pack/pack.yaml", PACK.as_bytes());
    let sample = b"column_one,column_two,indicator,from,through\n10000,20000,0,2020-01-01,\n";
    sandbox.write("pack/sample.csv", sample);
}

#[test]
fn a_rule_without_its_imported_table_is_switched_off_and_every_command_says_so() {
    let sandbox =
        Sandbox::with_claims(&[crate::tables::claim("open", ["10000", "20000"], "2026-08-01")]);
    pack(&sandbox);
    let validate = ["validate", "claims.ndjson", "--packs", "pack", "--tables", "none"];
    let ran = sandbox.run(&[&validate[..], &["--format", "ndjson"]].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(
        ran.stderr,
        "warning: `ncci-ptp-practitioner` is not imported: 1 rule is switched off; \
         `cleanbill tables import` switches them on\n"
    );
    let [summary] = &ran.records()[..] else { panic!("{ran:?}") };
    assert_eq!(summary["registry"]["edits"], 1);
    assert_eq!(summary["not_run"][0]["rule"], "pair");
    assert_eq!(summary["not_run"][0]["table"], "ncci-ptp-practitioner");
    assert!(summary["not_run"][0]["remedy"].as_str().unwrap().contains("cleanbill tables import"));
    let text = sandbox.run(&validate);
    assert!(text.stdout.contains("switched off    1, not imported: ncci-ptp-practitioner"));

    let refused = sandbox.run(&[&validate[..], &["--require-tables"]].concat());
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{refused:?}");
    assert!(refused.stderr.contains("`ncci-ptp-practitioner` is not imported"), "{refused:?}");

    let chosen = ["--packs", "pack", "--tables", "none"];
    let list = sandbox.run(&[&["rules", "list"][..], &chosen].concat());
    assert!(list.stdout.ends_with("pair  switched off: `ncci-ptp-practitioner` is not imported\n"));
    let off = "the rule `pair` is switched off: `ncci-ptp-practitioner` is not imported";
    for command in [&["rules", "show", "pair"][..], &["explain", "pair"]] {
        let ran = sandbox.run(&[command, &chosen].concat());
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains(off), "{ran:?}");
    }
    // Tests read the sample, whatever is imported.
    assert_eq!(sandbox.run(&["rules", "test", "pack"]).code, Some(0));
}
