//! What pages take once they are unpacked, read from their headers before any is: a page of a few bytes may say
//! that it unpacks to gigabytes, and the decoder believes it.
//!
//! A header is a struct in the compact protocol of Thrift. Only the sizes in it are read; all else is passed over.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use crate::problem::{Failure, SMALLER};

/// Bytes that a page may have once it is unpacked.
const PAGE: u64 = 128 << 20;
/// Bytes that the largest pages of all needed columns may have together.
const PAGES: u64 = 512 << 20;
/// Bytes that a batch may have, as far as its rows share the size of their pages evenly.
const BATCH: u64 = 64 << 20;
/// Rows of a batch at the most.
const ROWS: u64 = 4096;
/// Bytes of a page header, of which statistics may take the most.
const HEADER: usize = 1 << 20;

/// Rows that a batch of these columns of a row group may have.
pub(super) fn batch_rows(
    file: &File,
    group: &RowGroupMetaData,
    columns: &[usize],
) -> Result<usize, Failure> {
    let (mut largest, mut row) = (0_u64, 0_u64);
    for column in columns {
        let chunk =
            group.columns().get(*column).ok_or_else(|| Failure::damaged("a column is missing"))?;
        refuse_unknown(chunk.compression())?;
        let (page, value) = measure(file, chunk)?;
        largest = largest.saturating_add(page);
        row = row.saturating_add(value);
    }
    if largest > PAGES {
        let message =
            format!("the pages of the needed columns take more than {} MiB at a time", PAGES >> 20);
        return Err(Failure::Refused(message, SMALLER));
    }
    Ok(usize::try_from((BATCH / row.max(1)).clamp(1, ROWS)).unwrap_or(1))
}

/// What pages are packed with must be known.
fn refuse_unknown(packed: Compression) -> Result<(), Failure> {
    let (name, known) = match packed {
        Compression::UNCOMPRESSED
        | Compression::SNAPPY
        | Compression::GZIP(_)
        | Compression::ZSTD(_)
        | Compression::LZ4
        | Compression::LZ4_RAW => ("", true),
        Compression::BROTLI(_) => ("brotli", false),
        Compression::LZO => ("LZO", false),
    };
    match known {
        true => Ok(()),
        false => {
            let message = format!("pages are packed with {name}, which is not read");
            Err(Failure::Refused(message, "write the table anew with zstd or snappy"))
        }
    }
}

/// Where the pages of a column chunk stand.
pub(super) fn extent(chunk: &ColumnChunkMetaData) -> Option<(u64, u64)> {
    let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
    let start = u64::try_from(start).ok()?;
    let length = u64::try_from(chunk.compressed_size()).ok()?;
    Some((start, start.checked_add(length)?))
}

/// Bytes of the largest page and of the largest value, both unpacked.
fn measure(file: &File, chunk: &ColumnChunkMetaData) -> Result<(u64, u64), Failure> {
    let damaged = || Failure::damaged("the header of a page cannot be read");
    let (mut at, end) = extent(chunk).ok_or_else(damaged)?;
    let (mut largest, mut value) = (0, 0);
    let mut start = Vec::new();
    while at < end {
        let header = loop {
            let wanted = if start.is_empty() { 512 } else { HEADER };
            start.clear();
            let mut reader = file;
            reader.seek(SeekFrom::Start(at))?;
            reader
                .take(wanted.try_into().unwrap_or(u64::MAX).min(end - at))
                .read_to_end(&mut start)?;
            let mut bytes = Bytes { left: &start };
            match bytes.header() {
                Some(header) => break (header, start.len() - bytes.left.len()),
                None if wanted == HEADER => return Err(damaged()),
                None => {}
            }
        };
        start.clear();
        let (Header { unpacked, packed, values, is_data }, length) = header;
        if unpacked > PAGE {
            let message = format!("a page takes more than {} MiB once it is unpacked", PAGE >> 20);
            return Err(Failure::Refused(message, SMALLER));
        }
        at += u64::try_from(length).unwrap_or(u64::MAX);
        at = at.checked_add(packed).filter(|at| *at <= end).ok_or_else(damaged)?;
        largest = largest.max(unpacked);
        if is_data {
            value = value.max(unpacked / values.max(1));
        }
    }
    Ok((largest, value))
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Header {
    unpacked: u64,
    packed: u64,
    values: u64,
    is_data: bool,
}

/// Reads the compact protocol.
struct Bytes<'a> {
    left: &'a [u8],
}

