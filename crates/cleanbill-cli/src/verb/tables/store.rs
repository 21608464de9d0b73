//! Where imported tables are kept: `DIR/TABLE/EDITION.csv`, with its record beside it.
//!
//! Everything is written under temporary names; a table gets its names when all tables of a command are
//! whole, the record last.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cleanbill_tables::cms::{PlannedTable, Report};
use cleanbill_tables::{CsvSink, RowSink, Written};

use super::record::Record;
use crate::failure::Failure;
use crate::whole_file::WholeFile;

/// The ending of records.
const RECORD: &str = "json";

/// A folder of tables.
pub struct Store(PathBuf);

impl Store {
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Makes the folder; what comes back goes last.
    pub fn make(&self) -> Result<NewFolders, Failure> {
        NewFolders::make(&self.0).map_err(|error| not_written(&self.0, &error))
    }

    fn path(&self, table: &str, edition: &str, ending: &str) -> PathBuf {
        self.0.join(table).join(format!("{edition}.{ending}"))
    }

    /// The file of an edition, and its record.
    pub fn edition(&self, table: &str, edition: &str) -> (PathBuf, PathBuf) {
        (self.path(table, edition, "csv"), self.path(table, edition, RECORD))
    }

    /// Writes one table; `read` gets the sink for its rows.
    pub fn write(
        &self,
        table: &PlannedTable,
        read: impl FnOnce(&mut dyn RowSink) -> Result<Report, Failure>,
    ) -> Result<Ready, Failure> {
        let (path, record_path) = self.edition(&table.name, &table.edition);
        let failed = |error: &io::Error| not_written(&path, error);
        let folders =
            NewFolders::make(&self.0.join(&table.name)).map_err(|error| failed(&error))?;
        let mut rows = WholeFile::begin(&path).map_err(|error| failed(&error))?;
        let mut sink = CsvSink::new(rows.file(), &table.columns);
        let report = read(&mut sink)?;
        let written = sink.finish().map_err(|error| failed(&error))?;
        rows.file().sync_all().map_err(|error| failed(&error))?;
        let record = Record::new(table, &report, format!("{}.csv", table.edition), written);
        let mut text = serde_json::to_string_pretty(&record)
            .map_err(|error| failed(&io::Error::other(error)))?;
        text.push('\n');
        let mut record_file =
            WholeFile::begin(&record_path).map_err(|error| not_written(&record_path, &error))?;
        let written = record_file.file().write_all(text.as_bytes());
        written
            .and_then(|()| record_file.file().sync_all())
            .map_err(|error| not_written(&record_path, &error))?;
        Ok(Ready {
            files: vec![(path, rows), (record_path, record_file)],
            _folders: folders,
            record,
            report,
        })
    }

    /// What a table would be, without writing it.
    pub fn rehearse(
        &self,
        table: &PlannedTable,
        read: impl FnOnce(&mut dyn RowSink) -> Result<Report, Failure>,
    ) -> Result<(Record, Report), Failure> {
        let report = read(&mut Nowhere)?;
        let nothing = Written { bytes: 0, sha256: String::new() };
        let record = Record::new(table, &report, format!("{}.csv", table.edition), nothing);
        Ok((record, report))
    }

    /// The records of all tables, by table and edition.
    pub fn records(&self) -> Result<Vec<Record>, Failure> {
        let mut records = Vec::new();
        for folder in entries(&self.0)? {
            if folder.is_dir() {
                for path in entries(&folder)? {
                    if path.extension().is_some_and(|ending| ending == RECORD) {
                        records.push(Record::read(&path)?);
                    }
                }
            }
        }
        records
            .sort_by(|one, other| (&one.table, &one.edition).cmp(&(&other.table, &other.edition)));
        Ok(records)
    }
}

/// A table that is written and does not have its name yet.
pub struct Ready {
    /// Dropped before the folders in which they are.
    files: Vec<(PathBuf, WholeFile)>,
    _folders: NewFolders,
    pub record: Record,
    pub report: Report,
}

impl Ready {
    /// Gives the table and its record their names.
    pub fn publish(&mut self) -> Result<(), Failure> {
        self.files
            .drain(..)
            .try_for_each(|(path, file)| file.replace().map_err(|error| not_written(&path, &error)))
    }
}

/// Folders made for a table; they go again if nothing came to be in them.
pub struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    fn make(folder: &Path) -> io::Result<Self> {
        let missing = folder.ancestors().take_while(|path| !path.as_os_str().is_empty());
        let missing = missing.take_while(|path| !path.exists()).map(Path::to_owned).collect();
        fs::create_dir_all(folder)?;
        Ok(Self(missing))
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // It is not empty where a table was published.
            let _ = fs::remove_dir(folder);
        }
    }
}

struct Nowhere;

impl RowSink for Nowhere {
    fn row(&mut self, _line: u64, _cells: &[&str]) {}
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::not_whole(
        format!("writing `{}` failed: {error}", path.display()),
        "make room, or name another folder with `--dir`",
    )
}

/// What is in a folder, sorted; names that begin with a point are not tables.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: io::Error| {
        let message = format!("`{}` cannot be read: {error}", folder.display());
        Failure::refused(message, "name the folder that `tables import --dir` was given")
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}
