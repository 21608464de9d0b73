//! Two editions of an imported table over the same claims: what a new release touches, and for how much.

use serde_json::{Value, json};

use crate::command::Sandbox;
use crate::tables;

fn medicare(id: &str, codes: [&str; 2], day: &str) -> String {
    tables::claim(id, codes, day)
        .replace(r#""payer":"P""#, r#""payer":"P","filing_indicator":"MB""#)
}

/// Two quarters of pairs and of units, and claims that they judge in different ways.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_claims(&[
        medicare("still", ["10000", "20000"], "2026-08-01"),
        medicare("new", ["25000", "99998"], "2026-08-01"),
        medicare("new-before", ["25000", "99998"], "2026-06-30"),
        medicare("ended", ["10000", "30000"], "2026-08-01"),
        medicare("ended-before", ["10000", "30000"], "2026-06-30"),
        // Of no Medicare claim, and of no pair.
        tables::claim("other-payer", ["25000", "99998"], "2026-08-01"),
        medicare("units", ["40000", "99999"], "2026-08-01"),
        medicare("units-before", ["40000", "99999"], "2026-06-30"),
    ]);
    let still = "10000|20000||20200101|*|0|x";
    let other = "24999|99998||20200101|*|1|x";
    tables::quarter(&sandbox, "v321r0", &[still, "10000|30000||20200101|*|1|x"], &[other]);
    assert_eq!(tables::import(&sandbox, "v321r0", &[]).code, Some(0));
    let ended = "10000|30000||20200101|20260630|1|x";
    tables::quarter(&sandbox, "v322r0", &[still, ended], &[other, "25000|99998||20260701|*|0|x"]);
    assert_eq!(tables::import(&sandbox, "v322r0", &[]).code, Some(0));
    for (day, units) in [("04-01-2026", 1), ("07-01-2026", 0)] {
        let name = format!("MCR_MUE_PractitionerServices_Eff_{day}.csv");
        let rows = format!(
            "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n\
             40000,{units},3 Date of Service Edit: Clinical,Policy\n"
        );
        sandbox.write(&name, rows.as_bytes());
        assert_eq!(sandbox.run(&["tables", "import", &name, "--dir", "tables"]).code, Some(0));
    }
    sandbox
}

const PTP: [&str; 8] = [
    "tables",
    "diff",
    "ncci-ptp-practitioner@2026q2",
    "ncci-ptp-practitioner@2026q3",
    "--dir",
    "tables",
    "--claims",
    "claims.ndjson",
];

fn sum(lines: u64, charge: &str) -> Value {
    json!({ "lines": lines, "charge": charge })
}

