//! What is wrong, apart from who says so: two edits that name one defect have found the same thing.

use crate::code::{PlaceOfService, ProcedureCode};
use crate::date::ServiceDate;
use crate::line_ref::LineRef;
use crate::modifier::Modifier;

/// What is wrong on the line of a finding. Two findings on one line with equal defects, of edits of
/// different packs, are one finding with two authorities.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// Two procedures that are not both payable.
    Pair {
        /// The payable code and its line.
        one: (ProcedureCode, LineRef),
        /// The denied code and its line.
        two: (ProcedureCode, LineRef),
        /// The day that they share.
        day: ServiceDate,
    },
    /// More units than are payable.
    Units {
        /// The code.
        code: ProcedureCode,
        /// The day on which they are counted.
        day: ServiceDate,
        /// The lines that are counted, sorted.
        lines: Vec<LineRef>,
    },
    /// An add-on code without its primary procedure.
    AddOn(ProcedureCode),
    /// A code that does not exist on the date of service.
    Life(ProcedureCode),
    /// A modifier that does not go with the code.
    Modifier(ProcedureCode, Modifier),
    /// A code at a place where it is not payable.
    Place(ProcedureCode, PlaceOfService),
}
