//! Reference tables of claim edits: rows in, compiled tables out, looked up by code and date of service.

mod row;

pub use row::RowSink;
