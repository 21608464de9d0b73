//! Cells as values: each different text of a column is read once, whatever the number of its rows.

use cleanbill_model::{Period, ServiceDate};
use cleanbill_tables::{Column, ORDERED_DAYS};

use super::cells::{Cells, PeriodCells, SettingCells};
use super::{Row, Setting, Table};
use crate::check::Cx;

/// The cells of a column as values.
pub(crate) struct Values<'a, T> {
    table: &'a Table,
    pub(super) place: usize,
    column: Option<Column<'a>>,
    /// For each text of the column its value, or what is wrong with it.
    by_id: Vec<Result<T, String>>,
}

impl<'a, T: Clone> Values<'a, T> {
    pub(super) fn new<E: core::fmt::Display>(
        table: &'a Table,
        place: usize,
        parse: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Self {
        let column = table.cells(place);
        let texts = column.into_iter().flat_map(Column::dictionary);
        let value = |(_, text): (u32, &str)| parse(text.as_bytes()).map_err(|e| e.to_string());
        Self { table, place, column, by_id: texts.map(value).collect() }
    }

    /// The value in a row; a cell that cannot be read is an error naming row and column.
    pub(crate) fn of(&self, cx: &Cx<'_>, row: Row) -> Option<T> {
        let error = match self.at(row) {
            Some(Ok(value)) => return Some(value.clone()),
            Some(Err(error)) => error,
            // Only in a compiled table that nobody verified.
            None => "is damaged in the compiled table",
        };
        self.table.damaged(cx, row, self.place, error);
        None
    }

    /// The value in a row, and nothing said of a cell that cannot be read.
    pub(crate) fn get(&self, row: Row) -> Option<T> {
        self.at(row)?.clone().ok()
    }

    /// Whether every cell can be read.
    pub(super) fn are_read(&self) -> bool {
        self.by_id.iter().all(Result::is_ok)
    }

    /// The cells by themselves, if all of them can be read.
    pub(crate) fn into_cells(self) -> Option<Cells<T>> {
        Some(Cells { place: self.place, by_id: self.into_whole()? })
    }

    /// The values by the ids of their texts, if every cell can be read.
    pub(crate) fn into_whole(self) -> Option<Vec<T>> {
        self.by_id.into_iter().map(Result::ok).collect()
    }

    fn id(&self, row: Row) -> Option<u32> {
        self.column?.id_at(row.0)
    }

    fn at(&self, row: Row) -> Option<&Result<T, String>> {
        self.by_id.get(usize::try_from(self.id(row)?).ok()?)
    }
}

/// Reads an empty cell as nothing, and any other by `parse`.
pub(crate) fn optional<T, E>(
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> impl Fn(&[u8]) -> Result<Option<T>, E> {
    move |text| if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
}

type Days<'a> = Values<'a, Option<ServiceDate>>;

/// When the rows of a table are in force.
pub(crate) struct Periods<'a> {
    table: &'a Table,
    days: Option<(Days<'a>, Days<'a>)>,
}

impl<'a> Periods<'a> {
    pub(super) fn new(table: &'a Table, columns: Option<(usize, usize)>) -> Self {
        let days = |column| table.typed(column, optional(ServiceDate::parse_iso));
        Self { table, days: columns.map(|(from, through)| (days(from), days(through))) }
    }

    /// When a row is in force; days that cannot be read or are the wrong way round are errors.
    pub(crate) fn of(&self, cx: &Cx<'_>, row: Row) -> Option<Period> {
        let Some((from, through)) = &self.days else { return Some(Period::ALWAYS) };
        let (from, through) = (from.of(cx, row), through.of(cx, row));
        let period = Period { from: from?, through: through? };
        if is_reversed(period) {
            let line = self.table.line(row);
            let message = format!("row {line} ends before it starts");
            cx.cell_error(self.table.name.as_str(), line, message, "swap the two dates");
            return None;
        }
        Some(period)
    }

    /// When a row is in force, and nothing said where that cannot be told.
    pub(crate) fn get(&self, row: Row) -> Option<Period> {
        let Some((from, through)) = &self.days else { return Some(Period::ALWAYS) };
        let period = Period { from: from.get(row)?, through: through.get(row)? };
        (!is_reversed(period)).then_some(period)
    }

    /// Whether the period of any row fits.
    pub(crate) fn any(&self, fits: impl Fn(Period) -> bool) -> bool {
        (0..self.table.compiled.len()).filter_map(|row| self.get(Row(row))).any(fits)
    }

    /// Whether the period of every row can be told.
    pub(crate) fn are_ordered(&self) -> bool {
        let Some((from, through)) = &self.days else { return true };
        if !from.are_read() || !through.are_read() {
            return false;
        }
        // Looked at once, when the table was imported.
        let compiled = &self.table.compiled;
        let name = |days: &Days<'_>| compiled.columns().nth(days.place).unwrap_or_default();
        let ours = format!("{} {}", name(from), name(through));
        if compiled.metadata(ORDERED_DAYS) == Some(ours.as_str()) {
            return true;
        }
        // Rows repeat few pairs of days, and mostly the one of the row before.
        let mut last = None;
        (0..self.table.compiled.len()).map(Row).all(|row| {
            let days = (from.id(row), through.id(row));
            let is_known = last == Some(days);
            last = Some(days);
            is_known || self.get(row).is_some()
        })
    }

    /// The days by themselves, if all of them can be read.
    pub(crate) fn into_cells(self) -> Option<PeriodCells> {
        let Some((from, through)) = self.days else { return Some(PeriodCells(None)) };
        Some(PeriodCells(Some((from.into_cells()?, through.into_cells()?))))
    }
}

fn is_reversed(period: Period) -> bool {
    period.from.zip(period.through).is_some_and(|(from, through)| through < from)
}

/// Which claims the rows of a table are for.
pub(crate) struct Settings<'a>(Option<Values<'a, Setting>>);

impl<'a> Settings<'a> {
    pub(super) fn new(table: &'a Table, column: Option<usize>) -> Self {
        let parse = |text: &[u8]| match text {
            b"practitioner" => Ok(Setting::Practitioner),
            b"hospital" => Ok(Setting::Hospital),
            b"both" => Ok(Setting::Both),
            _ => Err("is not `practitioner`, `hospital` or `both`"),
        };
        Self(column.map(|column| table.typed(column, parse)))
    }

    /// Which claims a row is for.
    pub(crate) fn of(&self, cx: &Cx<'_>, row: Row) -> Option<Setting> {
        self.0.as_ref().map_or(Some(Setting::Both), |settings| settings.of(cx, row))
    }

    pub(super) fn are_read(&self) -> bool {
        self.0.as_ref().is_none_or(Values::are_read)
    }

    /// The settings by themselves, if all of them can be read.
    pub(crate) fn into_cells(self) -> Option<SettingCells> {
        self.0.map_or(Some(SettingCells(None)), |all| all.into_cells().map(Some).map(SettingCells))
    }
}
