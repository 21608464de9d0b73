//! The one module that knows serde_yaml: declared types out of YAML text.

use core::ops::Range;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::Value;

use super::tree::{Node, Shape};
use super::{Yaml, plain};
use crate::diagnostic::{Code, Diagnostic};

/// Decodes the part of `file` that `node` is into a declared type.
///
/// `node` must come from the tree of the file. A list item or block that stands indented is decoded on
/// its own, so that one wrong rule does not hide the errors of the next. A file with mistakes is
/// decoded as mended, only to find what else is wrong with it.
pub(crate) fn decode<T: DeserializeOwned>(file: &Yaml, node: &Node) -> Result<T, Diagnostic> {
    let fail = |code, span: Range<usize>, message: String, help: &str| Diagnostic {
        code,
        message,
        file: file.shown.clone(),
        span,
        label: String::new(),
        help: help.to_owned(),
    };
    let sound = file.mistakes.is_empty();
    let part = if sound { standalone(&file.text, &node.span) } else { written(node) };
    let value: Value = serde_yaml::from_str(&part).map_err(|error| {
        let message = error.to_string();
        let reason = message.split_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
        let within = error.location().map_or(0, |at| offset(&part, at.line(), at.column()));
        let start = node.span.start.saturating_sub(indent(&file.text, node.span.start));
        plain::not_yaml(&file.shown, &file.text, start + within, reason)
    })?;
    if sound && let Some(differs) = difference(node, &value) {
        return Err(fail(
            Code::UnsafeYaml,
            differs.span.clone(),
            "this YAML can be read in two ways".to_owned(),
            "write it more plainly: quote texts, and put each key on a line of its own",
        ));
    }
    let decoder = serde_yaml::Deserializer::from_str(&part);
    serde_path_to_error::deserialize(decoder).map_err(|error| {
        // Keys and shapes were compared before; what is left is a value out of range.
        let target = error.path().iter().fold(node, |node, segment| match segment {
            Segment::Map { key } => node.get(key),
            Segment::Seq { index } => node.item(*index),
            _ => node,
        });
        fail(Code::WrongType, target.span.clone(), "this value cannot be read".to_owned(), "")
    })
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

// JSON is YAML, so that its quoting can be used.
fn written(node: &Node) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match &node.shape {
        // Bare numbers and truth values are the only texts that a type tells apart from quoted ones.
        Shape::Scalar { text, plain: true }
            if text.parse::<u32>().is_ok() || text == "true" || text == "false" =>
        {
            text.clone()
        }
        Shape::Scalar { text, .. } => quoted(text),
        Shape::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Shape::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| format!("{}: {}", quoted(&entry.key), written(&entry.value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
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
