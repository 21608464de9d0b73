//! A pack as one file: an uncompressed tar whose first entry lists the SHA-256 of every other.
//!
//! There is exactly one archive for each set of files (sorted names, no times, no owners), so that an
//! archive is whole when building it again from what it holds gives the same bytes. Nothing is unpacked
//! to disk, and nothing is decompressed: an archive never grows beyond its own size.

use core::fmt::Write as _;
use std::io::Read as _;

use sha2::{Digest as _, Sha256};
use tar::{Archive, Builder, EntryType, Header};

use crate::source::MemorySource;

/// Largest archive: 256 MiB.
pub const MAX_ARCHIVE_BYTES: u64 = 256 * 1024 * 1024;
/// Most files in one pack.
const MAX_FILES: usize = 4096;
/// Name of the list of digests; no file of a pack may have it.
const MANIFEST: &str = "MANIFEST";
/// First line of the list. `sha256sum --check` passes over it.
const FORMAT: &str = "# cleanbill/cbpack/v1\n";

/// Why an archive cannot be made or is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// It is larger than any archive may be.
    #[error("the archive is larger than {} MiB", MAX_ARCHIVE_BYTES / (1024 * 1024))]
    TooLarge,
    /// It holds more files than any archive may.
    #[error("the archive holds more than {MAX_FILES} files")]
    TooManyFiles,
    /// It is no archive of ours, or was cut or damaged where its structure stands.
    #[error("this is not a pack archive, or it is damaged {place}")]
    NotAnArchive {
        /// `at its start`, or behind which file.
        place: String,
    },
    /// A name that could reach out of the pack, or that the format cannot hold.
    #[error("`{file}` is not a name that a pack archive takes")]
    BadName {
        /// The name.
        file: String,
    },
    /// A link, folder, device or anything else that is no plain file.
    #[error("`{file}` is not a plain file")]
    NotAFile {
        /// Its name.
        file: String,
    },
    /// A file is not the one that was packed.
    #[error("`{file}` was changed after the pack was built")]
    Changed {
        /// Its name.
        file: String,
    },
    /// The list names a file that is not there.
    #[error("`{file}` is missing from the archive")]
    Missing {
        /// Its name.
        file: String,
    },
    /// A file that the list does not name, or names twice.
    #[error("`{file}` is not one of the files that the pack was built of")]
    Unlisted {
        /// Its name.
        file: String,
    },
}

impl ArchiveError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::TooLarge | Self::TooManyFiles => "split the pack",
            Self::BadName { .. } => {
                "use letters, digits, `.`, `-`, `_` and `/`, and at most 100 characters"
            }
            _ => "get the archive again, or build it anew with `cleanbill rules pack build`",
        }
    }
}

/// The digest of a pack: `sha256:` and 64 hexadecimal digits over names and contents of its files.
///
/// It is the same for a folder, an archive and an embedded pack with the same files.
#[must_use]
pub fn pack_digest(files: &MemorySource) -> String {
    digest_of_list(&list(files))
}

/// The archive of a pack.
///
/// # Errors
/// [`ArchiveError`] for a name that the format cannot hold, or too much of anything.
pub fn build_archive(files: &MemorySource) -> Result<Vec<u8>, ArchiveError> {
    let lines = list(files);
    let manifest = format!("{FORMAT}{lines}# {}\n", digest_of_list(&lines));
    let mut builder = Builder::new(Vec::new());
    let entries = core::iter::once((MANIFEST, manifest.as_str())).chain(files.files());
    for (index, (path, text)) in entries.enumerate() {
        if index > MAX_FILES {
            return Err(ArchiveError::TooManyFiles);
        }
        if index > 0 && !is_safe(path) {
            return Err(ArchiveError::BadName { file: path.to_owned() });
        }
        append(&mut builder, path, text.as_bytes())?;
    }
    let bytes = builder.into_inner().map_err(|_| ArchiveError::TooLarge)?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len <= MAX_ARCHIVE_BYTES) {
        Ok(bytes)
    } else {
        Err(ArchiveError::TooLarge)
    }
}

