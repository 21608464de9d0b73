//! `duplicate_line`.

use crate::{pack, passes, shows};

#[test]
fn the_later_line_is_found_and_names_the_earlier() {
    passes(
        9,
        r#"
duplicate_line:
  codes: ["9397*"]
  same: [patient, service_date, rendering_provider, modifiers]
  unless_modifiers: $repeat
tests:
  - { name: twice,             claim: { lines: ["93970", "93970"] },            expect: { fires: [2] } }
  - { name: three times,       claim: { lines: ["93970", "99213", "93970", "93970"] }, expect: { fires: [3, 4] } }
  - { name: once,              claim: { lines: ["93970", "93971"] },            expect: { silent: { because: earlier_line } } }
  - { name: repeated with 76,  claim: { lines: ["93970", "93970-76"] },         expect: { silent: { because: unless_modifiers } } }
  - { name: 76 on the first,   claim: { lines: ["93970-76", "93970"] },         expect: { silent: { because: unless_modifiers } } }
  - { name: other modifiers,   claim: { lines: ["93971-LT", "93971-RT"] },      expect: { silent: { because: modifiers } } }
  - { name: the same in another order, claim: { lines: ["93971-LT-26", "93971-26-LT"] }, expect: { fires: [2] } }
  - { name: another day,       claim: { lines: ["93970", "93970 @2026-03-03"] }, expect: { silent: { because: service_date } } }
  - { name: another code,      claim: { lines: ["99213", "99213"] },            expect: { silent: { because: codes } } }
"#,
    );
}

#[test]
fn every_procedure_is_meant_when_no_codes_are_given() {
    passes(
        6,
        r#"
duplicate_line: { same: [patient, service_date, rendering_provider, units] }
tests:
  - { name: any code,       claim: { lines: ["99213", "99213"] },         expect: { fires: [2], message: "99213 on line 2" } }
  - { name: other units,    claim: { lines: ["99213", "99213 x2"] },      expect: { silent: { because: units } } }
  - { name: a common day,   claim: { lines: ["99213 @2026-03-01..2026-03-02", "99213"] }, expect: { fires: [2] } }
  - name: other specialty
    claim: { lines: ["99213 npi=1234567893 taxonomy=2085R0202X", "99213 npi=2999999024 taxonomy=207R00000X"] }
    expect: { silent: { because: rendering_provider } }
  - name: two providers, specialty unknown
    claim: { lines: ["99213 npi=1234567893", "99213 npi=2999999024"] }
    expect: { undetermined: [2], disposition: suspend }
  - name: modifiers are not compared
    claim: { lines: ["99213-LT", "99213-RT"] }
    expect: { fires: [2] }
"#,
    );
}

#[test]
fn the_words_name_both_lines_by_number_in_either_order() {
    let rule = r#"
duplicate_line: { codes: ["93970"], same: [patient, service_date] }
tests:
  - { name: twice, claim: { lines: ["93970", "93970"] }, expect: { fires: [2] } }
"#;
    let pack = pack(rule);
    let mut claim = pack.tests[0].claim().unwrap();
    for _ in 0..2 {
        let seen = cleanbill_engine::explain(pack.edits[0].as_ref(), "sample", &claim).unwrap();
        let found: Vec<String> = seen
            .lines
            .iter()
            .filter_map(|line| match &line.outcome {
                cleanbill_engine::LineOutcome::Found(found) => Some(found[0].why.clone()),
                cleanbill_engine::LineOutcome::Silent { .. } => None,
            })
            .collect();
        assert_eq!(found, ["line 2 is the same service as line 1"]);
        claim.lines.reverse();
    }
}

#[test]
fn what_a_duplicate_cannot_share_is_named() {
    shows(
        "a_duplicate_rule_with_mistakes",
        "duplicate_line: { codes: [\"93970\"], same: [patient, extremity] }\n",
    );
}

#[test]
fn a_key_without_a_value_is_not_taken_for_one_left_out() {
    shows(
        "a_key_without_a_value",
        "duplicate_line: { codes: , same: [patient, service_date], unless_modifiers: ~ }\n",
    );
    for (rule, words) in [
        (
            "require:\n  codes: [\"93970\"]\n  when:\n  must: { line.units: { gt: 1 } }\n",
            "nothing stands here",
        ),
        (
            "require:\n  when: { line.units: { gt: null } }\n  must_have: place_of_service\n",
            "`gt` has no value",
        ),
        ("demographic: { codes: [\"93970\"], sex: F, age: }\n", "nothing stands here"),
    ] {
        assert!(crate::mistakes(rule).contains(words), "{}", crate::mistakes(rule));
    }
}

