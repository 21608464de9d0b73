//! Names that a plugin may define for others: those of the ABI, and those that linkers add.

use super::wrong;
use crate::refusal::Problem;

/// How the names of the ABI begin.
const OWN: &[&str] = &["cb_", "cleanbill_"];
/// What linkers add by themselves.
const LINKERS: &[&str] = &["_init", "_fini", "_edata", "_end", "__bss_start", "_etext"];

/// Whether every name may be; anything else could stand in for a function of another library.
pub(super) fn check(exports: &[String]) -> Result<(), Problem> {
    let may_be = |name: &str| {
        let own =
            if cfg!(target_os = "macos") { name.strip_prefix('_').unwrap_or(name) } else { name };
        OWN.iter().any(|start| own.starts_with(start)) || LINKERS.contains(&name)
    };
    match exports.iter().find(|name| !may_be(name)) {
        None => Ok(()),
        Some(name) => Err(wrong(
            format!("it exports `{name}`, which could take the place of another library's"),
            "export the names that begin with `cb_` or `cleanbill_` alone: in C make functions \
             `static` or compile with `-fvisibility=hidden`",
        )),
    }
}
