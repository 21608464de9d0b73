//! Parquet: row groups in their order, the needed columns of each, a batch of rows at a time.

mod footer;
mod pages;
mod table;

pub(crate) use table::ParquetTable;
