//! What an author sees for each kind of mistake: the whole text, with place, excerpt and suggestion.

mod sample;

use cleanbill_rules::{Code, MemorySource, TestResult, load, run_test};
use sample::{MUE, PACK, pack};

const RULE: &str = "\
rules:
  - id: units
    title: Too many units
    unit_limit:
      table: mue
      max: max_units
      basis: mai
      same: [patient, service_date]
    message: \"{code} has {total} units\"
    fix: Correct the units.
    source:
      - { authority: CMS, document: MUE, kind: public }
    tests:
      - name: two
        claim: { lines: [\"93970 x2\"] }
        expect: { fires: [1] }
";

/// What the author sees when `from` in the sound pack is replaced by `to`.
#[track_caller]
fn seen(from: &str, to: &str) -> String {
    assert!(RULE.contains(from), "`{from}` is not in the sample");
    match load(&pack(&RULE.replace(from, to))) {
        Ok(_) => "no mistake".to_owned(),
        Err(diagnostics) => diagnostics.render(false),
    }
}

macro_rules! shows {
    ($name:ident, $from:expr, $to:expr) => {
        #[test]
        fn $name() {
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(stringify!($name), seen($from, $to));
            });
        }
    };
}

#[test]
fn the_sound_pack_loads_and_its_test_passes() {
    let pack = load(&pack(RULE)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(pack.edits.len(), 1);
    assert_eq!(run_test(&pack, &pack.tests[0]), TestResult::Passed);
}

#[test]
fn a_test_that_expects_something_else_fails_and_says_what_came_out() {
    for (expect, words) in [
        ("silent: { because: max }", "line 1: fires (line_denial)"),
        ("fires: [2]", "expected `fires` on lines [2]"),
        ("undetermined: 1", "expected `undetermined`"),
        ("fires: 1, disposition: suspend", "expected disposition suspend"),
        ("fires: 1, message: nonsense", "expected a message with `nonsense`"),
    ] {
        let pack = load(&pack(&RULE.replace("fires: [1]", expect))).unwrap();
        match run_test(&pack, &pack.tests[0]) {
            TestResult::Failed(reason) => assert!(reason.contains(words), "{reason}"),
            TestResult::Passed => panic!("`{expect}` passed"),
        }
    }
}

shows!(a_misspelt_key_is_named_with_the_nearest, "unit_limit:", "unit_limt:");
shows!(a_misspelt_key_deep_inside_is_named, "max: max_units", "maxi: max_units");
shows!(a_missing_key_is_named, "    fix: Correct the units.\n", "");
shows!(a_list_where_a_text_belongs, "title: Too many units", "title: [Too, many]");
shows!(a_text_where_a_list_belongs, "same: [patient, service_date]", "same: patient");
shows!(an_unknown_disposition, "    fix:", "    disposition: line_deny\n    fix:");
shows!(an_unknown_table, "table: mue", "table: mui");
shows!(an_unknown_column, "max: max_units", "max: max_unit");
shows!(an_unknown_placeholder, "{total}", "{totl}");
shows!(an_unknown_clause_in_a_test, "fires: [1]", "silent: { because: maximum }");
shows!(a_test_line_that_cannot_be_read, "93970 x2", "9397 x2");
shows!(
    text_that_starts_with_a_brace,
    "message: \"{code} has {total} units\"",
    "message: {code} has {total} units"
);
shows!(a_tab_in_the_indentation, "    title:", "\ttitle:");
shows!(a_key_twice, "    fix: Correct", "    title: Again\n    fix: Correct");
shows!(an_anchor, "title: Too", "title: &name Too");
shows!(an_alias, "title: Too many units", "title: *name");
shows!(a_tag, "title: Too", "title: !Too");
shows!(a_date_that_is_none, "    fix:", "    effective: { from: 2026-02-30 }\n    fix:");
shows!(a_reason_that_needs_a_remark, "    fix:", "    remit: { group: CO, carc: 16 }\n    fix:");
shows!(two_kinds_in_one_rule, "    message:", "    code_validity: { table: mue }\n    message:");
shows!(
    an_unknown_value_set_and_damaged_codes,
    "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
    "mutually_exclusive:\n      codes: [0100, 82E1, 1E+02, 93970]\n      with: $mappin\n      same: [patient, service_date]"
);
shows!(
    a_single_code_where_a_list_belongs,
    "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
    "mutually_exclusive:\n      codes: 93970\n      with: $mapping\n      same: [patient, service_date]"
);

const TEST: &str = "claim: { lines: [\"93970 x2\"] }";

shows!(a_test_without_a_claim, TEST, "covers: \"1\"");
shows!(
    a_test_with_two_claims,
    TEST,
    "claim: { lines: [\"93970\"] }\n        claim_file: claim.json"
);
shows!(a_claim_file_that_is_not_there, TEST, "claim_file: claims/none.json");
shows!(
    an_earlier_claim_that_cannot_be_read,
    TEST,
    "claim: { lines: [\"93970 x2\"] }\n        history: [{ lines: [\"9397\"] }, { line: [] }]"
);
shows!(
    a_search_that_leaves_out_the_claim_in_hand,
    "same: [patient, service_date]",
    "same: [patient, service_date]\n      search: [history, elsewhere]"
);
shows!(
    a_search_of_a_kind_that_looks_at_one_line,
    "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
    "modifier_validity:\n      codes: [\"93970\"]\n      not_allowed: [\"50\"]\n      search: [this_claim, history]"
);
shows!(
    codes_that_are_named_twice,
    "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
    "modifier_validity:\n      codes: [\"93970\"]\n      codes_where: { table: mue, column: mai, is: [\"3\"] }\n      not_allowed: [\"50\"]"
);
shows!(
    codes_of_a_column_that_is_not_there,
    "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
    "modifier_validity:\n      codes_where: { table: mue, column: bilateral, is: [\"3\"] }\n      not_allowed: [\"50\"]"
);
shows!(
    coverage_that_names_no_codes,
    "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
    "diagnosis_coverage:\n      covered: $mapping\n      look_at: pointed"
);
shows!(
    words_for_earlier_claims_that_are_not_searched,
    "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
    "duplicate_line:\n      same: [patient, service_date]\n      history_words: { message: \"{code}\", fix: Mend it. }"
);
shows!(a_history_that_is_no_word, TEST, "claim: { lines: [\"93970 x2\"] }\n        history: abset");
shows!(
    a_test_with_a_day_for_waivers_and_none,
    TEST,
    "claim: { lines: [\"93970 x2\"] }\n        as_of: 2026-03-02"
);
shows!(
    two_tests_of_one_name,
    "        expect: { fires: [1] }\n",
    "        expect: { fires: [1] }\n      - name: two\n        claim: { lines: [\"93970\"] }\n        expect: { silent: { because: max } }\n"
);
shows!(
    a_warning_that_does_not_exist_is_not_kept,
    "    fix:",
    "    allow: [{ lint: W4120, reason: so }]\n    fix:"
);

#[test]
fn mistakes_in_two_rules_are_both_shown() {
    let two = format!("{RULE}{}", RULE.replace("rules:\n", "").replace("id: units", "id: other"));
    let two = two.replace("table: mue", "tabl: mue");
    let diagnostics = load(&pack(&two)).err().expect("two mistakes");
    let codes: Vec<Code> = diagnostics.list().iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::UnknownKey, Code::UnknownKey]);
    let lines: Vec<usize> = diagnostics.list().iter().map(|d| diagnostics.position(d).0).collect();
    assert_eq!(lines, [5, 20]);
}