/// Structs within structs that are passed over.
const DEPTH: u8 = 8;

impl Bytes<'_> {
    /// `PageHeader` of the format: its fields 2 and 3 are the sizes, 5 and 8 the headers of data pages.
    fn header(&mut self) -> Option<Header> {
        let mut header = Header::default();
        let (mut id, mut sizes) = (0, 0);
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (2, I32) => header.unpacked = self.size()?,
                (3, I32) => header.packed = self.size()?,
                (5 | 8, STRUCT) => {
                    header.is_data = true;
                    header.values = self.values()?;
                }
                _ => self.skip(kind, DEPTH)?,
            }
            sizes += u8::from(matches!(id, 2 | 3));
        }
        (sizes == 2).then_some(header)
    }

    /// `num_values`, the first field of the header of a data page.
    fn values(&mut self) -> Option<u64> {
        let (mut id, mut values) = (0, 0);
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (1, I32) => values = self.size()?,
                _ => self.skip(kind, DEPTH)?,
            }
        }
        Some(values)
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.left.split_first()?;
        self.left = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A size: zigzag, and not less than nothing.
    fn size(&mut self) -> Option<u64> {
        let value = self.varint()?;
        (value & 1 == 0).then_some(value >> 1)
    }

    /// The type of the next field, and its number; `None` at the end of the struct.
    fn field(&mut self, id: &mut u64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        *id = match byte >> 4 {
            0 => self.size()?,
            step => id.checked_add(u64::from(step))?,
        };
        Some(Some(byte & 0x0f))
    }

    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            1 | 2 => {}
            3 => drop(self.byte()?),
            4..=6 => drop(self.varint()?),
            7 => self.pass(8)?,
            8 => {
                let length = self.varint()?;
                self.pass(length)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.varint()?,
                    count => u64::from(count),
                };
                for _ in 0..count {
                    // In a list yes and no take a byte each.
                    match head & 0x0f {
                        1 | 2 => drop(self.byte()?),
                        kind => self.skip(kind, depth)?,
                    }
                }
            }
            STRUCT => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        self.left = self.left.get(usize::try_from(count).ok()?..)?;
        Some(())
    }
}

const I32: u8 = 5;
const STRUCT: u8 = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_in_a_header_are_read_and_all_else_is_passed_over() {
        // type 0, sizes 1000 and 300, a checksum, a data page of 64 values with statistics, an unknown field 20.
        let header = [
            0x15, 0x00, 0x15, 0xd0, 0x0f, 0x15, 0xd8, 0x04, 0x15, 0x01, 0x1c, 0x15, 0x80, 0x01,
            0x15, 0x00, 0x1c, 0x18, 0x02, b'a', b'b', 0x00, 0x00, 0xf9, 0x35, 0x02, 0x04, 0x06,
            0x00,
        ];
        let mut bytes = Bytes { left: &header };
        let wanted = Header { unpacked: 1000, packed: 300, values: 64, is_data: true };
        assert_eq!(bytes.header(), Some(wanted));
        assert!(bytes.left.is_empty());
        for cut in 0..header.len() {
            assert_eq!(Bytes { left: &header[..cut] }.header(), None, "{cut}");
        }
        assert_eq!(Bytes { left: &[0x15, 0x00, 0x00] }.header(), None, "no sizes");
        assert_eq!(
            Bytes { left: &[0x15, 0x00, 0x15, 0x01, 0x15, 0x00, 0x00] }.header(),
            None,
            "less than nothing"
        );
        let deep = [0x1c; 64];
        assert_eq!(Bytes { left: &deep }.header(), None);
    }
}
