//! Which files are plugins: no search path, no guess.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::PluginError;

/// How the names of shared libraries end here. A folder may hold those for other systems too.
pub(crate) const ENDING: &str = std::env::consts::DLL_EXTENSION;

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

/// Whether the name of `file` is that of a shared library of this system.
pub(crate) fn has_library_ending(file: &Path) -> bool {
    file.extension().and_then(OsStr::to_str) == Some(ENDING)
}
