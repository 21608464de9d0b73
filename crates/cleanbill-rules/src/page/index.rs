//! The index: every rule of every pack in one table each.

use super::{Block, Cell, Page};
use crate::check::Pack;

pub(super) fn page(packs: &[Pack], names: &[String]) -> Page {
    let mut blocks = Vec::new();
    let mut names = names.iter();
    for pack in packs {
        let count = |number: usize, what: &str| {
            format!("{number} {what}{}", if number == 1 { "" } else { "s" })
        };
        blocks.push(Block::Text(format!(
            "{} ({} {}): {}, {}.",
            pack.title,
            pack.name,
            pack.version,
            count(pack.edits.len(), "rule"),
            count(pack.tests.len(), "test")
        )));
        let infos = pack.edits.iter().flat_map(|edit| edit.infos());
        let rows = infos.zip(names.by_ref()).map(|(info, name)| {
            vec![
                Cell::Link { page: name.clone(), words: info.id.clone() },
                Cell::Text(info.title.clone()),
                Cell::Text(info.kind.replace('_', " ")),
                Cell::Text(info.disposition.as_str().replace('_', " ")),
            ]
        });
        blocks.push(Block::Table {
            head: vec!["rule", "what is wrong", "kind", "what happens"],
            rows: rows.collect(),
        });
    }
    Page { name: "index".to_owned(), title: "Rules".to_owned(), blocks }
}
