//! HCPCS level II codes: the days on which each came and went.
//!
//! Source: `HCPC2026_JUL_ANWEB.txt`, positions as in the record layout beside it: code 1 to 5, kind of
//! record 11 (3 a code, 4 its description going on, 7 and 8 modifiers), added 269 to 276, ended 285 to 292,
//! action code 293; the last day counts. In the workbook columns are found by their names (unverified
//! layout: described, not seen). Descriptions are not stored.

use super::cell::{Cell, by_position, caption, text};
use super::day::Day;
use super::layout::Layout;
use super::report::{Dropped, Rows, Wrong};

#[derive(Clone, Copy, Debug)]
struct Columns {
    code: usize,
    record: Option<usize>,
    added: usize,
    ended: usize,
    action: usize,
}

impl Columns {
    fn find(cells: &[Cell<'_>]) -> Option<Self> {
        let captions: Vec<String> = cells.iter().map(|cell| caption(cell.text)).collect();
        let find = |names: &[&str]| captions.iter().position(|text| names.contains(&text.as_str()));
        Some(Self {
            code: find(&["hcpc", "hcpcs", "hcpcscode"])?,
            record: find(&["recid", "recordid"]),
            added: find(&["adddt", "adddate", "codeaddeddate"])?,
            ended: find(&["termdt", "terminationdate", "termdate"])?,
            action: find(&["actioncd", "actioncode"])?,
        })
    }
}

/// Whether the row has the captions of the workbook.
pub(crate) fn has_captions(cells: &[Cell<'_>]) -> bool {
    Columns::find(cells).is_some()
}

/// Whether a file with such a line is the fixed-width file: a code or modifier, added on some day.
pub(crate) fn is_first_record(line: &str) -> bool {
    let added: String = line.chars().skip(268).take(8).collect();
    is_record(line) && line.get(10..11) != Some("4") && Day::from_ymd(&added).is_some()
}

/// Whether the line is a record of the fixed-width file.
fn is_record(line: &str) -> bool {
    let is_code = |code: &str| {
        code.trim_ascii_end().len() >= 2
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
    };
    line.get(..5).is_some_and(is_code)
        && line.get(5..10).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        && line.get(10..11).is_some_and(|record| matches!(record, "3" | "4" | "7" | "8"))
}

#[derive(Default)]
pub(crate) struct Hcpcs {
    columns: Option<Columns>,
}

impl Layout for Hcpcs {
    fn row(&mut self, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        if let [record] = cells {
            return fixed(line, record.text, rows);
        }
        let Some(columns) = self.columns else {
            self.columns = Columns::find(cells);
            return;
        };
        if cells.iter().all(|cell| cell.text.is_empty()) {
            return;
        }
        let record = columns.record.map_or("3", |column| text(cells, column));
        let at = |column| cells.get(column).copied().unwrap_or_default();
        let of = [columns.code, columns.added, columns.ended, columns.action].map(at);
        keep(line, record, of, rows);
    }
}

fn fixed(line: u64, record: &str, rows: &mut Rows<'_>) {
    if record.is_empty() {
        return;
    }
    if !is_record(record) {
        let start: String = record.chars().take(11).collect();
        return rows.damaged(line, "positions 1 to 11", &start, Wrong::WIDTH);
    }
    // Blanks at the end of a line may be cut off.
    let record = by_position(record);
    let piece = |from: usize, to: usize| {
        Cell::text(record.get(from..to.min(record.len())).unwrap_or_default())
    };
    let kind = piece(10, 11).text;
    keep(line, kind, [piece(0, 5), piece(268, 276), piece(284, 292), piece(292, 293)], rows);
}

fn keep(line: u64, record: &str, [code, added, ended, action]: [Cell<'_>; 4], rows: &mut Rows<'_>) {
    if record != "3" {
        return rows.leave_out(Dropped::OtherRecord);
    }
    let Some(name) = code.code() else { return rows.damaged(line, "code", code.text, Wrong::CODE) };
    let mut days = [None, None];
    for (day, (column, cell)) in days.iter_mut().zip([("date added", added), ("date ended", ended)])
    {
        *day = match cell.text {
            "" => None,
            text => match Day::from_ymd(text) {
                Some(day) => Some(day),
                None => return rows.damaged(line, column, text, Wrong::DAY),
            },
        };
    }
    if let [Some(from), Some(through)] = days
        && through < from
    {
        return rows.leave_out(Dropped::NeverInForce);
    }
    let [from, through] =
        days.map(|day| day.map_or_else(String::new, |day| day.as_str().to_owned()));
    rows.keep(line, &[name.as_str(), &from, &through, action.text]);
}
