//! Rules that look at earlier claims of the same patient.

use cleanbill_engine::{
    Explanation, History, LineExplanation, LineOutcome, Scope, Subject, Timeline, explain,
};
use cleanbill_model::{
    Claim, DateRange, Disposition, EarlierLine, Finding, LineRef, Outcome, ServiceDate, Standing,
};
use cleanbill_rules::{ClaimSketch, Loading, MemorySource, Source, Tester};

use crate::{pack, passes};

const PAIRS: &str = r#"
mutually_exclusive:
  pairs:
    - { column_one: "93985", column_two: "93970", indicator: "1" }
    - { column_one: "93970", column_two: "93986", indicator: "1" }
  same: [patient, service_date, rendering_provider]
  search: [this_claim, history]
  bypass: { modifiers: ["59", XS] }
"#;

/// What the rule says of the claims of its tests.
#[track_caller]
fn findings(rule: &str) -> Vec<Finding> {
    let pack = pack(rule);
    let tester = Tester::new(&pack, &|_| Err("there are no claim files here".to_owned()));
    let seen = pack.tests.iter().filter_map(|test| tester.run(test).explanation);
    seen.flat_map(found).collect()
}

fn found(seen: Explanation) -> Vec<Finding> {
    let of_line = |line: LineExplanation| match line.outcome {
        LineOutcome::Found(found) => found,
        LineOutcome::Silent { .. } => Vec::new(),
    };
    seen.lines.into_iter().flat_map(of_line).collect()
}

fn earlier(claim: &str, number: u32) -> LineRef {
    let day = ServiceDate::new(2026, 3, 2).unwrap();
    let (dates, standing) = (DateRange::day(day), Standing::Earlier);
    LineRef::Earlier(EarlierLine { claim: claim.into(), number, dates, standing, is_open: false })
}

