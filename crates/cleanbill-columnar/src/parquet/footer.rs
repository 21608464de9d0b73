//! The end of a Parquet file: what is in it and where.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};

use super::pages::extent;
use crate::guard::guarded;
use crate::problem::{AGAIN, Failure, SMALLER};

/// Bytes of the metadata at the end of a file.
const METADATA: u64 = 64 << 20;
/// Length of the metadata and the magic, at the end of a file.
const TAIL: u64 = 8;
/// The magic at the start of a file.
pub(super) const MAGIC: u64 = 4;

const ENCRYPTED: &str = "the file is encrypted";
const DECRYPT: &str = "decrypt it first, or write the table anew without encryption";

/// What a file says of itself.
pub(super) fn read(mut file: &File, size: u64) -> Result<ParquetMetaData, Failure> {
    let mut start = [0; 4];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut start)?;
    let tail_at = size.checked_sub(TAIL).filter(|at| *at >= MAGIC);
    let tail_at = tail_at.ok_or_else(|| Failure::damaged("the file ends within its start"))?;
    let mut tail = [0; 8];
    file.seek(SeekFrom::Start(tail_at))?;
    file.read_exact(&mut tail)?;
    let [l1, l2, l3, l4, magic @ ..] = tail;
    if &start == b"PARE" || &magic == b"PARE" {
        return Err(Failure::Refused(ENCRYPTED.to_owned(), DECRYPT));
    }
    if &magic != b"PAR1" {
        return Err(Failure::damaged("the file does not end as Parquet does"));
    }
    let length = u64::from(u32::from_le_bytes([l1, l2, l3, l4]));
    if length > METADATA {
        let message =
            format!("the metadata at the end of the file take more than {} MiB", METADATA >> 20);
        return Err(Failure::Refused(message, SMALLER));
    }
    let at = tail_at.checked_sub(length).filter(|at| *at >= MAGIC);
    let at = at.ok_or_else(|| Failure::damaged("the metadata do not fit into the file"))?;
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(length).read_to_end(&mut bytes)?;
    let metadata = guarded(|| ParquetMetaDataReader::decode_metadata(&bytes));
    match metadata {
        Some(Ok(metadata)) => {
            let rows = metadata.row_groups().iter().map(|group| i128::from(group.num_rows()));
            match rows.sum::<i128>() == i128::from(metadata.file_metadata().num_rows()) {
                true => Ok(metadata),
                false => Err(Failure::damaged("the row groups have not the rows of the file")),
            }
        }
        Some(Err(_)) | None => {
            Err(Failure::damaged("the metadata at the end of the file cannot be read"))
        }
    }
}

/// Bytes of each row group that has rows. They follow one another in the file.
pub(super) fn extents(metadata: &ParquetMetaData, end: u64) -> Result<Vec<Range<u64>>, Failure> {
    let mut extents = Vec::new();
    let mut before = MAGIC;
    for group in metadata.row_groups() {
        let extent = extent_of(group).filter(|extent| extent.start >= before && extent.end <= end);
        let extent = extent.ok_or_else(|| {
            let message = "row groups do not follow one another within the file";
            Failure::Refused(message.to_owned(), AGAIN)
        })?;
        before = extent.end;
        extents.push(extent);
    }
    Ok(extents)
}

fn extent_of(group: &RowGroupMetaData) -> Option<Range<u64>> {
    let columns: Option<Vec<(u64, u64)>> = group.columns().iter().map(extent).collect();
    let columns = columns?;
    let start = columns.iter().map(|(start, _)| *start).min()?;
    let end = columns.iter().map(|(_, end)| *end).max()?;
    Some(start..end)
}
