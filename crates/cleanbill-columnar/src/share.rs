//! The bytes of a row group shared out to its rows.
//!
//! A row of a columnar file has no bytes of its own: its cells lie in as many places as there are columns, packed
//! with those of other rows. So that every byte is booked once, the bytes of its row group are shared evenly.

use std::ops::Range;

/// Shares that are left of a row group.
#[derive(Debug)]
pub(crate) struct Shares {
    bytes: Range<u64>,
    rows: u64,
    taken: u64,
}

impl Shares {
    pub(crate) const fn new(bytes: Range<u64>, rows: u64) -> Self {
        Self { bytes, rows, taken: 0 }
    }

    /// Where the first share starts.
    pub(crate) const fn start(&self) -> u64 {
        self.bytes.start
    }

    /// Start and length of the share of the next row; `None` when all are taken.
    pub(crate) fn take(&mut self) -> Option<(u64, u64)> {
        if self.taken >= self.rows {
            return None;
        }
        let (start, end) = (self.start_of(self.taken), self.start_of(self.taken + 1));
        self.taken += 1;
        Some((start, end - start))
    }

    pub(crate) const fn are_taken(&self) -> bool {
        self.taken == self.rows
    }

    fn start_of(&self, row: u64) -> u64 {
        let size = u128::from(self.bytes.end - self.bytes.start);
        let share = size * u128::from(row) / u128::from(self.rows.max(1));
        self.bytes.start + u64::try_from(share).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_even_touch_and_add_up() {
        for (bytes, rows) in [(4..104, 7), (10..12, 5), (9..9, 3), (4..1 << 60, 3)] {
            let mut shares = Shares::new(bytes.clone(), rows);
            let mut at = bytes.start;
            while let Some((start, length)) = shares.take() {
                assert_eq!(start, at);
                at += length;
            }
            assert!(shares.are_taken());
            assert_eq!(at, bytes.end);
        }
        assert_eq!(Shares::new(4..9, 0).take(), None);
    }
}
