//! Room on disk for what a run cannot keep in memory.

use std::env;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use cleanbill_intake::Scratch;

/// Room for rows of claims that do not fit into memory and for columnar files out of a pipe.
///
/// Files in it have no name from the start and can be opened by nobody else (mode 0600), so that nothing is left
/// however the run ends. They are made in the folder that `TMPDIR` names, else in `/var/tmp`, which is on a disk
/// where `/tmp` may be memory.
#[must_use]
pub const fn scratch() -> Scratch {
    Scratch::new(|| tempfile::tempfile_in(folder()).and_then(own))
}

fn folder() -> PathBuf {
    let var = Path::new("/var/tmp");
    match env::var_os("TMPDIR").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None if cfg!(unix) && var.is_dir() => var.to_owned(),
        None => env::temp_dir(),
    }
}

/// A file that its owner alone may read.
pub(crate) fn own(file: File) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(unix)]
    fn a_file_has_no_name_and_is_its_owners_alone() {
        use std::os::unix::fs::MetadataExt as _;
        let file = super::scratch().file().unwrap().metadata().unwrap();
        assert_eq!((file.mode() & 0o777, file.nlink(), file.len()), (0o600, 0, 0));
    }
}
