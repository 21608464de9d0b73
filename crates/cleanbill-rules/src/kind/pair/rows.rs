//! The pairs of a table: looked up where the compiled table has them, never copied.

use std::sync::Arc;

use cleanbill_engine::EditFault;
use cleanbill_model::ProcedureCode;
use cleanbill_tables::Table as Compiled;
use rustc_hash::FxHashMap;

use super::days::PairedDays;
use super::table::{Indicator, Window};
use crate::check::Cx;
use crate::table::{Cells, PeriodCells, SettingCells, Table, TableName, damage};
use crate::yaml::Node;

const COLUMNS: [&str; 3] = ["column_one", "column_two", "indicator"];

/// The rows of a table of pairs.
#[derive(Debug)]
pub(super) struct PairRows {
    compiled: Arc<Compiled>,
    name: TableName,
    /// The ids of each code in column one and column two.
    codes: FxHashMap<ProcedureCode, [Option<u32>; 2]>,
    indicator: Cells<Indicator>,
    periods: PeriodCells,
    settings: SettingCells,
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
        Self::read(cx, table, places, rationale)
    }

    fn read(
        cx: &Cx<'_>,
        table: &Table,
        [one, two, indicator]: [usize; 3],
        rationale: Option<usize>,
    ) -> Option<Self> {
        let [one, two] = [one, two].map(|column| table.typed(column, ProcedureCode::new));
        let indicator = table.typed(indicator, Indicator::parse);
        let (periods, settings) = (table.periods(), table.settings());
        if !table.is_whole(cx, &[&one, &two, &indicator, &periods, &settings]) {
            return None;
        }
        let mut codes: FxHashMap<ProcedureCode, [Option<u32>; 2]> = FxHashMap::default();
        for (side, values) in [one, two].into_iter().enumerate() {
            for (id, code) in (0..).zip(values.into_whole()?) {
                if let Some(slot) = codes.entry(code).or_default().get_mut(side) {
                    *slot = Some(id);
                }
            }
        }
        let [by_one, by_two, _] = COLUMNS;
        Some(Self {
            // Sorted anew only where the pack has named another key.
            compiled: table.sorted_by(&[by_one, by_two]).ok()?,
            name: table.name.clone(),
            codes,
            indicator: indicator.into_cells()?,
            periods: periods.into_cells()?,
            settings: settings.into_cells()?,
            rationale,
        })
    }

    /// That rows may have been missed, since the table is not as it was imported.
    pub(super) fn damage(&self) -> Option<EditFault> {
        damage(&self.compiled, &self.name)
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

    /// On which days each code is in a pair; goes through the whole table.
    pub(super) fn days(&self) -> PairedDays {
        let mut days = PairedDays::default();
        let codes = |side: usize| {
            let of_side = |(code, ids): (&ProcedureCode, &[Option<u32>; 2])| {
                Some(((*ids.get(side)?)?, *code))
            };
            self.codes.iter().filter_map(of_side).collect::<FxHashMap<u32, ProcedureCode>>()
        };
        let sides = [codes(0), codes(1)];
        let columns = COLUMNS.map(|name| self.compiled.column(name));
        for row in 0..self.compiled.len() {
            let Some(window) = self.window(row) else { continue };
            if window.indicator == Indicator::NotApplicable {
                continue;
            }
            for (codes, column) in sides.iter().zip(&columns) {
                let code = column.and_then(|column| codes.get(&column.id_at(row)?));
                if let Some(code) = code {
                    days.add(*code, window.setting, window.period);
                }
            }
        }
        days
    }

    fn ids(&self, one: ProcedureCode, two: ProcedureCode) -> Option<[u32; 2]> {
        let [one, _] = *self.codes.get(&one)?;
        let [_, two] = *self.codes.get(&two)?;
        Some([one?, two?])
    }

    fn window(&self, row: u32) -> Option<Window<'_>> {
        let period = self.periods.get(&self.compiled, row)?;
        let setting = self.settings.get(&self.compiled, row)?;
        let indicator = self.indicator.get(&self.compiled, row)?;
        Some(Window::of_row(period, setting, indicator, PairRow { rows: self, row }))
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
