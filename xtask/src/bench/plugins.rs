//! What a plugin costs over its own check, in this process and in a process of its own, the start of that
//! process, and a crash. A claim takes less than runs differ by, so that `plugins bench` measures it, in turns
//! with the check alone; start and crash are what runs of the program take longer with them than without.

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

/// The plugins whose claims are measured: one that finds nothing on any of them, which leaves the boundary
/// alone, and one that finds something on every sixth, whose findings are put into words as well.
const MEASURED: [(&str, &str); 2] = [
    ("nothing found", "cleanbill_misbehave"),
    ("findings on a sixth of the claims", "northwind_health"),
];
/// The most that a claim may take over the check itself, in nanoseconds: in this process, in one of its own.
const MOST: [u64; 2] = [120, 1_000];

/// What was measured.
pub struct Costs {
    claims: Vec<PerClaim>,
    start: Duration,
    crash: Duration,
}

/// Nanoseconds for a claim: medians.
struct PerClaim {
    what: &'static str,
    findings: u64,
    check: u64,
    in_process: u64,
    worker: u64,
}

/// Measures with the plugin that the tests of the host have, and with one that is an example.
pub fn measure(binary: &Path, folder: &Path) -> Result<Costs> {
    ensure!(
        Cargo::new(
            "build --release --locked --package cleanbill-misbehave --package northwind-health"
        )
        .run()?,
        "the plugins do not build"
    );
    let copied = |library: &str| -> Result<PathBuf> {
        let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        let name = format!("{prefix}{library}{suffix}");
        let plugin = folder.join(&name);
        fs::copy(workspace::target().join("release").join(&name), &plugin)?;
        Ok(plugin)
    };
    let plugin = copied("cleanbill_misbehave")?;
    let claims = MEASURED
        .iter()
        .map(|(what, library)| per_claim(binary, &copied(library)?, what))
        .collect::<Result<_>>()?;
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
        claims,
        start: bench.time(&none, Some(&lock))?.saturating_sub(bench.time(&none, None)?),
        crash: crashes / u32::try_from(CRASHES).unwrap_or(u32::MAX),
    })
}

impl Costs {
    /// For people.
    pub fn table(&self) -> Result<String> {
        let mut out = String::from("\nplugin, ns a claim\n");
        for claim in &self.claims {
            writeln!(out, "{} ({} findings)", claim.what, claim.findings)?;
            writeln!(
                out,
                "  {:<22}{:>8}{:>8}{:>10}{:>9}{:>9}",
                "", "total", "check", "over it", "at most", "of goal"
            )?;
            let rows =
                [("in this process", claim.in_process), ("in its own, 256 at once", claim.worker)];
            for ((what, total), most) in rows.into_iter().zip(MOST) {
                let over = total.saturating_sub(claim.check);
                writeln!(
                    out,
                    "  {what:<24}{total:>6}{:>8}{over:>10}{most:>9}{:>8}%",
                    claim.check,
                    over * 100 / most
                )?;
            }
        }
        for (what, measured, most) in [
            ("start, with the checks of the file", self.start, Duration::from_millis(10)),
            ("a crash until the next claim", self.crash, Duration::from_millis(25)),
        ] {
            let share = measured.as_micros() * 100 / most.as_micros();
            let measured = format!("{measured:.2?}");
            writeln!(out, "{what:<36}{measured:>9}, at most {most:.0?}: {share}% of it")?;
        }
        Ok(out)
    }
}

/// Half of the batches took no longer than so for each claim: the check alone, and laid out, asked about and
/// answered.
fn per_claim(binary: &Path, plugin: &Path, what: &'static str) -> Result<PerClaim> {
    let mut command = Command::new(binary);
    command.args(["plugins", "bench", "--json", "--claims", MADE_UP]).arg(plugin);
    let told = command.output()?;
    ensure!(told.status.success(), "`plugins bench` ended with {}", told.status);
    let told: Value = serde_json::from_slice(&told.stdout)?;
    let rows = told.get("rows").and_then(Value::as_array).context("there are no rows")?;
    let number = |place: &str, batch: u64, name: &str| {
        let is_it = |row: &&Value| row["place"] == place && row["batch"] == batch;
        let row = rows.iter().find(is_it).context("a row is missing")?;
        row[name].as_u64().context("a number is missing")
    };
    Ok(PerClaim {
        what,
        findings: number("in-process", 1, "findings")?,
        check: number("check", 1, "median_ns")?,
        in_process: number("in-process", 1, "median_ns")?,
        worker: number("worker", 256, "median_ns")?,
    })
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
