//! The one module that knows serde_yaml: declared types out of YAML text.

use core::ops::Range;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::Value;

use super::plain;
use super::tree::{Node, Shape};

use crate::diagnostic::{Code, Diagnostic};

/// Decodes the part of `text` that `node` spans into a declared type.
///
/// `node` must come from the tree of the same text. A list item or block that stands indented is
/// decoded on its own, so that one wrong rule does not hide the errors of the next.
pub(crate) fn decode<T: DeserializeOwned>(
    file: &str,
    text: &str,
    node: &Node,
) -> Result<T, Diagnostic> {
    let part = standalone(text, &node.span);
    let value = serde_yaml::from_str(&part).map_err(|error: serde_yaml::Error| {
        let within = error.location().map_or(0, |at| offset(&part, at.line(), at.column()));
        let start = node.span.start.saturating_sub(indent(text, node.span.start));
        plain::not_yaml(file, text, start + within, &reason(&error))
    })?;
    typed(file, &part, &value, node)
}

/// Decodes `part`, the whole text of `node`, which stands nowhere as it is.
pub(crate) fn decode_part<T: DeserializeOwned>(
    file: &str,
    part: &str,
    node: &Node,
) -> Result<T, Diagnostic> {
    let value = serde_yaml::from_str(part)
        .map_err(|error| fail(file, Code::NotYaml, node, &reason(&error), ""))?;
    typed(file, part, &value, node)
}

fn typed<T: DeserializeOwned>(
    file: &str,
    part: &str,
    value: &Value,
    node: &Node,
) -> Result<T, Diagnostic> {
    if let Some(differs) = difference(node, value) {
        return Err(fail(
            file,
            Code::UnsafeYaml,
            differs,
            "this YAML can be read in two ways",
            "write it more plainly: quote texts, and put each key on a line of its own",
        ));
    }
    let decoder = serde_yaml::Deserializer::from_str(part);
    serde_path_to_error::deserialize(decoder).map_err(|error| {
        // Keys and shapes were compared before; what is left is a value out of range.
        let target = error.path().iter().fold(node, |node, segment| match segment {
            Segment::Map { key } => node.get(key),
            Segment::Seq { index } => node.item(*index),
            _ => node,
        });
        fail(file, Code::WrongType, target, "this value cannot be read", "")
    })
}

fn fail(file: &str, code: Code, at: &Node, message: &str, help: &str) -> Diagnostic {
    Diagnostic {
        code,
        message: message.to_owned(),
        file: file.to_owned(),
        span: at.span.clone(),
        label: String::new(),
        help: help.to_owned(),
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
    serde_yaml::from_str(text).is_ok_and(|value| difference(tree, &value).is_none())
}

/// The first place at which the two parsers did not see the same kinds, lengths and keys.
fn difference<'a>(node: &'a Node, value: &Value) -> Option<&'a Node> {
    match (&node.shape, value) {
        (Shape::List(items), Value::Sequence(values)) if items.len() == values.len() => {
            items.iter().zip(values).find_map(|(item, value)| difference(item, value))
        }
        (Shape::Map(entries), Value::Mapping(map)) if entries.len() == map.len() => entries
            .iter()
            .zip(map)
            .find_map(|(entry, (key, value))| match key_is(key, &entry.key) {
                true => difference(&entry.value, value),
                false => Some(node),
            }),
        (Shape::Scalar { text, plain }, value) => {
            let same = match value {
                Value::String(other) => other == text,
                Value::Null | Value::Bool(_) | Value::Number(_) => *plain,
                _ => false,
            };
            (!same).then_some(node)
        }
        _ => Some(node),
    }
}

/// A bare key such as `50` is a number to an untyped reader.
fn key_is(key: &Value, text: &str) -> bool {
    match key {
        Value::String(key) => key == text,
        Value::Number(_) | Value::Bool(_) | Value::Null => true,
        _ => false,
    }
}
