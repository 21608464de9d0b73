//! A YAML file as a tree of spans, and the gate that refuses what packs do not take.

use core::ops::Range;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::plain;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Largest pack file.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Deepest nesting.
const MAX_DEPTH: usize = 32;
/// Most values in one file.
const MAX_NODES: usize = 500_000;
/// Most keys of one block, which are looked up one after the other.
const MAX_KEYS: usize = 10_000;
/// Most doubled keys that are told one by one.
const MAX_DOUBLED: usize = Diagnostics::LIMIT;

/// A value and the bytes that it stands in.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Scalar { text: String, plain: bool },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node,
}

impl Node {
    /// The value of `key`; the node itself when there is none, so that an error still has a place.
    pub(crate) fn get(&self, key: &str) -> &Self {
        self.entry(key).map_or(self, |entry| &entry.value)
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.shape {
            Shape::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The keys of a block in their order; none when the node is no block.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.shape {
            Shape::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The bytes of the key `key`, or of the node when there is none.
    pub(crate) fn key_span(&self, key: &str) -> Range<usize> {
        self.entry(key).map_or_else(|| self.span.clone(), |entry| entry.key_span.clone())
    }

    /// The item at `index`; the node itself when there is none.
    pub(crate) fn item(&self, index: usize) -> &Self {
        match &self.shape {
            Shape::List(items) => items.get(index).unwrap_or(self),
            _ => self,
        }
    }
}

/// The error about a file of so many bytes, which need not be read.
pub(crate) fn too_large(file: &str, bytes: Option<u64>) -> Option<Diagnostic> {
    let is_too_large = |bytes| usize::try_from(bytes).map_or(true, |bytes| bytes > MAX_BYTES);
    bytes.is_some_and(is_too_large).then(|| Gate { file, text: "" }.too_large())
}

/// Parses `text` and refuses anchors, aliases, tags, merge keys, further documents, and more size or
/// depth than a pack needs. Keys that are given again come back as errors; the tree has the first.
pub(super) fn parse(file: &str, text: &str) -> Result<(Node, Vec<Diagnostic>), Diagnostic> {
    let gate = Gate { file, text };
    if text.len() > MAX_BYTES {
        return Err(gate.too_large());
    }
    let mut builder =
        Builder { gate: &gate, stack: Vec::new(), root: None, nodes: 0, doubled: Vec::new() };
    let mut documents = 0;
    let options = granit_parser::options! { emit_unresolved_aliases: true };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let offset = error.marker().byte_offset().unwrap_or(0);
            match error.info().as_ref() {
                // The parser's own limit, met before ours where brackets open without an end.
                "recursion limit exceeded" => gate.too_deep(offset..offset),
                reason => plain::not_yaml(file, text, offset, reason),
            }
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    return Err(gate.refuse(
                        range,
                        "a second YAML document starts here",
                        "keep one document a file: remove the `---` line or move the rest to a file of its own",
                    ));
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return Err(gate.refuse(
                    range,
                    "aliases (`*name`) are not taken",
                    "write the value out, or put it into `value_sets`",
                ));
            }
            Event::Scalar(value, style, anchor, tag) => {
                gate.plain_node(&range, anchor, tag.is_some())?;
                let plain = style == ScalarStyle::Plain;
                let shape = Shape::Scalar { text: value.into_owned(), plain };
                builder.add(Node { span: trimmed(text, range), shape })?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                gate.plain_node(&range, anchor, tag.is_some())?;
                builder.open(Node { span: range, shape: Shape::List(Vec::new()) })?;
            }
            Event::MappingStart(_, anchor, tag) => {
                gate.plain_node(&range, anchor, tag.is_some())?;
                builder.open(Node { span: range, shape: Shape::Map(Vec::new()) })?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(range.end)?,
            _ => {}
        }
    }
    let tree = builder.root.ok_or_else(|| {
        gate.refuse(0..0, "the file is empty", "start it with `schema: cleanbill/pack/v1`")
    })?;
    Ok((tree, builder.doubled))
}

/// A block scalar's span runs to the next token; only its text is wanted.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let len = text.get(range.clone()).map_or(range.len(), |slice| slice.trim_end().len());
    range.start..range.start + len
}

struct Gate<'a> {
    file: &'a str,
    text: &'a str,
}

