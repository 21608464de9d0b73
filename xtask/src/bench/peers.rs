//! Other programs at the same work in the same run: engines of data teams with the same edits, readers of X12, a rule
//! engine with one edit.
//!
//! They come from PyPI and npm, at the versions below, into the build folder. One that cannot be had is left out and
//! named. Each is a process of its own with one thread, timed with its start, as ours is; an engine that finds anything
//! else than we do fails the part, for then it did other work.

pub mod workload;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::figures::{median, micros, rate_mb, seconds};
use super::{REPETITIONS, generate, import, measure};
use crate::workspace;

const PYTHON: [&str; 4] = ["duckdb==2.0.1", "polars==2.1.0", "pyx12==4.0.0", "zen-engine==2.1.3"];
const NODE: &str = "node-x12@1.7.1";
const SCRIPTS: &str = "xtask/src/bench/peers";

/// Megabytes for the readers of X12, which are slow.
const SMALL_MB: u64 = 1;

/// What one program took.
struct Cost {
    who: &'static str,
    bytes: u64,
    claims: u64,
    wall: Duration,
    cpu: Duration,
    peak_bytes: u64,
}

/// A program of others, with what it is given.
struct Peer<'a> {
    who: &'static str,
    program: PathBuf,
    arguments: Vec<&'a Path>,
    /// Which of our counts it must reach; none for a reader.
    edits: &'static [&'static str],
    /// Whether it is given the small file.
    small: bool,
}

const ALL: &[&str] = &["pairs", "units", "veins"];
const VEINS: &[&str] = &["veins"];

/// Measures ours and every peer over about `mb` megabytes, and says it as a table.
pub fn measure(binary: &Path, folder: &Path, mb: u64, keep: bool) -> Result<String> {
    let folder = folder.join("peers");
    fs::create_dir_all(&folder)?;
    let work = workload::write(&folder, mb)?;
    let small = folder.join("small.837");
    let small_made = generate::write(BufWriter::new(File::create(&small)?), SMALL_MB * 1_000_000)?;
    let findings = folder.join("findings.ndjson");
    let tables = folder.join("tables");
    import::import(binary, &work.pairs, &tables, false)?;
    let of = |who, claims: &Path, packs: &[&Path]| {
        let mut more = vec![Path::new("--tables"), &tables];
        more.extend(packs);
        ours(binary, who, claims, &findings, &more)
    };
    let mut costs = vec![of(
        "cleanbill, 837P, three edits",
        &work.claims,
        &[Path::new("--packs"), &work.pack],
    )?];
    let counts = workload::counts(&findings)?;
    ensure!(ALL.iter().all(|edit| counts.contains_key(*edit)), "an edit finds nothing: {counts:?}");
    costs.push(of(
        "cleanbill, 837P, three edits, 200 rules",
        &work.claims,
        &[Path::new("--packs"), &work.large_pack],
    )?);
    let mut readers = vec![of("cleanbill, 837P, the default pack", &small, &[])?];
    let mut missing = Vec::new();
    for peer in peers(&folder, &small, &mut missing)? {
        let made = if peer.small { small_made } else { work.made };
        let cost = peer.measure(made, &counts)?;
        if peer.small { readers.push(cost) } else { costs.push(cost) }
    }
    let mut text = format!(
        "\n{mb} MB of 837P, {} claims; found by all: {}\n",
        work.made.claims,
        said(&counts)
    );
    table(&mut text, &costs);
    let _ = writeln!(text, "\n{SMALL_MB} MB of 837P, readers (ours judges, too)");
    table(&mut text, &readers);
    for what in missing {
        let _ = writeln!(text, "left out: {what}");
    }
    if !keep {
        fs::remove_dir_all(&folder)?;
    }
    Ok(text)
}

fn ours(
    binary: &Path,
    who: &'static str,
    claims: &Path,
    findings: &Path,
    more: &[&Path],
) -> Result<Cost> {
    let more = [&["--jobs", "1", "--packs", "cpt-93970"].map(Path::new), more].concat();
    // Once without counting: the tables are compiled and the files come into memory.
    let counted = measure::validate_with(binary, claims, findings, &more)?.claims;
    let runs = (0..REPETITIONS)
        .map(|_| measure::validate_with(binary, claims, findings, &more))
        .collect::<Result<Vec<_>>>()?;
    let claims_read = counted.context("the run counts no claims")?;
    Ok(Cost::of(who, fs::metadata(claims)?.len(), claims_read, &runs))
}

