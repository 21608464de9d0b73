//! A folder that holds the whole result of a run: findings, reports, what was set aside, what it was made of.
//!
//! While the run is under way everything stands in a folder of work inside it. Names appear once all of it is whole,
//! `summary.json` last. A run that broke off leaves the folder of work, with which it can go on.

mod error;
mod finish;
mod journal;
mod keeping;
mod lock;
mod opinions;
mod plan;
mod private;
mod quarantine;
mod read_at;
mod record;
mod witness;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cleanbill_report::input_name;

pub use error::FolderError;
pub(crate) use keeping::{Keeping, Remembered};
pub(crate) use plan::Begun;
pub use plan::FolderRun;
pub(crate) use read_at::ReadAt;
pub(crate) use record::hex;
pub use record::{OptionUsed, Part, Provenance};
pub(crate) use witness::{Witness, Witnessed};

use journal::Found;
use lock::{Lock, NotLocked};

/// Where a run is at work.
const WORK: &str = ".cleanbill-run";
const LOCK: &str = ".cleanbill-run.lock";
const JOURNAL: &str = "journal";

/// Findings, as records.
pub const FINDINGS: &str = "findings.ndjson";
/// Counts and charges; a folder that has it is whole.
pub const SUMMARY: &str = "summary.json";
/// What the run was made of.
pub const PROVENANCE: &str = "provenance.json";
/// Bytes that were not processed.
pub const QUARANTINE: &str = "quarantine";

/// The file of each report that can be asked for, by the name of its format.
pub const REPORTS: [(&str, &str); 13] = [
    ("text", "report.txt"),
    ("json", "findings.json"),
    ("csv", "findings.csv"),
    ("xlsx", "findings.xlsx"),
    ("html", "findings.html"),
    ("sarif", "findings.sarif"),
    ("junit", "junit.xml"),
    ("github", "github.txt"),
    ("remit-csv", "remits.csv"),
    ("remit-json", "remits.json"),
    ("277ca", "answer.277ca"),
    ("999", "answer.999"),
    ("fhir", "fhir.ndjson"),
];

/// What may be done with a folder that has something in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reopen {
    /// Nothing.
    #[default]
    Refuse,
    /// Its results are replaced once the new ones are whole; a run that broke off is forgotten.
    Overwrite,
    /// A run that broke off goes on, one that is whole stays.
    Resume,
}

/// A folder for the results of one run, which no other run may use meanwhile.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    name: String,
    /// Whether the folder was made for this run.
    is_new: bool,
    state: State,
    /// Until the folder is given up.
    lock: Option<Lock>,
}

#[derive(Debug)]
enum State {
    /// A run starts; `is_restart` when one broke off of which nothing can be used.
    New { is_restart: bool },
    /// A run goes on.
    Broken(Box<Found>),
    /// A run is whole; how it ended.
    Whole(u8),
}

/// What a folder holds of an earlier run that is to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing.
    Nothing,
    /// Every claim up to this number need not be judged again, but for some.
    Claims(u64),
    /// The same, but a part of the checkpoint was damaged and is left out.
    Damaged(u64),
    /// A checkpoint of which nothing can be used: the run starts over.
    Unusable,
    /// A whole run; its exit code.
    Whole(u8),
}

