//! What a pack file declares, in a form that can be compared.

use core::fmt::Write as _;

use serde::de::DeserializeOwned;

use crate::declare::{PackDecl, RuleDecl, RuleFileDecl, WaiverDecl, WaiverFileDecl};
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
    let kind = kind_of(&tree);
    if kind == SchemaKind::Waivers && yaml::is_bare(text, "waivers") {
        return Ok(String::new());
    }
    let read = yaml::read(file.to_owned(), text.to_owned(), kind)?;
    if !read.mistakes.is_empty() {
        read.mistakes.into_iter().for_each(|mistake| mistakes.push(mistake));
        return Ok(String::new());
    }
    let mut all = match kind {
        SchemaKind::Pack => shown::<PackDecl>(&read, &read.tree)?,
        SchemaKind::RuleFile => shown::<RuleFileDecl>(&read, &read.tree)?,
        SchemaKind::Waivers => shown::<WaiverFileDecl>(&read, &read.tree)?,
    };
    all.push('\n');
    canonical(&read.tree, &mut all);
    let rules = items(&read.tree, "rules").iter().map(|rule| shown::<RuleDecl>(&read, rule));
    let waivers = items(&read.tree, "waivers").iter().map(|one| shown::<WaiverDecl>(&read, one));
    for item in rules.chain(waivers) {
        match item {
            Ok(item) => {
                // A text takes anything that is written to it.
                let _ = write!(all, "\n{item}");
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    Ok(all)
}

/// What kind of file it is, told by its keys.
fn kind_of(tree: &Node) -> SchemaKind {
    let has = |key| tree.entry(key).is_some();
    match (has("schema"), has("waivers") && !has("rules")) {
        (true, _) => SchemaKind::Pack,
        (false, true) => SchemaKind::Waivers,
        (false, false) => SchemaKind::RuleFile,
    }
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

/// The list under a key of a file: its rules, its waivers.
pub(super) fn items<'a>(tree: &'a Node, key: &str) -> &'a [Node] {
    tree.entry(key).map_or(&[], |entry| entry.value.items())
}

fn shown<T: DeserializeOwned + core::fmt::Debug>(
    file: &Yaml,
    node: &Node,
) -> Result<String, Diagnostic> {
    file.decode::<T>(node).map(|declared| format!("{declared:?}"))
}
