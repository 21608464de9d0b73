//! What the kit found out about a plugin, and its forms for people and machines.

mod json;
mod junit;
mod text;

use std::path::PathBuf;

use cleanbill_plugin_host::Digest;

use crate::catalogue::{KIT_VERSION, TESTS, Test};
use crate::outcome::Outcome;

/// What the kit found out about a plugin.
pub struct Report {
    /// The file.
    pub path: PathBuf,
    /// Its unique name; empty when it has no manifest.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The digest of the bytes that were tested.
    pub digest: Digest,
    /// From which everything that was made up came.
    pub seed: u64,
    /// The configuration that instances were made with.
    pub config: String,
    /// One for each test that was asked for.
    pub results: Vec<TestResult>,
}

/// Tests that cannot be asked of a plugin which finds nothing, or has no examples.
const MAY_BE_SKIPPED: &[&str] = &["B5", "B11"];

/// How one test went.
pub struct TestResult {
    /// Which.
    pub test: &'static Test,
    /// How it ended.
    pub outcome: Outcome,
    /// The smallest claim on which it fails, where one was kept.
    pub claim: Option<PathBuf>,
}

impl Report {
    /// How many tests failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count("fail")
    }

    /// The value of `conformance` in a lock: only for a plugin that was asked everything that can be asked of
    /// it, and failed nothing.
    #[must_use]
    pub fn badge(&self) -> Option<String> {
        let holds = |result: &TestResult| match result.outcome {
            Outcome::Pass => true,
            Outcome::Fail(_) => false,
            Outcome::Skip(_) => MAY_BE_SKIPPED.contains(&result.test.id),
        };
        let is_whole = self.results.len() == TESTS.len() && self.results.iter().all(holds);
        is_whole.then(|| format!("kit-{KIT_VERSION} pass"))
    }

    /// The command that runs one of the tests again, the same way.
    #[must_use]
    pub fn again(&self, id: &str) -> String {
        let path = self.path.display();
        let config = match self.config.as_str() {
            "{}" => String::new(),
            config => format!(" --config '{}'", config.replace('\'', "'\\''")),
        };
        format!("cleanbill plugins check {path} --only {id} --seed {}{config}", self.seed)
    }

    fn count(&self, outcome: &str) -> usize {
        self.results.iter().filter(|result| result.outcome.as_str() == outcome).count()
    }
}
