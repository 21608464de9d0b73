//! Loop 2400: one service line.

use cleanbill_model::{Claim, DateRange, Location, ServiceDate, ServiceLine};

use super::date::keep_only;
use super::id::Id;
use super::segment::Segment;
use super::service;
use crate::codes;
use crate::problem::Problem;

/// A line that is being read.
#[derive(Debug)]
pub(super) struct LineDraft {
    pub(super) line: ServiceLine,
    place: Location,
    served: bool,
    dates: Option<DateRange>,
}

impl LineDraft {
    pub(super) fn new(number: u32, place: Location) -> Self {
        // The day stands in until DTP*472 is read; a line without it is never delivered.
        let line = ServiceLine::new(number, DateRange::day(ServiceDate::EARLIEST));
        Self { line, place, served: false, dates: None }
    }

    /// Puts the line with its dates behind `lines`, or says why it cannot be delivered and where it
    /// starts. `of_claim` are the dates that a line without its own takes from its claim.
    pub(super) fn finish(
        &mut self,
        of_claim: Option<DateRange>,
        lines: &mut Vec<ServiceLine>,
    ) -> Result<(), (Problem, Location)> {
        let missing = if !self.served {
            "the line has no service segment (`SV1`, `SV2` or `SV3` by the kind of claim)"
        } else if let Some(dates) = self.dates.or(of_claim) {
            self.line.dates = dates;
            lines.push(self.line);
            return Ok(());
        } else {
            "the line has no date of service (`DTP*472`)"
        };
        let fix = "write the service segment and `DTP*472` in every service line";
        Err((Problem::new(codes::LINE_INCOMPLETE, "LX", missing, fix), self.place))
    }

    /// Reads `SV1`, `SV2` or `SV3`; the layout has checked that it is the one of the claim.
    #[inline]
    pub(super) fn service(
        &mut self,
        segment: &Segment<'_>,
        claim: &mut Claim,
        place: Location,
    ) -> Result<(), Problem> {
        if self.served {
            return Err(Problem::new(
                codes::REPEATED,
                segment.text(0),
                "a second service segment stands in one service line",
                "start every service line with its own `LX`",
            ));
        }
        self.served = true;
        self.line.location = place;
        match segment.id() {
            Id::SV1 => service::professional(segment, &mut self.line, claim),
            Id::SV2 => service::institutional(segment, &mut self.line, claim),
            _ => service::dental(segment, &mut self.line, claim),
        }
    }

    /// Reads `DTP*472`.
    #[inline]
    pub(super) fn service_date(&mut self, segment: &Segment<'_>) -> Result<(), Problem> {
        keep_only(
            &mut self.dates,
            segment,
            "date of service (`DTP*472`) stands in one service line",
        )
    }
}

/// What is wrong with a service segment that stands in no line.
pub(super) fn outside_line(segment: &Segment<'_>) -> Problem {
    let id = segment.text(0);
    let message = format!("`{id}` stands before any service line (`LX`)");
    Problem::new(codes::LINE_INCOMPLETE, id, message, "start every service line with `LX`")
}

/// What is wrong with a claim that has more lines than `message` tells.
pub(super) fn too_many_lines(message: &str) -> Problem {
    let fix = "split the claim, or look for a lost `CLM` between the lines";
    Problem::new(codes::TOO_MANY_LINES, "LX", message, fix)
}
