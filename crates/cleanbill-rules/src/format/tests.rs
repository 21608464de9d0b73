//! The tidy form of odd texts, and thousands of small changes that must not change what a pack says.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn formatted(text: &str) -> String {
    format("a.yaml", text).unwrap_or_else(|error| panic!("{error}"))
}

/// The YAML files of the shipped packs.
fn shipped() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut folders = vec![folder];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(files.len() >= 7, "{files:?}");
    files
}

const UNTIDY: &str = "\
# The file.
rules:
# about the rule
-   title: Too many\t
    id: a
    # the words
    message:  \"{code}\"   # aligned


    fix: >
         Two lines
         of text.
    source:
    - {authority: CMS,  document: x, kind: public}
    -   authority: Us
        document: \"over
          two lines\"
        kind: internal
    modifier_validity:
             codes: [93970,
                     00100, G0365]   # two lines
             # what may not be there
             not_allowed: [ 50, LT ]
             # not yet: requires_any
    severity: warning
    # the end of the rule
    tests: []
    # disposition: suspend


";

const TIDY: &str = "\
# The file.
rules:
  # about the rule
  - id: a
    title: Too many
    modifier_validity:
      codes: [\"93970\",
              \"00100\", \"G0365\"]   # two lines
      # what may not be there
      not_allowed: [ \"50\", LT ]
      # not yet: requires_any
    severity: warning
    # the words
    message:  \"{code}\"   # aligned


    fix: >
      Two lines
      of text.
    source:
      - {authority: CMS,  document: x, kind: public}
      - authority: Us
        document: \"over
          two lines\"
        kind: internal
    # the end of the rule
    tests: []
    # disposition: suspend
";

#[test]
fn keys_move_with_their_comments_and_levels_are_two_blanks() {
    let untidy = UNTIDY.replace("many\t", "many  ");
    assert_eq!(formatted(&untidy), TIDY);
    assert_eq!(formatted(&untidy.replace('\n', "\r\n")), TIDY);
    assert_eq!(formatted(&format!("\u{feff}{untidy}")), TIDY);
    assert_eq!(formatted(TIDY), TIDY);
}

#[test]
fn s5_codes_that_look_like_numbers_survive_load_format_load() {
    let codes = ["00100", "0450", "99213", "0191T", "1E10", "NO"];
    let pack = |list: &str| {
        format!(
            "schema: cleanbill/pack/v1\nname: a\nversion: 1.0.0\ntitle: t\nvalue_sets:\n  odd: {list}\n"
        )
    };
    let bare = pack(&format!("[{}]", codes.join(", ")));
    let quoted = pack(&format!("[\"{}\"]", codes.join("\", \"")));
    assert_eq!(formatted(&bare), quoted);
    assert_eq!(formatted(&quoted), quoted);
    for text in [&bare, &quoted] {
        let declared = format!("\"odd\": {codes:?}");
        assert!(meaning("a.yaml", text).unwrap().contains(&declared), "{declared}");
    }
}

#[test]
fn a_text_of_several_lines_keeps_its_own_blanks() {
    let rule = |fix: &str| {
        format!(
            "rules:\n  - id: a\n    title: t\n    require: {{ codes: [\"93970\"], must_have: x }}\n    message: m\n    fix: {fix}\n    source: []\n"
        )
    };
    for fix in [
        "|\n      one\n        deeper \n\n      last",
        "|2\n        kept\n      at two",
        ">-\n      folded\n      # no comment",
        "\"one \\\n      two\"",
        "'it''s\n\n      two'",
        "plain\n      goes on",
    ] {
        let tidy = rule(fix);
        assert_eq!(formatted(&tidy), tidy);
        let wide = tidy.replace("\n    ", "\n      ").replace("  - id", "    - id");
        assert_eq!(formatted(&wide), tidy, "{wide}");
    }
}

#[test]
fn a_file_with_a_mistake_is_left_alone_and_the_mistake_shown() {
    let error = format("a.yaml", "rules:\n  - id: a\n    titel: b\n").unwrap_err();
    assert!(error.to_string().contains("did you mean `title`?"), "{error}");
    assert!(matches!(format("a.yaml", "a: &b c\n").unwrap_err(), FormatError::Mistakes(_)));
}

#[test]
fn a_text_without_a_tidy_form_is_left_alone() {
    // A key behind a question mark is YAML, but nothing that a pack needs.
    let text = "rules:\n  - id: a\n    ? title\n    : t\n    require: { codes: [\"93970\"], must_have: x }\n    message: m\n    fix: f\n    source: []\n";
    let error = format("a.yaml", text).unwrap_err();
    assert!(matches!(error, FormatError::WouldChange { .. }), "{error}");
    assert_eq!(error.to_string(), "`a.yaml` cannot be formatted without changing what it says");
}

#[test]
fn the_shipped_packs_are_formatted() {
    for (path, text) in shipped() {
        let tidy = format(&path.display().to_string(), &text).unwrap();
        assert!(
            tidy == text,
            "run `cargo run -- rules fmt rules/*/` and look at the change in {}",
            path.display()
        );
    }
}

/// The shipped files, each rule as a file of its own: small texts make quick tests.
fn rule_by_rule() -> Vec<String> {
    let mut texts = Vec::new();
    for (_, text) in shipped() {
        let mut rules = text.split("\n  - id: ");
        let head = rules.next().unwrap();
        if head.lines().last() != Some("rules:") {
            texts.push(text);
            continue;
        }
        texts.extend(rules.map(|rule| format!("rules:\n  - id: {rule}\n")));
    }
    assert!(texts.len() > 15, "{}", texts.len());
    texts
}

/// Small deterministic numbers (the constants are Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// `text` with a few changes to white space, comments and quotes.
fn mutant(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=dice.below(6) {
        let at = dice.below(lines.len());
        let line = lines[at].clone();
        match dice.below(9) {
            0 => lines[at].push_str("  "),
            1 => lines.insert(at, " ".repeat(dice.below(4))),
            2 => lines.insert(at, format!("{}# a note: [x]", " ".repeat(dice.below(14)))),
            3 => lines[at].push_str("   # why"),
            4 => lines[at] = line.replace('"', "'"),
            5 => lines[at] = unquoted(&line),
            6 => lines[at] = line.replacen(": ", ":    ", 1),
            7 => lines[at] = line.replacen("- ", "-    ", 1),
            _ => deepen(&mut lines, at, dice),
        }
    }
    let end = ["\n", "\r\n", "\n\n"][dice.below(3)];
    if dice.below(8) == 0 {
        lines.iter_mut().for_each(|line| *line = format!("{}{line}", " ".repeat(2 * depth(line))));
    }
    lines.join(if end == "\r\n" { end } else { "\n" }) + end
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Quotes off around codes.
fn unquoted(line: &str) -> String {
    let parts: Vec<&str> = line.split('"').collect();
    let code = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        match index % 2 {
            1 if code(part) => text.push_str(part),
            1 => text.push_str(&format!("\"{part}\"")),
            _ => text.push_str(part),
        }
    }
    text
}

/// A block one blank or more deeper than it stood.
fn deepen(lines: &mut [String], at: usize, dice: &mut Dice) {
    let least = depth(&lines[at]);
    let by = " ".repeat(1 + dice.below(4));
    let block =
        lines[at..].iter().take_while(|line| line.trim().is_empty() || depth(line) >= least);
    let count = block.count();
    lines[at..at + count].iter_mut().for_each(|line| *line = format!("{by}{line}"));
}

#[test]
fn two_thousand_untidy_texts_say_the_same_and_have_one_tidy_form() {
    let texts = rule_by_rule();
    let meanings: Vec<String> = texts.iter().map(|text| meaning("a.yaml", text).unwrap()).collect();
    let mut dice = Dice(93_970);
    let (mut tried, mut sound) = (0, 0);
    while sound < 2000 {
        tried += 1;
        let which = dice.below(texts.len());
        let mutant = mutant(&texts[which], &mut dice);
        // Some changes make another text of it (deeper, a quote within a quote): those prove nothing.
        if meaning("a.yaml", &mutant).ok().as_ref() != Some(&meanings[which]) {
            continue;
        }
        sound += 1;
        // Without the comparison that `format` makes, so that the passes themselves are on trial.
        let tidy = settled("a.yaml", &mutant).unwrap_or_else(|| panic!("{mutant}"));
        assert_eq!(meaning("a.yaml", &tidy).unwrap(), meanings[which], "{mutant}");
        // `settled` gives a text that a round leaves alone; every tenth shows that `format` does too.
        if sound % 10 == 0 {
            assert_eq!(format("a.yaml", &tidy).unwrap(), tidy);
        }
        assert!(tidy.ends_with('\n') && !tidy.ends_with("\n\n") && !tidy.contains(" \n"), "{tidy}");
    }
    assert!(tried < 4000, "only {sound} of {tried} were sound");
}