#[test]
fn a_pair_over_two_claims_is_found_in_both_orders_of_arrival() {
    passes(
        10,
        &format!(
            r#"{PAIRS}
tests:
  - {{ name: column one came first, claim: {{ lines: ["93970"] }}, history: [{{ lines: ["93985"] }}], expect: {{ fires: [1], message: 93970 on line 1 }} }}
  - name: row 23, column two came first
    claim: {{ lines: ["93985"] }}
    history: [{{ lines: ["93970"] }}]
    covers: "23"
    expect: {{ fires: [1], disposition: line_denial, message: "93970, which was billed before on line 1 of claim EARLIER1" }}
  - {{ name: nothing came first, claim: {{ lines: ["93970"] }}, expect: {{ silent: {{ because: pair }} }} }}
  - {{ name: another day,        claim: {{ lines: ["93970"] }}, history: [{{ lines: ["93985"], date: 2026-03-01 }}], expect: {{ silent: {{ because: service_date }} }} }}
  - {{ name: lifted here,        claim: {{ lines: ["93970-59"] }}, history: [{{ lines: ["93985"] }}], expect: {{ silent: {{ because: bypass }} }} }}
  - {{ name: lifted there,       claim: {{ lines: ["93985"] }}, history: [{{ lines: ["93970-XS"] }}], expect: {{ silent: {{ because: bypass }} }} }}
  - {{ name: no feed,            claim: {{ lines: ["93970"] }}, history: absent, expect: {{ undetermined: 1, disposition: suspend }} }}
  - {{ name: no feed and no pair, claim: {{ lines: ["99213"] }}, history: absent, expect: {{ silent: {{ because: pair }} }} }}
  - {{ name: a hospital's claim, claim: {{ lines: ["93970"], type: institutional }}, history: [{{ lines: ["93985"], type: institutional }}], expect: {{ silent: {{ because: pair }} }} }}
  - {{ name: of a hospital's claim, claim: {{ lines: ["93970"] }}, history: [{{ lines: ["93985"], type: institutional }}], expect: {{ silent: {{ because: pair }} }} }}
"#
        ),
    );
}

#[test]
fn without_a_feed_only_lines_that_the_claim_leaves_in_peace_are_open() {
    let found = findings(&format!(
        "{PAIRS}tests:\n  - {{ name: a, claim: {{ lines: [\"93970\", \"93986\", \"99213\"] }}, history: absent, expect: {{ fires: [2] }} }}\n"
    ));
    let told: Vec<_> = found.iter().map(|f| (f.line, f.outcome)).collect();
    assert_eq!(told, [(Some(0), Outcome::Undetermined), (Some(1), Outcome::Fires)]);
    assert_eq!(
        found[0].message,
        "93970 (line 1): whether it is paired with a service of an earlier claim cannot be told \
         without the patient's earlier claims."
    );
}

#[test]
fn a_finding_over_two_claims_names_line_and_claim() {
    let found = findings(&format!(
        "{PAIRS}tests:\n  - {{ name: a, claim: {{ lines: [\"99213\", \"93970\"] }}, history: [{{ id: PCN7, lines: [\"99213\", \"93985\"] }}], expect: {{ fires: [2] }} }}\n"
    ));
    let [finding] = found.as_slice() else { panic!("one finding, not {}", found.len()) };
    assert_eq!((finding.line, &finding.others), (Some(1), &vec![earlier("PCN7", 2)]));
    assert!(
        finding.why.starts_with("93985 (line 2 of claim PCN7) is column one and 93970 (line 2)")
    );
    assert!(finding.evidence.iter().any(|read| read.line == Some(earlier("PCN7", 2))));
}

#[test]
fn an_earlier_column_two_is_told_in_the_words_declared_for_it() {
    passes(
        2,
        r#"
mutually_exclusive:
  codes: ["93970"]
  with: ["93985"]
  same: [patient, service_date]
  search: [this_claim, history, institutional_history]
  history_column_two:
    disposition: informational
    message: "{code} of line {line} came first, {other.code} (line {other.line}) is reduced"
    fix: Nothing.
tests:
  - name: in these words
    claim: { lines: ["93985"] }
    history: [{ lines: ["93970"] }]
    expect: { fires: [1], disposition: informational, message: "93970 of line 1 of claim EARLIER1 came first, 93985 (line 1) is reduced" }
  - name: a hospital's claim where the rule says so
    claim: { lines: ["93970"], type: institutional }
    history: [{ lines: ["93985"], type: institutional }]
    expect: { fires: [1], disposition: line_denial }
"#,
    );
}

#[test]
fn provider_and_replaced_claims_decide_what_stands_beside_a_claim() {
    passes(
        8,
        &format!(
            r#"{PAIRS}
tests:
  - {{ name: another group,   claim: {{ lines: ["93970 npi=2999999024"], billing: "2999999032" }}, history: [{{ lines: ["93985"] }}], expect: {{ silent: {{ because: rendering_provider }} }} }}
  - {{ name: one specialty,   claim: {{ lines: ["93970 npi=2999999024 taxonomy=2085R0202X"] }}, history: [{{ lines: ["93985 taxonomy=2085R0202X"] }}], expect: {{ fires: [1] }} }}
  - {{ name: some specialty,  claim: {{ lines: ["93970 npi=2999999024"] }}, history: [{{ lines: ["93985"] }}], expect: {{ undetermined: [1] }} }}
  - {{ name: the claim itself, claim: {{ lines: ["93970"], id: A }}, history: [{{ id: A, lines: ["93985"] }}], expect: {{ silent: {{ because: pair }} }} }}
  - {{ name: what it replaces, claim: {{ lines: ["93970"], frequency: "7", replaces: A }}, history: [{{ id: A, lines: ["93985"] }}], expect: {{ silent: {{ because: pair }} }} }}
  - {{ name: beside what it replaces, claim: {{ lines: ["93970"], frequency: "7", replaces: A }}, history: [{{ id: A, lines: ["93970"] }}, {{ lines: ["93985"] }}], expect: {{ fires: [1] }} }}
  - {{ name: a replacement of no known claim, claim: {{ lines: ["93970"], frequency: "7", replaces: ICN1 }}, history: [{{ lines: ["93985"] }}], expect: {{ undetermined: [1] }} }}
  - {{ name: voided since,    claim: {{ lines: ["93970"] }}, history: [{{ id: A, lines: ["93985"] }}, {{ id: B, lines: ["93985"], frequency: "8", replaces: A }}], expect: {{ silent: {{ because: pair }} }} }}
"#
        ),
    );
}

#[test]
fn a_line_of_an_earlier_claim_may_be_repeated() {
    passes(
        6,
        r#"
duplicate_line:
  same: [patient, service_date, billing_provider, modifiers]
  search: [this_claim, history]
  history_words: { message: "line {line} was on line {other.line} before", fix: Send it once. }
  unless_modifiers: ["76"]
tests:
  - { name: again,      claim: { lines: ["93970"] }, history: [{ lines: ["93970"] }], expect: { fires: [1], message: "line 1 was on line 1 of claim EARLIER1 before" } }
  - { name: both here,  claim: { lines: ["93970", "93970"] }, history: [{ lines: ["93970"] }], expect: { fires: 2 } }
  - { name: row 24,     claim: { lines: ["93970"], frequency: "7", replaces: EARLIER1 }, history: [{ lines: ["93970"] }], covers: "24", expect: { silent: { because: earlier_line } } }
  - { name: another billing provider, claim: { lines: ["93970"], billing: "2999999032" }, history: [{ lines: ["93970"] }], expect: { silent: { because: rendering_provider } } }
  - { name: no feed,    claim: { lines: ["93970"] }, history: absent, expect: { undetermined: 1 } }
  - { name: no feed but repeated, claim: { lines: ["93970-76"] }, history: absent, expect: { silent: { because: earlier_line } } }
"#,
    );
}

#[test]
fn earlier_claims_count_towards_a_frequency() {
    let rule = r#"
frequency_limit:
  codes: $venous
  max: 2
  count: service_dates
  window: { days: 365 }
  same: [patient]
  unless: { line.dx_pointed: { any_in: $clots } }
message: "{n} of {limit}; earlier: {prior_dates}"
tests:
  - name: third in a year
    claim: { dx: [M79.661], lines: ["93971-RT dx=1"] }
    history: [{ date: 2025-06-01, lines: ["93970"] }, { date: 2025-11-20, lines: ["93971-LT"] }]
    expect: { fires: 1, message: "3 of 2; earlier: 2025-06-01, 2025-11-20" }
  - name: third, acute clot
    claim: { dx: [I82.401], lines: ["93971-RT dx=1"] }
    history: [{ date: 2025-06-01, lines: ["93970"] }, { date: 2025-11-20, lines: ["93971-LT"] }]
    expect: { silent: { because: unless } }
  - name: older than the window
    claim: { dx: [M79.661], lines: ["93971-RT dx=1"] }
    history: [{ date: 2024-06-01, lines: ["93970"] }, { date: 2025-11-20, lines: ["93971-LT"] }]
    expect: { silent: { because: window } }
  - { name: first, claim: { dx: [M79.661], lines: ["93970"] }, expect: { silent: { because: max } } }
  - { name: a later service, claim: { dx: [M79.661], lines: ["93970"] }, history: [{ date: 2026-03-03, lines: ["93970"] }, { date: 2026-03-04, lines: ["93970"] }], expect: { silent: { because: max } } }
  - name: one of these may be replaced
    claim: { dx: [M79.661], lines: ["93971"], frequency: "7", replaces: ICN1 }
    history: [{ date: 2025-06-01, lines: ["93970"] }, { date: 2025-11-20, lines: ["93971-LT"] }]
    expect: { undetermined: 1 }
"#;
    let head = "    message: \"{code} on line {line}\"\n";
    let text = format!("{}{}", crate::HEAD.replace(head, ""), crate::indented(rule));
    let source = crate::source("").with("rules/a.yaml", &text);
    let pack = cleanbill_rules::load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!((pack.tests.len(), pack.edits[0].scope()), (6, Scope::PatientHistory { days: 365 }));
    for test in &pack.tests {
        let result = cleanbill_rules::run_test(&pack, test);
        assert_eq!(result, cleanbill_rules::TestResult::Passed, "{}", test.name);
    }
}

#[test]
fn the_scope_of_a_rule_follows_from_what_it_declares() {
    let scope = |kind: &str| pack(kind).edits[0].scope();
    assert_eq!(scope(PAIRS), Scope::PatientDay);
    assert_eq!(scope(&PAIRS.replace("[this_claim, history]", "[this_claim]")), Scope::Claim);
    assert_eq!(scope("modifier_validity: { codes: $venous, not_allowed: [\"50\"] }"), Scope::Line);
    let limit = "frequency_limit: { codes: $venous, max: 1, count: lines, window: { days: 9 }, same: [patient], history: claim_only }";
    assert_eq!(scope(limit), Scope::Claim);
}

#[test]
fn the_order_of_the_earlier_claims_changes_no_outcome() {
    let pack = pack(&format!("{PAIRS}tests: []\n"));
    let claim = |id: &str, lines: &[&str]| -> Claim {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let mut sketch = ClaimSketch::new(&lines).unwrap();
        sketch.claim_id = id.to_owned();
        sketch.claim(false).unwrap()
    };
    let own = claim("OWN", &["93970"]);
    let before = [claim("A", &["93985"]), claim("B", &["93986"])];
    let outcome = |claims: Vec<Claim>| {
        let timeline = Timeline::new(claims);
        let mut beside = Vec::new();
        let others = timeline.around(&own, 0, &mut beside);
        let subject = Subject { claim: &own, history: History::Known(others), as_of: None };
        let seen = explain(pack.edits[0].as_ref(), "sample", subject).unwrap();
        let mut others: Vec<_> = found(seen).into_iter().map(|finding| finding.others).collect();
        others.sort();
        others
    };
    let [a, b] = before.clone();
    let given = outcome(before.to_vec());
    assert_eq!(given, [vec![earlier("A", 1)], vec![earlier("B", 1)]]);
    assert_eq!(given, outcome(vec![b, a]));
}

#[test]
fn a_rule_whose_override_ends_still_looks_back_and_says_what_would_decide() {
    let rule = "duplicate_line: { same: [patient, service_date], search: [this_claim, history] }";
    let upper = "schema: cleanbill/pack/v1\nname: upper\nversion: 1.0.0\ntitle: Upper\n\
        extends: [{ pack: sample, version: \"^1.0\" }]\noverrides:\n  - { rule: sample, \
        set: { on_unknown: informational }, until: 2026-06-30, reason: theirs }\n";
    let shelf: Vec<Box<dyn Source>> = vec![Box::new(crate::source(rule))];
    let upper = MemorySource::new("upper").with("pack.yaml", upper);
    let pack = Loading { shelf: &shelf, ..Loading::default() }.load(&upper);
    let pack = pack.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(pack.edits[0].scope(), Scope::PatientDay);
    let lines = ["93970 @2026-06-30".to_owned(), "93971 @2026-07-01".to_owned()];
    let claim = ClaimSketch::new(&lines).unwrap().claim(false).unwrap();
    let seen = explain(pack.edits[0].as_ref(), "sample", &claim).unwrap();
    let told: Vec<String> =
        seen.lines.iter().flat_map(|line| line.to_decide.iter().cloned()).collect();
    let fact = "give a feed of the patient's earlier claims with services on";
    assert_eq!(told, [format!("{fact} 2026-06-30"), format!("{fact} 2026-07-01")]);
    let dispositions: Vec<_> = found(seen).iter().map(|finding| finding.disposition).collect();
    assert_eq!(dispositions, [Disposition::Informational, Disposition::Suspend]);
}

const LISTS: &str = r#"
mutually_exclusive:
  codes: ["93970"]
  with: ["93985", "93986"]
  same: [patient, service_date]
  search: [this_claim, history]
"#;

#[test]
fn report_on_with_denies_the_line_of_with_and_names_the_lists_as_ever() {
    passes(
        5,
        &format!(
            r#"{LISTS}  report_on: with
tests:
  - {{ name: on one claim, claim: {{ lines: ["93970", "93985"] }}, expect: {{ fires: [2], message: "93970 on line 1" }} }}
  - {{ name: each line of with, claim: {{ lines: ["93985", "93970", "93986"] }}, expect: {{ fires: [1, 3] }} }}
  - {{ name: codes came first, claim: {{ lines: ["93985"] }}, history: [{{ lines: ["93970"] }}], expect: {{ fires: [1], message: "93970 on line 1 of claim EARLIER1" }} }}
  - {{ name: with came first, claim: {{ lines: ["93970"] }}, history: [{{ lines: ["93985"] }}], expect: {{ fires: [1], disposition: line_denial, message: "93985 should not have been paid" }} }}
  - {{ name: another day, claim: {{ lines: ["93970", "93985 @2026-03-03"] }}, expect: {{ silent: {{ because: service_date }} }} }}
"#
        ),
    );
}

#[test]
fn report_on_both_puts_a_finding_on_each_line_of_the_claim_in_hand() {
    passes(
        4,
        &format!(
            r#"{LISTS}  report_on: both
tests:
  - {{ name: on one claim, claim: {{ lines: ["93970", "93985"] }}, expect: {{ fires: [1, 2], message: "93970 on line 1" }} }}
  - {{ name: codes came first, claim: {{ lines: ["93985"] }}, history: [{{ lines: ["93970"] }}], expect: {{ fires: [1], message: "93970 on line 1 of claim EARLIER1" }} }}
  - {{ name: with came first, claim: {{ lines: ["93970"] }}, history: [{{ lines: ["93985"] }}], expect: {{ fires: [1], message: "93970 on line 1" }} }}
  - {{ name: no feed, claim: {{ lines: ["93970", "93985", "93986"] }}, history: absent, expect: {{ fires: [1, 2, 3] }} }}
"#
        ),
    );
}

#[test]
fn each_line_that_a_finding_falls_on_hears_every_clause() {
    let pack = pack(&format!(
        "{LISTS}  report_on: both\ntests:\n  - {{ name: a, claim: {{ lines: [\"93970\", \"93985 @2026-03-03\"] }}, expect: {{ silent: {{ because: service_date }} }} }}\n"
    ));
    let tester = Tester::new(&pack, &|_| Err("there are no claim files here".to_owned()));
    let seen = tester.run(&pack.tests[0]).explanation.unwrap();
    for line in &seen.lines {
        assert_eq!(line.outcome, LineOutcome::Silent { because: "service_date" });
        let columns = line.steps.iter().find(|step| step.clause == "column_two").unwrap();
        assert!(columns.detail.ends_with("the rule reports both"), "{}", columns.detail);
    }
}

#[test]
fn report_on_is_refused_where_there_is_nothing_to_choose() {
    let seen = crate::mistakes(&format!("{PAIRS}  report_on: with\n"));
    assert!(
        seen.contains("error[E1001]: `report_on` chooses between `codes` and `with`"),
        "{seen}"
    );
    let seen = crate::mistakes(&format!(
        "{LISTS}  report_on: with\n  history_column_two: {{ disposition: suspend, message: m, fix: f }}\n"
    ));
    assert!(
        seen.contains("error[E1001]: `history_column_two` goes with `report_on: codes`"),
        "{seen}"
    );
}
