//! Units of service, exact.

use core::fmt;

use crate::decimal::{self, DecimalError};

/// Units of service in thousandths: `1`, `0.5`, `61` minutes.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units(i64);

impl Units {
    /// One unit.
    pub const ONE: Self = Self(1000);
    /// None.
    pub const ZERO: Self = Self(0);

    /// So many whole units.
    #[must_use]
    pub const fn whole(count: i32) -> Self {
        // An i32 times 1000 always fits; `as` is the only widening that a const fn has.
        #[expect(clippy::as_conversions, reason = "lossless i32 to i64 in a const fn")]
        Self(count as i64 * 1000)
    }

    /// So many thousandths of a unit.
    #[must_use]
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// The value in thousandths.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Reads a quantity: at most 8 digits before and 3 behind the point (SV104 allows 8 and 3).
    ///
    /// # Errors
    /// [`DecimalError`] for anything else.
    pub fn parse(text: &[u8]) -> Result<Self, DecimalError> {
        decimal::parse(text, 3, 8).map(Self)
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// Units a day of a line that spans `days` days, rounded up to a whole thousandth.
    #[must_use]
    pub fn per_day(self, days: u32) -> Self {
        let days = i64::from(days.max(1));
        Self(self.0.div_euclid(days) + i64::from(self.0.rem_euclid(days) > 0))
    }
}

/// Without needless zeros: `1`, `0.5`, `2.125`.
impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = self.0.unsigned_abs() % 1000;
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs() / 1000;
        match part {
            0 => write!(f, "{sign}{whole}"),
            p if p % 100 == 0 => write!(f, "{sign}{whole}.{}", p / 100),
            p if p % 10 == 0 => write!(f, "{sign}{whole}.{:02}", p / 10),
            _ => decimal::write(f, self.0, 3),
        }
    }
}

impl fmt::Debug for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_and_written_without_needless_zeros() {
        for (text, shown) in [
            ("1.0", "1"),
            ("1.00", "1"),
            ("0.5", "0.5"),
            ("61", "61"),
            ("2.125", "2.125"),
            ("1.25", "1.25"),
        ] {
            assert_eq!(Units::parse(text.as_bytes()).unwrap().to_string(), shown);
        }
        assert!(Units::parse(b"1.0005").is_err());
        assert!(Units::parse(b"1e3").is_err());
    }

    #[test]
    fn a_span_divides_its_units_by_its_days_rounding_up() {
        assert_eq!(Units::whole(4).per_day(2), Units::whole(2));
        assert_eq!(Units::whole(2).per_day(3).thousandths(), 667);
        assert_eq!(Units::ONE.per_day(0), Units::ONE);
    }
}
