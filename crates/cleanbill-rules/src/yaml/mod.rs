//! YAML text to declared types, with the place of every value kept beside them.
//!
//! Two parsers read the same bytes (ADR 0002): [`tree`] gives positions and refuses the parts of YAML
//! that packs do not take; [`second`] is the one module that knows the other and refuses what it reads
//! otherwise. [`structure`] compares the tree with the keys of the declared types, so that all mistakes
//! of a file are found at once; [`decode`] gives the types.

mod decode;
mod patch;
mod plain;
mod second;
mod structure;
mod tree;
mod value;

#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostic, Diagnostics, Quiet};
use crate::schema::{SchemaKind, View};

pub(crate) use decode::decode;
pub(crate) use patch::quoted;
pub(crate) use tree::{Entry, Node, Shape, too_large};

/// A file of a pack, read and compared with the keys that it may have.
#[derive(Debug)]
pub(crate) struct Yaml {
    /// Path as people see it.
    pub(crate) shown: String,
    pub(crate) text: String,
    /// The file; where it has mistakes, what was meant.
    pub(crate) tree: Node,
    /// Everything that is wrong with keys and shapes. When there is nothing, the tree is the file.
    pub(crate) mistakes: Vec<Diagnostic>,
    /// Where further errors would only repeat one of the mistakes.
    pub(crate) quiet: Vec<Quiet>,
    /// A key at the top resembles no other and may stand for any.
    pub(crate) strange: bool,
    /// The file can be read otherwise. Nothing of it is decoded then.
    ambiguous: Option<Diagnostic>,
}

/// Reads a file of the given kind.
///
/// # Errors
/// The text is no YAML, or uses what packs do not take.
pub(crate) fn read(shown: String, text: String, kind: SchemaKind) -> Result<Yaml, Diagnostic> {
    let (tree, mut mistakes) = tree::parse(&shown, &text)?;
    let checked = structure::check(&shown, &text, tree, View::new(kind.keys()));
    mistakes.extend(checked.mistakes);
    // A file with mistakes is never run, and its tree is what was meant.
    let ambiguous = match mistakes.is_empty() {
        true => second::disagreement(&shown, &text, &checked.tree),
        false => None,
    };
    Ok(Yaml {
        shown,
        text,
        tree: checked.tree,
        mistakes,
        quiet: checked.quiet,
        strange: checked.strange,
        ambiguous,
    })
}

/// The tree of `text` as it is written, compared with nothing.
///
/// # Errors
/// The text is no YAML, uses what packs do not take, or gives a key twice.
pub(crate) fn parse(file: &str, text: &str) -> Result<Node, Diagnostic> {
    let (tree, doubled) = tree::parse(file, text)?;
    doubled.into_iter().next().map_or(Ok(tree), Err)
}

/// Reads a file of settings that is no part of a pack, `shown` to people under that name. It is held to the
/// YAML that packs take: no key twice, nothing that a second parser reads otherwise.
///
/// # Errors
/// The text is no such YAML, or not what `T` takes.
pub fn settings<T: DeserializeOwned>(shown: &str, text: &str) -> Result<T, Diagnostics> {
    let read = parse(shown, text).and_then(|tree| {
        let ambiguous = second::disagreement(shown, text, &tree);
        ambiguous.map_or_else(|| second::settings(shown, text), Err)
    });
    read.map_err(|mistake| {
        let mut mistakes = Diagnostics::default();
        mistakes.add_file(shown, text);
        mistakes.push(mistake);
        mistakes
    })
}

/// Whether `key` stands in `text` with nothing behind it.
pub(crate) fn is_bare(text: &str, key: &str) -> bool {
    parse("", text).is_ok_and(|tree| value::is_nothing(tree.get(key)))
}

/// A rule put together from several files, compared with the keys that it may have: what was meant,
/// what is wrong, and where no more should be said.
pub(crate) fn rule(file: &str, text: &str, rule: Node) -> (Node, Vec<Diagnostic>, Vec<Quiet>) {
    let Some(view) = View::of_rule() else {
        return (rule, Vec::new(), Vec::new());
    };
    let checked = structure::check(file, text, rule, view);
    (checked.tree, checked.mistakes, checked.quiet)
}

impl Yaml {
    /// Decodes a part of the file. A file with mistakes is decoded as mended, only to find what else
    /// is wrong with it.
    pub(crate) fn decode<T: DeserializeOwned>(&self, node: &Node) -> Result<T, Diagnostic> {
        match &self.ambiguous {
            Some(ambiguous) => Err(ambiguous.clone()),
            None => decode(&self.shown, node),
        }
    }

    /// Whether `node` stands for something that is wrong or missing.
    pub(crate) fn is_spoiled(&self, node: &Node) -> bool {
        self.quiet.iter().any(|quiet| !quiet.only_missing && quiet.span == node.span)
    }
}
