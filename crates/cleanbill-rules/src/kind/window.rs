//! Services counted within the days that end on a given day.

use cleanbill_engine::Truth;
use cleanbill_model::{ServiceDate, ServiceLine, UnitBasis, Units};
use smallvec::SmallVec;

use super::earlier::Seen;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// Days with a service, each once.
    ServiceDates,
    /// Units of service, in thousandths.
    Units,
    /// Lines.
    Lines,
}

impl Count {
    /// A whole number in the unit that is counted in.
    pub(super) fn scaled(self, number: u32) -> i64 {
        match self {
            Self::Units => i64::from(number) * Units::ONE.thousandths(),
            Self::ServiceDates | Self::Lines => i64::from(number),
        }
    }
}

/// A total for people: `3`, or `2.5` of units.
pub(super) fn shown(count: Count, total: i64) -> String {
    let one = Units::ONE.thousandths();
    match count {
        Count::Units if total % one != 0 => {
            let part = format!("{:03}", total % one);
            format!("{}.{}", total / one, part.trim_end_matches('0'))
        }
        Count::Units => (total / one).to_string(),
        Count::ServiceDates | Count::Lines => total.to_string(),
    }
}

/// A running count.
pub(super) struct Tally {
    end: ServiceDate,
    days: i32,
    count: Count,
    /// Days with a service, counted back from the end: nearest and farthest of each line.
    ago: SmallVec<[(i32, i32); 8]>,
    /// The count, once finished.
    pub(super) total: i64,
    /// Places of the lines that were counted, among those looked at.
    lines: SmallVec<[usize; 8]>,
}

impl Tally {
    /// Nothing so far, in the `days` days up to and with `end`.
    pub(super) fn new(end: ServiceDate, days: i32, count: Count) -> Self {
        Self { end, days, count, ago: SmallVec::new(), total: 0, lines: SmallVec::new() }
    }

    /// Counts a line as far as it lies within the window.
    pub(super) fn add(&mut self, place: usize, line: &ServiceLine) {
        let nearest = line.dates.through().days_until(self.end).max(0);
        let farthest = line.dates.from().days_until(self.end);
        if farthest < 0 || nearest >= self.days {
            return;
        }
        match self.count {
            Count::ServiceDates => self.ago.push((nearest, farthest.min(self.days - 1))),
            Count::Units if line.unit_basis != UnitBasis::Units => return,
            // A claim's units are far from the end of the type; a sum there could only be too small.
            Count::Units => self.total = self.total.saturating_add(line.units.thousandths()),
            Count::Lines => self.total += 1,
        }
        self.lines.push(place);
    }

    /// The lines that were counted, of the `lines` looked at.
    pub(super) fn seen<'a>(&self, lines: &[Seen<'a>]) -> Vec<Seen<'a>> {
        self.lines.iter().filter_map(|place| lines.get(*place).copied()).collect()
    }

    /// Whether a line was counted of an earlier claim that counts so certainly.
    pub(super) fn has(&self, lines: &[Seen<'_>], counts: Truth) -> bool {
        self.seen(lines).iter().any(|seen| seen.counts() == Some(counts))
    }

    /// The count, in which a day counts once however many lines it has.
    pub(super) fn finish(mut self) -> Self {
        self.ago.sort_unstable();
        let mut next = 0;
        for (nearest, farthest) in &self.ago {
            let from = next.max(*nearest);
            self.total += i64::from((farthest + 1 - from).max(0));
            next = next.max(farthest + 1);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cleanbill_model::DateRange;

    use super::*;

    fn day(number: i8) -> ServiceDate {
        ServiceDate::new(2026, 3, number).unwrap()
    }

    #[test]
    fn days_are_counted_as_if_they_were_written_out() {
        // Spans of all lengths and places in a month, overlapping, nested and behind the end.
        let spans: Vec<(i8, i8)> = (0_i8..12)
            .map(|n| (1 + n * 7 % 23, n % 5))
            .map(|(from, length)| (from, from + length))
            .collect();
        for taken in 1..=spans.len() {
            for (end, days) in [(28, 31), (15, 7), (15, 1), (10, i32::MAX)] {
                let mut tally = Tally::new(day(end), days, Count::ServiceDates);
                let mut written_out = BTreeSet::new();
                for (place, (from, through)) in spans.iter().take(taken).enumerate() {
                    let dates = DateRange::new(day(*from), day(*through)).unwrap();
                    tally.add(place, &ServiceLine::new(1, dates));
                    written_out.extend(
                        (*from..=*through).filter(|n| *n <= end && i32::from(end - n) < days),
                    );
                }
                let total = tally.finish().total;
                assert_eq!(
                    total,
                    i64::try_from(written_out.len()).unwrap(),
                    "{taken} {end} {days}"
                );
            }
        }
    }

    #[test]
    fn parts_of_units_are_shown_without_needless_zeros() {
        assert_eq!(shown(Count::Units, 2000), "2");
        assert_eq!(shown(Count::Units, 2500), "2.5");
        assert_eq!(shown(Count::Units, 2125), "2.125");
        assert_eq!(shown(Count::Lines, 2000), "2000");
    }
}
