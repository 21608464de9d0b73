//! `overrides` of rules that plugins bring: a pack switches them off, or says what follows from them.

use core::cell::RefCell;

use cleanbill_model::{Disposition, Severity};

use super::names::Names;
use super::rule::Declared;
use super::stack::{Layer, Stack};
use crate::check::Cx;
use crate::declare::OverrideDecl;
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::plugin::{PluginSetting, PluginSide};
use crate::yaml::{Entry, Node, Shape};

/// What a pack can set of a rule that it does not write.
const KEYS: [&str; 2] = ["disposition", "severity"];

/// Ids of the rules that the plugins bring.
pub(crate) fn plugin_rule_ids(plugins: PluginSide<'_>) -> impl Iterator<Item = &str> {
    let offers = match plugins {
        PluginSide::Loaded(plugins) => plugins.plugins(),
        PluginSide::None | PluginSide::LeftOut => &[],
    };
    offers.iter().flat_map(|plugin| plugin.checks.iter().map(|check| check.id.as_str()))
}

/// Whether an override of `id` is for a plugin, loaded or left out, and not for a pack below.
pub(super) fn is_of_plugin(plugins: PluginSide<'_>, rules: &[Declared], id: &str) -> bool {
    let is_left_out = matches!(plugins, PluginSide::LeftOut) && id.contains('/');
    rules.iter().all(|rule| rule.id != id)
        && (is_left_out || plugin_rule_ids(plugins).any(|known| known == id))
}

/// What the packs of a stack say of rules of plugins, from the lowest pack up.
pub(crate) fn plugin_settings(
    stack: &Stack<'_>,
    names: &Names,
    rules: &[Declared],
    plugins: PluginSide<'_>,
    diagnostics: &RefCell<Diagnostics>,
) -> Vec<PluginSetting> {
    let mut settings: Vec<PluginSetting> = Vec::new();
    for layer in stack.layers.iter().filter(|layer| !layer.decl.overrides.is_empty()) {
        let cx = names.cx(&layer.file.yaml.shown, diagnostics);
        let own = settings.len();
        for node in layer.file.yaml.tree.get("overrides").items() {
            let id = node.get("rule");
            let Some(rule) = id.scalar().filter(|id| is_of_plugin(plugins, rules, id)) else {
                continue;
            };
            let files = stack.files(layer);
            let Some(decl) = files.decode::<OverrideDecl>(&layer.file, node) else { continue };
            if settings.iter().skip(own).any(|other| other.rule == rule) {
                let message = format!("`{rule}` is changed twice in this pack");
                cx.error(Code::BadOverride, &id.span, message, "put both into one".to_owned());
                continue;
            }
            settings.extend(setting(&cx, layer, node, &decl));
        }
    }
    settings
}

fn setting(
    cx: &Cx<'_>,
    layer: &Layer<'_>,
    at: &Node,
    decl: &OverrideDecl,
) -> Option<PluginSetting> {
    let wrong = |at: &Node, message: String, help: &str| -> Option<PluginSetting> {
        cx.error(Code::BadOverride, &at.span, message, help.to_owned());
        None
    };
    for key in ["codes+", "codes-", "until", "tests"] {
        if let Some(entry) = at.entry(key) {
            let message =
                format!("`{key}` is not for `{}`, which is a rule of a plugin", decl.rule);
            let help = "to say more, take the rule into the pack as a `plugin_check`";
            return wrong(&entry.value, message, help);
        }
    }
    for key in ["applies_to", "effective"] {
        if layer.file.yaml.tree.entry(key).is_some() {
            let message = format!(
                "the pack has `{key}`, and `{}`, a rule of a plugin, would change for every claim",
                decl.rule
            );
            let help = "put the override into a pack without it, or take the rule into this one as a `plugin_check`";
            return wrong(at.get("rule"), message, help);
        }
    }
    let set = at.get("set");
    if let Shape::Map(entries) = &set.shape
        && !decl.set.is_empty()
        && let Some(entry) = entries.iter().find(|entry| !KEYS.contains(&entry.key.as_str()))
    {
        let message = format!("`{}` of a rule of a plugin cannot be set", entry.key);
        let help =
            "set `disposition` or `severity`, or take the rule into the pack as a `plugin_check`";
        return wrong(&entry.value, message, help);
    }
    if decl.set.is_empty() != decl.disable {
        let (message, help) = match decl.disable {
            true => ("a rule that is disabled cannot be changed as well", "keep one of the two"),
            false => ("the override changes nothing", "give `set` or `disable: true`"),
        };
        return wrong(set, message.to_owned(), help);
    }
    if decl.reason.trim().is_empty() {
        let help = "say in a few words why the rule is changed here";
        return wrong(at.get("reason"), "the reason is empty".to_owned(), help);
    }
    let names = Disposition::ALL.map(Disposition::as_str);
    let disposition = word(cx, set.entry("disposition"), Disposition::from_name, &names)?;
    let names = Severity::ALL.map(Severity::as_str);
    let severity = word(cx, set.entry("severity"), Severity::from_name, &names)?;
    Some(PluginSetting {
        rule: decl.rule.clone(),
        is_disabled: decl.disable,
        disposition,
        severity,
        reason: decl.reason.clone(),
        pack: layer.pack(),
        place: cx.place(&at.span),
    })
}

/// The word of an entry: none where there is no entry, and no answer where it is not one of `names`.
fn word<T>(
    cx: &Cx<'_>,
    at: Option<&Entry>,
    from_name: impl Fn(&str) -> Option<T>,
    names: &[&str],
) -> Option<Option<T>> {
    let Some(at) = at.map(|entry| &entry.value) else { return Some(None) };
    let text = at.scalar().unwrap_or_default();
    let found = from_name(text);
    if found.is_none() {
        let message = format!("`{text}` is not known here");
        cx.error(Code::UnknownWord, &at.span, message, suggest(text, names.iter().copied()));
    }
    found.map(Some)
}
