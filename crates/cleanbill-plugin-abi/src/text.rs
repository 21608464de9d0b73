//! A borrowed text that crosses the ABI.

use core::ptr;

use crate::read;

/// A borrowed UTF-8 text with its length; not ended by a zero byte.
///
/// `ptr` may be null when `len` is 0, which is how an absent text is written. Whoever makes one says
/// how long it stays valid: the texts of a claim until `check` returns, those of a finding until `emit`
/// returns, a manifest for ever.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbStr {
    /// First byte.
    pub ptr: *const u8,
    /// Number of bytes.
    pub len: usize,
}

impl CbStr {
    /// The absent text.
    pub const EMPTY: Self = Self { ptr: ptr::null(), len: 0 };

    /// Borrows `text`; the caller keeps it alive for as long as the other side may read it.
    #[must_use]
    pub const fn new(text: &str) -> Self {
        Self { ptr: text.as_ptr(), len: text.len() }
    }

    /// Borrows `text`, or is absent.
    #[must_use]
    pub fn or_empty(text: Option<&str>) -> Self {
        text.map_or(Self::EMPTY, Self::new)
    }

    /// The bytes, or `None` when the pointer is null and the length is not 0, or the length passes
    /// `limit`: then nothing is read.
    ///
    /// # Safety
    /// Otherwise `ptr` must be valid for reading `len` bytes throughout `'a`.
    #[expect(unsafe_code, reason = "a borrowed text arrives as a bare pointer")]
    #[must_use]
    pub unsafe fn bytes<'a>(self, limit: usize) -> Option<&'a [u8]> {
        // SAFETY: promised by the caller; bytes need no alignment.
        unsafe { read::array(self.ptr, self.len, limit) }
    }
}

impl Default for CbStr {
    fn default() -> Self {
        Self::EMPTY
    }
}
