//! `cargo xtask bench`: `cleanbill validate` on a synthetic 837P file, beside what the machine can do.
//!
//! Figures are for comparing in one run on one machine. The limits are measured between the runs of
//! the program, so that a busy machine slows both; the share of the limit is the figure to look at.

mod figures;
mod flat;
mod formats;
mod generate;
mod hostile;
mod import;
mod instructions;
mod jobs;
mod measure;
mod pairs;
mod peers;
mod plugins;
mod remits;
mod rules;
mod tables;
mod vocabulary;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use figures::{Figures, median};

use crate::command::Cargo;
use crate::workspace;

/// Runs of each size; the figures are their medians.
const REPETITIONS: usize = 3;

/// How much larger the second file is, which shows whether memory grows with the input.
const LARGER: u64 = 5;

/// Rows of the table of pairs: about as many as the NCCI's has.
const PAIRS: u64 = 2_500_000;

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The main job on files of two sizes.
    Claims,
    /// The same claims in every format that is read.
    Formats,
    /// Packs of ever more rules.
    Rules,
    /// Pack files that are made to cost much; fails when one costs too much.
    Hostile,
    /// A large table of pairs.
    Tables,
    /// The files of CMS: imported, opened and asked; fails when a row gives another verdict than it should.
    Import,
    /// One file by one job and by several; fails when their outputs differ.
    Jobs,
    /// A plugin in this process and in one of its own.
    Plugins,
    /// Peak memory of ever longer streams; fails when it grows.
    Flat,
    /// Instructions that a claim costs, by callgrind; fails when they are 15 % above those stored.
    Instructions,
    /// Engines and readers of others at the same work; fails when one finds something else.
    Peers,
    /// Remittance advice of two sizes, held against findings and against claims.
    Remits,
}

/// What `bench` may be asked.
#[derive(clap::Args)]
pub struct Args {
    /// Size of the first file in megabytes; the second is five times as large.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=20_000))]
    mb: u64,
    /// Run only this part; give it several times for several parts.
    #[arg(long)]
    only: Vec<Part>,
    /// Keep claims, findings and imported tables in the build folder afterwards.
    #[arg(long)]
    keep: bool,
    /// Measure the release build that is there, without building it anew.
    #[arg(long)]
    as_built: bool,
    /// Gigabytes of the longest stream whose memory is measured.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    gb: u64,
    /// Store the instructions that are counted as those to compare with.
    #[arg(long, requires = "only")]
    store: bool,
    /// Also write the figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Builds the program, makes the files, measures and prints; `false` when a limit is not kept.
pub fn run(args: &Args) -> Result<bool> {
    ensure!(
        args.as_built || Cargo::new("build --release --locked --package cleanbill-cli").run()?,
        "the program does not build"
    );
    let binary = workspace::target()
        .join("release/cleanbill")
        .with_extension(std::env::consts::EXE_EXTENSION);
    let folder = workspace::target().join("bench");
    fs::create_dir_all(&folder)?;
    let wants = |part| args.only.is_empty() || args.only.contains(&part);
    let mut all = Vec::new();
    if wants(Part::Claims) {
        for mb in [args.mb, args.mb * LARGER] {
            all.push(measure_size(&binary, &folder, mb, args.keep)?);
        }
        print!("{}", figures::table(&all));
    }
    if wants(Part::Formats) {
        print!("{}", formats::table(&formats::measure(&binary, &folder, args)?));
    }
    if wants(Part::Rules) {
        print!("{}", rules::table(&rules::measure(&binary, &folder, args.mb)?));
    }
    if wants(Part::Jobs) {
        print!("{}", jobs::table(&jobs::measure(&binary, &folder, args.mb * LARGER)?));
    }
    let mut tables = None;
    if wants(Part::Tables) {
        let costs = tables::measure(&binary, &folder, PAIRS)?;
        print!("{}", costs.table()?);
        tables = Some(costs.json());
    }
    if wants(Part::Plugins) {
        print!("{}", plugins::measure(&binary, &folder)?.table()?);
    }
    if wants(Part::Remits) {
        print!("{}", remits::measure(&binary, &folder, args.mb)?);
    }
    if wants(Part::Peers) {
        print!("{}", peers::measure(&binary, &folder, args.mb, args.keep)?);
    }
    let mut within_limits = true;
    if wants(Part::Flat) {
        let peaks = flat::measure(&binary, &folder, args.gb)?;
        print!("{}", flat::table(&peaks));
        within_limits &= flat::is_flat(&peaks);
    }
    if wants(Part::Instructions) {
        ensure!(
            instructions::can_count()?,
            "valgrind is not installed: `apt-get install valgrind`"
        );
        within_limits &= instructions::run(&binary, &folder, args.store)?;
    }
    if wants(Part::Import) {
        within_limits &= import::run(&binary, &folder, args.keep)?;
    }
    if wants(Part::Hostile) {
        let costs = hostile::measure(&binary, &folder)?;
        print!("{}", hostile::table(&costs));
        within_limits &= hostile::are_within_limits(&costs);
    }
    if let Some(file) = &args.json {
        fs::write(file, figures::json(&all, tables))
            .with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    Ok(within_limits)
}

fn measure_size(binary: &Path, folder: &Path, mb: u64, keep: bool) -> Result<Figures> {
    let claims = folder.join(format!("claims-{mb}mb.837"));
    let findings = folder.join("findings.ndjson");
    let out =
        File::create(&claims).with_context(|| format!("cannot write `{}`", claims.display()))?;
    let made = generate::write(BufWriter::new(out), mb * 1_000_000)?;
    println!("{}: {} claims in {} transaction sets", claims.display(), made.claims, made.sets);
    // Once without counting, so that the file is in memory for the program and for the limits.
    measure::limits(&claims)?;
    let mut runs = Vec::new();
    let mut limits = Vec::new();
    for _ in 0..REPETITIONS {
        runs.push(measure::validate(binary, &claims, &findings, None)?);
        limits.push(measure::limits(&claims)?);
    }
    let counted = runs.first().and_then(|run| run.claims);
    if counted != Some(made.claims) {
        println!("warning: the summary counts {counted:?} claims, the file holds {}", made.claims);
    }
    if !keep {
        fs::remove_file(&claims)?;
        fs::remove_file(&findings)?;
    }
    Ok(Figures {
        bytes: made.bytes,
        claims: counted.unwrap_or(made.claims),
        wall: median(runs.iter().map(|run| run.wall)),
        cpu: median(runs.iter().map(|run| run.cpu)),
        peak_bytes: runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default(),
        read: median(limits.iter().map(|limit| limit.read)),
        visit: median(limits.iter().map(|limit| limit.visit)),
    })
}
