//! `cleanbill rules new`: a pack or a rule to start from, which passes its checks and tests as it stands.

mod ask;
mod pack;
mod rule;

use std::io;
use std::path::Path;

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
    let mut ready = Vec::new();
    for file in files {
        let path = folder.join(&file.path);
        if path.symlink_metadata().is_ok() {
            return Err(Failure::refused(
                format!("`{}` is there already and is not overwritten", path.display()),
                "choose another name or folder",
            ));
        }
        ready.push(WholeFile::write(&path, &file.text).map_err(|error| failed(&path, &error))?);
    }
    ready.into_iter().zip(files).try_for_each(|(ready, file)| {
        ready.create().map_err(|error| failed(&folder.join(&file.path), &error))
    })
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::not_whole(
        format!("writing `{}` failed: {error}", path.display()),
        "make room, or choose another folder",
    )
}
