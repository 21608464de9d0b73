//! Medicare physician fee schedule: the indicators of the relative value file.
//!
//! Source: `PPRRVU2026_Jul_nonQPP.csv`: captions over some ten lines, the last of which begins with
//! `HCPCS,MOD,DESCRIPTION,CODE`, then one row for each code and modifier. The description is the AMA's:
//! it is not even taken out of the row. Columns are found by the last line of captions, whose names repeat,
//! so their order counts too.
//!
//! `PPRRVU25_JAN.txt` beside it has the same by position, behind lines that begin with `HDR`: code in 1 to 5,
//! modifier 6 to 7, description 8 to 57, status 58, relative values, `NA` of the two practice expenses in 73
//! to 74 and 82 to 83, PC/TC 103, global days 104 to 106, three shares such as `.10` from 107 to 115, multiple
//! procedure 116, bilateral 117. The positions are those of the rows of 2025; a line that does not fit them is
//! damaged.

use super::cell::{Cell, by_position, caption, text};
use super::day::Day;
use super::layout::{Given, Layout};
use super::report::{Rows, Wrong};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    modifier: usize,
    status: usize,
    pctc: usize,
    global_days: usize,
    multiple: usize,
    bilateral: usize,
    /// `NA` where the service is not done in that place, behind each of the practice expenses.
    not_applicable: [Option<usize>; 2],
}

/// Whether the row is the last line of captions.
pub(crate) fn has_captions(cells: &[Cell<'_>]) -> bool {
    Columns::find(cells).is_some()
}

impl Columns {
    fn find(cells: &[Cell<'_>]) -> Option<Self> {
        let captions: Vec<String> = cells.iter().map(|cell| caption(cell.text)).collect();
        if captions.first()? != "hcpcs" {
            return None;
        }
        let find = |name: &str| captions.iter().position(|text| text == name);
        let mut indicators = captions.windows(2).enumerate().filter_map(|(at, pair)| {
            matches!(pair, [expense, na] if expense == "pervu" && na == "indicator")
                .then_some(at + 1)
        });
        Some(Self {
            modifier: find("mod")?,
            status: find("code")?,
            pctc: find("ind")?,
            global_days: find("days")?,
            multiple: find("proc")?,
            bilateral: find("surg")?,
            not_applicable: [indicators.next(), indicators.next()],
        })
    }
}

pub(crate) struct FeeSchedule {
    from: Option<Day>,
    through: Option<Day>,
    columns: Option<Columns>,
    /// A row by position was met.
    is_fixed: bool,
}

/// The cells of a row that are kept.
struct Indicators<'a> {
    modifier: &'a str,
    status: &'a str,
    pctc: &'a str,
    global_days: &'a str,
    multiple: &'a str,
    bilateral: &'a str,
    not_applicable: [&'a str; 2],
}

/// Whether the line is a row by position.
pub(crate) fn is_record(line: &str) -> bool {
    let line = by_position(line);
    let piece = |from: usize, to: usize| line.get(from..to).unwrap_or_default();
    let is_number = |text: &str| {
        let text = text.trim_ascii_start();
        text.split_once('.').is_some_and(|(whole, cents)| {
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            digits(whole) && cents.len() == 2 && digits(cents)
        })
    };
    Cell::text(piece(0, 5)).code().is_some()
        && piece(57, 58).bytes().all(|byte| byte.is_ascii_uppercase())
        && [
            (58, 65),
            (65, 72),
            (74, 81),
            (83, 89),
            (89, 96),
            (96, 102),
            (106, 109),
            (109, 112),
            (112, 115),
        ]
        .iter()
        .all(|(from, to)| is_number(piece(*from, *to)))
}

impl FeeSchedule {
    pub(crate) const fn new(given: &Given) -> Self {
        Self { from: given.from, through: given.through, columns: None, is_fixed: false }
    }

    fn fixed(&self, line: u64, record: &str, rows: &mut Rows<'_>) {
        if record.is_empty() || record.starts_with("HDR") {
            return;
        }
        if !is_record(record) {
            let start: String = record.chars().take(7).collect();
            return rows.damaged(line, "positions 1 to 117", &start, Wrong::WIDTH);
        }
        let record = by_position(record);
        let piece = |from: usize, to: usize| Cell::text(record.get(from..to).unwrap_or_default());
        let indicators = Indicators {
            modifier: piece(5, 7).text,
            status: piece(57, 58).text,
            pctc: piece(102, 103).text,
            global_days: piece(103, 106).text,
            multiple: piece(115, 116).text,
            bilateral: piece(116, 117).text,
            not_applicable: [piece(72, 74).text, piece(81, 83).text],
        };
        self.keep(line, piece(0, 5), &indicators, rows);
    }

    fn captioned(&self, columns: &Columns, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        // A workbook makes a number of `010`.
        let days = cells.get(columns.global_days).copied().unwrap_or_default();
        let padded = format!("{:0>3}", days.text);
        let indicators = Indicators {
            modifier: text(cells, columns.modifier),
            status: text(cells, columns.status),
            pctc: text(cells, columns.pctc),
            global_days: if days.is_number { padded.as_str() } else { days.text },
            multiple: text(cells, columns.multiple),
            bilateral: text(cells, columns.bilateral),
            not_applicable: columns
                .not_applicable
                .map(|column| column.map_or("", |column| text(cells, column))),
        };
        let code = cells.first().copied().unwrap_or_default();
        self.keep(line, code, &indicators, rows);
    }

    fn keep(&self, line: u64, code: Cell<'_>, of: &Indicators<'_>, rows: &mut Rows<'_>) {
        let Some(code) = code.code() else {
            return rows.damaged(line, "HCPCS", code.text, Wrong::CODE);
        };
        let modifier = of.modifier;
        if !matches!(modifier.len(), 0 | 2) {
            return rows.damaged(line, "modifier", modifier, Wrong::INDICATOR);
        }
        let status = of.status;
        if !(status.len() == 1 && status.bytes().all(|byte| byte.is_ascii_uppercase())) {
            return rows.damaged(line, "status", status, Wrong::INDICATOR);
        }
        let days = of.global_days;
        if days.len() != 3 {
            return rows.damaged(line, "global days", days, Wrong::INDICATOR);
        }
        for (name, cell) in
            [("PC/TC", of.pctc), ("multiple procedure", of.multiple), ("bilateral", of.bilateral)]
        {
            if !matches!(cell.as_bytes(), [] | [b'0'..=b'9']) {
                return rows.damaged(line, name, cell, Wrong::INDICATOR);
            }
        }
        let [nonfacility, facility] = of.not_applicable;
        rows.keep(
            line,
            &[
                code.as_str(),
                modifier,
                status,
                of.pctc,
                days,
                of.multiple,
                of.bilateral,
                nonfacility,
                facility,
                self.from.as_ref().map_or("", Day::as_str),
                self.through.as_ref().map_or("", Day::as_str),
            ],
        );
    }
}

impl Layout for FeeSchedule {
    fn row(&mut self, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        if let [record] = cells
            && self.columns.is_none()
            && (self.is_fixed || is_record(record.text))
        {
            self.is_fixed = true;
            return self.fixed(line, record.text, rows);
        }
        let Some(columns) = self.columns else {
            self.columns = Columns::find(cells);
            return;
        };
        if cells.iter().any(|cell| !cell.text.is_empty()) {
            self.captioned(&columns, line, cells, rows);
        }
    }
}
