//! What is kept of a row, in memory and as bytes of a temporary file.

use std::io::{self, Read};

use cleanbill_model::Location;

use super::record::RowPlace;
use super::table::CellFault;

/// What is kept of a row: its place, and the cells that some field needs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) place: RowPlace,
    /// Place among all rows of the table.
    pub(super) ordinal: u64,
    /// Why no claim can be made of it.
    pub(super) broken: Option<Broken>,
    cells: Box<[u8]>,
    ends: Box<[u32]>,
}

/// Why no claim can be made of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    TooLong,
    Width,
    /// The cell at that place among those that are kept.
    Cell(u32, CellFault),
}

/// Bytes of the fixed part of a row in a file.
const HEAD: usize = 8 + 8 + 8 + 4 + 8 + 1 + 4 + 4 + 4;

impl Row {
    pub(super) fn new<'a>(
        place: RowPlace,
        ordinal: u64,
        broken: Option<Broken>,
        cells: impl Iterator<Item = &'a [u8]> + Clone,
    ) -> Self {
        // As much as is needed, so that nothing grows and nothing is copied into a box.
        let (count, size) =
            cells.clone().fold((0, 0), |(count, size), cell| (count + 1, size + cell.len()));
        let (mut bytes, mut ends) = (Vec::with_capacity(size), Vec::with_capacity(count));
        for cell in cells {
            bytes.extend_from_slice(cell);
            ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        }
        Self { place, ordinal, broken, cells: bytes.into(), ends: ends.into() }
    }

    /// The cell at that place among those that are kept.
    pub(super) fn cell(&self, place: usize) -> &[u8] {
        let at = |place: usize| {
            self.ends.get(place).and_then(|end| usize::try_from(*end).ok()).unwrap_or_default()
        };
        let start = place.checked_sub(1).map_or(0, at);
        self.cells.get(start..at(place)).unwrap_or_default()
    }

    /// Bytes of memory.
    pub(super) const fn size(&self) -> usize {
        size_of::<Self>() + self.cells.len() + self.ends.len() * size_of::<u32>()
    }

    /// Forgets all but the place and the first `kept` cells.
    pub(super) fn forget_cells(&mut self, kept: usize) {
        let ends = self.ends.get(..kept).unwrap_or(&self.ends);
        let end = ends.last().and_then(|end| usize::try_from(*end).ok()).unwrap_or_default();
        self.cells = self.cells.get(..end).unwrap_or_default().into();
        self.ends = ends.into();
    }

    /// Appends the row to `out`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let Location { offset, line, segment } = self.place.location;
        let (code, cell) = code_of(self.broken);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes();
        out.extend_from_slice(&self.ordinal.to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&line.to_le_bytes());
        out.extend_from_slice(&segment.to_le_bytes());
        out.extend_from_slice(&self.place.bytes.to_le_bytes());
        out.push(code);
        out.extend_from_slice(&cell.to_le_bytes());
        out.extend_from_slice(&count(self.ends.len()));
        out.extend_from_slice(&count(self.cells.len()));
        for end in &self.ends {
            out.extend_from_slice(&end.to_le_bytes());
        }
        out.extend_from_slice(&self.cells);
    }

    /// Reads a row that [`Row::write`] wrote.
    pub(super) fn read(input: &mut impl Read) -> io::Result<Self> {
        let mut head = [0; HEAD];
        input.read_exact(&mut head)?;
        let mut head = head.as_slice();
        let ordinal = number(&mut head)?;
        let (offset, line) = (number(&mut head)?, number(&mut head)?);
        let segment = short(&mut head)?;
        let bytes = number(&mut head)?;
        let [code] = taken(&mut head)?;
        let cell = short(&mut head)?;
        let (count, size) = (short(&mut head)?, short(&mut head)?);
        let ends: io::Result<Vec<u32>> = (0..count).map(|_| short(input)).collect();
        let mut cells = vec![0; usize::try_from(size).map_err(io::Error::other)?];
        input.read_exact(&mut cells)?;
        let location = Location { offset, line, segment };
        let broken = broken_of(code, cell);
        let too_long = broken == Some(Broken::TooLong);
        let place = RowPlace { location, bytes, too_long };
        Ok(Self { place, ordinal, broken, cells: cells.into(), ends: ends?.into() })
    }
}

/// Reads eight bytes.
pub(super) fn number(input: &mut impl Read) -> io::Result<u64> {
    taken(input).map(u64::from_le_bytes)
}

/// Reads four bytes.
pub(super) fn short(input: &mut impl Read) -> io::Result<u32> {
    taken(input).map(u32::from_le_bytes)
}

fn taken<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

const FAULTS: [CellFault; 4] =
    [CellFault::Moment, CellFault::Day, CellFault::Inexact, CellFault::TooLong];

fn code_of(broken: Option<Broken>) -> (u8, u32) {
    match broken {
        None => (0, 0),
        Some(Broken::TooLong) => (1, 0),
        Some(Broken::Width) => (2, 0),
        Some(Broken::Cell(place, fault)) => {
            let at = (3..).zip(FAULTS).find(|(_, known)| *known == fault);
            (at.map_or(3, |(code, _)| code), place)
        }
    }
}

fn broken_of(code: u8, cell: u32) -> Option<Broken> {
    match code {
        0 => None,
        1 => Some(Broken::TooLong),
        2 => Some(Broken::Width),
        other => {
            let fault = FAULTS.get(usize::from(other).saturating_sub(3));
            Some(Broken::Cell(cell, fault.copied().unwrap_or(CellFault::TooLong)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_was_written() {
        let location = Location { offset: 1 << 40, line: 7, segment: 3 };
        for broken in [
            None,
            Some(Broken::TooLong),
            Some(Broken::Width),
            Some(Broken::Cell(5, CellFault::Moment)),
            Some(Broken::Cell(6, CellFault::TooLong)),
        ] {
            let too_long = broken == Some(Broken::TooLong);
            let place = RowPlace { location, bytes: 99, too_long };
            let row = Row::new(place, 42, broken, [&b"one"[..], b"", b"three"].into_iter());
            let mut bytes = Vec::new();
            row.write(&mut bytes);
            assert_eq!(Row::read(&mut bytes.as_slice()).unwrap(), row);
            for cut in 0..bytes.len() {
                assert!(Row::read(&mut &bytes[..cut]).is_err(), "{cut}");
            }
        }
    }
}
