//! Which files are plugins: no search path, no guess.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::PluginError;

/// Endings of shared libraries on the systems we know.
const ENDINGS: [&str; 3] = ["so", "dylib", "dll"];

/// The plugin files that `paths` name: a file stands for itself, a folder for the libraries directly in
/// it, sorted by name.
///
/// # Errors
/// [`PluginError`] when a path cannot be read or a folder holds no library.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, PluginError> {
    let mut files = Vec::new();
    for path in paths {
        let unreadable = |source| PluginError::Unreadable { path: path.clone(), source };
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            if has_library_ending(&file) && file.is_file() {
                files.push(file);
            }
        }
        let Some(found @ [_, ..]) = files.get_mut(before..) else {
            return Err(PluginError::EmptyFolder { path: path.clone() });
        };
        found.sort();
    }
    Ok(files)
}

fn has_library_ending(file: &Path) -> bool {
    file.extension().and_then(OsStr::to_str).is_some_and(|ending| ENDINGS.contains(&ending))
}
