//! How fast a quarter of pair edits is imported: four files in the layout of CMS, made here.
//!
//! Codes are numbers in order, rationales are invented; about as many rows as a practitioner release has,
//! with as many windows of one pair and as many deleted rows.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wait4::Wait4 as _;

use super::figures::median;
use super::vocabulary::Sequence;
use super::{REPETITIONS, measure};

/// Column-one codes, and rows of each.
const CODES: u64 = 5_268;
const ROWS_OF_A_CODE: u64 = 500;
const PARTS: u64 = 4;

const RATIONALES: [&str; 4] = [
    "Invented reason one, about as long as real ones",
    "Invented reason two",
    "Invented reason three, for pairs of two services",
    "Invented reason four of the manual that nobody wrote",
];

const HEAD: &str = "Notice of the one who has the rights.  All rights reserved.\t\t\t\t\t\t\r\n\
    Column1/Column2 Edits\t\t\t\t\t\t\r\n\
    Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n\
    \t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\
    \t\t\t\t*=no data\t1=allowed\t\r\n\
    \t\t\t\t\t9=not applicable\t\r\n";

/// Makes the files, imports them with and without writing the table, and prints what that took.
pub fn run(binary: &Path, folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    let mut bytes = 0;
    for part in 1..=PARTS {
        let path = folder.join(format!("ccipra-v322r0-f{part}.txt"));
        write_part(BufWriter::new(File::create(&path)?), part)?;
        bytes += fs::metadata(&path)?.len();
        files.push(path);
    }
    println!(
        "\n{} pairs in {PARTS} files of together {} MB",
        CODES * ROWS_OF_A_CODE,
        bytes / 1_000_000
    );
    let tables = folder.join("tables");
    let mut read = Duration::ZERO;
    for file in &files {
        read += measure::limits(file)?.read;
    }
    println!("reading the files alone: {:.3} s", read.as_secs_f64());
    for (what, dry) in [("read, nothing written", true), ("compiled and written", false)] {
        let runs = (0..REPETITIONS)
            .map(|_| import(binary, &files, &tables, dry))
            .collect::<Result<Vec<_>>>()?;
        println!(
            "{what}: {:.3} s, {:.3} CPU s, {} MiB peak",
            median(runs.iter().map(|run| run.wall)).as_secs_f64(),
            median(runs.iter().map(|run| run.cpu)).as_secs_f64(),
            runs.iter().map(|run| run.peak_bytes >> 20).max().unwrap_or_default(),
        );
    }
    fs::remove_dir_all(&tables)?;
    files.iter().try_for_each(fs::remove_file)?;
    Ok(())
}

struct Run {
    wall: Duration,
    cpu: Duration,
    peak_bytes: u64,
}

fn import(binary: &Path, files: &[PathBuf], tables: &Path, dry: bool) -> Result<Run> {
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
    ensure!(used.status.success(), "`tables import` ended with {}", used.status);
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Run { wall, cpu, peak_bytes: used.rusage.maxrss })
}

/// The code of that number: digits first, as sorted files have them.
fn code(number: u64) -> String {
    if number < 9_000 {
        format!("{:05}", 100 + number * 10)
    } else {
        format!("G{:04}", number % 10_000)
    }
}

fn write_part(mut out: impl Write, part: u64) -> io::Result<()> {
    let mut random = Sequence::new();
    out.write_all(HEAD.as_bytes())?;
    let of_part = CODES / PARTS;
    for one in (part - 1) * of_part..part * of_part {
        let column_one = code(one * 2);
        let mut two = random.below(2_000);
        let mut windows = 0;
        for _ in 0..ROWS_OF_A_CODE {
            // One pair in eight has another window behind the first.
            if windows == 0 || !random.once_in(8) {
                two += 1 + random.below(15);
                windows = 0;
            }
            windows += 1;
            let from = random.date(1996 + windows * 8, 7);
            let age = if random.once_in(50) { "*" } else { "" };
            let indicator = random.pick(&["0", "1", "1"]);
            let reason = random.pick(&RATIONALES);
            write!(out, "{column_one}\t{}\t{age}\t{from}\t", code(two))?;
            match random.below(20) {
                0 => write!(out, "{from}\t9\t{reason}\r\n")?,
                1..=6 => {
                    write!(out, "{}\t{indicator}\t{reason}\r\n", random.date(2012, 12).max(from))?
                }
                _ => write!(out, "*\t{indicator}\t{reason}\r\n")?,
            }
        }
    }
    out.flush()
}
