//! Dates of service, spans of them, and the periods in which rules and rows hold.

use core::fmt;

use jiff::civil::Date;

/// Why a text is not a date. Never carries the text: a birth date is PHI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Not eight digits (D8), or not `YYYY-MM-DD`.
    Shape,
    /// The shape is right but the calendar has no such day.
    NoSuchDay,
    /// A span that ends before it starts.
    Reversed,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "does not have the shape of a date",
            Self::NoSuchDay => "is a day that the calendar does not have",
            Self::Reversed => "ends before it starts",
        })
    }
}

impl core::error::Error for DateError {}

/// A calendar day, without time or zone. Written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceDate(Date);

impl ServiceDate {
    /// The first day that can be held; a stand-in until the real day is known.
    pub const EARLIEST: Self = Self(Date::constant(1800, 1, 1));

    /// The day of that year, month and day.
    ///
    /// # Errors
    /// [`DateError::NoSuchDay`] when the calendar has no such day; years before 1800 or after 2199
    /// count as such, since no claim can mean them.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DateError> {
        if !(1800..=2199).contains(&year) {
            return Err(DateError::NoSuchDay);
        }
        Date::new(year, month, day).map(Self).map_err(|_| DateError::NoSuchDay)
    }

    /// Reads an X12 `D8` date: `20260302`.
    ///
    /// # Errors
    /// [`DateError`] unless it is eight ASCII digits that name a day.
    pub fn parse_d8(text: &[u8]) -> Result<Self, DateError> {
        let [y1, y2, y3, y4, m1, m2, d1, d2] = text else { return Err(DateError::Shape) };
        let pair = |a: &u8, b: &u8| -> Result<i8, DateError> {
            match (a, b) {
                (b'0'..=b'9', b'0'..=b'9') => {
                    i8::try_from((a - b'0') * 10 + (b - b'0')).map_err(|_| DateError::Shape)
                }
                _ => Err(DateError::Shape),
            }
        };
        let year = i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?);
        Self::new(year, pair(m1, m2)?, pair(d1, d2)?)
    }

    /// Reads an ISO date: `2026-03-02`.
    ///
    /// # Errors
    /// [`DateError`] unless it has exactly that shape and names a day.
    pub fn parse_iso(text: &[u8]) -> Result<Self, DateError> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
            return Err(DateError::Shape);
        };
        Self::parse_d8(&[*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2])
    }

    /// The day that lies `days` behind 1970-01-01: how columnar files hold days.
    ///
    /// # Errors
    /// [`DateError::NoSuchDay`] for a day that cannot be held.
    pub fn from_unix_days(days: i32) -> Result<Self, DateError> {
        let day = Date::constant(1970, 1, 1)
            .checked_add(jiff::Span::new().days(i64::from(days).clamp(-100_000, 100_000)));
        let day = day.map_err(|_| DateError::NoSuchDay)?;
        Self::new(day.year(), day.month(), day.day())
    }

    /// The day as one number, `20260302`: how it crosses to a plugin.
    #[must_use]
    pub fn yyyymmdd(self) -> i32 {
        i32::from(self.0.year()) * 10_000
            + i32::from(self.0.month()) * 100
            + i32::from(self.0.day())
    }

    /// The day that [`Self::yyyymmdd`] gives as this number; none when there is no such day.
    #[must_use]
    pub fn from_yyyymmdd(number: i32) -> Option<Self> {
        let part = |part: i32| i8::try_from(part % 100).ok();
        let year = i16::try_from(number / 10_000).ok()?;
        Self::new(year, part(number / 100)?, part(number)?).ok()
    }

    /// The day before; none before the first that can be held.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        self.0.yesterday().ok().map(Self).filter(|day| *day >= Self::EARLIEST)
    }

    /// The day that lies so many days behind, before it where `days` is negative; none that cannot be held.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let day = self.0.checked_add(jiff::Span::new().days(days.clamp(-200_000, 200_000))).ok()?;
        Self::new(day.year(), day.month(), day.day()).ok()
    }

    /// The day of the same number so many months behind, or the last of that month where it has none of
    /// that number; none that cannot be held.
    #[must_use]
    pub fn plus_months(self, months: u16) -> Option<Self> {
        let day = self.0.checked_add(jiff::Span::new().months(months)).ok()?;
        Self::new(day.year(), day.month(), day.day()).ok()
    }

    /// Days from `self` to `later`; negative when it lies before.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        (later.0 - self.0).get_days()
    }

    /// The Monday of its week (ISO 8601).
    #[must_use]
    pub fn monday(self) -> Self {
        let days = i64::from(self.0.weekday().to_monday_zero_offset());
        Self(self.0.saturating_sub(jiff::Span::new().days(days)))
    }
}

impl fmt::Display for ServiceDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for ServiceDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The dates of service of a line: first and last day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateRange {
    from: ServiceDate,
    through: ServiceDate,
}

impl DateRange {
    /// One day.
    #[must_use]
    pub const fn day(day: ServiceDate) -> Self {
        Self { from: day, through: day }
    }

    /// A span.
    ///
    /// # Errors
    /// [`DateError::Reversed`] when it ends before it starts.
    pub fn new(from: ServiceDate, through: ServiceDate) -> Result<Self, DateError> {
        if through < from { Err(DateError::Reversed) } else { Ok(Self { from, through }) }
    }

