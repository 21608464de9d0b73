//! Tests that are passed over elsewhere, since they need what no Rust toolchain brings: reports in a browser and
//! in readers of others, histories on a PostgreSQL server, runs that `strace` kills. `.ci/run` installs these where
//! it can.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use crate::ci::Outcome;
use crate::command::Cargo;
use crate::workspace;

/// Names under which Chromium is installed.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Where `.ci/run` puts what the tests read; they know these places.
const AXE: &str = "target/tools/node_modules/axe-core/axe.min.js";
const PYTHON: &str = "target/tools/readers/bin/python3";
const SARIF: &str = "target/tools/sarif-2.1.0.json";

/// The page in Chromium.
pub const BROWSER: &str = "test --workspace --locked --test cli page:: -- --ignored";
/// Workbook, CSV, SARIF and JUnit in Python.
pub const READERS: &str = "test --workspace --locked --test cli readers:: -- --ignored";

/// Histories on a PostgreSQL server.
pub const POSTGRES: &str =
    "test --workspace --locked --lib --test cli postgres:: -- --ignored --test-threads 2";
/// Runs that are killed.
pub const KILLS: &str = "test --workspace --locked --test cli kills:: -- --ignored";

/// Runs the tests of the page, unless Chromium or axe-core is missing.
pub fn browser() -> Result<Outcome> {
    let mut found = env::var_os("CLEANBILL_CHROMIUM").is_some();
    for name in BROWSERS {
        found = found || workspace::installed(name)?;
    }
    if !found {
        return Ok(missing("Chromium is not installed", "apt-get install chromium"));
    }
    if env::var_os("CLEANBILL_AXE").is_none() && !Path::new(AXE).is_file() {
        let remedy = "npm install --prefix target/tools --no-save axe-core";
        return Ok(missing("axe-core is not installed", remedy));
    }
    Cargo::new(BROWSER).run().map(Outcome::from)
}

/// Runs the test with other readers, unless they are missing.
pub fn readers() -> Result<Outcome> {
    match [PYTHON, SARIF].into_iter().find(|place| !Path::new(place).is_file()) {
        Some(place) => Ok(missing(&format!("no `{place}`"), "`.ci/run` shows how it is made")),
        None => Cargo::new(READERS).run().map(Outcome::from),
    }
}

/// Runs the tests that start a PostgreSQL server, unless its programs are missing.
pub fn postgres() -> Result<Outcome> {
    // Debian has the programs of a server beside the path.
    let beside = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let beside = beside.map(|version| version.path().join("bin/initdb"));
    if !workspace::installed("initdb")? && !beside.into_iter().any(|program| program.exists()) {
        return Ok(missing("PostgreSQL is not installed", "apt-get install postgresql"));
    }
    Cargo::new(POSTGRES).run().map(Outcome::from)
}

/// Runs the tests that kill the program at its writes, unless there is nothing to do it with.
pub fn kills() -> Result<Outcome> {
    let mut traced = Command::new("strace");
    match traced.args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Cargo::new(KILLS).run().map(Outcome::from),
        Ok(_) => Ok(missing("strace may not trace here", "allow ptrace")),
        Err(_) => Ok(missing("strace is not installed", "apt-get install strace")),
    }
}

fn missing(what: &str, remedy: &str) -> Outcome {
    println!("{what}: {remedy}");
    Outcome::Skipped(what.to_owned())
}