impl RunFolder {
    /// Takes the folder `path`, whose last part is made if it is not there.
    ///
    /// # Errors
    /// [`FolderError`] when it cannot be used, another run has it, or it holds what may not be replaced.
    pub fn open(path: PathBuf, reopen: Reopen) -> Result<Self, FolderError> {
        let name = input_name(&path);
        let unusable = |reason: String| FolderError::Unusable { folder: name.clone(), reason };
        let failed = |error: io::Error| unusable(error.to_string());
        let is_new = match fs::symlink_metadata(&path) {
            Ok(found) => check(&found).map(|()| false).map_err(unusable)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                private::new_folder(&path).map(|()| true).map_err(failed)?
            }
            Err(error) => return Err(failed(error)),
        };
        let lock = Lock::take(path.join(LOCK)).map_err(|error| match error {
            NotLocked::Held(process) => FolderError::Locked { folder: name.clone(), process },
            NotLocked::Failed(error) => failed(error),
        });
        let lock = lock.inspect_err(|_| forget(is_new, &path))?;
        let mut folder =
            Self { path, name, is_new, state: State::New { is_restart: false }, lock: Some(lock) };
        folder.state = folder.look(reopen)?;
        Ok(folder)
    }

    /// Where the report of a format goes.
    #[must_use]
    pub fn report(&self, format: &str) -> Option<PathBuf> {
        let (_, file) = REPORTS.iter().find(|(name, _)| *name == format)?;
        Some(self.path.join(file))
    }

    /// What it holds of an earlier run that is to go on.
    #[must_use]
    pub fn earlier(&self) -> Earlier {
        match &self.state {
            State::New { is_restart: false } => Earlier::Nothing,
            State::New { is_restart: true } => Earlier::Unusable,
            State::Broken(found) if found.is_torn => Earlier::Damaged(found.head.through),
            State::Broken(found) => Earlier::Claims(found.head.through),
            State::Whole(exit_code) => Earlier::Whole(*exit_code),
        }
    }

    fn work(&self) -> PathBuf {
        self.path.join(WORK)
    }

    fn journal(&self) -> PathBuf {
        self.work().join(JOURNAL)
    }

    /// What is in the folder, and whether it may be there.
    fn look(&self, reopen: Reopen) -> Result<State, FolderError> {
        let unusable = |error: io::Error| FolderError::Unusable {
            folder: self.name.clone(),
            reason: error.to_string(),
        };
        if let Ok(found) = fs::symlink_metadata(self.work()) {
            check(&found).map_err(|reason| unusable(io::Error::other(reason)))?;
        }
        for name in names() {
            let is_wanted = |found: &fs::Metadata| match name {
                QUARANTINE => found.is_dir(),
                _ => found.is_file(),
            };
            if fs::symlink_metadata(self.path.join(name)).is_ok_and(|found| !is_wanted(&found)) {
                let reason = format!("`{name}` in it is not what a run leaves");
                return Err(unusable(io::Error::other(reason)));
            }
        }
        let has_journal = fs::symlink_metadata(self.journal()).is_ok();
        match reopen {
            Reopen::Refuse if has_journal => {
                return Err(FolderError::Unfinished { folder: self.name.clone() });
            }
            Reopen::Overwrite => return Ok(State::New { is_restart: false }),
            Reopen::Resume if has_journal => {
                let found = Found::read(&self.journal()).map_err(unusable)?;
                return Ok(match found {
                    Some(found) => State::Broken(Box::new(found)),
                    None => State::New { is_restart: true },
                });
            }
            Reopen::Refuse | Reopen::Resume => {}
        }
        if reopen == Reopen::Resume
            && let Some(exit_code) = self.exit_code()
        {
            return Ok(State::Whole(exit_code));
        }
        match names().find(|name| fs::symlink_metadata(self.path.join(name)).is_ok()) {
            Some(file) => {
                Err(FolderError::Taken { folder: self.name.clone(), file: file.to_owned() })
            }
            None => Ok(State::New { is_restart: false }),
        }
    }

    /// How the whole run in the folder ended.
    fn exit_code(&self) -> Option<u8> {
        let text = fs::read_to_string(self.path.join(SUMMARY)).ok()?;
        let summary: serde_json::Value = serde_json::from_str(&text).ok()?;
        u8::try_from(summary.get("exit_code")?.as_u64()?).ok()
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        drop(self.lock.take());
        forget(self.is_new, &self.path);
    }
}

/// Every name that a run may give a file or folder, `summary.json` last.
fn names() -> impl Iterator<Item = &'static str> {
    let reports = REPORTS.iter().map(|(_, file)| *file);
    [FINDINGS].into_iter().chain(reports).chain([QUARANTINE, PROVENANCE, SUMMARY])
}

/// Takes away a folder that was made for a run which left nothing in it.
fn forget(is_new: bool, path: &Path) {
    if is_new {
        // A folder with something in it stays.
        let _ = fs::remove_dir(path);
    }
}

/// A folder in which nobody else can plant a file.
fn check(found: &fs::Metadata) -> Result<(), String> {
    if found.is_symlink() {
        return Err("it is a link".to_owned());
    }
    if !found.is_dir() {
        return Err("it is no folder".to_owned());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if found.uid() != rustix::process::geteuid().as_raw() {
            return Err("it belongs to another user".to_owned());
        }
        if found.mode() & 0o022 != 0 {
            return Err("others may write to it".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
