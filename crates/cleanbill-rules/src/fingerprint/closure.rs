//! What a rule names outside itself: value sets, parameters, tables and facts, and what those name.
//!
//! Names are looked for in every text of the rule. A text that only looks like a name makes the rule
//! depend on too much, which blames a rule that could not differ; it never hides one that can.

use std::collections::BTreeMap;

use super::digest::Digest;
use super::rows::Rows;
use super::{Parts, entries};
use crate::yaml::{Node, Shape};

/// Everything in a pack that a rule may name.
pub(super) struct Definitions<'a> {
    pack: &'a Node,
    tables: &'a BTreeMap<String, Rows>,
}

impl<'a> Definitions<'a> {
    pub(super) const fn new(pack: &'a Node, tables: &'a BTreeMap<String, Rows>) -> Self {
        Self { pack, tables }
    }

    /// Adds to `parts` what `node` names, and what that names in turn.
    pub(super) fn named_in(&self, node: &Node, parts: &mut Parts) {
        match &node.shape {
            Shape::Scalar { text, .. } => self.name(text, parts),
            Shape::List(items) => items.iter().for_each(|item| self.named_in(item, parts)),
            Shape::Map(map) => map.iter().for_each(|entry| {
                self.name(&entry.key, parts);
                self.named_in(&entry.value, parts);
            }),
        }
    }

    fn name(&self, text: &str, parts: &mut Parts) {
        if let Some(name) = text.strip_prefix('$') {
            for block in ["value_sets", "params"] {
                self.define(block, name, text.to_owned(), parts);
            }
            return;
        }
        for inside in text.split("{$").skip(1).filter_map(|part| part.split_once('}')) {
            self.define("params", inside.0, format!("${}", inside.0), parts);
        }
        // A column may follow: `body_site.laterality`.
        let name = text.split_once('.').map_or(text, |(name, _)| name);
        if let Some(table) = self.tables.get(name) {
            parts.insert(format!("table {name}"), table.whole);
        }
        self.define("facts", name, format!("facts.{name}"), parts);
    }

    fn define(&self, block: &str, name: &str, part: String, parts: &mut Parts) {
        let Some(found) = entries(self.pack, block).iter().find(|entry| entry.key == name) else {
            return;
        };
        // What is known already is not followed again, so that names in a circle end.
        if parts.insert(part, Digest::of(&found.value)).is_none() {
            self.named_in(&found.value, parts);
        }
    }
}
