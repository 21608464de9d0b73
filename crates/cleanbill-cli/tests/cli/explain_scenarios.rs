//! What authors ask of `explain`: why it fired, was silent or could not tell, and what would decide it.

use serde_json::Value;

use crate::command::{Ran, Sandbox, at_top};
use crate::rules::{PACK, sandbox};

const MAPPING: &str = "93970-access-mapping";
const FAMILY: &str = "vascular-study-pair";

/// What `rule` makes of a claim of these lines, as JSON.
fn of_lines(rule: &str, lines: &[&str]) -> Value {
    let mut arguments = vec!["explain", "--rule", rule, "--format", "json"];
    arguments.extend(lines.iter().flat_map(|line| ["--line", line]));
    one(&at_top(&arguments))
}

fn one(ran: &Ran) -> Value {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Outcome of each line, with the clause behind it where it is silent.
fn outcomes(explained: &Value) -> Vec<String> {
    let outcome = |line: &Value| {
        let because = line["because"].as_str().map(|clause| format!(": {clause}"));
        line["outcome"].as_str().unwrap().to_owned() + &because.unwrap_or_default()
    };
    explained["lines"].as_array().unwrap().iter().map(outcome).collect()
}

#[test]
fn s8_a_venous_study_beside_mapping_of_the_same_arms_fires_with_its_remittance_codes() {
    let seen = of_lines(MAPPING, &["93970 region=upper", "93985 region=upper"]);
    assert_eq!(outcomes(&seen), ["fires", "silent: column_two"]);
    assert_eq!(seen["rule"]["remit"], "CO-236 N20");
    assert_eq!(seen["lines"][0]["findings"][0]["disposition"], "line_denial");
    assert_eq!(seen["lines"][0]["findings"][0]["other"], serde_json::json!([2]));
}

#[test]
fn s9_legs_by_diagnosis_and_arms_by_diagnosis_are_different_extremities() {
    let claim = crate::command::conflicting_claim("C9")
        .replace(r#","body_region":"lower""#, "")
        .replace(r#""diagnoses":["N18.6"]"#, r#""diagnoses":["I82.621","I82.401"]"#);
    let (arms, legs) = claim.split_once("},{").unwrap();
    let legs = legs.replace(r#""diagnosis_pointers":[1]"#, r#""diagnosis_pointers":[2]"#);
    let claim = format!("{arms}}},{{{legs}");
    let sandbox = Sandbox::with_claims(&[claim]);
    let arguments =
        ["explain", "claims.ndjson", "--rule", MAPPING, "--claim", "C9", "--format", "json"];
    let seen = one(&sandbox.run(&arguments));
    assert_eq!(outcomes(&seen), ["silent: column_two", "silent: extremity"]);
    let steps = seen["lines"][1]["steps"].as_array().unwrap();
    let last = steps.last().unwrap();
    assert_eq!((&last["clause"], &last["truth"]), (&"extremity".into(), &"no".into()));
    assert!(last["detail"].as_str().unwrap().contains("upper extremity"), "{last}");
}

#[test]
fn s10_an_unknown_region_suspends_and_says_what_would_decide_it() {
    let seen = of_lines(MAPPING, &["93970 dx=none", "93986-RT region=upper"]);
    assert_eq!(outcomes(&seen), ["silent: column_two", "undetermined"]);
    assert_eq!(seen["lines"][1]["findings"][0]["disposition"], "suspend");
    let wanted = "give line 1 a body_region, or a pointer to a diagnosis that tells arm from leg";
    assert_eq!(seen["lines"][1]["to_decide"], serde_json::json!([wanted]));
    let lines = ["--line", "93970 dx=none", "--line", "93986-RT region=upper"];
    let text = at_top(&[&["explain", "--rule", MAPPING][..], &lines].concat()).stdout;
    assert!(text.contains(&format!("    to decide: {wanted}\n")), "{text}");
}

#[test]
fn s10_an_unknown_specialty_says_which_line_lacks_it() {
    let lines = ["93970 npi=1234567893 taxonomy=2086S0129X", "93985 npi=2999999024"];
    let seen = of_lines(MAPPING, &lines);
    assert_eq!(outcomes(&seen), ["undetermined", "silent: column_two"]);
    let wanted = "give line 2 the specialty (taxonomy code) of the rendering provider";
    let open = seen["lines"][0]["to_decide"].as_array().unwrap();
    assert!(open.contains(&wanted.into()), "{open:?}");
    let units = of_lines("units-over-mue", &["93970 npi=1234567893", "93970 npi=2999999024"]);
    assert_eq!(
        units["lines"][0]["to_decide"],
        serde_json::json!([
            "give lines 1 and 2 the specialty (taxonomy code) of the rendering provider"
        ])
    );
}

#[test]
fn s11_an_unstated_side_meets_a_bilateral_study_and_two_stated_sides_do_not_meet() {
    let seen = of_lines(MAPPING, &["93986 region=upper", "93970 region=upper"]);
    assert_eq!(outcomes(&seen), ["fires", "silent: column_two"]);
    let seen = of_lines(FAMILY, &["93986-LT region=upper", "93971-RT region=upper"]);
    assert!(outcomes(&seen).contains(&"silent: extremity".to_owned()), "{seen}");
    assert!(!outcomes(&seen).contains(&"fires".to_owned()), "{seen}");
}

#[test]
fn s16_the_days_at_both_ends_count_and_the_days_beyond_are_silent_because_effective() {
    let dated = PACK.replace(
        "    disposition:",
        "    effective: { from: 2026-01-01, through: 2026-06-30 }\n    disposition:",
    );
    let dated = dated.replace("93990-52\"", "93990-52 @2026-03-02\"");
    let sandbox = sandbox(&dated);
    for (day, outcome) in [
        ("2025-12-31", "silent: effective"),
        ("2026-01-01", "fires"),
        ("2026-06-30", "fires"),
        ("2026-07-01", "silent: effective"),
    ] {
        let line = format!("93990-52 @{day}");
        let arguments =
            ["explain", "--packs", ".", "--rule", "no-52", "--format", "json", "--line", &line];
        assert_eq!(outcomes(&one(&sandbox.run(&arguments))), [outcome], "{day}");
    }
}

#[test]
fn s22_a_rule_is_named_by_its_id_or_by_a_part_that_no_other_has() {
    for name in [MAPPING, "93970-acc", "access-mapping"] {
        let seen = of_lines(name, &["93970", "93985"]);
        assert_eq!(seen["rule"]["id"], MAPPING);
    }
    let several = at_top(&["explain", "split-by-side"]);
    assert_eq!((several.code, several.stdout.as_str()), (Some(2), ""));
    let words = "may mean `mapping-split-by-side` or `venous-study-split-by-side`";
    assert!(several.stderr.contains(words), "{several:?}");
}

#[test]
fn s22_a_slug_names_its_rule_and_a_slug_of_two_rules_names_neither() {
    let slug = PACK.replace("    title: A study", "    slug: reduced-study\n    title: A study");
    let one = sandbox(&slug);
    let arguments = ["explain", "--packs", ".", "reduced-study"];
    let ran = one.run(&arguments);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.starts_with("no-52  A study"), "{}", ran.stdout);
    let (head, rule) = slug.split_once("rules:\n").unwrap();
    let two = format!("{head}rules:\n{rule}{}", rule.replace("id: no-52", "id: no-53"));
    let ran = sandbox(&two).run(&arguments);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("`reduced-study` may mean `no-52` or `no-53`"), "{}", ran.stderr);
}

#[test]
fn s22_fired_silent_and_undetermined_have_the_same_members_in_json() {
    for lines in [["93970", "93985"], ["93970", "93985 @2026-03-03"], ["93970", "93986-RT"]] {
        let seen = of_lines(MAPPING, &lines);
        assert_eq!(seen["schema"], 1);
        for line in seen["lines"].as_array().unwrap() {
            let members: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
            for member in ["line", "outcome", "because", "steps", "findings", "to_decide"] {
                assert!(members.contains(&member), "{member} is missing: {line}");
            }
        }
    }
}

#[test]
fn s22_codes_and_rules_are_explained_offline_as_json_too() {
    let code = one(&at_top(&["explain", "e1003", "--format", "json"]));
    assert_eq!(code["code"], "E1003");
    let warning = one(&at_top(&["explain", "W4102", "--format", "json"]));
    assert!(warning["meaning"].as_str().unwrap().contains("can never fire"));
    let rule = one(&at_top(&["explain", "units-over-mue", "--format", "json"]));
    assert_eq!(rule["rule"]["kind"], "unit_limit");
}
