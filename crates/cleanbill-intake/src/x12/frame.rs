//! The envelope around what is read: opens and closes its parts, tells what is wrong with them, and books
//! their bytes. The same for claims and for remittance advice.

use std::ops::Range;

use cleanbill_model::Location;

use super::answering::{interchange, part_of};
use super::envelope::{Envelope, Wanted, Zone, stray};
use super::id::Id;
use super::segment::Segment;
use super::separators::Isa;
use crate::codes;
use crate::interchange::InterchangeKey;
use crate::ledger::Ledger;
use crate::problem::Problem;

/// Bytes of a claim that are read; a larger one is set aside.
const CLAIM_LIMIT: u64 = 64 << 20;

/// The envelope that is open, and the books.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(super) ledger: Ledger,
    pub(super) envelope: Envelope,
    stray_told: bool,
}

impl Frame {
    pub(super) fn new(ledger: Ledger, wanted: Wanted) -> Self {
        Self { ledger, envelope: Envelope::new(wanted), stray_told: false }
    }

    /// Opens an interchange; what was open before is closed without its trailers.
    pub(super) fn interchange(&mut self, isa: Isa, place: Location, whole: u64) {
        self.trailers_missing(Id::ISA, place);
        let refused = isa.problem.is_some();
        self.ledger.tell(|| Some(interchange(&isa)));
        if !refused {
            self.ledger.meet(InterchangeKey::of_isa(&isa.bytes), place.offset);
        }
        if let Some(problem) = isa.problem {
            self.ledger.note(problem, place);
        }
        self.stray_told = refused;
        self.envelope.open_interchange(&isa.control, refused);
        self.book(refused, place, whole);
    }

    /// Takes a header or trailer behind the `ISA`.
    pub(super) fn take(&mut self, segment: &Segment<'_>, place: Location, whole: u64) {
        let id = segment.id();
        let refused = self.envelope.interchange_refused();
        if refused && id != Id::IEA {
            self.set_aside(place, whole);
            return;
        }
        if id != Id::SE {
            self.trailers_missing(id, place);
        }
        let within_refused = self.envelope.zone() == Zone::Refused;
        self.stray_told = false;
        let opens = matches!(id, Id::GS | Id::ST);
        if opens {
            self.ledger.tell(|| part_of(segment));
        }
        let problems = match id {
            Id::GS => {
                self.envelope.open_group(segment);
                Vec::new()
            }
            Id::ST => {
                self.envelope.open_transaction(segment, place, &mut self.ledger);
                Vec::new()
            }
            Id::SE => self.envelope.close_transaction(segment),
            Id::GE => self.envelope.close_group(segment),
            _ => self.envelope.close_interchange(segment),
        };
        for problem in problems {
            self.ledger.note(problem, place);
        }
        if !opens {
            self.ledger.tell(|| part_of(segment));
        }
        let opens_refused = id == Id::ST && self.envelope.zone() == Zone::Refused;
        self.book(within_refused || opens_refused, place, whole);
    }

    /// Sets aside a segment that stands where none is read; says so once between transactions.
    pub(super) fn take_stray(&mut self, place: Location, whole: u64) {
        self.set_aside(place, whole);
        if self.envelope.zone() == Zone::Between && !self.stray_told {
            self.stray_told = true;
            let problem = stray("segment", "no transaction (ST) is open");
            self.ledger.note(problem, place);
        }
    }

    /// The last segment has no terminator, yet it closes the interchange.
    pub(super) fn is_unterminated_end(&mut self, segment: &Segment<'_>, place: Location) -> bool {
        let closes = segment.id() == Id::IEA && self.envelope.is_closed_by(segment.element(2));
        if closes && !matches!(segment.separators.terminator, b'\n' | b'\r') {
            let message = "the last segment has no terminator";
            let fix = "end the file with the segment terminator, or look for lost bytes";
            self.ledger.note(Problem::new(codes::CUT_SHORT, "IEA", message, fix), place);
        }
        closes
    }

    /// The input has ended outside of any claim.
    pub(super) fn end(&mut self, place: Location) {
        let missing = self.envelope.missing_before(Id::ISA).join(", ");
        if !missing.is_empty() {
            let message = format!("the input ends here, but {missing} should follow");
            let fix = "get the whole file again: it was cut short";
            self.ledger.note(Problem::new(codes::CUT_SHORT, "", message, fix), place);
        }
    }

    pub(super) fn set_aside(&mut self, place: Location, whole: u64) {
        self.ledger.set_aside(place.offset..place.offset + whole);
    }

    /// `place` with the number of the segment in its transaction.
    #[inline]
    pub(super) const fn count(&mut self, place: Location) -> Location {
        Location { segment: self.envelope.count_segment(), ..place }
    }

    fn trailers_missing(&mut self, id: Id, place: Location) {
        let missing = self.envelope.missing_before(id).join(", ");
        if !missing.is_empty() {
            let message = format!("{missing} is missing in front of this segment");
            let fix = "close every ST with SE, every GS with GE and every ISA with IEA";
            self.ledger.note(Problem::new(codes::TRAILER_MISSING, missing, message, fix), place);
        }
    }

    fn book(&mut self, refused: bool, place: Location, whole: u64) {
        if refused {
            self.set_aside(place, whole);
        } else {
            self.ledger.accounting.bytes.envelope += whole;
        }
    }
}

/// The bytes of the claim that is being read.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(super) range: Range<u64>,
    /// Bytes of its segments; the rest of the range is white space between them.
    segments: u64,
}

impl Span {
    /// A claim starts.
    pub(super) const fn open(place: Location, whole: u64) -> Self {
        Self { range: place.offset..place.offset + whole, segments: whole }
    }

    #[inline]
    pub(super) const fn add(&mut self, place: Location, whole: u64) {
        self.range.end = place.offset + whole;
        self.segments += whole;
    }

    #[inline]
    pub(super) const fn is_too_long(&self) -> bool {
        self.range.end - self.range.start > CLAIM_LIMIT
    }

    /// Books the claim as read, with the white space up to `here`, or sets it aside.
    pub(super) fn close(self, here: u64, is_refused: bool, ledger: &mut Ledger) {
        let Self { range, segments } = self;
        let bytes = &mut ledger.accounting.bytes;
        bytes.white_space += here - range.end;
        if is_refused {
            ledger.set_aside(range);
            ledger.close_range();
        } else {
            bytes.claim += segments;
            bytes.white_space += range.end - range.start - segments;
        }
    }
}

pub(super) fn segment_too_long() -> Problem {
    let message = "the segment is longer than 4 MiB";
    Problem::new(codes::TOO_LONG, "", message, "look for a missing segment terminator")
}

pub(super) fn claim_too_long(element: &str, ends: &str) -> Problem {
    let fix = format!("look for a lost {ends} segment");
    Problem::new(codes::CLAIM_TOO_LONG, element, "the claim is larger than 64 MiB", fix)
}

pub(super) fn refused_claim(element: &str) -> Problem {
    Problem::new(
        codes::CLAIM_IN_REFUSED,
        element,
        "the claim stands in a part of the file that is not read",
        "see the error of the transaction or interchange around it",
    )
}

pub(super) fn cut_claim(element: &str) -> Problem {
    let message = "the input ends before the end of the claim";
    let fix = "get the whole file again: it was cut short";
    Problem::new(codes::CLAIM_CUT, element, message, fix)
}
