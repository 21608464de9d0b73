//! How the processes of plugins are run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::answer::SOFT_DEADLINE;

/// The program that is started as the process of a plugin: one that calls [`crate::serve_if_asked`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerProgram(PathBuf);

impl WorkerProgram {
    /// This very program, even when its file has been replaced since it was started.
    #[must_use]
    pub fn this() -> Self {
        let own = Path::new("/proc/self/exe");
        if own.exists() {
            return Self(own.to_owned());
        }
        Self(std::env::current_exe().unwrap_or_default())
    }

    /// Another program.
    #[must_use]
    pub const fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// When a plugin is switched off for the rest of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaker {
    /// After more than so many crashes or half of a per cent of the claims, whichever is more; after more than
    /// three hangs; and after more than a hundred ends near claims that it survives alone.
    AfterCrashes(u64),
    /// Never.
    Off,
}

/// How the processes of plugins are run.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// What is started.
    pub program: WorkerProgram,
    /// After how much time without progress a process is ended.
    pub hard_deadline: Duration,
    /// After how much time a check that asks is told to stop.
    pub soft_deadline: Duration,
    /// Most bytes of memory of a process.
    pub memory: u64,
    /// When to give a plugin up.
    pub breaker: Breaker,
    /// A file for what plugins write to standard error; thrown away without one.
    pub stderr: Option<PathBuf>,
    /// Whether to close a process off from the system, where the system can.
    pub sandbox: bool,
}

impl Default for WorkerOptions {
    /// One second without progress, 50 ms for a check that asks, 512 MiB; given up after five crashes.
    fn default() -> Self {
        Self {
            program: WorkerProgram::this(),
            hard_deadline: Duration::from_secs(1),
            soft_deadline: SOFT_DEADLINE,
            memory: 512 << 20,
            breaker: Breaker::AfterCrashes(5),
            stderr: None,
            sandbox: true,
        }
    }
}
