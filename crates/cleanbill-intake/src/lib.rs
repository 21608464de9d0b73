//! Bytes to claims and input errors, every byte accounted for.
//!
//! A [`ClaimReader`] streams one input: it gives every claim that can be read and one error for every
//! claim that cannot, never all or nothing. Memory stays flat whatever the size of the input. The
//! crate knows no edit: it says what a claim is, not whether it is right.

pub mod codes;
mod fhir;
mod findings;
mod format;
mod interchange;
mod json;
mod ledger;
mod lines;
mod problem;
mod reader;
mod remittance;
mod scratch;
mod source;
mod total;
mod unpack;
mod unrecognised;
mod x12;

pub use findings::{FindingsEvent, FindingsReader, RecordedFinding, RecordedService};
pub use format::{FormatChoice, columnar};
pub use interchange::InterchangeKey;
pub use lines::{
    CellFault, ColumnMapping, DeclaredMapping, Field, Holds, LineTable, MappingError, TableColumn,
    TableProblem, TableRow, TableStep,
};
pub use reader::{ClaimReader, Event, InputOptions};
pub use remittance::RemittanceReader;
pub use scratch::Scratch;
pub use unpack::is_compressed;
pub use x12::{Piece, PieceReader};
