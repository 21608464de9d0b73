//! The copy of a library that is checked and loaded. A file on disk can change between the check and the
//! load; this copy cannot: it is sealed memory, or a file in a folder that only this user can enter.

use std::fs::{self, File};
use std::io::{self, Read as _};
#[cfg(unix)]
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

/// A file larger than this is no plugin, in bytes.
const LIMIT: u64 = 256 << 20;

/// The copy of a library that is checked and loaded.
#[derive(Debug)]
pub(crate) struct Image {
    path: PathBuf,
    kept: Kept,
}

/// What holds the copy; it goes away with this.
#[derive(Debug)]
enum Kept {
    /// Sealed memory.
    #[cfg(target_os = "linux")]
    Sealed { memory: File },
    /// A folder of its own.
    Folder { _folder: TempDir },
}

impl Image {
    /// A copy of these bytes.
    pub(super) fn of(bytes: &[u8]) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Some(sealed) = sealed(bytes) {
            return Ok(sealed);
        }
        private(bytes)
    }

    /// Where the system's loader finds it, in this process.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Sealed memory once more, for a process that is to load it; none for a private copy, which has a path.
    #[cfg(unix)]
    pub(crate) fn file(&self) -> io::Result<Option<OwnedFd>> {
        match &self.kept {
            #[cfg(target_os = "linux")]
            Kept::Sealed { memory } => Ok(Some(memory.try_clone()?.into())),
            Kept::Folder { .. } => Ok(None),
        }
    }

    /// Keeps sealed memory open until the process ends. The system's loader knows a library by its path, and
    /// the number of a file that is closed is given to the next one: another plugin under the same path
    /// would be taken for this one.
    pub(crate) fn keep(self: &Arc<Self>) {
        match self.kept {
            #[cfg(target_os = "linux")]
            Kept::Sealed { .. } => std::mem::forget(Arc::clone(self)),
            Kept::Folder { .. } => {}
        }
    }

    /// `sealed memory` or `private copy`.
    pub(crate) fn kind(&self) -> &'static str {
        match self.kept {
            #[cfg(target_os = "linux")]
            Kept::Sealed { .. } => "sealed memory",
            Kept::Folder { .. } => "private copy",
        }
    }
}

/// All bytes of a file, read once.
pub(super) fn read(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LIMIT) {
        Ok(bytes)
    } else {
        Err(io::Error::other(format!("it is larger than {} MiB", LIMIT >> 20)))
    }
}

/// A copy in memory that nobody can change any more; none where the system has no such memory, or does not
/// let libraries be loaded out of it.
#[cfg(target_os = "linux")]
fn sealed(bytes: &[u8]) -> Option<Image> {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

    let plain = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Systems before 6.3 do not know the flag, and later ones may be set up to ask for it.
    let memory = memfd_create("cleanbill-plugin", plain | MemfdFlags::EXEC)
        .or_else(|_| memfd_create("cleanbill-plugin", plain))
        .ok()?;
    let mut memory = File::from(memory);
    memory.write_all(bytes).ok()?;
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    fcntl_add_seals(&memory, seals).ok()?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", memory.as_raw_fd()));
    path.exists().then_some(Image { path, kept: Kept::Sealed { memory } })
}

/// A copy in a folder that only this user can enter.
fn private(bytes: &[u8]) -> io::Result<Image> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cleanbill-plugin-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = builder.tempdir()?;
    let path = folder.path().join(format!("plugin.{}", std::env::consts::DLL_EXTENSION));
    fs::write(&path, bytes)?;
    Ok(Image { path, kept: Kept::Folder { _folder: folder } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn nobody_can_change_a_sealed_copy() {
        let image = sealed(b"library").unwrap();
        assert_eq!(
            (image.kind(), fs::read(image.path()).unwrap()),
            ("sealed memory", b"library".into())
        );
        let opened = File::options().write(true).open(image.path());
        let written = opened.and_then(|mut file| io::Write::write_all(&mut file, b"L"));
        assert!(written.is_err());
        let grown =
            File::options().write(true).open(image.path()).and_then(|file| file.set_len(99));
        assert!(grown.is_err());
        assert_eq!(fs::read(image.path()).unwrap(), b"library");
    }

    #[test]
    fn a_private_copy_is_for_this_user_alone_and_goes_away() {
        let image = private(b"library").unwrap();
        let path = image.path().to_owned();
        assert_eq!((image.kind(), fs::read(&path).unwrap()), ("private copy", b"library".into()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(path.parent().unwrap()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        drop(image);
        assert!(!path.exists());
    }
}
