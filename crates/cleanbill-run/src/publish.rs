//! A file that appears under its name whole or not at all.
//!
//! It is written under another name in the same folder (a rename does not cross file systems), made
//! safe on disk, and renamed. Only its owner may read it, since findings name claims. What has no content of
//! its own, a terminal, `/dev/null` or a pipe, is written straight.

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
pub(crate) struct Unpublished(Place);

enum Place {
    /// Under another name until it is whole.
    Beside { file: NamedTempFile, path: PathBuf },
    /// A device or pipe, which keeps nothing and so is never half written.
    Straight { file: File, path: PathBuf },
}

impl Unpublished {
    /// Starts a file that is to appear as `path`. A regular file of that name will be replaced; a pipe or a
    /// device that takes characters is written straight; a link to a file, a folder and all else is refused.
    pub(crate) fn create(path: PathBuf) -> Result<Self, RunError> {
        Self::create_in(None, path)
    }

    /// The same, written in the folder `staging` of the same file system until it appears.
    pub(crate) fn create_in(staging: Option<&Path>, path: PathBuf) -> Result<Self, RunError> {
        let output = || input_name(&path);
        let unusable = |reason: String| RunError::OutputUnusable { output: output(), reason };
        if keeps_nothing(&path) {
            let file = File::options().write(true).open(&path);
            return match file {
                Ok(file) => Ok(Self(Place::Straight { file, path })),
                Err(error) => Err(unusable(error.to_string())),
            };
        }
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() => return Err(unusable("it is a folder".to_owned())),
            Ok(found) if !found.is_file() => {
                let reason = "it is a link, socket or disk, and only a regular file is replaced";
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
                Ok(Self(Place::Beside { file, path }))
            }
            Err(source) if is_full(&source) => Err(RunError::Write { output: output(), source }),
            Err(error) => Err(unusable(error.to_string())),
        }
    }

    /// A handle to write to.
    pub(crate) fn writer(&self) -> io::Result<File> {
        match &self.0 {
            Place::Beside { file, .. } => file.as_file().try_clone(),
            Place::Straight { file, .. } => file.try_clone(),
        }
    }

    /// What was written so far, to be read from its start; nothing can be read of what was written straight.
    pub(crate) fn written(&self) -> io::Result<File> {
        match &self.0 {
            Place::Beside { file, .. } => file.reopen(),
            Place::Straight { .. } => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The name under which it is to appear.
    pub(crate) fn path(&self) -> &Path {
        match &self.0 {
            Place::Beside { path, .. } | Place::Straight { path, .. } => path,
        }
    }

    /// Makes what was written safe on disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match &self.0 {
            Place::Beside { file, .. } => file.as_file().sync_all(),
            Place::Straight { .. } => Ok(()),
        }
    }

    /// Gives the file its name.
    pub(crate) fn publish(self) -> io::Result<()> {
        let Place::Beside { file, path } = self.0 else { return Ok(()) };
        file.persist(&path).map_err(|failed| failed.error)?;
        sync_folder(folder_of(&path))
    }

    /// Whether somebody may read it while it is written, and go away.
    pub(crate) const fn is_straight(&self) -> bool {
        matches!(self.0, Place::Straight { .. })
    }
}

/// Whether what is written to `path` is passed on or lost and never kept: a device that takes characters, or a
/// pipe; also behind links, as `/dev/stdout` and `/dev/fd/63` are.
pub(crate) fn keeps_nothing(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        fs::metadata(path).is_ok_and(|found| {
            let kind = found.file_type();
            kind.is_char_device() || kind.is_fifo()
        })
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
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
                .ends_with("it is a link, socket or disk, and only a regular file is replaced")
        );
        assert!(refused(folder.path().to_owned()).ends_with("it is a folder"));
        let missing = refused(folder.path().join("no/such/out.txt"));
        assert!(missing.ends_with("No such file or directory (os error 2)"), "{missing}");
        assert!(!missing.contains(".part"), "{missing}");
    }

    #[test]
    #[cfg(unix)]
    fn a_device_and_a_pipe_are_written_straight_also_behind_a_link() {
        use std::io::Read as _;
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        for path in [PathBuf::from("/dev/null"), link] {
            let file = Unpublished::create(path.clone()).unwrap();
            file.writer().unwrap().write_all(b"lost").unwrap();
            file.sync().unwrap();
            file.publish().unwrap();
            assert!(keeps_nothing(&path), "it is still what it was");
        }
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut text = String::new();
                File::open(pipe).unwrap().read_to_string(&mut text).unwrap();
                text
            }
        });
        let file = Unpublished::create(pipe.clone()).unwrap();
        file.writer().unwrap().write_all(b"passed on").unwrap();
        file.sync().unwrap();
        file.publish().unwrap();
        assert_eq!(reader.join().unwrap(), "passed on");
        assert_eq!(names(folder.path()), ["null", "pipe"]);
    }
}
