//! The project's own tooling: what CI runs, the conventions as checks, the benchmark.
#![expect(clippy::print_stdout, reason = "this program talks to the person at the terminal")]

mod bench;
mod ci;
mod command;
mod deny;
mod outside;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Checks and measures cleanbill.
///
/// `cargo xtask ci` runs everything that CI runs; `cargo xtask ci --only clippy` one step of it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run every check: format, lints, tests, documentation, conventions, dependencies.
    Ci(ci::Args),
    /// Check the conventions of this repository over every tracked file.
    Tidy,
    /// Measure `cleanbill validate` on a synthetic 837P file, beside what the machine can do.
    Bench(bench::Args),
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs the verb from the top of the workspace; `false` means that a check failed.
fn run(cli: &Cli) -> Result<bool> {
    workspace::enter()?;
    match &cli.verb {
        Verb::Ci(args) => ci::run(args),
        Verb::Tidy => tidy::run(),
        Verb::Bench(args) => bench::run(args),
    }
}
