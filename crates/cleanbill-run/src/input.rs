//! What is read: files that are checked before the run and opened when their turn comes, and streams.

use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::{Path, PathBuf};

use cleanbill_intake::is_compressed;
use cleanbill_report::input_name;

use crate::error::RunError;

/// An input of a run.
pub struct Input {
    name: String,
    source: Source,
}

enum Source {
    File(PathBuf),
    Stream(Box<dyn Read>),
}

/// An input that is open.
pub(crate) struct Opened {
    pub(crate) stream: Box<dyn Read>,
    /// The same file where it is a regular one, which can be read from anywhere.
    pub(crate) file: Option<File>,
}

impl Input {
    /// A file; a named pipe will do.
    #[must_use]
    pub fn file(path: PathBuf) -> Self {
        Self { name: input_name(&path), source: Source::File(path) }
    }

    /// Something that is open already, standard input for one.
    #[must_use]
    pub fn stream(name: &str, stream: Box<dyn Read>) -> Self {
        Self { name: name.to_owned(), source: Source::Stream(stream) }
    }

    /// Its name in reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its size in bytes where it has one: regular files do, unless they are unpacked on the way.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        let path = self.path()?;
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let mut start = Vec::new();
        File::open(path).ok()?.take(4).read_to_end(&mut start).ok()?;
        (!is_compressed(&start)).then_some(metadata.len())
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Stream(_) => None,
        }
    }

    /// Tells before any claim is read whether the input can be opened.
    ///
    /// A regular file is opened and closed again, so that thousands of inputs need no thousands of
    /// handles; a pipe is left alone, since closing it would end its writer.
    pub(crate) fn check(&self) -> Result<(), RunError> {
        let Some(path) = self.path() else { return Ok(()) };
        let unusable =
            |reason: String| RunError::InputUnusable { input: self.name.clone(), reason };
        let kind = fs::metadata(path).map_err(|error| unusable(error.to_string()))?.file_type();
        if kind.is_file() {
            return File::open(path).map(drop).map_err(|error| unusable(error.to_string()));
        }
        match not_readable(kind) {
            Some(reason) => Err(unusable(reason.to_owned())),
            None => Ok(()),
        }
    }

    /// Opens the input.
    pub(crate) fn open(self) -> Result<Opened, RunError> {
        let path = match self.source {
            Source::Stream(stream) => return Ok(Opened { stream, file: None }),
            Source::File(path) => path,
        };
        let opened = File::open(path).and_then(|file| {
            let regular = if file.metadata()?.is_file() { Some(file.try_clone()?) } else { None };
            Ok(Opened { stream: Box::new(file), file: regular })
        });
        opened.map_err(|source| RunError::Read { input: self.name, source })
    }
}

fn not_readable(kind: FileType) -> Option<&'static str> {
    if kind.is_dir() {
        return Some("it is a folder, not a file; name the files in it");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_socket() {
            return Some("it is a socket, not a file");
        }
        if kind.is_char_device() || kind.is_block_device() {
            return Some("it is a device, not a file");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_and_a_folder_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Input::file(folder.path().join("no.837")).check().unwrap_err();
        assert!(missing.to_string().contains("no.837"), "{missing}");
        let error = Input::file(folder.path().to_owned()).check().unwrap_err();
        assert!(error.to_string().ends_with("it is a folder, not a file; name the files in it"));
        assert_eq!(error.exit_code(), crate::exit_code::REFUSED);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_device_is_refused() {
        let error = Input::file(PathBuf::from("/dev/zero")).check().unwrap_err();
        assert!(error.to_string().ends_with("it is a device, not a file"), "{error}");
    }
}
