//! `new_patient_visit`.

use cleanbill_engine::Scope;

use crate::{pack, passes, shows};

const RULE: &str = r#"
new_patient_visit:
  codes: ["99202-99205"]
  face_to_face: ["99202-99215", "20610"]
  except_modifiers: ["26", TC]
  same: [patient, physician]
"#;

/// Every test in `tests` passes.
#[track_caller]
fn said(count: usize, tests: &str) {
    passes(count, &format!("{RULE}tests:\n{tests}"));
}

#[test]
fn a_service_within_three_years_by_date_makes_the_patient_an_established_one() {
    said(
        8,
        r#"
  - name: seen last year
    claim: { lines: ["99203"] }
    history: [{ lines: ["99213"], date: 2025-03-02 }]
    expect: { fires: [1] }
  - name: the day before three years have passed
    claim: { lines: ["99203"] }
    history: [{ lines: ["99213"], date: 2023-03-03 }]
    expect: { fires: [1] }
  - name: three years ago to the day
    claim: { lines: ["99203"] }
    history: [{ lines: ["99213"], date: 2023-03-02 }]
    expect: { silent: { because: months } }
  - name: the last day of a service of several days counts
    claim: { lines: ["99203"] }
    history: [{ lines: ["99213"], date: 2023-02-25..2023-03-05 }]
    expect: { fires: [1] }
  - name: a procedure of the same day
    claim: { lines: ["99203-25", "20610"] }
    expect: { silent: { because: earlier_service } }
  - name: a later visit
    claim: { lines: ["99203"] }
    run_before: [{ lines: ["99213"], date: 2026-03-09 }]
    expect: { silent: { because: earlier_service } }
  - name: a test that nobody was seen for
    claim: { lines: ["99203"] }
    history: [{ lines: ["20610-26"], date: 2026-02-02 }]
    expect: { silent: { because: except_modifiers } }
  - name: a visit of an established patient
    claim: { lines: ["99213"] }
    history: [{ lines: ["99213"], date: 2025-03-02 }]
    expect: { silent: { because: codes } }
"#,
    );
}

#[test]
fn it_stands_on_any_claim_and_counts_by_date_and_not_by_arrival() {
    said(
        4,
        r#"
  - name: an earlier line of the claim
    claim: { lines: ["99203", "99213 @2026-02-02"] }
    expect: { fires: [1] }
  - name: a claim of the run that counts as having come behind
    claim: { lines: ["99203"] }
    run_after: [{ lines: ["99213"], date: 2026-02-02 }]
    expect: { fires: [1] }
  - name: the claim that this one replaces
    claim: { lines: ["99203 @2026-03-03"], frequency: "7", replaces: EARLIER1 }
    history: [{ lines: ["99203"], date: 2026-03-02 }]
    expect: { silent: { because: earlier_service } }
  - name: on a claim of a facility
    claim: { lines: ["99203", "99213 @2026-02-02"], type: institutional }
    expect: { silent: { because: applies_to } }
"#,
    );
}

#[test]
fn what_is_not_known_is_told_and_never_silent() {
    said(
        6,
        r#"
  - name: nobody knows the earlier claims
    claim: { lines: ["99203"] }
    history: absent
    expect: { undetermined: [1], disposition: suspend, message: "whether the patient is new" }
  - name: the run alone decides it
    claim: { lines: ["99203"] }
    history: absent
    run_before: [{ lines: ["99213"], date: 2026-02-02 }]
    expect: { fires: [1] }
  - name: another physician of a specialty that is not given
    claim: { lines: ["99203"] }
    history: [{ lines: ["99213 npi=2999999024"], date: 2026-02-02 }]
    expect: { undetermined: [1] }
  - name: another specialty of the group
    claim: { lines: ["99203 taxonomy=207R00000X npi=2999999032"] }
    history: [{ lines: ["99213 npi=2999999024 taxonomy=2085R0202X"], date: 2026-02-02 }]
    expect: { silent: { because: rendering_provider } }
  - name: the specialty of the group
    claim: { lines: ["99203 taxonomy=207R00000X npi=2999999032"] }
    history: [{ lines: ["99213 npi=2999999024 taxonomy=207R00000X"], date: 2026-02-02 }]
    expect: { fires: [1] }
  - name: a certain service goes before a later one that is open
    claim: { lines: ["99203"] }
    history: [{ lines: ["99213 npi=2999999024"], date: 2026-02-09 }, { lines: ["99213"], date: 2026-02-02 }]
    expect: { fires: [1] }
"#,
    );
}

#[test]
fn its_scope_is_as_long_as_its_months_and_the_claim_where_that_is_enough() {
    let scope = |more: &str| pack(&format!("{}{more}", RULE.trim_start())).edits[0].scope();
    assert_eq!(scope(""), Scope::PatientHistory { days: 3 * 366 });
    assert_eq!(scope("  months: 13\n"), Scope::PatientHistory { days: 366 + 31 });
    assert_eq!(scope("  history: claim_only\n"), Scope::Claim);
}

#[test]
fn its_mistakes_are_shown_where_they_stand() {
    shows(
        "a_new_patient_rule_with_mistakes",
        "new_patient_visit: { codes: [\"9920\"], face_to_face: [\"99213\"], months: 0, same: [patient, service_date], history: never }\n",
    );
}
