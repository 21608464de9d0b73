//! One message after another, its sizes checked before anything is made of them.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::ops::Range;

use arrow_buffer::Buffer;
use arrow_ipc::{MessageHeader, RecordBatch, root_as_message};

use crate::problem::{Failure, SMALLER};

/// Bytes of the description of a message.
const METADATA: u64 = 16 << 20;
/// Bytes of a batch as it is in the file, and once it is unpacked.
const BODY: u64 = 1 << 30;
/// What every message starts with.
const MARK: [u8; 4] = [0xff; 4];

/// A message as it stands in the file.
pub(super) struct Message {
    pub(super) metadata: Vec<u8>,
    pub(super) body: Buffer,
    /// Its bytes.
    pub(super) place: Range<u64>,
}

/// Reads messages out of a file.
#[derive(Debug)]
pub(super) struct Messages {
    input: BufReader<File>,
    at: u64,
    size: u64,
    /// Where messages start, in the order in which they are read; `None` where they follow one another.
    starts: Option<VecDeque<u64>>,
}

fn damaged() -> Failure {
    Failure::damaged("a message cannot be read")
}

impl Messages {
    /// Reads the messages of a stream, or those that start at `starts`.
    pub(super) fn new(
        file: File,
        size: u64,
        starts: Option<VecDeque<u64>>,
    ) -> Result<Self, Failure> {
        let mut input = BufReader::new(file);
        input.rewind()?;
        Ok(Self { input, at: 0, size, starts })
    }

    /// Where the next message of a stream would start.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    /// The next message; `None` at the end of the stream.
    pub(super) fn next(&mut self) -> Result<Option<Message>, Failure> {
        if let Some(starts) = &mut self.starts {
            let Some(start) = starts.pop_front() else { return Ok(None) };
            if start >= self.size {
                return Err(damaged());
            }
            self.input.seek(SeekFrom::Start(start))?;
            self.at = start;
        }
        if self.at == self.size {
            return Ok(None);
        }
        let start = self.at;
        let mut length = self.four()?;
        // The mark is missing in files of an old or of another writer.
        if length == MARK || self.starts.is_none() {
            if length != MARK {
                return Err(damaged());
            }
            length = self.four()?;
        }
        if length == [0; 4] {
            return Ok(None);
        }
        let length = u64::from(u32::from_le_bytes(length));
        let left = self.size.saturating_sub(self.at);
        if length > METADATA || length > left {
            return Err(damaged());
        }
        let mut metadata = vec![0; usize::try_from(length).map_err(|_| damaged())?];
        self.input.read_exact(&mut metadata)?;
        let described = root_as_message(&metadata).map_err(|_| damaged())?;
        let body = u64::try_from(described.bodyLength()).map_err(|_| damaged())?;
        if body > left - length {
            return Err(Failure::damaged("the file ends within a batch"));
        }
        if body > BODY {
            return Err(too_large());
        }
        let mut bytes = vec![0; usize::try_from(body).map_err(|_| damaged())?];
        self.input.read_exact(&mut bytes)?;
        self.at += length + body;
        let batch = match described.header_type() {
            MessageHeader::RecordBatch => described.header_as_record_batch(),
            MessageHeader::DictionaryBatch => {
                described.header_as_dictionary_batch().and_then(|dictionary| dictionary.data())
            }
            _ => None,
        };
        if let Some(batch) = batch {
            check_unpacked(batch, &bytes)?;
        }
        Ok(Some(Message { metadata, body: Buffer::from_vec(bytes), place: start..self.at }))
    }

    fn four(&mut self) -> Result<[u8; 4], Failure> {
        let mut bytes = [0; 4];
        self.input.read_exact(&mut bytes)?;
        self.at += 4;
        Ok(bytes)
    }
}

/// A packed buffer starts with its size once it is unpacked, which the decoder believes.
fn check_unpacked(batch: RecordBatch<'_>, body: &[u8]) -> Result<(), Failure> {
    let (true, Some(buffers)) = (batch.compression().is_some(), batch.buffers()) else {
        return Ok(());
    };
    let mut unpacked = 0_u64;
    for buffer in buffers {
        let start = usize::try_from(buffer.offset()).map_err(|_| damaged())?;
        let length = usize::try_from(buffer.length()).map_err(|_| damaged())?;
        let end = start.checked_add(length).ok_or_else(damaged)?;
        let bytes = body.get(start..end).ok_or_else(damaged)?;
        let Some((size, _)) = bytes.split_first_chunk::<8>() else { continue };
        let size = match i64::from_le_bytes(*size) {
            // It is not packed after all.
            -1 => bytes.len().try_into().unwrap_or(u64::MAX),
            size => u64::try_from(size).map_err(|_| damaged())?,
        };
        unpacked = unpacked.saturating_add(size);
    }
    if unpacked > BODY { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> Failure {
    Failure::Refused(format!("a batch takes more than {} MiB", BODY >> 20), SMALLER)
}
