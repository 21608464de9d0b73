//! Bytes of frames as they arrive, in memory that is used again: a read moves, copies and clears nothing that it
//! need not.

use std::io::{self, Read};

use super::frame::{Frame, HEADER, Kind, parse};
use super::read::Malformed;

/// Least room for a read. An ordinary batch takes one.
const ROOM: usize = 128 << 10;

/// What has arrived and has not been taken yet.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    memory: Vec<u8>,
    from: usize,
    to: usize,
    /// Kind, batch and length of the next frame, which is whole.
    next: Option<(Kind, u64, usize)>,
}

impl Inbox {
    /// Reads once from `source`; how many bytes, 0 at its end.
    pub(crate) fn read(&mut self, source: &mut impl Read) -> io::Result<usize> {
        self.make_room(ROOM);
        let read = source.read(self.memory.get_mut(self.to..).unwrap_or_default())?;
        self.to += read;
        Ok(read)
    }

    /// Appends bytes that were read elsewhere.
    #[cfg(any(not(unix), test))]
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        let end = self.to + bytes.len();
        if let Some(place) = self.memory.get_mut(self.to..end) {
            place.copy_from_slice(bytes);
            self.to = end;
        }
    }

    /// Whether the next frame is there as a whole. Its checksum is looked at once.
    pub(crate) fn has_frame(&mut self) -> Result<bool, Malformed> {
        if self.next.is_none() {
            let arrived = self.memory.get(self.from..self.to).unwrap_or_default();
            self.next = parse(arrived)?.map(|(frame, length)| (frame.kind, frame.batch, length));
        }
        Ok(self.next.is_some())
    }

    /// Takes the next frame, which is there as a whole.
    pub(crate) fn take(&mut self) -> Option<Frame<'_>> {
        let (kind, batch, length) = self.next.take()?;
        let start = self.from + HEADER;
        self.from += length;
        Some(Frame { kind, batch, payload: self.memory.get(start..self.from)? })
    }

    fn make_room(&mut self, room: usize) {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
        }
        if self.memory.len() - self.to < room {
            self.memory.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
            let least = self.to + room;
            if self.memory.len() < least {
                self.memory.resize(least.max(self.memory.len() * 2), 0);
            }
        }
    }
}
