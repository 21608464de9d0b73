//! The pairs of a table: looked up where the compiled table has them, never copied.

use std::sync::Arc;

use cleanbill_engine::EditFault;
use cleanbill_model::{FaultKind, Period, ProcedureCode};
use cleanbill_tables::Table as Compiled;
use rustc_hash::FxHashMap;

use super::table::{Indicator, Window};
use crate::check::Cx;
use crate::table::{ById, Setting, Table, TableName};
use crate::yaml::Node;

const COLUMNS: [&str; 3] = ["column_one", "column_two", "indicator"];

/// The rows of a table of pairs.
#[derive(Debug)]
pub(super) struct PairRows {
    compiled: Arc<Compiled>,
    name: TableName,
    /// The ids of each code in column one and column two.
    codes: FxHashMap<ProcedureCode, [Option<u32>; 2]>,
    // Places of columns with their values by the ids of their texts.
    indicator: (usize, Vec<Indicator>),
    days: Option<(ById, ById)>,
    setting: Option<(usize, Vec<Setting>)>,
    rationale: Option<usize>,
}

/// A row of a table of pairs.
#[derive(Clone, Copy, Debug)]
pub(super) struct PairRow<'a> {
    rows: &'a PairRows,
    row: u32,
}

impl PairRows {
    /// The table of pairs `name`; every cell that cannot be read is told.
    pub(super) fn check(cx: &Cx<'_>, at: &Node, name: &str) -> Option<Self> {
        let table = cx.table(at, name)?;
        let [one, two, indicator] = COLUMNS.map(|column| table.column(cx, at, column));
        let places = [one?, two?, indicator?];
        let rationale = table.optional_column("rationale");
        let read = Self::read(table, places, rationale);
        if read.is_none() {
            tell(cx, table, places);
        }
        read
    }

    fn read(
        table: &Table,
        [one, two, indicator]: [usize; 3],
        rationale: Option<usize>,
    ) -> Option<Self> {
        let mut codes: FxHashMap<ProcedureCode, [Option<u32>; 2]> = FxHashMap::default();
        for (side, column) in [one, two].into_iter().enumerate() {
            let values = table.typed(column, ProcedureCode::new).into_whole()?;
            for (id, code) in (0..).zip(values) {
                if let Some(slot) = codes.entry(code).or_default().get_mut(side) {
                    *slot = Some(id);
                }
            }
        }
        let periods = table.periods();
        if !periods.are_whole() {
            return None;
        }
        let [by_one, by_two, _] = COLUMNS;
        Some(Self {
            // Sorted anew only where the pack has named another key.
            compiled: table.sorted_by(&[by_one, by_two]).ok()?,
            name: table.name.clone(),
            codes,
            indicator: (indicator, table.typed(indicator, Indicator::parse).into_whole()?),
            days: periods.into_whole()?,
            setting: table.settings().into_whole()?,
            rationale,
        })
    }

    /// That rows may have been missed, since the table is not as it was imported.
    pub(super) fn damage(&self) -> Option<EditFault> {
        self.compiled.is_damaged().then(|| {
            let message = format!("the imported table `{}` is damaged", self.name.as_str());
            EditFault::new(FaultKind::DamagedTable, message)
        })
    }

    /// Every code of the table, sorted.
    pub(super) fn codes(&self) -> Vec<ProcedureCode> {
        let mut codes: Vec<ProcedureCode> = self.codes.keys().copied().collect();
        codes.sort_unstable();
        codes
    }

    /// The rows of the pair in this order of its codes, in the order of the file.
    pub(super) fn of(
        &self,
        one: ProcedureCode,
        two: ProcedureCode,
    ) -> impl Iterator<Item = Window<'_>> {
        self.ids(one, two)
            .map_or(0..0, |ids| self.compiled.rows_with(&ids))
            .filter_map(|row| self.window(row))
    }

    fn ids(&self, one: ProcedureCode, two: ProcedureCode) -> Option<[u32; 2]> {
        let [one, _] = *self.codes.get(&one)?;
        let [_, two] = *self.codes.get(&two)?;
        Some([one?, two?])
    }

    fn window(&self, row: u32) -> Option<Window<'_>> {
        let period = match &self.days {
            None => Period::ALWAYS,
            Some((from, through)) => {
                Period { from: self.value(from, row)?, through: self.value(through, row)? }
            }
        };
        let setting = match &self.setting {
            None => Setting::Both,
            Some(setting) => self.value(setting, row)?,
        };
        let indicator = self.value(&self.indicator, row)?;
        Some(Window::of_row(period, setting, indicator, PairRow { rows: self, row }))
    }

    fn value<T: Copy>(&self, (column, by_id): &(usize, Vec<T>), row: u32) -> Option<T> {
        let id = self.compiled.column_at(*column)?.id_at(row)?;
        by_id.get(usize::try_from(id).ok()?).copied()
    }
}

impl<'a> PairRow<'a> {
    pub(super) fn rationale(self) -> &'a str {
        let column = self.rows.rationale.and_then(|place| self.rows.compiled.column_at(place));
        column.and_then(|column| column.text_at(self.row)).unwrap_or_default()
    }

    /// Where it stands, for explanations.
    pub(super) fn place(self) -> String {
        let line = self.rows.compiled.source_line(self.row).unwrap_or_default();
        self.rows.name.row(line.into())
    }
}

/// Goes through the rows of a table that cannot be read whole, and tells what is wrong in each.
fn tell(cx: &Cx<'_>, table: &Table, [one, two, indicator]: [usize; 3]) {
    let [one, two] = [one, two].map(|column| table.typed(column, ProcedureCode::new));
    let indicator = table.typed(indicator, Indicator::parse);
    let (periods, settings) = (table.periods(), table.settings());
    let _ = table.each(|row| {
        let codes = (one.of(cx, row), two.of(cx, row));
        let rest = (indicator.of(cx, row), periods.of(cx, row), settings.of(cx, row));
        codes.0.and(codes.1).and(rest.0).and(rest.1).and(rest.2).map(|_| ())
    });
}
