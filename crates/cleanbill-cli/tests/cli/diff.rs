//! `cleanbill diff`: a corpus made here, a change planted in a pack, and the counts known beforehand.

use std::fmt::Write as _;
use std::fs;

use crate::command::{Sandbox, snapshot};

const CLAIMS: usize = 4000;

const HEAD: &str = "\
schema: cleanbill/pack/v1
name: acme
version: 1.0.0
title: Acme
value_sets: { reduced: [\"93990\"] }
tables:
  mue: { file: mue.csv, key: [code] }
rules:
";

/// A rule whose body is its kind.
fn rule(id: &str, kind: &str, disposition: &str) -> String {
    format!(
        "  - id: {id}
    title: Something that Acme does not pay
    {kind}
    disposition: {disposition}
    message: \"{{code}} is not paid like this.\"
    fix: Correct the line.
    source: [{{ authority: Acme, document: Policy, kind: internal }}]
"
    )
}

/// The pack: `limit` units of 93970, 52 not taken by `reduced`, `soft` for a rule that both have, and a
/// rule of its own.
fn pack(sandbox: &Sandbox, folder: &str, limit: u32, reduced: &str, soft: &str, own: &str) {
    let rules = [
        rule(
            "limit",
            "unit_limit: { table: mue, max: max, basis: mai, same: [patient, service_date] }",
            "line_denial",
        ),
        rule(
            "no-52",
            "modifier_validity: { codes: $reduced, not_allowed: [\"52\"] }",
            "line_denial",
        ),
        rule(own, "modifier_validity: { codes: [\"93985\"], not_allowed: [\"53\"] }", "suspend"),
        rule(
            "same",
            "modifier_validity: { codes: [\"93970\"], not_allowed: [\"50\"] }",
            "line_denial",
        ),
        rule("soft", "modifier_validity: { codes: [\"93986\"], not_allowed: [\"50\"] }", soft),
    ];
    let head = HEAD.replace("[\"93990\"]", reduced);
    fs::create_dir(sandbox.path(folder)).unwrap();
    sandbox.write(&format!("{folder}/pack.yaml"), (head + &rules.concat()).as_bytes());
    let table = format!("code,max,mai\n93970,{limit},3\n93971,9,3\n");
    sandbox.write(&format!("{folder}/mue.csv"), table.as_bytes());
}

/// Claim number `index`: payer by thirds, provider by halves, what is on it by tenths.
fn claim(index: usize) -> String {
    let lines: &[(&str, &str, u32)] = match index % 10 {
        0 => &[("93970", "", 2)],
        1 => &[("93990", "52", 1), ("93971", "52", 1)],
        2 => &[("93985", "53", 1)],
        3 => &[("93986", "50", 1)],
        4 => &[("93970", "50", 3)],
        _ => &[("99213", "", 1)],
    };
    let mut rendered = String::new();
    for (number, (code, modifier, units)) in (1..).zip(lines) {
        let comma = if number > 1 { "," } else { "" };
        let modifiers = if modifier.is_empty() { String::new() } else { format!("\"{modifier}\"") };
        write!(
            rendered,
            r#"{comma}{{"number":{number},"procedure":"{code}","modifiers":[{modifiers}],"units":"{units}","charge":"100.10","from":"2026-03-02","through":"2026-03-02","diagnosis_pointers":[1]}}"#
        )
        .unwrap();
    }
    let npi = ["1234567893", "1999999984"][index % 2];
    let charge = if lines.len() == 2 { "200.20" } else { "100.10" };
    format!(
        r#"{{"schema":1,"claim_id":"PCN{index}","type":"professional","frequency":"1","payer":"PAYER{}","patient":{{"id":"ZZPHIZZ","birth_date":"1950-01-01","sex":"F"}},"billing_provider":{{"npi":"{npi}"}},"place_of_service":"11","diagnoses":["N18.6"],"charge":"{charge}","lines":[{rendered}]}}"#,
        index % 3
    ) + "\n"
}

/// Two files of claims and two editions. The new one takes a second unit of 93970 but no third, takes 52
/// on 93971 no longer, returns what it suspended, drops one rule and has a new one.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let claims: Vec<String> = (0..CLAIMS).map(claim).collect();
    let (first, second) = claims.split_at(CLAIMS / 2);
    sandbox.write("a.ndjson", first.concat().as_bytes());
    sandbox.write("b.ndjson", second.concat().as_bytes());
    pack(&sandbox, "old", 1, "[\"93990\"]", "suspend", "goes");
    pack(&sandbox, "new", 2, "[\"93990\", \"93971\"]", "return_to_provider", "comes");
    sandbox
}

const DIFF: [&str; 6] = ["diff", "old", "new", "--claims", "a.ndjson", "b.ndjson"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    DIFF.iter().chain(more).copied().collect()
}

fn json(sandbox: &Sandbox, more: &[&str]) -> serde_json::Value {
    let ran = sandbox.run(&[&with(&["--format", "json"])[..], more].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn s23_a_planted_change_is_found_to_the_line_and_only_changed_rules_are_blamed() {
    let sandbox = sandbox();
    let found = json(&sandbox, &[]);
    let tenth = CLAIMS / 10;
    assert_eq!((&found["claims"], &found["lines"]), (&CLAIMS.into(), &(CLAIMS + tenth).into()));
    assert_eq!(found["unchanged_rules"], 1);
    let changes: Vec<String> = found["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            format!("{} {} {}", rule["change"], rule["rule"], rule["parts"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        changes,
        [
            "added comes []",
            "removed goes []",
            "changed limit [table mue]",
            "changed no-52 [$reduced]",
            "changed soft [disposition]",
        ]
    );
    assert_eq!(
        found["tables"],
        serde_json::json!([{"table": "mue", "added": 0, "removed": 0, "changed": 1}])
    );
    let charge = format!("{}.{:02}", tenth * 10_010 / 100, tenth * 10_010 % 100);
    for (rule, way) in [
        ("comes", "now_hit"),
        ("goes", "no_longer_hit"),
        ("limit", "no_longer_hit"),
        ("no-52", "now_hit"),
        ("soft", "changed"),
    ] {
        let groups = found["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["rule"] == rule).unwrap();
        let expected = serde_json::json!({"lines": tenth, "charge": charge});
        assert_eq!(group["counts"][way], expected, "{rule}");
        assert_eq!(group["counts"]["any"], expected, "{rule}");
        assert_eq!(group["samples"].as_array().unwrap().len(), 3);
    }
    // One rule stops and another starts on the lines of 93985 with 53: they count once.
    assert_eq!(found["total"]["any"]["lines"], 4 * tenth);
    assert_eq!(found["total"]["now_hit"]["lines"], 2 * tenth);
}

#[test]
fn s23_payers_and_providers_add_up_to_the_rule() {
    let sandbox = sandbox();
    let found = json(&sandbox, &["--by", "rule,payer,billing_npi", "--samples", "0"]);
    assert_eq!(found["by"], serde_json::json!(["rule", "payer", "billing_npi"]));
    let of_rule = |rule: &str| -> Vec<(String, String, u64)> {
        let groups = found["groups"].as_array().unwrap().iter();
        groups
            .filter(|group| group["rule"] == rule)
            .map(|group| {
                let text = |member: &str| group[member].as_str().unwrap().to_owned();
                let lines = group["counts"]["any"]["lines"].as_u64().unwrap();
                (text("payer"), text("billing_npi"), lines)
            })
            .collect()
    };
    let expected: Vec<(String, String, u64)> = (0..3)
        .map(|payer| {
            let lines = (0..CLAIMS).filter(|index| index % 10 == 0 && index % 3 == payer).count();
            (format!("PAYER{payer}"), "1234567893".to_owned(), u64::try_from(lines).unwrap())
        })
        .collect();
    assert_eq!(of_rule("limit"), expected);
    assert_eq!(of_rule("soft").iter().map(|group| group.2).sum::<u64>(), 400);
}

#[test]
fn s23_the_same_claims_give_the_same_bytes_in_every_format_and_order() {
    let sandbox = sandbox();
    for format in ["text", "json", "markdown", "html"] {
        let by = ["--by", "payer", "--format", format];
        let ran = sandbox.run(&with(&by));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let turned = ["diff", "old", "new", "--claims", "b.ndjson", "a.ndjson"];
        assert_eq!(sandbox.run(&[&turned[..], &by].concat()).stdout, ran.stdout, "{format}");
        assert!(!ran.stdout.contains("ZZPHIZZ") && !ran.stdout.contains("1950-01-01"), "{format}");
    }
    snapshot("diff_text", &sandbox.run(&with(&["--samples", "1"])).stdout);
}

#[test]
fn s23_a_threshold_sets_the_exit_code() {
    let sandbox = sandbox();
    for (threshold, code) in [
        ("now_hit > 799", 1),
        ("now_hit > 800", 0),
        ("limit: no_longer_hit >= 400", 1),
        ("limit: now_hit > 0", 0),
        ("charge_now_hit > 80080", 0),
        ("charge_now_hit >= 80080.00", 1),
        ("same: changed > 0", 0),
    ] {
        let ran = sandbox.run(&with(&["--fail-on", threshold]));
        assert_eq!(ran.code, Some(code), "{threshold}: {}", ran.stderr);
        assert_eq!(ran.stdout.contains("fails  "), code == 1, "{threshold}");
    }
    for (threshold, words) in
        [("hits > 1", "is not one of"), ("nix: now_hit > 1", "the rule `nix`")]
    {
        let ran = sandbox.run(&with(&["--fail-on", threshold]));
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
}

#[test]
fn the_commands_of_a_sample_show_both_sides() {
    let sandbox = sandbox();
    let found = json(&sandbox, &["--samples", "1"]);
    let groups = found["groups"].as_array().unwrap();
    let limit = groups.iter().find(|group| group["rule"] == "limit").unwrap();
    let commands = limit["samples"][0]["explain"].as_array().unwrap();
    let seen: Vec<String> = commands
        .iter()
        .map(|command| {
            let words: Vec<&str> = command.as_str().unwrap().split(' ').collect();
            let ran = sandbox.run(&words[1..]);
            assert_eq!((words[0], ran.code), ("cleanbill", Some(0)), "{ran:?}");
            ran.stdout
        })
        .collect();
    assert!(seen[0].contains("FIRES") && seen[1].contains("SILENT"), "{seen:?}");
}

#[test]
fn several_outputs_are_written_in_one_go_and_whole() {
    let sandbox = sandbox();
    let ran = sandbox.run(&with(&[
        "--format", "text", "--output", "-", "--format", "html", "--output", "d.html",
    ]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let page = fs::read_to_string(sandbox.path("d.html")).unwrap();
    assert!(page.contains("default-src 'none'") && page.ends_with("</html>\n"));
    assert!(ran.stdout.contains("all, each line once"));
}

#[test]
fn what_cannot_be_read_exits_3_and_what_is_wrong_with_the_command_exits_2() {
    let sandbox = sandbox();
    sandbox.write("c.ndjson", format!("{}{{\"schema\":1,\n", claim(0)).as_bytes());
    let ran = sandbox.run(&["diff", "old", "new", "--claims", "c.ndjson"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("1 place of the input could not be read"), "{}", ran.stdout);
    for arguments in [
        &["diff", "old", "nowhere", "--claims", "a.ndjson"][..],
        &["diff", "old", "new", "--claims", "nowhere.ndjson"],
        &["diff", "old", "new"],
        &["diff", "old", "new", "--claims", "a.ndjson", "--by", "patient"],
        &["diff", "old,old", "new", "--claims", "a.ndjson"],
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    }
}
