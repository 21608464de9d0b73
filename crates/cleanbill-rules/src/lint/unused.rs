//! Value sets and tables that nothing names.

use super::{Lint, Warning};
use crate::check::Pack;
use crate::place::Place;

pub(super) fn check(pack: &Pack, found: &mut Vec<Warning>) {
    let outline = &pack.outline;
    let mut warn = |lint, place: &Place, message| {
        found.push(Warning {
            lint,
            rule: None,
            place: place.clone(),
            message,
            others: Vec::new(),
            help: "use it or remove it".to_owned(),
        });
    };
    for (name, place) in &outline.sets {
        if !outline.names(&format!("${name}")) {
            warn(Lint::UnusedSet, place, format!("nothing names the value set `${name}`"));
        }
    }
    for (name, place) in &outline.tables {
        if !outline.names(name) {
            warn(Lint::UnusedTable, place, format!("nothing reads the table `{name}`"));
        }
    }
}
