//! `overrides`: changes to the rules of packs below, found and made part of those rules' trees.

use core::cell::RefCell;
use core::cmp::Reverse;

use cleanbill_model::ServiceDate;

use super::names::{Names, with_items};
use super::plugin_rules::{is_of_plugin, plugin_rule_ids};
use super::rule::Declared;
use super::stack::{Layer, Stack};
use crate::check::Cx;
use crate::declare::{OverrideDecl, SEARCH};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::kind;
use crate::plugin::PluginSide;
use crate::yaml::{Node, Shape};

/// An override that names a rule that it may change.
pub(crate) struct Override {
    /// Place of its pack in the stack.
    pub(crate) layer: usize,
    /// Marked with its file.
    pub(crate) node: Node,
    pub(crate) decl: OverrideDecl,
    /// Last day for which it holds.
    pub(crate) until: Option<ServiceDate>,
}

/// All overrides of a stack in the order in which they are applied: from the lowest layer up, and of one
/// pack those that end first last, so that they win while they hold. Those with mistakes are told and
/// left out; those of rules of plugins are read elsewhere.
pub(crate) fn declared(
    stack: &Stack<'_>,
    names: &Names,
    rules: &[Declared],
    plugins: PluginSide<'_>,
    diagnostics: &RefCell<Diagnostics>,
) -> Vec<Override> {
    let mut overrides: Vec<Override> = Vec::new();
    let with_any = |(_, layer): &(usize, &Layer<'_>)| !layer.decl.overrides.is_empty();
    for (index, layer) in stack.layers.iter().enumerate().filter(with_any) {
        let cx = names.cx(&layer.file.yaml.shown, diagnostics);
        for node in layer.file.yaml.tree.get("overrides").items() {
            let id = node.get("rule").scalar();
            if id.is_some_and(|id| is_of_plugin(plugins, rules, id)) {
                continue;
            }
            let files = stack.files(layer);
            let Some(decl) = files.decode::<OverrideDecl>(&layer.file, node) else { continue };
            if !may_change(&cx, node, &decl, index, (rules, plugins)) {
                continue;
            }
            let until = match &decl.until {
                Some(text) => match cx.date(node.get("until"), text) {
                    Some(until) => Some(until),
                    None => continue,
                },
                None => None,
            };
            let change = Override { layer: index, node: node.far(layer.file.number), decl, until };
            if let Some(other) = overrides.iter().find(|other| other.contradicts(&change)) {
                let place =
                    diagnostics.borrow().file_line(&layer.file.yaml.shown, &other.node.span);
                cx.error(
                    Code::BadOverride,
                    &node.span,
                    format!("`{}` is changed in the same way in {place}", change.decl.rule),
                    "keep one of the two, or let one end before the other with `until`".to_owned(),
                );
            }
            overrides.push(change);
        }
    }
    overrides.sort_by_key(|change| (change.layer, Reverse((change.until.is_none(), change.until))));
    overrides
}

impl Override {
    /// Whether nobody could tell which of the two is meant.
    fn contradicts(&self, other: &Self) -> bool {
        let (a, b) = (&self.decl, &other.decl);
        let alike = a.disable && b.disable || a.set.keys().any(|key| b.set.contains_key(key));
        self.layer == other.layer && a.rule == b.rule && self.until == other.until && alike
    }
}

/// Whether the override names a rule below that may be changed, and changes it in a way that can be.
fn may_change(
    cx: &Cx<'_>,
    at: &Node,
    decl: &OverrideDecl,
    layer: usize,
    (rules, plugins): (&[Declared], PluginSide<'_>),
) -> bool {
    let id = decl.rule.as_str();
    let error = |code, at: &Node, message: String, help: String| {
        cx.error(code, &at.span, message, help);
        false
    };
    let Some(rule) = rules.iter().find(|rule| rule.id == id && rule.layer < layer) else {
        return if let Some(own) = rules.iter().find(|rule| rule.id == id && rule.layer == layer) {
            let message = format!("`{id}` is a rule of this pack, in {}", own.shown_place);
            let help = "change it there; overrides are for rules of packs below".to_owned();
            error(Code::UnknownOverridden, at.get("rule"), message, help)
        } else {
            let below = rules.iter().filter(|rule| rule.layer < layer).map(|rule| rule.id.as_str());
            let mut message = format!("there is no rule `{id}` in a pack that this pack extends");
            let mut help = suggest(id, below.chain(plugin_rule_ids(plugins)));
            match plugins {
                PluginSide::Loaded(_) => message.push_str(" or in a plugin"),
                // Ids of packs have no slash.
                PluginSide::None if id.contains('/') => {
                    "name its plugin with `--plugins FILE`".clone_into(&mut help);
                }
                PluginSide::None | PluginSide::LeftOut => {}
            }
            error(Code::UnknownOverridden, at.get("rule"), message, help)
        };
    };
    if rule.is_final() {
        let message = format!("`{id}` is final ({}): it cannot be overridden", rule.shown_place);
        let help = "remove the override; the pack that brings the rule does not let it be changed";
        return error(Code::FinalRule, at.get("rule"), message, help.to_owned());
    }
    let listed = !decl.codes_added.is_empty() || !decl.codes_removed.is_empty();
    let changes = !decl.set.is_empty() || listed;
    if changes == decl.disable {
        let (message, help) = if changes {
            ("a rule that is disabled cannot be changed as well", "keep one of the two")
        } else {
            ("the override changes nothing", "give `set`, `codes+`, `codes-` or `disable: true`")
        };
        return error(Code::BadOverride, at.get("set"), message.to_owned(), help.to_owned());
    }
    if decl.reason.trim().is_empty() {
        let help = "say in a few words why the rule is changed here".to_owned();
        return error(Code::BadOverride, at.get("reason"), "the reason is empty".to_owned(), help);
    }
    if decl.set.contains_key(SEARCH) && searching(rule.node()).is_none() {
        let message = format!("`{id}` is of a kind that has no `search`");
        let help = format!("`search` belongs to `{}`", kind::SEARCHING.join("`, `"));
        return error(Code::BadOverride, at.get("set").get(SEARCH), message, help);
    }
    if listed && codes_of(rule.node()).is_none() {
        let message = format!("`{id}` has no list of codes to add to or to take from");
        let help = format!("its codes come from elsewhere: see {}", rule.shown_place);
        return error(Code::BadOverride, at, message, help);
    }
    true
}

/// The rule's tree with the override in it.
pub(crate) fn patched(cx: &Cx<'_>, rule: &Node, change: &Override) -> Node {
    let mut rule = rule.clone();
    if let Shape::Map(entries) = &change.node.get("set").shape
        && !change.decl.set.is_empty()
    {
        for entry in entries {
            match searching(&rule).filter(|_| entry.key == SEARCH) {
                Some(kind) => {
                    let mut block = rule.get(kind).clone();
                    block.put(SEARCH, entry.value.clone());
                    rule.put(kind, block);
                }
                None => rule.put(&entry.key, entry.value.clone()),
            }
        }
    }
    let Some((kind, codes)) = codes_of(&rule) else { return rule };
    let key = match (change.decl.codes_added.is_empty(), change.decl.codes_removed.is_empty()) {
        (true, true) => return rule,
        (false, _) => "codes+",
        (true, false) => "codes-",
    };
    let before = match codes.scalar().and_then(|text| text.strip_prefix('$')) {
        Some(name) => match cx.sets.get(name) {
            Some(set) => set,
            // The check of the rule tells that there is no such set.
            None => return rule,
        },
        None => codes,
    };
    // Items of the rule itself must keep their file beside those of the override.
    let at = change.node.get(key);
    let list = with_items(cx, before, &change.node, ("codes+", "codes-"), at);
    let mut block = rule.get(kind).clone();
    block.put("codes", list);
    rule.put(kind, block);
    rule
}

/// The kind of a rule that has the key `search`.
fn searching(rule: &Node) -> Option<&'static str> {
    kind::SEARCHING.into_iter().find(|kind| rule.entry(kind).is_some())
}

/// The kind of a rule that lists its codes, and the list or the name of the set.
fn codes_of(rule: &Node) -> Option<(&'static str, &Node)> {
    kind::names().find_map(|kind| Some((kind, &rule.entry(kind)?.value.entry("codes")?.value)))
}
