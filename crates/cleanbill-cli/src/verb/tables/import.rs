//! `cleanbill tables import`.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_report::escape;
use cleanbill_run::exit_code;
use cleanbill_tables::cms::{FileInput, ImportError, Input, Kind, Options, Plan, plan};
use serde::Serialize;

use super::{FolderFlags, Shape};
use crate::failure::{Failure, plural};
use crate::flags::{GlobalFlags, When};
use crate::table_store::{DamageRecord, Import, Ready, Record, rehearse};
use crate::{progress, signals, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill tables import medicare-ncci-2026q3-practitioner-*.zip
  cleanbill tables import MCR_MUE_PractitionerServices_Eff_07-01-2026.csv
  cleanbill tables import pairs.txt --as ptp-hospital --edition 2026q3 --dir tables
  cleanbill tables import rvu26c.zip --dry-run --format json

Tables are kept compiled in one folder, by edition; an import is whole or changes nothing. Packs
name a table under `imported`. Where each file comes from: docs/tables.md.

Exit codes: 0 imported, 2 refused and nothing changed, 3 imported with rows or parts that are not
there, as allowed, 4 not written.";

/// Flags of `tables import`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ImportFlags {
    /// Files as they were downloaded: zip, text, CSV, workbook or JSON
    #[arg(value_name = "FILES", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    folder: FolderFlags,
    /// What the files are, where they and their names do not tell
    #[arg(long = "as", value_name = "KIND", value_parser = kind())]
    kind: Option<Kind>,
    /// Edition of the files, where their names do not tell: 2026q3, or fy2026 for ICD-10-CM
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,
    /// Leave damaged rows out and import the others
    #[arg(long)]
    allow_damaged: bool,
    /// Import a table of which a part is missing
    #[arg(long)]
    allow_missing_parts: bool,
    /// Read everything and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to show what was imported
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Shape,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::as_str))
        .try_map(|name| Kind::from_name(&name).ok_or("not a kind of table"))
}

/// What the command made of the files.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    imported: bool,
    tables: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    record: &'a Record,
    /// The edition was there already, made of other bytes.
    replaces: bool,
    damage: Vec<DamageRecord<'a>>,
}

/// Imports; gives back the exit code.
pub fn run(flags: ImportFlags, global: &GlobalFlags) -> Result<u8, Failure> {
    let stop = signals::stop_flag()?;
    let stopped = || Some(stop.load(Ordering::Relaxed)).filter(|signal| *signal != 0);
    let inputs = flags.files.iter().map(|path| -> Box<dyn Input> {
        Box::new(Stoppable { file: FileInput::new(path.clone()), stop: Arc::clone(&stop) })
    });
    let options = Options { kind: flags.kind, edition: flags.edition.clone() };
    let when = if global.quiet { When::Never } else { flags.progress };
    let store = flags.folder.store();
    let mut import = if flags.dry_run { None } else { Some(Import::begin(&store)?) };
    let outcome = plan(inputs.collect(), &options)
        .map_err(|error| refused(&error))
        .and_then(|plan| read(&plan, import.as_mut(), when));
    if let Some(signal) = stopped() {
        return Ok(exit_code::stopped_by(signal));
    }
    let mut done = outcome?;
    let verdict = verdict(&done, &flags);
    if verdict.is_ok()
        && let Some(import) = import.take()
    {
        import.publish(&mut done)?;
    }
    show(&done, flags.format, verdict.is_ok() && !flags.dry_run)?;
    verdict
}

fn read(
    plan: &Plan,
    mut import: Option<&mut Import<'_>>,
    when: When,
) -> Result<Vec<Ready>, Failure> {
    let size = plan.tables().iter().map(cleanbill_tables::cms::PlannedTable::size).sum();
    let bar = progress::bar(when, false, Some(size));
    let done = plan.tables().iter().map(|table| {
        bar.iter().for_each(|bar| bar.set_message(table.name.clone()));
        let mut moved = |bytes| bar.iter().for_each(|bar| bar.inc(bytes));
        let read = |sink: &mut dyn cleanbill_tables::RowSink| {
            plan.read(table, sink, &mut moved).map_err(|error| refused(&error))
        };
        match &mut import {
            Some(import) => import.write(table, read),
            None => rehearse(table, read),
        }
    });
    let done = done.collect();
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    done
}

fn refused(error: &ImportError) -> Failure {
    Failure::refused(error.to_string(), error.help())
}

