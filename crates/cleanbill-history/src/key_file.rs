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

/// Reads the key of `path`; makes one, for its owner alone, where there is no such file. It has its name
/// only once it is whole and on the disk: half a key would stand in the way of the next try.
pub(crate) fn read_or_create(path: &Path) -> Result<PatientKey, HistoryError> {
    let named = Named::new(path);
    let failed = |error| named.io(error);
    if path.symlink_metadata().is_ok() {
        return read(path);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let key = PatientKey::random().map_err(|error| named.io(io::Error::other(error)))?;
    // Such files are for their owner alone.
    let mut file =
        tempfile::Builder::new().prefix(".history-key-").tempfile_in(folder).map_err(failed)?;
    writeln!(file, "{}", key.to_hex()).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return read(path),
        Err(error) => return Err(named.io(error.error)),
    }
    sync_folder(folder).map_err(failed)?;
    Ok(key)
}

/// A name is on the disk when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
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
