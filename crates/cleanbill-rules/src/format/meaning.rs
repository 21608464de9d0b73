//! What a pack file declares, in a form that can be compared.

use core::fmt::Write as _;

use serde::de::DeserializeOwned;

use crate::declare::{PackDecl, RuleDecl, RuleFileDecl};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::schema::SchemaKind;
use crate::yaml::{self, Node, Shape, Yaml};

/// Everything that `text` declares, decoded as a run would decode it.
///
/// It is the debug text of the declared types, which tells how a run understands each value, and that of
/// the tree, since some types hold a part of it for later. Nothing is in it of positions, quotes,
/// comments or the order of keys.
pub(super) fn meaning(file: &str, text: &str) -> Result<String, Diagnostics> {
    let mut mistakes = Diagnostics::default();
    mistakes.add_file(file, text);
    match declared(file, text, &mut mistakes) {
        Ok(meaning) if mistakes.is_empty() => Ok(meaning),
        Ok(_) => Err(mistakes),
        Err(mistake) => {
            mistakes.push(mistake);
            Err(mistakes)
        }
    }
}

fn declared(file: &str, text: &str, mistakes: &mut Diagnostics) -> Result<String, Diagnostic> {
    let tree = yaml::parse(file, text)?;
    let kind = match tree.entry("schema") {
        Some(_) => SchemaKind::Pack,
        None => SchemaKind::RuleFile,
    };
    let read = yaml::read(file.to_owned(), text.to_owned(), kind)?;
    if !read.mistakes.is_empty() {
        read.mistakes.into_iter().for_each(|mistake| mistakes.push(mistake));
        return Ok(String::new());
    }
    let mut all = match tree.entry("schema") {
        Some(_) => shown::<PackDecl>(&read, &read.tree)?,
        None => shown::<RuleFileDecl>(&read, &read.tree)?,
    };
    all.push('\n');
    canonical(&read.tree, &mut all);
    for rule in rules(&read.tree) {
        match shown::<RuleDecl>(&read, rule) {
            Ok(rule) => {
                // A text takes anything that is written to it.
                let _ = write!(all, "\n{rule}");
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    Ok(all)
}

/// A tree on one line, with the keys of each block in order of their names.
fn canonical(node: &Node, into: &mut String) {
    // A text takes anything that is written to it.
    match &node.shape {
        Shape::Scalar { text, .. } => _ = write!(into, "{text:?}"),
        Shape::List(items) => {
            into.push('[');
            for (index, item) in items.iter().enumerate() {
                into.push_str(if index == 0 { "" } else { ", " });
                canonical(item, into);
            }
            into.push(']');
        }
        Shape::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            into.push('{');
            for (index, entry) in entries.into_iter().enumerate() {
                into.push_str(if index == 0 { "" } else { ", " });
                _ = write!(into, "{:?}: ", entry.key);
                canonical(&entry.value, into);
            }
            into.push('}');
        }
    }
}

/// The rules of a file.
pub(super) fn rules(tree: &Node) -> &[Node] {
    match tree.entry("rules").map(|entry| &entry.value.shape) {
        Some(Shape::List(rules)) => rules,
        _ => &[],
    }
}

fn shown<T: DeserializeOwned + core::fmt::Debug>(
    file: &Yaml,
    node: &Node,
) -> Result<String, Diagnostic> {
    file.decode::<T>(node).map(|declared| format!("{declared:?}"))
}
