//! `cleanbill plugins bench`: how long a plugin takes for a claim.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use cleanbill_model::Claim;
use cleanbill_plugin_check::{MeasureError, Measured, Place, Work, claims_for, measure};
use cleanbill_run::exit_code;

use crate::failure::Failure;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins bench target/release/libacme_rules.so
  cleanbill plugins bench libacme.so --claims 50000 --json

The claims are made up, the same for the same seed. `check` is the plugin's function alone, on
claims that are laid out; the others hold laying a claim out, asking the plugin and taking its
findings. They are measured in turns. Measure a release build on a quiet machine.";

/// How often each is measured.
const ROUNDS: usize = 7;

/// Flags of `plugins bench`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BenchFlags {
    /// The plugin file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How many claims to make up
    #[arg(long, value_name = "N", default_value = "4096", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    claims: u32,
    /// From which they are made
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
}

/// Does it; gives back the exit code.
pub fn run(flags: &BenchFlags) -> Result<u8, Failure> {
    let refused = |error: MeasureError| {
        let help = "`cleanbill plugins check FILE` tells what is wrong with a plugin";
        Failure::refused(error.to_string(), help)
    };
    let count = usize::try_from(flags.claims).unwrap_or(usize::MAX);
    let claims = claims_for(&flags.file, flags.seed, count).map_err(refused)?;
    let works = [
        Work::Check,
        Work::Asked(Place::Here, 1),
        Work::Asked(Place::Worker, 256),
        Work::Asked(Place::Worker, 1),
    ];
    let rows = measure(&flags.file, &works, &claims, ROUNDS).map_err(refused)?;
    let mut out = terminal::stdout();
    let written =
        if flags.json { json(&rows, &claims, &mut out) } else { text(&rows, &claims, &mut out) };
    Failure::of_stdout(written.and_then(|()| out.flush()))?;
    Ok(exit_code::WHOLE)
}

/// What is measured, and how many claims are asked about at once.
const fn name(work: Work) -> (&'static str, usize) {
    match work {
        Work::Check => ("check", 1),
        Work::Asked(Place::Here, batch) => ("in-process", batch),
        Work::Asked(Place::Worker, batch) => ("worker", batch),
    }
}

fn text(rows: &[Measured], claims: &[Claim], out: &mut dyn Write) -> io::Result<()> {
    let lines: usize = claims.iter().map(|claim| claim.lines.len()).sum();
    let findings = rows.first().map_or(0, |row| row.findings);
    writeln!(
        out,
        "{} made-up claims, {lines} lines, {findings} findings; ns for a claim",
        claims.len()
    )?;
    writeln!(out, "{:<12}{:>6}{:>12}{:>12}{:>12}", "", "batch", "mean", "median", "p99")?;
    rows.iter().try_for_each(|row| {
        let (place, batch) = name(row.work);
        writeln!(out, "{place:<12}{batch:>6}{:>12}{:>12}{:>12}", row.mean, row.median, row.p99)
    })
}

fn json(rows: &[Measured], claims: &[Claim], out: &mut dyn Write) -> io::Result<()> {
    let rows = rows.iter().map(|row| {
        let (place, batch) = name(row.work);
        serde_json::json!({
            "place": place,
            "batch": batch,
            "mean_ns": u64::try_from(row.mean).unwrap_or(u64::MAX),
            "median_ns": u64::try_from(row.median).unwrap_or(u64::MAX),
            "p99_ns": u64::try_from(row.p99).unwrap_or(u64::MAX),
            "findings": row.findings,
        })
    });
    let report = serde_json::json!({ "claims": claims.len(), "rows": rows.collect::<Vec<_>>() });
    writeln!(out, "{report}")
}
