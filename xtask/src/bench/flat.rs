//! Whether memory grows with the input: streams of ever more megabytes through a pipe, with tables as large as those of
//! CMS.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufWriter};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use wait4::Wait4 as _;

use super::peers::workload;
use super::{generate, import};

/// Most that a run may hold.
const MOST: u64 = 256 << 20;
/// Most that a gigabyte more of input may add.
const MORE_OF_A_GB: u64 = 1 << 20;
/// How far one run's peak differs from the next one's of the same input.
const NOISE: u64 = 2 << 20;

/// The peak of one stream.
#[derive(Clone, Copy)]
pub struct Peak {
    mb: u64,
    claims: u64,
    bytes: u64,
}

/// Streams ten megabytes, a gigabyte, and `gb` gigabytes.
pub fn measure(binary: &Path, folder: &Path, gb: u64) -> Result<Vec<Peak>> {
    let folder = folder.join("flat");
    fs::create_dir_all(&folder)?;
    let work = workload::write(&folder, 1)?;
    let tables = folder.join("tables");
    import::import(binary, &work.pairs, &tables, false)?;
    let mut sizes = vec![10, 1_000, gb * 1_000];
    sizes.dedup();
    let peaks = sizes
        .into_iter()
        .map(|mb| {
            stream(binary, &[Path::new("--tables"), &tables, Path::new("--packs"), &work.pack], mb)
        })
        .collect::<Result<Vec<_>>>()?;
    fs::remove_dir_all(&folder)?;
    Ok(peaks)
}

fn stream(binary: &Path, more: &[&Path], mb: u64) -> Result<Peak> {
    let mut child = Command::new(binary)
        .args([
            "validate",
            "-",
            "--format",
            "ndjson",
            "--progress",
            "never",
            "--packs",
            "cpt-93970",
        ])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", binary.display()))?;
    let input = child.stdin.take().context("no standard input to write to")?;
    let mut output = child.stdout.take().context("no standard output to read")?;
    let reads = std::thread::spawn(move || io::copy(&mut output, &mut io::sink()));
    let made = generate::write(BufWriter::new(input), mb * 1_000_000)?;
    let used = child.wait4()?;
    let read = reads.join().ok().context("reading the findings failed")??;
    ensure!(used.status.code() == Some(1) && read > 0, "{mb} MB ended with {}", used.status);
    Ok(Peak { mb, claims: made.claims, bytes: used.rusage.maxrss })
}

/// Whether no peak is too high, and none grows with the input.
pub fn is_flat(peaks: &[Peak]) -> bool {
    let grows = |(small, large): (&Peak, &Peak)| {
        let allowed = NOISE + MORE_OF_A_GB * (large.mb - small.mb) / 1_000;
        large.bytes > small.bytes + allowed
    };
    peaks.iter().all(|peak| peak.bytes <= MOST)
        && !peaks.iter().zip(peaks.iter().skip(1)).any(grows)
}

/// The peaks as a table.
pub fn table(peaks: &[Peak]) -> String {
    let mut text = String::from("\n| MB through a pipe | claims | peak MiB |\n|---|---|---|\n");
    for Peak { mb, claims, bytes } in peaks {
        // Writing to a text does not fail.
        let _ = writeln!(
            text,
            "| {mb} | {claims} | {}.{} |",
            bytes >> 20,
            ((bytes % (1 << 20)) * 10) >> 20
        );
    }
    if !is_flat(peaks) {
        text.push_str("\nmemory grows with the input, or is above 256 MiB\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_a_gigabyte_is_flat_and_more_is_not() {
        let peak = |mb, mib: u64| Peak { mb, claims: mb * 1_700, bytes: mib << 20 };
        assert!(is_flat(&[peak(10, 60), peak(1_000, 62), peak(10_000, 72)]));
        assert!(!is_flat(&[peak(10, 60), peak(1_000, 64)]));
        assert!(!is_flat(&[peak(1_000, 60), peak(10_000, 72)]));
        assert!(!is_flat(&[peak(10, 257)]));
        assert!(table(&[peak(10, 60)]).ends_with("| 10 | 17000 | 60.0 |\n"));
    }
}
