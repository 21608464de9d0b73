//! A rule by its id or its slug, by how its id starts, or by a part of it, where only one rule fits.

use cleanbill_model::EditInfo;

use crate::failure::Failure;
use crate::not_run;
use crate::packs::{EditFlags, Edits};
use crate::verb::rules::show;

/// The one rule that `name` means.
///
/// # Errors
/// None fits, or several do; they are named.
pub fn rule<'a>(edits: &'a Edits, flags: &EditFlags, name: &str) -> Result<&'a EditInfo, Failure> {
    let registry = &edits.registry;
    if let Some((_, info)) = registry.find(name) {
        return Ok(info);
    }
    // A finding carries no slug, so the packs are asked.
    if let Some(failure) = not_run::of_rule(&edits.not_run, name) {
        return Err(failure);
    }
    let packs = flags.load()?;
    let slugs = packs.iter().flat_map(|pack| pack.rules_with_slug(name));
    let named = slugs.filter_map(|id| Some(registry.find(id)?.1.as_ref())).collect();
    if let Some(info) = only(name, named)? {
        return Ok(info);
    }
    let ways: [fn(&str, &str) -> bool; 2] =
        [|id, name| id.starts_with(name), |id, name| id.contains(name)];
    for fits in ways {
        let found: Vec<&EditInfo> = registry
            .infos()
            .map(AsRef::as_ref)
            .filter(|info| !name.is_empty() && fits(&info.id, name))
            .collect();
        if let Some(info) = only(name, found)? {
            return Ok(info);
        }
    }
    show::find(registry, name)
}

/// The one rule found, or none.
fn only<'a>(name: &str, found: Vec<&'a EditInfo>) -> Result<Option<&'a EditInfo>, Failure> {
    match found.as_slice() {
        [] => Ok(None),
        [info] => Ok(Some(info)),
        several => {
            let ids: Vec<String> = several.iter().map(|info| format!("`{}`", info.id)).collect();
            Err(Failure::refused(
                format!("`{name}` may mean {}", ids.join(" or ")),
                "write the id in full",
            ))
        }
    }
}
