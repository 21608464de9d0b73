//! Reference tables of claim edits: rows in, compiled tables out, looked up by code and date of service.
//!
//! A [`TableBuilder`] takes rows and makes a [`Table`] of them, [`read_csv`] does so with a CSV file, and
//! `open_csv` keeps what it made beside the file. The bytes of a table in memory are those of its file.

mod blocks;
mod build;
mod bytes;
#[cfg(not(target_family = "wasm"))]
mod cache;
pub mod cms;
mod delimited;
mod diff;
mod digest;
mod history;
mod intern;
mod layout;
#[cfg(not(target_family = "wasm"))]
mod map;
mod row;
mod table;

pub use build::{BuildError, TableBuilder};
#[cfg(not(target_family = "wasm"))]
pub use cache::{CACHE_FOLDER, CACHED_FROM, open_csv};
pub use delimited::{CsvError, read_csv};
pub use diff::{Compare, DiffError, Difference, Differences, Fate, diff};
pub use digest::SourceMark;
pub use history::{HistoryError, history};
pub use layout::OpenError;
pub use row::RowSink;
pub use table::{AUTHORITY, Column, EDITION, ORDERED_DAYS, Table};
