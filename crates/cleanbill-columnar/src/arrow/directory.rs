//! The end of an Arrow file: its schema, and where its messages start.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use arrow_ipc::convert::fb_to_schema;
use arrow_ipc::{Endianness, root_as_footer};
use arrow_schema::Schema;

use crate::guard::guarded;
use crate::problem::Failure;

/// The magic at both ends of a file.
const MAGIC: &[u8; 6] = b"ARROW1";
/// Length of the directory, and the magic.
const TAIL: u64 = 10;
/// Bytes of the directory.
const DIRECTORY: u64 = 64 << 20;

/// What the end of a file says.
pub(super) struct Directory {
    pub(super) schema: Schema,
    /// Where messages start: dictionaries first, then batches.
    pub(super) starts: VecDeque<u64>,
    pub(super) batches: usize,
    /// Its bytes.
    pub(super) length: u64,
}

/// Reads the directory of a file; `None` for a stream, which has none.
pub(super) fn read(mut file: &File, size: u64) -> Result<Option<Directory>, Failure> {
    let mut start = [0; MAGIC.len()];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut start)?;
    if &start != MAGIC {
        return Ok(None);
    }
    let cut = || Failure::damaged("the file does not end as an Arrow file does");
    let tail_at = size.checked_sub(TAIL).ok_or_else(cut)?;
    let mut tail = [0; 10];
    file.seek(SeekFrom::Start(tail_at))?;
    file.read_exact(&mut tail)?;
    let [l1, l2, l3, l4, magic @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([l1, l2, l3, l4]));
    let at = tail_at.checked_sub(length).filter(|_| length <= DIRECTORY && &magic == MAGIC);
    let at = at.ok_or_else(cut)?;
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(length).read_to_end(&mut bytes)?;
    let footer = root_as_footer(&bytes).map_err(|_| cut())?;
    let schema = footer.schema().ok_or_else(cut)?;
    let schema = checked(schema).ok_or_else(cut)?;
    let dictionaries = footer.dictionaries().into_iter().flatten();
    let batches = footer.recordBatches().into_iter().flatten();
    let count = footer.recordBatches().map_or(0, |batches| batches.len());
    let starts = dictionaries.chain(batches).map(|block| u64::try_from(block.offset()).ok());
    let starts: Option<VecDeque<u64>> = starts.collect();
    Ok(Some(Directory { schema, starts: starts.ok_or_else(cut)?, batches: count, length }))
}

/// The columns of a schema; `None` for one that cannot be read.
pub(super) fn checked(schema: arrow_ipc::Schema<'_>) -> Option<Schema> {
    guarded(|| (schema.endianness() == Endianness::Little).then(|| fb_to_schema(schema))).flatten()
}
