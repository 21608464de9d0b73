//! `global_surgery`. Codes of the table are invented but for their shape.

use cleanbill_engine::{Evaluator, History, Registry, Scope, Subject, Timeline};
use cleanbill_rules::{ClaimSketch, Pack, TestResult, load, run_test};

use crate::{PACK, source};

const TABLE: &str = "\
code,modifier,days,from,through
X0000,,000,2020-01-01,
X0010,,010,2020-01-01,
X0090,,090,2020-01-01,2026-06-30
X0091,,090,2020-01-01,
X0099,,YYY,2020-01-01,
X0777,,MMM,2020-01-01,
X0888,,ZZZ,2020-01-01,
X0555,,XXX,2020-01-01,
X0555,TC,000,2020-01-01,
";

const RULE: &str = r#"
global_surgery:
  table: fees
  days: days
  modifier: modifier
  visits: ["99202-99239"]
  same: [patient, physician]
"#;

fn made(rule: &str) -> Pack {
    let tables = "tables:\n  fees: { file: fees.csv, key: [code], effective: [from, through] }\n";
    let pack = PACK.replace("tables:\n", tables);
    let source = source(rule).with("pack.yaml", &pack).with("fees.csv", TABLE);
    load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Each case passes: the lines of the claim, the earlier claims, and what comes out.
#[track_caller]
fn said(cases: &[(&str, &str, &str)]) {
    let tests: String = cases
        .iter()
        .map(|(lines, more, expect)| {
            format!(
                "  - {{ name: '{lines} {}', claim: {{ lines: [{lines}] }}, {more} expect: {{ {expect} }} }}\n",
                more.replace('\'', "")
            )
        })
        .collect();
    let pack = made(&format!("{RULE}tests:\n{tests}"));
    assert_eq!(pack.tests.len(), cases.len());
    for test in &pack.tests {
        if let TestResult::Failed(reason) = run_test(&pack, test) {
            panic!("{}: {reason}", test.name);
        }
    }
}

const FIRES_2: &str = "fires: [2]";
const PERIOD: &str = "silent: { because: period }";
const LIFTED: &str = "silent: { because: lifted_by }";

#[test]
fn a_period_has_the_days_of_its_indicator() {
    said(&[
        (r#""X0000", "99213""#, "", FIRES_2),
        (r#""X0000", "99213 @2026-03-03""#, "", PERIOD),
        (r#""X0000", "99213 @2026-03-01""#, "", PERIOD),
        (r#""X0010", "99213 @2026-03-01""#, "", PERIOD),
        (r#""X0010", "99213 @2026-03-12""#, "", FIRES_2),
        (r#""X0010", "99213 @2026-03-13""#, "", PERIOD),
        (r#""X0090", "99213 @2026-03-01""#, "", FIRES_2),
        (r#""X0090", "99213 @2026-02-28""#, "", PERIOD),
        (r#""X0090", "99213 @2026-05-31""#, "", FIRES_2),
        (r#""X0090", "99213 @2026-06-01""#, "", PERIOD),
        (r#""X0777", "99213 @2026-03-03""#, "", "silent: { because: surgery }"),
        (r#""X0888", "99213""#, "", "silent: { because: surgery }"),
        (r#""X0555", "99213""#, "", "silent: { because: surgery }"),
        (r#""X0555-TC", "99213""#, "", FIRES_2),
        (r#""93970", "A4550""#, "", "silent: { because: codes }"),
    ]);
}

#[test]
fn each_modifier_lifts_where_it_applies_and_nowhere_else() {
    said(&[
        // On the day of a small surgery.
        (r#""X0010", "99213-25""#, "", LIFTED),
        (r#""X0010", "99213-57""#, "", FIRES_2),
        (r#""X0010", "99213-24""#, "", FIRES_2),
        // On the day of a large one, and the day before.
        (r#""X0090", "99213-57""#, "", LIFTED),
        (r#""X0090", "99213-57 @2026-03-01""#, "", LIFTED),
        (r#""X0090", "99213-25""#, "", FIRES_2),
        (r#""X0090", "99213-25 @2026-03-01""#, "", FIRES_2),
        (r#""X0090", "99213-24 @2026-03-01""#, "", FIRES_2),
        // Behind either.
        (r#""X0090", "99213-24 @2026-03-09""#, "", LIFTED),
        (r#""X0010", "99213-24 @2026-03-09""#, "", LIFTED),
        (r#""X0090", "99213-25 @2026-03-09""#, "", FIRES_2),
        (r#""X0090", "99213-57 @2026-03-09""#, "", FIRES_2),
        (r#""X0090", "99213-79 @2026-03-09""#, "", FIRES_2),
        // Procedures behind it.
        (r#""X0090", "X0010 @2026-03-09""#, "", FIRES_2),
        (r#""X0090", "X0010-58 @2026-03-09""#, "", LIFTED),
        (r#""X0090", "X0010-78 @2026-03-09""#, "", LIFTED),
        (r#""X0090", "X0010-79 @2026-03-09""#, "", LIFTED),
        (r#""X0090", "X0010-24 @2026-03-09""#, "", FIRES_2),
        (r#""X0090", "X0010""#, "", PERIOD),
        (r#""X0090", "X0555 @2026-03-09""#, "", "silent: { because: codes }"),
    ]);
}

#[test]
fn a_surgery_that_is_part_of_one_has_a_part_of_its_period() {
    said(&[
        // A return to the operating room has no period, and an assistant has none.
        (r#""X0010-78", "99213""#, "", "silent: { because: surgery }"),
        (r#""X0090-80", "99213""#, "", "silent: { because: surgery }"),
        // Surgical care only: what is behind it is somebody else's.
        (r#""X0090-54", "99213 @2026-03-09""#, "", PERIOD),
        (r#""X0090-54", "99213 @2026-03-01""#, "", FIRES_2),
        (r#""X0090-55", "99213 @2026-03-09""#, "", FIRES_2),
        (r#""X0090-55", "99213""#, "", PERIOD),
        (r#""X0090-56", "99213 @2026-03-01""#, "", FIRES_2),
        (r#""X0090-56", "99213 @2026-03-09""#, "", PERIOD),
        // And it is no procedure behind another.
        (r#""X0090", "X0091-55 @2026-03-09""#, "", "silent: { because: period }"),
    ]);
}

#[test]
fn a_visit_of_several_days_must_be_lifted_on_each() {
    said(&[
        (r#""X0010", "99221 @2026-03-02..2026-03-04""#, "", FIRES_2),
        (r#""X0010", "99221-25 @2026-03-02..2026-03-04""#, "", FIRES_2),
        (r#""X0010", "99221-24-25 @2026-03-02..2026-03-04""#, "", LIFTED),
        (r#""X0090", "99221-57 @2026-03-01..2026-03-02""#, "", LIFTED),
    ]);
}

#[test]
fn a_surgery_on_any_claim_includes_a_visit_and_a_late_one_falls_on_its_own_line() {
    let fires = "fires: [1]";
    said(&[
        (
            r#""99213""#,
            r#"history: [{ lines: ["X0090"], date: 2026-02-02 }],"#,
            "fires: [1], message: '99213 on line 1'",
        ),
        (r#""99213""#, r#"run_after: [{ lines: ["X0090"], date: 2026-02-02 }],"#, fires),
        (
            r#""X0090 @2026-02-02""#,
            r#"history: [{ lines: ["99213"] }],"#,
            "fires: [1], message: '99213 was billed before on line 1 of claim EARLIER1 (2026-03-02), 28 days after X0090 (line 1)'",
        ),
        (r#""X0090 @2026-02-02""#, r#"history: [{ lines: ["99213-24"] }],"#, LIFTED),
        (r#""X0090 @2026-02-02""#, r#"history: [{ lines: ["X0010"] }],"#, fires),
        // A claim of the run carries it itself.
        (
            r#""X0090 @2026-02-02""#,
            r#"run_before: [{ lines: ["99213"] }],"#,
            "silent: { because: surgery }",
        ),
        (
            r#""99213""#,
            r#"history: [{ lines: ["X0090 npi=2999999024 taxonomy=208600000X"], date: 2026-02-02 }],"#,
            "undetermined: [1]",
        ),
        (
            r#""99213 taxonomy=207R00000X""#,
            r#"history: [{ lines: ["X0090 npi=2999999024 taxonomy=208600000X"], date: 2026-02-02 }],"#,
            "silent: { because: rendering_provider }",
        ),
        (
            r#""99213 taxonomy=208600000X""#,
            r#"history: [{ lines: ["X0090 npi=2999999024 taxonomy=208600000X"], date: 2026-02-02 }],"#,
            fires,
        ),
        (
            r#""99213 taxonomy=208600000X""#,
            r#"history: [{ lines: ["X0090 npi=2999999024 taxonomy=208600000X"], billing: "2999999040", date: 2026-02-02 }],"#,
            "undetermined: [1]",
        ),
    ]);
}

#[test]
fn what_is_not_known_is_told_and_never_silent() {
    let open = "undetermined: [1], disposition: suspend";
    said(&[
        (r#""99213""#, "history: absent,", open),
        (r#""99213-24""#, "history: absent,", open),
        (r#""X0010-79""#, "history: absent,", open),
        (r#""99213-24-25-57""#, "history: absent,", "silent: { because: surgery }"),
        (r#""X0555""#, "history: absent,", "silent: { because: codes }"),
        // What the run decides is not open.
        (
            r#""99213""#,
            r#"history: absent, run_before: [{ lines: ["X0090"], date: 2026-02-02 }],"#,
            "fires: [1]",
        ),
        // The contractor decides, and a row of another day leaves it open.
        (r#""99213""#, r#"history: [{ lines: ["X0099"], date: 2026-02-02 }],"#, open),
        (r#""99213-25""#, r#"history: [{ lines: ["X0099"] }],"#, LIFTED),
        (r#""99213""#, r#"history: [{ lines: ["X0091"], date: 2019-12-31 }],"#, PERIOD),
        (r#""99213 @2020-01-09""#, r#"history: [{ lines: ["X0091"], date: 2019-12-31 }],"#, open),
    ]);
}

#[test]
fn a_payer_that_takes_other_modifiers_says_so() {
    let pack = made(&format!(
        "{RULE}  lifted_by: {{ decision: [\"25\", \"57\"] }}\n  history: claim_only\ntests:\n\
         \x20 - {{ name: taken, claim: {{ lines: [\"X0090\", \"99213-25\"] }}, expect: {{ {LIFTED} }} }}\n\
         \x20 - {{ name: not looked at, claim: {{ lines: [\"99213\"] }}, history: [{{ lines: [\"X0090\"] }}], expect: {{ silent: {{ because: surgery }} }} }}\n"
    ));
    assert_eq!(pack.edits[0].scope(), Scope::Claim);
    for test in &pack.tests {
        assert_eq!(run_test(&pack, test), TestResult::Passed, "{}", test.name);
    }
}

#[test]
fn it_looks_as_far_as_the_longest_period() {
    let pack = made(&format!("{RULE}tests: []\n"));
    assert_eq!(pack.edits[0].scope(), Scope::PatientHistory { days: 91 });
}

#[test]
fn of_several_surgeries_the_last_certain_one_is_named_in_words_that_say_when() {
    let pack = made(&format!("{RULE}tests: []\n"));
    let registry = Registry::new(pack.edits).unwrap();
    let claim = |id: &str, line: &str| {
        let mut sketch = ClaimSketch::new(&[line.to_owned()]).unwrap();
        sketch.claim_id = id.to_owned();
        sketch.claim(false).unwrap()
    };
    let earlier = vec![
        claim("OPEN", "X0099 @2026-03-01"),
        claim("LATE", "X0091 @2026-02-02"),
        claim("EARLY", "X0091 @2026-01-05"),
    ];
    let (timeline, mut beside) = (Timeline::new(earlier), Vec::new());
    let visit = claim("NOW", "99213");
    let history = History::Known(timeline.around(&visit, 0, &mut beside));
    let mut evaluator = Evaluator::default();
    let verdict = evaluator.evaluate(&registry, Subject { claim: &visit, history, as_of: None });
    let whys: Vec<&str> = verdict.findings.iter().map(|finding| finding.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            "99213 (line 1) is 28 days after X0091 (line 1 of claim LATE), whose global days are 090 \
              (sample/fees.csv, row 5): 2026-02-01 to 2026-05-03; no modifier 24 takes it out"
        ]
    );
}
