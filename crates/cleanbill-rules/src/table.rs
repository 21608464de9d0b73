//! CSV tables beside a pack: read once, typed where a rule uses them.

use core::ops::Range;

use cleanbill_model::{ClaimType, Period, ServiceDate};

use crate::check::{Cx, damaged_code, is_scientific};
use crate::declare::TableDecl;
use crate::diagnostic::{Code, suggest};
use crate::yaml::Node;

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

/// A table as read: every cell is still text.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) key: Vec<String>,
    columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
    effective: Option<(usize, usize)>,
    setting: Option<usize>,
}

/// One row of a [`Table`].
#[derive(Debug)]
pub(crate) struct Row {
    /// Line of the file, from 1.
    pub(crate) line: u64,
    span: Range<usize>,
    cells: Vec<String>,
}

/// Finds the line and span of each row while going through the text once.
struct Places<'a> {
    text: &'a str,
    offset: usize,
    line: u64,
}

impl Places<'_> {
    /// Line and span of the row that starts at `byte` of the text without its first `skipped` bytes.
    fn row(&mut self, byte: u64, skipped: usize) -> (u64, Range<usize>) {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).saturating_add(skipped);
        // The reader's position may lie on the line end of the row before.
        let rest = self.text.get(from..).unwrap_or_default();
        let start = self.text.len() - rest.trim_start_matches(['\r', '\n']).len();
        let between = self.text.get(self.offset..start).unwrap_or_default();
        self.line += between.bytes().map(|byte| u64::from(byte == b'\n')).sum::<u64>();
        self.offset = self.offset.max(start);
        let length = self.text.get(start..).and_then(|t| t.lines().next()).map_or(0, str::len);
        (self.line, start..start + length)
    }
}

impl Table {
    /// Reads the table that `decl` names; errors go to `cx`.
    pub(crate) fn read(
        cx: &Cx<'_>,
        at: &Node,
        decl: &TableDecl,
        path: &str,
        text: &str,
    ) -> Option<Self> {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let skipped = text.len() - body.len();
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(body.as_bytes());
        let columns: Vec<String> = match reader.headers() {
            Ok(headers) => headers.iter().map(str::to_owned).collect(),
            Err(error) => {
                cx.cell_error(
                    path,
                    0..0,
                    format!("the table cannot be read: {error}"),
                    "save it as comma-separated UTF-8 text",
                );
                return None;
            }
        };
        let find = |name: &str, key: &str| {
            let found = columns.iter().position(|column| column == name);
            if found.is_none() {
                cx.error(
                    Code::UnknownColumn,
                    &at.get(key).span,
                    format!("table `{}` has no column `{name}`", decl.file),
                    suggest(name, columns.iter().map(String::as_str)),
                );
            }
            found
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
        let mut rows = Vec::new();
        let mut places = Places { text, offset: 0, line: 1 };
        for record in reader.records() {
            let position = match &record {
                Ok(record) => record.position().cloned(),
                Err(error) => error.position().cloned(),
            };
            let (line, span) = places.row(position.map_or(0, |p| p.byte()), skipped);
            match record {
                Ok(record) => {
                    let cells = record.iter().map(str::to_owned).collect();
                    rows.push(Row { line, span, cells });
                }
                Err(_) => {
                    cx.cell_error(
                        path,
                        span,
                        format!(
                            "row {line} does not have the {} cells of the header",
                            columns.len()
                        ),
                        "give every row the same number of cells; quote a cell that holds a comma",
                    );
                    whole = false;
                }
            }
        }
        if rows.is_empty() {
            cx.cell_error(
                path,
                0..0,
                "the table has no rows".to_owned(),
                "a rule on an empty table would check nothing: add rows or remove the rule",
            );
            whole = false;
        }
        whole.then(|| Self {
            file: path.to_owned(),
            key: decl.key.clone(),
            columns,
            rows,
            effective,
            setting,
        })
    }

    /// Place of a column; an unknown one is an error at `at`.
    pub(crate) fn column(&self, cx: &Cx<'_>, at: &Node, name: &str) -> Option<usize> {
        let found = self.columns.iter().position(|column| column == name);
        if found.is_none() {
            cx.error(
                Code::UnknownColumn,
                &at.span,
                format!("table `{}` has no column `{name}`", self.file),
                suggest(name, self.columns.iter().map(String::as_str)),
            );
        }
        found
    }

    /// Place of a column that a table need not have.
    pub(crate) fn optional_column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Takes every row through `read`. A row that cannot be read does not hide those behind it, but
    /// then nothing comes back.
    pub(crate) fn each(&self, mut read: impl FnMut(&Row) -> Option<()>) -> Option<()> {
        let mut whole = Some(());
        for row in &self.rows {
            // `read` first: it must run for every row.
            whole = read(row).and(whole);
        }
        whole
    }

    /// Whether its rows are in force on certain days only.
    pub(crate) const fn is_dated(&self) -> bool {
        self.effective.is_some()
    }

    /// Text of a cell.
    pub(crate) fn cell<'a>(&self, row: &'a Row, column: usize) -> &'a str {
        row.cells.get(column).map_or("", String::as_str)
    }

    /// A cell read by `parse`; a cell that cannot be read is an error naming row and column.
    pub(crate) fn typed<T, E: core::fmt::Display>(
        &self,
        cx: &Cx<'_>,
        row: &Row,
        column: usize,
        parse: impl FnOnce(&[u8]) -> Result<T, E>,
    ) -> Option<T> {
        let cell = self.cell(row, column);
        match parse(cell.as_bytes()) {
            Ok(value) => Some(value),
            Err(error) => {
                let name = self.columns.get(column).map_or("", String::as_str);
                cx.cell_error(
                    &self.file,
                    row.span.clone(),
                    format!("row {}, column `{name}`: `{cell}` {error}", row.line),
                    &self.instead(cell, name),
                );
                None
            }
        }
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

    /// When the row is in force.
    pub(crate) fn period(&self, cx: &Cx<'_>, row: &Row) -> Option<Period> {
        let Some((from, through)) = self.effective else { return Some(Period::ALWAYS) };
        let day = |column| match self.cell(row, column) {
            "" => Some(None),
            _ => self.typed(cx, row, column, ServiceDate::parse_iso).map(Some),
        };
        let (from, through) = (day(from), day(through));
        let period = Period { from: from?, through: through? };
        if period.from.zip(period.through).is_some_and(|(from, through)| through < from) {
            cx.cell_error(
                &self.file,
                row.span.clone(),
                format!("row {} ends before it starts", row.line),
                "swap the two dates",
            );
            return None;
        }
        Some(period)
    }

    /// Which claims the row is for.
    pub(crate) fn setting(&self, cx: &Cx<'_>, row: &Row) -> Option<Setting> {
        let Some(column) = self.setting else { return Some(Setting::Both) };
        self.typed(cx, row, column, |text| match text {
            b"practitioner" => Ok(Setting::Practitioner),
            b"hospital" => Ok(Setting::Hospital),
            b"both" => Ok(Setting::Both),
            _ => Err("is not `practitioner`, `hospital` or `both`"),
        })
    }
}
