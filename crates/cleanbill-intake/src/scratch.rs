//! Room on disk for what does not fit into memory.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write as _};

/// Makes files that have no name, are readable by their owner alone, and are gone with their last handle.
///
/// Whoever hands one in decides on the folder. Without it nothing is ever written to a disk.
#[derive(Clone, Copy)]
pub struct Scratch(fn() -> io::Result<File>);

impl Scratch {
    /// Room whose files `make` makes: empty, without a name, open for reading and writing.
    #[must_use]
    pub const fn new(make: fn() -> io::Result<File>) -> Self {
        Self(make)
    }

    /// A new file.
    ///
    /// # Errors
    /// The folder cannot be written to, with words that say what was tried.
    pub fn file(self) -> io::Result<File> {
        (self.0)().map_err(told)
    }

    /// A new file with all that is left of `input`.
    ///
    /// # Errors
    /// The input cannot be read from, or the folder is full; the words tell which.
    pub fn copy(self, input: &mut impl Read) -> io::Result<File> {
        let mut file = self.file()?;
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let count = match input.read(&mut buffer) {
                Ok(0) => return Ok(file),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            file.write_all(buffer.get(..count).unwrap_or_default()).map_err(told)?;
        }
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scratch")
    }
}

/// An error of such a file, told apart from one of the input.
pub(crate) fn told(error: io::Error) -> io::Error {
    let said = format!("a temporary file: {error}; `TMPDIR` names the folder of such files");
    io::Error::new(error.kind(), said)
}
