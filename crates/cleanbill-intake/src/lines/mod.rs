//! Tables of service lines: CSV with one row a line, whose columns a mapping names.
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
mod reader;
mod record;

pub use field::Field;
pub use mapping::{ColumnMapping, DeclaredMapping, MappingError};

pub(crate) use builtin::told_by;
pub(crate) use reader::LinesReader;
