//! One row after another out of the window over the input, with its place.

use std::io::{self, Read};

use cleanbill_model::Location;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::table::ROW_LIMIT;
use crate::source::{Source, size};

/// Reads rows. The cells of the last one are kept until the next.
#[derive(Debug)]
pub(super) struct Records {
    parser: Reader,
    cells: Vec<u8>,
    ends: Vec<usize>,
    used: usize,
    count: usize,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowPlace {
    pub(super) location: Location,
    /// Its bytes, with the end of its line and empty lines before it.
    pub(super) bytes: u64,
    /// It was longer than the limit, and none of it is kept.
    pub(super) too_long: bool,
}

impl RowPlace {
    /// Whether `next` starts where this ends.
    pub(super) const fn touches(&self, next: &Self) -> bool {
        self.location.offset + self.bytes == next.location.offset
    }
}

impl Records {
    pub(super) fn new(separator: u8) -> Self {
        Self {
            parser: ReaderBuilder::new().delimiter(separator).build(),
            cells: vec![0; 4096],
            ends: vec![0; 64],
            used: 0,
            count: 0,
        }
    }

    /// Reads the next row; `None` at the end.
    pub(super) fn read<R: Read>(&mut self, source: &mut Source<R>) -> io::Result<Option<RowPlace>> {
        let white = source.skip_line_ends()?;
        let location = Location { offset: source.offset(), line: source.line(), segment: 0 };
        let (mut bytes, mut too_long) = (white, false);
        (self.used, self.count) = (0, 0);
        loop {
            let input = source.unread();
            let cells = self.cells.get_mut(self.used..).unwrap_or_default();
            let ends = self.ends.get_mut(self.count..).unwrap_or_default();
            let (result, read, written, ended) = self.parser.read_record(input, cells, ends);
            bytes += size(read);
            source.consume(read);
            self.used += written;
            self.count += ended;
            match result {
                ReadRecordResult::InputEmpty => {
                    // At the end an empty input tells the parser so.
                    source.fill()?;
                }
                ReadRecordResult::OutputFull if self.cells.len() >= ROW_LIMIT => {
                    too_long = true;
                    (self.used, self.count) = (0, 0);
                }
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    bytes += source.skip_line_ends()?;
                    return Ok(Some(RowPlace { location, bytes, too_long }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Number of cells of the last row.
    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// A cell of the last row, without white space around it.
    pub(super) fn cell(&self, place: usize) -> &[u8] {
        let start = match place.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        let end = self.ends.get(place).copied().unwrap_or_default();
        let known = place < self.count;
        self.cells.get(start..end).filter(|_| known).unwrap_or_default().trim_ascii()
    }
}
