//! `cleanbill tables diff`.

use std::io::{self, Write};

use clap::Args;
use cleanbill_report::escape;
use cleanbill_tables::{Compare, Difference, Differences, Fate, Table, diff};
use serde::Serialize;

use super::{FolderFlags, Shape};
use crate::failure::Failure;
use crate::table_store::{Index, Record, Store};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill tables diff ncci-ptp-practitioner@2026q2 ncci-ptp-practitioner@2026q3
  cleanbill tables diff mpfs@2026q1 mpfs@2026q2 --format json

Exit codes: 0 compared, 2 refused.";

/// Flags of `tables diff`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffFlags {
    /// The old edition: TABLE@EDITION
    #[arg(value_name = "OLD")]
    old: String,
    /// The new edition
    #[arg(value_name = "NEW")]
    new: String,
    #[command(flatten)]
    folder: FolderFlags,
    /// Rows of each fate to show as text; JSON has all
    #[arg(long, value_name = "N", default_value_t = 20)]
    samples: usize,
    /// How to show what differs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Shape,
}

/// Compares; gives back the exit code.
pub fn run(flags: &DiffFlags) -> Result<u8, Failure> {
    let store = flags.folder.store();
    let index = store.index()?;
    let old = Edition::open(&store, &index, &flags.old)?;
    let new = Edition::open(&store, &index, &flags.new)?;
    if old.record.table != new.record.table {
        return Err(Failure::refused(
            format!("`{}` and `{}` are different tables", old.record.table, new.record.table),
            "name two editions of one table; `cleanbill tables list` shows them",
        ));
    }
    let compare: Compare = new.record.compare();
    let found = diff(&old.rows, &new.rows, &compare).map_err(|error| {
        Failure::refused(
            error.to_string(),
            "`cleanbill tables verify` tells more; import both editions again",
        )
    })?;
    let mut out = terminal::stdout();
    let written = match flags.format {
        Shape::Text => text(&mut out, old.record, new.record, &found, flags.samples),
        Shape::Json => json(&mut out, old.record, new.record, &compare, &found),
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))
}

/// One edition, opened.
struct Edition<'a> {
    record: &'a Record,
    rows: Table,
}

impl<'a> Edition<'a> {
    fn open(store: &Store, index: &'a Index, named: &str) -> Result<Self, Failure> {
        let found =
            named.split_once('@').and_then(|(table, edition)| index.edition(table, edition));
        let Some(record) = found else {
            return Err(Failure::refused(
                format!("`{named}` is not imported into `{}`", store.folder().display()),
                "name it TABLE@EDITION; `cleanbill tables list` shows what there is",
            ));
        };
        let rows = store.open(&record.stored).map_err(|reason| {
            Failure::refused(
                format!("`{named}` cannot be used: {reason}"),
                "`cleanbill tables verify` tells more; import it again",
            )
        })?;
        Ok(Self { record, rows })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    table: &'a str,
    old: &'a str,
    new: &'a str,
    added: usize,
    ended: usize,
    changed: usize,
    removed: usize,
    same: u64,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    fate: &'static str,
    key: Vec<Cell<'a>>,
    cells: Vec<Changed<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    column: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Changed<'a> {
    column: &'a str,
    old: &'a str,
    new: &'a str,
}

fn json<'a>(
    out: &mut dyn Write,
    old: &Record,
    new: &Record,
    compare: &'a Compare,
    found: &'a Differences,
) -> io::Result<()> {
    let row = |row: &'a Difference| Row {
        fate: row.fate.as_str(),
        key: compare
            .key
            .iter()
            .zip(&row.key)
            .map(|(column, value)| Cell { column, value })
            .collect(),
        cells: row.cells.iter().map(|(column, old, new)| Changed { column, old, new }).collect(),
    };
    let count = |fate| found.of(fate).count();
    let document = Document {
        schema: 1,
        table: &new.table,
        old: &old.edition,
        new: &new.edition,
        added: count(Fate::Added),
        ended: count(Fate::Ended),
        changed: count(Fate::Changed),
        removed: count(Fate::Removed),
        same: found.same,
        rows: found.rows.iter().map(row).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn text(
    out: &mut dyn Write,
    old: &Record,
    new: &Record,
    found: &Differences,
    samples: usize,
) -> io::Result<()> {
    writeln!(out, "{} {} -> {}", new.table, old.edition, new.edition)?;
    for fate in Fate::ALL {
        writeln!(out, "  {:8} {}", fate.as_str(), found.of(fate).count())?;
    }
    writeln!(out, "  {:8} {}", "same", found.same)?;
    for fate in Fate::ALL {
        for row in found.of(fate).take(samples) {
            let cells: Vec<String> = row
                .cells
                .iter()
                .map(|(column, old, new)| match fate {
                    Fate::Added => format!("{column} {new}"),
                    Fate::Removed => format!("{column} {old}"),
                    Fate::Ended if new.is_empty() => format!("{column} {old}"),
                    Fate::Ended | Fate::Changed => format!("{column} {old} -> {new}"),
                })
                .collect();
            let line = format!("{} {}: {}", fate.as_str(), row.key.join(" "), cells.join(", "));
            writeln!(out, "{}", escape(&line))?;
        }
    }
    Ok(())
}
