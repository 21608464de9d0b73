//! What a plugin costs: its check in this process and in a process of its own, the start of that process, and
//! a crash. A claim takes less than runs differ by, so that `plugins bench` measures it; start and crash are
//! what runs of the program take longer with them than without.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::command::Cargo;
use crate::workspace;

/// Claims of the file that is timed; each has four lines.
const CLAIMS: u64 = 10_000;
/// Claims that are made up for the time of one.
const MADE_UP: &str = "16384";
/// Runs of each kind. The fastest counts: a busy machine slows a run and speeds none up.
const RUNS: usize = 5;
/// Crashes of the file with crashes.
const CRASHES: u64 = 50;
/// A code about which the plugin of the tests says nothing, and one on which it crashes.
const QUIET: &str = "93971";
const CRASH: &str = "99991";

/// What was measured, beside the most that it may be.
pub struct Costs {
    in_process: Duration,
    worker: Duration,
    start: Duration,
    crash: Duration,
}

/// Measures with the plugin that the tests of the host have.
pub fn measure(binary: &Path, folder: &Path) -> Result<Costs> {
    ensure!(
        Cargo::new("build --release --locked --package cleanbill-misbehave").run()?,
        "the plugin does not build"
    );
    let name = format!("libcleanbill_misbehave{}", std::env::consts::DLL_SUFFIX);
    let plugin = folder.join(&name);
    fs::copy(workspace::target().join("release").join(&name), &plugin)?;
    let bench = Bench { binary, folder, plugin };
    let lock = bench.lock()?;
    let (none, quiet, crashing) = (
        bench.claims("none.ndjson", 1, 0)?,
        bench.claims("quiet.ndjson", CLAIMS, 0)?,
        bench.claims("crashing.ndjson", CLAIMS, CRASHES)?,
    );
    let crashes = bench.time(&crashing, Some(&lock))?;
    let crashes = crashes.saturating_sub(bench.time(&quiet, Some(&lock))?);
    Ok(Costs {
        in_process: bench.claim("in-process", 1)?,
        worker: bench.claim("worker", 256)?,
        start: bench.time(&none, Some(&lock))?.saturating_sub(bench.time(&none, None)?),
        crash: crashes / u32::try_from(CRASHES).unwrap_or(u32::MAX),
    })
}

impl Costs {
    /// For people.
    pub fn table(&self) -> Result<String> {
        let mut out =
            String::from("\nplugin                                   measured     at most\n");
        for (what, measured, most) in [
            ("check and call in this process, a claim", self.in_process, "120 ns"),
            ("check and call in a process of its own", self.worker, "1 us"),
            ("start, with the checks of the file", self.start, "10 ms"),
            ("a crash until the next claim", self.crash, "25 ms"),
        ] {
            writeln!(out, "{what:<40} {:>9} {most:>11}", format!("{measured:.2?}"))?;
        }
        Ok(out)
    }
}

struct Bench<'a> {
    binary: &'a Path,
    folder: &'a Path,
    plugin: PathBuf,
}

impl Bench<'_> {
    fn lock(&self) -> Result<PathBuf> {
        let lock = self.folder.join("plugins.lock");
        fs::write(&lock, "schema = 1\n")?;
        let mut command = Command::new(self.binary);
        command.args(["plugins", "trust", "--yes", "--approved-by", "bench", "--plugins-lock"]);
        command.arg(&lock).arg(&self.plugin);
        ensure!(command.stdout(Stdio::null()).status()?.success(), "the plugin cannot be locked");
        Ok(lock)
    }

    /// What half of the claims take at most, laid out, asked about and answered.
    fn claim(&self, place: &str, batch: u64) -> Result<Duration> {
        let mut command = Command::new(self.binary);
        command.args(["plugins", "bench", "--json", "--claims", MADE_UP]).arg(&self.plugin);
        let told = command.output()?;
        ensure!(told.status.success(), "`plugins bench` ended with {}", told.status);
        let told: Value = serde_json::from_slice(&told.stdout)?;
        let rows = told.get("rows").and_then(Value::as_array).context("there are no rows")?;
        let is_it = |row: &&Value| row["place"] == place && row["batch"] == batch;
        let row = rows.iter().find(is_it).context("the row is missing")?;
        let nanoseconds = row["median_ns"].as_u64().context("the row has no median")?;
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// A file of claims on some of which, evenly spread, the plugin crashes.
    fn claims(&self, name: &str, claims: u64, crashes: u64) -> Result<PathBuf> {
        let path = self.folder.join(name);
        let mut out = BufWriter::new(File::create(&path)?);
        let every = claims.checked_div(crashes).unwrap_or(u64::MAX);
        for claim in 1..=claims {
            write!(
                out,
                r#"{{"schema":1,"claim_id":"C{claim}","type":"professional","payer":"P","patient":{{"id":"M{claim}"}},"billing_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":["N186"],"charge":"4.00","lines":["#
            )?;
            for line in 1..=4 {
                let code = if claim.is_multiple_of(every) && line == 1 { CRASH } else { QUIET };
                let comma = if line > 1 { "," } else { "" };
                write!(
                    out,
                    r#"{comma}{{"number":{line},"procedure":"{code}","units":"1","charge":"1.00","from":"2026-03-02","through":"2026-03-02"}}"#
                )?;
            }
            out.write_all(b"]}\n")?;
        }
        out.flush()?;
        Ok(path)
    }

    /// How long the program takes, with the plugin when there is a lock.
    fn time(&self, claims: &Path, lock: Option<&Path>) -> Result<Duration> {
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let mut command = Command::new(self.binary);
            command.arg("validate").arg(claims).args(["--quiet", "--progress", "never"]);
            command.args(["--format", "ndjson", "--output"]).arg(self.folder.join("plugin.out"));
            if let Some(lock) = lock {
                command.args(["--plugin-breaker", "off", "--plugins"]);
                command.arg(&self.plugin).arg("--plugins-lock").arg(lock);
            }
            let start = Instant::now();
            let status = command.stdout(Stdio::null()).status();
            let status = status.with_context(|| format!("`{}`", self.binary.display()))?;
            times.push(start.elapsed());
            ensure!(matches!(status.code(), Some(0 | 1 | 3)), "the run ended with {status}");
        }
        times.into_iter().min().context("there were no runs")
    }
}
