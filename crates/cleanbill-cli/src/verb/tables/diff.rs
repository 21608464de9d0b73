//! `cleanbill tables diff`: rows of two editions, and what a new edition does to claims.

mod claims;

use std::io::{self, Write};

use clap::Args;
use cleanbill_report::{DiffResult, escape};
use cleanbill_tables::{Compare, Difference, Differences, Fate, Table, diff};
use serde::Serialize;
use serde_json::value::RawValue;

use self::claims::{ClaimFlags, Sides};
use super::{FolderFlags, Shape};
use crate::failure::Failure;
use crate::flags::GlobalFlags;
use crate::table_store::{Index, Record, Store, find_edition};
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill tables diff ncci-ptp-practitioner@2026q2 ncci-ptp-practitioner@2026q3
  cleanbill tables diff mpfs@2026q1 mpfs@2026q2 --format json
  cleanbill tables diff ncci-addon@2026q2 ncci-addon@2026q3 --claims claims.837

With --claims, the rules that read the table judge the claims, once as if no later edition than OLD
were there and once as if none later than NEW were. Rows hold on the days that they say: a claim
differs where its dates of service lie on such days.

Exit codes: 0 compared, 2 refused, 3 part of the claims could not be trusted.";

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
    /// Rows of each fate to show as text, JSON has all; and claims to show of each rule
    #[arg(long, value_name = "N", default_value_t = 20)]
    samples: usize,
    #[command(flatten)]
    claims: ClaimFlags,
    /// How to show what differs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Shape,
}

/// Compares; gives back the exit code.
pub fn run(flags: &DiffFlags, global: &GlobalFlags) -> Result<u8, Failure> {
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
    let of = Sides { table: &new.record.table, old: &flags.old, new: &flags.new };
    let judged = flags.claims.judge(&flags.folder, of, flags.samples, global)?;
    let mut out = terminal::stdout();
    let written = match flags.format {
        Shape::Text => text(&mut out, old.record, new.record, &found, flags.samples)
            .and_then(|()| judged.iter().try_for_each(|judged| claims::text(&mut out, judged))),
        Shape::Json => json(&mut out, old.record, new.record, &compare, &found, judged.as_ref()),
    };
    let heard = Failure::of_stdout(written.and_then(|()| out.flush()))?;
    Ok(judged.map_or(heard, |judged| judged.exit_code))
}

/// One edition, opened.
struct Edition<'a> {
    record: &'a Record,
    rows: Table,
}

impl<'a> Edition<'a> {
    fn open(store: &Store, index: &'a Index, named: &str) -> Result<Self, Failure> {
        let record = find_edition(store, index, named)?;
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
    /// What the claims have of it, as `cleanbill diff --format json` shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Box<RawValue>>,
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
    judged: Option<&DiffResult>,
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
        claims: judged.map(claims::json).transpose()?,
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
