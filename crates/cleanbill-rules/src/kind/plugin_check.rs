//! `plugin_check`: a rule whose judgement lies in a plugin. Packs can declare it; nothing runs it yet,
//! so such a pack is refused with the name of the plugin that it needs.

use cleanbill_engine::Edit;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::check::Cx;
use crate::declare::RuleDecl;
use crate::diagnostic::Code;
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "plugin_check";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 2] = ["applies_to", "effective"];

/// The rule as its author writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PluginCheckDecl {
    /// Name of the plugin.
    plugin: String,
    /// Which of its checks.
    check: String,
    /// Handed to the check as they are.
    #[serde(default, rename = "args")]
    _args: Option<IgnoredAny>,
}

/// Always a mistake: see the module.
pub(super) fn check(cx: &Cx<'_>, at: &Node, rule: &RuleDecl) -> Option<Box<dyn Edit>> {
    let decl = rule.plugin_check.as_ref()?;
    cx.error(
        Code::MissingPlugin,
        &at.get(KIND).get("plugin").span,
        format!("rule `{}` needs the plugin `{}` for its check `{}`", rule.id, decl.plugin, decl.check),
        "a pack cannot call a plugin yet: load the plugin beside the pack, where it brings its own edits, and remove the rule".to_owned(),
    );
    None
}
