//! `cleanbill tables list`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::Shape;
use super::record::Record;
use super::store::Store;
use crate::failure::Failure;
use crate::terminal;

/// Flags of `tables list`.
#[derive(Debug, Args)]
pub struct ListFlags {
    /// Folder of the tables
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// How to show them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Shape,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tables: &'a [Record],
}

/// Lists the tables.
pub fn run(flags: &ListFlags) -> Result<u8, Failure> {
    let records = Store::new(flags.dir.clone()).records()?;
    let mut out = terminal::stdout();
    let written = match flags.format {
        Shape::Text => text(&mut out, &records),
        Shape::Json => {
            serde_json::to_writer_pretty(&mut out, &Document { schema: 1, tables: &records })
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
        }
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))
}

fn text(out: &mut dyn Write, records: &[Record]) -> io::Result<()> {
    let cells: Vec<[String; 4]> = records
        .iter()
        .map(|record| {
            let files: Vec<&str> =
                record.sources.iter().map(|source| source.file.as_str()).collect();
            let release = record.release.clone().unwrap_or_default();
            let rows = format!("{} rows", record.rows.kept);
            [
                record.table.clone(),
                record.edition.clone(),
                rows,
                [release, files.join(", ")].join("  "),
            ]
        })
        .collect();
    let width = |column: usize| {
        cells.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0)
    };
    let (table_width, edition_width, rows_width) = (width(0), width(1), width(2));
    cells.iter().try_for_each(|[table, edition, rows, from]| {
        let line =
            format!("{table:table_width$}  {edition:edition_width$}  {rows:>rows_width$}  {from}");
        writeln!(out, "{}", cleanbill_report::escape(line.trim_end()))
    })
}
