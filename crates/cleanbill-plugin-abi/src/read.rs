//! Reading what the other side handed over: null, misaligned and oversized are refused before a byte is
//! read. Whether a pointer leads to mapped memory cannot be asked in the same process; that is what the
//! safety sections leave to the caller.

#![expect(unsafe_code, reason = "borrowed arrays and structs arrive as bare pointers")]

use core::slice;

/// The array of `len` elements at `ptr`, or `None` when `len` passes `limit`, or `ptr` is null or
/// misaligned and `len` is not 0.
///
/// # Safety
/// Otherwise `ptr` must be valid for reading `len` elements throughout `'a`.
#[must_use]
pub unsafe fn array<'a, T>(ptr: *const T, len: usize, limit: usize) -> Option<&'a [T]> {
    if len == 0 {
        return Some(&[]);
    }
    if ptr.is_null() || !ptr.is_aligned() || len > limit {
        return None;
    }
    // SAFETY: not null and aligned; the rest is promised by the caller.
    Some(unsafe { slice::from_raw_parts(ptr, len) })
}

/// The struct at `ptr`, or `None` when `ptr` is null or misaligned, or the struct says in its first
/// field, its size as an `u32`, that it is smaller than `T`.
///
/// # Safety
/// Otherwise `ptr` must be valid for reading as many bytes as the struct says throughout `'a`, and `T`
/// must be `repr(C)` with its size as an `u32` first.
#[must_use]
pub unsafe fn sized<'a, T>(ptr: *const T) -> Option<&'a T> {
    if ptr.is_null() || !ptr.is_aligned() {
        return None;
    }
    // SAFETY: not null, and aligned for `T`, whose first field is this `u32`.
    let size = unsafe { ptr.cast::<u32>().read() };
    if usize::try_from(size).ok()? < size_of::<T>() {
        return None;
    }
    // SAFETY: the producer says that all of `T` is there.
    Some(unsafe { &*ptr })
}

/// Element `index` of an array whose elements lie `stride` bytes apart, so that a reader compiled for
/// smaller elements finds them too. `None` as for [`sized`], or when the place does not fit in memory.
///
/// # Safety
/// `base` must lead to more than `index` elements at that distance, each as [`sized`] asks.
#[must_use]
pub unsafe fn strided<'a, T>(base: *const T, stride: u32, index: u32) -> Option<&'a T> {
    let offset = usize::try_from(stride).ok()?.checked_mul(usize::try_from(index).ok()?)?;
    if base.is_null() || isize::try_from(offset).is_err() {
        return None;
    }
    // SAFETY: the caller says that the element lies within the array, so the offset does too.
    unsafe { sized(base.byte_add(offset)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CbLine, CbStr};
    use core::ptr;

    #[test]
    fn null_and_oversized_arrays_are_refused_unread() {
        let dangling = ptr::dangling::<u8>();
        // SAFETY: null or over the limit, so nothing may be read.
        unsafe {
            assert!(array::<u8>(ptr::null(), 1, 9).is_none());
            assert!(array(dangling, usize::MAX, 4096).is_none());
            assert_eq!(array::<u8>(ptr::null(), 0, 0), Some(&[][..]));
            assert!(CbStr { ptr: dangling, len: 1 << 30 }.bytes(4096).is_none());
        }
    }

    #[test]
    fn a_struct_that_says_it_is_smaller_is_refused() {
        let mut line = CbLine::default();
        // SAFETY: `line` is whole and lives on.
        assert!(unsafe { sized(&raw const line) }.is_some());
        line.struct_size -= 1;
        // SAFETY: as above.
        assert!(unsafe { sized(&raw const line) }.is_none());
    }

    #[test]
    fn a_reader_follows_the_stride_of_a_newer_host() {
        #[repr(C)]
        struct Newer {
            line: CbLine,
            appended: u64,
        }
        let newer = |line_no| Newer { line: CbLine { line_no, ..CbLine::default() }, appended: !0 };
        let lines = [newer(1), newer(2), newer(3)];
        let stride = u32::try_from(size_of::<Newer>()).unwrap();
        let base = lines.as_ptr().cast::<CbLine>();
        for (index, line_no) in (0..3).zip(1..) {
            // SAFETY: three elements lie at that distance.
            let line = unsafe { strided(base, stride, index) };
            assert_eq!(line.map(|line| line.line_no), Some(line_no));
        }
    }
}
