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

/// The version of the program, which all its crates have.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// Whether this program is of a version that the packs ask for, and every plugin that they require is
/// loaded, in a version that will do, with the checks named.
pub(super) fn check(
    stack: &Stack<'_>,
    names: &Names,
    plugins: PluginSide<'_>,
    diagnostics: &RefCell<Diagnostics>,
) {
    for layer in &stack.layers {
        let cx = Cx { plugins, ..names.cx(&layer.file.yaml.shown, diagnostics) };
        let at = layer.file.yaml.tree.get("requires");
        if let Some(wanted) = &layer.decl.requires.engine {
            engine(&cx, at.get("engine"), wanted, &layer.pack());
        }
        let at = at.get("plugins");
        for (index, decl) in layer.decl.requires.plugins.iter().enumerate() {
            plugin(&cx, at.item(index), decl, &layer.pack());
        }
    }
}

fn engine(cx: &Cx<'_>, at: &Node, text: &str, pack: &str) {
    let Some(wanted) = requirement(cx, Code::EngineVersion, at, text) else { return };
    if Version::parse(ENGINE).is_ok_and(|version| fits(&wanted, &version)) {
        return;
    }
    let message = format!("this is cleanbill {ENGINE}, and the pack `{pack}` requires `{text}`");
    let help = "use a cleanbill of such a version, or change the requirement after the tests of the pack have passed";
    cx.error(Code::EngineVersion, &at.span, message, help.to_owned());
}

/// Whether `version` is one of those `wanted`. A version before a release counts as that release, unless
/// the requirement speaks of such versions itself.
fn fits(wanted: &VersionReq, version: &Version) -> bool {
    let release = Version::new(version.major, version.minor, version.patch);
    wanted.matches(version)
        || (wanted.comparators.iter().all(|one| one.pre.is_empty()) && wanted.matches(&release))
}

/// The versions that `text` asks for.
fn requirement(cx: &Cx<'_>, code: Code, at: &Node, text: &str) -> Option<VersionReq> {
    let wanted = VersionReq::parse(text);
    if wanted.is_err() {
        let message = format!("`{text}` does not say which versions will do");
        let help = "ask for versions with `^1.2` or `>=1.2, <3`".to_owned();
        cx.error(code, &at.span, message, help);
    }
    wanted.ok()
}

fn plugin(cx: &Cx<'_>, at: &Node, decl: &RequiredPluginDecl, pack: &str) {
    let wanted = requirement(cx, Code::PluginVersion, at.get("version"), &decl.version);
    let needed_for = format!("the pack `{pack}` requires it");
    let span = &at.get("name").span;
    let Some(found) = loaded_plugin(cx, span, &decl.name, &needed_for) else { return };
    let (name, version) = (&found.name, &found.version);
    let wrong = match (wanted, Version::parse(version)) {
        (Some(wanted), Ok(version)) if wanted.matches(&version) => None,
        (Some(_), Ok(_)) => Some(format!(
            "the plugin `{name}` is at version {version}, and the pack requires `{}`",
            decl.version
        )),
        (Some(_), Err(_)) => Some(format!(
            "the plugin `{name}` is at `{version}`, which cannot be compared with `{}`",
            decl.version
        )),
        (None, _) => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_before_a_release_counts_as_the_release() {
        let fits = |wanted: &str, version: &str| {
            fits(&VersionReq::parse(wanted).unwrap(), &Version::parse(version).unwrap())
        };
        assert!(fits(">=0.1, <2", "0.1.0"));
        assert!(fits(">=0.1, <2", "0.1.0-rc.1"));
        assert!(!fits(">=0.2", "0.1.9"));
        assert!(!fits("=0.1.0-rc.2", "0.1.0-rc.1"));
    }
}
