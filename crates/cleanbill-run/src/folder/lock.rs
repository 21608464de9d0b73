//! One run at a time in a folder: a lock that ends with its process, however that ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// A folder that no other run may use.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Closing it ends the lock.
    _file: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub(super) enum NotLocked {
    /// Another process has it; its id, where it can be told.
    Held(String),
    Failed(io::Error),
}

impl From<io::Error> for NotLocked {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl Lock {
    /// Takes the lock file `path`.
    pub(super) fn take(path: PathBuf) -> Result<Self, NotLocked> {
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
                return Err(io::Error::other("the lock is no regular file").into());
            }
            let mut file = options.open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut process = String::new();
                    let _ = file.take(20).read_to_string(&mut process);
                    return Err(NotLocked::Held(process));
                }
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            // The run that had it may have removed it in between: then it locks nobody out.
            if is_still_there(&file, &path) {
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(std::process::id().to_string().as_bytes())?;
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for Lock {
    /// Removes the file while nobody else can have the lock.
    fn drop(&mut self) {
        // Left behind, it is taken over by the next run.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |found: io::Result<fs::Metadata>| found.map(|found| (found.dev(), found.ino()));
    match (number(file.metadata()), number(fs::metadata(path))) {
        (Ok(own), Ok(there)) => own == there,
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still_there(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_has_it_and_one_that_was_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        fs::write(&path, "4711, of a run that is gone").unwrap();
        let lock = Lock::take(path.clone()).unwrap();
        match Lock::take(path.clone()) {
            Err(NotLocked::Held(process)) => assert_eq!(process, std::process::id().to_string()),
            other => panic!("{other:?}"),
        }
        drop(lock);
        assert!(!path.exists());
        drop(Lock::take(path).unwrap());
    }
}
