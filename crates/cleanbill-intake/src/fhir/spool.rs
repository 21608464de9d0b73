//! Claims of a Bundle that wait until all of it was read: in memory, and beyond that on disk.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read, Seek as _, Write as _};

use cleanbill_model::Location;

use crate::scratch::{Scratch, told};
use crate::source::size;

/// Takes claims in.
#[derive(Debug)]
pub(super) struct Spool {
    held: Vec<u8>,
    /// Bytes that are held in memory.
    room: usize,
    scratch: Option<Scratch>,
    file: Option<BufWriter<File>>,
    count: u64,
    claim_bytes: u64,
}

/// Gives them back in their order.
#[derive(Debug)]
pub(super) struct Replay {
    kept: Kept,
    left: u64,
    claim_bytes: u64,
    text: Vec<u8>,
    answered: Vec<u8>,
}

#[derive(Debug)]
enum Kept {
    Held(Cursor<Vec<u8>>),
    File(BufReader<File>),
}

/// A claim as it was read.
pub(super) struct Waiting<'a> {
    pub(super) text: &'a str,
    pub(super) place: Location,
    /// The Claim that it answers; empty for a Claim.
    pub(super) answered: &'a str,
}

impl Spool {
    pub(super) const fn new(room: usize, scratch: Option<Scratch>) -> Self {
        Self { held: Vec::new(), room, scratch, file: None, count: 0, claim_bytes: 0 }
    }

    /// Keeps a claim. `false` when there is no room for it.
    pub(super) fn add(&mut self, claim: &Waiting<'_>) -> io::Result<bool> {
        let Waiting { text, place, answered } = claim;
        if self.file.is_none() && self.held.len().saturating_add(text.len()) > self.room {
            let Some(scratch) = self.scratch else { return Ok(false) };
            let mut file = BufWriter::new(scratch.file()?);
            file.write_all(&core::mem::take(&mut self.held)).map_err(told)?;
            self.file = Some(file);
        }
        let numbers = [place.offset, place.line, size(text.len()), size(answered.len())];
        let parts = numbers.map(u64::to_le_bytes);
        let parts = parts.iter().map(<[u8; 8]>::as_slice);
        for part in parts.chain([text.as_bytes(), answered.as_bytes()]) {
            match &mut self.file {
                Some(file) => file.write_all(part).map_err(told)?,
                None => self.held.extend_from_slice(part),
            }
        }
        self.count += 1;
        self.claim_bytes += size(text.len());
        Ok(true)
    }

    /// Starts to give the claims back.
    pub(super) fn finish(self) -> io::Result<Replay> {
        let kept = match self.file {
            None => Kept::Held(Cursor::new(self.held)),
            Some(file) => {
                let mut file = file.into_inner().map_err(|error| told(error.into_error()))?;
                file.rewind().map_err(told)?;
                Kept::File(BufReader::with_capacity(256 * 1024, file))
            }
        };
        let (text, answered) = (Vec::new(), Vec::new());
        Ok(Replay { kept, left: self.count, claim_bytes: self.claim_bytes, text, answered })
    }
}

impl Replay {
    /// Bytes of all claims that were kept.
    pub(super) const fn claim_bytes(&self) -> u64 {
        self.claim_bytes
    }

    /// The next claim.
    pub(super) fn next(&mut self) -> io::Result<Option<Waiting<'_>>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let (offset, line) = (self.number()?, self.number()?);
        let (text, answered) = (self.number()?, self.number()?);
        self.kept.fill(&mut self.text, text)?;
        self.kept.fill(&mut self.answered, answered)?;
        Ok(Some(Waiting {
            text: utf8(&self.text)?,
            place: Location { offset, line, segment: 0 },
            answered: utf8(&self.answered)?,
        }))
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        match &mut self.kept {
            Kept::Held(held) => held.read_exact(&mut bytes)?,
            Kept::File(file) => file.read_exact(&mut bytes).map_err(told)?,
        }
        Ok(u64::from_le_bytes(bytes))
    }
}

impl Kept {
    /// Reads the next `length` bytes into `text`.
    fn fill(&mut self, text: &mut Vec<u8>, length: u64) -> io::Result<()> {
        text.clear();
        let read = match self {
            Self::Held(held) => held.take(length).read_to_end(text)?,
            Self::File(file) => file.take(length).read_to_end(text).map_err(told)?,
        };
        if size(read) == length { Ok(()) } else { Err(changed()) }
    }
}

fn utf8(bytes: &[u8]) -> io::Result<&str> {
    core::str::from_utf8(bytes).map_err(|_| changed())
}

/// What was written is not there any more.
fn changed() -> io::Error {
    told(io::Error::new(io::ErrorKind::InvalidData, "it is not as it was written"))
}
