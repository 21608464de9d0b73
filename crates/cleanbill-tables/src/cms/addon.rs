//! Medicare add-on code edits: an add-on code and a primary code that it may go with.
//!
//! Source: `AOC_V2026Q2-MCR.xlsx`: a notice, captions, then edit type, add-on code and its deletion,
//! primary code (`CCCCC`: the contractor defines them) and its deletion, effective and deletion date of
//! the edit, notes; dates are year and day of the year. The text beside it is read where its cells stand behind
//! tabs under the same captions; its positions, should it have any, are not known.

use super::cell::{Cell, caption, text};
use super::day::Day;
use super::layout::Captioned;
use super::report::{Dropped, Rows, Wrong};

/// Stands for primary codes that the contractor defines.
const CONTRACTOR_DEFINED: &str = "CCCCC";

#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    kind: usize,
    addon: usize,
    primary: usize,
    effective: usize,
    /// Deletions of the add-on code, of the primary code and of the edit.
    deletions: [usize; 3],
    notes: Option<usize>,
}

/// Whether the row has the captions of the add-on file.
pub(crate) fn has_captions(cells: &[Cell<'_>]) -> bool {
    Columns::find(cells).is_some()
}

impl Columns {
    fn find(cells: &[Cell<'_>]) -> Option<Self> {
        let captions: Vec<String> = cells.iter().map(|cell| caption(cell.text)).collect();
        let find = |names: &[&str]| captions.iter().position(|text| names.contains(&text.as_str()));
        Some(Self {
            kind: find(&["aocedittype"])?,
            addon: find(&["addoncode"])?,
            primary: find(&["primarycode"])?,
            effective: find(&["aocediteffdt"])?,
            deletions: [
                find(&["aocdeldt"])?,
                find(&["primarycodedeldt"])?,
                find(&["aoceditdeldt"])?,
            ],
            notes: find(&["specialinstructionnotes"]),
        })
    }
}

pub(crate) struct AddOn;

/// A day of this file; `None` where none is given.
fn day(text: &str) -> Result<Option<Day>, Wrong> {
    match text {
        "" | "*" | "0" => Ok(None),
        _ => Day::from_ordinal(text).or_else(|| Day::from_ymd(text)).map(Some).ok_or(Wrong::DAY),
    }
}

impl Captioned for AddOn {
    type Columns = Columns;

    fn columns(cells: &[Cell<'_>]) -> Option<Columns> {
        Columns::find(cells)
    }

    fn row(&self, columns: &Columns, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        let Some(addon) = cells.get(columns.addon).and_then(|cell| cell.code()) else {
            return rows.damaged(line, "add-on code", text(cells, columns.addon), Wrong::CODE);
        };
        let primary = text(cells, columns.primary);
        let code = cells.get(columns.primary).and_then(|cell| cell.code());
        let primary = match &code {
            Some(code) => code.as_str(),
            None if primary == CONTRACTOR_DEFINED => CONTRACTOR_DEFINED,
            None => return rows.damaged(line, "primary code", primary, Wrong::CODE),
        };
        let kind = text(cells, columns.kind);
        if !matches!(kind, "1" | "2" | "3") {
            return rows.damaged(line, "edit type", kind, Wrong::INDICATOR);
        }
        let effective = text(cells, columns.effective);
        let from = match day(effective) {
            Ok(from) => from,
            Err(wrong) => return rows.damaged(line, "effective date", effective, wrong),
        };
        let mut through: Option<Day> = None;
        for column in columns.deletions {
            let deletion = text(cells, column);
            match day(deletion) {
                Ok(None) => {}
                Ok(Some(day)) => through = Some(through.map_or(day, |before| before.min(day))),
                Err(wrong) => return rows.damaged(line, "deletion date", deletion, wrong),
            }
        }
        if through.zip(from).is_some_and(|(through, from)| through < from) {
            return rows.leave_out(Dropped::NeverInForce);
        }
        let notes = columns.notes.map_or("", |column| text(cells, column));
        let shown = |day: &Option<Day>| day.map_or_else(String::new, |day| day.as_str().to_owned());
        rows.keep(line, &[addon.as_str(), primary, kind, &shown(&from), &shown(&through), notes]);
    }
}
