//! The file that holds the key of a history.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::error::{HistoryError, Named};
use crate::key::PatientKey;

/// Reads the key of `path`.
pub(crate) fn read(path: &Path) -> Result<PatientKey, HistoryError> {
    let wrong = |reason: String| HistoryError::Key { path: path.display().to_string(), reason };
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => wrong(
            "the key of the history is not there; without it its patients cannot be found: put the file back, or name it with `--history-key`".to_owned(),
        ),
        _ => wrong(format!("the key of the history cannot be read: {error}")),
    })?;
    PatientKey::from_hex(&text).ok_or_else(|| {
        wrong(
            "this is no key of a history, which has 64 hexadecimal digits; put the right file back"
                .to_owned(),
        )
    })
}

/// Reads the key of `path`; makes one, for its owner alone, where there is no such file.
pub(crate) fn read_or_create(path: &Path) -> Result<PatientKey, HistoryError> {
    let named = Named::new(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return read(path),
        Err(error) => return Err(named.io(error)),
    };
    let key = PatientKey::random().map_err(|error| named.io(io::Error::other(error)))?;
    let written = writeln!(file, "{}", key.to_hex()).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // Half a key would stand in the way of the next try.
        let _ = fs::remove_file(path);
        return Err(named.io(error));
    }
    Ok(key)
}

/// A new file is for its owner alone.
#[cfg(unix)]
pub(crate) fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(0o600);
}

/// A new file has the rights of its folder.
#[cfg(not(unix))]
pub(crate) fn owner_only(_options: &mut OpenOptions) {}
