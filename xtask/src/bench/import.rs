//! How fast tables of CMS are imported, opened and asked, whether each row of a quarter of pairs is found
//! again, and how soon a claim has its first finding with all of them: files in the layout of CMS, made here.

mod others;
mod ptp;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ptp::Pairs;
use wait4::Wait4 as _;

use super::figures::{median, micros};
use super::{REPETITIONS, measure};
use crate::command::Cargo;
use crate::workspace;

/// About as many rows as a practitioner release has.
pub const PRACTITIONER: Pairs =
    Pairs { codes: 5_268, parts: 4, name: "ccipra-v322r0-f{part}.txt", is_medicaid: false };

const OTHER_PAIRS: [Pairs; 4] = [
    Pairs { codes: 3_600, parts: 4, name: "ccioph-v322r0-f{part}.txt", is_medicaid: false },
    Pairs {
        codes: 3_600,
        parts: 1,
        name: "medicaid-ncci-q3-2026-ptp-edits-practitioner-services.txt",
        is_medicaid: true,
    },
    Pairs {
        codes: 2_400,
        parts: 1,
        name: "medicaid-ncci-q3-2026-ptp-edits-outpatient-hospital-services.txt",
        is_medicaid: true,
    },
    Pairs {
        codes: 20,
        parts: 1,
        name: "medicaid-ncci-q3-2026-ptp-edits-durable-medical-equipment-services.txt",
        is_medicaid: true,
    },
];

/// The program that opens and asks tables in itself: `crates/cleanbill-tables/examples/open.rs`.
const OPEN: &str = "build --release --locked --package cleanbill-tables --example open";

/// The one that asks for each row: `crates/cleanbill-cli/examples/query_back.rs`.
const QUERY_BACK: &str = "build --release --locked --package cleanbill-cli --example query_back";

/// Runs of which a start is the median.
const STARTS: usize = 15;

/// Makes the files, imports them, asks the tables and prints what that took; `false` when a row gives
/// another verdict than it should.
pub fn run(binary: &Path, folder: &Path, keep: bool) -> Result<bool> {
    let folder = folder.join("import");
    let tables = folder.join("tables");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let files = PRACTITIONER.write(&folder)?;
    import_timed(binary, &files, &tables)?;
    let pairs = compiled(&tables.join("ncci-ptp-practitioner"))?;
    for path in &pairs {
        println!("table of pairs: {} bytes (wanted: under 60 MB)", fs::metadata(path)?.len());
    }
    let is_right = query_back(&files, &pairs)?;
    for pairs in &OTHER_PAIRS {
        import(binary, &pairs.write(&folder)?, &tables, false)?;
    }
    for group in others::write(&folder)? {
        import(binary, &group, &tables, false)?;
    }
    let mut all = Vec::new();
    for entry in fs::read_dir(&tables)? {
        let path = entry?.path();
        if path.is_dir() {
            all.extend(compiled(&path)?);
        }
    }
    all.sort();
    // The table of pairs first: it is the one that is asked.
    all.sort_by_key(|path| !pairs.contains(path));
    ensure!(Cargo::new(OPEN).run()?, "the example does not build");
    print!("{}", output(Command::new(example("open")).args(&all))?);
    start(binary, &folder, &tables)?;
    if !keep {
        fs::remove_dir_all(&folder)?;
    }
    Ok(is_right)
}

/// Imports with and without writing the table.
fn import_timed(binary: &Path, files: &[PathBuf], tables: &Path) -> Result<()> {
    let mut bytes = 0;
    let mut read = Duration::ZERO;
    for file in files {
        bytes += fs::metadata(file)?.len();
        read += measure::limits(file)?.read;
    }
    println!(
        "\n{} pairs in {} files of together {} MB",
        PRACTITIONER.rows(),
        files.len(),
        bytes / 1_000_000
    );
    println!("reading the files alone: {:.3} s", read.as_secs_f64());
    for (what, dry) in
        [("read, nothing written", true), ("compiled and written (wanted: under 8 s)", false)]
    {
        let runs = (0..REPETITIONS)
            .map(|_| import(binary, files, tables, dry))
            .collect::<Result<Vec<_>>>()?;
        println!(
            "{what}: {:.3} s, {:.3} CPU s, {} MiB peak",
            median(runs.iter().map(|run| run.wall)).as_secs_f64(),
            median(runs.iter().map(|run| run.cpu)).as_secs_f64(),
            runs.iter().map(|run| run.peak_bytes >> 20).max().unwrap_or_default(),
        );
    }
    Ok(())
}

