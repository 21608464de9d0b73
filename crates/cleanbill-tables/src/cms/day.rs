//! The ways in which the files write a day, and the one in which tables do.

use cleanbill_model::ServiceDate;

/// A day as tables write it, `2026-03-02`; its text sorts by date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day([u8; 10]);

impl Day {
    /// `20260302`.
    pub(crate) fn from_ymd(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        ServiceDate::parse_d8(text).ok()?;
        let [y1, y2, y3, y4, m1, m2, d1, d2] = *text else { return None };
        Some(Self([y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]))
    }

    /// `2026061`: the year and the day of the year, as the add-on file has it.
    pub(crate) fn from_ordinal(text: &str) -> Option<Self> {
        let (year, day) = text.split_at_checked(4)?;
        if day.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (year, mut left): (u16, u16) = (year.parse().ok()?, day.parse().ok()?);
        for month in 1..=12_u8 {
            let length = days(year, month);
            if (1..=length).contains(&left) {
                return Self::of(year, month, u8::try_from(left).ok()?);
            }
            left = left.checked_sub(length)?;
        }
        None
    }

    /// The day of that year, month and day.
    pub(crate) fn of(year: u16, month: u8, day: u8) -> Option<Self> {
        Self::from_ymd(&format!("{year:04}{month:02}{day:02}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        // Only digits and hyphens got in.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Days of a month; a year is leap as the Gregorian calendar has it.
const fn days(year: u16, month: u8) -> u16 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// A quarter of a calendar year, written `2026q3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quarter {
    pub(crate) year: u16,
    /// From 1 to 4.
    pub(crate) number: u8,
}

impl Quarter {
    pub(crate) fn new(year: u16, number: u8) -> Option<Self> {
        ((1990..=2199).contains(&year) && (1..=4).contains(&number))
            .then_some(Self { year, number })
    }

    /// Reads `2026q3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (year, number) = text.split_once('q')?;
        if year.len() != 4 || number.len() != 1 {
            return None;
        }
        Self::new(year.parse().ok()?, number.parse().ok()?)
    }

    /// The quarter in which that month lies.
    pub(crate) fn of_month(year: u16, month: u8) -> Option<Self> {
        Self::new(year, month.checked_sub(1)? / 3 + 1)
    }

    pub(crate) fn edition(self) -> String {
        format!("{}q{}", self.year, self.number)
    }

    pub(crate) fn first_day(self) -> Option<Day> {
        Day::of(self.year, self.number * 3 - 2, 1)
    }

    pub(crate) fn last_day(self) -> Option<Day> {
        let month = self.number * 3;
        Day::of(self.year, month, u8::try_from(days(self.year, month)).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_write_a_day_gives_the_same_day_and_impossible_ones_give_none() {
        let day = |day: Option<Day>| day.map(|day| day.as_str().to_owned());
        assert_eq!(day(Day::from_ymd("20240229")).as_deref(), Some("2024-02-29"));
        assert_eq!(day(Day::from_ordinal("2024060")).as_deref(), Some("2024-02-29"));
        assert_eq!(day(Day::from_ordinal("2023365")).as_deref(), Some("2023-12-31"));
        for wrong in ["2023366", "2023000", "2023+01", "20231", ""] {
            assert_eq!(Day::from_ordinal(wrong), None, "{wrong}");
        }
        for wrong in ["20230229", "2023022", "*", ""] {
            assert_eq!(Day::from_ymd(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_quarter_has_its_first_and_last_day() {
        let quarter = Quarter::parse("2026q3").unwrap();
        assert_eq!(quarter.edition(), "2026q3");
        assert_eq!(quarter.first_day().unwrap().as_str(), "2026-07-01");
        assert_eq!(quarter.last_day().unwrap().as_str(), "2026-09-30");
        assert_eq!(Quarter::of_month(2026, 12).unwrap().edition(), "2026q4");
        assert_eq!(Quarter::parse("2026q5"), None);
    }
}
