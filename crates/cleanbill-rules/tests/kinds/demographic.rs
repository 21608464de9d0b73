//! `demographic`.

use cleanbill_engine::{LineOutcome, explain};

use crate::{pack, passes, shows};

#[test]
fn a_code_for_one_sex_is_found_on_the_other() {
    passes(
        5,
        r#"
demographic: { codes: ["76805"], sex: F }
tests:
  - { name: other,   claim: { sex: M, lines: ["76805"] }, expect: { fires: 1 } }
  - { name: fitting, claim: { sex: F, lines: ["76805"] }, expect: { silent: { because: sex } } }
  - { name: unknown, claim: { sex: U, lines: ["76805"] }, expect: { undetermined: 1, disposition: suspend } }
  - { name: missing, claim: { lines: ["76805"] },         expect: { undetermined: 1 } }
  - { name: other code, claim: { sex: M, lines: ["93970", "99213"] }, expect: { silent: { because: codes } } }
"#,
    );
}

#[test]
fn the_age_is_that_on_the_date_of_service_and_both_ends_count() {
    passes(
        8,
        r#"
demographic: { codes: ["99384"], age: { min: 12, max: 17 } }
tests:
  - { name: the day before the birthday, claim: { birth_date: 2014-03-03, lines: ["99384"] }, expect: { fires: 1 } }
  - { name: on the birthday,             claim: { birth_date: 2014-03-02, lines: ["99384"] }, expect: { silent: { because: age } } }
  - { name: the last day of the range,   claim: { birth_date: 2008-03-03, lines: ["99384"] }, expect: { silent: { because: age } } }
  - { name: the day after,               claim: { birth_date: 2008-03-02, lines: ["99384"] }, expect: { fires: 1 } }
  - { name: born on 29 February, 28th,   claim: { date: 2026-02-28, birth_date: 2008-02-29, lines: ["99384"] }, expect: { silent: { because: age } } }
  - { name: born on 29 February, 1 March, claim: { date: 2026-03-01, birth_date: 2008-02-29, lines: ["99384"] }, expect: { fires: 1 } }
  - { name: born after the service,      claim: { birth_date: 2026-03-03, lines: ["99384"] }, expect: { undetermined: 1 } }
  - { name: each line has its own day,   claim: { birth_date: 2014-03-03, lines: ["99384", "99384 @2026-03-03"] }, expect: { fires: [1] } }
"#
        .replace("29 February, 28th", "29 February on the 28th")
        .replace("29 February, 1 March", "29 February on 1 March")
        .as_str(),
    );
}

#[test]
fn an_age_may_be_given_in_days_and_beside_the_sex() {
    passes(
        5,
        r#"
demographic: { codes: ["54150"], sex: M, age: { from_days: 0, through_days: 28 } }
tests:
  - { name: on the day of birth, claim: { sex: M, birth_date: 2026-03-02, lines: ["54150"] }, expect: { silent: { because: age } } }
  - { name: day 28,              claim: { sex: M, birth_date: 2026-02-02, lines: ["54150"] }, expect: { silent: { because: age } } }
  - { name: day 29,              claim: { sex: M, birth_date: 2026-02-01, lines: ["54150"] }, expect: { fires: 1 } }
  - { name: wrong sex is enough, claim: { sex: F, lines: ["54150"] },                         expect: { fires: 1 } }
  - { name: right sex is not,    claim: { sex: M, lines: ["54150"] },                         expect: { undetermined: 1 } }
"#,
    );
}

#[test]
fn neither_birth_date_nor_age_nor_sex_is_shown() {
    let pack = pack(
        r#"
demographic: { codes: ["99384"], sex: F, age: { min: 12, max: 17 } }
tests:
  - { name: fires,  claim: { sex: M, birth_date: 1947-11-29, lines: ["99384"] }, expect: { fires: 1 } }
  - { name: silent, claim: { sex: F, birth_date: 2012-11-29, lines: ["99384"] }, expect: { silent: { because: age } } }
"#,
    );
    for test in &pack.tests {
        let seen = explain(pack.edits[0].as_ref(), "sample", &test.claim().unwrap()).unwrap();
        let shown = format!("{:?} {test:?}", seen.lines[0].steps);
        let found = match &seen.lines[0].outcome {
            LineOutcome::Found(found) => format!(
                "{} {} {} {:?}",
                found[0].message, found[0].why, found[0].fix, found[0].evidence
            ),
            LineOutcome::Silent { .. } => String::new(),
        };
        for secret in ["1947", "2012", "11-29", "1129", "78", "13", "Female", "Male"] {
            assert!(!shown.contains(secret), "`{secret}` in {shown}");
            assert!(!found.contains(secret), "`{secret}` in {found}");
        }
    }
}

#[test]
fn a_rule_that_asks_for_nothing_or_for_no_age_is_refused() {
    shows("a_demographic_rule_without_a_question", "demographic: { codes: [\"99384\"] }\n");
    shows(
        "an_age_range_that_holds_no_age",
        "demographic: { codes: [\"99384\"], age: { min: 18, max: 12 } }\n",
    );
    shows(
        "an_age_range_with_two_beginnings",
        "demographic: { codes: [\"99384\"], age: { min: 1, from_days: 28 } }\n",
    );
    shows(
        "a_birth_date_that_is_none",
        "demographic: { codes: [\"99384\"], sex: W }\ntests:\n  - { name: x, claim: { birth_date: 1947-13-01, lines: [\"99384\"] }, expect: { fires: 1 } }\n",
    );
}
