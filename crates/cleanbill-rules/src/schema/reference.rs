//! Help on keys, and the page that lists all of them, both out of the schema.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Kind, SchemaKind, View};
use crate::diagnostic::nearest;

/// What there is to know of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHelp {
    /// The key.
    pub key: String,
    /// The blocks that it may stand in, as paths: `rules[].mutually_exclusive.bypass`, or
    /// `CONDITION.line.units` within any condition.
    pub places: Vec<String>,
    /// Whether such a block must have it.
    pub required: bool,
    /// What it takes, in words.
    pub takes: String,
    /// What it means.
    pub description: String,
    /// The keys that its own block may have.
    pub keys: Vec<String>,
}

/// Blocks of the same definition are one block with several places.
struct Block<'a> {
    /// Of its definition; a file as a whole has its own.
    name: String,
    places: Vec<String>,
    view: View<'a>,
}

/// Everything known of the key `name`: several when blocks use the name for different things.
#[must_use]
pub fn key_help(name: &str) -> Vec<KeyHelp> {
    let mut found: Vec<KeyHelp> = Vec::new();
    for help in SchemaKind::ALL.into_iter().flat_map(of).filter(|help| help.key == name) {
        let same = |known: &&mut KeyHelp| {
            (known.required, &known.takes, &known.description)
                == (help.required, &help.takes, &help.description)
        };
        match found.iter_mut().find(same) {
            Some(known) => {
                known.places.extend(help.places);
                known.places.sort();
                known.places.dedup();
            }
            None => found.push(help),
        }
    }
    found
}

/// The names of all keys, sorted.
#[must_use]
pub fn key_names() -> Vec<String> {
    let mut names: Vec<String> =
        SchemaKind::ALL.into_iter().flat_map(of).map(|help| help.key).collect();
    names.sort();
    names.dedup();
    names
}

/// The key that is so near to `name` that it was meant.
#[must_use]
pub fn nearest_key(name: &str) -> Option<String> {
    nearest(name, key_names().iter().map(String::as_str)).map(str::to_owned)
}

/// Help on all keys of a kind of file, block by block.
pub(super) fn of(kind: SchemaKind) -> Vec<KeyHelp> {
    blocks(kind).iter().flat_map(|block| block.keys()).collect()
}

fn blocks(kind: SchemaKind) -> Vec<Block<'static>> {
    let top = match kind {
        SchemaKind::Pack => "pack.yaml",
        SchemaKind::RuleFile => "a rule file",
        SchemaKind::Waivers => "a file of waivers",
    };
    let mut tour = Tour { top, blocks: Vec::new(), known: BTreeMap::new() };
    tour.visit(View::new(kind.keys()), top, "");
    tour.blocks
}

/// How the block of a condition is called, whichever key it stands under.
const CONDITION: &str = "CONDITION";

/// Goes through the schema of a kind of file and takes up each block once.
struct Tour {
    top: &'static str,
    blocks: Vec<Block<'static>>,
    known: BTreeMap<String, usize>,
}

impl Tour {
    /// Adds the blocks at `view`, which is reached by `path` from a block of the definition `from`.
    fn visit(&mut self, view: View<'static>, path: &str, from: &str) {
        for (kind, inner) in view.kinds() {
            match kind {
                Kind::List => {
                    inner
                        .item(0)
                        .into_iter()
                        .for_each(|item| self.visit(item, &format!("{path}[]"), from));
                }
                Kind::Block if inner.is_open() => {}
                Kind::Block => match inner.any_key() {
                    Some(value) => self.visit(value, &format!("{path}.NAME"), from),
                    None => {
                        let name = inner.definition().or(view.definition()).unwrap_or(self.top);
                        self.block(inner, name, path, from);
                    }
                },
                _ => {}
            }
        }
    }

    fn block(&mut self, view: View<'static>, name: &str, path: &str, from: &str) {
        if let Some(block) = self.known.get(name).and_then(|index| self.blocks.get_mut(*index)) {
            // A block within itself has no end: it is told once.
            let within = name == from || block.places.iter().any(|place| path.starts_with(place));
            if !within {
                block.places.push(path.to_owned());
            }
            return;
        }
        self.known.insert(name.to_owned(), self.blocks.len());
        self.blocks.push(Block { name: name.to_owned(), places: vec![path.to_owned()], view });
        let stem = match name {
            _ if path == self.top => String::new(),
            "Condition" | "LineCondition" => format!("{CONDITION}."),
            _ => format!("{path}."),
        };
        for (key, value) in view.keys() {
            self.visit(value, &format!("{stem}{key}"), name);
        }
    }
}

