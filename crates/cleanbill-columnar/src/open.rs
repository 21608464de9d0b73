//! An input opened as what its first bytes show.

use std::fs::File;
use std::io::{self, Cursor, Read};

use cleanbill_intake::{ClaimReader, FormatChoice, InputOptions, LineTable, columnar};

use cleanbill_model::Location;

use crate::arrow::ArrowTable;
use crate::parquet::ParquetTable;

/// Bytes that tell a columnar file.
const LOOKED_AT: u64 = 8;

/// An input whose first bytes were looked at.
#[derive(Debug)]
pub struct Seen<R> {
    start: Cursor<Vec<u8>>,
    input: R,
}

impl<R: Read> Read for Seen<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.start.read(buffer)? {
            // Also where nothing is wanted: the input may have to say that it is to stop.
            0 => self.input.read(buffer),
            count => Ok(count),
        }
    }
}

/// Opens an input: a columnar file is read here, all else as [`ClaimReader::open`] does.
///
/// `file` is the same file where it is a regular one: a columnar file is read from its end. Anything else is
/// first copied into room on disk, which `options` must have.
///
/// # Errors
/// Only when the input cannot be read from, or the room on disk is full.
pub fn open<R: Read>(
    mut input: R,
    file: Option<File>,
    options: &InputOptions,
    first_ordinal: u64,
) -> io::Result<ClaimReader<Seen<R>>> {
    let mut start = Vec::new();
    input.by_ref().take(LOOKED_AT).read_to_end(&mut start)?;
    let forced = options.format;
    let format = columnar(&start).filter(|seen| forced.is_none_or(|forced| forced == *seen));
    let (Some(format), true) = (format, file.is_some() || options.scratch.is_some()) else {
        let input = Seen { start: Cursor::new(start), input };
        return ClaimReader::open(input, options, first_ordinal);
    };
    let file = match (file, options.scratch) {
        (None, Some(scratch)) => scratch.copy(&mut Cursor::new(start).chain(input.by_ref()))?,
        (file, _) => file.ok_or(io::ErrorKind::InvalidInput)?,
    };
    let size = file.metadata()?.len();
    let opened = match format {
        FormatChoice::Parquet => {
            ParquetTable::open(file, size).map(|table| -> Box<dyn LineTable> { Box::new(table) })
        }
        _ => ArrowTable::open(file, size).map(|table| -> Box<dyn LineTable> { Box::new(table) }),
    };
    let table = match opened {
        Ok(table) => Ok(table),
        Err(failure) => Err(failure.told(Location::default(), 0..size)?),
    };
    // Nothing more is read from the input itself; it is asked whether the run goes on.
    let input = Seen { start: Cursor::default(), input };
    Ok(ClaimReader::of_table(table, format, input, options, first_ordinal))
}
