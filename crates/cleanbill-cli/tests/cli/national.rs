//! The national packs inside the binary: quiet without their tables, and at work as soon as one is imported.

use crate::command::Sandbox;
use crate::tables;

fn sandbox() -> Sandbox {
    let claim = tables::claim("open", ["10000", "20000"], "2026-08-01");
    let medicare = claim.replace(r#""payer":"P""#, r#""payer":"P","filing_indicator":"MB""#);
    Sandbox::with_claims(&[medicare])
}

const BARE: [&str; 6] = ["validate", "claims.ndjson", "--tables", "tables", "--format", "ndjson"];

#[test]
fn a_bare_install_says_nothing_of_tables_unless_asked_and_then_one_line() {
    let sandbox = sandbox();
    let ran = sandbox.run(&BARE);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let [summary] = &ran.records()[..] else { panic!("{ran:?}") };
    assert_eq!(
        summary["registry"]["packs"],
        serde_json::json!(["claim-dates@1.0.0", "cpt-93970@1.0.0"])
    );
    assert!(summary["not_run"].as_array().is_none_or(Vec::is_empty), "{summary}");
    let asked = sandbox.run(&[&BARE[..], &["--verbose"]].concat());
    let told = |text: &str| asked.stderr.lines().filter(|line| line.contains(text)).count();
    assert_eq!((told("ncci-ptp-practitioner"), told("ncci-medicare")), (1, 0), "{asked:?}");
}

#[test]
fn a_pack_that_is_named_tells_which_tables_it_lacks() {
    let beside = ["--packs", "cpt-93970", "--packs", "ncci-medicare"];
    // By itself nothing of it would run, which is no pass.
    for (packs, code) in [(&beside[..], 0), (&beside[2..], 2)] {
        let ran = sandbox().run(&[&BARE[..], packs].concat());
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.stderr.contains("`ncci-ptp-practitioner` is not imported"), "{ran:?}");
    }
}

#[test]
fn an_imported_table_switches_its_rule_on_in_a_run_that_names_no_pack() {
    let sandbox = sandbox();
    let rows = ["10000|20000||20200101|*|0|x"];
    tables::quarter(&sandbox, "v322r0", &rows, &["20000|99998||20200101|*|1|x"]);
    assert_eq!(tables::import(&sandbox, "v322r0", &[]).code, Some(0));
    let ran = sandbox.run(&BARE);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");
    let [finding, summary] = &ran.records()[..] else { panic!("{ran:?}") };
    assert_eq!(finding["rule"], "ncci-ptp-practitioner");
    assert_eq!(finding["line"], 2);
    let packs = serde_json::json!(["claim-dates@1.0.0", "cpt-93970@1.0.0", "ncci-medicare@1.0.0"]);
    assert_eq!(summary["registry"]["packs"], packs);
}

#[test]
fn two_packs_that_know_a_pair_make_one_record_with_both_and_explain_names_the_other() {
    let sandbox = Sandbox::new();
    let medicare = tables::claim("open", ["93985", "93970"], "2026-08-01")
        .replace(r#""payer":"P""#, r#""payer":"P","filing_indicator":"MB""#);
    sandbox.write("claims.ndjson", medicare.as_bytes());
    let rows = ["93985|93970||20200101|*|1|x"];
    tables::quarter(&sandbox, "v322r0", &rows, &["20000|99998||20200101|*|1|x"]);
    assert_eq!(tables::import(&sandbox, "v322r0", &[]).code, Some(0));
    let ran = sandbox.run(&BARE);
    let records = ran.records();
    let pairs: Vec<_> = records.iter().filter(|record| record["remit"]["carc"] == "236").collect();
    let [finding] = &pairs[..] else { panic!("{ran:?}") };
    assert_eq!(finding["rule"], "93970-access-mapping");
    assert_eq!(finding["also"][0]["rule"], "ncci-ptp-practitioner");
    assert_eq!(finding["also"][0]["disposition"], "line_denial");
    let explain = |rule: &str| {
        let ran = sandbox.run(&["explain", "claims.ndjson", "--tables", "tables", "--rule", rule]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        ran.stdout
    };
    assert!(explain("93970-access-mapping").contains("also: ncci-ptp-practitioner of "));
    assert!(explain("ncci-ptp-practitioner").contains("also: 93970-access-mapping of "));
}

/// An order file of ICD-10-CM with these codes; a heading has 0 before its description.
fn order_file(codes: &[(&str, u8)]) -> String {
    let line = |(number, (code, billable)): (u32, &(&str, u8))| {
        format!("{number:05} {code:<7} {billable} {:<60} invented\r\n", "invented")
    };
    (1..).zip(codes).map(line).collect()
}

#[test]
fn a_diagnosis_that_is_no_code_on_the_day_is_found_on_its_lines_or_on_the_claim() {
    let sandbox = Sandbox::new();
    let years = [
        ("2025", [("N186", 1), ("X001", 1), ("X003", 1)]),
        ("2026", [("N186", 1), ("X003", 0), ("X0031", 1)]),
    ];
    for (year, codes) in years {
        let name = format!("icd10cm_order_{year}.txt");
        sandbox.write(&name, order_file(&codes).as_bytes());
        let ran = sandbox.run(&["tables", "import", &name, "--dir", "tables"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    // The lines point to the first diagnosis.
    let claim = |id: &str, day: &str, diagnoses: &str| {
        tables::claim(id, ["10000", "20000"], day).replace(r#"["N18.6"]"#, diagnoses)
    };
    let claims = [
        claim("good", "2026-08-01", r#"["N18.6"]"#),
        claim("ended", "2025-10-01", r#"["X00.1"]"#),
        claim("last-day", "2025-09-30", r#"["X00.1"]"#),
        claim("split", "2026-08-01", r#"["X00.3"]"#),
        claim("claim", "2026-08-01", r#"["N18.6","X99.9"]"#),
        claim("icd9", "2026-08-01", r#"["X99.9"],"diagnosis_system":"icd9""#),
        claim("no-edition", "2026-10-01", r#"["X99.9"]"#),
        claim("before-all", "2024-09-30", r#"["X99.9"]"#),
    ];
    sandbox.write("claims.ndjson", claims.concat().as_bytes());
    let ran = sandbox.run(&BARE);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");
    let records = ran.records();
    let (summary, findings) = records.split_last().unwrap();
    let found: Vec<(&str, Option<u64>, &str)> = findings
        .iter()
        .map(|record| {
            assert_eq!(record["rule"], "diagnosis-not-valid-on-date", "{record}");
            let message = record["message"].as_str().unwrap();
            (record["claim"].as_str().unwrap(), record["line"].as_u64(), message)
        })
        .collect();
    let ended =
        "Diagnosis X001 is not valid on 2025-10-01: it is valid 2024-10-01 through 2025-09-30.";
    let split = "Diagnosis X003 is not valid on 2026-08-01: it is a heading, and the codes under it have more characters.";
    let none = "Diagnosis X999 is not valid on 2026-08-01: there is no such code.";
    let wanted = [
        ("ended", Some(1), ended),
        ("ended", Some(2), ended),
        ("split", Some(1), split),
        ("split", Some(2), split),
        ("claim", None, none),
    ];
    assert_eq!(found, wanted, "{summary}");
}
