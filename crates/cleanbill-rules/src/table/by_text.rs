//! Rows of a table found by a text of one column. Nothing is read before it is asked for, so that a table of
//! a hundred thousand texts costs a start nothing.

use core::ops::Range;
use std::sync::Arc;

use cleanbill_engine::EditFault;
use cleanbill_tables::Table as Compiled;

use super::by_code::{damage, sorted};
use super::{Table, TableName};

/// Rows by the texts of a column.
pub(crate) struct ByText {
    compiled: Arc<Compiled>,
    name: TableName,
    column: usize,
}

impl ByText {
    /// The rows of `table` by the texts of `column`.
    pub(crate) fn new(table: &Table, column: usize) -> Option<Self> {
        let compiled = sorted(table, column).ok()?;
        Some(Self { compiled, name: table.name.clone(), column })
    }

    /// The rows, as [`super::Cells::get`] wants them.
    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// The rows with this text; none when no row has it.
    pub(crate) fn rows(&self, text: &str) -> Range<u32> {
        let id = self.compiled.column_at(self.column).and_then(|column| column.id_of(text));
        id.map_or(0..0, |id| self.compiled.rows_of(id))
    }

    /// Whether rows may have been missed.
    ///
    /// # Errors
    /// The fault that says so.
    pub(crate) fn is_whole(&self) -> Result<(), EditFault> {
        damage(&self.compiled, &self.name).map_or(Ok(()), Err)
    }
}
