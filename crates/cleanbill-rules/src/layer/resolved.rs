//! Who set what in a rule: each field with its place, and what it was before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use cleanbill_model::ServiceDate;

use super::names::Names;
use super::overrides::{Override, patched};
use super::rule::Declared;
use super::stack::{Layer, Stack};
use crate::check::Cx;
use crate::kind;
use crate::yaml::{Node, Shape};

/// A rule with everything that any pack says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedRule {
    /// Its id.
    pub id: String,
    /// Name and version of the pack that brings it.
    pub pack: String,
    /// File and line.
    pub place: String,
    /// A pack below the one that was loaded brings it.
    pub is_inherited: bool,
    /// Its fields in the order of the rule, then what comes from around it.
    pub fields: Vec<ResolvedField>,
}

/// One field of a rule, or something else that the rule depends on: `disposition`,
/// `mutually_exclusive.codes`, `$venous_studies`, `disabled`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedField {
    /// Its name.
    pub name: String,
    /// Everything that was said of it, the oldest first.
    pub settings: Vec<Setting>,
}

/// One value of a field and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value on one line, as typed.
    pub value: String,
    /// File and line; empty for what cleanbill does when no pack says anything.
    pub place: String,
    /// Name and version of the pack.
    pub pack: String,
    /// Why an override gave it.
    pub reason: Option<String>,
    /// Last date of service for which it holds.
    pub until: Option<ServiceDate>,
    /// `false` when it had ended on the day as of which packs were loaded.
    pub holds: bool,
}

impl ResolvedField {
    /// The value that holds now: the last that has not ended.
    #[must_use]
    pub fn current(&self) -> Option<&Setting> {
        self.settings.iter().rev().find(|setting| setting.holds)
    }
}

impl Setting {
    pub(crate) const fn new(value: String, place: String, pack: String) -> Self {
        Self { value, place, pack, reason: None, until: None, holds: true }
    }
}

/// Everything that is said about `rule`. `changes` are its overrides in their order.
pub(crate) fn resolve(
    cx: &Cx<'_>,
    stack: &Stack<'_>,
    names: &Names,
    rule: &Declared,
    changes: &[&Override],
    as_of: Option<ServiceDate>,
) -> ResolvedRule {
    let top = stack.layers.len().saturating_sub(1);
    let pack_of = |layer: usize| stack.layers.get(layer).map(Layer::pack).unwrap_or_default();
    let mut fields = Fields { cx, list: Vec::new() };
    for (name, node) in flat(rule.written()) {
        fields.add(name, node, |setting| setting.pack = pack_of(rule.layer));
    }
    fields.defaults(stack, rule.layer);
    let mut tree = Cow::Borrowed(rule.written());
    for change in changes {
        let before = tree;
        tree = Cow::Owned(patched(cx, &before, change));
        let told = |setting: &mut Setting| {
            setting.pack = pack_of(change.layer);
            setting.reason = Some(change.decl.reason.clone());
            setting.until = change.until;
            setting.holds = as_of.zip(change.until).is_none_or(|(as_of, until)| as_of <= until);
        };
        if change.decl.disable {
            fields.add("disabled".to_owned(), change.node.get("disable"), told);
        }
        let was = flat(&before);
        for (name, node) in flat(&tree) {
            let is_new = !was.iter().any(|(old, value)| *old == name && value.span == node.span);
            if is_new {
                fields.add(name, node, told);
            }
        }
    }
    fields.scope(stack, rule.layer);
    // A set that an override has added to still says where the other codes come from.
    let mut mentioned = BTreeSet::new();
    mention(rule.written(), &mut mentioned);
    if !changes.is_empty() {
        mention(&tree, &mut mentioned);
    }
    for name in mentioned {
        if let Some(settings) = names.settings.get(&name) {
            fields.list.push(ResolvedField { name, settings: settings.clone() });
        }
    }
    ResolvedRule {
        id: rule.id.clone(),
        pack: pack_of(rule.layer),
        place: rule.shown_place.clone(),
        is_inherited: rule.layer < top,
        fields: fields.list,
    }
}

