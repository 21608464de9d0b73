//! The entries with the highest charge at risk, however many there are: for reports that are sorted.

use core::cmp::Reverse;
use std::collections::BTreeMap;

/// Keeps so many entries, sorted: highest charge at risk first, then the oldest date of service, then
/// the order of the run. The others are counted.
#[derive(Debug)]
pub(crate) struct Dearest<T> {
    kept: BTreeMap<(Reverse<i64>, Box<str>, u64), T>,
    limit: usize,
    met: u64,
}

impl<T> Dearest<T> {
    pub(crate) const fn new(limit: usize) -> Self {
        Self { kept: BTreeMap::new(), limit, met: 0 }
    }

    /// Takes an entry in; one with too little at risk is only counted, and never made.
    ///
    /// `at_risk` is in cents; `date` a day as `2026-03-02`, empty where there is none.
    pub(crate) fn add(&mut self, at_risk: i64, date: &str, make: impl FnOnce() -> T) {
        self.met += 1;
        // An entry without a date stands behind all that have one.
        let date = if date.is_empty() { "~" } else { date };
        let key = (Reverse(at_risk), Box::from(date), self.met);
        if self.kept.len() >= self.limit {
            match self.kept.last_key_value() {
                Some((last, _)) if key < *last => drop(self.kept.pop_last()),
                _ => return,
            }
        }
        self.kept.insert(key, make());
    }

    /// Entries that are not kept.
    pub(crate) fn left_out(&self) -> u64 {
        let kept = u64::try_from(self.kept.len()).unwrap_or(u64::MAX);
        self.met.saturating_sub(kept)
    }

    /// All entries met.
    pub(crate) const fn met(&self) -> u64 {
        self.met
    }

    /// The entries in order; each is let go once it was taken.
    pub(crate) fn take(self) -> impl Iterator<Item = T> {
        self.kept.into_values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entries_with_most_at_risk_are_kept_and_the_others_counted() {
        let mut dearest = Dearest::new(3);
        let met = [(100, "2026-03-02"), (500, ""), (500, "2026-03-02"), (900, "x"), (500, "2025")];
        for (cents, day) in met {
            dearest.add(cents, day, || (cents, day));
        }
        assert_eq!((dearest.met(), dearest.left_out()), (5, 2));
        let kept: Vec<_> = dearest.take().collect();
        assert_eq!(kept, [(900, "x"), (500, "2025"), (500, "2026-03-02")]);
    }
}
