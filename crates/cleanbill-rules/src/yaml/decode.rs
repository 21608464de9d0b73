//! The one module that knows serde_yaml: declared types out of YAML text.

use core::ops::Range;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::Value;

use super::tree::{Node, Shape};
use crate::diagnostic::{Code, Diagnostic, suggest};

/// Decodes the part of `text` that `node` spans into a declared type.
///
/// `node` must come from the tree of the same text. A list item or block that stands indented is
/// decoded on its own, so that one wrong rule does not hide the errors of the next.
pub(crate) fn decode<T: DeserializeOwned>(
    file: &str,
    text: &str,
    node: &Node,
) -> Result<T, Diagnostic> {
    decode_part(file, &standalone(text, &node.span), node)
}

/// Decodes `part`, the whole text of `node`.
pub(crate) fn decode_part<T: DeserializeOwned>(
    file: &str,
    part: &str,
    node: &Node,
) -> Result<T, Diagnostic> {
    let fail = |code, span: Range<usize>, message: String, help: String| Diagnostic {
        code,
        message,
        file: file.to_owned(),
        span,
        label: String::new(),
        help,
    };
    let value: Value = serde_yaml::from_str(part).map_err(|error| {
        fail(Code::NotYaml, node.span.clone(), plain(&error.to_string()), String::new())
    })?;
    if !same_shape(node, &value) {
        return Err(fail(
            Code::UnsafeYaml,
            node.span.clone(),
            "this YAML can be read in two ways".to_owned(),
            "write it more plainly: quote texts, and put each key on a line of its own".to_owned(),
        ));
    }
    let decoder = serde_yaml::Deserializer::from_str(part);
    serde_path_to_error::deserialize(decoder).map_err(|error| {
        let path: Vec<Segment> = error.path().iter().cloned().collect();
        translate(node, &path, &plain(&error.into_inner().to_string()), fail)
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

/// Without the position that the library adds: it counts from the start of the part.
fn plain(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    let message = message.get(..end).unwrap_or(message);
    // Errors below the top come as `path: message`.
    match message.split_once(": ") {
        Some((path, rest)) if !path.contains(' ') && path.contains(['.', '[']) => rest.to_owned(),
        Some((path, rest)) if !path.contains(' ') && rest.starts_with("unknown ") => {
            rest.to_owned()
        }
        Some((path, rest)) if !path.contains(' ') && rest.starts_with("invalid ") => {
            rest.to_owned()
        }
        Some((path, rest)) if !path.contains(' ') && rest.starts_with("missing ") => {
            rest.to_owned()
        }
        _ => message.to_owned(),
    }
}

fn translate(
    node: &Node,
    path: &[Segment],
    message: &str,
    fail: impl Fn(Code, Range<usize>, String, String) -> Diagnostic,
) -> Diagnostic {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with("unknown field") {
        // The path of an unknown field ends in the field itself.
        let holder = match path.split_last() {
            Some((Segment::Map { .. }, above)) => descend(node, above),
            _ => descend(node, path),
        };
        let (field, known) = names.split_first().map_or(("", &[][..]), |(f, k)| (*f, k));
        return fail(
            Code::UnknownKey,
            holder.key_span(field),
            format!("unknown key `{field}`"),
            suggest(field, known.iter().copied()),
        );
    }
    let target = descend(node, path);
    if message.starts_with("missing field") {
        let field = names.first().copied().unwrap_or_default();
        return fail(
            Code::MissingKey,
            target.span.clone(),
            format!("the key `{field}` is missing"),
            format!("add `{field}:` to this block"),
        );
    }
    let last = path.iter().rev().find_map(|segment| match segment {
        Segment::Map { key } => Some(key.as_str()),
        _ => None,
    });
    let key = last.unwrap_or("this value");
    let (found, wanted) = message.split_once(", expected ").unwrap_or((message, ""));
    let found = match &target.shape {
        Shape::Scalar { .. } => "this is a single value",
        Shape::List(_) => "this is a list",
        Shape::Map(_) => "this is a block of keys",
    }
    .to_owned()
        + if found.contains("null") { " without content" } else { "" };
    let help = match (&target.shape, wanted) {
        (Shape::Scalar { text, .. }, wanted)
            if wanted.contains("list") || wanted.contains("sequence") =>
        {
            format!("write [\"{text}\"]")
        }
        (_, "") => String::new(),
        (_, wanted) => format!("give {}", in_plain_words(wanted)),
    };
    fail(
        Code::WrongType,
        target.span.clone(),
        format!("`{key}` has the wrong shape: {found}"),
        help,
    )
}

fn in_plain_words(wanted: &str) -> String {
    if wanted.starts_with("a sequence") || wanted.starts_with("struct") && wanted.contains("seq") {
        "a list".to_owned()
    } else if wanted.starts_with("struct") || wanted.starts_with("a map") {
        "a block of keys".to_owned()
    } else if wanted.starts_with("a string") {
        "a text".to_owned()
    } else if wanted.starts_with("a boolean") {
        "`true` or `false`".to_owned()
    } else if wanted.starts_with('u') || wanted.starts_with('i') {
        "a whole number".to_owned()
    } else {
        wanted.to_owned()
    }
}

fn descend<'a>(node: &'a Node, path: &[Segment]) -> &'a Node {
    path.iter().fold(node, |node, segment| match segment {
        Segment::Map { key } => node.get(key),
        Segment::Seq { index } => node.item(*index),
        _ => node,
    })
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
