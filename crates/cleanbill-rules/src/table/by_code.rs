//! Rows of a table found by their procedure code, and read where they lie when they are asked for: a start
//! costs the texts of the columns, whatever the number of rows.

use std::sync::Arc;

use cleanbill_engine::{EditFault, Trigger};
use cleanbill_model::{FaultKind, ProcedureCode};
use cleanbill_tables::{BuildError, Table as Compiled};
use rustc_hash::FxHashMap;

use super::{Table, TableName, Values};

/// Makes of a row what a rule needs of it.
type Read<T> = Box<dyn Fn(&Compiled, u32) -> Option<T> + Send + Sync>;

/// What a rule needs of each row, by code, in the order of the file.
pub(crate) struct ByCode<T> {
    compiled: Arc<Compiled>,
    name: TableName,
    ids: FxHashMap<ProcedureCode, u32>,
    codes: Vec<ProcedureCode>,
    read: Read<T>,
}

impl<T> ByCode<T> {
    /// The rows by the code in the column `codes`, all of whose cells can be read; `read` makes of a row
    /// what is needed, out of cells that are all whole.
    pub(crate) fn new(
        table: &Table,
        codes: Values<'_, ProcedureCode>,
        read: impl Fn(&Compiled, u32) -> Option<T> + Send + Sync + 'static,
    ) -> Option<Self> {
        let compiled = sorted(table, codes.place).ok()?;
        let codes = codes.into_whole()?;
        let ids = codes.iter().copied().zip(0..).collect();
        Some(Self { compiled, name: table.name.clone(), ids, codes, read: Box::new(read) })
    }

    /// The rows of a code; none when it has no row.
    pub(crate) fn get(
        &self,
        code: Option<ProcedureCode>,
    ) -> Option<impl Iterator<Item = T> + Clone + use<'_, T>> {
        let rows = self.compiled.rows_of(*self.ids.get(&code?)?);
        Some(rows.filter_map(|row| (self.read)(&self.compiled, row)))
    }

    /// Claims with a code of the table.
    pub(crate) fn trigger(&self) -> Trigger<'_> {
        Trigger::Codes(&self.codes)
    }

    /// Whether rows may have been missed.
    ///
    /// # Errors
    /// The fault that says so.
    pub(crate) fn is_whole(&self) -> Result<(), EditFault> {
        damage(&self.compiled, &self.name).map_or(Ok(()), Err)
    }
}

/// That rows may have been missed, since the table is not as it was imported.
pub(crate) fn damage(compiled: &Compiled, name: &TableName) -> Option<EditFault> {
    compiled.is_damaged().then(|| {
        let message = format!("the imported table `{}` is damaged", name.as_str());
        EditFault::new(FaultKind::DamagedTable, message)
    })
}

/// The rows sorted by that column.
pub(super) fn sorted(table: &Table, column: usize) -> Result<Arc<Compiled>, BuildError> {
    let name = table.compiled.columns().nth(column).unwrap_or_default();
    // Importers sort by more columns behind the code; of a pack's own table the order of the file counts.
    let is_first = table.compiled.key().next() == Some(name);
    match table.name.is_imported() && is_first {
        true => Ok(Arc::clone(&table.compiled)),
        false => table.sorted_by(&[name]),
    }
}
