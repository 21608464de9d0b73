//! `cleanbill rules check`: packs read and checked, nothing run on claims of others.

mod json;
mod text;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cleanbill_model::ServiceDate;
use cleanbill_rules::{Level, LintOptions, lint};
use cleanbill_run::exit_code;

use super::claim_file;
use crate::failure::Failure;
use crate::{packs, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules check                    the packs that come with cleanbill
  cleanbill rules check my-pack            a pack in a folder
  cleanbill rules check my-pack cpt-93970  both, and how their rules overlap
  cleanbill rules check my-pack --deny-warnings --as-of 2026-07-01

Exit codes: 0 all is well, 1 warnings with --deny-warnings, 2 there are mistakes.";

/// Flags of `rules check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckFlags {
    /// Folders of packs; none: the packs that come with cleanbill
    #[arg(value_name = "PACK")]
    packs: Vec<PathBuf>,
    /// Exit with code 1 when there is a warning; notes are none
    #[arg(long)]
    deny_warnings: bool,
    /// The day with which review dates are compared [default: they are not]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<ServiceDate>,
    /// How to write the warnings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
}

/// A way to write warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
}

fn day(text: &str) -> Result<ServiceDate, String> {
    ServiceDate::parse_iso(text.as_bytes())
        .map_err(|error| format!("it {error}; write it as YYYY-MM-DD"))
}

/// Checks; mistakes come back as the failure.
pub fn run(flags: &CheckFlags) -> Result<u8, Failure> {
    let packs = packs::load(&flags.packs)?;
    let options = LintOptions { as_of: flags.as_of, read_claim: &claim_file::read };
    let warnings = lint(&packs, &options);
    let mut out = terminal::stdout();
    let written = match flags.format {
        CheckFormat::Text => text::write(&mut out, &packs, &warnings),
        CheckFormat::Json => json::write(&mut out, &packs, &warnings),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    let denied = flags.deny_warnings
        && warnings.iter().any(|warning| warning.lint.level() == Level::Warning);
    Ok(if denied { exit_code::FINDINGS } else { exit_code::WHOLE })
}
