//! `cargo xtask ci`: every check in order, going on after a failure, with a table at the end.

use std::time::{Duration, Instant};

use anyhow::Result;
use clap::ValueEnum;

use crate::command::Cargo;
use crate::{deny, outside, tidy, workspace};

/// What `ci` may be asked.
#[derive(clap::Args)]
pub struct Args {
    /// Run only this step; give it several times for several steps.
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
    /// Show the steps and what each one runs, then stop.
    #[arg(long)]
    list: bool,
}

/// How a step ended.
pub enum Outcome {
    /// It passed.
    Passed,
    /// It found something wrong.
    Failed,
    /// It could not run here, and why.
    Skipped(String),
}

impl From<bool> for Outcome {
    fn from(passed: bool) -> Self {
        if passed { Self::Passed } else { Self::Failed }
    }
}

/// One check, in the order in which they run: the quick ones that a person fixes first come first.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Conventions of this repository.
    Tidy,
    /// Layout of the code.
    Fmt,
    /// Lints of every target.
    Clippy,
    /// The binary and the example plugins, which some tests start.
    Build,
    /// Unit, integration and snapshot tests.
    Test,
    /// The page in Chromium, with axe-core.
    Browser,
    /// Workbook, CSV, SARIF and JUnit as programs in Python read them.
    Readers,
    /// Histories on a PostgreSQL server.
    Postgres,
    /// Runs that are killed at their writes, and done again.
    Kills,
    /// Examples in the documentation.
    Doctest,
    /// Documentation without a broken link.
    Doc,
    /// Licences, banned crates, sources and advisories of dependencies.
    Deny,
}

struct Done {
    step: Step,
    outcome: Outcome,
    took: Duration,
}

/// Runs the steps; `false` when one of them failed.
pub fn run(args: &Args) -> Result<bool> {
    let steps: Vec<Step> = Step::value_variants()
        .iter()
        .copied()
        .filter(|step| args.only.is_empty() || args.only.contains(step))
        .collect();
    if args.list {
        for step in steps {
            println!("{:8} {}", step.name(), step.line()?);
        }
        return Ok(true);
    }
    let mut done = Vec::new();
    let mut closing = Vec::new();
    for step in steps {
        println!("\n== {}: {}", step.name(), step.line()?);
        let start = Instant::now();
        let outcome = step.run(&mut closing)?;
        let took = start.elapsed();
        println!("== {}: {} in {}", step.name(), word(&outcome), seconds(took));
        done.push(Done { step, outcome, took });
    }
    report(&done, &closing);
    Ok(!done.iter().any(|done| matches!(done.outcome, Outcome::Failed)))
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn line(self) -> Result<String> {
        Ok(match self.cargo()? {
            Some(cargo) => cargo.to_string(),
            None => format!(
                "cargo xtask {}",
                if self == Self::Tidy { "tidy" } else { "ci --only deny" }
            ),
        })
    }

    /// The one cargo command of this step, unless the step is ours.
    fn cargo(self) -> Result<Option<Cargo>> {
        Ok(Some(match self {
            Self::Fmt => Cargo::new("fmt --all --check"),
            Self::Clippy => Cargo::new("clippy --workspace --all-targets --locked -- -D warnings"),
            Self::Build => Cargo::new("build --workspace --locked"),
            Self::Test if workspace::installed("cargo-nextest")? => {
                snapshots_as_they_are(Cargo::new("nextest run --workspace --locked --no-fail-fast"))
            }
            Self::Test => snapshots_as_they_are(Cargo::new(
                "test --workspace --locked --lib --bins --tests --no-fail-fast",
            )),
            Self::Browser => Cargo::new(outside::BROWSER),
            Self::Readers => Cargo::new(outside::READERS),
            Self::Postgres => Cargo::new(outside::POSTGRES),
            Self::Kills => Cargo::new(outside::KILLS),
            Self::Doctest => Cargo::new("test --workspace --locked --doc --no-fail-fast"),
            Self::Doc => {
                Cargo::new("doc --workspace --no-deps --locked").with("RUSTDOCFLAGS", "-D warnings")
            }
            Self::Tidy | Self::Deny => return Ok(None),
        }))
    }

    fn run(self, closing: &mut Vec<String>) -> Result<Outcome> {
        match (self, self.cargo()?) {
            (Self::Tidy, _) => tidy::run().map(Outcome::from),
            (Self::Browser, _) => outside::browser(),
            (Self::Readers, _) => outside::readers(),
            (Self::Postgres, _) => outside::postgres(),
            (Self::Kills, _) => outside::kills(),
            (Self::Deny, _) | (_, None) => deny::run(),
            (Self::Test | Self::Doctest, Some(cargo)) => {
                let (passed, lines) = cargo.run_keeping(is_closing_line)?;
                closing.extend(lines);
                Ok(passed.into())
            }
            (_, Some(cargo)) => cargo.run().map(Outcome::from),
        }
    }
}

/// On CI a snapshot that differs fails and is never written anew.
fn snapshots_as_they_are(cargo: Cargo) -> Cargo {
    if workspace::is_ci() { cargo.with("INSTA_UPDATE", "no") } else { cargo }
}

/// The lines with which a test runner sums up, except those of crates that hold no test.
fn is_closing_line(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("Summary [")
        || line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed; 0 ignored")
}

fn word(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "FAILED",
        Outcome::Skipped(_) => "skipped",
    }
}

fn seconds(took: Duration) -> String {
    format!("{}.{} s", took.as_secs(), took.subsec_millis() / 100)
}

fn report(done: &[Done], closing: &[String]) {
    if !closing.is_empty() {
        println!("\nTests:");
        for line in closing {
            println!("  {line}");
        }
    }
    println!("\nSteps:");
    for Done { step, outcome, took } in done {
        let reason = match outcome {
            Outcome::Skipped(reason) => reason,
            Outcome::Passed | Outcome::Failed => "",
        };
        println!("  {:8} {:7} {:>9}  {reason}", step.name(), word(outcome), seconds(*took));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_both_test_runners_are_kept() {
        assert!(is_closing_line("     Summary [   0.031s] 41 tests run: 41 passed, 0 skipped"));
        assert!(is_closing_line("test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured"));
    }

    #[test]
    fn a_crate_without_tests_adds_no_closing_line() {
        assert!(!is_closing_line("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured"));
        assert!(!is_closing_line("test money::tests::cents_are_exact ... ok"));
    }

    #[test]
    fn a_failed_step_is_told_apart_from_a_skipped_one() {
        assert_eq!(word(&Outcome::from(false)), "FAILED");
        assert_eq!(word(&Outcome::Skipped(String::new())), "skipped");
    }
}