/// Asks for every row on its first and last day and the days around them.
fn query_back(files: &[PathBuf], pairs: &[PathBuf]) -> Result<bool> {
    ensure!(Cargo::new(QUERY_BACK).run()?, "the example does not build");
    let start = Instant::now();
    let mut command = Command::new(example("query_back"));
    let status = command.args(pairs).args(files).status().context("cannot start `query_back`")?;
    println!("every row asked for in {:.1} s", start.elapsed().as_secs_f64());
    Ok(status.success())
}

/// One claim with all tables, from the start of the process to its end, behind the first finding.
fn start(binary: &Path, folder: &Path, tables: &Path) -> Result<()> {
    let claim = folder.join("one.ndjson");
    fs::write(&claim, CLAIM)?;
    let findings = folder.join("findings.ndjson");
    for (what, tables) in
        [("no table", folder.join("none")), ("all tables (wanted: under 50 ms)", tables.to_owned())]
    {
        let runs = (0..STARTS)
            .map(|_| {
                measure::validate_with(binary, &claim, &findings, &[Path::new("--tables"), &tables])
            })
            .collect::<Result<Vec<_>>>()?;
        println!(
            "one claim, {what}: {} us, {} us of CPU, {} MiB peak",
            micros(median(runs.iter().map(|run| run.wall))),
            micros(median(runs.iter().map(|run| run.cpu))),
            runs.iter().map(|run| run.peak_bytes >> 20).max().unwrap_or_default(),
        );
    }
    let found = fs::read_to_string(&findings)?;
    ensure!(found.contains("ncci-mue-practitioner"), "the claim has no finding of a table");
    Ok(())
}

/// A claim whose units are over the value of the table of units.
const CLAIM: &str = r#"{"schema":1,"claim_id":"C1","type":"professional","frequency":"1","payer":"P","filing_indicator":"MB","patient":{"id":"X","birth_date":"1950-01-01","sex":"F"},"billing_provider":{"npi":"1234567893"},"place_of_service":"11","diagnoses":["N18.6"],"charge":"100.00","lines":[{"number":1,"procedure":"00100","units":"99","charge":"100.00","from":"2026-08-01","through":"2026-08-01","diagnosis_pointers":[1]}]}
"#;

pub struct Run {
    wall: Duration,
    cpu: Duration,
    peak_bytes: u64,
}

/// Imports files of CMS into the folder of tables, or reads them only.
pub fn import(binary: &Path, files: &[PathBuf], tables: &Path, dry: bool) -> Result<Run> {
    let start = Instant::now();
    let child = Command::new(binary)
        .args(["tables", "import"])
        .args(files)
        .arg("--dir")
        .arg(tables)
        .args(dry.then_some("--dry-run"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{}`", binary.display()))?;
    let used = child.wait4()?;
    let wall = start.elapsed();
    ensure!(used.status.success(), "`tables import` of {files:?} ended with {}", used.status);
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Run { wall, cpu, peak_bytes: used.rusage.maxrss })
}

/// The compiled files in the folder of a table.
fn compiled(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    entries.collect()
}

fn example(name: &str) -> PathBuf {
    let path = workspace::target().join("release/examples").join(name);
    path.with_extension(std::env::consts::EXE_EXTENSION)
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?} ended with {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// The code of that number: digits first, as sorted files have them.
fn code(number: u64) -> String {
    if number < 9_000 {
        format!("{:05}", 100 + number * 10)
    } else {
        format!("G{:04}", number % 10_000)
    }
}
