//! Which claim a process had in hand when it ended, from memory that it shares with its host. Without it a batch
//! must be sent again, step by step.

#[cfg(target_os = "linux")]
use std::fs::File;

/// The memory; none where the system has no such memory.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    #[cfg(target_os = "linux")]
    memory: Option<File>,
}

#[cfg(target_os = "linux")]
impl Cursor {
    /// Memory for the next process that is started.
    pub(super) fn new() -> Self {
        use crate::wire::CURSOR;
        use rustix::fs::{MemfdFlags, memfd_create};
        let file = memfd_create("cleanbill-cursor", MemfdFlags::NOEXEC_SEAL)
            .or_else(|_| memfd_create("cleanbill-cursor", MemfdFlags::empty()));
        let file = file.map(File::from).ok();
        let size = u64::try_from(CURSOR).unwrap_or_default();
        Self { memory: file.filter(|file| file.set_len(size).is_ok()) }
    }

    /// Its number, which is the same in a new process.
    pub(super) fn number(&self) -> Option<i32> {
        use std::os::fd::AsRawFd as _;
        self.memory.as_ref().map(File::as_raw_fd)
    }

    /// The process is started: no other is to have it.
    pub(super) fn is_passed_on(&self) {
        if let Some(memory) = &self.memory {
            // A process that has it too can but confuse a hint.
            let _ = rustix::io::fcntl_setfd(memory, rustix::io::FdFlags::CLOEXEC);
        }
    }

    /// The claim of `batch` that was in hand, by its place.
    pub(super) fn claim_of(&self, batch: u64) -> Option<usize> {
        use crate::wire::{CURSOR, claim_at};
        use std::os::unix::fs::FileExt as _;
        let mut place = [0; CURSOR];
        self.memory.as_ref()?.read_exact_at(&mut place, 0).ok()?;
        claim_at(u64::from_ne_bytes(place), batch)
    }
}

#[cfg(not(target_os = "linux"))]
impl Cursor {
    /// None.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// None.
    pub(super) fn number(&self) -> Option<i32> {
        None
    }

    /// Nothing is.
    pub(super) fn is_passed_on(&self) {}

    /// Nobody knows.
    pub(super) fn claim_of(&self, _batch: u64) -> Option<usize> {
        None
    }
}
