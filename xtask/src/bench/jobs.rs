//! What a second thread that judges is worth: the same file by one job and by two, in turn.
//!
//! The ratio of wall times means something only where two processors are free; the CPU time that two jobs
//! take more than one is what the threads cost, and is seen on a busy machine too.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::figures::{median, share};
use super::{REPETITIONS, generate, measure};

/// Numbers of jobs; the others are held against the first.
const JOBS: [&str; 3] = ["1", "2", "4"];

/// What a number of jobs costs.
pub struct Cost {
    jobs: &'static str,
    wall: Duration,
    cpu: Duration,
    peak_bytes: u64,
}

/// Measures a file of `mb` megabytes; fails when the outputs differ.
pub fn measure(binary: &Path, folder: &Path, mb: u64) -> Result<Vec<Cost>> {
    let claims = folder.join("jobs.837");
    generate::write(BufWriter::new(File::create(&claims)?), mb * 1_000_000)?;
    // Once without counting, so that the file is in memory.
    measure::limits(&claims)?;
    let mut runs: Vec<Vec<measure::Run>> = JOBS.iter().map(|_| Vec::new()).collect();
    let findings = |jobs: &str| folder.join(format!("jobs-{jobs}.ndjson"));
    // One more round than elsewhere: each is worth less where threads share a busy machine.
    for _ in 0..=REPETITIONS {
        for (jobs, own) in JOBS.iter().zip(&mut runs) {
            let more = [Path::new("--jobs"), Path::new(jobs)];
            own.push(measure::validate_with(binary, &claims, &findings(jobs), &more)?);
        }
    }
    let outputs = JOBS.iter().map(|jobs| fs::read(findings(jobs)));
    let outputs = outputs.collect::<std::io::Result<Vec<_>>>()?;
    ensure!(outputs.windows(2).all(|two| two.first() == two.last()), "the jobs show in the output");
    for jobs in JOBS {
        fs::remove_file(findings(jobs))?;
    }
    fs::remove_file(&claims)?;
    let costs = JOBS.iter().zip(runs).map(|(jobs, runs)| Cost {
        jobs,
        wall: median(runs.iter().map(|run| run.wall)),
        cpu: median(runs.iter().map(|run| run.cpu)),
        peak_bytes: runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default(),
    });
    Ok(costs.collect())
}

/// The costs as a table, each beside that of one job.
pub fn table(costs: &[Cost]) -> String {
    let mut text =
        "\nthe same file by several jobs:\n\n      jobs    wall s     CPU s  peak MiB   speedup\n"
            .to_owned();
    let alone = costs.first().map_or(0.0, |cost| cost.wall.as_secs_f64());
    for Cost { jobs, wall, cpu, peak_bytes } in costs {
        let (wall, cpu, peak) = (wall.as_secs_f64(), cpu.as_secs_f64(), peak_bytes >> 20);
        let speedup = share(alone, wall);
        // Writing to a string does not fail.
        let _ = writeln!(text, "{jobs:>10}{wall:>10.3}{cpu:>10.3}{peak:>10}{speedup:>10.2}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_each_number_of_jobs_against_one() {
        let cost = |jobs, wall| Cost {
            jobs,
            wall: Duration::from_millis(wall),
            cpu: Duration::from_millis(900),
            peak_bytes: 20 << 20,
        };
        let text = table(&[cost("1", 850), cost("2", 500)]);
        let last: Vec<&str> = text.lines().last().unwrap().split_whitespace().collect();
        assert_eq!(last, ["2", "0.500", "0.900", "20", "1.70"]);
    }
}
