//! Tables of the user's own: CSV with names of columns in the first row, taken as they are.

use super::cell::Cell;
use super::layout::Captioned;
use super::report::{Rows, Wrong};

/// Names of columns that tell one row from another, in tables that do not say so themselves.
const KEYS: [&str; 8] =
    ["column_one", "column_two", "addon", "primary", "code", "modifier", "dx_prefix", "dx"];

/// The columns, if the row has names of columns and nothing else.
pub(crate) fn columns(cells: &[Cell<'_>]) -> Option<Vec<String>> {
    let is_name = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
            })
    };
    let names: Vec<String> = cells.iter().map(|cell| cell.text.to_owned()).collect();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    (names.len() >= 2 && sorted.len() == names.len() && names.iter().all(|name| is_name(name)))
        .then_some(names)
}

/// The key columns: those with a known name, or the first.
pub(crate) fn key(columns: &[String]) -> Vec<String> {
    let known: Vec<String> =
        columns.iter().filter(|column| KEYS.contains(&column.as_str())).cloned().collect();
    if known.is_empty() { columns.iter().take(1).cloned().collect() } else { known }
}

/// Whether such a table is recognised without being told.
pub(crate) fn has_known_key(columns: &[String]) -> bool {
    columns.iter().any(|column| KEYS.contains(&column.as_str()))
}

pub(crate) struct Keyed;

impl Captioned for Keyed {
    type Columns = usize;

    fn columns(cells: &[Cell<'_>]) -> Option<usize> {
        (!cells.is_empty()).then_some(cells.len())
    }

    fn row(&self, width: &usize, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        let texts: Vec<&str> = cells.iter().map(|cell| cell.text).collect();
        if texts.len() == *width {
            rows.keep(line, &texts);
        } else {
            rows.damaged(line, "row", texts.first().copied().unwrap_or_default(), Wrong::WIDTH);
        }
    }
}
