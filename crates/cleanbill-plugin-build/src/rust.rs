//! The Rust that a plugin includes: its manifest, its rules by name and its configuration.

use core::fmt::Write as _;

use serde_json::Value as Json;

use crate::check::Sound;
use crate::config::{Kind, Settings};

/// What `include_manifest!` brings into the plugin.
pub(crate) fn code(sound: &Sound) -> String {
    let mut out = String::from(
        "/// The manifest made from `plugin.toml`.\n\
         pub const MANIFEST: &str = ::core::include_str!(::core::concat!(::core::env!(\"OUT_DIR\"), \
         \"/manifest.json\"));\n\n\
         /// The rules of `plugin.toml`.\npub mod rule {\n",
    );
    for ((constant, id, title), index) in sound.rules.iter().zip(0_u32..) {
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "    #[doc = {:?}]\n    pub const {constant}: ::cleanbill_plugin_sdk::Rule = \
             ::cleanbill_plugin_sdk::Rule::at({index});",
            format!("`{id}`: {title}"),
        );
    }
    out.push_str("}\n\n");
    if sound.settings.is_empty() {
        out.push_str(
            "/// The plugin takes no configuration.\npub use ::cleanbill_plugin_sdk::NoConfig as Config;\n",
        );
    } else {
        config(&sound.settings, &mut out);
    }
    out
}

fn config(settings: &Settings, out: &mut String) {
    out.push_str(
        "/// What the rule of a pack may say, with the defaults of `plugin.toml`.\n\
         #[derive(Clone, Debug, PartialEq, ::cleanbill_plugin_sdk::serde::Deserialize)]\n\
         #[serde(crate = \"::cleanbill_plugin_sdk::serde\", default, deny_unknown_fields)]\n\
         pub struct Config {\n",
    );
    for (name, setting) in settings {
        let title = setting.title.as_deref().unwrap_or(name);
        let _ = writeln!(out, "    #[doc = {title:?}]\n    pub {name}: {},", setting.kind.rust());
    }
    out.push_str("}\n\nimpl Default for Config {\n    fn default() -> Self {\n        Self {\n");
    for (name, setting) in settings {
        let _ = writeln!(out, "            {name}: {},", value(setting.kind, &setting.default));
    }
    out.push_str("        }\n    }\n}\n");
}

/// The default as an expression of the kind's type.
fn value(kind: Kind, default: &Json) -> String {
    let text = |text: &Json| {
        format!("::std::string::String::from({:?})", text.as_str().unwrap_or_default())
    };
    match kind {
        Kind::Text => text(default),
        Kind::Number | Kind::Flag => default.to_string(),
        Kind::Texts => {
            let items: Vec<String> = default.as_array().into_iter().flatten().map(text).collect();
            format!("::std::vec::Vec::from([{}])", items.join(", "))
        }
        Kind::Any => format!(
            "::cleanbill_plugin_sdk::serde_json::from_str({:?}).unwrap_or_default()",
            default.to_string()
        ),
    }
}
