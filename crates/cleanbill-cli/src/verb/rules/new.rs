//! `cleanbill rules new`: a pack or a rule to start from, which passes its checks and tests as it stands.

mod pack;
mod rule;

use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use cleanbill_rules::{ScaffoldError, ScaffoldFile};

use crate::failure::Failure;
use crate::whole_file::WholeFile;

/// What to make.
#[derive(Debug, Subcommand)]
pub enum NewVerb {
    /// Make a folder with a pack and a first rule
    Pack(pack::PackFlags),
    /// Add a rule to a pack; asks for what no flag tells
    Rule(rule::RuleFlags),
}

/// Makes it; gives back the exit code.
pub fn run(verb: &NewVerb) -> Result<u8, Failure> {
    match verb {
        NewVerb::Pack(flags) => pack::run(flags),
        NewVerb::Rule(flags) => rule::run(flags),
    }
}

fn refused(error: ScaffoldError) -> Failure {
    match error {
        ScaffoldError::Mistakes(mistakes) => Failure::packs(&mistakes),
        ScaffoldError::Refused { message, help } => Failure::refused(message, help),
    }
}

/// Writes all files before the first one gets its name; takes no name that something has.
fn create(folder: &Path, files: &[ScaffoldFile]) -> Result<(), Failure> {
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

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::not_whole(
        format!("writing `{}` failed: {error}", path.display()),
        "make room, or choose another folder",
    )
}
