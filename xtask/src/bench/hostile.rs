//! What pack files cost that are made to cost much: each must be refused soon and in little memory.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wait4::Wait4 as _;

use super::REPETITIONS;

/// The longest that a refusal may take.
const MOST_TIME: Duration = Duration::from_secs(1);
/// The most memory that it may take: 64 MiB.
const MOST_BYTES: u64 = 64 << 20;

const PACK: &str = "\
schema: cleanbill/pack/v1
name: hostile
version: 1.0.0
title: A pack of a stranger
include: [rules/*.yaml]
";

/// A file by what it tries.
type Attack = (&'static str, fn(&mut dyn io::Write) -> io::Result<()>);

const ATTACKS: [Attack; 11] = [
    ("billion laughs", |out| {
        writeln!(out, "a0: &a0 [x, x, x, x, x, x, x, x, x]")?;
        (1..10).try_for_each(|level| {
            let below = vec![format!("*a{}", level - 1); 9].join(", ");
            writeln!(out, "a{level}: &a{level} [{below}]")
        })
    }),
    ("100,000 lists in lists", |out| write_again(out, "rules: ", "[", 100_000)),
    ("100,000 blocks in blocks", |out| write_again(out, "rules: ", "{a: ", 100_000)),
    ("2,000 indented blocks", |out| {
        (0..2_000).try_for_each(|depth| writeln!(out, "{}a:", " ".repeat(depth)))
    }),
    ("a text of 50 MB", |out| write_again(out, "rules: ", "xxxxxxxxxx", 5_000_000)),
    ("50 MB of rules", |out| write_again(out, "rules:\n", "  - { id: a, title: b }\n", 2_100_000)),
    ("1,500,000 values", |out| write_again(out, "rules: [", "1,", 1_500_000)),
    ("4 MB of blocks", |out| write_again(out, "rules: [", "{a: {}},", 500_000)),
    ("20,000 keys", |out| (0..20_000).try_for_each(|key| writeln!(out, "k{key}: 1"))),
    ("tags", |out| writeln!(out, "rules: !!python/object/apply:os.system [ls]")),
    ("merge keys", |out| writeln!(out, "rules:\n  <<: {{ id: a }}")),
];

fn write_again(out: &mut dyn io::Write, head: &str, part: &str, times: usize) -> io::Result<()> {
    out.write_all(head.as_bytes())?;
    (0..times).try_for_each(|_| out.write_all(part.as_bytes()))
}

/// What a file costs, at its worst over several runs.
pub struct Cost {
    what: &'static str,
    bytes: u64,
    wall: Duration,
    peak_bytes: u64,
}

impl Cost {
    const fn is_too_much(&self) -> bool {
        self.wall.as_nanos() > MOST_TIME.as_nanos() || self.peak_bytes > MOST_BYTES
    }
}

/// Measures `cleanbill rules check` on every file, each the rule file of a pack.
pub fn measure(binary: &Path, folder: &Path) -> Result<Vec<Cost>> {
    let pack = folder.join("hostile");
    fs::create_dir_all(pack.join("rules"))?;
    fs::write(pack.join("pack.yaml"), PACK)?;
    let file = pack.join("rules/a.yaml");
    let mut costs = Vec::new();
    for (what, write) in ATTACKS {
        let mut out = BufWriter::new(File::create(&file)?);
        write(&mut out)?;
        out.flush()?;
        drop(out);
        let mut cost =
            Cost { what, bytes: fs::metadata(&file)?.len(), wall: Duration::ZERO, peak_bytes: 0 };
        for _ in 0..REPETITIONS {
            let (wall, peak_bytes) = refused(binary, &pack)?;
            cost.wall = cost.wall.max(wall);
            cost.peak_bytes = cost.peak_bytes.max(peak_bytes);
        }
        costs.push(cost);
    }
    fs::remove_dir_all(&pack)?;
    Ok(costs)
}

/// Time and peak memory of one check, which must end with mistakes.
fn refused(binary: &Path, pack: &Path) -> Result<(Duration, u64)> {
    let start = Instant::now();
    let mut child = Command::new(binary)
        .args(["rules", "check"])
        .arg(pack)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", binary.display()))?;
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_string(&mut said)?;
    }
    let used = child.wait4()?;
    let wall = start.elapsed();
    ensure!(
        used.status.code() == Some(2) && said.starts_with("error[E0"),
        "the check ended with {}: {said}",
        used.status
    );
    Ok((wall, used.rusage.maxrss))
}

/// The costs as a table.
pub fn table(costs: &[Cost]) -> String {
    let mut text =
        "\npack files that are refused, at their worst:\n\n                      file        MB         s  peak MiB\n"
            .to_owned();
    for cost in costs {
        let mark = if cost.is_too_much() { "   too much" } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:>26}{:>10.1}{:>10.3}{:>10}{mark}",
            cost.what,
            millions(cost.bytes),
            cost.wall.as_secs_f64(),
            cost.peak_bytes >> 20
        );
    }
    text
}

/// Whether every file is refused within the limits.
pub fn are_within_limits(costs: &[Cost]) -> bool {
    !costs.iter().any(Cost::is_too_much)
}

#[expect(
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a figure for people"
)]
fn millions(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_costs_too_much_of_either_is_marked() {
        let cost = |millis, mib: u64| Cost {
            what: "it",
            bytes: 0,
            wall: Duration::from_millis(millis),
            peak_bytes: mib << 20,
        };
        for (millis, mib, fits) in [(999, 63, true), (1_001, 5, false), (5, 65, false)] {
            let costs = [cost(millis, mib)];
            assert_eq!(are_within_limits(&costs), fits);
            assert_eq!(table(&costs).contains("too much"), !fits);
        }
    }

    #[test]
    fn the_files_have_the_sizes_that_their_names_say() {
        let size = |wanted: &str| {
            let (_, write) = ATTACKS.iter().find(|(what, _)| *what == wanted).unwrap();
            let mut out = Vec::new();
            write(&mut out).unwrap();
            out.len()
        };
        assert_eq!(size("a text of 50 MB") / 1_000_000, 50);
        assert_eq!(size("50 MB of rules") / 1_000_000, 50);
        assert_eq!(size("100,000 lists in lists"), 100_007);
        assert!(size("4 MB of blocks") < 4 << 20);
    }
}
