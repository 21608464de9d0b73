//! A file read from any place, whatever its other handles do.

use std::fs::File;
use std::io::{self, Read};

/// Reads on from `position`; no other handle of the file is moved by it.
#[derive(Debug)]
pub(crate) struct ReadAt {
    pub(crate) file: File,
    pub(crate) position: u64,
}

impl Read for ReadAt {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = read_at(&self.file, buffer, self.position)?;
        self.position += u64::try_from(count).unwrap_or(0);
        Ok(count)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

/// Reading elsewhere would move the handle that claims are read from.
#[cfg(not(unix))]
fn read_at(_file: &File, _buffer: &mut [u8], _position: u64) -> io::Result<usize> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "a folder of results needs a system on which a file can be read from any place",
    ))
}
