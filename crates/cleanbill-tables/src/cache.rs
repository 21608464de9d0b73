//! Compiled tables kept beside the CSV files that they were made of.
//!
//! What is kept decides verdicts, so it is used only when it was made of the very bytes that the CSV file
//! has now, with the same key, by this format, and when each of its own bytes is as it was written.
//! Deleting the folder is always safe: the next run makes it again.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::bytes::Bytes;
use crate::delimited::{CsvError, read_csv};
use crate::digest::{SourceMark, digest_of, hex};
use crate::layout::OpenError;
use crate::map::Map;
use crate::table::Table;

/// Name of the folder, beside a CSV file, that keeps compiled tables.
pub const CACHE_FOLDER: &str = ".cleanbill";

/// Size of a CSV file, in bytes, from which its compiled table is kept: 1 MiB.
pub const CACHED_FROM: u64 = 1 << 20;

/// The table in the CSV file `path`, sorted by the columns `key`, as [`read_csv`] makes it. That of a
/// large file is kept in [`CACHE_FOLDER`] beside it and taken from there the next time. A folder that
/// cannot be written costs nothing but time.
///
/// # Errors
/// The outer one when the file cannot be read or is no UTF-8 text
/// ([`InvalidData`](io::ErrorKind::InvalidData)), the inner one when it makes no table.
pub fn open_csv(path: &Path, key: &[String]) -> io::Result<Result<Table, CsvError>> {
    let bytes = fs::metadata(path)?.len();
    let kept = (bytes >= CACHED_FROM).then(|| Kept::new(path, key)).flatten();
    if let Some(table) = kept.as_ref().and_then(|kept| kept.take(path, bytes, key)) {
        return Ok(Ok(table));
    }
    let table = read_csv(&fs::read_to_string(path)?, key);
    if let (Some(kept), Ok(table)) = (&kept, &table)
        && let Err(error) = kept.keep(table)
    {
        tracing::debug!(file = %kept.file.display(), %error, "the compiled table is not kept");
    }
    Ok(table)
}

/// Where the compiled table of a CSV file is kept.
struct Kept {
    folder: PathBuf,
    file: PathBuf,
}

impl Kept {
    fn new(path: &Path, key: &[String]) -> Option<Self> {
        let folder = path.parent()?.join(CACHE_FOLDER);
        // Two packs may sort the same file by other columns.
        let parts: Vec<&[u8]> = key.iter().flat_map(|name| [name.as_bytes(), b"\n"]).collect();
        let mut ending = OsString::from(".");
        let [a, b, c, d, ..] = digest_of(&parts);
        ending.push(hex(&[a, b, c, d]));
        ending.push(".cbt");
        let mut name = path.file_name()?.to_owned();
        name.push(ending);
        Some(Self { file: folder.join(name), folder })
    }

    /// The table, when it is there and as it must be.
    fn take(&self, csv: &Path, bytes: u64, key: &[String]) -> Option<Table> {
        // A link may lead to a file that somebody else writes.
        let is_ours = fs::symlink_metadata(&self.folder).is_ok_and(|found| found.is_dir())
            && fs::symlink_metadata(&self.file).is_ok_and(|found| found.is_file());
        let file = is_ours.then(|| File::open(&self.file).ok()).flatten()?;
        let damaged = |reason: &dyn core::fmt::Display| -> Option<Table> {
            let file = self.file.display();
            tracing::warn!(%file, %reason, "the compiled table is made again");
            None
        };
        let table = match Map::of(&file).map(|map| Table::open(Bytes::Mapped(map))) {
            Ok(Ok(table)) => table,
            // Made by an older or newer program.
            Ok(Err(OpenError::Format { .. })) => return None,
            Ok(Err(reason)) => return damaged(&reason),
            Err(reason) => return damaged(&reason),
        };
        let is_fresh = table.source().bytes == bytes && table.key().eq(key);
        if !is_fresh || File::open(csv).and_then(SourceMark::read).ok()? != table.source() {
            return None;
        }
        match table.verify_from(&file) {
            Ok(Ok(())) => Some(table),
            Ok(Err(reason)) => damaged(&reason),
            Err(reason) => damaged(&reason),
        }
    }

    fn keep(&self, table: &Table) -> io::Result<()> {
        match fs::create_dir(&self.folder) {
            // Nothing in it belongs into a repository.
            Ok(()) => fs::write(self.folder.join(".gitignore"), "*\n")?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !fs::symlink_metadata(&self.folder)?.is_dir() {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
        let mut file = temporary_in(&self.folder)?;
        file.write_all(table.bytes())?;
        // Takes the place of a link, and does not follow it.
        file.persist(&self.file).map_err(|failed| failed.error)?;
        Ok(())
    }
}

fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".table-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Whoever may read the CSV file beside it may read it; the mask of the process applies.
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    builder.tempfile_in(folder)
}
