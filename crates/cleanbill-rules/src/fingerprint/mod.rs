//! What decides the verdicts of each rule, as digests: two rules whose digests agree cannot differ on
//! any claim.
//!
//! A rule's verdicts follow from its own keys, from the value sets, tables and facts that it names, and
//! from what the pack says of all its rules. [`closure`] finds what it names; [`digest`] makes a digest
//! of each part that neither layout nor quoting nor the order of keys changes; [`rows`] does so for
//! tables; [`compare_packs`] tells rules and tables apart.

mod closure;
mod compare;
mod digest;
mod rows;

use std::collections::BTreeMap;

pub use compare::{PackChanges, RuleChange, TableChange, compare_packs};

use self::closure::Definitions;
use self::digest::Digest;
use self::rows::Rows;
use crate::diagnostic::Diagnostics;
use crate::recorded::RecordedPack;
use crate::source::MemorySource;
use crate::yaml::{self, Entry, Node, Shape};

/// Keys of `pack.yaml` that decide no verdict, or that are looked at where a rule names them.
const NOT_OF_EVERY_RULE: [&str; 14] = [
    "schema",
    "name",
    "version",
    "title",
    "owner",
    "review_by",
    "include",
    "rules",
    "defaults",
    "value_sets",
    "params",
    "tables",
    "facts",
    "requires",
];

/// Keys of a rule that decide no verdict and are shown in no finding.
const NOT_OF_THE_RULE: [&str; 2] = ["id", "tests"];

/// Digests of everything that decides the verdicts of a pack.
#[derive(Debug, Default)]
pub struct PackFingerprint {
    /// Name and version, `acme@2026.1.0`.
    pub pack: String,
    rules: BTreeMap<String, Parts>,
    tables: BTreeMap<String, Rows>,
}

/// The parts that decide a rule, as an author knows them (`same`, `$my_codes`, `table mue`), each with
/// its digest.
type Parts = BTreeMap<String, Digest>;

impl PackFingerprint {
    /// Digests of the last of `made_of`, as [`crate::Loading::load_recorded`] gave them.
    ///
    /// What lies below a pack may decide any of its rules, and what the pack says may decide any rule
    /// that lies below: all of the one counts for every rule of the other.
    ///
    /// # Errors
    /// What makes a file no YAML; a pack that was loaded has no such file.
    pub fn of(made_of: &[RecordedPack]) -> Result<Self, Diagnostics> {
        let Some((top, below)) = made_of.split_last() else { return Ok(Self::default()) };
        let mut whole = Self::of_files(&top.files)?;
        let own = Digest::of_files(core::iter::once(&top.files));
        let far = Digest::of_files(below.iter().map(|part| &part.files));
        if !below.is_empty() {
            for parts in whole.rules.values_mut() {
                parts.insert("packs below".to_owned(), far);
            }
        }
        for part in below {
            for (rule, mut parts) in Self::of_files(&part.files)?.rules {
                parts.insert("packs below".to_owned(), far);
                parts.insert("what the pack above says".to_owned(), own);
                whole.rules.entry(rule).or_insert(parts);
            }
        }
        Ok(whole)
    }

    /// Adds that `rule` reads an imported table, of which `digest` tells any two editions apart. What is
    /// imported is no part of the files of a pack.
    pub fn reads_import(&mut self, rule: &str, table: &str, digest: &str) {
        if let Some(parts) = self.rules.get_mut(rule) {
            parts.insert(format!("imported table {table}"), Digest::of_text(digest));
        }
    }

    /// Leaves only these rules.
    pub fn retain_rules(&mut self, is_wanted: impl Fn(&str) -> bool) {
        self.rules.retain(|rule, _| is_wanted(rule));
    }

    /// Digests of one pack by itself.
    fn of_files(files: &MemorySource) -> Result<Self, Diagnostics> {
        let mut pack = Node { span: 0..0, shape: Shape::Map(Vec::new()) };
        let mut others = Vec::new();
        for (path, text) in files.files().filter(|(path, _)| is_yaml(path)) {
            let tree = yaml::parse(path, text).map_err(|mistake| {
                let mut mistakes = Diagnostics::default();
                mistakes.add_file(path, text);
                mistakes.push(mistake);
                mistakes
            })?;
            match path {
                "pack.yaml" => pack = tree,
                _ => others.push((path, tree)),
            }
        }
        let tables = tables(files, &pack);
        let definitions = Definitions::new(&pack, &tables);
        let every_rule = parts_of_every_rule(&pack, &others);
        let mut rules = BTreeMap::new();
        for list in core::iter::once(&pack).chain(others.iter().map(|(_, tree)| tree)) {
            let Some(Entry { value: Node { shape: Shape::List(items), .. }, .. }) =
                list.entry("rules")
            else {
                continue;
            };
            for rule in items {
                let mut parts = every_rule.clone();
                parts_of_rule(&pack, rule, &definitions, &mut parts);
                rules.insert(scalar(rule, "id").to_owned(), parts);
            }
        }
        let pack = format!("{}@{}", scalar(&pack, "name"), scalar(&pack, "version"));
        Ok(Self { pack, rules, tables })
    }

    fn name(&self) -> &str {
        self.pack.split_once('@').map_or(self.pack.as_str(), |(name, _)| name)
    }
}

fn is_yaml(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "yaml" || ending == "yml")
}

fn tables(files: &MemorySource, pack: &Node) -> BTreeMap<String, Rows> {
    let declared = entries(pack, "tables").iter();
    declared
        .map(|entry| {
            let path = scalar(&entry.value, "file");
            let text = files.files().find(|(file, _)| *file == path).map_or("", |(_, text)| text);
            (entry.key.clone(), Rows::read(&entry.value, text))
        })
        .collect()
}

/// What the pack says of all its rules, and files whose meaning is not known here.
fn parts_of_every_rule(pack: &Node, others: &[(&str, Node)]) -> Parts {
    let mut parts = Parts::new();
    if let Shape::Map(all) = &pack.shape {
        for entry in all.iter().filter(|entry| !NOT_OF_EVERY_RULE.contains(&entry.key.as_str())) {
            parts.insert(format!("{} of the pack", entry.key), Digest::of(&entry.value));
        }
    }
    for (path, tree) in others.iter().filter(|(_, tree)| tree.entry("rules").is_none()) {
        parts.insert((*path).to_owned(), Digest::of(tree));
    }
    parts
}

fn parts_of_rule(pack: &Node, rule: &Node, definitions: &Definitions<'_>, parts: &mut Parts) {
    let Shape::Map(keys) = &rule.shape else { return };
    for entry in keys.iter().filter(|entry| !NOT_OF_THE_RULE.contains(&entry.key.as_str())) {
        parts.insert(entry.key.clone(), Digest::of(&entry.value));
        definitions.named_in(&entry.value, parts);
    }
    for entry in entries(pack, "defaults").iter().filter(|entry| rule.entry(&entry.key).is_none()) {
        parts.insert(format!("default {}", entry.key), Digest::of(&entry.value));
    }
}

/// The entries of the block `key`; none when there is no such block.
fn entries<'a>(node: &'a Node, key: &str) -> &'a [Entry] {
    match node.entry(key).map(|entry| &entry.value.shape) {
        Some(Shape::Map(entries)) => entries,
        _ => &[],
    }
}

/// The text of the single value `key`; empty when there is none.
fn scalar<'a>(node: &'a Node, key: &str) -> &'a str {
    match node.entry(key).map(|entry| &entry.value.shape) {
        Some(Shape::Scalar { text, .. }) => text,
        _ => "",
    }
}

#[cfg(test)]
mod tests;
