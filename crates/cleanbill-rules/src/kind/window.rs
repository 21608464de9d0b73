//! Services counted within the days that end on a given day.

use cleanbill_model::{ServiceDate, ServiceLine, UnitBasis, Units};

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
    ago: Vec<(i32, i32)>,
    /// The count, once finished.
    pub(super) total: i64,
    /// Places of the lines that were counted.
    pub(super) lines: Vec<usize>,
}

impl Tally {
    /// Nothing so far, in the `days` days up to and with `end`.
    pub(super) const fn new(end: ServiceDate, days: i32, count: Count) -> Self {
        Self { end, days, count, ago: Vec::new(), total: 0, lines: Vec::new() }
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
