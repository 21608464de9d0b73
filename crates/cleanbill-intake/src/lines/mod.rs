//! Tables of service lines: one row a line, in columns that a mapping names. Rows of CSV are read here, those of
//! columnar files by whoever hands a [`LineTable`] in.
//!
//! The rows of a claim need not stand together: they are kept and grouped, claims in the order of their first
//! rows, as long as what is kept of them fits into a fixed room. A larger file is read on row by row, and
//! then the rows of a claim must stand together; a claim that comes back is told and never judged twice.

mod builtin;
mod convert;
mod field;
mod groups;
mod header;
mod mapping;
mod other_payer;
mod reader;
mod record;
mod row;
mod spill;
mod table;

pub use field::Field;
pub use mapping::{ColumnMapping, DeclaredMapping, MappingError};
pub use table::{CellFault, Holds, LineTable, TableColumn, TableProblem, TableRow, TableStep};

pub(crate) use builtin::{told_by, told_by_names};
pub(crate) use groups::Overflow;
pub(crate) use reader::LinesReader;
