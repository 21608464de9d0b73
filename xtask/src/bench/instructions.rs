//! Instructions that a claim costs, counted by callgrind: the one figure that a busy machine does not change.
//!
//! Each way of reading and judging runs over a file and over one twice as large; what the second half costs is the
//! price of its claims, without the start. The prices are held against those in `instructions.json` beside this file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::formats::{workload::Workload, write};
use super::{generate, rules};
use crate::workspace;

/// Instructions a claim and for a start, as they were when they were last taken to be good.
const STORED: &str = "xtask/src/bench/instructions.json";

/// How much more than before is too much, in percent.
const TOLERATED: u64 = 15;

/// Claims of the smaller file.
const CLAIMS: u64 = 1_000;
/// Bytes of the smaller file whose edits are counted beside its reading.
const BYTES: u64 = 600_000;

/// Instructions by what they are for.
type Counts = BTreeMap<String, u64>;

/// Whether callgrind is here.
pub fn can_count() -> Result<bool> {
    workspace::installed("valgrind")
}

/// Counts, prints, and with `update` stores; `false` when a price has grown too much.
pub fn run(binary: &Path, folder: &Path, update: bool) -> Result<bool> {
    let folder = folder.join("instructions");
    fs::create_dir_all(&folder)?;
    let counts = count_all(binary, &folder)?;
    fs::remove_dir_all(&folder)?;
    if update {
        fs::write(STORED, format!("{}\n", serde_json::to_string_pretty(&counts)?))?;
    }
    let stored: Counts = serde_json::from_str(&fs::read_to_string(STORED)?)
        .with_context(|| format!("`{STORED}` is not what `--store` writes"))?;
    print!("{}", table(&counts, &stored));
    Ok(grown(&counts, &stored).is_empty())
}

fn count_all(binary: &Path, folder: &Path) -> Result<Counts> {
    let mut counts = Counts::new();
    let pack = folder.join("one-rule");
    fs::create_dir_all(&pack)?;
    fs::write(pack.join("pack.yaml"), rules::pack_of(1))?;
    let file = |name: &str, bytes| -> Result<(PathBuf, u64)> {
        let path = folder.join(name);
        let made = generate::write(BufWriter::new(File::create(&path)?), bytes)?;
        Ok((path, made.claims))
    };
    let (small, few) = file("small.837", BYTES)?;
    let (large, many) = file("large.837", 2 * BYTES)?;
    for (what, more) in [
        ("837P, read and told, no edit", &[Path::new("--packs"), &pack][..]),
        ("837P, the default pack", &[]),
    ] {
        let (first, second) = (count(binary, &small, more)?, count(binary, &large, more)?);
        counts.insert(what.to_owned(), second.saturating_sub(first) / (many - few).max(1));
        if more.is_empty() {
            let claims = second.saturating_sub(first) * few / (many - few).max(1);
            counts.insert("start, with the default packs".to_owned(), first.saturating_sub(claims));
        }
    }
    let written = |name: &str, claims| -> Result<Vec<write::Written>> {
        let folder = folder.join(name);
        fs::create_dir_all(&folder)?;
        Ok(write::all(&Workload::new(claims), &folder)?)
    };
    for (small, large) in written("small", CLAIMS)?.iter().zip(&written("large", 2 * CLAIMS)?) {
        let more = large.claims - small.claims;
        let cost =
            count(binary, &large.path, &[])?.saturating_sub(count(binary, &small.path, &[])?);
        counts.insert(
            format!("{}, every claim with the same lines", large.format),
            cost / more.max(1),
        );
    }
    Ok(counts)
}

/// Instructions of one run by one thread.
fn count(binary: &Path, claims: &Path, more: &[&Path]) -> Result<u64> {
    let counted = claims.with_extension("callgrind");
    let mut out = std::ffi::OsString::from("--callgrind-out-file=");
    out.push(&counted);
    let status = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind"])
        .arg(out)
        .arg(binary)
        .args(["validate", "--jobs", "1", "--progress", "never", "--format", "ndjson"])
        .args(more)
        .arg(claims)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("cannot start `valgrind`")?;
    ensure!(matches!(status.code(), Some(0 | 1)), "`{}` ended with {status}", claims.display());
    let text = fs::read_to_string(&counted)?;
    fs::remove_file(&counted)?;
    total(&text).with_context(|| format!("callgrind gave no sum for `{}`", claims.display()))
}

/// The sum in what callgrind writes.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().rev().find_map(|line| line.strip_prefix("totals: "))?;
    line.trim().parse().ok()
}

/// What costs too much more than stored, or is not stored at all.
fn grown<'a>(counts: &'a Counts, stored: &Counts) -> Vec<&'a str> {
    let is_too_much = |(what, count): &(&String, &u64)| {
        stored.get(*what).is_none_or(|stored| **count * 100 > stored * (100 + TOLERATED))
    };
    counts.iter().filter(is_too_much).map(|(what, _)| what.as_str()).collect()
}

fn table(counts: &Counts, stored: &Counts) -> String {
    let mut text = String::from(
        "\n| instructions of a claim | now | stored | now, stored = 100 |\n|---|---|---|---|\n",
    );
    let grown = grown(counts, stored);
    for (what, count) in counts {
        let before = stored.get(what).copied().unwrap_or_default();
        let share = count * 100 / before.max(1);
        let mark = if grown.contains(&what.as_str()) { " too much" } else { "" };
        // Writing to a text does not fail.
        let _ = writeln!(text, "| {what} | {count} | {before} | {share}{mark} |");
    }
    if !grown.is_empty() {
        let _ = writeln!(
            text,
            "\nmore than {TOLERATED} % above what is stored: mend it, or, when it is worth it, store it with `cargo xtask \
             bench --only instructions --store`"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, u64)]) -> Counts {
        of.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect()
    }

    #[test]
    fn what_grew_beyond_the_tolerance_or_is_new_fails() {
        let stored = counts(&[("reading", 1_000), ("edits", 1_000)]);
        assert!(grown(&counts(&[("reading", 1_150), ("edits", 1)]), &stored).is_empty());
        let now = counts(&[("reading", 1_151), ("edits", 1_000), ("new", 1)]);
        assert_eq!(grown(&now, &stored), ["new", "reading"]);
        let text = table(&now, &stored);
        assert!(text.contains("| reading | 1151 | 1000 | 115 too much |"), "{text}");
    }

    #[test]
    fn the_sum_is_the_last_that_callgrind_writes() {
        assert_eq!(total("events: Ir\nfn=(1)\n12 5\ntotals: 8347\n"), Some(8_347));
        assert_eq!(total("events: Ir\n"), None);
    }
}
