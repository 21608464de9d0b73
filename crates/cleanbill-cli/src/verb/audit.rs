//! `cleanbill audit`: whether a run in a folder, or an audit log, is what it was.

mod log;
mod replay;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  cleanbill audit verify run-07                  every file that the run read and wrote
  cleanbill audit verify run-07 --replay         the same, then runs it again and compares
  cleanbill audit verify audit.ndjson            the chain of an audit log
  cleanbill audit verify audit.ndjson --head 3f… and that nothing was cut from its end

Inputs, packs and tables are looked for where the command of the run found them: start it in the
same folder. Exit codes: 0 all is as it was, 1 something differs, 2 nothing could be checked.";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    /// Check every digest of a run, or the chain of an audit log, and name the first thing that differs
    Verify(VerifyFlags),
}

/// Flags of `audit verify`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyFlags {
    /// Folder that `validate --out-dir` has filled, or an audit log
    #[arg(value_name = "RUN_DIR|LOG")]
    path: PathBuf,
    /// Run it again in a folder of its own and compare every byte of what it writes
    #[arg(long)]
    replay: bool,
    /// Hash that the last record of the log must have, kept since it was written
    #[arg(long, value_name = "HASH", conflicts_with = "replay")]
    head: Option<String>,
}

/// Does it; gives back the exit code.
pub fn run(verb: &AuditVerb) -> Result<u8, Failure> {
    let AuditVerb::Verify(flags) = verb;
    if !flags.path.is_dir() {
        return log::verify(&flags.path, flags.head.as_deref(), flags.replay);
    }
    if flags.head.is_some() {
        return Err(Failure::refused(
            "`--head` is for an audit log, and this is a folder",
            "leave it out: the folder's files say what they must be",
        ));
    }
    verify::run(&flags.path, flags.replay)
}
