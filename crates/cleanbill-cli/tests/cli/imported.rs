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

#[test]
fn units_of_three_quarters_are_judged_by_the_quarter_of_the_service() {
    let sandbox = Sandbox::new();
    for (day, rows) in [
        (
            "01-01-2026",
            "10000,2,3 Date of Service Edit: Clinical,Policy\n20000,5,3 Date of Service Edit: Clinical,Policy\n",
        ),
        (
            "04-01-2026",
            "10000,4,3 Date of Service Edit: Clinical,Policy\n20000,5,3 Date of Service Edit: Clinical,Policy\n",
        ),
        ("10-01-2026", "10000,4,3 Date of Service Edit: Clinical,Policy\n"),
    ] {
        let name = format!("MCR_MUE_PractitionerServices_Eff_{day}.csv");
        let head = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n";
        sandbox.write(&name, format!("{head}{rows}").as_bytes());
        let ran = sandbox.run(&["tables", "import", &name]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    let list = sandbox.run(&["tables", "list", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&list.stdout).unwrap();
    let history = &json["histories"][0];
    assert_eq!((&history["rows"], &history["missing"][0]), (&3.into(), &"2026q3".into()));
    assert_eq!(history["covers"]["from"], "2026-01-01");

    let pack = PACK
        .replace("imported: ncci-ptp-practitioner", "imported: ncci-mue-practitioner")
        .replace("column_one, column_two", "code")
        .replace("    mutually_exclusive:\n      table: ptp\n      same: [patient, service_date]\n", "    unit_limit: { table: ptp, max: max_units, basis: mai, same: [patient, service_date] }\n")
        .replace("{code} is not paid with {other.code}.", "{limit} at most");
    std::fs::create_dir_all(sandbox.path("pack")).unwrap();
    sandbox.write("pack/sample.csv", b"code,max_units,mai,from,through\n10000,1,3,,\n");
    let rules = pack.split("    tests:\n").next().unwrap();
    sandbox.write("pack/pack.yaml", rules.as_bytes());
    let limit = |code: &str, day: &str| {
        let line = format!("{code} x9 @{day}");
        let command = ["explain", "--rule", "pair", "--line", &line, "--packs", "pack"];
        let ran = sandbox.run(&[&command[..], &["--format", "json"]].concat());
        let text = ran.stdout;
        [2, 4, 5].into_iter().find(|limit| text.contains(&format!("{limit} at most")))
    };
    assert_eq!(limit("10000", "2025-12-31"), None);
    assert_eq!(limit("10000", "2026-01-01"), Some(2));
    assert_eq!(limit("10000", "2026-03-31"), Some(2));
    assert_eq!(limit("10000", "2026-04-01"), Some(4));
    assert_eq!(limit("10000", "2026-11-01"), Some(4));
    assert_eq!(limit("20000", "2026-09-30"), Some(5));
    assert_eq!(limit("20000", "2026-10-01"), None);
}

#[test]
fn a_flipped_bit_is_found_and_never_lets_a_claim_pass() {
    let sandbox =
        Sandbox::with_claims(&[crate::tables::claim("open", ["10000", "20000"], "2026-08-01")]);
    pack(&sandbox);
    crate::tables::quarter(
        &sandbox,
        "v322r0",
        &["10000|20000||20200101|*|0|x"],
        &["20000|99998||20200101|*|1|x"],
    );
    assert_eq!(crate::tables::import(&sandbox, "v322r0", &[]).code, Some(0));
    let folder = sandbox.path("tables/ncci-ptp-practitioner");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&file).unwrap();
    let validate = ["validate", "claims.ndjson", "--packs", "pack", "--tables", "tables"];
    assert_eq!(sandbox.run(&validate).code, Some(1));
    let index = std::fs::read(sandbox.path("tables/index.json")).unwrap();
    for at in [0, 40, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        std::fs::write(&file, flipped).unwrap();
        let ran = sandbox.run(&validate);
        assert_eq!(ran.code, Some(2), "byte {at}: {ran:?}");
        assert!(ran.stderr.contains("ncci-ptp-practitioner"), "{ran:?}");
        let verify = sandbox.run(&["tables", "verify", "--dir", "tables"]);
        assert_eq!(verify.code, Some(3), "{verify:?}");
        assert!(verify.stdout.contains("damaged: `ncci-ptp-practitioner/2026q3-"), "{verify:?}");
    }
    std::fs::write(&file, &whole).unwrap();
    assert_eq!(sandbox.run(&["tables", "verify", "--dir", "tables"]).code, Some(0));
    assert_eq!(std::fs::read(sandbox.path("tables/index.json")).unwrap(), index);
}

#[test]
fn an_import_that_cannot_be_written_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", b"code,max\n00100,1\n");
    sandbox.write("two.csv", b"code,max\n00100,1\n");
    assert_eq!(sandbox.run(&["tables", "import", "one.csv", "--dir", "t"]).code, Some(0));
    let index = std::fs::read(sandbox.path("t/index.json")).unwrap();
    // A file stands where the folder of the second table should be.
    sandbox.write("t/two", b"");
    sandbox.write("one.csv", b"code,max\n00100,2\n");
    let ran = sandbox.run(&["tables", "import", "one.csv", "two.csv", "--dir", "t"]);
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert_eq!(std::fs::read(sandbox.path("t/index.json")).unwrap(), index);
    assert_eq!(std::fs::read_dir(sandbox.path("t/one")).unwrap().count(), 1);
}

#[test]
#[cfg(unix)]
fn two_imports_into_one_folder_do_not_run_at_once() {
    let sandbox = Sandbox::new();
    sandbox.write("one.csv", b"code,max\n00100,1\n");
    std::fs::create_dir(sandbox.path("t")).unwrap();
    let other = std::fs::File::open(sandbox.path("t")).unwrap();
    other.lock().unwrap();
    let import = ["tables", "import", "one.csv", "--dir", "t"];
    let ran = sandbox.run(&import);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("another import into `t` is running"), "{ran:?}");
    drop(other);
    assert_eq!(sandbox.run(&import).code, Some(0));
}

