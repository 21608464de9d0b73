//! A compiled table as pages of its file. The only place of the crate with `unsafe`.
#![expect(unsafe_code, reason = "a mapped file is memory that the operating system fills")]

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// A file in memory: pages are read when they are touched, and given back when memory is short.
#[derive(Debug)]
pub(crate) struct Map(Mmap);

impl Map {
    /// Maps a whole file. It must be a compiled table of ours: written under another name and renamed,
    /// never changed in place.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        // SAFETY: nothing of ours writes to a compiled table once it has its name, so the bytes stay as
        // they are while they are borrowed; a newer table is another file under the same name. Should a
        // stranger change the file in place, rows read wrong, but every read is checked against its
        // bounds and no value is trusted as an index; should one cut it short, the system ends the
        // process (SIGBUS) at the first touch behind the new end.
        unsafe { Mmap::map(file) }.map(Self)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
