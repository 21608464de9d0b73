//! Payer packs over the packs that come with cleanbill, and waivers.

use std::fs;

use crate::command::{Sandbox, clean_claim, conflicting_claim, snapshot};

const PAYER: &str = "\
schema: cleanbill/pack/v1
name: plan-x
version: 2026.1.0
title: Plan X
extends:
  - { pack: cpt-93970, version: \"^1.0\" }
overrides:
  - rule: 93970-access-mapping
    set: { disposition: suspend }
    reason: Plan X reviews, it does not deny
  - { rule: side-on-bilateral-study, set: { owner: biller }, codes+: [\"93990\"], reason: Plan X counts it as bilateral }
  - { rule: no-ordering-provider, disable: true, reason: Plan X does not ask, until: 2026-12-31 }
";

const WAIVERS: &str = "\
waivers:
  - rule: 93970-access-mapping
    match: { payer: MEDICARE_B, claim_id: A }
    reason: both studies were appealed and paid
    approved_by: j.ortiz
    ticket: RCM-4471
    expires: 2026-06-30
";

const RULE: &str = "93970-access-mapping";

/// A folder with claims `A` and `B` in conflict, and the pack `plan-x` with `more` in its `pack.yaml`.
fn sandbox(more: &str) -> Sandbox {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("A"), conflicting_claim("B")]);
    fs::create_dir(sandbox.path("plan-x")).unwrap();
    sandbox.write("plan-x/pack.yaml", format!("{PAYER}{more}").as_bytes());
    sandbox
}

fn with_waivers(waivers: &str) -> Sandbox {
    let sandbox = sandbox("waivers: waivers.yaml\n");
    sandbox.write("plan-x/waivers.yaml", waivers.as_bytes());
    sandbox
}

#[test]
fn s20_a_payer_pack_extends_the_pack_in_the_binary() {
    let sandbox = sandbox("");
    let ran =
        sandbox.run(&["validate", "claims.ndjson", "--packs", "plan-x", "--format", "ndjson"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let records = ran.records();
    assert_eq!(records[0]["rule"], RULE);
    assert_eq!(records[0]["disposition"], "suspend");
    assert_eq!(records[0]["pack"], "cpt-93970@1.0.0+plan-x@2026.1.0");
    let check = sandbox.run(&["rules", "check", "plan-x"]);
    // Inherited rules are tested with their own pack, so none of them is warned of.
    assert!(check.stdout.starts_with("ok: plan-x 2026.1.0: 15 rules, 0 tests, "), "{check:?}");
    assert_eq!(check.stdout.lines().count(), 1, "{check:?}");
    // A base that is named beside it is not run a second time.
    let both = sandbox.run(&["rules", "list", "--packs", "plan-x", "--packs", "cpt-93970"]);
    assert_eq!(both.stdout.lines().count(), 15, "{both:?}");
}

#[test]
fn s20_resolve_shows_which_file_set_each_field() {
    let sandbox = sandbox("");
    let resolve = |rule: &str, as_of: &str| {
        let ran = sandbox.run(&["rules", "resolve", rule, "--packs", "plan-x", "--as-of", as_of]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        ran.stdout
    };
    snapshot("rules_resolve", &resolve("side-on-bilateral-study", "2026-03-02"));
    let disabled = resolve("no-ordering-provider", "2026-12-31");
    let why = "plan-x/pack.yaml:12, through 2026-12-31 (Plan X does not ask)";
    assert!(
        disabled.contains("  disabled           true\n") && disabled.contains(why),
        "{disabled}"
    );
    let ended = resolve("no-ordering-provider", "2027-01-01");
    assert!(ended.contains("  disabled           (none)\n"), "{ended}");
    assert!(ended.contains(&format!("ended: {why}  true")), "{ended}");
    let json =
        sandbox.run(&["rules", "resolve", RULE, "--packs", "plan-x", "--format", "json"]).stdout;
    let rule: serde_json::Value = serde_json::from_str(&json).unwrap();
    let field = rule["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["field"] == "disposition")
        .unwrap();
    assert_eq!(
        (&field["value"], &field["place"]),
        (&"suspend".into(), &"plan-x/pack.yaml:9".into())
    );
    let places: Vec<&str> = field["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|setting| setting["place"].as_str().unwrap())
        .collect();
    assert_eq!(places.len(), 2);
    assert!(places[0].starts_with("cpt-93970/"), "{places:?}");
    let none = sandbox.run(&["rules", "resolve", "no-ordering", "--packs", "plan-x"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("did you mean `no-ordering-provider`?"), "{none:?}");
}

#[test]
fn s20_an_override_of_an_unknown_rule_is_refused_with_its_place() {
    let sandbox = sandbox("  - { rule: units-over-mu, disable: true, reason: r }\n");
    let ran = sandbox.run(&["validate", "claims.ndjson", "--packs", "plan-x"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains("plan-x/pack.yaml:13:13"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `units-over-mue`?"), "{}", ran.stderr);
}

#[test]
fn a_pack_is_extended_from_the_folder_beside_and_from_within() {
    let sandbox = sandbox("");
    fs::create_dir(sandbox.path("site")).unwrap();
    let site = PAYER.split("extends:").next().unwrap().replace("plan-x", "site")
        + "extends: [{ pack: plan-x, version: \"^2026.1\" }]\n";
    sandbox.write("site/pack.yaml", site.as_bytes());
    let beside = sandbox.run(&["rules", "list", "--packs", "site"]);
    assert!(beside.stdout.contains("cpt-93970@1.0.0+plan-x@2026.1.0+site@2026.1.0"), "{beside:?}");
    let mut within = sandbox.command(&["rules", "list", "--packs", "."]);
    let within = within.current_dir(sandbox.path("site")).output().unwrap();
    assert_eq!(String::from_utf8(within.stdout).unwrap(), beside.stdout);
}

#[test]
fn two_packs_over_one_base_are_not_run_together() {
    let sandbox = sandbox("");
    fs::create_dir(sandbox.path("plan-y")).unwrap();
    sandbox.write("plan-y/pack.yaml", PAYER.replace("plan-x", "plan-y").as_bytes());
    let ran = sandbox.run(&["rules", "list", "--packs", "plan-x", "--packs", "plan-y"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("`plan-x` and `plan-y` both extend `cpt-93970`"), "{ran:?}");
}

#[test]
fn s22_a_waived_finding_is_explained_with_its_waiver_in_text_and_json() {
    let sandbox = with_waivers(WAIVERS);
    let explain = |format: &str| {
        let rule = ["explain", "claims.ndjson", "--packs", "plan-x", "--rule", RULE];
        sandbox.run(&[&rule[..], &["--format", format]].concat()).stdout
    };
    let waived =
        "waived RCM-4471 through 2026-06-30 by j.ortiz: both studies were appealed and paid";
    assert!(explain("text").contains("WAIVED"), "{}", explain("text"));
    assert!(explain("text").contains(waived), "{}", explain("text"));
    let seen: serde_json::Value =
        explain("json").lines().find_map(|line| serde_json::from_str(line).ok()).unwrap();
    let lines = seen["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["outcome"] == "waived").unwrap();
    let step = line["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(step["clause"], "waiver", "{line}");
    assert!(line["findings"][0]["why"].as_str().unwrap().ends_with(waived), "{line}");
}

#[test]
fn s21_a_waived_finding_is_shown_and_counts_for_nothing() {
    let sandbox = with_waivers(WAIVERS);
    let validate = |more: &[&str]| {
        let arguments =
            ["validate", "claims.ndjson", "--packs", "plan-x", "--fail-on", "warning", "--format"];
        sandbox.run(&[&arguments[..], more].concat())
    };
    let ran = validate(&["ndjson"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");
    let records = ran.records();
    let outcomes: Vec<&str> = records.iter().filter_map(|r| r["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["waived", "fires"]);
    let why = records[0]["why"].as_str().unwrap();
    assert!(
        why.ends_with(
            "waived RCM-4471 through 2026-06-30 by j.ortiz: both studies were appealed and paid"
        ),
        "{why}"
    );
    assert_eq!(records[2]["findings"]["warning"], 1);
    assert_eq!(records[2]["charge_at_risk"], "100.00");
    let text = validate(&["text"]).stdout;
    assert!(
        text.contains("  waived 93970-access-mapping line 2 with line 1 (suspend): "),
        "{text}"
    );
    assert!(text.contains("1 fired, 1 waived"), "{text}");

    let all = validate(&["ndjson", "--ignore-waivers"]).records();
    assert!(all.iter().take(2).all(|record| record["outcome"] == "fires"));
    let expired = validate(&["ndjson", "--as-of", "2026-07-01"]);
    assert_eq!(expired.records()[0]["outcome"], "fires");
    assert!(expired.records()[0]["why"].as_str().unwrap().contains("expired on 2026-06-30"));
    assert_eq!(validate(&["ndjson", "--as-of", "2026-06-30"]).records()[0]["outcome"], "waived");
    let explained =
        sandbox.run(&["explain", "claims.ndjson", "--packs", "plan-x", "--rule", RULE]).stdout;
    assert!(explained.contains("WAIVED -> suspend"), "{explained}");
    assert!(explained.contains("stop  waiver"), "{explained}");
}

#[test]
fn s21_an_unused_waiver_is_warned_of_at_the_end() {
    let sandbox = with_waivers(&WAIVERS.replace("claim_id: A", "claim_id: C"));
    sandbox.write("clean.ndjson", clean_claim("A").as_bytes());
    let ran = sandbox.run(&["validate", "clean.ndjson", "--packs", "plan-x", "--format", "ndjson"]);
    let label = "waiver of 93970-access-mapping (RCM-4471, plan-x/waivers.yaml:2)";
    assert_eq!((ran.code, ran.stderr), (Some(0), format!("warning: unused {label}\n")));
    let summary: serde_json::Value = serde_json::from_str(ran.stdout.trim()).unwrap();
    assert_eq!(summary["unused_waivers"], serde_json::json!([label]));
}

#[test]
fn s21_dates_of_waivers_are_checked() {
    let missing = with_waivers(&WAIVERS.replace("    expires: 2026-06-30\n", ""));
    let ran = missing.run(&["validate", "claims.ndjson", "--packs", "plan-x"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("the key `expires` is missing"), "{ran:?}");

    let malformed = with_waivers(&WAIVERS.replace("2026-06-30", "30.06.2026"));
    let ran =
        malformed.run(&["validate", "claims.ndjson", "--packs", "plan-x", "--format", "ndjson"]);
    assert_eq!(ran.records()[0]["outcome"], "fires");
    let check = malformed.run(&["rules", "check", "plan-x"]);
    assert_eq!(check.code, Some(2), "{check:?}");
    assert!(check.stderr.contains("plan-x/waivers.yaml:7:14"), "{check:?}");

    let sandbox = with_waivers(WAIVERS);
    for (day, words) in [
        ("2026-07-01", "expired on 2026-06-30"),
        ("2026-06-04", "expires in 26 days (2026-06-30)"),
        ("2025-01-01", "does not hold yet"),
    ] {
        let check = sandbox.run(&["rules", "check", "plan-x", "--as-of", day]);
        assert_eq!(check.code, Some(0), "{check:?}");
        assert!(
            check.stdout.contains("warning: waiver of ") && check.stdout.contains(words),
            "{check:?}"
        );
    }
    let check = sandbox.run(&["rules", "check", "plan-x", "--as-of", "2027-01-01"]);
    let ended =
        "warning: an override of no-ordering-provider (plan-x/pack.yaml:12) ended on 2026-12-31\n";
    assert!(check.stdout.contains(ended), "{check:?}");
    let bad = sandbox.run(&["rules", "check", "plan-x", "--as-of", "today"]);
    assert_eq!(bad.code, Some(2));
}

#[test]
fn waive_adds_what_was_found_and_nothing_else() {
    let sandbox = with_waivers(WAIVERS);
    let found = ["validate", "claims.ndjson", "--packs", "plan-x", "--format", "ndjson"];
    assert_eq!(sandbox.run(&[&found[..], &["--output", "f.ndjson"]].concat()).code, Some(0));
    let waive = |more: &[&str]| {
        let arguments = ["waive", "--from", "f.ndjson", "--into", "plan-x/waivers.yaml"];
        sandbox.run(&[&arguments[..], more].concat())
    };
    let reasons = ["--reason", "looked at", "--approved-by", "a.lee", "--expires", "2026-06-30"];
    let whole = [&["--rule", RULE, "--claim", "B"][..], &reasons].concat();
    let ran = waive(&whole);
    assert_eq!(ran.stdout, "1 waiver added to plan-x/waivers.yaml\n", "{ran:?}");
    let text = fs::read_to_string(sandbox.path("plan-x/waivers.yaml")).unwrap();
    assert!(text.starts_with(WAIVERS) && text.len() > WAIVERS.len(), "{text}");
    let outcomes: Vec<String> =
        sandbox.run(&found).records().iter().map(|record| record["outcome"].to_string()).collect();
    assert_eq!(outcomes, ["\"waived\"", "\"waived\"", "null"]);

    for (arguments, words) in [
        ([&["--rule", RULE, "--claim", "C"][..], &reasons].concat(), "no finding of"),
        ([&["--rule", "x", "--claim", "B"][..], &reasons].concat(), "no finding of"),
        (
            vec!["--rule", RULE, "--claim", "B", "--approved-by", "a", "--expires", "2026-06-30"],
            "--reason",
        ),
        (vec!["--rule", RULE, "--claim", "B", "--approved-by", "a", "--reason", "r"], "--expires"),
        ([&whole[..8], &["--expires", "soon"]].concat(), "YYYY-MM-DD"),
    ] {
        let ran = waive(&arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(words), "{ran:?}");
    }
    assert_eq!(fs::read_to_string(sandbox.path("plan-x/waivers.yaml")).unwrap(), text);
}
