//! What the kit asks of a process that runs one test, and what it answers.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::claim::KitClaim;
use crate::outcome::Outcome;

/// One test, to be run in a process of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    /// Which test.
    pub(crate) test: String,
    /// The file that the user named, absolute.
    pub(crate) original: PathBuf,
    /// A copy of it that does not change.
    pub(crate) library: PathBuf,
    /// A folder of the job's own, with an empty folder `room` to work in.
    pub(crate) folder: PathBuf,
    /// What instances are made with: a JSON object.
    pub(crate) config: String,
    pub(crate) seed: u64,
    /// How long made-up claims are tried, in milliseconds.
    #[serde(default)]
    pub(crate) fuzz_ms: u64,
    /// Claims to try instead of made-up ones.
    #[serde(default)]
    pub(crate) claims: Vec<KitClaim>,
    /// Further procedure codes that the library may know.
    #[serde(default)]
    pub(crate) codes: Vec<String>,
}

/// What the process answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub(crate) outcome: Outcome,
    /// The claim in hand when a test of made-up claims failed.
    pub(crate) claim: Option<KitClaim>,
    /// How many claims were tried.
    pub(crate) tried: u64,
}

impl Job {
    /// Where the answer is written.
    pub(crate) fn reply(&self) -> PathBuf {
        self.folder.join("reply.json")
    }

    /// Where the number of the claim in hand is written.
    pub(crate) fn cursor(&self) -> PathBuf {
        self.folder.join("cursor")
    }

    /// Where the plugin may leave nothing behind.
    pub(crate) fn room(&self) -> PathBuf {
        self.folder.join("room")
    }
}
