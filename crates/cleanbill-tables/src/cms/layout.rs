//! What the readers of all layouts have in common.

use super::cell::Cell;
use super::day::Day;
use super::kind::{Family, Kind};
use super::report::Rows;
use super::{addon, coverage, fee_schedule, hcpcs, icd10cm, keyed, mue, ptp};

/// Reads the rows of one table, file by file.
pub(crate) trait Layout {
    /// One row of the file, from its first line on: notices and captions come here too. Fixed-width
    /// layouts get the line as one cell.
    fn row(&mut self, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>);

    /// A file is read to its end; gives back the first and the last key of it where rows are sorted.
    fn end_of_file(&mut self, _rows: &mut Rows<'_>) -> Option<(String, String)> {
        None
    }
}

/// A layout whose rows stand behind a row of captions.
pub(crate) trait Captioned {
    /// Where its columns are.
    type Columns;

    /// The columns, if that row has the captions.
    fn columns(cells: &[Cell<'_>]) -> Option<Self::Columns>;

    /// One row behind them that is not empty.
    fn row(&self, columns: &Self::Columns, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>);
}

/// Looks for the captions, then gives the rows on.
struct Behind<L: Captioned> {
    layout: L,
    columns: Option<L::Columns>,
}

impl<L: Captioned> Layout for Behind<L> {
    fn row(&mut self, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        let Some(columns) = &self.columns else {
            self.columns = L::columns(cells);
            return;
        };
        if cells.iter().any(|cell| !cell.text.is_empty()) {
            self.layout.row(columns, line, cells, rows);
        }
    }
}

fn behind<L: Captioned + 'static>(layout: L) -> Box<dyn Layout> {
    Box::new(Behind { layout, columns: None })
}

/// What a layout cannot see in the rows.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) kind: Kind,
    /// First and last day of the edition, for rows that have no dates of their own.
    pub(crate) from: Option<Day>,
    pub(crate) through: Option<Day>,
    /// The policy in the name of the file, such as `L35751`.
    pub(crate) policy: Option<String>,
}

/// The reader of a kind of table.
pub(crate) fn layout(given: &Given) -> Box<dyn Layout> {
    match given.kind.family() {
        Family::Ptp => Box::new(ptp::Ptp::new(given.kind.is_medicaid())),
        Family::Mue => behind(mue::Mue::new(given)),
        Family::AddOn => behind(addon::AddOn),
        Family::FeeSchedule => Box::new(fee_schedule::FeeSchedule::new(given)),
        Family::Icd10Cm => Box::new(icd10cm::Icd10Cm::new(given)),
        Family::Hcpcs => Box::new(hcpcs::Hcpcs::default()),
        Family::Coverage => behind(coverage::Coverage::new(given)),
        Family::Keyed => behind(keyed::Keyed),
    }
}
