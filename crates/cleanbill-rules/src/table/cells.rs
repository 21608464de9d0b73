//! Cells that were read once and are asked for row by row, long after the table was checked.

use cleanbill_model::{Period, ServiceDate};
use cleanbill_tables::Table as Compiled;

use super::values::{Periods, Settings, Values};
use super::{Row, Setting, Table};
use crate::check::Cx;

/// The cells of a column by the ids of their texts.
#[derive(Debug)]
pub(crate) struct Cells<T> {
    pub(super) place: usize,
    pub(super) by_id: Vec<T>,
}

impl<T: Clone> Cells<T> {
    /// The value in a row of the table, in whatever order its rows lie.
    pub(crate) fn get(&self, rows: &Compiled, row: u32) -> Option<T> {
        let id = rows.column_at(self.place)?.id_at(row)?;
        self.by_id.get(usize::try_from(id).ok()?).cloned()
    }
}

/// The days of a column; none where a row has none.
type DayCells = Cells<Option<ServiceDate>>;

/// When rows are in force.
#[derive(Debug)]
pub(crate) struct PeriodCells(pub(super) Option<(DayCells, DayCells)>);

impl PeriodCells {
    pub(crate) fn get(&self, rows: &Compiled, row: u32) -> Option<Period> {
        let Some((from, through)) = &self.0 else { return Some(Period::ALWAYS) };
        Some(Period { from: from.get(rows, row)?, through: through.get(rows, row)? })
    }
}

/// Which claims rows are for.
#[derive(Debug)]
pub(crate) struct SettingCells(pub(super) Option<Cells<Setting>>);

impl SettingCells {
    pub(crate) fn get(&self, rows: &Compiled, row: u32) -> Option<Setting> {
        self.0.as_ref().map_or(Some(Setting::Both), |settings| settings.get(rows, row))
    }
}

/// A part of the rows that may be wrong.
pub(crate) trait Part {
    /// Whether it can be read in every row.
    fn is_whole(&self) -> bool;

    /// Tells what is wrong with it in a row.
    fn tell(&self, cx: &Cx<'_>, row: Row);
}

impl<T: Clone> Part for Values<'_, T> {
    fn is_whole(&self) -> bool {
        self.are_read()
    }

    fn tell(&self, cx: &Cx<'_>, row: Row) {
        let _ = self.of(cx, row);
    }
}

impl Part for Periods<'_> {
    fn is_whole(&self) -> bool {
        self.are_ordered()
    }

    fn tell(&self, cx: &Cx<'_>, row: Row) {
        let _ = self.of(cx, row);
    }
}

impl Part for Settings<'_> {
    fn is_whole(&self) -> bool {
        self.are_read()
    }

    fn tell(&self, cx: &Cx<'_>, row: Row) {
        let _ = self.of(cx, row);
    }
}

impl Table {
    /// Whether all these parts can be read in every row; if not, each row that is wrong is told.
    pub(crate) fn is_whole(&self, cx: &Cx<'_>, parts: &[&dyn Part]) -> bool {
        if parts.iter().all(|part| part.is_whole()) {
            return true;
        }
        let _ = self.each(|row| {
            parts.iter().for_each(|part| part.tell(cx, row));
            Some(())
        });
        false
    }
}
