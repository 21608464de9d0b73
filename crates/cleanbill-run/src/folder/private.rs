//! Files and folders that their owner alone may look into, whatever the umask.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::scratch;

/// A new file to write to.
pub(super) fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(scratch::own)
}

/// A new folder.
pub(super) fn new_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::fs::Permissions;
        use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
        DirBuilder::new().mode(0o700).create(path)?;
        std::fs::set_permissions(path, Permissions::from_mode(0o700))
    }
    #[cfg(not(unix))]
    DirBuilder::new().create(path)
}
