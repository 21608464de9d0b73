//! The claims that two editions of a table judge in two ways.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use cleanbill_report::{DiffBy, DiffFormat, DiffResult};
use cleanbill_rules::PluginSide;
use cleanbill_run::{Diff, Input};
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::flags::{GlobalFlags, When};
use crate::history::HistoryFlags;
use crate::input_flags::InputFlags;
use crate::table_store::Shelf;
use crate::verb::diff::{Edition, by, grouping};
use crate::verb::tables::FolderFlags;
use crate::verb::validate::settle;
use crate::{jobs, not_run, packs, progress, signals, terminal};

/// Flags about claims.
#[derive(Debug, Args)]
pub struct ClaimFlags {
    /// Also tell which of these claims the new edition touches, and what was billed on them; `-`:
    /// standard input
    #[arg(long, value_name = "FILES", num_args = 1..)]
    claims: Vec<PathBuf>,
    /// Pack whose rules judge the claims; may be repeated [default: the packs that come with cleanbill
    /// and read the table]
    #[arg(long, value_name = "PACK", requires = "claims")]
    packs: Vec<String>,
    /// What to group lines by; the rule always comes first
    #[arg(long, value_name = "WHAT", value_delimiter = ',', default_value = "rule", value_parser = by())]
    by: Vec<Option<DiffBy>>,
    #[command(flatten)]
    input: InputFlags,
    #[command(flatten)]
    history: HistoryFlags,
    /// When to show a progress bar on standard error
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    progress: When,
}

/// What is compared.
#[derive(Clone, Copy)]
pub struct Sides<'a> {
    /// The table.
    pub table: &'a str,
    /// Its old edition, TABLE@EDITION.
    pub old: &'a str,
    /// Its new edition.
    pub new: &'a str,
}

impl ClaimFlags {
    /// What the claims have of the new edition; nothing where no claims were named.
    ///
    /// # Errors
    /// No rule reads the table, a pack cannot be used, or the claims cannot be read.
    pub fn judge(
        &self,
        folder: &FolderFlags,
        of: Sides<'_>,
        samples: usize,
        global: &GlobalFlags,
    ) -> Result<Option<DiffResult>, Failure> {
        if self.claims.is_empty() {
            return Ok(None);
        }
        let stop = signals::stop_flag()?;
        let inputs = settle::inputs(&self.claims, &stop, false)?;
        let named = self.packs_that_read(of.table)?;
        let edition = |chosen: &str| {
            let shelf = Shelf::open(folder.store(), [chosen.to_owned()].iter())?;
            Edition::load(named.clone(), PluginSide::LeftOut, &shelf, Some(of.table), None)
        };
        let (old, _) = edition(of.old)?;
        let (new, not_run) = edition(of.new)?;
        if !global.quiet {
            not_run::warn(&not_run);
        }
        let history = self.history.feed(Some(&stop), None)?;
        let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
        let when = if global.quiet { When::Never } else { self.progress };
        let bar = progress::bar(when, true, size);
        let mut show = |done| bar.iter().for_each(|bar| progress::show(bar, done));
        let folder = folder.named();
        let result = Diff {
            old: old.shown(folder.as_deref()),
            new: new.shown(folder.as_deref()),
            inputs,
            input_options: self.input.options()?,
            history: history.as_ref(),
            by: grouping(&self.by),
            samples,
            thresholds: Vec::new(),
            outputs: Vec::new(),
            jobs: jobs::of_processors(),
            stop: Some(&stop),
            progress: if bar.is_some() { Some(&mut show) } else { None },
        }
        .result();
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        Ok(Some(result?))
    }

    /// The packs named, or those that come with cleanbill and read the table.
    fn packs_that_read(&self, table: &str) -> Result<Vec<String>, Failure> {
        if !self.packs.is_empty() {
            return Ok(self.packs.clone());
        }
        let embedded = packs::embedded()?;
        let reads =
            embedded.iter().filter(|pack| pack.imported_tables().any(|(_, read)| read == table));
        let names: Vec<String> = reads.map(|pack| pack.name.clone()).collect();
        if names.is_empty() {
            return Err(Failure::refused(
                format!("no pack that comes with cleanbill has a rule that reads `{table}`"),
                "name yours with `--packs`",
            ));
        }
        Ok(names)
    }
}

/// The comparison for people.
pub fn text(out: &mut dyn Write, judged: &DiffResult) -> io::Result<()> {
    writeln!(out)?;
    DiffFormat::Text.write(out, judged, &terminal::styles())
}

/// The comparison for programs.
pub fn json(judged: &DiffResult) -> io::Result<Box<RawValue>> {
    let mut text = Vec::new();
    DiffFormat::Json.write(&mut text, judged, &terminal::styles())?;
    serde_json::from_slice(&text).map_err(io::Error::from)
}
