//! Calendar days as claims carry them.

use core::fmt;

/// A calendar day. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day written `yyyymmdd`: `20260302`. Whether the calendar has it is not asked; the host shows
    /// only days that exist.
    #[must_use]
    pub const fn from_yyyymmdd(number: i32) -> Self {
        Self(number)
    }

    /// The day as a number, `20260302`.
    #[must_use]
    pub const fn yyyymmdd(self) -> i32 {
        self.0
    }

    /// Year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0 / 10_000
    }

    /// Month, from 1.
    #[must_use]
    pub const fn month(self) -> i32 {
        self.0 / 100 % 100
    }

    /// Day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> i32 {
        self.0 % 100
    }
}

/// `2026-03-02`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}
