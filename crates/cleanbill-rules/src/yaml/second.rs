//! What another parser makes of the same text: the one module that knows serde_yaml.

use core::cell::RefCell;
use core::fmt;
use core::ops::Range;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_yaml::Value;

use super::plain;
use super::tree::{Node, Shape};
use crate::diagnostic::{Code, Diagnostic};

/// What keeps `text` from being read as `tree` and in no other way; `None` when both parsers see the
/// same.
pub(super) fn disagreement(file: &str, text: &str, tree: &Node) -> Option<Diagnostic> {
    let part = standalone(text, &tree.span);
    let at = first_difference(tree, &part)?;
    // What the other parser cannot read at all has words of its own.
    match serde_yaml::from_str::<Value>(&part) {
        Err(error) => {
            let within = error.location().map_or(0, |at| offset(&part, at.line(), at.column()));
            let start = tree.span.start.saturating_sub(indent(text, tree.span.start));
            Some(plain::not_yaml(file, text, start + within, &reason(&error)))
        }
        Ok(_) => Some(Diagnostic {
            code: Code::UnsafeYaml,
            message: "this YAML can be read in two ways".to_owned(),
            file: file.to_owned(),
            span: at,
            label: String::new(),
            help: "write it more plainly: quote texts, and put each key on a line of its own"
                .to_owned(),
        }),
    }
}

/// Reads a whole file as the type that it is for.
pub(super) fn settings<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Diagnostic> {
    serde_yaml::from_str(text).map_err(|error| {
        let at = error.location().map_or(0, |at| offset(text, at.line(), at.column()));
        Diagnostic {
            code: Code::WrongType,
            message: reason(&error),
            file: file.to_owned(),
            span: at..at,
            label: "here".to_owned(),
            help: String::new(),
        }
    })
}

/// The bytes of the first value that the other parser reads otherwise; of the whole when it fails.
fn first_difference(tree: &Node, text: &str) -> Option<Range<usize>> {
    let at = RefCell::new(None);
    let read = Same { node: tree, at: &at }.deserialize(serde_yaml::Deserializer::from_str(text));
    read.err().map(|_| at.take().unwrap_or_else(|| tree.span.clone()))
}

/// Reads a value that should be `node`, and nothing else.
#[derive(Clone, Copy)]
struct Same<'a> {
    node: &'a Node,
    /// Where the first difference is.
    at: &'a RefCell<Option<Range<usize>>>,
}

impl Same<'_> {
    fn differs<E: Error>(self) -> E {
        self.at.borrow_mut().get_or_insert_with(|| self.node.span.clone());
        E::custom("read otherwise")
    }
}

impl<'de> DeserializeSeed<'de> for Same<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // A text is asked for, so that a bare code is not made a number.
        let read = match &self.node.shape {
            Shape::Scalar { .. } => deserializer.deserialize_str(self),
            Shape::List(_) => deserializer.deserialize_seq(self),
            Shape::Map(_) => deserializer.deserialize_map(self),
        };
        read.inspect_err(|_| {
            self.at.borrow_mut().get_or_insert_with(|| self.node.span.clone());
        })
    }
}

impl<'de> Visitor<'de> for Same<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match &self.node.shape {
            Shape::Scalar { text: own, .. } if own == text => Ok(()),
            _ => Err(self.differs()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for node in self.node.items() {
            if items.next_element_seed(Self { node, ..self })?.is_none() {
                return Err(self.differs());
            }
        }
        match items.next_element::<IgnoredAny>()? {
            Some(_) => Err(self.differs()),
            None => Ok(()),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        for entry in self.node.entries() {
            if map.next_key_seed(Key(&entry.key))? != Some(true) {
                return Err(self.differs());
            }
            map.next_value_seed(Self { node: &entry.value, ..self })?;
        }
        match map.next_key::<IgnoredAny>()? {
            Some(_) => Err(self.differs()),
            None => Ok(()),
        }
    }
}

/// Whether a key is this text.
struct Key<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        Ok(text == self.0)
    }
}

/// Without the position, which counts from the start of the part.
fn reason(error: &serde_yaml::Error) -> String {
    let message = error.to_string();
    message.split_once(" at line ").map_or(message.as_str(), |(reason, _)| reason).to_owned()
}

/// The text of a span with its first line indented as it was, so that the block keeps its shape.
fn standalone(text: &str, span: &Range<usize>) -> String {
    let mut part = " ".repeat(indent(text, span.start));
    part.push_str(text.get(span.clone()).unwrap_or_default());
    part.push('\n');
    part
}

/// The bytes between the start of the line and `at`.
fn indent(text: &str, at: usize) -> usize {
    let line_start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |end| end + 1);
    at.saturating_sub(line_start)
}

/// The byte at `line` and `column`, both from 1; columns count characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(line.saturating_sub(1)).map(str::len).sum();
    let line = lines.next().unwrap_or_default();
    before + line.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
}

/// Whether the other parser reads all of `text` as `tree` says.
#[cfg(test)]
pub(super) fn agrees(tree: &Node, text: &str) -> bool {
    first_difference(tree, text).is_none()
}
