//! `plugin_check`: a rule whose judgement lies in a plugin. Packs can declare it; nothing runs it yet,
//! so such a pack is refused with the name of the plugin that it needs.

use std::borrow::Cow;

use cleanbill_engine::Edit;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
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

/// A check of a plugin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PluginCheckDecl {
    /// Name of the plugin.
    plugin: String,
    /// Which of its checks.
    check: String,
    /// What is handed to the check as it is.
    #[serde(default, rename = "args")]
    #[schemars(with = "Option<ArgumentsDecl>")]
    _args: Option<IgnoredAny>,
}

/// Stands for a block whose keys the plugin knows.
struct ArgumentsDecl;

impl JsonSchema for ArgumentsDecl {
    fn schema_name() -> Cow<'static, str> {
        "Arguments".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "description": "What the check of a plugin is given." })
    }
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
