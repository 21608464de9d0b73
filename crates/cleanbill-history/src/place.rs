//! Where a history is: what a person writes on the command line for it.

use std::path::{Path, PathBuf};

use crate::error::HistoryError;

/// What a connection may be read from where the command line shall not tell it.
pub(crate) const URL: &str = "CLEANBILL_HISTORY_URL";

/// Where a history is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryPlace {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(Connecting),
}

/// Where it is told how a server is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connecting {
    /// In the environment: `CLEANBILL_HISTORY_URL`, else the variables that programs of PostgreSQL read.
    Environment,
    /// In a file for its owner alone.
    File(PathBuf),
    /// In a URL that holds no password.
    Url(String),
}

impl HistoryPlace {
    /// Reads what was written: `postgres`, `postgres:FILE`, `postgres://...`, or a file's name.
    ///
    /// # Errors
    /// [`HistoryError::Place`] when it holds a password: command lines are seen by every program of the
    /// machine, and kept. What was written is not repeated then.
    pub fn read(written: &Path) -> Result<Self, HistoryError> {
        let file = || Self::File(written.to_owned());
        let Some(text) = written.to_str() else { return Ok(file()) };
        if is_url(text) {
            return match holds_password(text) {
                true => Err(password_shown()),
                false => Ok(Self::Server(Connecting::Url(text.to_owned()))),
            };
        }
        if text == "postgres" {
            return Ok(Self::Server(Connecting::Environment));
        }
        match text.strip_prefix("postgres:") {
            Some(path) => Ok(Self::Server(Connecting::File(PathBuf::from(path)))),
            None if text.contains("password=") => Err(password_shown()),
            None => Ok(file()),
        }
    }

    /// The file, where it is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }

    /// The file whose name a key has with `.key` behind it, unless told otherwise; a server that is not
    /// told by a file has none.
    pub(crate) fn key_beside(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Server(Connecting::File(path)) => Some(path),
            Self::Server(_) => None,
        }
    }
}

/// Whether it is the URL of a server.
fn is_url(text: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme))
}

/// Whether a URL holds a password: behind the user's name, or among its parameters.
fn holds_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, behind) = match rest.find(['/', '?']) {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    };
    // A password may itself hold what ends the authority.
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    user.is_some_and(|user| user.contains(':'))
        || behind.contains('@')
        || behind.to_ascii_lowercase().contains("pass")
}

fn password_shown() -> HistoryError {
    HistoryError::Place {
        reason: format!(
            "the connection on the command line holds a password, which every program of the machine can see there; \
             change that password, and put the connection into {URL} or into a file of mode 0600 that `postgres:FILE` \
             names, or the password into PGPASSFILE"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<HistoryPlace, HistoryError> {
        HistoryPlace::read(Path::new(text))
    }

    #[test]
    fn a_server_is_told_from_a_file() {
        for file in ["claims.db", "./postgres", "a/postgres:x", "postgres.db"] {
            assert_eq!(read(file).unwrap().path(), Some(Path::new(file)));
        }
        let server = |text| match read(text).unwrap() {
            HistoryPlace::Server(connecting) => connecting,
            HistoryPlace::File(path) => panic!("{}", path.display()),
        };
        assert_eq!(server("postgres"), Connecting::Environment);
        assert_eq!(server("postgres:a/b"), Connecting::File("a/b".into()));
        let file = read("postgres:a/b").unwrap();
        assert_eq!(file.key_beside(), Some(Path::new("a/b")));
        for url in [
            "postgres:///claims",
            "postgresql://jane@localhost:5433/claims?connect_timeout=3",
            "postgres://[::1]:5432/claims",
            "postgres://%2Frun%2Fpg/claims",
        ] {
            assert_eq!(server(url), Connecting::Url(url.to_owned()));
        }
    }

    #[test]
    fn a_password_on_the_command_line_is_refused_and_not_repeated() {
        for written in [
            "postgres://jane:ZZSECRET@localhost/claims",
            "postgres://jane:ZZ/SECRET@localhost/claims",
            "postgres://jane:ZZ?SECRET@localhost/claims",
            "postgresql://localhost/claims?password=ZZSECRET",
            "postgresql://localhost/claims?sslpassword=ZZSECRET",
            "postgresql://localhost/claims?PassWord=ZZSECRET",
            "host=localhost password=ZZSECRET",
        ] {
            let error = read(written).unwrap_err();
            assert!(error.is_refusal());
            let words = error.to_string();
            assert!(!words.contains("SECRET") && words.contains("0600"), "{words}");
        }
    }
}
