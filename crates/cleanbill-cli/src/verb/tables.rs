//! `cleanbill tables`: reference tables from files of CMS and others.

mod diff;
mod import;
mod list;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::failure::Failure;
use crate::flags::GlobalFlags;
use crate::table_store::Store;

/// What to do with tables.
#[derive(Debug, Subcommand)]
pub enum TablesVerb {
    /// Turn files as CMS publishes them into tables that packs can name
    Import(import::ImportFlags),
    /// List the imported tables with their editions and where they came from
    List(list::ListFlags),
    /// Tell which rows of a table came, ended, changed or are gone between two editions
    Diff(diff::DiffFlags),
    /// Check every byte of the imported tables
    Verify(verify::VerifyFlags),
}

/// How to show what was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// For people
    #[default]
    Text,
    /// For programs: one JSON document
    Json,
}

/// Does it; gives back the exit code.
pub fn run(verb: TablesVerb, global: &GlobalFlags) -> Result<u8, Failure> {
    match verb {
        TablesVerb::Import(flags) => import::run(flags, global),
        TablesVerb::List(flags) => list::run(&flags),
        TablesVerb::Diff(flags) => diff::run(&flags, global),
        TablesVerb::Verify(flags) => verify::run(&flags),
    }
}

/// The folder that `--dir` names.
#[derive(Debug, Args)]
struct FolderFlags {
    /// Folder of the tables [default: $CLEANBILL_TABLES, else cleanbill/tables in the user's data folder]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl FolderFlags {
    /// The folder as it was named.
    fn named(&self) -> Option<String> {
        self.dir.as_ref().map(|folder| folder.display().to_string())
    }

    fn store(&self) -> Store {
        Store::of(self.dir.as_deref())
    }
}
