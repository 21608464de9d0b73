//! `cleanbill plugins check`: whether a plugin does what every plugin must.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use cleanbill_plugin_check::{Kit, ProbeCommand, Report, TESTS};
use cleanbill_plugin_host::{Digest, LockEntry, PluginLock};
use cleanbill_report::escape;
use cleanbill_run::exit_code;
use indicatif::ProgressBar;

use super::probe;
use crate::failure::Failure;
use crate::plugin_lock::PluginLockFlag;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins check target/release/libacme_rules.so
  cleanbill plugins check libacme.so --fuzz 30s --corpus claims-that-failed
  cleanbill plugins check libacme.so --only K8 --seed 7          one test again
  cleanbill plugins check libacme.so --only K8 --in-process      in this process, for a debugger
  cleanbill plugins check libacme.so --write-lock                keep in the lock that it passes
  cleanbill plugins check libacme.so --format junit > check.xml

Exit codes: 0 no test failed, 1 a test failed, 2 the tests could not be run.
Each test that runs the plugin does so in a process of its own, killed when it takes too long.";

/// Flags of `plugins check`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckFlags {
    /// The plugin file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How long to try made-up claims, 30s or 5m; claims that fail are made as small as they still fail
    #[arg(long, value_name = "TIME", value_parser = time)]
    fuzz: Option<Duration>,
    /// Where claims that failed are kept; those that lie there are tried first
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// From which everything that is made up comes: the same number makes the same claims
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Run this test alone; may be repeated
    #[arg(long, value_name = "TEST")]
    only: Vec<String>,
    /// Configuration of the plugin, as a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    config: String,
    /// Run the plugin in this process, where a debugger sees it; it may end the process
    #[arg(long, requires = "only")]
    in_process: bool,
    /// Write into the lock entry of the file whether it passes, as `conformance`; of a file that no longer
    /// does, the line is taken away
    #[arg(long, conflicts_with_all = ["only", "in_process"])]
    write_lock: bool,
    #[command(flatten)]
    lock: PluginLockFlag,
    /// How to write the results
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// A table for people
    Text,
    /// One JSON object
    Json,
    /// JUnit XML, for CI servers
    Junit,
}

/// Does it; gives back the exit code.
pub fn run(flags: &CheckFlags) -> Result<u8, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        Failure::refused(format!("this program does not find itself: {error}"), "")
    })?;
    let kit = Kit {
        probe: ProbeCommand { program, word: probe::WORD },
        config: flags.config.clone(),
        seed: flags.seed,
        fuzz: flags.fuzz,
        only: flags.only.clone(),
        corpus: flags.corpus.clone(),
        in_process: flags.in_process,
    };
    if flags.write_lock {
        // Told before the tests, which take a while.
        let bytes = fs::read(&flags.file).map_err(|error| {
            Failure::refused(format!("`{}`: {error}", flags.file.display()), "name a file")
        })?;
        flags.locked(&flags.lock.read()?, &Digest::of(&bytes))?;
    }
    let tests = if flags.only.is_empty() { TESTS.len() } else { flags.only.len() };
    // Nothing is drawn where standard error is no terminal.
    let bar = ProgressBar::new(u64::try_from(tests).unwrap_or_default());
    let report = kit.run(&flags.file, &mut |_| bar.inc(1));
    bar.finish_and_clear();
    let report = report.map_err(|error| {
        Failure::refused(error.to_string(), "`cleanbill plugins check --help` shows how")
    })?;
    let mut out = terminal::stdout();
    let written = write(&report, flags.format, &mut out).and_then(|()| out.flush());
    Failure::of_stdout(written)?;
    if flags.write_lock {
        flags.record(&report)?;
    }
    Ok(if report.failed() > 0 { exit_code::FINDINGS } else { exit_code::WHOLE })
}

impl CheckFlags {
    /// The entry of a file in the lock.
    fn locked(&self, lock: &PluginLock, digest: &Digest) -> Result<LockEntry, Failure> {
        let (file, path) = (self.file.display(), self.lock.path().display());
        let entry = lock.entry_of(digest).ok_or_else(|| {
            Failure::refused(
                format!("`{path}` has no entry of the bytes of `{file}`, so none to write into"),
                "`cleanbill plugins trust FILE` makes one; `plugins check` without `--write-lock` asks for none",
            )
        })?;
        if entry.sha256.len() > 1 {
            return Err(Failure::refused(
                format!("the entry of `{}` in `{path}` has files of other machines too", entry.id),
                "check each file where it runs, and write `conformance` by hand when all have passed",
            ));
        }
        Ok(entry.clone())
    }

    /// Writes into the lock what the kit said.
    fn record(&self, report: &Report) -> Result<(), Failure> {
        // Someone may have changed it in the meantime.
        let lock = self.lock.read()?;
        let entry =
            LockEntry { conformance: report.badge(), ..self.locked(&lock, &report.digest)? };
        self.lock.write(lock.with(&entry))
    }
}

fn write(report: &Report, format: CheckFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        CheckFormat::Text => report.write_text(out, &|text| escape(text).into_owned()),
        CheckFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &report.to_json())?;
            writeln!(out)
        }
        CheckFormat::Junit => {
            let xml = report.to_junit().map_err(io::Error::other)?;
            out.write_all(xml.as_bytes())
        }
    }
}

/// `30s`, `5m` or a number of seconds.
fn time(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "it must be a number of seconds or minutes: 30s, 5m".to_owned())?;
    number
        .checked_mul(unit)
        .filter(|seconds| *seconds <= 86_400)
        .map(Duration::from_secs)
        .ok_or_else(|| "it must be a day at most".to_owned())
}
