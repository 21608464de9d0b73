//! Files of a folder that a verb makes for its user: all of them or none, and nothing is overwritten.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cleanbill_rules::ScaffoldFile;

use crate::failure::Failure;
use crate::whole_file::WholeFile;

/// Refuses a folder that is there and has something in it.
pub fn refuse_full(folder: &Path, help: &str) -> Result<(), Failure> {
    let is_free = fs::read_dir(folder).map_or(!folder.exists(), |mut names| names.next().is_none());
    if is_free {
        return Ok(());
    }
    Err(Failure::refused(
        format!("`{}` is there already and is not empty", folder.display()),
        help.to_owned(),
    ))
}

/// Writes all files before the first one gets its name; takes no name that something has.
pub fn create(folder: &Path, files: &[ScaffoldFile]) -> Result<(), Failure> {
    let taken = |path: &PathBuf| path.symlink_metadata().is_ok();
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.path)).collect();
    if let Some(path) = paths.iter().find(|path| taken(path)) {
        return Err(Failure::refused(
            format!("`{}` is there already and is not overwritten", path.display()),
            "choose another name or folder",
        ));
    }
    let mut ready = Vec::new();
    for (path, file) in paths.iter().zip(files) {
        ready.push(WholeFile::write(path, &file.text).map_err(|error| failed(path, &error))?);
    }
    ready
        .into_iter()
        .zip(&paths)
        .try_for_each(|(ready, path)| ready.create().map_err(|error| failed(path, &error)))
}

/// The refusal of a file that cannot be written.
pub fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::not_whole(
        format!("writing `{}` failed: {error}", path.display()),
        "make room, or choose another folder",
    )
}
