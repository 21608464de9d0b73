//! What an author meets on a bad day: many slips at once, YAML itself, codes that look like numbers,
//! tables that a spreadsheet saved, files of a stranger.

#![expect(
    clippy::panic,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

mod sample;

use cleanbill_rules::{Code, Diagnostics, MemorySource, Source, TestResult, load, run_test};
use sample::{MUE, PACK, pack};

const RULES: &str = "\
rules:
  - id: pairs
    title: Mapping and study
    mutually_exclusive:
      codes: [\"93970\"]
      with: $mapping
      same: [patient, service_date]
    disposition: line_denial
    message: \"{code} is not paid with {other.code}\"
    fix: Remove the study.
    source:
      - { authority: CMS, document: NCCI, kind: public }
    tests:
      - name: both
        claim: { lines: [\"93970\", \"93985\"] }
        expect: { fires: [1] }
      - name: other day
        claim: { lines: [\"93970\", \"93985 @2026-03-03\"] }
        expect: { silent: { because: service_date } }
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
";

#[track_caller]
fn mistakes(source: &MemorySource) -> Diagnostics {
    match load(source) {
        Ok(_) => panic!("no mistake was found"),
        Err(mistakes) => mistakes,
    }
}

/// Line, column, code and help of each mistake.
fn told(mistakes: &Diagnostics) -> Vec<(usize, usize, Code, &str)> {
    let of = |mistake| mistakes.position(mistake);
    mistakes
        .list()
        .iter()
        .map(|mistake| (of(mistake).0, of(mistake).1, mistake.code, mistake.help.as_str()))
        .collect()
}

#[track_caller]
fn snapshot(name: &str, mistakes: &Diagnostics) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, mistakes.render(false));
    });
}

/// What was right, and the slip.
const SLIPS: [(&str, &str); 7] = [
    ("    mutually_exclusive:", "    mutualy_exclusive:"),
    ("      codes: [\"93970\"]", "      codes: 93970"),
    ("      with: $mapping", "      with: $maping"),
    ("    disposition: line_denial", "    disposition: line_deny"),
    ("    fix: Remove the study.\n", "    fix: Remove the study.\n    title: Twice\n"),
    ("because: service_date", "because: same_day"),
    ("table: mue", "table: mui"),
];

#[test]
fn s3_seven_slips_in_one_file_are_shown_at_once_and_mending_them_leaves_none() {
    let mut rules = RULES.to_owned();
    for (right, slip) in SLIPS {
        assert_eq!(rules.matches(right).count(), 1, "{right}");
        rules = rules.replace(right, slip);
    }
    let seen = mistakes(&pack(&rules));
    assert_eq!(
        told(&seen),
        [
            (4, 5, Code::UnknownKey, "did you mean `mutually_exclusive`?"),
            (5, 14, Code::WrongType, "write [\"93970\"]"),
            (6, 13, Code::UnknownValueSet, "did you mean `$mapping`?"),
            (8, 18, Code::UnknownWord, "did you mean `line_denial`?"),
            (11, 5, Code::DuplicateKey, "keep one; YAML would silently keep the last"),
            (
                20,
                38,
                Code::UnknownClause,
                "use one of `applies_to`, `pair`, `column_two`, `service_date`, `effective`, `indicator`, `rendering_provider`, `extremity`, `bypass`, `history`"
            ),
            (24, 14, Code::UnknownTable, "did you mean `mue`?"),
        ]
    );
    snapshot("s3_seven_slips", &seen);
    for (right, slip) in SLIPS {
        rules = rules.replace(slip, right);
    }
    assert!(load(&pack(&rules)).is_ok());
}

#[test]
fn one_slip_mended_leaves_the_other_six() {
    for mended in SLIPS {
        let mut rules = RULES.to_owned();
        for (right, slip) in SLIPS.iter().filter(|slip| **slip != mended) {
            rules = rules.replace(right, slip);
        }
        assert_eq!(mistakes(&pack(&rules)).list().len(), 6, "without {}", mended.1);
    }
}

#[test]
fn mistakes_in_pack_yaml_do_not_hide_those_of_the_rule_files() {
    let source = pack(&RULES.replace("because: service_date", "because: service_dat"))
        .with("pack.yaml", &PACK.replace("title: A sample", "titel: A sample"));
    let seen = mistakes(&source);
    let codes: Vec<Code> = seen.list().iter().map(|mistake| mistake.code).collect();
    assert_eq!(codes, [Code::UnknownKey, Code::UnknownClause]);
}

#[test]
fn what_could_not_be_read_is_told_once_and_not_by_each_rule_that_uses_it() {
    for (right, slip, code) in [
        ("value_sets:\n  mapping: [\"93985\", \"93986\"]", "value_sets: none", Code::WrongType),
        ("value_sets:", "lists_of_codes:", Code::UnknownKey),
        ("mue: { file: mue.csv,", "mue: { file: nowhere.csv,", Code::UnknownFile),
        ("mue: { file: mue.csv,", "mue: {", Code::MissingKey),
        ("tables:", "spreadsheets:", Code::UnknownKey),
    ] {
        assert!(PACK.contains(right), "{right}");
        let seen = mistakes(&pack(RULES).with("pack.yaml", &PACK.replace(right, slip)));
        assert!(matches!(seen.list(), [only] if only.code == code), "{slip}\n{seen}");
    }
}

#[test]
fn at_most_fifty_mistakes_are_shown() {
    let bad = "  - { id: [], title: [], wrong: 1 }\n".repeat(100);
    let keys: String = (0..9_000).map(|key| format!("a_key_{key}: 1\n")).collect();
    let sets: String = (0..9_000).map(|set| format!("  set_{set}: 5\n")).collect();
    for source in [
        pack(&format!("rules:\n{bad}")),
        pack(&keys),
        pack(RULES).with("pack.yaml", &format!("{PACK}{keys}")),
        pack(RULES)
            .with("pack.yaml", &PACK.replace("value_sets:\n", &format!("value_sets:\n{sets}"))),
    ] {
        assert_eq!(mistakes(&source).list().len(), Diagnostics::LIMIT);
    }
}

macro_rules! s4 {
    ($name:ident, $from:expr, $to:expr, $help:expr) => {
        #[test]
        fn $name() {
            assert!(RULES.contains($from), "`{}` is not in the sample", $from);
            let seen = mistakes(&pack(&RULES.replacen($from, $to, 1)));
            let [only] = seen.list() else { panic!("{seen}") };
            assert_eq!((only.code, only.help.as_str()), (Code::NotYaml, $help), "{seen}");
            snapshot(stringify!($name), &seen);
        }
    };
}

s4!(
    s4_text_that_starts_with_a_brace,
    "message: \"{code} is not paid with {other.code}\"",
    "message: {code} is not paid with {other.code}",
    "text that starts with `{` needs quotes: `message: \"{code} is not paid with {other.code}\"`"
);
s4!(
    s4_text_that_starts_with_a_bracket,
    "title: Mapping and study",
    "title: [Mapping] and study",
    "text that starts with `[` needs quotes: `title: \"[Mapping] and study\"`"
);
s4!(
    s4_a_tab,
    "    title: Mapping",
    "\ttitle: Mapping",
    "type blanks instead of the tab: `    title: Mapping and study`"
);
s4!(
    s4_a_second_colon,
    "title: Mapping and study",
    "title: do not bill: ever",
    "text that holds `: ` needs quotes: `title: \"do not bill: ever\"`"
);
s4!(
    s4_a_quote_that_is_not_closed,
    "with {other.code}\"\n",
    "with {other.code}\n",
    "end the text with the same quote: `message: \"{code} is not paid with {other.code}\"`"
);
s4!(
    s4_a_quote_that_closes_further_down,
    "title: Mapping and study",
    "title: \"Mapping and study",
    "end the text with the same quote: `title: \"Mapping and study\"`"
);
s4!(
    s4_text_behind_the_closing_quote,
    "title: Mapping and study",
    "title: \"Mapping\" and study",
    "put all of it into quotes: `title: '\"Mapping\" and study'`"
);
s4!(
    s4_a_line_that_is_indented_too_little,
    "    disposition:",
    "   disposition:",
    "type 4 blanks before `disposition:`, as before `mutually_exclusive:` above; there are 3"
);
s4!(
    s4_a_line_that_is_indented_too_far,
    "      with:",
    "        with:",
    "type 6 blanks before `with:`, as before `codes:` above; there are 8"
);
s4!(
    s4_a_rule_that_does_not_line_up,
    "  - id: units",
    "   - id: units",
    "type 2 blanks before `-`, as before `-` above; there are 3"
);
s4!(
    s4_a_list_that_is_not_closed,
    "same: [patient, service_date]",
    "same: [patient, service_date",
    "type `]` at the end: `same: [patient, service_date]`"
);
s4!(
    s4_a_key_without_colon,
    "fix: Remove the study.",
    "fix Remove the study.",
    "type a colon and a blank behind the key: `fix: Remove the study.`"
);
s4!(
    s4_a_text_that_starts_with_a_mark,
    "fix: Remove the study.",
    "fix: @coder removes it",
    "put it into quotes: `fix: \"@coder removes it\"`"
);

#[test]
fn s4_a_brace_that_happens_to_be_yaml_is_told_like_the_one_that_is_not() {
    let seen = mistakes(&pack(&RULES.replace("fix: Remove the study.", "fix: {code}")));
    assert_eq!(
        told(&seen),
        [(10, 10, Code::WrongType, "text that starts with `{` needs quotes: `fix: \"{code}\"`")]
    );
}

#[test]
fn a_key_without_value_is_told() {
    let seen = mistakes(&pack(&RULES.replace("fix: Remove the study.", "fix:")));
    let [only] = seen.list() else { panic!("{seen}") };
    assert_eq!((only.code, only.label.as_str()), (Code::WrongType, "nothing stands here"));
}

#[test]
fn a_text_that_is_a_comment_is_told() {
    let seen = mistakes(&pack(&RULES.replace("fix: Remove the study.", "fix: # 2 is wrong")));
    assert_eq!(told(&seen)[0].3, "text that starts with `#` needs quotes: `fix: \"# 2 is wrong\"`");
}

#[test]
fn an_id_given_twice_is_told_at_the_second_rule_with_the_place_of_the_first() {
    let seen = mistakes(&pack(&RULES.replace("id: units", "id: pairs")));
    let [only] = seen.list() else { panic!("{seen}") };
    assert_eq!((only.code, seen.position(only)), (Code::DuplicateId, (20, 9)));
    assert!(only.message.ends_with("sample/rules/a.yaml:2 and sample/rules/a.yaml:20"), "{seen}");
}

#[test]
fn a_pack_saved_on_windows_loads() {
    let saved = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let source = MemorySource::new("sample")
        .with("pack.yaml", &saved(PACK))
        .with("mue.csv", &saved(MUE))
        .with("rules/a.yaml", &saved(RULES));
    load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
}

#[test]
fn a_set_named_without_its_sign_is_told() {
    let seen = mistakes(&pack(&RULES.replace("with: $mapping", "with: mapping")));
    let [only] = seen.list() else { panic!("{seen}") };
    assert!(only.help.starts_with("write `$mapping` for the value set"), "{seen}");
}

#[test]
fn s6_each_damaged_cell_of_a_saved_spreadsheet_is_named_by_row_and_column() {
    // Byte order mark, line ends of Windows, columns lined up with blanks, a lost zero, a number.
    let saved = "\u{feff}code , max_units, mai,from      ,through\r\n\
                 93970,         1,   3,2026-01-01,\r\n\
                 100  ,         2,   3,2026-01-01,\r\n\
                 93985,  1.00E+02,   3,2026-01-01,\r\n\
                 93986,         1,   2,2026-01-01,\r\n";
    let seen = mistakes(&pack(RULES).with("mue.csv", saved));
    let lines: Vec<usize> = told(&seen).iter().map(|(line, ..)| *line).collect();
    assert_eq!(lines, [3, 4], "{seen}");
    snapshot("s6_damaged_cells", &seen);
    let mended = saved.replace("100  ", "00100").replace("1.00E+02", "100");
    let pack = load(&pack(RULES).with("mue.csv", &mended)).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(pack.table_rows, 4);
}

#[test]
fn a_damaged_table_that_two_rules_use_is_told_once() {
    let (head, units) = RULES.split_once("  - id: units").unwrap();
    let twice = format!("{head}  - id: units{units}  - id: more-units{units}");
    let seen = mistakes(&pack(&twice).with("mue.csv", &MUE.replace("93970", "9397")));
    assert_eq!(seen.list().len(), 1, "{seen}");
}

#[test]
fn hostile_files_are_refused_before_they_cost_anything() {
    let laughs = (1..=9).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let below = format!("*a{}, ", level - 1).repeat(9);
        format!("{text}a{level}: &a{level} [{}]\n", below.trim_end_matches(", "))
    });
    let keys: String = (0..20_000).map(|key| format!("k{key}: 1\n")).collect();
    for (what, text, words) in [
        ("billion laughs", laughs, "anchors"),
        ("deep lists", format!("rules: {}", "[".repeat(100_000)), "deeper than 32"),
        ("deep maps", format!("rules: {}", "{a: ".repeat(100_000)), "deeper than 32"),
        (
            "deep blocks",
            (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
            "deeper than 32",
        ),
        ("a scalar of 50 MB", format!("rules: {}", "x".repeat(50_000_000)), "larger than 4 MiB"),
        ("many values", format!("rules: [{}]", "1,".repeat(1_500_000)), "more than 500,000 values"),
        ("many keys", keys, "more than 10,000 keys"),
        (
            "an object of another program",
            "rules: !!python/object/apply:os.system [ls]\n".to_owned(),
            "tags",
        ),
        ("merge keys", "rules:\n  <<: { id: a }\n".to_owned(), "merge keys"),
        ("two documents", format!("{RULES}---\n{RULES}"), "second YAML document"),
        ("a key that is a list", "? [a, b]\n: c\n".to_owned(), "a key must be plain text"),
    ] {
        let seen = mistakes(&pack(&text));
        let [only] = seen.list() else { panic!("{what}: {}", seen.list().len()) };
        assert_eq!(only.code, Code::UnsafeYaml, "{what}: {}", only.message);
        assert!(only.message.contains(words), "{what}: {}", only.message);
    }
}

