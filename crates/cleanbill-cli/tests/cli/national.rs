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
    assert_eq!(summary["registry"]["packs"], serde_json::json!(["cpt-93970@1.0.0"]));
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
    let packs = serde_json::json!(["cpt-93970@1.0.0", "ncci-medicare@1.0.0"]);
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
