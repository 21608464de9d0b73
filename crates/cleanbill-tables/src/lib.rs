//! Reference tables of claim edits: rows in, compiled tables out, looked up by code and date of service.

pub mod cms;
mod csv_file;
mod diff;
mod row;

pub use csv_file::{CsvSink, Written};
pub use diff::{Compare, DiffError, Difference, Differences, Fate, diff};
pub use row::RowSink;
