//! A `DTP` segment read into a day or a span of days.

use cleanbill_model::{DateRange, ServiceDate};

use super::segment::Segment;
use super::value::unreadable;
use crate::codes;
use crate::problem::Problem;

/// DTP03 by its format in DTP02: `D8` one day, `RD8` a span.
#[inline]
pub(super) fn dates(segment: &Segment<'_>) -> Result<DateRange, Problem> {
    let text = segment.element(3);
    let (dates, fix) = match segment.element(2) {
        b"D8" => (
            ServiceDate::parse_d8(text).map(DateRange::day),
            "write one day as YYYYMMDD; a span needs the qualifier RD8",
        ),
        b"RD8" => (
            DateRange::parse_rd8(text),
            "write the span as YYYYMMDD-YYYYMMDD; one day has the qualifier D8",
        ),
        _ => {
            let fix = "write D8 with one day or RD8 with a span";
            return Err(unreadable(codes::SERVICE_DATE, "DTP02", "is neither D8 nor RD8", fix));
        }
    };
    dates.map_err(|error| unreadable(codes::SERVICE_DATE, "DTP03", error, fix))
}

/// Keeps the date of `segment` where none was kept before; a second one leaves open which counts.
#[inline]
pub(super) fn keep_only(
    kept: &mut Option<DateRange>,
    segment: &Segment<'_>,
    what: &str,
) -> Result<(), Problem> {
    if kept.is_some() {
        return Err(twice(what));
    }
    *kept = Some(dates(segment)?);
    Ok(())
}

/// What is wrong with a date or time that no edit reads; formats that are not known are taken as they are.
pub(super) fn check(segment: &Segment<'_>) -> Option<Problem> {
    let text = segment.element(3);
    let sound = match segment.element(2) {
        b"D8" => ServiceDate::parse_d8(text).is_ok(),
        b"RD8" => DateRange::parse_rd8(text).is_ok(),
        b"TM" => is_time(text),
        b"DT" => text
            .split_at_checked(8)
            .is_some_and(|(day, time)| ServiceDate::parse_d8(day).is_ok() && is_time(time)),
        _ => true,
    };
    let fix =
        "write D8 with YYYYMMDD, RD8 with YYYYMMDD-YYYYMMDD, DT with YYYYMMDDHHMM, or TM with HHMM";
    (!sound).then(|| {
        let error = "is not what its format in `DTP02` says, or no such day or time";
        unreadable(codes::OTHER_DATE, "DTP03", error, fix)
    })
}

/// Hours and minutes: `0000` to `2359`.
fn is_time(text: &[u8]) -> bool {
    matches!(
        text,
        [b'0' | b'1', b'0'..=b'9', b'0'..=b'5', b'0'..=b'9']
            | [b'2', b'0'..=b'3', b'0'..=b'5', b'0'..=b'9']
    )
}

#[cold]
fn twice(what: &str) -> Problem {
    let message = format!("a second {what}");
    let fix = "write the date once, with RD8 for a span of days";
    Problem::new(codes::REPEATED, "DTP", message, fix)
}
