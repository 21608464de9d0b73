//! Files that an author keeps: written whole or not at all, under the rights that the author's files have.
//!
//! Reports are another matter: they name claims, appear for their owner alone, and are published by
//! `cleanbill-run`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file that is written but does not have its name yet; dropped, it leaves nothing behind.
pub struct WholeFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl WholeFile {
    /// Writes `text` beside `path`, making the folders that are missing.
    ///
    /// # Errors
    /// The system's reason.
    pub fn write(path: &Path, text: &str) -> io::Result<Self> {
        let mut file = Self::begin(path)?;
        file.file().write_all(text.as_bytes())?;
        file.file().sync_all()?;
        Ok(file)
    }

    /// An empty file beside `path`, to be filled and synced by the caller.
    ///
    /// # Errors
    /// The system's reason.
    pub fn begin(path: &Path) -> io::Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".cleanbill-").suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        // The kind alone, since `tempfile` adds its temporary name to the reason.
        let file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// The file to write to.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Gives the file its name, in place of the file that has it.
    ///
    /// # Errors
    /// The system's reason; a link, device or folder of that name is not replaced.
    pub fn replace(self) -> io::Result<()> {
        match fs::symlink_metadata(&self.path) {
            Ok(found) if !found.is_file() => {
                return Err(io::Error::other("only a regular file is replaced"));
            }
            Ok(found) => self.file.as_file().set_permissions(found.permissions())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.file.persist(&self.path).map(drop).map_err(|failed| failed.error)
    }

    /// Gives the file its name unless something has it.
    ///
    /// # Errors
    /// The system's reason; the name is taken.
    pub fn create(self) -> io::Result<()> {
        self.file.persist_noclobber(&self.path).map(drop).map_err(|failed| failed.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_with_its_rights_and_a_new_one_takes_no_name_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/pack.yaml");
        WholeFile::write(&path, "one").unwrap().create().unwrap();
        assert!(WholeFile::write(&path, "two").unwrap().create().is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        let rights = fs::metadata(&path).unwrap().permissions();
        WholeFile::write(&path, "three").unwrap().replace().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(fs::metadata(&path).unwrap().permissions(), rights);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("there"), &link).unwrap();
        assert!(WholeFile::write(&link, "text").unwrap().replace().is_err());
    }
}
