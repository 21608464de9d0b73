//! A tree put together from several files: how an override gets into the rule that it changes.
//!
//! A node of another file is marked in its span, so that an error in it is still shown where it was
//! written ([`crate::far`]).

use super::tree::{Entry, Node, Shape};
use crate::far::far;

impl Node {
    /// The node as one of the file `number`, wherever it is put.
    pub(crate) fn far(&self, number: usize) -> Self {
        let shape = match &self.shape {
            Shape::Scalar { text, plain } => Shape::Scalar { text: text.clone(), plain: *plain },
            Shape::List(items) => Shape::List(items.iter().map(|item| item.far(number)).collect()),
            Shape::Map(entries) => Shape::Map(
                entries
                    .iter()
                    .map(|entry| Entry {
                        key: entry.key.clone(),
                        key_span: far(number, &entry.key_span),
                        value: entry.value.far(number),
                    })
                    .collect(),
            ),
        };
        Self { span: far(number, &self.span), shape }
    }

    /// Puts `value` under `key`, in the place of what stood there.
    pub(crate) fn put(&mut self, key: &str, value: Self) {
        let Shape::Map(entries) = &mut self.shape else { return };
        match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.value = value,
            None => {
                entries.push(Entry { key: key.to_owned(), key_span: value.span.clone(), value });
            }
        }
    }

    /// The text of a single value.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.shape {
            Shape::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.shape {
            Shape::List(items) => items,
            _ => &[],
        }
    }

    /// The node on one line, for people.
    pub(crate) fn inline(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, &|_, text| text.to_owned());
        out
    }

    /// The node as YAML text that reads as the same values.
    pub(crate) fn yaml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, &|plain, text| match text {
            "" | "~" if plain => "null".to_owned(),
            // Numbers and truth values keep their type; whatever needs care is quoted.
            _ if plain && text.bytes().all(is_harmless) => text.to_owned(),
            _ => quoted(text),
        });
        out
    }

    fn write(&self, out: &mut String, scalar: &dyn Fn(bool, &str) -> String) {
        let separator = |out: &mut String, index| out.push_str(if index == 0 { "" } else { ", " });
        match &self.shape {
            Shape::Scalar { text, plain } => out.push_str(&scalar(*plain, text)),
            Shape::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    separator(out, index);
                    item.write(out, scalar);
                }
                out.push(']');
            }
            Shape::Map(entries) => {
                out.push_str("{ ");
                for (index, entry) in entries.iter().enumerate() {
                    separator(out, index);
                    out.push_str(&scalar(false, &entry.key));
                    out.push_str(": ");
                    entry.value.write(out, scalar);
                }
                out.push_str(" }");
            }
        }
    }
}

const fn is_harmless(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-')
}

/// `text` in double quotes, which YAML reads as the same text.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use crate::yaml::parse;

    #[test]
    fn a_tree_reads_the_same_after_it_was_written() {
        let text = "a: Remove {code}, or \"x\"\nb: [93970, \"00100\", 1E10, true]\nc: { d: 'it''s: so', \"50\": }\ne: |\n  two\n  lines\n";
        let tree = parse("a.yaml", text).unwrap();
        let written = tree.yaml();
        let again = parse("b.yaml", &written).unwrap();
        assert_eq!(again.yaml(), written);
        assert_eq!(tree.get("b").inline(), "[93970, 00100, 1E10, true]");
        assert_eq!(again.get("a").inline(), "Remove {code}, or \"x\"");
        assert_eq!(again.get("e").inline(), tree.get("e").inline());
        assert_eq!(again.get("c").get("d").scalar(), Some("it's: so"));
    }
}
