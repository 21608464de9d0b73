//! The record beside an imported table: what it is, of which files it was made, what was left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cleanbill_report::escape;
use cleanbill_tables::cms::{Damage, Dropped, PlannedTable, Report};
use cleanbill_tables::{Compare, Written};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Members are only ever added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    pub schema: u32,
    pub table: String,
    pub edition: String,
    pub release: Option<String>,
    pub kind: String,
    pub columns: Vec<String>,
    pub key: Vec<String>,
    /// Columns that every edition changes.
    pub dated_by_edition: Vec<String>,
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    pub rows: Counts,
    pub sources: Vec<SourceRecord>,
    pub gaps: Vec<String>,
    pub notes: Vec<String>,
}

/// Rows by what became of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counts {
    pub read: u64,
    pub kept: u64,
    pub dropped: BTreeMap<String, u64>,
    pub damaged: u64,
}

/// A file of which the table was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceRecord {
    pub file: String,
    pub entry: Option<String>,
    pub sha256: String,
    pub bytes: u64,
}

/// A damaged cell.
#[derive(Debug, Serialize)]
pub struct DamageRecord<'a> {
    file: &'a str,
    row: u64,
    column: &'a str,
    cell: &'a str,
    message: String,
    fix: &'a str,
}

impl Record {
    pub fn new(table: &PlannedTable, report: &Report, file: String, written: Written) -> Self {
        let dated = if table.is_dated_by_edition() { &["from", "through"][..] } else { &[] };
        let dropped = Dropped::ALL
            .into_iter()
            .map(|why| (why.as_str().to_owned(), report.dropped(why)))
            .filter(|(_, count)| *count > 0)
            .collect();
        let sources = report.sources.iter().map(|source| SourceRecord {
            file: source.file.clone(),
            entry: source.entry.clone(),
            sha256: source.sha256.clone(),
            bytes: source.bytes,
        });
        Self {
            schema: 1,
            table: table.name.clone(),
            edition: table.edition.clone(),
            release: table.release.clone(),
            kind: table.kind.as_str().to_owned(),
            columns: table.columns.clone(),
            key: table.key.clone(),
            dated_by_edition: dated.iter().map(|name| (*name).to_owned()).collect(),
            file,
            bytes: written.bytes,
            sha256: written.sha256,
            rows: Counts {
                read: report.rows_read,
                kept: report.rows_kept,
                dropped,
                damaged: report.rows_damaged,
            },
            sources: sources.collect(),
            gaps: report.gaps.clone(),
            notes: report.notes.clone(),
        }
    }

    /// Reads the record at `path`.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |reason: String| {
            let message = format!("the record `{}` cannot be read: {reason}", path.display());
            Failure::refused(message, "import the table again")
        };
        let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| failed(error.to_string()))
    }

    /// How two editions of the table are compared.
    pub fn compare(&self) -> Compare {
        Compare { key: self.key.clone(), ignore: self.dated_by_edition.clone() }
    }
}

impl<'a> DamageRecord<'a> {
    pub fn new(damage: &'a Damage) -> Self {
        Self {
            file: &damage.file,
            row: damage.line,
            column: &damage.column,
            cell: &damage.cell,
            message: escape(&damage.to_string()).into_owned(),
            fix: damage.remedy,
        }
    }
}
