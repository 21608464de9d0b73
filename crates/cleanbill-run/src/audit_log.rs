//! An append-only log whose records are chained: each holds the digest of the one before it.
//!
//! A record is one line of JSON. Its last member, `hash`, is the SHA-256 of all of the line before that member; `previous`
//! is the `hash` of the line before. Whoever edits, removes or moves a record breaks the chain at that place. Only
//! records cut from the end leave a chain that holds: for that the last hash has to be kept elsewhere.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use cleanbill_report::input_name;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::folder::hex;
use crate::scratch;

/// What stands for the record before the first one.
const NONE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// No record is longer.
const MOST: u64 = 1 << 20;

/// A log to append to.
#[derive(Debug)]
pub struct AuditLog(PathBuf);

/// A log whose chain holds.
#[derive(Debug, PartialEq, Eq)]
pub struct AuditChain {
    /// How many records it has.
    pub records: u64,
    /// The hash of the last one.
    pub head: String,
}

/// Why a log cannot be used or believed.
#[derive(Debug, thiserror::Error)]
pub enum AuditLogError {
    /// It cannot be read or written.
    #[error("the audit log `{log}` cannot be used: {source}")]
    Unusable {
        /// Its name.
        log: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A record is not what was written.
    #[error("the audit log `{log}` cannot be trusted: record {record} {reason}")]
    Broken {
        /// Its name.
        log: String,
        /// Its place, from 1.
        record: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl AuditLogError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Unusable { .. } => "name a file that you may write to, in a folder that exists",
            Self::Broken { .. } => {
                "keep the file as evidence, and begin a new one under another name"
            }
        }
    }
}

impl AuditLog {
    /// The log in the file `path`, which is made with its first record.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Appends a record and makes it safe on disk.
    ///
    /// # Errors
    /// [`AuditLogError`]; the log is as it was, or its last record is not whole.
    pub fn append(&self, record: Map<String, Value>) -> Result<(), AuditLogError> {
        let failed = |source| AuditLogError::Unusable { log: input_name(&self.0), source };
        let mut file = self.open().map_err(failed)?;
        // Two runs that end together wait for each other.
        file.lock().map_err(failed)?;
        let (number, previous) = self.last(&mut file)?;
        let mut line = Map::new();
        line.insert("schema".to_owned(), 1.into());
        line.insert("record".to_owned(), (number + 1).into());
        line.extend(record);
        line.insert("previous".to_owned(), previous.into());
        let text = serde_json::to_string(&line).map_err(|error| failed(error.into()))?;
        let body = text.strip_suffix('}').unwrap_or(&text);
        let line = format!("{body},\"hash\":\"{}\"}}\n", hash(body));
        let written = file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(line.as_bytes()));
        written.and_then(|()| file.sync_all()).map_err(failed)
    }

    /// Checks the chain from its first record to its last.
    ///
    /// # Errors
    /// [`AuditLogError::Broken`] with the first record that is not what was written.
    pub fn verify(path: &Path) -> Result<AuditChain, AuditLogError> {
        let log = input_name(path);
        let failed = |source| AuditLogError::Unusable { log: log.clone(), source };
        let mut input = BufReader::new(File::open(path).map_err(failed)?);
        let mut chain = AuditChain { records: 0, head: NONE.to_owned() };
        loop {
            let mut line = Vec::new();
            let count = input.by_ref().take(MOST).read_until(b'\n', &mut line).map_err(failed)?;
            if count == 0 {
                return Ok(chain);
            }
            let record = chain.records + 1;
            let broken = |reason| AuditLogError::Broken { log: log.clone(), record, reason };
            let read = Record::read(&line).map_err(broken)?;
            if read.previous != chain.head || read.number != record {
                return Err(broken("does not follow the one before it"));
            }
            chain = AuditChain { records: record, head: read.hash };
        }
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let is_new = !self.0.exists();
        let file = options.open(&self.0)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        if is_new { scratch::own(file) } else { Ok(file) }
    }

    /// Number and hash of the last record, which must be whole.
    fn last(&self, file: &mut File) -> Result<(u64, String), AuditLogError> {
        let log = || input_name(&self.0);
        let failed = |source| AuditLogError::Unusable { log: log(), source };
        let length = file.metadata().map_err(failed)?.len();
        if length == 0 {
            return Ok((0, NONE.to_owned()));
        }
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(length.saturating_sub(MOST))).map_err(failed)?;
        file.read_to_end(&mut tail).map_err(failed)?;
        let start = tail.iter().rev().skip(1).position(|byte| *byte == b'\n');
        let line = start.and_then(|back| tail.get(tail.len() - back - 1..)).unwrap_or(&tail);
        match Record::read(line) {
            Ok(last) => Ok((last.number, last.hash)),
            Err(reason) => {
                let records = Self::verify(&self.0).map_or_else(
                    |error| match error {
                        AuditLogError::Broken { record, .. } => record,
                        AuditLogError::Unusable { .. } => 1,
                    },
                    |chain| chain.records,
                );
                Err(AuditLogError::Broken { log: log(), record: records, reason })
            }
        }
    }
}

