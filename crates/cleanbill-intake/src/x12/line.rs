//! Loop 2400: one service line.

use cleanbill_model::{
    Claim, DateError, DateRange, Location, Modifier, Money, Phi, PlaceOfService, ProcedureCode,
    ServiceDate, ServiceLine, UnitBasis, Units,
};

use super::segment::Segment;
use super::value::{count, unreadable, unreadable_component};
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

    /// The line with its dates, or why it cannot be delivered and where it starts.
    pub(super) fn finish(self) -> Result<ServiceLine, (Problem, Location)> {
        let missing = if !self.served {
            "the line has no `SV1` segment"
        } else if let Some(dates) = self.dates {
            return Ok(ServiceLine { dates, ..self.line });
        } else {
            "the line has no date of service (`DTP*472`)"
        };
        let fix = "write `SV1` and `DTP*472` in every service line";
        Err((Problem::new(codes::LINE_INCOMPLETE, "LX", missing, fix), self.place))
    }

    /// Reads `SV1`.
    pub(super) fn service(
        &mut self,
        segment: &Segment<'_>,
        claim: &mut Claim,
        place: Location,
    ) -> Result<(), Problem> {
        if self.served {
            return Err(Problem::new(
                codes::REPEATED,
                "SV1",
                "a second `SV1` stands in one service line",
                "start every service line with its own `LX`",
            ));
        }
        self.served = true;
        self.line.location = place;
        self.procedure(segment, claim)?;
        self.line.charge = Money::parse(segment.element(2)).map_err(|error| {
            let fix = "write the charge of the line in dollars and cents, `412.00`";
            unreadable(codes::LINE_CHARGE, "SV102", error, fix)
        })?;
        self.line.unit_basis = match segment.element(3) {
            b"UN" => UnitBasis::Units,
            b"MJ" => UnitBasis::Minutes,
            _ => {
                let fix = "write UN for units or MJ for minutes";
                return Err(unreadable(codes::UNITS, "SV103", "is neither UN nor MJ", fix));
            }
        };
        self.line.units = Units::parse(segment.element(4)).map_err(|error| {
            unreadable(codes::UNITS, "SV104", error, "write the quantity as a plain number, `1`")
        })?;
        let code = segment.element(5);
        if !code.is_empty() {
            let code = PlaceOfService::new(code).map_err(|error| {
                let fix = "write the two-digit place of service code, or leave SV105 empty";
                unreadable(codes::LINE_PLACE, "SV105", error, fix)
            })?;
            self.line.place_of_service = Some(code);
        }
        self.pointers(segment, claim.diagnoses.len())
    }

    /// SV101: qualifier, procedure code, four modifiers, description.
    fn procedure(&mut self, segment: &Segment<'_>, claim: &mut Claim) -> Result<(), Problem> {
        let fail = |element: &str, error: &dyn core::fmt::Display, fix: &str| {
            unreadable_component(codes::PROCEDURE, element, error, segment, 1, fix)
        };
        let mut parts = segment.components(1);
        let qualifier = parts.next_part();
        if qualifier.len() != 2 || !qualifier.iter().all(u8::is_ascii_alphanumeric) {
            let fix = "write `HC`, the procedure code and its modifiers";
            return Err(fail("SV101-1", &"is not a two-character code qualifier", fix));
        }
        if qualifier != b"HC" {
            return Ok(());
        }
        let code = ProcedureCode::new(parts.next_part()).map_err(|error| {
            fail("SV101-2", &error, "write the CPT or HCPCS code, five characters")
        })?;
        self.line.procedure = Some(code);
        let mut gap = false;
        for place in ["SV101-3", "SV101-4", "SV101-5", "SV101-6"] {
            let text = parts.next_part();
            if text.is_empty() {
                gap = true;
                continue;
            }
            if gap {
                let fix = "write modifiers one after the other, without an empty one between";
                return Err(fail(place, &"stands behind an empty modifier", fix));
            }
            let fix = "write the modifier as two capital letters or digits";
            let modifier = Modifier::new(text).map_err(|error| fail(place, &error, fix))?;
            self.line.modifiers.push(modifier).map_err(|error| fail(place, &error, fix))?;
        }
        let description = parts.next_part();
        if description.is_empty() {
            return Ok(());
        }
        if !gap && Modifier::new(description).is_ok() {
            let fix = "a line carries four modifiers; SV101-7 is the description of the service";
            return Err(fail("SV101-7", &"looks like a fifth modifier", fix));
        }
        let text = core::str::from_utf8(description).unwrap_or_default();
        self.line.description = Phi::new(claim.texts.add(text));
        Ok(())
    }

    /// SV107: up to four places in the list of diagnoses.
    fn pointers(&mut self, segment: &Segment<'_>, diagnoses: usize) -> Result<(), Problem> {
        const PLACES: [&str; 4] = ["SV107-1", "SV107-2", "SV107-3", "SV107-4"];
        const FIX: &str = "point to diagnoses of the claim by their place, from 1 to 12";
        if segment.element(7).is_empty() {
            return Ok(());
        }
        let mut places = PLACES.into_iter();
        for text in segment.components(7) {
            let fail = |element: &str, error: &dyn core::fmt::Display| {
                unreadable_component(codes::POINTER, element, error, segment, 7, FIX)
            };
            let Some(place) = places.next() else {
                return Err(fail("SV107", &"has more than four diagnosis pointers"));
            };
            if text.is_empty() {
                continue;
            }
            let Some(pointer) = count(text).and_then(|n| u8::try_from(n).ok()) else {
                return Err(fail(place, &"is not a diagnosis pointer from 1 to 12"));
            };
            if !(1..=12).contains(&pointer) {
                return Err(fail(place, &"is not a diagnosis pointer from 1 to 12"));
            }
            if usize::from(pointer) > diagnoses {
                let error = format!("points past the {diagnoses} diagnoses of the claim");
                return Err(fail(place, &error));
            }
            if !self.line.pointers.push(pointer) {
                return Err(fail(place, &"is one pointer too many"));
            }
        }
        Ok(())
    }

    /// Reads `DTP*472`.
    pub(super) fn service_date(&mut self, segment: &Segment<'_>) -> Result<(), Problem> {
        if self.dates.is_some() {
            return Err(Problem::new(
                codes::REPEATED,
                "DTP",
                "a second date of service (`DTP*472`) stands in one service line",
                "write one `DTP*472`, with RD8 for a span of days",
            ));
        }
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
        let dates = dates
            .map_err(|error: DateError| unreadable(codes::SERVICE_DATE, "DTP03", error, fix))?;
        self.dates = Some(dates);
        Ok(())
    }
}
