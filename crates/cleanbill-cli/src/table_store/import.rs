//! An import: compiled files under names of their own, then a new index; or nothing at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cleanbill_tables::cms::{Kind, PlannedTable, Report};
use cleanbill_tables::{AUTHORITY, EDITION, ORDERED_DAYS, RowSink, Table, TableBuilder};

use super::Store;
use super::edition;
use super::index::{self, Index};
use super::record::{Days, History, Record, Stored};
use super::stray;
use crate::failure::Failure;
use crate::whole_file::WholeFile;

/// An import on its way; dropped before it is published, it leaves nothing behind.
pub struct Import<'a> {
    store: &'a Store,
    index: Index,
    /// Files that have their names and are in no index yet.
    named: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    /// Held until the end: two imports into one folder would each forget the other's tables.
    _lock: Option<File>,
}

/// A table that was read, and written unless this is a rehearsal.
pub struct Ready {
    pub record: Record,
    pub report: Report,
    /// Whether the edition was there already, made of other bytes.
    pub replaces: bool,
    file: Option<WholeFile>,
}

impl<'a> Import<'a> {
    /// Begins an import into the folder, which is made if it is not there.
    pub fn begin(store: &'a Store) -> Result<Self, Failure> {
        let folder = store.folder();
        let mut import = Self {
            store,
            index: Index::default(),
            named: Vec::new(),
            folders: Vec::new(),
            _lock: None,
        };
        import.make(folder)?;
        import._lock = Some(lock(folder)?);
        import.index = store.index()?;
        Ok(import)
    }

    /// Writes one table; `read` gets the sink for its rows.
    pub fn write(
        &mut self,
        table: &PlannedTable,
        read: impl FnOnce(&mut dyn RowSink) -> Result<Report, Failure>,
    ) -> Result<Ready, Failure> {
        let mut ready = rehearse_with(table, read, |table, ready| {
            let name = format!("{}/{}", ready.record.table, ready.record.edition);
            let (stored, file) = self.compiled(table, &name)?;
            (ready.record.stored, ready.file) = (stored, Some(file));
            Ok(())
        })?;
        let before = self.index.edition(&ready.record.table, &ready.record.edition);
        let digest = &ready.record.stored.digest;
        ready.replaces = before.is_some_and(|before| before.stored.digest != *digest);
        Ok(ready)
    }

    /// Gives the tables their names and replaces the index.
    pub fn publish(mut self, ready: &mut [Ready]) -> Result<(), Failure> {
        // Dropped before the folders in which they are.
        let files: Vec<Option<WholeFile>> = ready.iter_mut().map(|one| one.file.take()).collect();
        for (file, ready) in files.into_iter().zip(ready.iter()) {
            let record = &ready.record;
            if let Some(file) = file {
                self.name(file, &record.stored)?;
            }
            let same = |old: &Record| old.table == record.table && old.edition == record.edition;
            self.index.tables.retain(|old| !same(old));
            self.index.tables.push(record.clone());
        }
        self.index
            .tables
            .sort_by(|one, other| (&one.table, &one.edition).cmp(&(&other.table, &other.edition)));
        for ready in ready.iter() {
            self.make_history(&ready.record)?;
        }
        let folder = self.store.folder();
        self.index.write(folder).map_err(|error| not_written(folder, &error))?;
        // From here on the new tables are imported, whatever becomes of files that nothing names any more.
        self.named.clear();
        self.folders.clear();
        // Those of the index before, and those that an import left when it was killed.
        let _ = stray::remove(folder, &self.index);
        Ok(())
    }

    /// Makes the editions of a table without days of its own into one.
    fn make_history(&mut self, newest: &Record) -> Result<(), Failure> {
        self.index.histories.retain(|history| history.table != newest.table);
        let editions: Vec<Record> = self.index.editions(&newest.table).cloned().collect();
        if newest.dated_by_edition.is_empty() || editions.len() < 2 {
            return Ok(());
        }
        let refused = |reason: String| {
            Failure::refused(
                format!("the editions of `{}` make no history: {reason}", newest.table),
                "`cleanbill tables verify` shows what is damaged; import it again",
            )
        };
        let names: Vec<String> = editions.iter().map(|record| record.edition.clone()).collect();
        let of_all: Vec<&Record> = editions.iter().collect();
        let table = edition::together(self.store, &of_all).map_err(refused)?;
        let (stored, file) = self.compiled(&table, &format!("{}/history", newest.table))?;
        self.name(file, &stored)?;
        self.index.histories.push(History {
            table: newest.table.clone(),
            missing: index::missing(&names),
            editions: names,
            covers: Days::of(&table),
            rows: table.len(),
            stored,
        });
        Ok(())
    }

    /// A compiled table, written and not named yet.
    fn compiled(&mut self, table: &Table, name: &str) -> Result<(Stored, WholeFile), Failure> {
        let digest = table.digest();
        let file = format!("{name}-{}.cbt", digest.get(..12).unwrap_or_default());
        let path = self.store.folder().join(&file);
        self.make(path.parent().unwrap_or(&path))?;
        let failed = |error: &io::Error| not_written(&path, error);
        let mut whole = WholeFile::begin(&path).map_err(|error| failed(&error))?;
        whole.file().write_all(table.bytes()).map_err(|error| failed(&error))?;
        whole.file().sync_all().map_err(|error| failed(&error))?;
        let bytes = u64::try_from(table.bytes().len()).unwrap_or(u64::MAX);
        Ok((Stored { file, bytes, digest }, whole))
    }

