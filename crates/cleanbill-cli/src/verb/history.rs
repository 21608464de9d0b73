//! `cleanbill history`: the claims that came before, kept for edits that look back.

mod add;
mod claim_json;
mod deny;
mod keep;
mod show;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use cleanbill_history::{Access, HistoryPlace, HistoryStore};

use crate::failure::Failure;
use crate::flags::GlobalFlags;

/// What to do with a history.
#[derive(Debug, Subcommand)]
pub enum HistoryVerb {
    /// Add claims that were sent or paid; the same claim twice changes nothing
    Add(add::AddFlags),
    /// Show what is in it: counts, or the claims of a patient or with a control number
    Show(show::ShowFlags),
    /// Let claims or lines that were denied or rejected count no more: by number, or as 835 files say
    Deny(deny::DenyFlags),
    /// Remove claims whose services lie before a day
    Prune(keep::PruneFlags),
    /// Read all of it and tell whether it is whole
    Verify(keep::VerifyFlags),
    /// Write its claims as claim JSON, one a line
    Export(show::ExportFlags),
}

/// Flags that name a history.
#[derive(Debug, Args)]
pub struct StoreFlags {
    /// The history: an SQLite file, or on a PostgreSQL server `postgres` (the environment tells which),
    /// `postgres:FILE` (the file does) or `postgres://USER@HOST/DATABASE` (never with a password)
    #[arg(value_name = "HISTORY")]
    history: PathBuf,
    /// File with its key [default: the file beside it with `.key` behind its name]
    #[arg(long, value_name = "FILE")]
    history_key: Option<PathBuf>,
}

impl StoreFlags {
    /// Opens it.
    fn open(&self, access: Access) -> Result<HistoryStore, Failure> {
        let place = HistoryPlace::read(&self.history)?;
        Ok(HistoryStore::open(&place, self.history_key.as_deref(), access)?)
    }
}

/// Does it; gives back the exit code.
pub fn run(verb: HistoryVerb, global: &GlobalFlags) -> Result<u8, Failure> {
    match verb {
        HistoryVerb::Add(flags) => add::run(flags, global),
        HistoryVerb::Show(flags) => show::run(&flags),
        HistoryVerb::Deny(flags) => deny::run(flags, global),
        HistoryVerb::Prune(flags) => keep::prune(&flags),
        HistoryVerb::Verify(flags) => keep::verify(&flags),
        HistoryVerb::Export(flags) => show::export(&flags),
    }
}
