//! Medically unlikely edits: the most units of a code, and whether they count by line or by day.
//!
//! Source: `MCR_MUE_PractitionerServices_Eff_07-01-2026.csv` and its siblings: a notice over several
//! lines, captions, then code, value, indicator with its words (`3 Date of Service Edit: Clinical`) and
//! rationale. Rows have no dates; the file's name has. Medicaid files have no indicator and count by
//! claim line (unverified layout: described, not seen).

use super::cell::{Cell, caption, text};
use super::day::Day;
use super::kind::Setting;
use super::layout::{Captioned, Given};
use super::report::{Rows, Wrong};

/// Where the columns are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    code: usize,
    value: usize,
    indicator: Option<usize>,
    rationale: Option<usize>,
    /// The setting that the caption of the values names.
    pub(crate) setting: Option<Setting>,
}

impl Columns {
    /// The columns, if that row has their captions.
    pub(crate) fn find(cells: &[Cell<'_>]) -> Option<Self> {
        let captions: Vec<String> = cells.iter().map(|cell| caption(cell.text)).collect();
        let find = |fits: &dyn Fn(&str) -> bool| captions.iter().position(|text| fits(text));
        let value = find(&|text| text.contains("muevalue"))?;
        let named = captions.get(value)?;
        let setting = if named.contains("practitioner") {
            Some(Setting::Practitioner)
        } else if named.contains("hospital") {
            Some(Setting::Hospital)
        } else if named.contains("dme") || named.contains("durable") {
            Some(Setting::Dme)
        } else {
            None
        };
        Some(Self {
            code: find(&|text| text.starts_with("hcpcs") || text == "code" || text == "cptcode")?,
            value,
            indicator: find(&|text| text.contains("adjudicationindicator") || text == "mai"),
            rationale: find(&|text| text.contains("rationale")),
            setting,
        })
    }

    pub(crate) const fn has_indicator(self) -> bool {
        self.indicator.is_some()
    }
}

pub(crate) struct Mue {
    from: Option<Day>,
    is_medicaid: bool,
}

impl Mue {
    pub(crate) const fn new(given: &Given) -> Self {
        Self { from: given.from, is_medicaid: given.kind.is_medicaid() }
    }
}

impl Captioned for Mue {
    type Columns = Columns;

    fn columns(cells: &[Cell<'_>]) -> Option<Columns> {
        Columns::find(cells)
    }

    fn row(&self, columns: &Columns, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        let Some(code) = cells.get(columns.code).and_then(|cell| cell.code()) else {
            return rows.damaged(line, "code", text(cells, columns.code), Wrong::CODE);
        };
        let value = text(cells, columns.value);
        if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) || value.len() > 7 {
            return rows.damaged(line, "MUE value", value, Wrong::NUMBER);
        }
        let mai = match columns.indicator.map(|column| text(cells, column)) {
            None => "",
            Some(indicator) => match indicator.split_once(' ').map_or(indicator, |(mai, _)| mai) {
                mai @ ("1" | "2" | "3") => mai,
                "" if self.is_medicaid => "",
                _ => return rows.damaged(line, "indicator", indicator, Wrong::INDICATOR),
            },
        };
        let rationale = columns.rationale.map_or("", |column| text(cells, column));
        let from = self.from.as_ref().map_or("", Day::as_str);
        rows.keep(line, &[code.as_str(), value, mai, rationale, from, ""]);
    }
}
