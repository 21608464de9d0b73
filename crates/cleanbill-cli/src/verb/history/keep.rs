//! `cleanbill history deny`, `prune` and `verify`: what no longer counts, what may go, what is broken.

use std::io::Write as _;

use clap::Args;
use cleanbill_history::Access;
use cleanbill_model::ServiceDate;
use cleanbill_report::escape;
use cleanbill_run::exit_code;

use super::StoreFlags;
use crate::failure::Failure;
use crate::terminal;

const DENY: &str = "\
Examples:
  cleanbill history deny claims.db --claim PCN1               the claim as a whole
  cleanbill history deny claims.db --claim PCN1 --line 2      one of its lines

Edits look at services that stand: a line that the payer denied or rejected is none. The claims
stay in the file and are shown as denied; adding them again does not bring them back.
Exit codes: 0 done, 2 no claim has that number.";

/// Flags of `history deny`.
#[derive(Debug, Args)]
#[command(after_help = DENY)]
pub struct DenyFlags {
    #[command(flatten)]
    store: StoreFlags,
    /// Control number of the claim (CLM01)
    #[arg(long, value_name = "ID")]
    claim: String,
    /// Number of a line; may be repeated [default: the whole claim]
    #[arg(long, value_name = "N")]
    line: Vec<u32>,
}

/// Marks them.
pub fn deny(flags: &DenyFlags) -> Result<u8, Failure> {
    let claims = flags.store.open(Access::Write)?.deny(&flags.claim, &flags.line)?;
    if claims == 0 {
        return Err(Failure::refused(
            format!("no claim of the history has the number `{}`", flags.claim),
            "`cleanbill history export` shows all of them",
        ));
    }
    say(&format!("{claims} claim{} marked", if claims == 1 { "" } else { "s" }))
}

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

fn say(words: &str) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    Failure::of_stdout(writeln!(out, "{words}").and_then(|()| out.flush()))
}
