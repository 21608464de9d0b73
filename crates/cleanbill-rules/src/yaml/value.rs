//! What a node of a tree is, and what stands for one that is missing.

use core::ops::Range;

use super::tree::{Entry, Node, Shape};
use crate::schema::{Kind, View};

/// What the author wrote; nothing when there is no value.
pub(super) fn kind_of(node: &Node) -> Option<Kind> {
    match &node.shape {
        Shape::List(_) => Some(Kind::List),
        Shape::Map(_) => Some(Kind::Block),
        _ if is_nothing(node) => None,
        Shape::Scalar { text, .. } if text.starts_with('$') => Some(Kind::SetName),
        Shape::Scalar { text, plain: true } if text == "true" || text == "false" => {
            Some(Kind::Truth)
        }
        Shape::Scalar { text, plain: true } if is_number(text) => Some(Kind::Number),
        Shape::Scalar { .. } => Some(Kind::Text),
    }
}

pub(super) fn is_nothing(node: &Node) -> bool {
    matches!(&node.shape, Shape::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
}

/// A whole number that both parsers read alike.
pub(super) fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok_and(|number| number.to_string() == text)
}

/// The least that `view` takes, at `place`.
pub(super) fn stand_in(view: Option<View<'_>>, place: &Range<usize>) -> Node {
    let scalar = |text: &str, plain| Shape::Scalar { text: text.to_owned(), plain };
    // The last kind is the one that says least: an empty list rather than a name.
    let shape = match view.and_then(|view| view.kinds().pop()) {
        Some((Kind::Block, view)) => Shape::Map(
            view.required()
                .map(|key| Entry {
                    key: key.to_owned(),
                    key_span: place.clone(),
                    value: stand_in(view.key(key), place),
                })
                .collect(),
        ),
        Some((Kind::List, view)) => Shape::List(
            (0..view.length().unwrap_or(0))
                .map(|index| stand_in(view.item(index), place))
                .collect(),
        ),
        Some((Kind::Number, _)) => scalar("1", true),
        Some((Kind::Truth, _)) => scalar("true", true),
        Some((Kind::Text | Kind::SetName | Kind::ParamName, view)) => {
            scalar(view.words().next().unwrap_or_default(), false)
        }
        None => scalar("", false),
    };
    Node { span: place.clone(), shape }
}
