//! Lists of codes: beginnings, ranges, sets within sets.

use cleanbill_rules::{Code, MemorySource, load};

use crate::{HEAD, PACK, indented, passes, shows};

#[test]
fn beginnings_ranges_and_sets_stand_beside_single_codes() {
    passes(
        7,
        r#"
place_of_service: { codes: ["9397*", "00100-01992", $more, 0001T-0099T], not_at: ["22"] }
tests:
  - { name: beginning,             claim: { pos: "22", lines: ["93979"] }, expect: { fires: 1 } }
  - { name: first of the range,    claim: { pos: "22", lines: ["00100"] }, expect: { fires: 1 } }
  - { name: last of the range,     claim: { pos: "22", lines: ["01992"] }, expect: { fires: 1 } }
  - { name: behind the range,      claim: { pos: "22", lines: ["01993"] }, expect: { silent: { because: codes } } }
  - { name: another shape,         claim: { pos: "22", lines: ["0050U"] }, expect: { silent: { because: codes } } }
  - { name: a set within the list, claim: { pos: "22", lines: ["93986"] }, expect: { fires: 1 } }
  - { name: a set within that set, claim: { pos: "22", lines: ["G0365"] }, expect: { fires: 1 } }
"#
        .replace("$more", "$venous, \"93986\", \"G0365\"")
        .as_str(),
    );
}

fn with_sets(sets: &str) -> MemorySource {
    let pack = PACK.replace("value_sets:\n", &format!("value_sets:\n{sets}"));
    let rule = "place_of_service: { codes: $outer, not_at: [\"22\"] }\ntests:\n  - { name: inner, claim: { pos: \"22\", lines: [\"93986\"] }, expect: { fires: 1 } }\n";
    MemorySource::new("sample")
        .with("pack.yaml", &pack)
        .with("covered_dx.csv", crate::COVERED)
        .with("rules/a.yaml", &format!("{HEAD}{}", indented(rule)))
}

#[test]
fn a_set_may_contain_other_sets() {
    let source = with_sets("  outer: [$middle, \"93985\"]\n  middle: [$inner]\n  inner: [9398*]\n");
    let pack = load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let passed = cleanbill_rules::run_test(&pack, &pack.tests[0]);
    assert_eq!(passed, cleanbill_rules::TestResult::Passed);
}

#[test]
fn a_set_that_contains_itself_is_refused_with_the_place() {
    let source = with_sets("  outer: [$middle]\n  middle: [\"93985\", $outer]\n");
    let mistakes = load(&source).err().unwrap();
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!("a_set_that_contains_itself", mistakes.render(false));
    });
}

#[test]
fn sets_nested_too_deep_or_too_often_are_refused_at_once() {
    // Every level names the next one twice: written out that would be 2^15 codes.
    let wide: String = (0..15).map(|n| format!("  s{n}: [$s{m}, $s{m}]\n", m = n + 1)).collect();
    let wide = format!("  outer: [$s2]\n{wide}  s15: [9398*]\n");
    assert!(load(&with_sets(&wide)).is_ok());
    let deep: String = (0..3_000).map(|n| format!("  s{n}: [$s{}]\n", n + 1)).collect();
    let deep = format!("  outer: [$s0]\n{deep}  s3000: [9398*]\n");
    let mistakes = load(&with_sets(&deep)).err().unwrap();
    assert!(mistakes.list().iter().all(|mistake| mistake.code == Code::CircularSet), "{mistakes}");
}

#[test]
fn a_damaged_pattern_is_refused_with_the_remedy() {
    shows(
        "a_damaged_pattern",
        "place_of_service: { codes: [\"93979-93970\", \"93970*\", \"*\", $venos], not_at: [\"22\"] }\n",
    );
}

#[test]
fn every_code_of_a_range_is_paired_with_every_code_of_another() {
    passes(
        4,
        r#"
mutually_exclusive: { codes: ["0010*", "01990-01992"], with: [9397*], same: [patient, service_date] }
tests:
  - { name: anaesthesia with the study, claim: { lines: ["93970", "01991"] }, expect: { fires: [2] } }
  - { name: either order of the lines,  claim: { lines: ["00100", "93979"] }, expect: { fires: [1] } }
  - { name: two of one list,            claim: { lines: ["00100", "01991"] }, expect: { silent: { because: pair } } }
  - { name: outside,                    claim: { lines: ["93970", "01993"] }, expect: { silent: { because: pair } } }
"#,
    );
}
