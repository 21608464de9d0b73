//! Editions that someone chose instead of the newest, and what rules read then.

use std::collections::BTreeMap;

use cleanbill_tables::{Table, history};

use super::Store;
use super::import::note;
use super::index::Index;
use super::record::Record;
use crate::failure::Failure;

/// The chosen edition of each table.
#[derive(Default)]
pub struct Editions(BTreeMap<String, String>);

impl Editions {
    /// The editions named TABLE@EDITION; what is named later goes before.
    ///
    /// # Errors
    /// One of them is not imported.
    pub fn choose<'a>(
        store: &Store,
        index: &Index,
        named: impl Iterator<Item = &'a String>,
    ) -> Result<Self, Failure> {
        let record = |named: &String| {
            let record = find(store, index, named)?;
            Ok((record.table.clone(), record.edition.clone()))
        };
        named.map(record).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn of(&self, table: &str) -> Option<&str> {
        self.0.get(table).map(String::as_str)
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().map(|(table, edition)| format!("{table}@{edition}")).collect()
    }
}

/// The record of the edition that is named TABLE@EDITION.
///
/// # Errors
/// It is not imported.
pub fn find<'a>(store: &Store, index: &'a Index, named: &str) -> Result<&'a Record, Failure> {
    let found = named.split_once('@').and_then(|(table, edition)| index.edition(table, edition));
    found.ok_or_else(|| {
        Failure::refused(
            format!("`{named}` is not imported into `{}`", store.folder().display()),
            "name it TABLE@EDITION; `cleanbill tables list` shows what there is",
        )
    })
}

/// What rules read when no later edition than this one is there: the edition itself, or all editions up to
/// it where a row only says what holds in its quarter.
///
/// # Errors
/// Why it cannot be used.
pub fn open(store: &Store, index: &Index, table: &str, edition: &str) -> Result<Table, String> {
    let mut until: Vec<&Record> = Vec::new();
    for record in index.editions(table) {
        until.push(record);
        if record.edition == edition {
            break;
        }
    }
    match until.as_slice() {
        [.., newest] if !newest.dated_by_edition.is_empty() && until.len() > 1 => {
            together(store, &until)
        }
        [.., newest] => store.open(&newest.stored),
        [] => Err(format!("`{table}` is not imported")),
    }
}

/// The editions of a table without days of its own as one table.
///
/// # Errors
/// One of them cannot be used, or they do not fit together.
pub fn together(store: &Store, editions: &[&Record]) -> Result<Table, String> {
    let tables = editions.iter().map(|record| store.open(&record.stored));
    let tables = tables.collect::<Result<Vec<Table>, String>>()?;
    let made = history(&tables.iter().collect::<Vec<_>>());
    let mut builder = made.map_err(|error| error.to_string())?;
    if let Some(newest) = editions.last() {
        note(&mut builder, &newest.edition, newest);
    }
    let names: Vec<&str> = editions.iter().map(|record| record.edition.as_str()).collect();
    builder.note("editions", &names.join(" "));
    builder.finish().map_err(|error| error.to_string())
}
