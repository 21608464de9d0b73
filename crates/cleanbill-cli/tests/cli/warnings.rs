//! `cleanbill rules check`: what is valid and still unlikely to be meant.

use serde_json::Value;

use crate::command::{Sandbox, at_top};
use crate::rules::{PACK, sandbox};

/// A second rule for the same pack.
fn rule(id: &str, kind: &str, rest: &str) -> String {
    format!(
        "  - id: {id}
    title: Another rule
    {kind}
    message: \"{{code}} is not right.\"
    fix: Correct it.
    source: [{{ authority: Clinic, document: Billing handbook, kind: internal }}]
{rest}"
    )
}

const SAME: &str = "modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }";

fn warned(sandbox: &Sandbox) -> String {
    let ran = sandbox.run(&["rules", "check", "."]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    ran.stdout
}

#[test]
fn s19_rules_that_overlap_contain_each_other_or_never_fire_are_shown_with_both_places() {
    let other = rule(
        "soft-52",
        &SAME.replace("[\"52\"]", "[\"52\", \"53\"]"),
        "    disposition: suspend\n",
    );
    let twin = rule("also-52", SAME, "    disposition: return_to_provider\n");
    let dead =
        rule("dead", SAME, "    effective: { from: 2026-01-01 }\n").replace("93990", "93965");
    let lives = rule("lives", "code_validity: { table: lives }", "");
    let pack = PACK.replace(
        "rules:\n",
        "tables:\n  lives: { file: lives.csv, key: [code], effective: [from, through] }\nrules:\n",
    );
    let sandbox = sandbox(&format!("{pack}{other}{twin}{dead}{lives}"));
    sandbox.write("lives.csv", b"code,from,through\n93965,,2016-12-31\n");
    let text = warned(&sandbox);
    for words in [
        "note[W4203]: `soft-52` (suspend) and `no-52` (return_to_provider, ./pack.yaml:8) can both act on 93990",
        "warning[W4104]: `also-52` is contained in `no-52` (./pack.yaml:8)",
        "warning[W4102]: `dead` can never fire: 93965 is valid through 2016-12-31, the rule holds from 2026-01-01",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(text.contains("  --> ./pack.yaml:25:5\n  --> ./pack.yaml:8:5\n"), "{text}");
}

#[test]
fn a_rule_of_which_no_test_shows_where_it_fires_and_stops_is_named() {
    let text = warned(&sandbox(&format!(
        "{PACK}{}",
        rule("untested", SAME, "    disposition: return_to_provider\n")
    )));
    assert!(text.contains("warning[W4201]: no test that passes makes `untested` fire"), "{text}");
    assert!(
        text.contains("warning[W4202]: no test that passes shows `untested` just short"),
        "{text}"
    );
    assert!(!text.contains("`no-52` fire"), "{text}");
}

#[test]
fn clauses_that_exclude_each_other_fire_on_every_line() {
    let both =
        PACK.replace("not_allowed: [\"52\"]", "not_allowed: [\"52\", LT], requires_any: [LT]");
    let both = both.replace("expect: { silent: { because: not_allowed } }", "expect: { fires: 1 }");
    let text = warned(&sandbox(&both));
    assert!(text.contains("warning[W4103]: `no-52` fires on every line of its codes"), "{text}");
}

#[test]
fn an_empty_period_and_a_table_without_a_row_in_force_never_fire() {
    let apart = PACK
        .replace("rules:\n", "effective: { from: 2026-01-01 }\nrules:\n")
        .replace("    disposition:", "    effective: { through: 2025-12-31 }\n    disposition:")
        .replace("fires: [1]", "silent: { because: effective }")
        .replace("because: not_allowed", "because: effective");
    let text = warned(&sandbox(&apart));
    assert!(
        text.contains("`no-52` can never fire: the periods of the pack and of the rule"),
        "{text}"
    );
}

#[test]
fn other_types_of_claims_than_the_packs_and_one_modifier_twice_never_fire() {
    let other = PACK
        .replace("rules:\n", "applies_to: { claim_types: [institutional] }\nrules:\n")
        .replace("    fix:", "    applies_to: { claim_types: [professional] }\n    fix:");
    let text = warned(&sandbox(&other));
    let words = "can never fire: it is for professional claims, its pack for institutional";
    assert!(text.contains(words), "{text}");
    let twice = PACK.replace("not_allowed: [\"52\"]", "not_on_separate_lines: [RT, RT]");
    let twice = twice.replace("because: not_allowed", "because: not_on_separate_lines");
    let text = warned(&sandbox(&twice));
    assert!(text.contains("can never fire: RT cannot be split from itself"), "{text}");
}

#[test]
fn a_table_of_which_no_row_is_in_force_never_fires() {
    let pack = PACK
        .replace("rules:\n", "tables:\n  mue: { file: mue.csv, key: [code], effective: [from, through] }\nrules:\n")
        .replace(
            "modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }",
            "unit_limit: { table: mue, max: max, basis: mai, same: [patient, service_date] }\n    effective: { from: 2026-01-01 }",
        )
        .replace("{modifier}", "{limit}")
        .replace("because: not_allowed", "because: effective");
    let sandbox = sandbox(&pack);
    sandbox.write("mue.csv", b"code,max,mai,from,through\n93990,1,3,,2025-12-31\n");
    let text = warned(&sandbox);
    assert!(text.contains("no row of its table is in force while the rule holds"), "{text}");
    sandbox.write("mue.csv", b"code,max,mai,from,through\n93990,1,3,,2026-01-01\n");
    assert!(!warned(&sandbox).contains("W4102"));
}

#[test]
fn sets_and_tables_that_nothing_names_and_titles_that_read_like_descriptors_are_named() {
    let pack = PACK
        .replace("rules:\n", "value_sets:\n  studies: [\"93990\"]\n  spare: [\"93970\"]\ntables:\n  spare_table: { file: t.csv, key: [code] }\nrules:\n")
        .replace("codes: [\"93990\"]", "codes: $studies")
        .replace("title: A study that", "title: Study; one that");
    let sandbox = sandbox(&pack);
    sandbox.write("t.csv", b"code\n93970\n");
    let text = warned(&sandbox);
    for words in [
        "warning[W4302]: nothing names the value set `$spare`\n  --> ./pack.yaml:7:3",
        "warning[W4303]: nothing reads the table `spare_table`\n  --> ./pack.yaml:9:3",
        "warning[W4501]: the title of `no-52` reads like the licensed descriptor of a code",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(!text.contains("`$studies`"), "{text}");
}

#[test]
fn a_review_date_is_compared_with_the_day_that_is_given_and_with_no_other() {
    let sandbox = sandbox(&PACK.replace("rules:\n", "review_by: 2020-01-01\nrules:\n"));
    assert_eq!(warned(&sandbox).lines().count(), 1);
    for (day, lines) in [("2020-01-01", 1), ("2020-01-02", 7)] {
        let ran = sandbox.run(&["rules", "check", ".", "--as-of", day]);
        assert_eq!(ran.stdout.lines().count(), lines, "{}", ran.stdout);
    }
    assert_eq!(sandbox.run(&["rules", "check", ".", "--as-of", "soon"]).code, Some(2));
}

#[test]
fn a_warning_is_kept_with_a_reason_and_only_while_it_is_given() {
    let long = PACK.replace("A study that is never reduced", &"long ".repeat(20));
    assert!(warned(&sandbox(&long)).contains("warning[W4501]"));
    let kept =
        long.replace("    tests:", "    allow: [{ lint: W4501, reason: it is clear }]\n    tests:");
    assert_eq!(warned(&sandbox(&kept)).lines().count(), 1);
    let unused =
        PACK.replace("    tests:", "    allow: [{ lint: W4501, reason: once }]\n    tests:");
    assert!(warned(&sandbox(&unused)).contains("warning[W4403]: `allow` of W4501 keeps nothing"));
    for wrong in
        ["{ lint: W9999, reason: none }", "{ lint: W4501, reason: \"\" }", "{ lint: W4501 }"]
    {
        let pack = PACK.replace("    tests:", &format!("    allow: [{wrong}]\n    tests:"));
        assert_eq!(sandbox(&pack).run(&["rules", "check", "."]).code, Some(2), "{wrong}");
    }
}

#[test]
fn warnings_can_be_refused_and_notes_cannot() {
    let untested = format!(
        "{PACK}{}",
        rule("other", "require: { codes: [\"93990\"], must_have: place_of_service }", "")
    );
    let sandbox = sandbox(&untested);
    let denied = sandbox.run(&["rules", "check", ".", "--deny-warnings"]);
    assert_eq!(denied.code, Some(1), "{denied:?}");
    let noted = "    tests:\n      - { name: none, claim: { pos: none, lines: [\"93990\"] }, expect: { fires: 1 } }\n      - { name: one, claim: { lines: [\"93990\"] }, expect: { silent: { because: must_have } } }\n";
    sandbox.write("pack.yaml", format!("{untested}{noted}").as_bytes());
    let fine = sandbox.run(&["rules", "check", ".", "--deny-warnings"]);
    assert_eq!(fine.code, Some(0), "{fine:?}");
    assert!(fine.stdout.contains("0 warnings, 1 note\n"), "{}", fine.stdout);
}

#[test]
fn the_default_packs_have_no_warning_and_no_note() {
    let json = at_top(&["rules", "check", "--format", "json", "--deny-warnings"]);
    assert_eq!(json.code, Some(0), "{json:?}");
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["warnings"], serde_json::json!([]));
    assert_eq!(json["packs"][0]["name"], "cpt-93970");
}

#[test]
fn a_remittance_reason_that_ended_before_its_rule_is_named_with_the_day() {
    let with = |rest: &str| {
        let remit = format!("    remit: {{ group: CO, carc: \"15\" }}\n{rest}    tests:");
        warned(&sandbox(&PACK.replace("    tests:", &remit)))
    };
    let text = with("");
    let warning = "warning[W4502]: CARC 15 of `no-52` ended on 2018-05-01, and the rule goes on (always)\n  --> ./pack.yaml:13:31";
    assert!(text.contains(warning), "{text}");
    assert!(text.contains("`effective: { through: 2018-05-01 }`"), "{text}");
    assert!(!with("    effective: { through: 2018-05-01 }\n").contains("W4502"));
    let kept = with("    allow: [{ lint: W4502, reason: the payer still sends it }]\n");
    assert_eq!(kept.lines().count(), 1, "{kept}");
}
