//! A row of CSV whose cells are filled by the names of their columns.

use std::io::{self, Write};

use csv::Writer;

use crate::worklist::{csv_error, inert};

/// A row of a table with these columns; cells that nothing is said of stay empty.
#[derive(Clone, Debug)]
pub(crate) struct NamedRow {
    columns: &'static [&'static str],
    cells: Vec<String>,
}

impl NamedRow {
    /// An empty row whose first cell says what it is.
    pub(crate) fn new(columns: &'static [&'static str], record: &str) -> Self {
        let mut row = Self { columns, cells: vec![String::new(); columns.len()] };
        if let Some(first) = row.cells.first_mut() {
            record.clone_into(first);
        }
        row
    }

    /// Fills the cell of `column` with a code or a number of ours.
    pub(crate) fn set(&mut self, column: &str, value: impl ToString) {
        let place = self.columns.iter().position(|name| *name == column);
        debug_assert!(place.is_some(), "there is no column {column}");
        if let Some(cell) = place.and_then(|place| self.cells.get_mut(place)) {
            *cell = value.to_string();
        }
    }

    /// Fills the cell of `column` with a text from outside, made inert.
    pub(crate) fn text(&mut self, column: &str, text: &str) {
        self.set(column, inert(text));
    }

    /// Writes the row.
    pub(crate) fn write<W: Write>(&self, out: &mut Writer<W>) -> io::Result<()> {
        out.write_record(&self.cells).map_err(csv_error)
    }
}
