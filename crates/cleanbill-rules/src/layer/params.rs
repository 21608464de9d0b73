//! Parameters in a rule: `$name` where one value stands becomes the value, before the rule is checked.
//! Dates and messages look their parameters up themselves.
//!
//! The value keeps the place of the name, so that a value that does not fit is told where it is used;
//! where it comes from is added to the help ([`Cx::note_param`]).

use std::borrow::Cow;

use crate::check::Cx;
use crate::diagnostic::{Code, suggest};
use crate::schema::{Kind, View, takes_params};
use crate::yaml::{Node, Shape};

/// `rule` with the values of its parameters; `None` when it names one that there is not, which is told.
pub(crate) fn with_params<'a>(cx: &Cx<'_>, rule: &'a Node) -> Option<Cow<'a, Node>> {
    let names_any =
        rule.entries().iter().any(|entry| takes_params(&entry.key) && has_name(&entry.value));
    if !names_any {
        return Some(Cow::Borrowed(rule));
    }
    let mut rule = rule.clone();
    let mut known = true;
    if let Shape::Map(entries) = &mut rule.shape {
        for entry in entries.iter_mut().filter(|entry| takes_params(&entry.key)) {
            fill(cx, &mut entry.value);
            let view = View::of_rule().and_then(|rule| rule.key(&entry.key));
            known &= view.is_none_or(|view| all_known(cx, view, &entry.value));
        }
    }
    known.then_some(Cow::Owned(rule))
}

fn has_name(node: &Node) -> bool {
    match &node.shape {
        Shape::Scalar { text, .. } => text.starts_with('$'),
        Shape::List(items) => items.iter().any(has_name),
        Shape::Map(entries) => entries.iter().any(|entry| has_name(&entry.value)),
    }
}

/// Puts the values of parameters in the place of their names. Names of value sets stay.
fn fill(cx: &Cx<'_>, node: &mut Node) {
    match &mut node.shape {
        Shape::Scalar { text, .. } => {
            let value = text.strip_prefix('$').and_then(|name| cx.params.get(name));
            if let Some(value) = value {
                node.shape = value.shape.clone();
            }
        }
        Shape::List(items) => items.iter_mut().for_each(|item| fill(cx, item)),
        Shape::Map(entries) => entries.iter_mut().for_each(|entry| fill(cx, &mut entry.value)),
    }
}

/// Whether no name is left where only the name of a parameter may stand.
fn all_known(cx: &Cx<'_>, view: View<'_>, node: &Node) -> bool {
    match &node.shape {
        Shape::List(items) => match view.taking(Kind::List) {
            Some(list) => items.iter().enumerate().fold(true, |known, (index, item)| {
                known & list.item(index).is_none_or(|view| all_known(cx, view, item))
            }),
            None => true,
        },
        Shape::Map(entries) => match view.taking(Kind::Block).filter(|block| !block.is_condition())
        {
            Some(block) => entries.iter().fold(true, |known, entry| {
                let view = block.key(&entry.key);
                known & view.is_none_or(|view| all_known(cx, view, &entry.value))
            }),
            None => true,
        },
        Shape::Scalar { text, .. } => {
            let name = text.strip_prefix('$').filter(|_| view.taking(Kind::ParamName).is_some());
            name.is_none_or(|name| {
                cx.unknown_param(node, name);
                false
            })
        }
    }
}

impl Cx<'_> {
    /// Tells that `$name`, which stands where one value is needed, is no parameter.
    pub(crate) fn unknown_param(&self, at: &Node, name: &str) {
        if self.spoiled.contains("params") {
            return;
        }
        let (message, help) = if self.sets.contains_key(name) {
            let message = format!("`${name}` is a list of values, and one value is needed here");
            (message, "name a parameter, or write the value".to_owned())
        } else {
            let message = format!("parameter `${name}` is not defined in this pack");
            (message, suggest(name, self.params.keys().map(String::as_str)))
        };
        self.error(Code::UnknownParam, &at.span, message, help);
    }
}
