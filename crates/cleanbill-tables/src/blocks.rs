//! Blocks of a table that are checked when they are first touched.

use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::digest::{BLOCK, Digest, digest_of};

const UNKNOWN: u8 = 0;
const WHOLE: u8 = 1;
const DAMAGED: u8 = 2;

/// What is known of each block of a table that was opened without reading it.
#[derive(Debug)]
pub(crate) struct Blocks {
    /// Where the first one starts.
    start: usize,
    states: Box<[AtomicU8]>,
    is_damaged: AtomicBool,
}

impl Blocks {
    pub(crate) fn new(start: usize, count: usize) -> Self {
        let states = (0..count).map(|_| AtomicU8::new(UNKNOWN)).collect();
        Self { start, states, is_damaged: AtomicBool::new(false) }
    }

    /// Whether a block was met that is not as it was written.
    pub(crate) fn is_damaged(&self) -> bool {
        self.is_damaged.load(Ordering::Relaxed)
    }

    /// Whether the blocks in which `range` of `bytes` lies are as they were written.
    pub(crate) fn are_whole(&self, bytes: &[u8], range: &Range<usize>, digests: &[Digest]) -> bool {
        if range.is_empty() {
            return true;
        }
        let block = |place: usize| place.saturating_sub(self.start) / BLOCK;
        (block(range.start)..=block(range.end - 1)).all(|at| self.is_whole(bytes, at, digests))
    }

    fn is_whole(&self, bytes: &[u8], at: usize, digests: &[Digest]) -> bool {
        let Some(state) = self.states.get(at) else { return false };
        match state.load(Ordering::Relaxed) {
            WHOLE => return true,
            DAMAGED => return false,
            _ => {}
        }
        // Two threads may both check a block; they find the same.
        let start = self.start + at * BLOCK;
        let block = bytes.get(start..bytes.len().min(start + BLOCK)).unwrap_or_default();
        let is_whole = digests.get(at) == Some(&digest_of(&[block]));
        state.store(if is_whole { WHOLE } else { DAMAGED }, Ordering::Relaxed);
        if !is_whole {
            self.is_damaged.store(true, Ordering::Relaxed);
        }
        is_whole
    }
}