#[test]
fn bare_codes_stay_the_text_that_was_typed() {
    // As a list item, as a plain scalar: never a number, never a float, never a boolean.
    let rules = RULE.replace(
        "unit_limit:\n      table: mue\n      max: max_units\n      basis: mai\n      same: [patient, service_date]",
        "mutually_exclusive:\n      codes: [93970, 00100, 0191T]\n      with: [93985]\n      same: [patient, service_date]",
    );
    let rules = rules.replace("{total} ", "").replace("fires: [1]", "silent: { because: pair }");
    let pack = load(&pack(&rules)).unwrap_or_else(|error| panic!("{error}"));
    let cleanbill_engine::Trigger::Ranges(codes) = pack.edits[0].trigger() else { panic!() };
    let codes: Vec<String> = codes.iter().map(|code| code.to_string()).collect();
    assert_eq!(codes, ["00100", "93970", "93985", "0191T"]);
}

#[test]
fn a_damaged_cell_is_named_by_row_and_column() {
    let source = pack(RULE)
        .with("mue.csv", "\u{feff}code,max_units,mai,from,through\r\n93970,1,3,,\r\n100,2,3,,\r\n");
    let error = load(&source).err().expect("a damaged cell").render(false);
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("a_damaged_cell_is_named_by_row_and_column", error);
    });
}

#[test]
fn a_pack_that_checks_nothing_is_refused() {
    for (source, code) in [
        (
            MemorySource::new("x")
                .with("pack.yaml", &PACK.replace("include: [rules/*.yaml]\n", ""))
                .with("mue.csv", MUE),
            Code::NoRules,
        ),
        (pack(RULE).with("mue.csv", "code,max_units,mai,from,through\n"), Code::BadCell),
        (pack(RULE).with("mue.csv", ""), Code::UnknownColumn),
        (MemorySource::new("x"), Code::UnknownFile),
        (pack("rules: []\n"), Code::NoRules),
        (pack(""), Code::UnsafeYaml),
        (pack(&format!("{RULE}{}", RULE.replace("rules:\n", ""))), Code::DuplicateId),
    ] {
        let diagnostics = load(&source).err().expect("refused");
        assert_eq!(diagnostics.list()[0].code, code, "{diagnostics}");
    }
}

#[test]
fn deep_nesting_and_alias_bombs_are_refused_at_once() {
    let deep = format!("rules: {}", "[".repeat(100_000));
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n";
    for text in [deep.as_str(), bomb] {
        assert!(load(&pack(text)).is_err());
    }
}

#[test]
fn every_code_has_its_own_number() {
    let mut numbers: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), Code::ALL.len());
}
