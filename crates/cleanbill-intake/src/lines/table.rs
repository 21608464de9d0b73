//! Tables of service lines whose rows another crate reads: what such a reader gives.
//!
//! A columnar file has no text of its rows. Its reader gives each cell as the text that a CSV file would hold, so
//! that one mapping, one grouping and one set of checks serve both.

use std::fmt::Debug;
use std::io;
use std::ops::Range;

use cleanbill_model::Location;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// What its cells hold.
    pub holds: Holds,
}

/// What the cells of a column hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Text, or numbers as text.
    Text,
    /// Days, each as `2026-03-02` whatever the mapping says of days.
    Days,
    /// Something of which no cell can be made: what it is, as in `a list`.
    Unread(String),
}

/// Why a cell cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// A moment on the clock of a time zone, which may be another day elsewhere.
    Moment,
    /// A day outside of the calendar.
    Day,
    /// A floating-point number of 2^53 or more, or none at all: its last digits are not known.
    Inexact,
    /// More bytes than a row may have.
    TooLong,
}

impl CellFault {
    /// What is said of the column.
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Moment => {
                "holds a moment in UTC that is not midnight, so the day where the service was is not known"
            }
            Self::Day => "holds a day that the calendar does not have",
            Self::Inexact => "holds a floating-point number whose last digits are not known",
            Self::TooLong => "holds more than 1 MiB",
        }
    }
}

/// The cells of one row, in the order in which its columns were selected. Used again for each row.
#[derive(Debug, Default)]
pub struct TableRow {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    pub(crate) fault: Option<(usize, CellFault)>,
}

/// A row with more bytes than this is not kept.
pub(crate) const ROW_LIMIT: usize = 1 << 20;

impl TableRow {
    /// Makes room for the next row.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.fault = None;
    }

    /// Adds a cell whose text `write` appends; nothing is an empty cell.
    ///
    /// What cannot be a cell is told by `write`, and costs the claim of the row.
    pub fn push(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), CellFault>) {
        let start = self.bytes.len();
        let mut written = write(&mut self.bytes);
        if self.bytes.len() > ROW_LIMIT {
            written = Err(CellFault::TooLong);
        }
        if let Err(fault) = written {
            self.bytes.truncate(start);
            self.fault.get_or_insert((self.ends.len(), fault));
        }
        self.ends.push(self.bytes.len());
    }

    /// Number of cells.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell at that place, without white space around it.
    #[must_use]
    pub fn cell(&self, place: usize) -> &[u8] {
        let end = |place: usize| self.ends.get(place).copied();
        let start = place.checked_sub(1).and_then(end).unwrap_or_default();
        let cell = end(place).and_then(|end| self.bytes.get(start..end));
        cell.unwrap_or_default().trim_ascii()
    }
}

/// What comes next in a table.
#[derive(Debug)]
pub enum TableStep {
    /// A row; its cells are in the value that the caller handed in.
    Row {
        /// Where it stands: `line` is the number of the row in the file, `segment` that of its row group, both from 1.
        location: Location,
        /// Its share of the bytes of its row group. Shares do not overlap and add up.
        bytes: u64,
    },
    /// Bytes that hold no row: what the format keeps of itself.
    Envelope(u64),
    /// Nothing behind this place can be read.
    Damaged(TableProblem),
    /// All rows were given and all bytes told.
    End,
}

/// Why a table, or what is left of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableProblem {
    /// What is wrong, without any value of the file.
    pub message: String,
    /// What to do about it.
    pub fix: String,
    /// Where.
    pub location: Location,
    /// Bytes that nothing was read of.
    pub lost: Range<u64>,
}

/// Reads the rows of one table in their order.
pub trait LineTable: Debug + Send {
    /// Its columns.
    fn columns(&self) -> &[TableColumn];

    /// Says which columns are needed, by their places in [`LineTable::columns`]; called once, before the first row.
    fn select(&mut self, columns: &[usize]);

    /// Reads on.
    ///
    /// # Errors
    /// Only when the file cannot be read from.
    fn next(&mut self, row: &mut TableRow) -> io::Result<TableStep>;

    /// Bytes of the file.
    fn size(&self) -> u64;
}
