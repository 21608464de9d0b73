//! Tables of a pack, CSV or imported: compiled where they come from, typed where a rule uses them.

mod by_code;
mod by_text;
mod cells;
mod imported;
mod name;
mod values;

use std::sync::Arc;

use cleanbill_model::{ClaimType, Source, SourceKind};
use cleanbill_tables::{AUTHORITY, BuildError, Column, CsvError, Table as Compiled};

use crate::check::{Cx, damaged_code, is_scientific};
use crate::declare::TableDecl;
use crate::diagnostic::{Code, suggest};
use crate::yaml::Node;

pub(crate) use by_code::{ByCode, damage};
pub(crate) use by_text::ByText;
pub(crate) use cells::{Cells, Part, PeriodCells, SettingCells};
pub use imported::{ImportedTables, TablesFrom};
pub(crate) use name::TableName;
pub(crate) use values::{Periods, Settings, Values, optional};

/// Which claims a table row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Practitioner,
    Hospital,
    Both,
}

impl Setting {
    pub(crate) const fn is_for(self, claim: ClaimType) -> bool {
        matches!(
            (self, claim),
            (Self::Both, _)
                | (Self::Practitioner, ClaimType::Professional)
                | (Self::Hospital, ClaimType::Institutional)
        )
    }
}

/// A table of a pack, with what the pack says of its columns.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: TableName,
    pub(crate) key: Vec<String>,
    pub(crate) compiled: Arc<Compiled>,
    effective: Option<(usize, usize)>,
    setting: Option<usize>,
}

/// Place of a row in the compiled table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) u32);

impl Table {
    /// The table that `decl` names, of what was `made` of the file `name`; errors go to `cx`.
    pub(crate) fn check(
        cx: &Cx<'_>,
        at: &Node,
        decl: &TableDecl,
        name: TableName,
        made: Result<Compiled, CsvError>,
    ) -> Option<Self> {
        let file = name.as_str();
        let columns: Vec<&str> = match &made {
            Ok(table) => table.columns().collect(),
            Err(CsvError::Rows { columns, .. }) => columns.iter().map(String::as_str).collect(),
            Err(CsvError::Header(error)) => {
                unreadable(cx, file, error);
                return None;
            }
            Err(CsvError::Build(error)) => {
                unreadable(cx, file, &error.to_string());
                return None;
            }
        };
        let called = decl.rows().filter(|_| !name.is_imported()).unwrap_or(file);
        let find = |name: &str, key: &str| {
            place_of(cx, &at.get(key).span, called, columns.iter().copied(), name)
        };
        let mut whole = decl.key.iter().all(|name| find(name, "key").is_some());
        let effective = match &decl.effective {
            None => None,
            Some((from, through)) => {
                let both = find(from, "effective").zip(find(through, "effective"));
                whole &= both.is_some();
                both
            }
        };
        let setting = match &decl.setting {
            None => None,
            Some(name) => {
                let found = find(name, "setting");
                whole &= found.is_some();
                found
            }
        };
        if let Err(CsvError::Rows { wrong, is_empty, .. }) = &made {
            rows_are_wrong(cx, file, columns.len(), wrong, *is_empty);
        }
        let compiled = Arc::new(made.ok().filter(|_| whole)?);
        Some(Self { name, key: decl.key.clone(), compiled, effective, setting })
    }

