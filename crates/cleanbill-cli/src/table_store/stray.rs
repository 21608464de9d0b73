//! Files in the folder that no index names: left by an import that was killed between writing them and
//! replacing the index.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use super::index::Index;

/// The files that imports leave, by their path within `folder`, that the index does not name.
///
/// # Errors
/// A folder cannot be read.
pub fn find(folder: &Path, index: &Index) -> io::Result<Vec<String>> {
    let known: BTreeSet<&str> = index.files().map(|stored| stored.file.as_str()).collect();
    let mut found = Vec::new();
    for entry in entries(folder)? {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            for entry in entries(&entry.path())? {
                let file = entry.file_name().to_string_lossy().into_owned();
                let path = format!("{name}/{file}");
                let is_ours = is_compiled(&file) || is_unfinished(&file);
                if is_ours && entry.file_type()?.is_file() && !known.contains(path.as_str()) {
                    found.push(path);
                }
            }
        } else if is_unfinished(&name) {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

/// Removes them, and folders that hold nothing any more; what cannot be removed stays.
///
/// # Errors
/// A folder cannot be read.
pub fn remove(folder: &Path, index: &Index) -> io::Result<()> {
    for path in find(folder, index)? {
        let path = folder.join(path);
        let _ = fs::remove_file(&path);
        if let Some(parent) = path.parent().filter(|parent| *parent != folder) {
            // It is not empty where something else is in it.
            let _ = fs::remove_dir(parent);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.collect(),
    }
}

/// `2026q3-0123456789ab.cbt`: an edition, and the beginning of a digest.
fn is_compiled(name: &str) -> bool {
    let stem = name.strip_suffix(".cbt").and_then(|stem| stem.rsplit_once('-'));
    stem.is_some_and(|(edition, digest)| {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        !edition.is_empty() && digest.len() == 12 && digest.bytes().all(is_hex)
    })
}

/// The name of a file before it has its own.
fn is_unfinished(name: &str) -> bool {
    name.starts_with(".cleanbill-") && name.ends_with(".part")
}
