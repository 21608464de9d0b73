//! What is measured: one run of the program as a child, and what the machine can do with the same file.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
// The usage of one child: `getrusage` of all children would mix in the compiler's, and polling
// `/proc` would miss the last peak.
use wait4::Wait4 as _;

use crate::workspace;

/// Bytes read at once. Small, because a child's peak memory as the system tells it begins with what
/// this process held when it started the child.
const CHUNK: usize = 1 << 20;

/// One run of `cleanbill`.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub wall: Duration,
    /// User and system time of the process and of those it started.
    pub cpu: Duration,
    pub peak_bytes: u64,
    /// `claims_in` of the summary record, where there is one.
    pub claims: Option<u64>,
}

/// What the machine can do with a file of this size.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Reading the file through one buffer.
    pub read: Duration,
    /// Visiting each segment terminator in memory.
    pub visit: Duration,
}

/// Runs `binary validate claims` by the edits of `pack`, or of the default packs, with one job, writing its
/// findings to `findings`.
pub fn validate(binary: &Path, claims: &Path, findings: &Path, pack: Option<&Path>) -> Result<Run> {
    let mut more = vec![Path::new("--jobs"), Path::new("1")];
    more.extend(pack.map(|pack| [Path::new("--packs"), pack]).into_iter().flatten());
    validate_with(binary, claims, findings, &more)
}

/// Runs `binary validate claims` with more arguments, writing its findings to `findings`.
pub fn validate_with(binary: &Path, claims: &Path, findings: &Path, more: &[&Path]) -> Result<Run> {
    if findings.exists() {
        fs::remove_file(findings)?;
    }
    let output = ["--format", "ndjson", "--progress", "never", "--output"].map(Path::new);
    let arguments = [&[Path::new("validate"), claims], &output[..], &[findings], more].concat();
    let run = command(binary, &arguments)?;
    Ok(Run { claims: claims_in(findings)?, ..run })
}

/// Runs `binary` with these arguments; no claims are counted.
pub fn command(binary: &Path, arguments: &[&Path]) -> Result<Run> {
    program(Command::new(binary).args(arguments)).map(|(run, _)| run)
}

/// Runs a program, and gives back what it wrote to a standard output that was piped.
pub fn program(command: &mut Command) -> Result<(Run, String)> {
    let binary = Path::new(command.get_program()).to_owned();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{}`", binary.display()))?;
    let mut said = String::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut said)?;
    }
    let used = child.wait4()?;
    let wall = start.elapsed();
    // Findings are expected; everything above 1 means that the run cannot be trusted.
    ensure!(
        matches!(used.status.code(), Some(0 | 1)),
        "`{} {}` ended with {}",
        binary.display(),
        command.get_args().map(|one| one.display().to_string()).collect::<Vec<_>>().join(" "),
        used.status
    );
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok((Run { wall, cpu, peak_bytes: used.rusage.maxrss, claims: None }, said))
}

/// The figures that an example prints, which is built: a name and a number on each line.
pub fn printed<N: FromStr>(example: &str, arguments: &[&Path]) -> Result<Vec<(String, N)>> {
    let program = workspace::target()
        .join("release/examples")
        .join(example)
        .with_extension(std::env::consts::EXE_EXTENSION);
    let output = Command::new(&program).args(arguments).output();
    let output = output.with_context(|| format!("cannot start `{}`", program.display()))?;
    ensure!(output.status.success(), "`{}` ended with {}", program.display(), output.status);
    let figure = |line: &str| {
        let (name, number) = line.split_once(' ')?;
        Some((name.to_owned(), number.parse().ok()?))
    };
    Ok(String::from_utf8(output.stdout)?.lines().filter_map(figure).collect())
}

/// Reads `file` and visits its segments, each timed on its own.
pub fn limits(file: &Path) -> Result<Limits> {
    let mut input = File::open(file)?;
    let mut buffer = vec![0_u8; CHUNK];
    let mut limits = Limits { read: Duration::ZERO, visit: Duration::ZERO };
    loop {
        let start = Instant::now();
        let length = input.read(&mut buffer)?;
        let read = Instant::now();
        let chunk = buffer.get(..length).unwrap_or_default();
        for at in memchr::memchr_iter(b'~', chunk) {
            black_box(at);
        }
        limits.read += read - start;
        limits.visit += read.elapsed();
        if length == 0 {
            return Ok(limits);
        }
    }
}

/// Claims read, as the last record of `findings` tells.
fn claims_in(findings: &Path) -> Result<Option<u64>> {
    const TAIL: u64 = 1 << 16;
    let mut file = File::open(findings)
        .with_context(|| format!("the run wrote no `{}`", findings.display()))?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    Ok(summary_claims(&String::from_utf8_lossy(&tail)))
}

fn summary_claims(tail: &str) -> Option<u64> {
    let last = tail.lines().next_back()?;
    let record: Value = serde_json::from_str(last).ok()?;
    if record.get("type")? != "summary" {
        return None;
    }
    find(&record, "claims_in")?.as_u64()
}

/// The member `name` of `value`, or of what lies within it.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => {
            members.get(name).or_else(|| members.values().find_map(|inner| find(inner, name)))
        }
        Value::Array(items) => items.iter().find_map(|item| find(item, name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_counted_by_the_summary_at_any_depth() {
        let tail = "\"cut\"}\n{\"type\":\"finding\",\"claims_in\":1}\n";
        let summary = "{\"type\":\"summary\",\"run\":{\"accounting\":{\"claims_in\":42}}}\n";
        assert_eq!(summary_claims(&format!("{tail}{summary}")), Some(42));
    }

    #[test]
    fn a_run_without_a_summary_counts_nothing() {
        assert_eq!(summary_claims("{\"type\":\"finding\",\"claims_in\":1}\n"), None);
        assert_eq!(summary_claims("{\"type\":\"summary\"}\n"), None);
        assert_eq!(summary_claims(""), None);
    }

    #[test]
    fn the_limits_of_a_file_are_times_of_work_done() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.837");
        fs::write(&file, "ST*837~SE*2~".repeat(200_000)).unwrap();
        let limits = limits(&file).unwrap();
        assert!(limits.read > Duration::ZERO && limits.visit > Duration::ZERO);
    }

    #[test]
    #[cfg(unix)]
    fn a_run_that_cannot_be_trusted_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let findings = folder.path().join("findings.ndjson");
        let error = validate(Path::new("/bin/false"), Path::new("claims.837"), &findings, None)
            .unwrap_err()
            .to_string();
        // Exit code 1 means findings, but they were not written.
        assert!(error.contains("wrote no"), "{error}");
    }
}
