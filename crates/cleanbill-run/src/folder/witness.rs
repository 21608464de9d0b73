//! What was read of an input: its size and its digest, taken in the same pass as its claims.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::read_at::ReadAt;
use crate::scratch;

/// So many bytes from the start, and their SHA-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) bytes: u64,
    pub(crate) sha256: [u8; 32],
}

/// Watches one input while it is read.
#[derive(Debug, Default)]
pub(crate) struct Witness(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    hash: Sha256,
    bytes: u64,
    /// Whether the digest is that of the whole file already, whatever is read of it.
    is_whole: bool,
    /// What an earlier run read of it.
    expected: Option<Mark>,
    /// The same input to be read again: the file itself where it is a regular one, else what was read.
    again: Option<File>,
    /// Of a regular file: how it was when the run began, or it was opened.
    before: Option<Stamp>,
    /// Keeps what is read of a stream.
    keeps: bool,
    changed: Option<Changed>,
}

/// Size and time of last change of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) bytes: u64,
    pub(crate) modified: Option<SystemTime>,
}

impl Stamp {
    pub(crate) fn of(file: &std::fs::Metadata) -> Self {
        Self { bytes: file.len(), modified: file.modified().ok() }
    }
}

/// In which way an input is not what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// An earlier run read other bytes.
    SinceCheckpoint,
    /// The file was written to while it was read.
    WhileRead,
}

impl Witness {
    /// Watches an input of which an earlier run read what `expected` says, and which was as `before` says
    /// when this run began.
    pub(crate) fn new(expected: Option<Mark>, before: Option<Stamp>) -> Self {
        Self(Mutex::new(State { expected, before, ..State::default() }))
    }

    /// Watches a regular file; with `is_whole` all of it is read now, since its reader takes it from
    /// anywhere.
    pub(crate) fn watch_file(&self, file: &File, is_whole: bool) -> io::Result<()> {
        let mut state = self.state();
        if state.before.is_none() {
            state.before = Some(Stamp::of(&file.metadata()?));
        }
        state.again = Some(file.try_clone()?);
        if is_whole {
            state.read_rest()?;
            state.is_whole = true;
        }
        Ok(())
    }

    /// Watches a stream and keeps what is read of it in a file without a name in `folder`.
    pub(crate) fn watch_stream(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.again = Some(tempfile::tempfile_in(folder).and_then(scratch::own)?);
        state.keeps = true;
        Ok(())
    }

    /// What was read so far.
    pub(crate) fn mark(&self) -> Mark {
        self.state().mark()
    }

    /// The input to be read again, from any place.
    pub(crate) fn again(&self) -> io::Result<Option<File>> {
        self.state().again.as_ref().map(File::try_clone).transpose()
    }

    /// Size and digest of the whole input, which is read to its end.
    pub(crate) fn finish(&self) -> io::Result<Mark> {
        let mut state = self.state();
        if !state.is_whole && !state.keeps && state.again.is_some() {
            state.read_rest()?;
        }
        if state.expected.is_some() {
            return Err(state.fail(Changed::SinceCheckpoint));
        }
        if let (Some(file), Some(before)) = (&state.again, state.before)
            && Stamp::of(&file.metadata()?) != before
        {
            return Err(state.fail(Changed::WhileRead));
        }
        Ok(state.mark())
    }

    /// In which way the input is not what it was, if that was found.
    pub(crate) fn changed(&self) -> Option<Changed> {
        self.state().changed
    }

    fn see(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        if state.keeps
            && let Some(file) = &mut state.again
        {
            file.write_all(bytes)?;
        }
        if state.is_whole { Ok(()) } else { state.add(bytes) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked in between ends the run.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn mark(&self) -> Mark {
        Mark { bytes: self.bytes, sha256: self.hash.clone().finalize().into() }
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        if let Some(expected) = self.expected {
            let until = expected.bytes.saturating_sub(self.bytes);
            let until = usize::try_from(until).unwrap_or(usize::MAX);
            if let Some((before, behind)) = rest.split_at_checked(until) {
                self.feed(before);
                if self.mark() != expected {
                    return Err(self.fail(Changed::SinceCheckpoint));
                }
                self.expected = None;
                rest = behind;
            }
        }
        self.feed(rest);
        Ok(())
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += u64::try_from(bytes.len()).unwrap_or(0);
    }

    /// What the reader had no use for belongs to the input all the same.
    fn read_rest(&mut self) -> io::Result<()> {
        let Some(file) = self.again.as_ref().map(File::try_clone).transpose()? else {
            return Ok(());
        };
        let mut file = ReadAt { file, position: self.bytes };
        let mut buffer = vec![0; 256 << 10];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => self.add(buffer.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn fail(&mut self, changed: Changed) -> io::Error {
        self.changed = Some(changed);
        io::Error::other(match changed {
            Changed::SinceCheckpoint => "it is not what the run that broke off has read",
            Changed::WhileRead => "it was changed while it was read",
        })
    }
}

/// A reader whose witness sees every byte.
pub(crate) struct Witnessed<R> {
    pub(crate) input: R,
    pub(crate) witness: Arc<Witness>,
}

impl<R: Read> Read for Witnessed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.witness.see(buffer.get(..count).unwrap_or_default())?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(witness: Witness, text: &'static str) -> (Arc<Witness>, io::Result<u64>) {
        let witness = Arc::new(witness);
        let mut input = Witnessed { input: text.as_bytes(), witness: Arc::clone(&witness) };
        let read = io::copy(&mut input, &mut io::sink());
        (witness, read)
    }

    #[test]
    fn the_digest_is_that_of_the_bytes_and_a_changed_start_is_told() {
        let (first, _) = read(Witness::default(), "abc");
        let mark = first.finish().unwrap();
        assert_eq!((mark.bytes, mark.sha256), (3, Sha256::digest(b"abc").into()));
        let (same, done) = read(Witness::new(Some(mark), None), "abcdef");
        assert_eq!((done.unwrap(), same.finish().unwrap().bytes), (6, 6));
        let (other, done) = read(Witness::new(Some(mark), None), "abdef");
        assert!(done.is_err());
        assert_eq!(other.changed(), Some(Changed::SinceCheckpoint));
        let (short, done) = read(Witness::new(Some(mark), None), "ab");
        assert_eq!(done.unwrap(), 2);
        assert!(short.finish().is_err());
    }

    #[test]
    fn a_file_counts_whole_and_one_that_grows_meanwhile_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("claims");
        std::fs::write(&path, "abcdef").unwrap();
        let witness = Witness::default();
        witness.watch_file(&File::open(&path).unwrap(), false).unwrap();
        witness.see(b"abc").unwrap();
        assert_eq!(witness.finish().unwrap().sha256, <[u8; 32]>::from(Sha256::digest(b"abcdef")));
        std::fs::write(&path, "abcdefg").unwrap();
        assert!(witness.finish().is_err());
        assert_eq!(witness.changed(), Some(Changed::WhileRead));
    }
}
