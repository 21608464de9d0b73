//! The loop of the guide that a segment stands in, by its four digits (`2010` for 2010AA): what the 999
//! has room for, and the same in the 837P, I and D.

use super::id::Id;
use super::segment::Segment;

/// The loop of `segment`, which comes behind one of the loop `before`; empty where it is in none.
pub(super) fn loop_of(before: &'static str, segment: &Segment<'_>) -> &'static str {
    match (segment.id(), before) {
        (Id::ST | Id::BHT | Id::SE | Id::GS | Id::GE | Id::IEA, _) => "",
        (Id::HL, _) => "2000",
        (Id::CLM, _) => "2300",
        (Id::LX, _) => "2400",
        (Id::SBR, "2300" | "2310" | "2320" | "2330") => "2320",
        (Id::LIN, _) => "2410",
        (Id::SVD, _) => "2430",
        (Id::LQ, _) => "2440",
        (Id::NM1, "" | "1000") => "1000",
        (Id::NM1, "2000" | "2010") => "2010",
        (Id::NM1, "2300" | "2310") => "2310",
        (Id::NM1, "2320" | "2330") => "2330",
        (Id::NM1, _) => "2420",
        _ => before,
    }
}
