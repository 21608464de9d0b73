//! X12 837P, version 5010.

mod claim;
mod envelope;
mod guide;
mod header;
mod layout;
mod line;
mod machine;
mod reader;
mod segment;
mod separators;
mod tape;
mod value;

pub(crate) use reader::X12Reader;
