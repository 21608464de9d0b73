//! `cleanbill history show` and `export`: what is in a history.

use std::io::{self, Write};

use clap::Args;
use cleanbill_history::{Access, HistoryStore, Shown, Which};
use cleanbill_model::ServiceDate;
use cleanbill_report::escape;
use cleanbill_run::exit_code;

use super::{StoreFlags, claim_json};
use crate::failure::Failure;
use crate::terminal;

const SHOW: &str = "\
Examples:
  cleanbill history show claims.db
  cleanbill history show claims.db --claim PCN1
  cleanbill history show claims.db --patient 1EG4TE5MK73

The member id is hashed as the claims' are; it is not in the file.
Exit codes: 0 shown, 2 no such claim or patient.";

/// Flags of `history show`.
#[derive(Debug, Args)]
#[command(after_help = SHOW)]
pub struct ShowFlags {
    #[command(flatten)]
    store: StoreFlags,
    /// Show the claims with this control number (CLM01)
    #[arg(long, value_name = "ID", conflicts_with = "patient")]
    claim: Option<String>,
    /// Show the claims of the patient with this member id
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
}

/// Shows counts, or claims.
pub fn run(flags: &ShowFlags) -> Result<u8, Failure> {
    let store = flags.store.open(Access::Read)?;
    let which = match (&flags.claim, &flags.patient) {
        (Some(id), _) => Which::Claim(id),
        (None, Some(id)) => Which::Patient(id),
        (None, None) => return summary(&store),
    };
    let shown = each(&store, which, |out, shown| claim(out, &shown))?;
    if shown == 0 {
        // The member id is not repeated: standard error may be kept.
        let message = match &flags.claim {
            Some(id) => format!("no claim of the history has the number `{id}`"),
            None => "the history has no claim of this patient".to_owned(),
        };
        return Err(Failure::refused(message, "`cleanbill history show` counts what is there"));
    }
    Ok(exit_code::WHOLE)
}

fn summary(store: &HistoryStore) -> Result<u8, Failure> {
    let summary = store.summary()?;
    let mut out = terminal::stdout();
    let day = |day: Option<ServiceDate>| day.map_or("none".to_owned(), |day| day.to_string());
    let mut say = || {
        writeln!(out, "claims    {}", summary.claims)?;
        writeln!(out, "patients  {}", summary.patients)?;
        writeln!(out, "denied    {} (some or all of their lines)", summary.denied)?;
        writeln!(out, "services  {} to {}", day(summary.from), day(summary.through))?;
        out.flush()
    };
    Failure::of_stdout(say())
}

fn claim(out: &mut dyn Write, shown: &Shown) -> io::Result<()> {
    let Shown { claim, denied, .. } = shown;
    let frequency = claim.frequency.map_or("1".to_owned(), |known| known.as_char().to_string());
    let whole = if denied.is_none() { ", denied" } else { "" };
    let reference = match claim.text(claim.original_reference) {
        "" => String::new(),
        reference => format!(", of {}", escape(reference)),
    };
    writeln!(
        out,
        "{} ({}, frequency {frequency}{reference}{whole})",
        escape(claim.id()),
        claim.claim_type.as_str()
    )?;
    for line in &claim.lines {
        let code = line.procedure.map_or("no code".to_owned(), |code| code.to_string());
        let modifiers = if line.modifiers.is_empty() { "" } else { "-" };
        let is_denied = denied.as_ref().is_some_and(|denied| denied.contains(&line.number));
        writeln!(
            out,
            "  line {}  {code}{modifiers}{}  {}  units {}  charge {}{}",
            line.number,
            line.modifiers,
            line.dates,
            line.units,
            line.charge,
            if is_denied { "  denied" } else { "" }
        )?;
    }
    Ok(())
}

const EXPORT: &str = "\
Examples:
  cleanbill history export claims.db > claims.ndjson
  cleanbill history export old.db | cleanbill history add new.db -

Patients are written as the history names them, so claims of an export belong together, and not
with claims that are read elsewhere. Lines that were denied are left out. Exit codes: 0 written.";

/// Flags of `history export`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT)]
pub struct ExportFlags {
    #[command(flatten)]
    store: StoreFlags,
}

/// Writes claim JSON.
pub fn export(flags: &ExportFlags) -> Result<u8, Failure> {
    let store = flags.store.open(Access::Read)?;
    each(&store, Which::All, |out, shown| claim_json::write(out, &shown))?;
    Ok(exit_code::WHOLE)
}

/// Writes each claim; counts them. A reader that goes away ends it.
fn each(
    store: &HistoryStore,
    which: Which<'_>,
    mut write: impl FnMut(&mut dyn Write, Shown) -> io::Result<()>,
) -> Result<u64, Failure> {
    let mut out = terminal::stdout();
    let mut written = Ok(());
    let mut count = 0;
    store.each(which, |shown| {
        count += 1;
        written = write(&mut out, shown);
        written.is_ok()
    })?;
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    Ok(count)
}
