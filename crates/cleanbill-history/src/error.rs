//! What can be wrong with a history.

use std::io;
use std::path::PathBuf;

/// Why a history cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The file is no history.
    #[error(
        "{path}: this is not a history of claims; name a file that `cleanbill history add` has made, or a new name"
    )]
    NotAHistory {
        /// The file.
        path: String,
    },
    /// Another version of this program made it.
    #[error(
        "{path}: this history has format {found}, and this version of cleanbill reads format {known}; use the version that wrote it, or export it there and add it here"
    )]
    Format {
        /// The file.
        path: String,
        /// Format of the file.
        found: u32,
        /// Format of this program.
        known: u32,
    },
    /// What tells where a history is cannot be used.
    #[error("{reason}")]
    Place {
        /// What is wrong, and what to do; no password.
        reason: String,
    },
    /// The database on a server holds no history.
    #[error(
        "{path}: there is no history of claims in this database; `cleanbill history add` makes one, or name another database"
    )]
    NoneThere {
        /// The server and its database.
        path: String,
    },
    /// The server lets nobody in like this.
    #[error("{path}: {reason}; check the connection, and that the user may use the database")]
    Refused {
        /// The server and its database.
        path: String,
        /// What it says; no values of claims.
        reason: String,
    },
    /// The server failed.
    #[error(
        "{path}: {reason}; run the same command again once the server answers, nothing is lost"
    )]
    Server {
        /// The server and its database.
        path: String,
        /// What it says; no values of claims.
        reason: String,
    },
    /// The server went away and did not come back.
    #[error(
        "{path}: {reason}, and was not back within {seconds} seconds; run the same command again once it answers, nothing is lost and nothing is added twice"
    )]
    Gone {
        /// The server and its database.
        path: String,
        /// How long it was waited for.
        seconds: u64,
        /// What it, or the system, said last.
        reason: String,
    },
    /// The key file is missing, or no key.
    #[error("{path}: {reason}")]
    Key {
        /// The key file.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The history was written with another key.
    #[error(
        "{path}: this history was written with another key than that of `{key}`; name its own with `--history-key`, or its patients are not found"
    )]
    OtherKey {
        /// The file.
        path: String,
        /// The key file.
        key: String,
    },
    /// Somebody else writes for too long.
    #[error(
        "{path}: another program is writing to this history; wait until it has ended and run again, nothing is lost"
    )]
    Busy {
        /// The file.
        path: String,
    },
    /// The system refuses.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The database refuses, or is damaged.
    #[error("{path}: {reason}; `cleanbill history verify` tells whether the file is whole")]
    Database {
        /// The file.
        path: String,
        /// What SQLite says; no values of claims.
        reason: String,
    },
    /// A row cannot be read back.
    #[error(
        "{path}: a claim of this history cannot be read back; restore the file from a copy, or add its claims to a new one"
    )]
    Damaged {
        /// The file.
        path: String,
    },
}

impl HistoryError {
    /// Whether the history was never usable, as opposed to lost on the way.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotAHistory { .. }
                | Self::Place { .. }
                | Self::NoneThere { .. }
                | Self::Refused { .. }
                | Self::Format { .. }
                | Self::Key { .. }
                | Self::OtherKey { .. }
        )
    }
}

/// Names the file in errors of the system and of SQLite.
#[derive(Clone, Debug)]
pub(crate) struct Named(pub(crate) String);

impl Named {
    pub(crate) fn new(path: &std::path::Path) -> Self {
        Self(path.display().to_string())
    }

    pub(crate) fn io(&self, source: io::Error) -> HistoryError {
        HistoryError::Io { path: self.0.clone(), source }
    }

    pub(crate) fn damaged(&self) -> HistoryError {
        HistoryError::Damaged { path: self.0.clone() }
    }

    pub(crate) fn other_key(&self, key: &std::path::Path) -> HistoryError {
        HistoryError::OtherKey { path: self.0.clone(), key: key.display().to_string() }
    }

    pub(crate) fn sql(&self, error: rusqlite::Error) -> HistoryError {
        use rusqlite::ErrorCode;

        let path = self.0.clone();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                HistoryError::Busy { path }
            }
            Some(ErrorCode::NotADatabase) => HistoryError::NotAHistory { path },
            // SQLite's own words for the code: the statement and its values stay out.
            Some(code) => HistoryError::Database { path, reason: words(code).to_owned() },
            None => {
                HistoryError::Database { path, reason: "a row is not as it was written".into() }
            }
        }
    }
}

fn words(code: rusqlite::ErrorCode) -> &'static str {
    use rusqlite::ErrorCode;

    match code {
        ErrorCode::DiskFull => "the disk is full",
        ErrorCode::ReadOnly => "the file or its folder may not be written",
        ErrorCode::CannotOpen => "the file cannot be opened",
        ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
            "access is denied"
        }
        ErrorCode::SystemIoFailure => "the system could not read or write",
        ErrorCode::DatabaseCorrupt => "the file is damaged",
        ErrorCode::OutOfMemory => "there is not enough memory",
        _ => "the database refused",
    }
}

/// The path of the file that belongs to `path` with `ending` behind its name.
pub(crate) fn beside(path: &std::path::Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