/// The peers that are at hand; what is not is told in `missing`.
fn peers<'a>(
    folder: &'a Path,
    small: &'a Path,
    missing: &mut Vec<String>,
) -> Result<Vec<Peer<'a>>> {
    let mut peers = Vec::new();
    let scripts = Path::new(SCRIPTS);
    if let Some(python) = python()? {
        let prepared = Command::new(&python)
            .arg(scripts.join("sql.py"))
            .arg("prepare")
            .arg(folder)
            .status()?;
        ensure!(prepared.success(), "DuckDB did not take the claims in");
        for (who, script, what, edits, is_small) in [
            ("DuckDB, 837P as text", "sql.py", Some("text"), ALL, false),
            ("DuckDB, lines in Parquet", "sql.py", Some("parquet"), ALL, false),
            ("DuckDB, lines in a table of its own", "sql.py", Some("table"), ALL, false),
            ("Polars, lines in Parquet", "frames.py", None, ALL, false),
            ("zen-engine, JSON, the one edit of 93970", "one_rule.py", None, VEINS, false),
            ("pyx12, checking against the guide", "pyx12_validate.py", None, &[], true),
        ] {
            let given = if is_small { small } else { folder };
            let mut arguments: Vec<&Path> = vec![Path::new(script)];
            arguments.extend(what.map(Path::new));
            arguments.push(given);
            peers.push(Peer { who, program: python.clone(), arguments, edits, small: is_small });
        }
    } else {
        missing
            .push("DuckDB, Polars, zen-engine and pyx12 (python3 with venv, and PyPI)".to_owned());
    }
    if node()? {
        let arguments =
            vec![Path::new("node_x12.js"), Path::new("target/tools/peers/node_modules"), small];
        peers.push(Peer {
            who: "node-x12, segments only",
            program: "node".into(),
            arguments,
            edits: &[],
            small: true,
        });
    } else {
        missing.push("node-x12 (npm)".to_owned());
    }
    Ok(peers)
}

impl Peer<'_> {
    fn measure(&self, made: generate::Made, ours: &BTreeMap<String, u64>) -> Result<Cost> {
        let mut runs = Vec::new();
        for round in 0..=REPETITIONS {
            let mut command = Command::new(&self.program);
            command.args(self.with_script()).env("POLARS_MAX_THREADS", "1").stdout(Stdio::piped());
            let (run, said) = measure::program(&mut command)?;
            let found: BTreeMap<String, serde_json::Value> = serde_json::from_str(said.trim())
                .with_context(|| format!("{} said: {said}", self.who))?;
            for edit in self.edits {
                let (theirs, own) = (
                    found.get(*edit).and_then(serde_json::Value::as_u64),
                    ours.get(*edit).copied(),
                );
                ensure!(theirs == own, "{} finds {theirs:?} of `{edit}`, ours {own:?}", self.who);
            }
            // The first brings files into memory.
            if round > 0 {
                runs.push(run);
            }
        }
        Ok(Cost::of(self.who, made.bytes, made.claims, &runs))
    }

    /// The arguments, the script with its folder.
    fn with_script(&self) -> Vec<PathBuf> {
        let script = self.arguments.iter().take(1).map(|script| Path::new(SCRIPTS).join(script));
        script.chain(self.arguments.iter().skip(1).map(|path| path.to_path_buf())).collect()
    }
}

impl Cost {
    fn of(who: &'static str, bytes: u64, claims: u64, runs: &[measure::Run]) -> Self {
        Self {
            who,
            bytes,
            claims,
            wall: median(runs.iter().map(|run| run.wall)),
            cpu: median(runs.iter().map(|run| run.cpu)),
            peak_bytes: runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default(),
        }
    }
}

/// Python with the peers of PyPI, made if it is not there.
fn python() -> Result<Option<PathBuf>> {
    let home = workspace::target().join("tools/peers/python");
    let python = home.join("bin/python3");
    let mark = home.join("installed");
    let wanted = PYTHON.join("\n");
    if fs::read_to_string(&mark).is_ok_and(|have| have == wanted) {
        return Ok(Some(python));
    }
    let made = quietly(Command::new("python3").args(["-m", "venv"]).arg(&home))
        && quietly(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PYTHON));
    if made {
        fs::write(mark, wanted)?;
    }
    Ok(made.then_some(python))
}

fn node() -> Result<bool> {
    let home = workspace::target().join("tools/peers");
    fs::create_dir_all(&home)?;
    Ok(home.join("node_modules/node-x12").is_dir()
        || quietly(
            Command::new("npm")
                .args([
                    "install",
                    "--no-save",
                    "--no-audit",
                    "--no-fund",
                    "--ignore-scripts",
                    NODE,
                    "--prefix",
                ])
                .arg(&home),
        ))
}

/// Whether the command ran well; one that is not there did not.
fn quietly(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn said(counts: &BTreeMap<String, u64>) -> String {
    let told = counts.iter().map(|(edit, count)| format!("{edit} {count}"));
    told.collect::<Vec<_>>().join(", ")
}

/// Each program beside the first.
fn table(text: &mut String, costs: &[Cost]) {
    text.push_str(
        "\n| program | s | CPU s | MB per CPU s | claims per CPU s | peak MiB | CPU, the first = 1 |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let per_claim = |cost: &Cost| micros(cost.cpu) * 1_000 / cost.claims.max(1);
    let first = costs.first().map_or(1, per_claim).max(1);
    for cost in costs {
        let ratio = per_claim(cost) * 10 / first;
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {}.{} |",
            cost.who,
            seconds(cost.wall),
            seconds(cost.cpu),
            rate_mb(cost.bytes, cost.cpu),
            super::figures::rate(cost.claims, cost.cpu),
            cost.peak_bytes >> 20,
            ratio / 10,
            ratio % 10
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_stands_beside_the_first() {
        let cost = |who, cpu| Cost {
            who,
            bytes: 50_000_000,
            claims: 90_000,
            wall: Duration::from_millis(cpu),
            cpu: Duration::from_millis(cpu),
            peak_bytes: 20 << 20,
        };
        let mut text = String::new();
        table(&mut text, &[cost("ours", 200), cost("theirs", 1_300)]);
        assert!(text.ends_with("| theirs | 1.300 | 1.300 | 38 | 69230 | 20 | 6.5 |\n"), "{text}");
    }
}
