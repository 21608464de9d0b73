//! Where a plugin file is and who may change it: looked at once, on the file that is opened and read.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::path::{ENDING, has_library_ending};
use crate::refusal::{Problem, Step};

/// A file that nobody but the user and the system's administrator can change.
pub(super) struct Placed {
    /// The file, open.
    pub(super) file: File,
    /// Its absolute path without links.
    pub(super) path: PathBuf,
}

/// Opens the plugin file at `path`.
pub(super) fn open(path: &Path) -> Result<Placed, Problem> {
    let path = resolve(path)?;
    if !has_library_ending(&path) {
        return Err(misplaced(
            format!("its name does not end in `.{ENDING}`"),
            "name the library that the build of the plugin wrote",
        ));
    }
    open_owned(path)
}

/// Opens a library that a plugin needs, whatever its name.
pub(super) fn open_owned(path: PathBuf) -> Result<Placed, Problem> {
    let file = open_file(&path).map_err(|error| unreadable(&error))?;
    rights::check(&path, &file)?;
    Ok(Placed { file, path })
}

/// The absolute path of the ordinary file behind `path`. The system's loader searches for a name without a
/// slash; it is never given one.
fn resolve(path: &Path) -> Result<PathBuf, Problem> {
    let absolute = absolute(path)?;
    let kind = fs::metadata(&absolute).map_err(|error| unreadable(&error))?;
    if kind.is_dir() {
        return Err(misplaced("it is a folder", "name a plugin file within it"));
    }
    if !kind.is_file() {
        return Err(misplaced("it is not an ordinary file", "name a plugin file"));
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if absolute.parent() != Some(&self::absolute(folder)?) {
        return Err(misplaced(
            format!("it is a link to `{}`, in another folder", absolute.display()),
            "name that file itself, or put a copy in place of the link",
        ));
    }
    Ok(absolute)
}

/// The path without links and without dots.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, Problem> {
    fs::canonicalize(path).map_err(|error| unreadable(&error))
}

fn misplaced(problem: impl Into<String>, remedy: &str) -> Problem {
    Problem::new(Step::Path, problem, remedy)
}

fn unreadable(error: &io::Error) -> Problem {
    misplaced(format!("it cannot be read: {error}"), "check the path and its permissions")
}

#[cfg(unix)]
fn open_file(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};

    // Without waiting for the other end of a pipe that came in place of the file.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open_file(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
mod rights {
    //! Owners and modes of a file and of every folder above it.

    use std::fs::{self, File, Metadata};
    use std::os::unix::fs::MetadataExt as _;
    use std::path::{Path, PathBuf};

    use super::unreadable;
    use crate::refusal::{Problem, Step};

    const WRITABLE_BY_OTHERS: u32 = 0o022;
    const RUNS_AS_ANOTHER: u32 = 0o6000;
    const STICKY: u32 = 0o1000;

    pub(super) fn check(path: &Path, file: &File) -> Result<(), Problem> {
        // Of the file that is open, not of what the path leads to by now.
        let found = file.metadata().map_err(|error| unreadable(&error))?;
        if !found.is_file() {
            return Err(Problem::new(
                Step::Path,
                "it is not an ordinary file",
                "name a plugin file",
            ));
        }
        check_one(path, &found, "it")?;
        if found.mode() & RUNS_AS_ANOTHER != 0 {
            return Err(Problem::new(
                Step::Permissions,
                "it has the set-user-id or set-group-id bit",
                format!("`chmod ug-s {}`", path.display()),
            ));
        }
        let checkout = checkout();
        for folder in path.ancestors().skip(1) {
            if checkout.as_deref() == Some(folder) {
                break;
            }
            let found = fs::metadata(folder).map_err(|error| unreadable(&error))?;
            check_one(folder, &found, &format!("the folder `{}`", folder.display()))?;
        }
        Ok(())
    }

    /// The checkout that a build for development belongs to, set by its `.cargo/config.toml`: it may lie in a folder
    /// for everybody, and its tests load plugins all the same. A release has no such exception.
    fn checkout() -> Option<PathBuf> {
        let set =
            cfg!(debug_assertions).then(|| std::env::var_os("CLEANBILL_CHECKOUT")).flatten()?;
        fs::canonicalize(set).ok()
    }

    /// A folder with the sticky bit, such as `/tmp`, is no exception: whoever may write there can be first
    /// to make the next folder on the way.
    fn check_one(path: &Path, found: &Metadata, what: &str) -> Result<(), Problem> {
        let me = rustix::process::geteuid().as_raw();
        let (owner, mode) = (found.uid(), found.mode());
        if owner != 0 && owner != me {
            return Err(Problem::new(
                Step::Permissions,
                format!("{what} belongs to user {owner}, who could change it"),
                "keep plugins in a folder that belongs to you or to root",
            ));
        }
        if mode & WRITABLE_BY_OTHERS != 0 {
            return Err(Problem::new(
                Step::Permissions,
                format!("{what} can be written by others (mode {:o})", mode & 0o7777),
                match mode & STICKY {
                    0 => format!("`chmod go-w {}`, if it is yours alone", path.display()),
                    // A folder for everybody stays one.
                    _ => "keep plugins in a folder of your own".to_owned(),
                },
            ));
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod rights {
    //! Owners and modes are not looked at here; `plugins doctor` says so.

    use std::fs::File;
    use std::path::Path;

    use crate::refusal::Problem;

    pub(super) fn check(_path: &Path, _file: &File) -> Result<(), Problem> {
        Ok(())
    }
}
