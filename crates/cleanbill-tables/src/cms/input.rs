//! Where bytes come from. Opening a file is here and nowhere else in this crate.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

/// Something with a name that can be read from its beginning, more than once.
pub trait Input {
    /// The name of the file without its folder; it helps to tell what is in it.
    fn name(&self) -> &str;

    /// Reads from the beginning.
    ///
    /// # Errors
    /// The system's reason.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

/// A file.
#[derive(Debug)]
pub struct FileInput {
    path: PathBuf,
    name: String,
}

impl FileInput {
    /// The file at `path`; nothing is opened yet.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self { path, name }
    }
}

impl Input for FileInput {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(&self.path)?))
    }
}

/// Bytes in memory.
#[derive(Debug)]
pub struct BytesInput {
    name: String,
    bytes: Vec<u8>,
}

impl BytesInput {
    /// A file of that name with those bytes.
    #[must_use]
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes }
    }
}

impl Input for BytesInput {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.bytes.as_slice()))
    }
}