#[test]
fn a_near_duplicate_differs_in_what_the_rule_names() {
    passes(
        6,
        r#"
duplicate_line:
  same: [patient, service_date, rendering_npi]
  differ: [modifiers, units]
tests:
  - { name: other units,        claim: { lines: ["93970", "93970 x2"] },  expect: { fires: [2] } }
  - { name: other modifiers,    claim: { lines: ["93971-LT", "93971-RT"] }, expect: { fires: [2] } }
  - { name: the same in all,    claim: { lines: ["93970", "93970"] },     expect: { silent: { because: differ } } }
  - { name: another NPI,        claim: { lines: ["93970 npi=1234567893", "93970-26 npi=2999999024"] }, expect: { silent: { because: rendering_provider } } }
  - { name: an NPI is missing on the other claim, claim: { lines: ["93970"] }, expect: { silent: { because: earlier_line } } }
  - { name: another specialty of one NPI, claim: { lines: ["93970 taxonomy=2085R0202X npi=2999999024", "93970 x2 taxonomy=207R00000X npi=2999999024"] }, expect: { fires: [2] } }
"#,
    );
}

const REPEATED: &str = r#"
duplicate_line:
  same: [patient, service_date]
  search: [this_claim, history]
  repeated:
    same_provider: ["76"]
    other_provider: ["77"]
    laboratory: { modifiers: ["91"], codes: ["80047-89398"] }
"#;

#[test]
fn modifiers_of_repetition_lift_only_where_they_are_true() {
    passes(
        10,
        &format!(
            r#"{REPEATED}tests:
  - {{ name: 76 by one provider,   claim: {{ lines: ["93970", "93970-76"] }},   expect: {{ silent: {{ because: repeated }} }} }}
  - {{ name: 77 by one provider,   claim: {{ lines: ["93970", "93970-77"] }},   expect: {{ fires: [2] }} }}
  - {{ name: 77 by another,        claim: {{ lines: ["93970", "93970-77 npi=2999999024"] }}, expect: {{ silent: {{ because: repeated }} }} }}
  - {{ name: 76 by another,        claim: {{ lines: ["93970", "93970-76 npi=2999999024"] }}, expect: {{ fires: [2] }} }}
  - {{ name: 91 on a test,         claim: {{ lines: ["80053", "80053-91"] }},   expect: {{ silent: {{ because: repeated }} }} }}
  - {{ name: 91 on a study,        claim: {{ lines: ["93970", "93970-91"] }},   expect: {{ fires: [2] }} }}
  - name: 77 behind an earlier claim of another provider
    claim: {{ lines: ["93970-77 npi=2999999024"] }}
    history: [{{ lines: ["93970"] }}]
    expect: {{ silent: {{ because: repeated }} }}
  - name: 76 behind a claim of the run of another provider
    claim: {{ lines: ["93970-76 npi=2999999024"] }}
    run_before: [{{ lines: ["93970"] }}]
    expect: {{ fires: [1] }}
  - name: the later claim of the run is the duplicate
    claim: {{ lines: ["93970"] }}
    run_after: [{{ lines: ["93970"] }}]
    expect: {{ silent: {{ because: earlier_line }} }}
  - name: nobody knows the earlier claims
    claim: {{ lines: ["93970"] }}
    run_after: [{{ lines: ["93971"] }}]
    history: absent
    expect: {{ undetermined: [1] }}
"#
        ),
    );
}

#[test]
fn the_words_name_the_modifier_that_would_fit_and_the_one_that_does_not() {
    let pack = pack(&format!(
        "{}tests:\n  - {{ name: twice, claim: {{ lines: [\"93970\", \"93970-77\"] }}, expect: {{ fires: [2] }} }}\n",
        REPEATED.trim_start()
    ));
    let claim = pack.tests[0].claim().unwrap();
    let seen = cleanbill_engine::explain(pack.edits[0].as_ref(), "sample", &claim).unwrap();
    let cleanbill_engine::LineOutcome::Found(found) = &seen.lines[1].outcome else {
        panic!("{seen:?}")
    };
    assert_eq!(
        found[0].why,
        "line 2 is the same service as line 1; modifier 77 does not fit: the two lines have one rendering provider"
    );
}

#[test]
fn what_cannot_be_in_a_rule_about_near_duplicates_is_told() {
    shows(
        "a_near_duplicate_rule_with_mistakes",
        "duplicate_line: { same: [patient, service_date, units], differ: [units, side], repeated: {} }\n",
    );
}