impl Block<'_> {
    /// Help on its keys: those that must be there first, then by name.
    fn keys(&self) -> Vec<KeyHelp> {
        let required: Vec<&str> = self.view.required().collect();
        let mut keys: Vec<(&str, View<'_>)> = self.view.keys().collect();
        keys.sort_by_key(|(key, _)| {
            (required.iter().position(|known| known == key).unwrap_or(usize::MAX), *key)
        });
        keys.into_iter()
            .map(|(key, view)| KeyHelp {
                key: key.to_owned(),
                places: self.places.clone(),
                required: required.contains(&key),
                takes: takes(view),
                description: view.description().to_owned(),
                keys: inner_keys(view),
            })
            .collect()
    }
}

fn inner_keys(view: View<'_>) -> Vec<String> {
    let item = view.taking(Kind::List).and_then(|list| list.item(0));
    let named = view.taking(Kind::Block).and_then(View::any_key);
    let block = [Some(view), item, named]
        .into_iter()
        .flatten()
        .find_map(|view| view.taking(Kind::Block).filter(|block| block.any_key().is_none()));
    block.into_iter().flat_map(|block| block.keys()).map(|(key, _)| key.to_owned()).collect()
}

fn takes(view: View<'_>) -> String {
    let kinds = view.kinds().into_iter().rev().map(|(kind, view)| {
        let words: Vec<&str> = view.words().collect();
        match kind {
            Kind::Text if words.is_empty() => "text".to_owned(),
            Kind::Text => one_of(&words),
            Kind::SetName => "`$name` of a value set".to_owned(),
            Kind::ParamName => "`$name` of a parameter".to_owned(),
            Kind::Number => "whole number".to_owned(),
            Kind::Truth => "`true` or `false`".to_owned(),
            Kind::Block => match view.any_key() {
                Some(value) => format!("names, each with: {}", takes(value)),
                None => "block".to_owned(),
            },
            Kind::List if view.length().is_some() => "list of two texts".to_owned(),
            Kind::List => match view.item(0) {
                Some(item) => format!("list of: {}", takes(item)),
                None => "list".to_owned(),
            },
        }
    });
    kinds.collect::<Vec<_>>().join("; or ")
}

fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// The reference page of all keys, as Markdown.
#[must_use]
pub fn reference_page() -> String {
    let mut page = "# All keys of a pack\n\n\
        Made from the program itself; do not edit it by hand. [Rule packs](rule-packs.md) explains the keys with\n\
        examples, `cleanbill explain KEY` shows the same in the terminal. `CONDITION` stands for a condition, which is what\n\
        `when`, `must` and `unless` take.\n"
        .to_owned();
    let mut told: Vec<Block<'_>> = Vec::new();
    for block in SchemaKind::ALL.into_iter().flat_map(blocks) {
        match told.iter_mut().find(|known| known.name == block.name) {
            Some(known) => {
                let new = block.places.into_iter().filter(|place| !known.places.contains(place));
                let new: Vec<String> = new.collect();
                known.places.extend(new);
            }
            None => told.push(block),
        }
    }
    told.iter().for_each(|block| section(&mut page, block));
    page
}

fn section(page: &mut String, block: &Block<'_>) {
    let places: Vec<String> = block.places.iter().map(|place| format!("`{place}`")).collect();
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "\n## {}\n\n{}\n\n| key | must | takes | meaning |\n|---|---|---|---|\n",
        places
            .join(", ")
            .replace("`pack.yaml`", "pack.yaml")
            .replace("`a rule file`", "A rule file")
            .replace("`a file of waivers`", "A file of waivers"),
        block.view.block_description()
    );
    for help in block.keys() {
        let must = if help.required { "yes" } else { "no" };
        let cell = |text: &str| text.replace('|', "\\|");
        let _ = writeln!(
            page,
            "| `{}` | {must} | {} | {} |",
            help.key,
            cell(&help.takes),
            cell(&help.description)
        );
    }
}
