//! Tells the host at once which claim is in hand.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::wire::place;

/// The memory that both share; without it nothing is told.
pub(super) struct Cursor(Option<&'static AtomicU64>);

impl Cursor {
    /// The memory behind the open file `number`, for as long as the process lives.
    #[cfg(unix)]
    #[expect(unsafe_code, reason = "memory that two processes share")]
    pub(super) fn open(number: Option<i32>) -> Self {
        use crate::wire::CURSOR;
        use rustix::mm::{MapFlags, ProtFlags, mmap};
        use std::os::fd::BorrowedFd;
        let Some(number) = number else { return Self(None) };
        // SAFETY: the host opened it for this process, and it is closed only after this.
        let file = unsafe { BorrowedFd::borrow_raw(number) };
        let access = ProtFlags::READ | ProtFlags::WRITE;
        let anywhere = std::ptr::null_mut();
        // SAFETY: a new piece of memory, wherever the system likes.
        let memory = unsafe { mmap(anywhere, CURSOR, access, MapFlags::SHARED, file, 0) };
        // SAFETY: it begins a page, is never unmapped, and is reached by this and by the host's reads alone.
        Self(memory.ok().map(|memory| unsafe { &*memory.cast::<AtomicU64>() }))
    }

    /// None: here no file is passed on by number.
    #[cfg(not(unix))]
    pub(super) const fn open(_: Option<i32>) -> Self {
        Self(None)
    }

    /// Whether anyone is told.
    pub(super) const fn is_shared(&self) -> bool {
        self.0.is_some()
    }

    /// The claim of this place in `batch` is begun.
    pub(super) fn begin(&self, batch: u64, claim: u32) {
        if let Some(memory) = self.0 {
            memory.store(place(batch, claim), Ordering::Relaxed);
        }
    }
}
