//! Pages of memory with a page behind them that may not be touched, as the system gives them.

#![expect(unsafe_code, reason = "pages are taken from the system")]

use std::io;
use std::ptr::NonNull;

/// What may be done with memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    Read,
    None,
}

/// Pages of memory. Where the system gives none, plain memory whose end and rights nobody guards.
#[derive(Debug)]
pub(crate) struct Pages {
    base: NonNull<u8>,
    /// Bytes before the guard.
    size: usize,
}

/// Size of the guard, in bytes: the largest page that systems have.
const GUARD: usize = 1 << 16;

impl Pages {
    /// Room for at least `bytes`.
    pub(crate) fn new(bytes: usize) -> io::Result<Self> {
        let size = bytes.max(1).next_multiple_of(GUARD);
        Ok(Self { base: system::take(size, GUARD)?, size })
    }

    pub(crate) const fn base(&self) -> NonNull<u8> {
        self.base
    }

    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// Takes what could be done with all of it away.
    pub(crate) fn restrict(&self, rights: Rights) -> io::Result<()> {
        // SAFETY: the pages are this value's own; nothing of this program reads or writes them after it.
        unsafe { system::restrict(self.base, self.size, rights) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: they were taken with these sizes, and nothing points into them any more but what must not.
        unsafe { system::give_back(self.base, self.size, GUARD) }
    }
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::ptr::{self, NonNull};

    use super::Rights;

    pub(super) fn take(size: usize, guard: usize) -> io::Result<NonNull<u8>> {
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a new mapping of memory that nobody else has.
        let base = unsafe { libc::mmap(ptr::null_mut(), size + guard, rights, kind, -1, 0) };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let base = NonNull::new(base.cast::<u8>()).ok_or(io::ErrorKind::OutOfMemory)?;
        // SAFETY: the last pages of the mapping just made.
        let done =
            unsafe { libc::mprotect(base.add(size).as_ptr().cast(), guard, libc::PROT_NONE) };
        if done == 0 { Ok(base) } else { Err(io::Error::last_os_error()) }
    }

    /// # Safety
    /// The pages must come from [`take`], and nobody may do with them what is taken away.
    pub(super) unsafe fn restrict(
        base: NonNull<u8>,
        size: usize,
        rights: Rights,
    ) -> io::Result<()> {
        let rights = match rights {
            Rights::Read => libc::PROT_READ,
            Rights::None => libc::PROT_NONE,
        };
        // SAFETY: promised by the caller.
        let done = unsafe { libc::mprotect(base.as_ptr().cast(), size, rights) };
        if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// # Safety
    /// The pages must come from [`take`] with these sizes and be used no more.
    pub(super) unsafe fn give_back(base: NonNull<u8>, size: usize, guard: usize) {
        // SAFETY: promised by the caller.
        unsafe { libc::munmap(base.as_ptr().cast(), size + guard) };
    }
}

#[cfg(not(unix))]
mod system {
    use std::alloc::{Layout, alloc_zeroed, dealloc};
    use std::io;
    use std::ptr::NonNull;

    use super::Rights;

    fn layout(size: usize, guard: usize) -> io::Result<Layout> {
        Layout::from_size_align(size + guard, guard).map_err(io::Error::other)
    }

    pub(super) fn take(size: usize, guard: usize) -> io::Result<NonNull<u8>> {
        // SAFETY: the size is not zero.
        let base = unsafe { alloc_zeroed(layout(size, guard)?) };
        NonNull::new(base).ok_or_else(|| io::ErrorKind::OutOfMemory.into())
    }

    /// # Safety
    /// None: nothing is done.
    pub(super) unsafe fn restrict(_: NonNull<u8>, _: usize, _: Rights) -> io::Result<()> {
        Ok(())
    }

    /// # Safety
    /// The memory must come from [`take`] with these sizes and be used no more.
    pub(super) unsafe fn give_back(base: NonNull<u8>, size: usize, guard: usize) {
        if let Ok(layout) = layout(size, guard) {
            // SAFETY: promised by the caller.
            unsafe { dealloc(base.as_ptr(), layout) };
        }
    }
}
