//! `plugin_check`: a rule whose judgement lies in a plugin. The contract is the pack's: words, disposition,
//! dates, payers, waivers and tests.

mod args;
mod evaluate;

use std::borrow::Cow;

use cleanbill_engine::Edit;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::IgnoredAny;

use self::evaluate::Checked;
use crate::check::{Base, Cx, PackScope};
use crate::declare::RuleDecl;
use crate::diagnostic::{Code, nearest, suggest};
use crate::plugin::{CheckOffer, PluginOffer, PluginSide, PluginUse};
use crate::template::Template;
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "plugin_check";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 3] = ["applies_to", "effective", CHECK];
/// Whether the plugin finds anything.
const CHECK: &str = "check";

/// A check of a plugin.
// Arguments are read from the tree, which keeps their places.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PluginCheckDecl {
    /// Name of the plugin: the `id` of its manifest.
    plugin: String,
    /// Which of its checks: the id of one of its rules, or what stands there behind the last `/`.
    check: String,
    /// What the check is told; the plugin says what it takes.
    #[serde(default)]
    #[schemars(with = "Option<ArgumentsDecl>")]
    args: Option<IgnoredAny>,
}

/// Stands for a block whose keys the plugin knows.
struct ArgumentsDecl;

impl JsonSchema for ArgumentsDecl {
    fn schema_name() -> Cow<'static, str> {
        "Arguments".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "description": "What the check of a plugin is told." })
    }
}

/// The runnable edit of a `plugin_check` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.plugin_check.as_ref()?;
    let block = at.get(KIND);
    let found = offer(cx, block, rule, decl);
    let own = [rule.message.as_deref(), rule.fix.as_deref()];
    let slots: Vec<&str> = match &found {
        Some((_, check)) => check.values.iter().map(String::as_str).collect(),
        // What the check brings is not known: every name may be one.
        None => own.into_iter().flatten().flat_map(Template::names).collect(),
    };
    let base = Base::check(cx, at, rule, scope, KIND, &slots);
    let (plugin, check) = found?;
    let args = match decl.args {
        Some(_) => args::json(cx, block.get("args"), check)?,
        None => "{}".to_owned(),
    };
    let PluginSide::Loaded(plugins) = cx.plugins else { return None };
    let ready = plugins.check(&plugin.name, &check.id, &args).map_err(|reason| {
        let key = if decl.args.is_some() { "args" } else { "check" };
        cx.error(
            Code::BadArgument,
            &block.get(key).span,
            format!("the plugin `{}` does not run with these arguments: {reason}", plugin.name),
            "`args` are handed to the plugin; its documentation says what it takes".to_owned(),
        );
    });
    cx.plugin_uses.borrow_mut().push(PluginUse {
        rule: rule.id.clone(),
        plugin: plugin.name.clone(),
        check: check.id.clone(),
    });
    Some(Box::new(Checked {
        base: base?,
        check: ready.ok()?,
        plugin: format!("{}@{}", plugin.name, plugin.version),
        id: check.id.clone(),
        values: check.values.clone(),
        own_message: rule.message.is_some(),
        own_fix: rule.fix.is_some(),
    }))
}

/// The words of the plugin that the rule uses, for a rule that has none of its own: message and fix.
pub(crate) fn words<'a>(cx: &Cx<'a>, rule: &RuleDecl) -> Option<(&'a str, &'a str)> {
    let decl = rule.plugin_check.as_ref()?;
    let PluginSide::Loaded(plugins) = cx.plugins else { return None };
    let plugin = plugins.plugins().iter().find(|plugin| plugin.name == decl.plugin)?;
    plugin.check(&decl.check).map(|check| (check.message.as_str(), check.fix.as_str()))
}

/// The check that the rule names; says what is wrong when there is none.
fn offer<'a>(
    cx: &Cx<'a>,
    block: &Node,
    rule: &RuleDecl,
    decl: &PluginCheckDecl,
) -> Option<(&'a PluginOffer, &'a CheckOffer)> {
    let needed_for = format!("rule `{}` needs it for its check `{}`", rule.id, decl.check);
    let plugin = plugin(cx, &block.get("plugin").span, &decl.plugin, &needed_for)?;
    let check = plugin.check(&decl.check);
    if check.is_none() {
        unknown_check(cx, &block.get("check").span, plugin, &decl.check, "");
    }
    Some((plugin, check?))
}

/// The loaded plugin of that name; says so when there is none.
pub(crate) fn plugin<'a>(
    cx: &Cx<'a>,
    span: &core::ops::Range<usize>,
    name: &str,
    needed_for: &str,
) -> Option<&'a PluginOffer> {
    let loaded = match cx.plugins {
        PluginSide::LeftOut => return None,
        PluginSide::None => &[],
        PluginSide::Loaded(plugins) => plugins.plugins(),
    };
    let found = loaded.iter().find(|plugin| plugin.name == name);
    if found.is_none() {
        let near = nearest(name, loaded.iter().map(|plugin| plugin.name.as_str()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`, which is loaded?"),
            None => {
                "load it with `--plugins FILE`; `cleanbill rules check --without-plugins` checks \
                     the rest of the pack"
                    .to_owned()
            }
        };
        let message = format!("the plugin `{name}` is not loaded, and {needed_for}");
        cx.error(Code::MissingPlugin, span, message, help);
    }
    found
}

/// Says that `plugin` has no check of that name; `needed_for` ends the sentence.
pub(crate) fn unknown_check(
    cx: &Cx<'_>,
    span: &core::ops::Range<usize>,
    plugin: &PluginOffer,
    name: &str,
    needed_for: &str,
) {
    let help = match nearest(name, plugin.names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => suggest(name, plugin.checks.iter().map(|check| check.id.as_str())),
    };
    let (plugin, version) = (&plugin.name, &plugin.version);
    let message = format!("the plugin `{plugin}` {version} has no check `{name}`{needed_for}");
    cx.error(Code::UnknownCheck, span, message, help);
}
