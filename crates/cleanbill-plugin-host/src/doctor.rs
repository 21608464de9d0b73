//! What this system offers to keep plugins in: looked for, not assumed.

use std::path::Path;

use crate::trust;

/// Something that a system offers, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// Whether it is there.
    pub there: bool,
    /// What it is for, or what follows where it is not there.
    pub means: &'static str,
}

/// What this system offers.
#[must_use]
pub fn features() -> Vec<Feature> {
    let feature =
        |name, there, yes, no| Feature { name, there, means: if there { yes } else { no } };
    vec![
        feature(
            "memfd",
            trust::can_seal(),
            "plugins are loaded out of sealed memory",
            "plugins are loaded out of a private copy on disk",
        ),
        feature(
            "cursor",
            cfg!(target_os = "linux") && trust::can_seal(),
            "the claim that a worker process has in hand is known, so a crash names it at once",
            "the claim on which a worker process ends is found by judging its batch again, one by one",
        ),
        feature(
            "owners",
            cfg!(unix),
            "owners and modes of plugin files and their folders are checked",
            "owners and modes are not checked on this system",
        ),
        feature(
            "pidfd",
            has_pidfd(),
            "the end of a worker process is seen at once",
            "the end of a worker process is polled for",
        ),
        feature(
            "seccomp",
            lists("/proc/sys/kernel/seccomp/actions_avail", "errno"),
            "system calls of a worker process can be limited",
            "a worker process is isolated and not sandboxed",
        ),
        feature(
            "landlock",
            lists("/sys/kernel/security/lsm", "landlock"),
            "files can be closed to a worker process",
            "files cannot be closed to a worker process",
        ),
    ]
}

/// Why others than its owner could write to the file `path`.
#[must_use]
pub fn others_can_write(path: &Path) -> Option<String> {
    trust::check_rights(path).err().map(|problem| problem.of(path).problem().to_owned())
}

#[cfg(target_os = "linux")]
fn has_pidfd() -> bool {
    use rustix::process::{PidfdFlags, getpid, pidfd_open};
    pidfd_open(getpid(), PidfdFlags::empty()).is_ok()
}

#[cfg(not(target_os = "linux"))]
const fn has_pidfd() -> bool {
    false
}

/// Whether a list that the kernel shows has that word.
fn lists(file: &str, word: &str) -> bool {
    let list = std::fs::read_to_string(file).unwrap_or_default();
    list.split([' ', ',', '\n']).any(|one| one == word)
}
