//! Waivers from their YAML to the finding that they meet.

use cleanbill_engine::{Evaluator, Registry, Scope, explain};
use cleanbill_model::{Claim, ClaimVerdict, Finding, Outcome, ServiceDate};

use super::{NewWaiver, append_waivers};
use crate::{ClaimSketch, Coverage, MemorySource, Pack, TestResult, Tester, load, run_test};

const PACK: &str = "\
schema: cleanbill/pack/v1
name: mine
version: 0.1.0
title: My own
rules:
  - id: no-50
    title: No 50
    modifier_validity: { codes: [\"93970\", \"93985\"], not_allowed: [\"50\"] }
    message: no 50
    fix: remove it
    source: [{ authority: A, document: D, kind: internal }]
waivers: waivers.yaml
";

fn source(waivers: &str) -> MemorySource {
    MemorySource::new("mine").with("pack.yaml", PACK).with("waivers.yaml", waivers)
}

fn waiver(rest: &str) -> String {
    format!(
        "waivers:\n  - {{ rule: no-50, reason: known, approved_by: j.ortiz, ticket: T-1, {rest} }}\n"
    )
}

fn loaded(rest: &str) -> Pack {
    load(&source(&waiver(rest))).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn refused(waivers: &str) -> String {
    load(&source(waivers)).err().unwrap().to_string()
}

fn day(text: &str) -> Option<ServiceDate> {
    ServiceDate::parse_iso(text.as_bytes()).ok()
}

fn claim(lines: &[&str]) -> Claim {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    ClaimSketch::new(&lines).unwrap().claim(false).unwrap()
}

/// Findings on these lines, how the claim is counted, and the waivers left over.
fn judged(
    pack: Pack,
    as_of: Option<ServiceDate>,
    lines: &[&str],
) -> (Vec<Finding>, ClaimVerdict, Vec<String>) {
    let registry = Registry::new(pack.into_edits(as_of)).unwrap();
    let mut evaluator = Evaluator::default();
    let claim = claim(lines);
    let verdict = evaluator.evaluate(&registry, &claim);
    let (findings, counted) = (verdict.findings.to_vec(), verdict.counted());
    (findings, counted, registry.unused_waivers())
}

fn outcomes(pack: Pack, as_of: Option<ServiceDate>, lines: &[&str]) -> Vec<Outcome> {
    judged(pack, as_of, lines).0.iter().map(|finding| finding.outcome).collect()
}

#[test]
fn s21_a_waived_finding_keeps_its_words_and_does_not_reject_the_claim() {
    let pack = loaded("match: { payer: PAYER1 }, expires: 2026-06-30");
    let (findings, counted, unused) = judged(pack, None, &["93970-50"]);
    assert_eq!((counted, unused.as_slice()), (ClaimVerdict::Passed, &[][..]));
    let finding = &findings[0];
    assert_eq!((finding.outcome, finding.message.as_str()), (Outcome::Waived, "no 50"));
    assert!(finding.why.ends_with("; waived T-1 through 2026-06-30 by j.ortiz: known"));
}

#[test]
fn s21_a_waiver_holds_through_its_last_day_and_the_finding_is_back_after_it() {
    let lines = ["93970-50 @2026-06-30", "93970-50 @2026-07-01"];
    let rest = "match: { payer: PAYER1 }, expires: 2026-06-30";
    assert_eq!(outcomes(loaded(rest), None, &lines), [Outcome::Waived, Outcome::Fires]);
    assert_eq!(outcomes(loaded(rest), day("2026-06-30"), &lines), [Outcome::Waived; 2]);
    let (findings, counted, unused) = judged(loaded(rest), day("2026-07-01"), &lines);
    assert_eq!((findings[0].outcome, counted), (Outcome::Fires, ClaimVerdict::Rejected));
    assert!(findings[0].why.ends_with("the waiver T-1 of j.ortiz: known expired on 2026-06-30"));
    assert_eq!(unused, ["waiver of no-50 (T-1, mine/waivers.yaml:2)"]);
}

#[test]
fn a_waiver_reaches_back_366_days_or_to_its_start() {
    let open = "match: { payer: PAYER1 }, expires: 2026-06-30";
    let lines = ["93970-50 @2025-06-28", "93970-50 @2025-06-29"];
    assert_eq!(outcomes(loaded(open), None, &lines), [Outcome::Fires, Outcome::Waived]);
    let started = "match: { payer: PAYER1 }, starts: 2026-03-02, expires: 2026-06-30";
    let lines = ["93970-50 @2026-03-01", "93970-50 @2026-03-02"];
    assert_eq!(outcomes(loaded(started), None, &lines), [Outcome::Fires, Outcome::Waived]);
    let text = |starts: &str| {
        waiver(&format!("match: {{ payer: P }}, starts: {starts}, expires: 2026-06-30"))
    };
    assert!(load(&source(&text("2025-06-29"))).is_ok());
    assert!(refused(&text("2025-06-28")).contains("would hold for 367 days"));
    assert!(refused(&text("2026-07-01")).contains("E6101"));
}

#[test]
fn all_that_a_waiver_names_must_fit() {
    let lines = ["93970-50", "93985-50 npi=2999999024"];
    for (only, expected) in [
        ("claim_id: TEST1", [true, true]),
        ("claim_id: TEST2", [false, false]),
        ("procedure: \"93985\"", [false, true]),
        ("rendering_npi: \"2999999024\"", [false, true]),
        ("billing_npi: \"1234567893\"", [true, true]),
        ("billing_npi: \"2999999024\"", [false, false]),
        ("payer: PAYER1, procedure: \"93970\"", [true, false]),
        ("payer: PAYER2, procedure: \"93970\"", [false, false]),
    ] {
        let pack = loaded(&format!("match: {{ {only} }}, expires: 2026-06-30"));
        let waived = outcomes(pack, None, &lines).into_iter().map(|o| o == Outcome::Waived);
        assert_eq!(waived.collect::<Vec<_>>(), expected, "{only}");
    }
}

#[test]
fn s21_a_date_that_cannot_be_read_counts_as_expired_and_is_reported() {
    let pack = loaded("match: { payer: PAYER1 }, expires: 2026-06-31");
    let told = pack.waiver_mistakes.to_string();
    assert!(told.contains("error[E6101]: `2026-06-31` is a day that the calendar does not have"));
    assert!(told.contains("mine/waivers.yaml:2:"), "{told}");
    let (findings, ..) = judged(pack, None, &["93970-50"]);
    assert_eq!(findings[0].outcome, Outcome::Fires);
    assert!(findings[0].why.ends_with("counts as expired, since its date cannot be read"));
}

#[test]
fn s21_a_waiver_without_end_approver_reason_or_limits_is_refused() {
    assert!(refused(&waiver("match: { payer: P }")).contains("the key `expires` is missing"));
    let whole = waiver("match: { payer: P }, expires: 2026-06-30");
    for (from, to, words) in [
        ("match: { payer: P }", "match: {}", "would waive every finding of the rule"),
        ("approved_by: j.ortiz", "approved_by: \"\"", "`approved_by` is empty"),
        ("reason: known", "reason: \" \"", "`reason` is empty"),
        ("rule: no-50", "rule: no-5", "did you mean `no-50`?"),
        ("payer: P", "payers: P", "did you mean `payer`?"),
        ("payer: P", "billing_npi: \"12\"", "`12` is not an NPI"),
    ] {
        let told = refused(&whole.replace(from, to));
        assert!(told.contains(words) && told.contains("mine/waivers.yaml:2:"), "{told}");
    }
}

#[test]
fn waivers_may_stand_in_the_pack_itself_and_a_file_may_be_empty() {
    let listed = waiver("match: { payer: PAYER1 }, expires: 2026-06-30");
    let text = PACK.replace("waivers: waivers.yaml\n", &listed);
    let pack = load(&MemorySource::new("mine").with("pack.yaml", &text)).unwrap();
    assert_eq!(outcomes(pack, None, &["93970-50"]), [Outcome::Waived]);
    assert!(load(&source("waivers:\n")).unwrap().waivers.is_empty());
}

fn new_waiver() -> NewWaiver {
    NewWaiver {
        rule: "no-50".to_owned(),
        claim_id: Some("TEST1".to_owned()),
        reason: "said \"so\": \\ fine".to_owned(),
        approved_by: "j.ortiz".to_owned(),
        expires: "2026-06-30".to_owned(),
        ..NewWaiver::default()
    }
}

#[test]
fn an_added_waiver_reads_back_and_leaves_the_file_as_it_was() {
    for before in [
        "",
        "# ours\n",
        "waivers:\n",
        "waivers:\n- rule: no-50\n  match: { claim_id: X }\n  reason: r\n  approved_by: a\n  expires: 2026-01-01",
        "waivers:\n    - { rule: no-50, match: { claim_id: X }, reason: r, approved_by: a, expires: 2026-01-01 } # ok\n",
    ] {
        let added = append_waivers(before, &[new_waiver(), new_waiver()]).unwrap();
        let text = format!("{before}{added}");
        let pack = load(&source(&text)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        assert_eq!(pack.waivers.last().unwrap().reason, "said \"so\": \\ fine", "{text}");
        assert_eq!(pack.waivers.len(), 2 + usize::from(before.contains("claim_id")));
        assert_eq!(outcomes(pack, None, &["93970-50"]), [Outcome::Waived]);
    }
}

#[test]
fn nothing_is_added_where_it_would_not_be_read() {
    assert!(append_waivers("waivers: []\n", &[new_waiver()]).is_err());
    assert!(append_waivers("waivers:\n  - {}\nother: 1\n", &[new_waiver()]).is_err());
    let wrong = |change: fn(&mut NewWaiver)| {
        let mut waiver = new_waiver();
        change(&mut waiver);
        append_waivers("", &[waiver]).unwrap_err()
    };
    assert!(wrong(|w| w.reason.clear()).contains("why"));
    assert!(wrong(|w| w.expires = "June".to_owned()).contains("YYYY-MM-DD"));
    assert!(wrong(|w| w.starts = Some("2025-01-01".to_owned())).contains("366"));
    assert!(wrong(|w| w.claim_id = None).contains("names a claim"));
}

#[test]
fn a_waived_rule_still_looks_back_and_says_what_would_decide() {
    let pack = PACK.replace(
        "modifier_validity: { codes: [\"93970\", \"93985\"], not_allowed: [\"50\"] }",
        "duplicate_line: { same: [patient, service_date], search: [this_claim, history] }",
    );
    let rest = waiver("match: { payer: PAYER1 }, expires: 2026-06-30");
    let source = MemorySource::new("mine").with("pack.yaml", &pack).with("waivers.yaml", &rest);
    let pack = load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let registry = Registry::new(pack.into_edits(None)).unwrap();
    assert_eq!(registry.scope(), Scope::PatientDay);
    let (edit, _) = registry.find("no-50").unwrap();
    let seen = explain(edit, "no-50", &claim(&["93970"])).unwrap();
    let fact = "give a feed of the patient's earlier claims with services on 2026-03-02";
    assert_eq!(seen.lines[0].to_decide, [fact]);
}

const TESTED: &str = r#"
    tests:
      - { name: fires, claim: { payer: PAYER1, lines: ["93970-50"] }, expect: { fires: 1 } }
      - { name: waived, claim: { payer: PAYER1, lines: ["93970-50", "93985-50"] }, expect: { waived: [1, 2], disposition: line_denial, message: no 50 } }
      - { name: near, claim: { lines: ["93970"] }, expect: { silent: { because: not_allowed } } }
      - { name: other payer, claim: { payer: OTHER, lines: ["93970-50"] }, expect: { waived: 1 } }
      - { name: too late, claim: { date: 2026-07-01, payer: PAYER1, lines: ["93970-50"] }, expect: { waived: 1 } }
      - { name: late as of a day, claim: { payer: PAYER1, lines: ["93970-50"] }, as_of: 2026-07-01, expect: { waived: 1 } }
      - { name: in time as of a day, claim: { date: 2026-07-01, payer: PAYER1, lines: ["93970-50"] }, as_of: 2026-06-30, expect: { waived: 1 } }
"#;

fn tested(tests: &str) -> MemorySource {
    let pack = PACK.replace("\nwaivers: ", &format!("{tests}waivers: "));
    let waivers = waiver("match: { payer: PAYER1 }, starts: 2026-01-01, expires: 2026-06-30");
    MemorySource::new("mine").with("pack.yaml", &pack).with("waivers.yaml", &waivers)
}

#[test]
fn a_test_that_expects_a_waiver_sees_the_waivers_of_the_pack_and_no_other_does() {
    let pack = load(&tested(TESTED)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let failed: Vec<(&str, String)> = pack
        .tests
        .iter()
        .filter_map(|test| match run_test(&pack, test) {
            TestResult::Passed => None,
            TestResult::Failed(why) => Some((test.name.as_str(), why)),
        })
        .collect();
    let fires = "expected `waived` on 1 lines, but line 1: fires (line_denial)";
    assert_eq!(
        failed,
        ["other payer", "too late", "late as of a day"].map(|name| (name, fires.to_owned()))
    );
}

#[test]
fn a_waived_test_proves_that_the_rule_fires_and_which_clause_decided() {
    let sound = TESTED.lines().take(5).map(|line| format!("{line}\n")).collect::<String>();
    let pack = load(&tested(&sound.replace("name: fires", "name: fires, todo: true"))).unwrap();
    let tester = Tester::new(&pack, &|_| Err(String::new()));
    let mut coverage = Coverage::of(&pack);
    for test in pack.tests.iter().filter(|test| !test.todo) {
        coverage.add(test, &tester.run(test));
    }
    let [rule] = coverage.rules.as_slice() else { panic!("{coverage:?}") };
    assert!(rule.fired && rule.near_miss);
    let decided: Vec<(&str, u32, u32)> =
        rule.clauses.iter().map(|clause| (clause.name, clause.yes, clause.no)).collect();
    assert_eq!(decided.last(), Some(&("not_allowed", 2, 1)));
}

#[test]
fn a_test_says_one_thing_and_a_day_goes_with_waivers() {
    for (expect, said) in [
        ("expect: { waived: 1, fires: 1 }", "must expect exactly one thing"),
        ("expect: { waived: { a: b } }", "`waived` takes a list, or a whole number"),
        ("as_of: 2026-01-01, expect: { fires: 1 }", "gives `as_of` and does not expect `waived`"),
        ("as_of: soon, expect: { waived: 1 }", "`soon` does not have the shape of a date"),
    ] {
        let test =
            format!("\n    tests: [{{ name: t, claim: {{ lines: [\"93970-50\"] }}, {expect} }}]\n");
        let mistakes = load(&tested(&test)).err().unwrap().to_string();
        assert!(mistakes.contains(said), "{mistakes}");
    }
}
