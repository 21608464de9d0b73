//! `cleanbill history prune` and `verify`: what may go, what is broken.

use std::io::Write as _;

use clap::Args;
use cleanbill_history::Access;
use cleanbill_model::ServiceDate;
use cleanbill_report::escape;
use cleanbill_run::exit_code;

use super::StoreFlags;
use crate::failure::Failure;
use crate::terminal;

const PRUNE: &str = "\
Examples:
  cleanbill history prune claims.db --before 2023-01-01

`cleanbill rules show RULE` tells how far a rule looks back. What is removed is overwritten in the
file. Exit codes: 0 done.";

/// Flags of `history prune`.
#[derive(Debug, Args)]
#[command(after_help = PRUNE)]
pub struct PruneFlags {
    #[command(flatten)]
    store: StoreFlags,
    /// Claims go whose last day of service lies before this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    before: ServiceDate,
}

fn day(text: &str) -> Result<ServiceDate, String> {
    ServiceDate::parse_iso(text.as_bytes()).map_err(|_| "write a day as 2026-03-02".to_owned())
}

/// Removes them.
pub fn prune(flags: &PruneFlags) -> Result<u8, Failure> {
    let removed = flags.store.open(Access::Write)?.prune(flags.before)?;
    say(&format!("{removed} claim{} removed", if removed == 1 { "" } else { "s" }))
}

const VERIFY: &str = "\
Examples:
  cleanbill history verify claims.db

Exit codes: 0 whole, 3 damaged.";

/// Flags of `history verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY)]
pub struct VerifyFlags {
    #[command(flatten)]
    store: StoreFlags,
}

/// Reads everything.
pub fn verify(flags: &VerifyFlags) -> Result<u8, Failure> {
    let store = flags.store.open(Access::Read)?;
    let flaws = store.verify()?;
    if flaws.is_empty() {
        return say(&format!("whole: {} claims", store.summary()?.claims));
    }
    let mut out = terminal::stdout();
    let mut tell = || {
        for flaw in &flaws.file {
            writeln!(out, "the file: {}", escape(flaw))?;
        }
        if flaws.claims > 0 {
            writeln!(out, "{} claims are not as they were added", flaws.claims)?;
        }
        writeln!(out, "restore the file from a copy, or add its claims to a new history")?;
        out.flush()
    };
    Failure::of_stdout(tell())?;
    Ok(exit_code::UNTRUSTED)
}

pub(super) fn say(words: &str) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    Failure::of_stdout(writeln!(out, "{words}").and_then(|()| out.flush()))
}
