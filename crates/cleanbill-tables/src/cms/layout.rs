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
        Family::Mue => Box::new(mue::Mue::new(given)),
        Family::AddOn => Box::new(addon::AddOn::default()),
        Family::FeeSchedule => Box::new(fee_schedule::FeeSchedule::new(given)),
        Family::Icd10Cm => Box::new(icd10cm::Icd10Cm::new(given)),
        Family::Hcpcs => Box::new(hcpcs::Hcpcs::default()),
        Family::Coverage => Box::new(coverage::Coverage::new(given)),
        Family::Keyed => Box::new(keyed::Keyed::default()),
    }
}