#[test]
fn s12_the_second_service_on_an_earlier_claim_fires_and_without_a_feed_it_is_open() {
    let tests = r#"
      - name: mapping was on a claim already paid
        claim: { lines: ["93970"] }
        history: [{ lines: ["93986-LT"] }]
        expect: { fires: [1], message: "93970 is not paid with 93986" }
      - name: nothing was billed before
        claim: { lines: ["93970"] }
        expect: { silent: { because: pair } }
      - name: no history feed
        claim: { lines: ["93970"] }
        history: absent
        expect: { undetermined: [1], disposition: suspend }
"#
    .trim_start_matches('\n');
    let search = "same: [patient, service_date]\n      search: [this_claim, history]";
    let rules = RULES.replacen("same: [patient, service_date]", search, 1);
    let rules = rules.replace("  - id: units\n", &format!("{tests}  - id: units\n"));
    let pack = load(&pack(&rules)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let wanted =
        ["mapping was on a claim already paid", "nothing was billed before", "no history feed"];
    for name in wanted {
        let test = pack.tests.iter().find(|test| test.name == name).unwrap();
        assert_eq!(run_test(&pack, test), TestResult::Passed, "{name}");
    }
}

/// A pack with a rule file of 5 GB, which cannot be read.
struct Large(MemorySource);

impl Source for Large {
    fn read(&self, path: &str) -> Result<String, String> {
        assert_ne!(path, "rules/a.yaml", "it was read");
        self.0.read(path)
    }

    fn size(&self, path: &str) -> Option<u64> {
        (path == "rules/a.yaml").then_some(5_000_000_000)
    }

    fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        self.0.list(folder, ending)
    }

    fn label(&self) -> &str {
        self.0.label()
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let found = load(&Large(pack(RULES))).err().unwrap_or_else(|| panic!("it was taken"));
    let [only] = found.list() else { panic!("{found}") };
    assert_eq!((only.code, only.file.as_str()), (Code::UnsafeYaml, "sample/rules/a.yaml"));
    assert!(only.message.contains("larger than 4 MiB"), "{found}");
}
