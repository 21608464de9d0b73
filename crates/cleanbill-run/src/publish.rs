//! A file that appears under its name whole or not at all.
//!
//! It is written under another name in the same folder (a rename does not cross file systems), made
//! safe on disk, and renamed. Only its owner may read it, since findings name claims.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cleanbill_report::input_name;
use tempfile::NamedTempFile;

use crate::error::RunError;

/// Writes a file that appears as `path` whole or not at all.
///
/// # Errors
/// [`RunError`] when it cannot be made or written; what stood there before is left alone.
pub fn publish_file(path: PathBuf, bytes: &[u8]) -> Result<(), RunError> {
    let output = input_name(&path);
    let failed = |source| RunError::Write { output, source };
    let file = Unpublished::create(path)?;
    let written = file.writer().and_then(|mut writer| writer.write_all(bytes));
    written.and_then(|()| file.sync()).and_then(|()| file.publish()).map_err(failed)
}

/// A file on its way; dropped without [`Unpublished::publish`] it leaves nothing behind.
pub(crate) struct Unpublished {
    file: NamedTempFile,
    path: PathBuf,
}

impl Unpublished {
    /// Starts a file that is to appear as `path`. A regular file of that name will be replaced; a
    /// link, pipe, device or folder is refused.
    pub(crate) fn create(path: PathBuf) -> Result<Self, RunError> {
        Self::create_in(None, path)
    }

    /// The same, written in the folder `staging` of the same file system until it appears.
    pub(crate) fn create_in(staging: Option<&Path>, path: PathBuf) -> Result<Self, RunError> {
        let output = || input_name(&path);
        let unusable = |reason: String| RunError::OutputUnusable { output: output(), reason };
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => return Err(unusable("it is a folder".to_owned())),
            Ok(found) if !found.is_file() => {
                let reason = "it is a link, pipe or device, and only a regular file is replaced";
                return Err(unusable(reason.to_owned()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unusable(error.to_string())),
        }
        let folder = folder_of(&path);
        fs::metadata(folder).map_err(|error| unusable(error.to_string()))?;
        let made = tempfile::Builder::new()
            .prefix(".cleanbill-")
            .suffix(".part")
            .tempfile_in(staging.unwrap_or(folder));
        // The kind alone, since `tempfile` adds its temporary name to the reason.
        match made.map_err(|error| io::Error::from(error.kind())) {
            Ok(file) => {
                keep_private(file.as_file())
                    .map_err(|source| RunError::Write { output: output(), source })?;
                Ok(Self { file, path })
            }
            Err(source) if is_full(&source) => Err(RunError::Write { output: output(), source }),
            Err(error) => Err(unusable(error.to_string())),
        }
    }

    /// A handle to write to.
    pub(crate) fn writer(&self) -> io::Result<File> {
        self.file.as_file().try_clone()
    }

    /// What was written so far, to be read from its start.
    pub(crate) fn written(&self) -> io::Result<File> {
        self.file.reopen()
    }

    /// The name under which it is to appear.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes what was written safe on disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.as_file().sync_all()
    }

    /// Gives the file its name.
    pub(crate) fn publish(self) -> io::Result<()> {
        let folder = folder_of(&self.path).to_owned();
        self.file.persist(&self.path).map_err(|failed| failed.error)?;
        sync_folder(&folder)
    }
}

/// The folder that holds `path`: the current one for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// 0600 whatever the umask.
#[cfg(unix)]
fn keep_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn keep_private(_file: &File) -> io::Result<()> {
    Ok(())
}

/// A rename is only safe on disk once its folder is. File systems that cannot sync a folder say so
/// with EINVAL and need no such call.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        done => done,
    }
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_or_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.ndjson");
        let dropped = Unpublished::create(path.clone()).unwrap();
        dropped.writer().unwrap().write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(dropped);
        assert!(names(folder.path()).is_empty());

        fs::write(&path, "old").unwrap();
        let file = Unpublished::create(path.clone()).unwrap();
        file.writer().unwrap().write_all(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        file.sync().unwrap();
        file.publish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["out.ndjson"]);
    }

    #[test]
    #[cfg(unix)]
    fn only_the_owner_may_read_a_published_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        Unpublished::create(path.clone()).unwrap().publish().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_a_folder_and_a_missing_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), &link).unwrap();
        let refused = |path: PathBuf| match Unpublished::create(path) {
            Ok(_) => panic!("it was taken"),
            Err(error) => {
                assert_eq!(error.exit_code(), crate::exit_code::REFUSED);
                error.to_string()
            }
        };
        assert!(
            refused(link)
                .ends_with("it is a link, pipe or device, and only a regular file is replaced")
        );
        assert!(refused(folder.path().to_owned()).ends_with("it is a folder"));
        let missing = refused(folder.path().join("no/such/out.txt"));
        assert!(missing.ends_with("No such file or directory (os error 2)"), "{missing}");
        assert!(!missing.contains(".part"), "{missing}");
    }
}