    fn name(&mut self, file: WholeFile, stored: &Stored) -> Result<(), Failure> {
        let path = self.store.folder().join(&stored.file);
        let is_new = !path.exists();
        file.replace().map_err(|error| not_written(&path, &error))?;
        if is_new {
            self.named.push(path);
        }
        Ok(())
    }

    fn make(&mut self, folder: &Path) -> Result<(), Failure> {
        let missing = folder.ancestors().take_while(|path| !path.as_os_str().is_empty());
        let missing: Vec<PathBuf> =
            missing.take_while(|path| !path.exists()).map(Path::to_owned).collect();
        fs::create_dir_all(folder).map_err(|error| not_written(folder, &error))?;
        self.folders.splice(0..0, missing);
        Ok(())
    }
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        for path in &self.named {
            let _ = fs::remove_file(path);
        }
        for folder in &self.folders {
            // It is not empty where something else came to be in it.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// What a table would be, without writing it.
pub fn rehearse(
    table: &PlannedTable,
    read: impl FnOnce(&mut dyn RowSink) -> Result<Report, Failure>,
) -> Result<Ready, Failure> {
    rehearse_with(table, read, |_, _| Ok(()))
}

fn rehearse_with(
    planned: &PlannedTable,
    read: impl FnOnce(&mut dyn RowSink) -> Result<Report, Failure>,
    keep: impl FnOnce(&Table, &mut Ready) -> Result<(), Failure>,
) -> Result<Ready, Failure> {
    let refused = |reason: String| {
        Failure::refused(format!("table `{}` cannot be made: {reason}", planned.name), "")
    };
    let columns = planned.columns.iter().map(String::as_str);
    // Days choose among the rows of a code; they do not find them.
    let key = planned.key.iter().map(String::as_str).filter(|name| *name != "from");
    let builder = TableBuilder::new(columns, key).map_err(|error| refused(error.to_string()))?;
    let place = |name: &str| planned.columns.iter().position(|column| column == name);
    let days = place("from").zip(place("through"));
    let mut rows = Numbered { builder, last: 0, days };
    let report = read(&mut rows)?;
    let mut builder = rows.builder;
    if rows.days.is_some() {
        builder.note(ORDERED_DAYS, "from through");
    }
    let record = Record::new(planned, &report, None);
    note(&mut builder, &planned.edition, &record);
    let table = builder.finish().map_err(|error| refused(error.to_string()))?;
    let record = Record::new(planned, &report, Some(&table));
    let mut ready = Ready { record, report, replaces: false, file: None };
    keep(&table, &mut ready)?;
    Ok(ready)
}

/// What the compiled file says of itself.
pub(super) fn note(builder: &mut TableBuilder, edition: &str, record: &Record) {
    builder.note("table", &record.table);
    builder.note(EDITION, edition);
    let kind = Kind::from_name(&record.kind);
    if kind.is_some_and(|kind| !matches!(kind, Kind::Coverage | Kind::Keyed)) {
        builder.note(AUTHORITY, "CMS");
    }
    builder.note("importer", concat!("cleanbill ", env!("CARGO_PKG_VERSION")));
    for source in &record.sources {
        builder.note("source", &format!("{} sha256:{}", source.file, source.sha256));
    }
}

/// Numbers the rows from 1, since the lines of several files would meet.
struct Numbered {
    builder: TableBuilder,
    last: u64,
    /// Places of the first and the last day, so long as no row ends before it begins.
    days: Option<(usize, usize)>,
}

impl RowSink for Numbered {
    fn row(&mut self, _line: u64, cells: &[&str]) {
        self.last += 1;
        let text = |place: usize| cells.get(place).copied().unwrap_or_default();
        // Days of one shape sort as their texts do; texts that are no days are found where they are read.
        self.days = self.days.filter(|(from, through)| {
            let (from, through) = (text(*from), text(*through));
            through.is_empty() || from <= through
        });
        self.builder.row(self.last, cells);
    }
}

/// The lock of a folder, for whoever changes what is in it.
///
/// # Errors
/// Someone else has it.
pub(super) fn lock(folder: &Path) -> Result<File, Failure> {
    let lock = lock_file(folder).map_err(|error| not_written(folder, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Failure::refused(
            format!("another import into `{}` is running", folder.display()),
            "wait until it has ended",
        )),
        Err(TryLockError::Error(error)) => Err(not_written(folder, &error)),
    }
}

/// What is locked: the folder itself, where that can be done.
fn lock_file(folder: &Path) -> io::Result<File> {
    if cfg!(unix) {
        return File::open(folder);
    }
    File::options().create(true).append(true).open(folder.join(".lock"))
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::not_whole(
        format!("writing `{}` failed: {error}", path.display()),
        "make room, or name another folder with `--dir`",
    )
}