/// What of a record holds the chain.
struct Record {
    number: u64,
    previous: String,
    hash: String,
}

impl Record {
    fn read(line: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(line).map_err(|_| "is no text")?;
        let text = text.strip_suffix('\n').ok_or("was cut short")?;
        let (body, end) = text.rsplit_once(",\"hash\":\"").ok_or("has no hash")?;
        let own = end.strip_suffix("\"}").ok_or("was cut short")?;
        if hash(body) != own {
            return Err("was edited");
        }
        let read: Value = serde_json::from_str(text).map_err(|_| "is no record")?;
        let number = read.get("record").and_then(Value::as_u64).ok_or("has no number")?;
        let previous = read.get("previous").and_then(Value::as_str).ok_or("is not chained")?;
        Ok(Self { number, previous: previous.to_owned(), hash: own.to_owned() })
    }
}

fn hash(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log_of(records: u64) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.ndjson");
        for number in 0..records {
            let mut record = Map::new();
            record.insert("exit_code".to_owned(), number.into());
            AuditLog::new(path.clone()).append(record).unwrap();
        }
        (folder, path)
    }

    fn first_bad(path: &Path, text: &str) -> Option<u64> {
        std::fs::write(path, text).unwrap();
        match AuditLog::verify(path) {
            Ok(_) => None,
            Err(AuditLogError::Broken { record, .. }) => Some(record),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn the_first_record_that_was_removed_moved_or_edited_is_named() {
        let (_folder, path) = log_of(4);
        let text = std::fs::read_to_string(&path).unwrap();
        let chain = AuditLog::verify(&path).unwrap();
        assert_eq!(chain.records, 4);
        assert!(text.ends_with(&format!("\"hash\":\"{}\"}}\n", chain.head)));
        let lines: Vec<&str> = text.lines().collect();
        let joined = |places: &[usize]| {
            places.iter().map(|place| format!("{}\n", lines[*place])).collect::<String>()
        };
        assert_eq!(first_bad(&path, &joined(&[0, 1, 2, 3])), None);
        assert_eq!(first_bad(&path, &joined(&[1, 2, 3])), Some(1));
        assert_eq!(first_bad(&path, &joined(&[0, 2, 3])), Some(2));
        assert_eq!(first_bad(&path, &joined(&[0, 2, 1, 3])), Some(2));
        assert_eq!(first_bad(&path, &joined(&[0, 1, 1, 2, 3])), Some(3));
        // A chain that was cut at its end holds: its head is another one.
        assert_eq!(first_bad(&path, &joined(&[0, 1, 2])), None);
        assert_ne!(AuditLog::verify(&path).unwrap().head, chain.head);
    }

    #[test]
    fn any_byte_that_is_changed_is_found_and_nothing_is_appended_to_a_torn_log() {
        let (_folder, path) = log_of(3);
        let bytes = std::fs::read(&path).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            let line = bytes[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
            match AuditLog::verify(&path) {
                Err(AuditLogError::Broken { record, .. }) => {
                    assert_eq!(record, u64::try_from(line).unwrap(), "{place}");
                }
                other => panic!("{place}: {other:?}"),
            }
        }
        std::fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
        let error = AuditLog::new(path.clone()).append(Map::new()).unwrap_err();
        assert!(error.to_string().ends_with("record 3 was cut short"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap().len(), bytes.len() - 9);
    }
}
