//! `cleanbill tables list`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::Args;
use cleanbill_report::escape;
use serde::Serialize;

use super::{FolderFlags, Shape};
use crate::failure::Failure;
use crate::packs;
use crate::table_store::{History, Index, Record};
use crate::terminal;

/// Flags of `tables list`.
#[derive(Debug, Args)]
pub struct ListFlags {
    #[command(flatten)]
    folder: FolderFlags,
    /// How to show them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Shape,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    folder: String,
    tables: &'a [Record],
    histories: &'a [History],
    /// Rules of the packs that come with cleanbill, by the table that they read.
    used_by: &'a BTreeMap<String, Vec<String>>,
}

/// Lists the tables.
pub fn run(flags: &ListFlags) -> Result<u8, Failure> {
    let store = flags.folder.store();
    let index = store.index()?;
    let folder = store.folder().display().to_string();
    let used_by = users()?;
    let mut out = terminal::stdout();
    let written = match flags.format {
        Shape::Text => text(&mut out, &folder, &index, &used_by),
        Shape::Json => {
            let (tables, histories) = (&index.tables, &index.histories);
            let document = Document { schema: 1, folder, tables, histories, used_by: &used_by };
            serde_json::to_writer_pretty(&mut out, &document)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
        }
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))
}

/// The rules of the packs that come with cleanbill that read each imported table.
fn users() -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for pack in packs::embedded()? {
        for (rule, table) in pack.imported_tables() {
            users.entry(table.to_owned()).or_default().push(rule.to_owned());
        }
    }
    Ok(users)
}

fn text(
    out: &mut dyn Write,
    folder: &str,
    index: &Index,
    used_by: &BTreeMap<String, Vec<String>>,
) -> io::Result<()> {
    writeln!(out, "{}", escape(folder))?;
    let cells: Vec<[String; 5]> = index.tables.iter().map(cells).collect();
    let width = |column: usize| {
        cells.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2), width(3)];
    let [table_width, edition_width, days_width, rows_width] = widths;
    for [table, edition, days, rows, from] in &cells {
        let line = format!(
            "{table:table_width$}  {edition:edition_width$}  {days:days_width$}  {rows:>rows_width$}  {from}"
        );
        writeln!(out, "{}", escape(line.trim_end()))?;
    }
    for history in &index.histories {
        let missing = match history.missing.as_slice() {
            [] => String::new(),
            missing => format!("; not imported: {}", missing.join(", ")),
        };
        let editions = history.editions.join(", ");
        let History { table, covers, rows, .. } = history;
        let line = format!("{table}  in use {covers}  {rows} rows  of {editions}{missing}");
        writeln!(out, "{}", escape(&line))?;
    }
    for (table, rules) in used_by {
        let is_there = index.tables.iter().any(|record| record.table == *table);
        let state = if is_there { "used by" } else { "not imported; would switch on" };
        writeln!(out, "{}", escape(&format!("{table}  {state} {}", rules.join(", "))))?;
    }
    Ok(())
}

fn cells(record: &Record) -> [String; 5] {
    let files: Vec<&str> = record.sources.iter().map(|source| source.file.as_str()).collect();
    let digest: String = record.stored.digest.chars().take(12).collect();
    let release = record.release.clone().unwrap_or_default();
    [
        record.table.clone(),
        record.edition.clone(),
        record.covers.to_string(),
        format!("{} rows", record.rows.kept),
        [release, digest, files.join(", ")].join("  ").trim_start().to_owned(),
    ]
}
