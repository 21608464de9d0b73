//! Memory whose end and whose rights are known, for what is shown to a plugin: what is read beyond its end,
//! written, or read once it is taken back ends the process.

#![expect(unsafe_code, reason = "what is put there is written through pointers")]

use std::io;
use std::ptr::{self, NonNull};

use crate::pages::{Pages, Rights};

/// Pages of memory, filled from their end towards their start; behind the end is a page that may not be
/// touched.
#[derive(Debug)]
pub(crate) struct Arena {
    pages: Pages,
    /// Bytes that are still free, from the start.
    free: usize,
}

impl Arena {
    /// Room for `bytes`, alignment included.
    pub(crate) fn new(bytes: usize) -> io::Result<Self> {
        let pages = Pages::new(bytes)?;
        Ok(Self { free: pages.size(), pages })
    }

    /// A copy of `items` in the arena, as near to its end as it fits; null when there are none.
    pub(crate) fn put<T: Copy>(&mut self, items: &[T]) -> io::Result<*const T> {
        if items.is_empty() {
            return Ok(ptr::null());
        }
        let place = self.take(size_of_val(items), align_of::<T>())?.cast::<T>();
        // SAFETY: `place` is aligned, its bytes belong to the arena and to nothing else in it.
        unsafe { ptr::copy_nonoverlapping(items.as_ptr(), place.as_ptr(), items.len()) };
        Ok(place.as_ptr())
    }

    /// A copy of each of `items` with `tail` bytes of garbage behind it, one after the other.
    pub(crate) fn put_with_tails<T: Copy>(
        &mut self,
        items: &[T],
        tail: usize,
    ) -> io::Result<*const T> {
        if tail == 0 {
            return self.put(items);
        }
        let stride = size_of::<T>() + tail;
        if items.is_empty() {
            return Ok(ptr::null());
        }
        let place = self.take(stride * items.len(), align_of::<T>())?;
        for (item, offset) in items.iter().zip((0..).step_by(stride)) {
            // SAFETY: the item and its tail lie within the bytes just taken; `stride` keeps the alignment
            // where `tail` is a multiple of it, and `write_unaligned` needs none.
            unsafe {
                place.add(offset).cast::<T>().write_unaligned(*item);
                place.add(offset + size_of::<T>()).write_bytes(0xa5, tail);
            }
        }
        Ok(place.cast::<T>().as_ptr())
    }

    /// Takes what could be done with all of it away.
    pub(crate) fn restrict(&self, rights: Rights) -> io::Result<()> {
        self.pages.restrict(rights)
    }

    fn take(&mut self, bytes: usize, align: usize) -> io::Result<NonNull<u8>> {
        let start = self.free.checked_sub(bytes).ok_or(io::ErrorKind::OutOfMemory)?;
        let start = start - start % align;
        self.free = start;
        // SAFETY: within the mapping, for `start` is less than its size.
        Ok(unsafe { self.pages.base().add(start) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_first_ends_where_the_memory_ends() {
        let mut arena = Arena::new(100).unwrap();
        let text = arena.put(b"abc").unwrap();
        let numbers = arena.put(&[7_u64, 8]).unwrap();
        let end = arena.pages.base().as_ptr().addr() + arena.pages.size();
        assert_eq!(text.addr() + 3, end);
        assert!(numbers.is_aligned() && numbers.addr() + 16 <= text.addr());
        arena.restrict(Rights::Read).unwrap();
        // SAFETY: two numbers were put there, and they may be read.
        assert_eq!(unsafe { [*numbers, *numbers.add(1)] }, [7, 8]);
        assert!(arena.put(&[0_u8; 1 << 17]).is_err());
    }
}
