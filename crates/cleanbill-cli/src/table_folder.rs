//! The folder of imported tables, for commands that run rules.

use std::path::PathBuf;

use clap::Args;
use cleanbill_rules::{ImportedTables, NotRun};
use cleanbill_tables::Table;

use crate::failure::Failure;
use crate::not_run;

/// Flags of commands that read imported tables.
#[derive(Debug, Args)]
pub struct TableFlags {
    /// Folder of imported tables
    #[arg(long, value_name = "DIR")]
    tables: Option<PathBuf>,
    /// Refuse to run when a rule is switched off because its table is not imported
    #[arg(long)]
    require_tables: bool,
}

impl TableFlags {
    /// The folder.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(&self) -> Result<TableFolder, Failure> {
        Ok(TableFolder)
    }

    /// Refuses to go on without the tables that must be there.
    ///
    /// # Errors
    /// A rule is switched off and `--require-tables` was given.
    pub fn settle(&self, not_run: &[NotRun]) -> Result<(), Failure> {
        if self.require_tables { not_run::refuse(not_run) } else { Ok(()) }
    }
}

/// A folder of imported tables.
pub struct TableFolder;

impl ImportedTables for TableFolder {
    fn table(&self, _name: &str) -> Result<Option<Table>, String> {
        Ok(None)
    }
}
