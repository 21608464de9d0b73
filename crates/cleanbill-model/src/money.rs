//! Amounts of money, exact.

use core::fmt;

use crate::decimal::{self, DecimalError};

/// An amount in US cents. Sums are checked; there is no float anywhere.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of so many cents.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    #[must_use]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Reads an X12 monetary amount: at most 8 digits before and 2 behind the point (X12 allows
    /// monetary elements of the 837 ten digits).
    ///
    /// # Errors
    /// [`DecimalError`] for anything else, among it exponents and thousands separators.
    pub fn parse(text: &[u8]) -> Result<Self, DecimalError> {
        decimal::parse(text, 2, 8).map(Self)
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(f, self.0, 2)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, cents) in
            [("150", 15_000), ("150.0", 15_000), ("00150.00", 15_000), (".5", 50), ("-0.01", -1)]
        {
            assert_eq!(Money::parse(text.as_bytes()), Ok(Money::from_cents(cents)), "{text}");
        }
        assert_eq!(Money::parse(b"99999999.99").unwrap().to_string(), "99999999.99");
        assert_eq!(Money::parse(b"-0").unwrap(), Money::ZERO);
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_refused() {
        for bad in [
            "",
            "-",
            ".",
            "1.",
            "1,000.00",
            " 150",
            "150 ",
            "$150",
            "0x96",
            "NaN",
            "inf",
            "1e2",
            "+1",
            "1.2.3",
            "\u{661}\u{662}",
        ] {
            assert!(Money::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert_eq!(Money::parse(b"1.005"), Err(DecimalError::TooPrecise { allowed: 2 }));
        assert_eq!(Money::parse(b"100000000.00"), Err(DecimalError::TooLarge));
    }
}
