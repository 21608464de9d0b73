//! Why a columnar file, or what is left of it, cannot be read.

use std::io;
use std::ops::Range;

use cleanbill_intake::TableProblem;
use cleanbill_model::Location;

/// A failure before it has its place.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The file cannot be read from.
    Io(io::Error),
    /// It is not what it should be: what is wrong, and what to do.
    Refused(String, &'static str),
}

pub(crate) const AGAIN: &str = "get the whole file again, or write it anew";
pub(crate) const SMALLER: &str = "write the table anew with smaller pages, row groups or batches";

impl Failure {
    pub(crate) fn damaged(what: &str) -> Self {
        Self::Refused(format!("{what}: the file is damaged or was cut short"), AGAIN)
    }

    /// An error of a decoder, without its words: they could quote a value.
    pub(crate) fn of(what: &str, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut source = Some(error);
        while let Some(error) = source {
            match error.downcast_ref::<io::Error>() {
                Some(io) if !is_wrong_place(io) => {
                    return Self::Io(io::Error::new(io.kind(), io.to_string()));
                }
                _ => source = error.source(),
            }
        }
        Self::damaged(what)
    }

    /// The step that tells it, or the error of the system.
    pub(crate) fn told(self, location: Location, lost: Range<u64>) -> io::Result<TableProblem> {
        match self {
            Self::Io(error) => Err(error),
            Self::Refused(message, fix) => {
                Ok(TableProblem { message, fix: fix.to_owned(), location, lost })
            }
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match is_wrong_place(&error) {
            true => Self::damaged("the file ends too early"),
            false => Self::Io(error),
        }
    }
}

/// Whether it was the file that named a place where it has nothing.
fn is_wrong_place(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | InvalidInput | InvalidData)
}
