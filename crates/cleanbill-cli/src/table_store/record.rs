//! The record of an imported table: what it is, of which files it was made, what was left out.

use cleanbill_report::escape;
use cleanbill_tables::cms::{Damage, Dropped, PlannedTable, Report};
use cleanbill_tables::{Column, Compare, Table};
use core::fmt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// The days that its rows cover.
    pub covers: Days,
    #[serde(flatten)]
    pub stored: Stored,
    pub rows: Counts,
    pub sources: Vec<SourceRecord>,
    pub gaps: Vec<String>,
    pub notes: Vec<String>,
}

/// The compiled file of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Its path within the folder.
    pub file: String,
    pub bytes: u64,
    /// SHA-256 of its header, which holds those of all other bytes.
    pub digest: String,
}

/// First and last day; an open one is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    pub from: Option<String>,
    pub through: Option<String>,
}

impl Days {
    /// The days in the columns `from` and `through`.
    pub fn of(table: &Table) -> Self {
        let days = |name| table.column(name).into_iter().flat_map(Column::dictionary);
        let is_open = days("through").any(|(_, day)| day.is_empty());
        Self {
            from: days("from").map(|(_, day)| day.to_owned()).find(|day| !day.is_empty()),
            through: days("through").last().filter(|_| !is_open).map(|(_, day)| day.to_owned()),
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.through) {
            (None, None) => f.write_str("undated"),
            (from, through) => {
                let day = |day: &Option<String>| day.clone().unwrap_or_default();
                write!(f, "{}..{}", day(from), day(through))
            }
        }
    }
}

/// The table that all editions of one without days of its own make together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub table: String,
    /// Its editions, the oldest first.
    pub editions: Vec<String>,
    /// Quarters between them that are not imported.
    pub missing: Vec<String>,
    pub covers: Days,
    pub rows: u32,
    #[serde(flatten)]
    pub stored: Stored,
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
    pub fn new(table: &PlannedTable, report: &Report, made: Option<&Table>) -> Self {
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
            covers: made.map(Days::of).unwrap_or_default(),
            stored: Stored::default(),
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
