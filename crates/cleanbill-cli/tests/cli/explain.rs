//! `cleanbill explain`: fired, silent, undetermined, and the offline topics.

use crate::command::{at_top, snapshot};

const EXAMPLE: &str = "examples/clinic-day.837";
const RULE: &str = "93970-access-mapping";

fn explained(arguments: &[&str]) -> String {
    let ran = at_top(&[&["explain"], arguments].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    ran.stdout
}

#[test]
fn a_line_that_fired() {
    snapshot("explain_fired", &explained(&[EXAMPLE, "--rule", RULE, "--claim", "RV-1001"]));
}

#[test]
fn a_line_that_could_not_be_decided() {
    snapshot("explain_undetermined", &explained(&[EXAMPLE, "--rule", RULE, "--claim", "RV-1004"]));
}

#[test]
fn a_silent_line_names_the_clause_that_decided() {
    let arguments = [EXAMPLE, "--rule", RULE, "--claim", "RV-1006", "--line", "2"];
    let text = explained(&arguments);
    assert!(text.contains("line 2  93970  SILENT because extremity: "), "{text}");
    assert!(!text.contains("line 1  93985"), "{text}");
    snapshot("explain_why_not", &explained(&[&arguments[..], &["--why-not"]].concat()));
}

#[test]
fn a_claim_can_be_made_up_of_lines_in_shorthand() {
    let text = explained(&["--rule", RULE, "--line", "93985-XS", "--line", "93970 @2026-03-02"]);
    assert!(text.contains("line 2  93970  FIRES -> informational"), "{text}");
    let wrong = at_top(&["explain", "--rule", RULE, "--line", "9397"]);
    assert_eq!(wrong.code, Some(2));
}

#[test]
fn without_a_claim_named_only_claims_that_the_rule_concerns_are_shown() {
    let text = explained(&[EXAMPLE, "--rule", "ncci-pair-93970"]);
    let claims: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("claim ")).collect();
    let ids: Vec<&str> = claims.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(ids, ["RV-1010", "RV-1012"]);
}

#[test]
fn error_codes_and_rules_are_explained_offline() {
    assert!(explained(&["E1001"]).starts_with("E1001: "));
    assert!(explained(&["e1001"]).starts_with("E1001: "));
    assert!(explained(&["I1001"]).starts_with("I1001: "));
    snapshot("explain_rule", &explained(&[RULE]));
}

#[test]
fn keys_of_packs_are_explained_offline() {
    let text = explained(&["once_column_two_only"]);
    assert!(text.contains("in        rules[].mutually_exclusive.bypass\n"), "{text}");
    snapshot("explain_key", &explained(&["mutually_exclusive"]));
    // A key that means different things in different blocks is told for each.
    assert!(explained(&["message"]).matches("message  ").count() > 1);
    // No pack is needed for it, so a broken one is no hindrance.
    assert!(!explained(&["carc", "--packs", "no-such-pack"]).is_empty());
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    for (arguments, words) in [
        (&["93970-access-mapped"][..], "there is no rule `93970-access-mapped`"),
        (&["mutualy_exclusive"], "did you mean the key `mutually_exclusive`?"),
        (&[EXAMPLE], "add `--rule ID`"),
        (&[], "name a rule or an error code"),
        (&[EXAMPLE, "--rule", RULE, "--claim", "NONE"], "no claim `NONE` was read"),
        (&["no-such.837", "--rule", RULE], "cannot read `no-such.837`"),
    ] {
        let ran = at_top(&[&["explain"], arguments].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(words), "{ran:?}");
    }
}
