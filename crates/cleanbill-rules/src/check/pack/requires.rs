//! `requires`: what must be at hand for the packs of a stack to run, asked before any rule is.

use core::cell::RefCell;

use semver::{Version, VersionReq};

use crate::check::Cx;
use crate::declare::RequiredPluginDecl;
use crate::diagnostic::{Code, Diagnostics};
use crate::kind::{loaded_plugin, unknown_check};
use crate::layer::{Names, Stack};
use crate::plugin::PluginSide;
use crate::yaml::Node;

/// Whether every plugin that the packs require is loaded, in a version that will do, with the checks named.
pub(super) fn check(
    stack: &Stack<'_>,
    names: &Names,
    plugins: PluginSide<'_>,
    diagnostics: &RefCell<Diagnostics>,
) {
    for layer in &stack.layers {
        let cx = Cx { plugins, ..names.cx(&layer.file.yaml.shown, diagnostics) };
        let at = layer.file.yaml.tree.get("requires").get("plugins");
        for (index, decl) in layer.decl.requires.plugins.iter().enumerate() {
            plugin(&cx, at.item(index), decl, &layer.pack());
        }
    }
}

fn plugin(cx: &Cx<'_>, at: &Node, decl: &RequiredPluginDecl, pack: &str) {
    let wanted = VersionReq::parse(&decl.version);
    if wanted.is_err() {
        let message = format!("`{}` does not say which versions will do", decl.version);
        let help = "ask for versions with `^1.2` or `>=1.2, <3`".to_owned();
        cx.error(Code::PluginVersion, &at.get("version").span, message, help);
    }
    let needed_for = format!("the pack `{pack}` requires it");
    let span = &at.get("name").span;
    let Some(found) = loaded_plugin(cx, span, &decl.name, &needed_for) else { return };
    let (name, version) = (&found.name, &found.version);
    let wrong = match (wanted, Version::parse(version)) {
        (Ok(wanted), Ok(version)) if wanted.matches(&version) => None,
        (Ok(_), Ok(_)) => Some(format!(
            "the plugin `{name}` is at version {version}, and the pack requires `{}`",
            decl.version
        )),
        (Ok(_), Err(_)) => Some(format!(
            "the plugin `{name}` is at `{version}`, which cannot be compared with `{}`",
            decl.version
        )),
        (Err(_), _) => None,
    };
    if let Some(message) = wrong {
        let help = "load another version with `--plugins`, or change the requirement after the tests of the pack have passed";
        cx.error(Code::PluginVersion, &at.get("version").span, message, help.to_owned());
    }
    for (index, check) in decl.checks.iter().enumerate() {
        if found.check(check).is_none() {
            let needed_for = format!(", which the pack requires of `{}`", decl.version);
            unknown_check(cx, &at.get("checks").item(index).span, found, check, &needed_for);
        }
    }
}
