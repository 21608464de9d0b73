//! Reports as programs of others see them: tests that are passed over elsewhere, since they need a browser or
//! readers that no Rust toolchain brings. `.ci/run` installs these where it can.

use std::env;
use std::path::Path;

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

fn missing(what: &str, remedy: &str) -> Outcome {
    println!("{what}: {remedy}");
    Outcome::Skipped(what.to_owned())
}
