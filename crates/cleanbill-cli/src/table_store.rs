//! The folder of imported tables: `index.json`, and a compiled file for each table and edition.
//!
//! The index alone says what is imported. Compiled files have the beginning of their digest in their
//! names and are never changed, so that a new index, which takes the place of the old one at once, is all
//! that an import changes.

mod edition;
mod import;
mod index;
mod record;
mod stray;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_rules::{ImportedTables, NotRun};
use cleanbill_run::Part;
use cleanbill_tables::{OpenError, Table};

use edition::Editions;
pub use edition::find as find_edition;
pub use import::{Import, Ready, rehearse};
pub use index::Index;
pub use record::{DamageRecord, History, Record, Stored};

use crate::failure::Failure;
use crate::not_run;

/// Flags of commands that run rules.
#[derive(Debug, Args)]
pub struct TableFlags {
    /// Folder of imported tables [default: $CLEANBILL_TABLES, else the folder that `cleanbill tables
    /// list` shows]
    #[arg(long, value_name = "DIR")]
    tables: Option<PathBuf>,
    /// Read this edition of an imported table, TABLE@EDITION, as if no later one were there; may be repeated
    #[arg(long, value_name = "EDITION")]
    edition: Vec<String>,
    /// Refuse to run when a rule is switched off because its table is not imported
    #[arg(long)]
    require_tables: bool,
}

impl TableFlags {
    /// The folder.
    ///
    /// # Errors
    /// Its index cannot be read.
    pub fn open(&self) -> Result<Shelf, Failure> {
        self.open_with(&[])
    }

    /// The folder, and of some tables other editions than the flags say.
    ///
    /// # Errors
    /// Its index cannot be read, or an edition is not imported.
    pub fn open_with(&self, editions: &[String]) -> Result<Shelf, Failure> {
        let store = Store::of(self.tables.as_deref());
        Shelf::open(store, self.edition.iter().chain(editions))
    }

    /// The folder as it was named.
    pub fn folder(&self) -> Option<String> {
        self.tables.as_ref().map(|folder| folder.display().to_string())
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
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The folder given, else that of `CLEANBILL_TABLES`, else the one in the user's data folder.
    pub fn of(given: Option<&Path>) -> Self {
        let named =
            |name| std::env::var_os(name).filter(|text| !text.is_empty()).map(PathBuf::from);
        let folder = given.map(Path::to_owned).or_else(|| named("CLEANBILL_TABLES"));
        let folder = folder.unwrap_or_else(|| {
            // The XDG base folders; on Windows the one that programs of a user share.
            let data = named("XDG_DATA_HOME").filter(|path| path.is_absolute());
            let data = data.or_else(|| named("LOCALAPPDATA").filter(|_| cfg!(windows)));
            let home = || std::env::home_dir().unwrap_or_default().join(".local/share");
            data.unwrap_or_else(home).join("cleanbill/tables")
        });
        Self { folder }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is imported; nothing where there is no folder.
    ///
    /// # Errors
    /// The index is there and cannot be read.
    pub fn index(&self) -> Result<Index, Failure> {
        Index::read(&self.folder)
    }

    /// A compiled file, its header checked.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn open(&self, stored: &Stored) -> Result<Table, String> {
        let reason = |reason: &dyn core::fmt::Display| format!("`{}`: {reason}", stored.file);
        let path = self.folder.join(&stored.file);
        let table = Table::map(&path).map_err(|error| reason(&error))?.map_err(|e| reason(&e))?;
        if table.digest() != stored.digest {
            return Err(reason(&"it is another table than the one that was imported"));
        }
        Ok(table)
    }

    /// Files that no index names, by their path within the folder: an import that was killed left them.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn strays(&self, index: &Index) -> Result<Vec<String>, Failure> {
        stray::find(&self.folder, index).map_err(|error| self.unreadable(&error))
    }

    /// Removes them.
    ///
    /// # Errors
    /// An import is running, or the folder cannot be read.
    pub fn remove_strays(&self) -> Result<(), Failure> {
        if !self.folder.is_dir() {
            return Ok(());
        }
        let _lock = import::lock(&self.folder)?;
        stray::remove(&self.folder, &self.index()?).map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        let folder = self.folder.display();
        Failure::refused(format!("the folder `{folder}` cannot be read: {error}"), "")
    }

    /// Checks every byte of a compiled file.
    ///
    /// # Errors
    /// What is wrong.
    pub fn verify(&self, stored: &Stored) -> Result<(), String> {
        let table = self.open(stored)?;
        table.verify().map_err(|error: OpenError| format!("`{}`: {error}", stored.file))
    }
}

/// What is imported, for rules.
pub struct Shelf {
    store: Store,
    index: Index,
    chosen: Editions,
    /// Digest of each table that was handed out, by name.
    handed_out: RefCell<BTreeMap<String, String>>,
}

impl Shelf {
    /// The tables of a folder, of some of them the editions named TABLE@EDITION; what is named later goes
    /// before.
    ///
    /// # Errors
    /// The index cannot be read, or an edition is not imported.
    pub fn open<'a>(
        store: Store,
        editions: impl Iterator<Item = &'a String>,
    ) -> Result<Self, Failure> {
        let index = store.index()?;
        let chosen = Editions::choose(&store, &index, editions)?;
        Ok(Self { store, index, chosen, handed_out: RefCell::default() })
    }

    /// The editions that were chosen, TABLE@EDITION.
    pub fn chosen(&self) -> Vec<String> {
        self.chosen.names()
    }

    /// The tables that were handed out.
    pub fn used(&self) -> Vec<Part> {
        let handed_out = self.handed_out.borrow();
        let part = |(name, digest): (&String, &String)| {
            let stored = self.index.files().find(|stored| stored.digest == *digest);
            // Editions that were put together for this run are in no file.
            let bytes = stored.map_or(0, |stored| stored.bytes);
            Part { name: name.clone(), version: None, bytes, sha256: digest.clone() }
        };
        handed_out.iter().map(part).collect()
    }

    /// Checks every byte of the tables that were handed out and are in files.
    ///
    /// # Errors
    /// The first that is damaged, and how.
    pub fn verify_used(&self) -> Result<(), (String, String)> {
        for (name, digest) in self.handed_out.borrow().iter() {
            if let Some(stored) = self.index.files().find(|stored| stored.digest == *digest) {
                self.store.verify(stored).map_err(|reason| (name.clone(), reason))?;
            }
        }
        Ok(())
    }

    /// The digest of a table that was handed out; empty when it was not.
    pub fn digest(&self, table: &str) -> String {
        self.handed_out.borrow().get(table).cloned().unwrap_or_default()
    }
}

impl ImportedTables for Shelf {
    fn table(&self, name: &str) -> Result<Option<Table>, String> {
        let table = match self.chosen.of(name) {
            Some(edition) => edition::open(&self.store, &self.index, name, edition).map(Some),
            None => self.index.in_use(name).map(|stored| self.store.open(stored)).transpose(),
        }?;
        if let Some(table) = &table {
            self.handed_out.borrow_mut().insert(name.to_owned(), table.digest());
        }
        Ok(table)
    }
}