/// Whether what was read may be published: the exit code, or why not.
fn verdict(done: &[Ready], flags: &ImportFlags) -> Result<u8, Failure> {
    let mut code = exit_code::WHOLE;
    for done in done {
        let (table, report) = (&done.record.table, &done.report);
        let damaged = report.rows_damaged;
        if report.rows_kept == 0 && damaged == 0 {
            return Err(Failure::refused(
                format!("table `{table}` has no row that is ever in force; nothing was imported"),
                "compare the file with the CMS page",
            ));
        }
        if report.rows_kept == 0 || (damaged > 0 && !flags.allow_damaged) {
            let are = if damaged == 1 { "row is" } else { "rows are" };
            return Err(Failure::refused(
                format!("{damaged} {are} damaged in table `{table}`; nothing was imported"),
                "download the file again; `--allow-damaged` imports the other rows",
            ));
        }
        if let (Some(gap), false) = (report.gaps.first(), flags.allow_missing_parts) {
            return Err(Failure::refused(
                format!("table `{table}`: {gap}; nothing was imported"),
                "import all parts together, under their names of the CMS page; \
                 `--allow-missing-parts` imports what is there",
            ));
        }
        if damaged > 0 || !report.gaps.is_empty() {
            code = exit_code::UNTRUSTED;
        }
    }
    Ok(code)
}

fn show(done: &[Ready], shape: Shape, imported: bool) -> Result<u8, Failure> {
    let mut out = terminal::stdout();
    let written = match shape {
        Shape::Text => done.iter().try_for_each(|done| text(&mut out, done, imported)),
        Shape::Json => {
            let tables = done.iter().map(|done| Shown {
                record: &done.record,
                replaces: done.replaces,
                damage: done.report.damage.iter().map(DamageRecord::new).collect(),
            });
            let document = Document { schema: 1, imported, tables: tables.collect() };
            serde_json::to_writer_pretty(&mut out, &document)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
        }
    };
    Failure::of_stdout(written.and_then(|()| out.flush()))
}

fn text(out: &mut dyn Write, done: &Ready, imported: bool) -> io::Result<()> {
    let (record, report) = (&done.record, &done.report);
    let word = if imported { "imported" } else { "read" };
    write!(out, "{word}: {} {}", record.table, record.edition)?;
    if let Some(release) = &record.release {
        write!(out, " ({release})")?;
    }
    let rows = &record.rows;
    write!(
        out,
        ": {} of {} row{} kept",
        rows.kept,
        rows.read,
        if rows.read == 1 { "" } else { "s" }
    )?;
    for (why, count) in &rows.dropped {
        write!(out, ", {count} {}", why.replace('_', " "))?;
    }
    if rows.damaged > 0 {
        write!(out, ", {} damaged", rows.damaged)?;
    }
    writeln!(out)?;
    for source in &record.sources {
        let entry = source.entry.as_ref().map_or_else(String::new, |entry| format!(" > {entry}"));
        let from = escape(&format!("{}{entry}", source.file)).into_owned();
        writeln!(out, "  from {from}  {} bytes  sha256:{}", source.bytes, source.sha256)?;
    }
    for damage in &report.damage {
        writeln!(out, "  damaged: {}\n    help: {}", escape(&damage.to_string()), damage.remedy)?;
    }
    let hidden = usize::try_from(rows.damaged).unwrap_or(usize::MAX) - report.damage.len();
    if hidden > 0 {
        writeln!(out, "  and {hidden} more damaged row{}", plural(hidden))?;
    }
    if done.replaces {
        writeln!(out, "  note: it takes the place of the same edition with other rows")?;
    }
    for words in report.gaps.iter().chain(&report.notes) {
        writeln!(out, "  note: {}", escape(words))?;
    }
    Ok(())
}

/// A file whose reading a signal ends.
struct Stoppable {
    file: FileInput,
    stop: Arc<AtomicUsize>,
}

impl Input for Stoppable {
    fn name(&self) -> &str {
        self.file.name()
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(StoppableReader { from: self.file.open()?, stop: &self.stop }))
    }
}

struct StoppableReader<'a> {
    from: Box<dyn Read + 'a>,
    stop: &'a AtomicUsize,
}

impl Read for StoppableReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) != 0 {
            return Err(io::Error::other("the command was asked to stop"));
        }
        self.from.read(buffer)
    }
}