struct Fields<'a> {
    cx: &'a Cx<'a>,
    list: Vec<ResolvedField>,
}

impl Fields<'_> {
    fn add(&mut self, name: String, node: &Node, told: impl FnOnce(&mut Setting)) {
        let place = self.cx.diagnostics.borrow().file_line(self.cx.file, &node.span);
        let mut setting = Setting::new(node.inline(), place, String::new());
        told(&mut setting);
        self.push(name, setting);
    }

    fn push(&mut self, name: String, setting: Setting) {
        match self.list.iter_mut().find(|field| field.name == name) {
            Some(field) => field.settings.push(setting),
            None => self.list.push(ResolvedField { name, settings: vec![setting] }),
        }
    }

    /// What the rule leaves to its pack, and its pack to cleanbill.
    fn defaults(&mut self, stack: &Stack<'_>, layer: usize) {
        let Some(layer) = stack.layers.get(layer) else { return };
        let tree = &layer.file.yaml.tree;
        let own = [
            ("disposition", tree.get("defaults").entry("disposition"), "line_denial"),
            ("on_unknown", tree.get("defaults").entry("on_unknown"), "suspend"),
            ("owner", tree.entry("owner"), ""),
        ];
        for (name, entry, otherwise) in own {
            if self.list.iter().any(|field| field.name == name) {
                continue;
            }
            match entry {
                Some(entry) => {
                    let node = entry.value.far(layer.file.number);
                    self.add(name.to_owned(), &node, |setting| setting.pack = layer.pack());
                }
                None if otherwise.is_empty() => {}
                None => {
                    let value = otherwise.to_owned();
                    self.push(name.to_owned(), Setting::new(value, String::new(), String::new()));
                }
            }
        }
    }

    /// The claims and dates to which the packs around the rule narrow it.
    fn scope(&mut self, stack: &Stack<'_>, layer: usize) {
        for layer in stack.from(layer) {
            for key in ["applies_to", "effective"] {
                if let Some(entry) = layer.file.yaml.tree.entry(key) {
                    let name = format!("{key} of {}", layer.decl.name);
                    let node = entry.value.far(layer.file.number);
                    self.add(name, &node, |setting| setting.pack = layer.pack());
                }
            }
        }
    }
}

/// The fields of a rule; those of its kind one by one.
fn flat(rule: &Node) -> Vec<(String, &Node)> {
    let Shape::Map(entries) = &rule.shape else { return Vec::new() };
    let mut fields = Vec::new();
    for entry in entries.iter().filter(|entry| !["id", "tests"].contains(&entry.key.as_str())) {
        let is_kind = kind::names().any(|kind| kind == entry.key);
        match &entry.value.shape {
            Shape::Map(inner) if is_kind => fields.extend(
                inner.iter().map(|inner| (format!("{}.{}", entry.key, inner.key), &inner.value)),
            ),
            _ => fields.push((entry.key.clone(), &entry.value)),
        }
    }
    fields
}

/// Adds the value sets, parameters and tables that a rule names.
fn mention(rule: &Node, names: &mut BTreeSet<String>) {
    for (field, node) in flat(rule) {
        collect(node, names);
        if field.ends_with(".table")
            && let Some(name) = node.scalar()
        {
            names.insert(format!("table {name}"));
        }
    }
}

fn collect(node: &Node, names: &mut BTreeSet<String>) {
    match &node.shape {
        Shape::Scalar { text, .. } => {
            let inside = text.split("{$").skip(1).filter_map(|part| part.split_once('}'));
            names.extend(inside.map(|(name, _)| format!("${name}")));
            if text.starts_with('$') {
                names.insert(text.clone());
            }
        }
        Shape::List(items) => items.iter().for_each(|item| collect(item, names)),
        Shape::Map(entries) => entries.iter().for_each(|entry| collect(&entry.value, names)),
    }
}
