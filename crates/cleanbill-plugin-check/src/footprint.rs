//! What a process has at a moment, so that a test can tell what a plugin left behind. Known on Linux, which
//! tells it under `/proc/self`.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// What a process has at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footprint {
    threads: usize,
    /// Processes that it started and did not wait for.
    children: usize,
    /// Open files by their number.
    files: BTreeMap<String, PathBuf>,
    /// Blocked, ignored and caught signals, and the mask of new files.
    signals: Vec<String>,
    environment: Vec<(OsString, OsString)>,
    working_folder: Option<PathBuf>,
    /// What lies in the folder where nothing is to be left.
    left: Vec<PathBuf>,
}

impl Footprint {
    /// The process as it is; none where the system does not tell. `room` is the folder in which nothing is
    /// to be left.
    pub(crate) fn now(room: &Path) -> Option<Self> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let of_signals = ["SigBlk:", "SigIgn:", "SigCgt:", "Umask:"];
        let signals =
            status.lines().filter(|line| of_signals.iter().any(|one| line.starts_with(one)));
        Some(Self {
            threads: fs::read_dir("/proc/self/task").ok()?.count(),
            children: children(),
            files: files()?,
            signals: signals.map(without_threads_own).collect(),
            environment: env::vars_os().collect(),
            working_folder: env::current_dir().ok(),
            left: left_in(room),
        })
    }

    /// What is not as it was `before`, for people; empty when nothing changed.
    pub(crate) fn changes_since(&self, before: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        if self.threads != before.threads {
            changes.push(format!("{} threads instead of {}", self.threads, before.threads));
        }
        if self.children != before.children {
            changes.push(format!(
                "{} processes that it started",
                self.children.saturating_sub(before.children)
            ));
        }
        for (number, path) in &self.files {
            if before.files.get(number) != Some(path) {
                changes.push(format!("file {number} is open ({})", path.display()));
            }
        }
        for (number, path) in &before.files {
            if !self.files.contains_key(number) {
                changes.push(format!("file {number} is closed ({})", path.display()));
            }
        }
        for (now, before) in self.signals.iter().zip(&before.signals) {
            if now != before {
                changes.push(format!("the process has {now} instead of {before}"));
            }
        }
        if self.environment != before.environment {
            changes.push("environment variables have changed".to_owned());
        }
        if self.working_folder != before.working_folder {
            changes.push("the working folder has changed".to_owned());
        }
        for path in self.left.iter().filter(|path| !before.left.contains(path)) {
            changes.push(format!("a file was left: {}", path.display()));
        }
        changes
    }

    /// Number of open files.
    pub(crate) fn open_files(&self) -> usize {
        self.files.len()
    }
}

/// Memory of the process that is in use, in bytes.
pub(crate) fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1_024)
}

/// A line of signals without 32 and 33, which the system's library takes when it first makes a thread.
fn without_threads_own(line: &str) -> String {
    let parts = line.split_once(':').map(|(name, value)| (name, value.trim()));
    match parts.and_then(|(name, value)| Some((name, u64::from_str_radix(value, 16).ok()?))) {
        Some((name, signals)) if name != "Umask" => format!("{name} {:x}", signals & !(0b11 << 31)),
        _ => line.to_owned(),
    }
}

/// Processes of all threads, where the system tells.
fn children() -> usize {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let told = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    told.map(|numbers| numbers.split_whitespace().count()).sum()
}

/// Without the one that reading them opens.
fn files() -> Option<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir("/proc/self/fd").ok()? {
        let path = entry.ok()?.path();
        if let (Ok(target), Some(number)) = (fs::read_link(&path), path.file_name())
            && !(target.starts_with("/proc") && target.ends_with("fd"))
        {
            files.insert(number.to_string_lossy().into_owned(), target);
        }
    }
    Some(files)
}

fn left_in(room: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(room).into_iter().flatten().flatten();
    let mut left: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    left.sort();
    left
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_what_is_left_are_told() {
        let room = tempfile::tempdir().unwrap();
        let before = Footprint::now(room.path()).unwrap();
        let file = fs::File::create(room.path().join("left.txt")).unwrap();
        let changes = Footprint::now(room.path()).unwrap().changes_since(&before);
        assert!(changes.iter().any(|one| one.contains("is open")), "{changes:?}");
        assert!(changes.iter().any(|one| one.contains("left.txt")), "{changes:?}");
        drop(file);
        assert!(resident().unwrap() > 100_000);
    }
}
