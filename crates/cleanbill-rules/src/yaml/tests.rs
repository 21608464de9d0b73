//! Both parsers see the same, whatever the text.

use super::read;
use super::second::agrees;
use crate::declare::PackDecl;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::SchemaKind;

const PACK: &str = "\
schema: cleanbill/pack/v1
name: sample
version: 1.0.0
title: \"A sample: small\"
effective: { from: 2020-01-01 }
value_sets:
  codes: [93970, \"00100\", 0191T]
  modifiers:
    - '59'
    - XS
facts:
  extremity:
    side:
      - modifiers: { LT: left, \"50\": both }
    region: [{ line_field: body_region }]
include: [rules/*.yaml]
rules: []
";

/// Characters that mean something to YAML, and some that mean nothing.
const PIECES: [&str; 40] = [
    "a", "5", "0", " ", "  ", "\n", "\n  ", "\t", "-", "- ", ":", ": ", ",", "[", "]", "{", "}",
    "\"", "'", "#", " #", "&a", "*a", "!", "!!str ", "|", "|\n", ">", "? ", "%", "@", "`", "\\",
    "~", "null", "---\n", "...\n", "\u{feff}", "\r\n", "é",
];

/// Numbers without a seed from outside, so that every run tries the same.
struct Numbers(u64);

impl Numbers {
    /// Knuth's MMIX generator; its upper bits are the good ones.
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn mutant(numbers: &mut Numbers) -> String {
    let mut text: Vec<char> = PACK.chars().collect();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(text.len());
        let end = (at + numbers.below(6)).min(text.len());
        match numbers.below(4) {
            0 => drop(text.drain(at..end)),
            1 => {
                let copy: Vec<char> = text[at..end].to_vec();
                let to = numbers.below(text.len());
                text.splice(to..to, copy);
            }
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                let end = if numbers.below(2) == 0 { at } else { end };
                text.splice(at..end, piece.chars());
            }
        }
    }
    text.into_iter().collect()
}

/// An excerpt can be drawn wherever the error stands.
fn shown(text: &str, error: Diagnostic) {
    let mut diagnostics = Diagnostics::default();
    diagnostics.add_file("", text);
    diagnostics.push(error);
    assert!(diagnostics.render(false).starts_with("error[E0"), "{text}");
}

#[test]
fn whatever_loads_has_the_same_shape_in_both_parsers() {
    let mut numbers = Numbers(93_970);
    let (mut loaded, mut refused, mut undecoded) = (0, 0, Vec::new());
    for _ in 0..20_000 {
        let text = mutant(&mut numbers);
        let file = match read(String::new(), text.clone(), SchemaKind::Pack) {
            Ok(file) => file,
            Err(error) => {
                refused += 1;
                if refused % 5 == 0 {
                    shown(&text, error);
                }
                continue;
            }
        };
        let decoded = file.decode::<PackDecl>(&file.tree);
        if !file.mistakes.is_empty() {
            // Mended, so that the other checks can go on.
            assert!(decoded.is_ok(), "not mended: {text}\n{:?}", file.mistakes);
            refused += 1;
        } else if decoded.is_ok() {
            assert!(agrees(&file.tree, &text), "{text}");
            loaded += 1;
        } else {
            undecoded.push(text);
        }
    }
    assert!(loaded > 1_000 && refused > 5_000, "{loaded} loaded, {refused} refused");
    assert!(undecoded.len() < 100, "{}: {:?}", undecoded.len(), undecoded.first());
}

#[test]
fn s5_codes_come_out_as_they_were_typed() {
    let codes =
        ["00100", "0450", "99213", "0191T", "1E10", "NO", "0x1F", "1_000", "010", "1.0", "yes"];
    let bare = codes.join(", ");
    let text = PACK.replace("93970, \"00100\", 0191T", &bare);
    let text = text.replace("rules/*.yaml", &bare);
    let file = read(String::new(), text, SchemaKind::Pack).unwrap();
    let pack: PackDecl = file.decode(&file.tree).unwrap();
    let typed = file.tree.get("value_sets").get("codes").items().iter().map(|item| item.scalar());
    assert_eq!(typed.collect::<Vec<_>>(), codes.map(Some));
    assert_eq!(pack.include, codes);
}

#[test]
fn a_number_is_one_only_when_both_parsers_say_so() {
    let text =
        |count: &str| format!("rules: [{{ tests: [{{ expect: {{ fires: {count} }} }}] }}]\n");
    let wrong = |count: &str| {
        let file = read(String::new(), text(count), SchemaKind::RuleFile).unwrap();
        file.mistakes.iter().any(|mistake| mistake.message.contains("`fires`"))
    };
    for count in ["0x1", "01", "+1", "-1", "1.0", "1e3", "99999999999", "\"1\"", "one", "true"] {
        assert!(wrong(count), "{count}");
    }
    assert!(!wrong("1") && !wrong("[1, 2]"));
}

#[test]
fn what_only_one_parser_takes_is_refused_at_its_place() {
    for (right, slip, words) in [
        ("line_field: body", "line_field: :body", "a text cannot start with `:`"),
        ("    - XS", "    -\tXS", "a tab stands here"),
    ] {
        let text = PACK.replace(right, slip);
        let file = read(String::new(), text.clone(), SchemaKind::Pack).unwrap();
        let error = file.decode::<PackDecl>(&file.tree).unwrap_err();
        assert!(error.message.contains(words), "{error:?}");
        let place = text.find(slip).unwrap();
        assert!((place..place + slip.len()).contains(&error.span.start), "{error:?}");
    }
}
