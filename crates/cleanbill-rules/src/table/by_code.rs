//! Rows of a table found by their procedure code.

use cleanbill_engine::Trigger;
use cleanbill_model::ProcedureCode;
use rustc_hash::FxHashMap;

/// What a rule needs of each row, by code, in the order of the file.
#[derive(Debug)]
pub(crate) struct ByCode<T> {
    rows: FxHashMap<ProcedureCode, Vec<T>>,
    codes: Vec<ProcedureCode>,
}

impl<T> Default for ByCode<T> {
    fn default() -> Self {
        Self { rows: FxHashMap::default(), codes: Vec::new() }
    }
}

impl<T> ByCode<T> {
    pub(crate) fn add(&mut self, code: ProcedureCode, row: T) {
        let rows = self.rows.entry(code).or_default();
        if rows.is_empty() {
            self.codes.push(code);
        }
        rows.push(row);
    }

    /// The rows of a code; none when it has no row.
    pub(crate) fn get(&self, code: Option<ProcedureCode>) -> Option<&[T]> {
        self.rows.get(&code?).map(Vec::as_slice)
    }

    /// Claims with a code of the table.
    pub(crate) fn trigger(&self) -> Trigger<'_> {
        Trigger::Codes(&self.codes)
    }
}
