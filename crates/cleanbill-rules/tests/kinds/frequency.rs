//! `frequency_limit`, within one claim and with earlier ones.

use crate::{passes, shows};

#[test]
fn days_beyond_the_limit_within_the_window_are_found() {
    passes(
        8,
        r#"
frequency_limit:
  codes: $venous
  max: 2
  count: service_dates
  window: { days: 30 }
  same: [patient]
  history: claim_only
tests:
  - name: the third day
    claim: { lines: ["93970 @2026-03-01", "93971 @2026-03-10", "93970 @2026-03-20"] }
    expect: { fires: [3] }
  - name: the order on the claim is not that of the days
    claim: { lines: ["93970 @2026-03-20", "93971 @2026-03-10", "93970 @2026-03-01"] }
    expect: { fires: [1] }
  - name: both lines of the third day
    claim: { lines: ["93970 @2026-03-01", "93971 @2026-03-10", "93970 @2026-03-20", "93971 @2026-03-20"] }
    expect: { fires: [3, 4] }
  - name: two lines of one day are one date
    claim: { lines: ["93970", "93971", "93970 @2026-03-03"] }
    expect: { silent: { because: max } }
  - name: the first day of the window counts
    claim: { lines: ["93970 @2026-03-01", "93970 @2026-03-10", "93970 @2026-03-30"] }
    expect: { fires: [3] }
  - name: the day before does not
    claim: { lines: ["93970 @2026-03-01", "93970 @2026-03-10", "93970 @2026-03-31"] }
    expect: { silent: { because: window } }
  - name: the days of a span count one by one
    claim: { lines: ["93970 @2026-03-01..2026-03-02", "93970 @2026-03-02..2026-03-03"] }
    expect: { fires: [2] }
  - name: another code
    claim: { lines: ["99213 @2026-03-01", "99213 @2026-03-02", "99213 @2026-03-03"] }
    expect: { silent: { because: codes } }
"#,
    );
}

#[test]
fn without_a_history_feed_a_claim_within_the_limit_is_undetermined() {
    passes(
        2,
        r#"
frequency_limit: { codes: $venous, max: 1, count: lines, window: { days: 365 }, same: [patient] }
tests:
  - { name: within the limit,  claim: { lines: ["93970"] }, history: absent, expect: { undetermined: 1, disposition: suspend } }
  - { name: another code,      claim: { lines: ["99213"] }, expect: { silent: { because: codes } } }
"#,
    );
    // Above the limit the claim alone is enough; its first line is still within.
    let rule = r#"
frequency_limit: { codes: $venous, max: 1, count: lines, window: { days: 365 }, same: [patient] }
tests:
  - { name: beyond, claim: { lines: ["93970", "93971"] }, expect: { fires: [2] } }
"#;
    let pack = crate::pack(rule);
    let claim = pack.tests[0].claim().unwrap();
    let seen = cleanbill_engine::explain(pack.edits[0].as_ref(), "sample", &claim).unwrap();
    let found: Vec<(cleanbill_model::Outcome, String)> = seen
        .lines
        .iter()
        .filter_map(|line| match &line.outcome {
            cleanbill_engine::LineOutcome::Found(found) => {
                Some((found[0].outcome, found[0].why.clone()))
            }
            cleanbill_engine::LineOutcome::Silent { .. } => None,
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                cleanbill_model::Outcome::Undetermined,
                "1 within the 365 days that end on 2026-03-02, limit 1; other dates: none; there \
                 is no history feed to tell of earlier claims"
                    .to_owned()
            ),
            (
                cleanbill_model::Outcome::Fires,
                "2 within the 365 days that end on 2026-03-02, limit 1; other dates: 2026-03-02"
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn an_exception_lifts_the_limit_and_an_open_one_leaves_it_open() {
    passes(
        3,
        r#"
frequency_limit:
  codes: $venous
  max: 1
  count: lines
  window: { days: 10 }
  same: [patient]
  unless: { line.dx_pointed: { any_in: $clots } }
  history: claim_only
tests:
  - { name: acute clot,    claim: { dx: [I82.401], lines: ["93970", "93971"] }, expect: { silent: { because: unless } } }
  - { name: another one,   claim: { dx: [M79.661], lines: ["93970", "93971"] }, expect: { fires: [2] } }
  - { name: no diagnosis,  claim: { lines: ["93970", "93971"] }, expect: { undetermined: [2] } }
"#,
    );
}

#[test]
fn units_are_added_up_line_by_line_and_providers_kept_apart() {
    passes(
        4,
        r#"
frequency_limit:
  codes: ["97110"]
  max: 4
  count: units
  window: { days: 7 }
  same: [patient, rendering_provider]
  history: claim_only
tests:
  - { name: beyond,     claim: { lines: ["97110 x2", "97110 x2 @2026-03-03", "97110 x0.5 @2026-03-04"] }, expect: { fires: [3] } }
  - { name: at the limit, claim: { lines: ["97110 x2", "97110 x2 @2026-03-03"] }, expect: { silent: { because: max } } }
  - name: two specialties
    claim: { lines: ["97110 x3 npi=1234567893 taxonomy=2085R0202X", "97110 x3 npi=2999999024 taxonomy=207R00000X"] }
    expect: { silent: { because: max } }
  - name: two providers of unknown specialty
    claim: { lines: ["97110 x3 npi=1234567893", "97110 x3 npi=2999999024"] }
    expect: { undetermined: [2] }
"#,
    );
}

#[test]
fn mistakes_of_a_frequency_rule_are_named() {
    shows(
        "a_frequency_rule_with_mistakes",
        r#"
frequency_limit:
  codes: $venous
  max: 1
  count: days
  window: { days: 0 }
  same: [service_date]
  unless: { line.dx_pointed: { in: $clots } }
  history: none
"#,
    );
}