#[test]
fn units_in_a_damaged_block_are_a_fault_and_never_a_pass() {
    let claim = crate::tables::claim("units", ["10000", "20000"], "2026-08-01")
        .replace(r#""payer":"P""#, r#""payer":"P","filing_indicator":"MB""#);
    let sandbox = Sandbox::with_claims(&[claim]);
    let mut rows = String::from(
        "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n",
    );
    for code in 10_000..40_000 {
        let units = u32::from(code != 10_000);
        rows += &format!("{code},{units},3 Date of Service Edit: Clinical,Policy\n");
    }
    let name = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv";
    sandbox.write(name, rows.as_bytes());
    assert_eq!(sandbox.run(&["tables", "import", name, "--dir", "tables"]).code, Some(0));
    let validate = ["validate", "claims.ndjson", "--packs", "ncci-medicare", "--tables", "tables"];
    let validate = [&validate[..], &["--quiet", "--format", "ndjson"]].concat();
    assert_eq!(sandbox.run(&validate).code, Some(1));
    let folder = sandbox.path("tables/ncci-mue-practitioner");
    let file = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&file).unwrap();
    // Texts of the codes, which a start reads, and everything behind them.
    let mut faults = 0;
    for at in (0..whole.len()).step_by(40_000).skip(1) {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        std::fs::write(&file, &bent).unwrap();
        let ran = sandbox.run(&validate);
        match ran.code {
            // The claim has nothing to do with that block.
            Some(1) => {}
            Some(2) => assert!(ran.stderr.contains("damaged"), "{at}: {ran:?}"),
            Some(3) => {
                faults += 1;
                assert!(ran.stdout.contains("is damaged"), "{at}: {ran:?}");
            }
            _ => panic!("{at}: {ran:?}"),
        }
    }
    assert!(faults > 0, "no block was touched by the claim alone");
}
