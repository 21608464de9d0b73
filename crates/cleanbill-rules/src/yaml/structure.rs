//! A tree compared with the schema of its file: unknown and missing keys, wrong shapes, all at once.
//!
//! The tree is mended on the way: a key that was nearly right gets its right name, and what is wrong
//! or missing gets a stand-in of the right shape. So the checks behind this one still find the other
//! mistakes, and errors about a stand-in are kept quiet.

use core::ops::Range;
use std::collections::BTreeSet;

use super::tree::{Entry, Node, Shape};
use super::value::{is_nothing, kind_of, stand_in};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Quiet, nearest, suggest};
use crate::schema::{Kind, View};

/// A mended tree with what was wrong.
pub(super) struct Checked {
    pub(super) tree: Node,
    pub(super) mistakes: Vec<Diagnostic>,
    pub(super) quiet: Vec<Quiet>,
    /// A key at the top resembles no other and may stand for any.
    pub(super) strange: bool,
}

/// Compares `tree`, a part of `text`, with what `view` takes.
pub(super) fn check(file: &str, text: &str, tree: Node, view: View<'_>) -> Checked {
    let mut walk = Walk { file, text, mistakes: Vec::new(), quiet: Vec::new(), strange: false };
    let tree = walk.value(TOP, view, tree);
    Checked { tree, mistakes: walk.mistakes, quiet: walk.quiet, strange: walk.strange }
}

struct Walk<'a> {
    file: &'a str,
    text: &'a str,
    mistakes: Vec<Diagnostic>,
    quiet: Vec<Quiet>,
    strange: bool,
}

/// How the whole of a file is called.
const TOP: &str = "the file";

