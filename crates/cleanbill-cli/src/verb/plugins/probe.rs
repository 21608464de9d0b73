//! The hidden subcommand behind which one test of `plugins check` runs.

use std::path::PathBuf;

use clap::Args;
use cleanbill_run::exit_code;

use crate::failure::Failure;

/// The name of the subcommand.
pub const WORD: &str = "__plugin-probe";

/// What the kit hands over.
#[derive(Debug, Args)]
pub struct ProbeFlags {
    /// The file of the job
    job: PathBuf,
}

/// Does it; gives back the exit code.
pub fn run(flags: &ProbeFlags) -> Result<u8, Failure> {
    cleanbill_plugin_check::run_probe(&flags.job)
        .map_err(|error| Failure::refused(error.to_string(), ""))?;
    Ok(exit_code::WHOLE)
}