    /// An imported table as the source of what it decides.
    pub(crate) fn source(&self) -> Option<Source> {
        let TableName::Imported { name, edition, .. } = &self.name else { return None };
        let authority = self.compiled.metadata(AUTHORITY).unwrap_or("imported table");
        Some(Source {
            authority: authority.to_owned(),
            document: name.to_string(),
            edition: Some(edition.to_string()),
            kind: SourceKind::Public,
            verified: true,
        })
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.compiled.len()).unwrap_or(usize::MAX)
    }

    /// Place of a column; an unknown one is an error at `at`.
    pub(crate) fn column(&self, cx: &Cx<'_>, at: &Node, name: &str) -> Option<usize> {
        place_of(cx, &at.span, self.name.as_str(), self.compiled.columns(), name)
    }

    /// Place of a column that a table need not have.
    pub(crate) fn optional_column(&self, name: &str) -> Option<usize> {
        self.compiled.columns().position(|column| column == name)
    }

    /// Takes every row, in the order of the file, through `read`. A row that cannot be read does not
    /// hide those behind it, but then nothing comes back.
    pub(crate) fn each(&self, mut read: impl FnMut(Row) -> Option<()>) -> Option<()> {
        let mut whole = Some(());
        let mut take = |row| {
            // `read` first: it must run for every row.
            whole = read(Row(row)).and(whole);
        };
        match self.compiled.source_order() {
            None => (0..self.compiled.len()).for_each(take),
            Some(rows) => rows.into_iter().for_each(&mut take),
        }
        whole
    }

    /// Whether its rows are in force on certain days only.
    pub(crate) const fn is_dated(&self) -> bool {
        self.effective.is_some()
    }

    /// Whether any cell of a column has this text.
    pub(crate) fn has(&self, column: usize, text: &str) -> bool {
        self.compiled.column_at(column).is_some_and(|column| column.id_of(text).is_some())
    }

    /// Text of a cell.
    pub(crate) fn cell(&self, row: Row, column: usize) -> &str {
        self.cells(column).and_then(|cells| cells.text_at(row.0)).unwrap_or_default()
    }

    /// The cells of a column, each different text of which is read by `parse`, once.
    pub(crate) fn typed<T: Clone, E: core::fmt::Display>(
        &self,
        column: usize,
        parse: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Values<'_, T> {
        Values::new(self, column, parse)
    }

    /// When the rows are in force.
    pub(crate) fn periods(&self) -> Periods<'_> {
        Periods::new(self, self.effective)
    }

    /// Which claims the rows are for.
    pub(crate) fn settings(&self) -> Settings<'_> {
        Settings::new(self, self.setting)
    }

    /// The rows sorted by these columns.
    pub(crate) fn sorted_by(&self, key: &[&str]) -> Result<Arc<Compiled>, BuildError> {
        match self.compiled.key().eq(key.iter().copied()) {
            true => Ok(Arc::clone(&self.compiled)),
            false => self.compiled.sorted_by(key).map(Arc::new),
        }
    }

    fn cells(&self, column: usize) -> Option<Column<'_>> {
        self.compiled.column_at(column)
    }

    /// Line of the file, from 1.
    pub(crate) fn line(&self, row: Row) -> u64 {
        self.compiled.source_line(row.0).unwrap_or_default().into()
    }

    /// A cell cannot be read.
    fn damaged(&self, cx: &Cx<'_>, row: Row, column: usize, error: &str) {
        let (line, cell) = (self.line(row), self.cell(row, column));
        let name = self.compiled.columns().nth(column).unwrap_or_default();
        let message = format!("row {line}, column `{name}`: `{cell}` {error}");
        cx.cell_error(self.name.as_str(), line, message, &self.instead(cell, name));
    }

    fn instead(&self, cell: &str, column: &str) -> String {
        if is_scientific(cell) {
            return "a spreadsheet has made a number of it: save the column as text".to_owned();
        }
        if self.key.iter().any(|key| key == column) && cell.bytes().all(|b| b.is_ascii_digit()) {
            return damaged_code(cell);
        }
        "a spreadsheet may have changed it: codes keep their leading zeros and are text".to_owned()
    }
}

fn place_of<'a>(
    cx: &Cx<'_>,
    span: &core::ops::Range<usize>,
    file: &str,
    columns: impl Iterator<Item = &'a str> + Clone,
    name: &str,
) -> Option<usize> {
    let found = columns.clone().position(|column| column == name);
    if found.is_none() {
        cx.error(
            Code::UnknownColumn,
            span,
            format!("table `{file}` has no column `{name}`"),
            suggest(name, columns),
        );
    }
    found
}

fn unreadable(cx: &Cx<'_>, file: &str, error: &str) {
    let message = format!("the table cannot be read: {error}");
    cx.cell_error(file, 0, message, "save it as comma-separated UTF-8 text");
}

fn rows_are_wrong(cx: &Cx<'_>, file: &str, columns: usize, wrong: &[u64], is_empty: bool) {
    for line in wrong {
        cx.cell_error(
            file,
            *line,
            format!("row {line} does not have the {columns} cells of the header"),
            "give every row the same number of cells; quote a cell that holds a comma",
        );
    }
    if is_empty {
        cx.cell_error(
            file,
            0,
            "the table has no rows".to_owned(),
            "a rule on an empty table would check nothing: add rows or remove the rule",
        );
    }
}
