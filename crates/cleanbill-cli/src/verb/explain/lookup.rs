//! A rule by its id, by how its id starts, or by a part of it, where only one rule fits.

use cleanbill_engine::Registry;
use cleanbill_model::EditInfo;

use crate::failure::Failure;
use crate::verb::rules::show;

/// The one rule that `name` means.
///
/// # Errors
/// None fits, or several do; they are named.
pub fn rule<'a>(registry: &'a Registry, name: &str) -> Result<&'a EditInfo, Failure> {
    if let Some((_, info)) = registry.find(name) {
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
        match found.as_slice() {
            [] => {}
            [info] => return Ok(info),
            several => {
                let ids: Vec<String> =
                    several.iter().map(|info| format!("`{}`", info.id)).collect();
                return Err(Failure::refused(
                    format!("`{name}` may mean {}", ids.join(" or ")),
                    "write more of the id",
                ));
            }
        }
    }
    show::find(registry, name)
}
