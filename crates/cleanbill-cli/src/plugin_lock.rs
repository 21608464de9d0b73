//! `plugins.lock` of a command: where it is, and how it is written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_plugin_host::{PLUGINS_LOCK, PluginLock, PluginLockError};

use crate::failure::Failure;
use crate::whole_file::WholeFile;

/// The flag of verbs that read the lock.
#[derive(Debug, Args)]
pub struct PluginLockFlag {
    /// The lock that says which plugins may run [default: plugins.lock in this folder]
    #[arg(long, value_name = "FILE")]
    plugins_lock: Option<PathBuf>,
}

impl PluginLockFlag {
    /// Where the lock is.
    pub fn path(&self) -> &Path {
        self.plugins_lock.as_deref().unwrap_or(Path::new(PLUGINS_LOCK))
    }

    /// The lock. One that is not there lets nothing load.
    ///
    /// # Errors
    /// It is there and cannot be used.
    pub fn read_or_new(&self) -> Result<PluginLock, Failure> {
        Ok(self.find()?.unwrap_or_default())
    }

    /// The lock, for a command that is to load plugins.
    ///
    /// # Errors
    /// It cannot be used, or is not there.
    pub fn read(&self) -> Result<PluginLock, Failure> {
        self.find()?.ok_or_else(|| {
            Failure::refused(
                format!("there is no `{}`, so no plugin may run", self.path().display()),
                "`cleanbill plugins trust FILE` makes it and adds a plugin that you agree to",
            )
        })
    }

    fn find(&self) -> Result<Option<PluginLock>, Failure> {
        let text = match fs::read_to_string(self.path()) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unusable(&error.to_string())),
        };
        PluginLock::parse(&text).map(Some).map_err(|error| self.unusable(&error.to_string()))
    }

    /// Writes the changed lock in place of the one that was read.
    ///
    /// # Errors
    /// The change is not valid, or cannot be written.
    pub fn write(&self, changed: Result<PluginLock, PluginLockError>) -> Result<(), Failure> {
        let changed = changed.map_err(|error| self.unusable(&error.to_string()))?;
        let written =
            WholeFile::write(self.path(), &changed.to_string()).and_then(WholeFile::replace);
        written.map_err(|error| {
            Failure::not_whole(
                format!("writing `{}` failed: {error}", self.path().display()),
                "make room, or name another file with `--plugins-lock`",
            )
        })
    }

    fn unusable(&self, reason: &str) -> Failure {
        Failure::refused(
            format!("`{}` cannot be used: {reason}", self.path().display()),
            "mend the file, or take it back from version control",
        )
    }
}
