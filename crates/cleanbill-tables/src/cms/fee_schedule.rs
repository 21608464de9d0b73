//! Medicare physician fee schedule: the indicators of the relative value file.
//!
//! Source: `PPRRVU2026_Jul_nonQPP.csv`: captions over some ten lines, the last of which begins with
//! `HCPCS,MOD,DESCRIPTION,CODE`, then one row for each code and modifier. The description is the AMA's:
//! it is not even taken out of the row. Columns are found by the last line of captions, whose names repeat,
//! so their order counts too.

use super::cell::{Cell, caption, text};
use super::day::Day;
use super::layout::{Captioned, Given};
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
}

impl FeeSchedule {
    pub(crate) const fn new(given: &Given) -> Self {
        Self { from: given.from, through: given.through }
    }
}

impl Captioned for FeeSchedule {
    type Columns = Columns;

    fn columns(cells: &[Cell<'_>]) -> Option<Columns> {
        Columns::find(cells)
    }

    fn row(&self, columns: &Columns, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        let Some(code) = cells.first().and_then(|cell| cell.code()) else {
            return rows.damaged(line, "HCPCS", text(cells, 0), Wrong::CODE);
        };
        let modifier = text(cells, columns.modifier);
        if !matches!(modifier.len(), 0 | 2) {
            return rows.damaged(line, "modifier", modifier, Wrong::INDICATOR);
        }
        let status = text(cells, columns.status);
        if !(status.len() == 1 && status.bytes().all(|byte| byte.is_ascii_uppercase())) {
            return rows.damaged(line, "status", status, Wrong::INDICATOR);
        }
        // A workbook makes a number of `010`.
        let days = cells.get(columns.global_days).copied().unwrap_or_default();
        let padded = format!("{:0>3}", days.text);
        let days = if days.is_number { padded.as_str() } else { days.text };
        if days.len() != 3 {
            return rows.damaged(line, "global days", days, Wrong::INDICATOR);
        }
        for (name, column) in [
            ("PC/TC", columns.pctc),
            ("multiple procedure", columns.multiple),
            ("bilateral", columns.bilateral),
        ] {
            let cell = text(cells, column);
            if !matches!(cell.as_bytes(), [] | [b'0'..=b'9']) {
                return rows.damaged(line, name, cell, Wrong::INDICATOR);
            }
        }
        let [nonfacility, facility] =
            columns.not_applicable.map(|column| column.map_or("", |column| text(cells, column)));
        rows.keep(
            line,
            &[
                code.as_str(),
                modifier,
                status,
                text(cells, columns.pctc),
                days,
                text(cells, columns.multiple),
                text(cells, columns.bilateral),
                nonfacility,
                facility,
                self.from.as_ref().map_or("", Day::as_str),
                self.through.as_ref().map_or("", Day::as_str),
            ],
        );
    }
}
