//! The one module that knows serde_yaml: declared types out of YAML text.

use core::ops::Range;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::Value;

use super::Yaml;
use super::tree::{Node, Shape};
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
        fail(Code::NotYaml, node.span.clone(), error.to_string(), "write it more plainly")
    })?;
    if sound && !same_shape(node, &value) {
        return Err(fail(
            Code::UnsafeYaml,
            node.span.clone(),
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
    let line_start = text.get(..span.start).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    let indent = span.start.saturating_sub(line_start);
    let mut part = " ".repeat(indent);
    part.push_str(text.get(span.clone()).unwrap_or_default());
    part.push('\n');
    part
}

/// A tree as YAML text.
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
    serde_yaml::from_str(text).is_ok_and(|value| same_shape(tree, &value))
}

/// Whether both parsers saw the same kinds, lengths and keys.
fn same_shape(node: &Node, value: &Value) -> bool {
    match (&node.shape, value) {
        (Shape::List(items), Value::Sequence(values)) => {
            items.len() == values.len()
                && items.iter().zip(values).all(|(item, value)| same_shape(item, value))
        }
        (Shape::Map(entries), Value::Mapping(map)) => {
            entries.len() == map.len()
                && entries.iter().zip(map).all(|(entry, (key, value))| {
                    key_is(key, &entry.key) && same_shape(&entry.value, value)
                })
        }
        (Shape::Scalar { text, plain }, value) => match value {
            Value::String(other) => other == text,
            Value::Null | Value::Bool(_) | Value::Number(_) => *plain,
            _ => false,
        },
        _ => false,
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