#[test]
fn a_new_release_names_the_claims_that_it_touches_and_what_was_billed_on_them() {
    let sandbox = sandbox();
    let ran = sandbox.run(&[&PTP[..], &["--format", "json"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&document["added"], &document["ended"]), (&json!(1), &json!(1)));
    let claims = &document["claims"];
    assert_eq!((&claims["claims"], &claims["exit_code"]), (&json!(8), &json!(0)));
    assert_eq!(claims["old"]["editions"], json!(["ncci-ptp-practitioner@2026q2"]));
    // Rules that read no table of pairs are not there at all.
    let [rule] = &claims["rules"].as_array().unwrap()[..] else { panic!("{claims}") };
    assert_eq!(rule["rule"], "ncci-ptp-practitioner");
    assert_eq!(rule["parts"], json!(["imported table ncci-ptp-practitioner"]));
    assert_eq!(claims["unchanged_rules"], 0);
    let counts = &claims["total"];
    assert_eq!(counts["now_hit"], sum(1, "100.00"));
    assert_eq!(counts["no_longer_hit"], sum(1, "100.00"));
    assert_eq!((&counts["changed"], &counts["claims"]), (&sum(0, "0.00"), &json!(2)));
    let samples = claims["groups"][0]["samples"].as_array().unwrap();
    let told: Vec<_> = samples.iter().map(|s| (&s["claim"], &s["was"], &s["is"])).collect();
    let fires = json!("fires (line_denial)");
    let silent = json!("silent");
    assert_eq!(
        told,
        [(&json!("new"), &silent, &fires), (&json!("ended"), &fires, &silent)],
        "{samples:?}"
    );
    // The commands of a sample show what either edition says.
    for (number, expected) in [(0, false), (1, true)] {
        let command = samples[0]["explain"][number].as_str().unwrap();
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        let shown = sandbox.run(&words);
        assert_eq!(shown.code, Some(0), "{command}: {shown:?}");
        assert!(shown.stdout.contains("99998"), "{shown:?}");
        assert_eq!(
            shown.stdout.contains("ncci-ptp-practitioner 2026q3, row"),
            expected,
            "{shown:?}"
        );
    }

    let text = sandbox.run(&PTP);
    assert_eq!(text.code, Some(0));
    for wanted in [
        "added    1\n",
        "old    ncci-medicare@1.0.0, ncci-ptp-practitioner@2026q2 (ncci-medicare)\n",
        "\n2 claims, billed: now hit $100.00, no longer hit $100.00, changed $0.00\n",
        "sample  ncci-ptp-practitioner  new line 2  claims.ndjson: silent -> fires (line_denial)\n",
    ] {
        assert!(text.stdout.contains(wanted), "{wanted}: {}", text.stdout);
    }
}

#[test]
fn where_rows_have_no_days_each_quarter_keeps_its_own() {
    let sandbox = sandbox();
    let mue = ["ncci-mue-practitioner@2026q2", "ncci-mue-practitioner@2026q3"];
    let command = [&["tables", "diff"][..], &mue, &PTP[4..], &["--format", "json"]].concat();
    let ran = sandbox.run(&command);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let groups = document["claims"]["groups"].as_array().unwrap();
    let [group] = &groups[..] else { panic!("{document}") };
    // In the quarter before, one unit was and stays right.
    assert_eq!(group["counts"]["now_hit"], sum(1, "100.00"));
    assert_eq!(group["samples"][0]["claim"], "units");
    // As of the older edition nothing newer is known.
    let validate = ["validate", "claims.ndjson", "--packs", "ncci-medicare", "--tables", "tables"];
    let units = |edition: &[&str]| {
        let ran = sandbox.run(&[&validate[..], edition, &["--format", "ndjson"]].concat());
        let records = ran.records();
        records.iter().filter(|record| record["rule"] == "ncci-mue-practitioner").count()
    };
    assert_eq!((units(&[]), units(&["--edition", mue[0]])), (1, 0));
}

#[test]
fn packs_are_compared_over_two_editions_and_a_rule_is_blamed_for_its_own_table_alone() {
    let sandbox = sandbox();
    let mut command = vec!["diff", "ncci-medicare", "ncci-medicare", "--claims", "claims.ndjson"];
    command.extend(["--tables", "tables", "--quiet", "--format", "json"]);
    let same = sandbox.run(&command);
    let document: Value = serde_json::from_str(&same.stdout).unwrap();
    assert_eq!((same.code, &document["rules"]), (Some(0), &json!([])));
    command.extend(["--old-edition", "ncci-ptp-practitioner@2026q2"]);
    let ran = sandbox.run(&command);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rules: Vec<&Value> =
        document["rules"].as_array().unwrap().iter().map(|rule| &rule["rule"]).collect();
    assert_eq!(rules, ["ncci-ptp-practitioner"]);
    assert_eq!(document["total"]["now_hit"], sum(1, "100.00"));
    assert_eq!(document["total"]["no_longer_hit"], sum(1, "100.00"));

    command.extend(["--new-edition", "ncci-ptp-practitioner@2020q1"]);
    let refused = sandbox.run(&command);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(refused.stderr.contains("`ncci-ptp-practitioner@2020q1` is not imported into"));
}

#[test]
fn what_no_rule_reads_is_refused_and_what_cannot_be_read_is_no_comparison_to_trust() {
    let sandbox = sandbox();
    for (name, rows) in [("own@2026q1", "code,x\n1,2\n"), ("own@2026q2", "code,x\n1,3\n")] {
        let (table, edition) = name.split_once('@').unwrap();
        let file = format!("{table}.csv");
        sandbox.write(&file, rows.as_bytes());
        let ran = sandbox.run(&[
            "tables",
            "import",
            &file,
            "--dir",
            "tables",
            "--as",
            "csv",
            "--edition",
            edition,
        ]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }
    let own = [&["tables", "diff", "own@2026q1", "own@2026q2"][..], &PTP[4..]].concat();
    let ran = sandbox.run(&own);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("has a rule that reads `own`"), "{ran:?}");

    let broken = medicare("new", ["25000", "99998"], "2026-08-01") + "{\"schema\":1,\n";
    sandbox.write("claims.ndjson", broken.as_bytes());
    let ran = sandbox.run(&PTP);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("billed: now hit $100.00"), "{ran:?}");
}