impl Walk<'_> {
    fn error(
        &mut self,
        code: Code,
        span: Range<usize>,
        message: String,
        label: &str,
        help: String,
    ) {
        let (file, label) = (self.file.to_owned(), label.to_owned());
        self.mistakes.push(Diagnostic { code, message, file, span, label, help });
    }

    fn quiet(&mut self, span: &Range<usize>, only_missing: bool) {
        let file = self.file.to_owned();
        self.quiet.push(Quiet { file, span: span.clone(), only_missing });
    }

    /// The value of `key`, mended.
    fn value(&mut self, key: &str, view: View<'_>, node: Node) -> Node {
        // More would not be shown, and what a stranger's file costs stays bounded.
        if self.mistakes.len() >= Diagnostics::LIMIT {
            return node;
        }
        let kind = kind_of(&node);
        let taken = |kind| view.taking(kind).map(|view| (kind, view));
        let found = kind.and_then(taken);
        // Which of the two a name stands for depends on the place.
        let found = match kind {
            Some(Kind::SetName) => found.or_else(|| taken(Kind::ParamName)),
            _ => found,
        };
        let text_for_all = kind.is_some_and(|kind| kind <= Kind::Truth);
        let found = found.or_else(|| {
            // A text may look like anything.
            text_for_all.then(|| taken(Kind::Text)).flatten()
        });
        match (found, node.shape) {
            (Some((Kind::Block, view)), shape) if view.is_open() || view.is_condition() => {
                Node { span: node.span, shape }
            }
            (Some((Kind::Block, view)), Shape::Map(entries)) => {
                self.block(key, view, entries, node.span)
            }
            (Some((Kind::List, view)), Shape::List(items)) => {
                self.list(key, view, items, node.span)
            }
            (Some(_), shape @ Shape::Scalar { .. }) => Node { span: node.span, shape },
            (_, shape) => self.wrong(key, view, Node { span: node.span, shape }),
        }
    }

    fn list(&mut self, key: &str, view: View<'_>, items: Vec<Node>, span: Range<usize>) -> Node {
        if view.length().is_some_and(|length| length != items.len()) {
            let node = Node { span, shape: Shape::List(items) };
            return self.wrong(key, view, node);
        }
        let of = if key.starts_with("an item of") {
            key.to_owned()
        } else {
            format!("an item of `{key}`")
        };
        let items = items
            .into_iter()
            .enumerate()
            .map(|(index, item)| match view.item(index) {
                Some(view) => self.value(&of, view, item),
                None => item,
            })
            .collect();
        Node { span, shape: Shape::List(items) }
    }

    fn block(
        &mut self,
        name: &str,
        view: View<'_>,
        entries: Vec<Entry>,
        span: Range<usize>,
    ) -> Node {
        if let Some(keys) = right_keys(view, &entries) {
            return self.sound_block(keys, entries, span);
        }
        let given: BTreeSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
        let mut taken = given.clone();
        let mut mended: Vec<Entry> = Vec::new();
        let mut strange = Vec::new();
        let mut spoiled = false;
        for entry in entries {
            if let Some(inner) = view.key(&entry.key).or_else(|| view.any_key()) {
                let value = self.value(&entry.key, inner, entry.value);
                spoiled |= self.quiet.iter().any(|quiet| quiet.span == value.span);
                mended.push(Entry { value, ..entry });
                continue;
            }
            if self.mistakes.len().max(strange.len()) >= Diagnostics::LIMIT {
                continue;
            }
            let free: Vec<&str> =
                view.keys().map(|(key, _)| key).filter(|key| !taken.contains(*key)).collect();
            match nearest(&entry.key, free.iter().copied()).map(str::to_owned) {
                Some(meant) => {
                    self.unknown(name, &entry, format!("did you mean `{meant}`?"));
                    taken.insert(meant.clone());
                    if let Some(inner) = view.key(&meant) {
                        let value = self.value(&meant, inner, entry.value);
                        mended.push(Entry { key: meant, key_span: entry.key_span, value });
                    }
                }
                None => strange.push(entry),
            }
        }
        let missing: Vec<&str> = view.required().filter(|key| !taken.contains(*key)).collect();
        self.strange(name, view, &strange, &given, &missing);
        self.strange |= name == TOP && !strange.is_empty();
        if !strange.is_empty() || spoiled {
            self.quiet(&span, true);
        }
        for key in &missing {
            if strange.is_empty() {
                self.error(
                    Code::MissingKey,
                    span.clone(),
                    format!("the key `{key}` is missing"),
                    "in this block",
                    format!(
                        "add `{key}:` with {}",
                        view.key(key).map(View::wanted).unwrap_or_default()
                    ),
                );
            }
            // An empty place of its own, so that nothing else is kept quiet.
            let place = span.end..span.end;
            self.quiet(&place, false);
            let value = stand_in(view.key(key), &place);
            mended.push(Entry { key: (*key).to_owned(), key_span: place, value });
        }
        Node { span, shape: Shape::Map(mended) }
    }

    /// A block with the keys that it must have and may have; `keys` are their places in the schema.
    fn sound_block(
        &mut self,
        keys: Vec<View<'_>>,
        mut entries: Vec<Entry>,
        span: Range<usize>,
    ) -> Node {
        let before = self.quiet.len();
        for (entry, view) in entries.iter_mut().zip(keys) {
            let place = entry.value.span.clone();
            let value = Node { span: place.clone(), shape: Shape::List(Vec::new()) };
            let value = core::mem::replace(&mut entry.value, value);
            entry.value = self.value(&entry.key, view, value);
        }
        let spoiled = |quiet: &Quiet| entries.iter().any(|entry| entry.value.span == quiet.span);
        if self.quiet.get(before..).unwrap_or_default().iter().any(spoiled) {
            self.quiet(&span, true);
        }
        Node { span, shape: Shape::Map(entries) }
    }

    fn unknown(&mut self, block: &str, entry: &Entry, help: String) {
        let place = match block {
            TOP => "at the top of this file".to_owned(),
            name if name.starts_with("an item of") => format!("in {name}"),
            name => format!("in `{name}`"),
        };
        let message = format!("unknown key `{}` {place}", entry.key);
        self.error(Code::UnknownKey, entry.key_span.clone(), message, "not a key here", help);
    }

    /// Keys that resemble no key that is still free. One of them may stand for one that is missing.
    fn strange(
        &mut self,
        name: &str,
        view: View<'_>,
        strange: &[Entry],
        given: &BTreeSet<String>,
        missing: &[&str],
    ) {
        for entry in strange {
            let all: Vec<&str> = view.keys().map(|(key, _)| key).collect();
            let help = match nearest(&entry.key, all.iter().copied()) {
                Some(near) if given.contains(near) => {
                    format!("did you mean `{near}`? It is already there")
                }
                _ if missing.is_empty() => suggest(&entry.key, all),
                _ => format!("`{}` is missing here; is it that?", missing.join("`, `")),
            };
            self.unknown(name, entry, help);
        }
    }

    /// An error about the shape of `node`, and what stands for it from here on.
    fn wrong(&mut self, key: &str, view: View<'_>, node: Node) -> Node {
        let subject = if key.starts_with("an item of") || key == TOP {
            key.to_owned()
        } else {
            format!("`{key}`")
        };
        let wanted = view.wanted();
        let (label, help) = match &node.shape {
            _ if is_nothing(&node) => {
                ("nothing stands here", self.instead_of_nothing(key, view, &node))
            }
            Shape::Scalar { text, .. } => {
                ("this is a single value", self.instead_of_scalar(view, text))
            }
            Shape::List(_) | Shape::Map(_) => {
                let label = match node.shape {
                    Shape::List(_) => "this is a list",
                    _ => "this is a block of keys",
                };
                (label, self.instead_of_block(key, view, &node))
            }
        };
        self.error(
            Code::WrongType,
            node.span.clone(),
            format!("{subject} takes {wanted}"),
            label,
            help,
        );
        let list = view.taking(Kind::List).filter(|list| list.length().is_none());
        let item = list.and_then(|list| list.item(0));
        match (&node.shape, item) {
            // One item without the dash: what is in it can still be checked.
            (Shape::Map(entries), Some(item))
                if entries.iter().any(|entry| item.key(&entry.key).is_some()) =>
            {
                let span = node.span.clone();
                let inner = self.value(key, item, node);
                Node { span, shape: Shape::List(vec![inner]) }
            }
            (Shape::Scalar { .. }, Some(item)) if item.taking(Kind::Text).is_some() => {
                self.quiet(&node.span, false);
                Node { span: node.span.clone(), shape: Shape::List(vec![node]) }
            }
            _ => {
                self.quiet(&node.span, false);
                stand_in(Some(view), &node.span)
            }
        }
    }

    fn instead_of_nothing(&self, key: &str, view: View<'_>, node: &Node) -> String {
        let behind = self.text.get(node.span.end..).and_then(|rest| rest.lines().next());
        let comment = behind.unwrap_or_default().trim_start_matches([':', ' ']).trim_end();
        if view.taking(Kind::Text).is_some() && comment.starts_with('#') {
            let quoted = serde_json::Value::from(comment);
            return format!("text that starts with `#` needs quotes: `{key}: {quoted}`");
        }
        format!("give {}; a key without a value says nothing", view.wanted())
    }

    fn instead_of_scalar(&self, view: View<'_>, text: &str) -> String {
        if view.taking(Kind::SetName).is_some() && text.contains(|c: char| c.is_ascii_lowercase()) {
            return format!("write `${text}` for the value set of that name, or a list");
        }
        if let Some(list) = view.taking(Kind::List) {
            return match list.item(0) {
                Some(item) if item.taking(Kind::Text).is_some() && list.length().is_none() => {
                    format!("write [{}]", serde_json::Value::from(text))
                }
                Some(item) if item.taking(Kind::Number).is_some() => {
                    format!("give {}, without quotes", view.wanted())
                }
                Some(item) if item.taking(Kind::Block).is_some() => {
                    "begin each item on a line of its own with `- `".to_owned()
                }
                _ => format!("give {}", view.wanted()),
            };
        }
        if view.taking(Kind::Block).is_some() {
            return block_of(view);
        }
        format!("give {}, without quotes", view.wanted())
    }

    fn instead_of_block(&self, key: &str, view: View<'_>, node: &Node) -> String {
        let source = self.text.get(node.span.clone()).unwrap_or_default();
        let flow = source.starts_with(['{', '[']) && !source.contains('\n');
        if view.taking(Kind::Text).is_some() && flow {
            let quoted = match source.contains('"') {
                false => format!("\"{source}\""),
                true => format!("'{}'", source.replace('\'', "''")),
            };
            let mark = source.get(..1).unwrap_or_default();
            return format!("text that starts with `{mark}` needs quotes: `{key}: {quoted}`");
        }
        if matches!(node.shape, Shape::Map(_)) && view.taking(Kind::List).is_some() {
            return "begin each item with `- `".to_owned();
        }
        if view.taking(Kind::Block).is_some() {
            return block_of(view);
        }
        format!("give {}", view.wanted())
    }
}

/// What the keys of a block take, when all of them are known and none is missing.
fn right_keys<'a>(view: View<'a>, entries: &[Entry]) -> Option<Vec<View<'a>>> {
    let any = view.any_key();
    let known = |entry: &Entry| view.key(&entry.key).or(any);
    let whole = view.required().all(|key| entries.iter().any(|entry| entry.key == key));
    whole.then(|| entries.iter().map(known).collect()).flatten()
}

/// Advice to write a block.
fn block_of(view: View<'_>) -> String {
    let mut keys: Vec<&str> = view.required().collect();
    if keys.is_empty() {
        keys = view.keys().map(|(key, _)| key).collect();
    }
    match keys.as_slice() {
        [] => "write `name: value` on lines of their own below it".to_owned(),
        _ => format!("give a block with `{}`", keys.join("`, `")),
    }
}