/// The files in an archive, every byte of it checked. `label` is what people know it by.
///
/// # Errors
/// [`ArchiveError`] for anything that [`build_archive`] would not have made.
pub fn open_archive(label: &str, bytes: &[u8]) -> Result<MemorySource, ArchiveError> {
    if u64::try_from(bytes.len()).is_ok_and(|len| len > MAX_ARCHIVE_BYTES) {
        return Err(ArchiveError::TooLarge);
    }
    let mut place = "at its start".to_owned();
    let mut manifest = None;
    let mut files = MemorySource::new(label);
    let mut archive = Archive::new(bytes);
    let damaged = |place: &str| ArchiveError::NotAnArchive { place: place.to_owned() };
    // Raw: extensions that rename or stretch an entry are entries of their own kind and refused.
    let entries = archive.entries().map_err(|_| damaged(&place))?.raw(true);
    for (index, entry) in entries.enumerate() {
        if index > MAX_FILES {
            return Err(ArchiveError::TooManyFiles);
        }
        let mut entry = entry.map_err(|_| damaged(&place))?;
        let file = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type() != EntryType::Regular {
            return Err(ArchiveError::NotAFile { file });
        }
        let mut text = Vec::new();
        entry.read_to_end(&mut text).map_err(|_| damaged(&format!("in `{file}`")))?;
        let text = String::from_utf8(text);
        place = format!("behind `{file}`");
        match (&manifest, text) {
            (None, Ok(text)) if file == MANIFEST => manifest = Some(text),
            (None, _) => return Err(damaged("at its start")),
            (Some(_), _) if !is_safe(&file) => return Err(ArchiveError::BadName { file }),
            (Some(manifest), Ok(text)) if is_listed(manifest, &file, &text) => {
                files.add(&file, &text);
            }
            (Some(manifest), _) => return Err(refusal(manifest, file)),
        }
    }
    check_whole(&files, &manifest.unwrap_or_default(), bytes)?;
    Ok(files)
}

/// Nothing is missing, and building the archive again gives the same bytes.
fn check_whole(files: &MemorySource, manifest: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
    for (_, file) in manifest.lines().filter_map(listed) {
        if !files.files().any(|(path, _)| path == file) {
            return Err(ArchiveError::Missing { file: file.to_owned() });
        }
    }
    let again = build_archive(files)?;
    if again == bytes {
        return Ok(());
    }
    let same = again.iter().zip(bytes).take_while(|(a, b)| a == b).count();
    Err(match entry_at(&again, same) {
        Some(file) => ArchiveError::Changed { file },
        None => ArchiveError::NotAnArchive { place: "at its end".to_owned() },
    })
}

/// `<digest>  <path>` for every file, as `sha256sum` writes it.
fn list(files: &MemorySource) -> String {
    let mut list = String::new();
    for (path, text) in files.files() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(list, "{}  {path}", hex(text.as_bytes()));
    }
    list
}

fn digest_of_list(list: &str) -> String {
    format!("sha256:{}", hex(list.as_bytes()))
}

fn listed(line: &str) -> Option<(&str, &str)> {
    line.split_once("  ").filter(|_| !line.starts_with('#'))
}

fn is_listed(manifest: &str, file: &str, text: &str) -> bool {
    let digest = hex(text.as_bytes());
    manifest.lines().filter_map(listed).any(|line| line == (digest.as_str(), file))
}

fn refusal(manifest: &str, file: String) -> ArchiveError {
    if manifest.lines().filter_map(listed).any(|(_, listed)| listed == file) {
        ArchiveError::Changed { file }
    } else {
        ArchiveError::Unlisted { file }
    }
}

fn append(builder: &mut Builder<Vec<u8>>, path: &str, data: &[u8]) -> Result<(), ArchiveError> {
    let bad_name = || ArchiveError::BadName { file: path.to_owned() };
    let mut header = Header::new_ustar();
    header.set_path(path).map_err(|_| bad_name())?;
    header.set_size(u64::try_from(data.len()).map_err(|_| ArchiveError::TooLarge)?);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    builder.append(&header, data).map_err(|_| ArchiveError::TooLarge)
}

/// Plain names below the pack's folder: no way up, no root, no drive, nothing that a terminal or
/// another file system reads in its own way.
fn is_safe(path: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._- ".contains(c))
    };
    path.len() <= 100 && path != MANIFEST && path.split('/').all(is_plain)
}

/// The file whose header or content stands at `offset` of a sound archive.
fn entry_at(archive: &[u8], offset: usize) -> Option<String> {
    let offset = u64::try_from(offset).ok()?;
    let mut archive = Archive::new(archive);
    let found = archive.entries().ok()?.raw(true).filter_map(Result::ok).find(|entry| {
        let content = entry.raw_file_position();
        let blocks = entry.size().div_ceil(512) * 512;
        (entry.raw_header_position()..content + blocks).contains(&offset)
    })?;
    Some(String::from_utf8_lossy(&found.path_bytes()).into_owned())
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests;
