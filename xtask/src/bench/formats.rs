//! The same claims in every format that is read: what a claim costs in each, beside the 837P.
//!
//! Text formats are written here. The packed and columnar ones are made of the CSV file by an example of
//! `cleanbill-columnar`, so that this program does without their crates.

pub mod workload;
pub mod write;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::figures::{median, micros, rate, rate_mb, seconds};
use super::{Args, measure};
use crate::command::Cargo;
use workload::Workload;

/// Runs of each file; the figures are their medians.
const REPETITIONS: usize = 3;

/// Claims for each megabyte that is asked for.
const CLAIMS_OF_A_MB: u64 = 2_000;

/// What makes the example.
const EXAMPLE: &str = "build --release --locked --package cleanbill-columnar --example pack";

/// What reading and judging one file took.
pub struct Cost {
    format: &'static str,
    bytes: u64,
    claims: u64,
    lines: u64,
    wall: Duration,
    cpu: Duration,
    peak_bytes: u64,
}

/// Writes claims in every format and measures each.
pub fn measure(binary: &Path, folder: &Path, args: &Args) -> Result<Vec<Cost>> {
    let folder = folder.join("formats");
    fs::create_dir_all(&folder)?;
    let workload = Workload::new(args.mb * CLAIMS_OF_A_MB);
    let mut files = write::all(&workload, &folder)?;
    let csv = folder.join("lines.csv");
    ensure!(
        args.as_built || Cargo::new(EXAMPLE).run()?,
        "the example that makes columnar files does not build"
    );
    let pack = binary.with_file_name("examples").join("pack");
    let packed = Command::new(pack).arg(&csv).status()?;
    ensure!(packed.success(), "the columnar files were not made");
    let (all, lines) = (workload.claims(), workload.lines());
    for (format, name) in [
        ("CSV, gzip", "lines.csv.gz"),
        ("CSV, zstd", "lines.csv.zst"),
        ("Parquet, zstd", "lines.parquet"),
        ("Arrow file", "lines.arrow"),
    ] {
        files.push(write::Written { format, path: folder.join(name), claims: all, lines });
    }
    let findings = folder.join("findings.ndjson");
    let mut costs = Vec::new();
    for file in files {
        // Once without counting, so that the file is in memory.
        measure::validate(binary, &file.path, &findings, None)?;
        let mut runs = Vec::new();
        for _ in 0..REPETITIONS {
            let run = measure::validate(binary, &file.path, &findings, None)?;
            ensure!(run.claims == Some(file.claims), "{}: {:?} claims", file.format, run.claims);
            runs.push(run);
        }
        costs.push(Cost {
            format: file.format,
            bytes: fs::metadata(&file.path)?.len(),
            claims: file.claims,
            lines: file.lines,
            wall: median(runs.iter().map(|run| run.wall)),
            cpu: median(runs.iter().map(|run| run.cpu)),
            peak_bytes: runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default(),
        });
    }
    fs::remove_dir_all(&folder)?;
    Ok(costs)
}

/// The figures as a table.
pub fn table(costs: &[Cost]) -> String {
    let mut text = String::from(
        "\n| format | claims | MB | s | CPU s | claims/s | lines/s | MB/s | peak MiB | CPU of a claim, 837P = 1 |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    let per_claim = |cost: &Cost| micros(cost.cpu) * 1_000 / cost.claims.max(1);
    let first = costs.first().map_or(1, per_claim).max(1);
    for cost in costs {
        let ratio = per_claim(cost) * 100 / first;
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {}.{:02} |",
            cost.format,
            cost.claims,
            cost.bytes / 1_000_000,
            seconds(cost.wall),
            seconds(cost.cpu),
            rate(cost.claims, cost.cpu),
            rate(cost.lines, cost.cpu),
            rate_mb(cost.bytes, cost.cpu),
            cost.peak_bytes >> 20,
            ratio / 100,
            ratio % 100,
        );
    }
    text.push_str("\nPer second is per second of CPU time.\n");
    text
}
