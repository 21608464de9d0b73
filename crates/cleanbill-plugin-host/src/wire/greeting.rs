//! The first words between the two processes: which library with which limits, and what it turned out to be.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What a worker is told before anything else.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// What the worker hands to the system's loader.
    pub(crate) library: PathBuf,
    /// What it hands to it before that.
    pub(crate) needed: Vec<PathBuf>,
    /// The file as people named it, for messages.
    pub(crate) shown: PathBuf,
    /// Open files that these paths lead to, which must not be closed before.
    pub(crate) keep: Vec<i32>,
    /// The open file with the memory that tells which claim is in hand, where there is one.
    pub(crate) cursor: Option<i32>,
    /// The manifest that was read and checked.
    pub(crate) manifest: String,
    /// The version that the library was built for.
    pub(crate) abi: (u16, u16),
    /// Id of the process that waits for answers.
    pub(crate) parent: u32,
    /// Most bytes of memory.
    pub(crate) memory: u64,
    /// Milliseconds after which a check that asks is told to stop.
    pub(crate) soft_deadline_ms: u64,
    /// Whether to go without a sandbox, as on a system that has none.
    pub(crate) open: bool,
}

/// What a worker says once the library is loaded and the process is closed off.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    /// Whether system calls are restricted.
    pub(crate) system_calls: bool,
    /// Whether files are out of reach.
    pub(crate) files: bool,
}