impl Gate<'_> {
    fn refuse(&self, span: Range<usize>, message: &str, help: &str) -> Diagnostic {
        Diagnostic {
            code: Code::UnsafeYaml,
            message: message.to_owned(),
            file: self.file.to_owned(),
            span,
            label: String::new(),
            help: help.to_owned(),
        }
    }

    fn too_large(&self) -> Diagnostic {
        let help = "split it into several files under `include`";
        self.refuse(0..0, "the file is larger than 4 MiB", help)
    }

    fn too_deep(&self, span: Range<usize>) -> Diagnostic {
        self.refuse(
            span,
            "nested deeper than 32 levels",
            "no pack needs that: look at the indentation",
        )
    }

    fn doubled(&self, key: &str, first: &Range<usize>, again: &Range<usize>) -> Diagnostic {
        let before = self.text.get(..first.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Diagnostic {
            code: Code::DuplicateKey,
            message: format!("key `{key}` appears twice"),
            file: self.file.to_owned(),
            span: again.clone(),
            label: format!("first given on line {line}"),
            help: "keep one; YAML would silently keep the last".to_owned(),
        }
    }

    fn plain_node(
        &self,
        range: &Range<usize>,
        anchor: usize,
        tagged: bool,
    ) -> Result<(), Diagnostic> {
        if tagged {
            return Err(self.refuse(
                range.clone(),
                "tags (`!name`) are not taken",
                "quote a text that starts with `!`",
            ));
        }
        if anchor > 0 {
            return Err(self.refuse(
                range.clone(),
                "anchors (`&name`) are not taken",
                "write the value out, or put it into `value_sets`",
            ));
        }
        Ok(())
    }
}

/// A map whose key was read and whose value is awaited, or a list.
struct Open {
    node: Node,
    key: Option<Key>,
    /// Where each key of a map was first given.
    keys: HashMap<String, Range<usize>>,
}

struct Key {
    text: String,
    span: Range<usize>,
    /// It was given before, so that its value is passed over.
    doubled: bool,
}

struct Builder<'a> {
    gate: &'a Gate<'a>,
    stack: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    doubled: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn open(&mut self, node: Node) -> Result<(), Diagnostic> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.gate.too_deep(node.span));
        }
        if self
            .stack
            .last()
            .is_some_and(|open| matches!(open.node.shape, Shape::Map(_)) && open.key.is_none())
        {
            return Err(self.gate.refuse(
                node.span,
                "a key must be plain text",
                "quote it if it starts with `{` or `[`",
            ));
        }
        self.stack.push(Open { node, key: None, keys: HashMap::new() });
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Diagnostic> {
        let Some(mut open) = self.stack.pop() else { return Ok(()) };
        let text = self.gate.text;
        let start = open.node.span.start;
        open.node.span = trimmed(text, start..end.max(start));
        // Most blocks are small, and a vector begins with room for several.
        match &mut open.node.shape {
            Shape::List(items) => items.shrink_to_fit(),
            Shape::Map(entries) => entries.shrink_to_fit(),
            Shape::Scalar { .. } => {}
        }
        self.add(open.node)
    }

    fn add(&mut self, node: Node) -> Result<(), Diagnostic> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.gate.refuse(
                node.span,
                "more than 500,000 values in one file",
                "put data into a table file",
            ));
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.shape, open.key.take()) {
            (Shape::List(items), _) => items.push(node),
            (Shape::Map(entries), Some(key)) => {
                if !key.doubled {
                    entries.push(Entry { key: key.text, key_span: key.span, value: node });
                }
            }
            (Shape::Map(entries), None) => {
                let Shape::Scalar { text: key, .. } = node.shape else { return Ok(()) };
                if key == "<<" {
                    return Err(self.gate.refuse(
                        node.span,
                        "merge keys (`<<`) are not taken",
                        "write the values out",
                    ));
                }
                if entries.len() >= MAX_KEYS {
                    return Err(self.gate.refuse(
                        node.span,
                        "more than 10,000 keys in one block",
                        "put data into a table file",
                    ));
                }
                let first = open.keys.get(&key).cloned();
                let doubled = first.is_some();
                if let Some(first) = first.filter(|_| self.doubled.len() < MAX_DOUBLED) {
                    self.doubled.push(self.gate.doubled(&key, &first, &node.span));
                } else if !doubled {
                    open.keys.insert(key.clone(), node.span.clone());
                }
                open.key = Some(Key { text: key, span: node.span, doubled });
            }
            (Shape::Scalar { .. }, _) => {}
        }
        Ok(())
    }
}