    /// Reads an X12 `RD8` span: `20260302-20260304`.
    ///
    /// # Errors
    /// [`DateError`] when either half is no date or the span is reversed.
    pub fn parse_rd8(text: &[u8]) -> Result<Self, DateError> {
        match (text.get(..8), text.get(8), text.get(9..)) {
            (Some(from), Some(b'-'), Some(through)) => {
                Self::new(ServiceDate::parse_d8(from)?, ServiceDate::parse_d8(through)?)
            }
            _ => Err(DateError::Shape),
        }
    }

    /// First day.
    #[must_use]
    pub const fn from(self) -> ServiceDate {
        self.from
    }

    /// Last day, included.
    #[must_use]
    pub const fn through(self) -> ServiceDate {
        self.through
    }

    /// The days that both spans have, or `None` when they have none.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.through.min(other.through)).ok()
    }

    /// Number of days, at least 1.
    #[must_use]
    pub fn days(self) -> u32 {
        self.from.days_until(self.through).unsigned_abs().saturating_add(1)
    }
}

/// `2026-03-02`, or `2026-03-02 to 2026-03-04`.
impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.through {
            write!(f, "{}", self.from)
        } else {
            write!(f, "{} to {}", self.from, self.through)
        }
    }
}

/// When a pack, rule or table row is in force: both ends included, a missing end is open.
///
/// Compared with dates of service, never with the day on which the program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// First day in force.
    pub from: Option<ServiceDate>,
    /// Last day in force.
    pub through: Option<ServiceDate>,
}

impl Period {
    /// Always in force.
    pub const ALWAYS: Self = Self { from: None, through: None };

    /// Whether `day` lies within.
    #[must_use]
    pub fn contains(self, day: ServiceDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.through.is_none_or(|last| day <= last)
    }

    /// The period in which both hold; it may be empty, and then contains no day.
    #[must_use]
    pub fn narrowed(self, other: Self) -> Self {
        let through = match (self.through, other.through) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self { from: self.from.max(other.from), through }
    }
}

/// `from 2020-01-01`, `through 2019-12-31`, both, or `always`.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.through) {
            (None, None) => f.write_str("always"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(through)) => write!(f, "through {through}"),
            (Some(from), Some(through)) => write!(f, "{from} through {through}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> ServiceDate {
        ServiceDate::parse_iso(text.as_bytes()).unwrap()
    }

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        assert_eq!(ServiceDate::parse_d8(b"20240229").unwrap().to_string(), "2024-02-29");
        assert_eq!(day("2024-02-29").yyyymmdd(), 20_240_229);
        for bad in ["20250229", "20250431", "20251301", "00000000"] {
            assert_eq!(ServiceDate::parse_d8(bad.as_bytes()), Err(DateError::NoSuchDay), "{bad}");
        }
        for bad in ["260302", "2026030", "20260302 ", "2026-0302", ""] {
            assert_eq!(ServiceDate::parse_d8(bad.as_bytes()), Err(DateError::Shape), "{bad}");
        }
    }

    #[test]
    fn a_day_comes_back_from_its_number() {
        for day in [ServiceDate::EARLIEST, ServiceDate::new(2024, 2, 29).unwrap()] {
            assert_eq!(ServiceDate::from_yyyymmdd(day.yyyymmdd()), Some(day));
        }
        for wrong in [0, -20_260_302, 20_260_230, 20_261_301, i32::MAX] {
            assert_eq!(ServiceDate::from_yyyymmdd(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn days_and_months_are_added_by_the_calendar() {
        assert_eq!(day("2024-02-28").plus_days(2), Some(day("2024-03-01")));
        assert_eq!(day("2024-03-01").plus_days(-1), Some(day("2024-02-29")));
        assert_eq!(day("2023-03-02").plus_months(36), Some(day("2026-03-02")));
        assert_eq!(day("2024-02-29").plus_months(36), Some(day("2027-02-28")));
        assert_eq!(day("2199-12-31").plus_days(1), None);
        assert_eq!(day("2199-12-31").plus_months(u16::MAX), None);
        assert_eq!(ServiceDate::EARLIEST.plus_days(i32::MIN), None);
    }

    #[test]
    fn a_week_starts_on_its_monday() {
        for (date, monday) in [
            ("2026-03-02", "2026-03-02"),
            ("2026-03-08", "2026-03-02"),
            ("2024-03-01", "2024-02-26"),
            ("2026-01-01", "2025-12-29"),
        ] {
            assert_eq!(day(date).monday(), day(monday), "{date}");
        }
    }

    #[test]
    fn spans_intersect_and_count_both_ends() {
        let a = DateRange::parse_rd8(b"20260228-20260302").unwrap();
        assert_eq!(a.days(), 3);
        let b = DateRange::day(day("2026-03-02"));
        assert_eq!(a.intersect(b), Some(b));
        assert_eq!(a.intersect(DateRange::day(day("2026-03-03"))), None);
        assert_eq!(DateRange::parse_rd8(b"20260302-20260228"), Err(DateError::Reversed));
        assert_eq!(DateRange::parse_rd8(b"20260302"), Err(DateError::Shape));
    }

    #[test]
    fn a_period_includes_both_of_its_ends() {
        let period = Period { from: Some(day("2020-01-01")), through: Some(day("2020-12-31")) };
        assert!(period.contains(day("2020-01-01")) && period.contains(day("2020-12-31")));
        assert!(!period.contains(day("2019-12-31")) && !period.contains(day("2021-01-01")));
        let open = Period { from: Some(day("2020-06-01")), through: None };
        assert_eq!(period.narrowed(open).to_string(), "2020-06-01 through 2020-12-31");
        assert!(Period::ALWAYS.contains(day("1996-01-01")));
    }
}
