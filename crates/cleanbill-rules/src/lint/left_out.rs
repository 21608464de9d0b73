//! Rules that were not checked whole, since the plugins that judge for them are not loaded.

use super::{Lint, Warning};
use crate::check::Pack;

pub(super) fn check(pack: &Pack, found: &mut Vec<Warning>) {
    let Some(((_, place), others)) = pack.left_out.split_first() else { return };
    let ids: Vec<String> = pack.left_out.iter().map(|(id, _)| format!("`{id}`")).collect();
    let (count, verb) = match ids.len() {
        1 => ("1 rule".to_owned(), "is"),
        count => (format!("{count} rules"), "are"),
    };
    found.push(Warning {
        lint: Lint::LeftOut,
        rule: None,
        place: place.clone(),
        message: format!(
            "{count} of `{}` {verb} left out, since plugins judge for them: {}",
            pack.name,
            ids.join(", ")
        ),
        others: others.iter().map(|(_, place)| place.clone()).collect(),
        help: "check the pack with `--plugins` before it is used".to_owned(),
    });
}
