//! Reference tables of claim edits: rows in, compiled tables out, looked up by code and date of service.

pub mod cms;
mod row;

pub use row::RowSink;
