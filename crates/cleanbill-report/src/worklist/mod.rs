//! Worklists: one row for each finding, fault and input error, as CSV for programs and as a workbook
//! for the people who work them off.

mod csv;
mod row;
mod sheet;
mod xlsx;

pub use self::csv::CsvReport;
pub(crate) use self::csv::csv_error;
pub(crate) use row::inert;
pub use xlsx::XlsxReport;
