//! What each segment does: opens or closes a part of the envelope, fills the loops above the claims,
//! or belongs to the claim that is being read. Books where its bytes went.

use std::ops::Range;

use cleanbill_model::{Claim, InputFormat, Location, Money};

use super::claim::{Draft, identity};
use super::envelope::{Envelope, Zone, stray};
use super::header::Header;
use super::id::Id;
use super::layout;
use super::segment::Segment;
use super::separators::Isa;
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;

/// Bytes of a claim that are read; a larger one is set aside.
const CLAIM_LIMIT: u64 = 64 << 20;

/// The bytes of the claim that is being read.
#[derive(Clone, Debug)]
struct Span {
    range: Range<u64>,
    /// Bytes of its segments; the rest of the range is white space between them.
    segments: u64,
}

/// Everything that a segment may change.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) ledger: Ledger,
    pub(super) envelope: Envelope,
    header: Header,
    draft: Draft,
    span: Option<Span>,
    stray_told: bool,
}

impl Machine {
    pub(super) fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            envelope: Envelope::default(),
            header: Header::default(),
            draft: Draft::default(),
            span: None,
            stray_told: false,
        }
    }

    /// Whether a claim is being read.
    #[inline]
    pub(super) const fn in_claim(&self) -> bool {
        self.span.is_some()
    }

    /// Books white space between segments; within a claim it is booked with the claim.
    #[inline]
    pub(super) const fn white_space(&mut self, count: u64) {
        if self.span.is_none() {
            self.ledger.accounting.bytes.white_space += count;
        }
    }

    /// Opens an interchange; what was open before is closed without its trailers.
    pub(super) fn interchange(&mut self, isa: Isa, place: Location, whole: u64) {
        self.trailers_missing(Id::ISA, place);
        let refused = isa.problem.is_some();
        if let Some(problem) = isa.problem {
            self.ledger.note(problem, place);
        }
        self.stray_told = refused;
        self.envelope.open_interchange(&isa.control, refused);
        self.book_frame(refused, place, whole);
    }

    /// Takes one segment of `whole` bytes. No claim may be open when it ends one.
    pub(super) fn take(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut Claim,
    ) {
        let place = Location { segment: self.envelope.count_segment(), ..place };
        if self.span.is_some() {
            self.extend_claim(segment, place, whole, claim);
            return;
        }
        match (segment.id(), self.envelope.zone()) {
            (Id::GS | Id::ST | Id::SE | Id::GE | Id::IEA, _) => self.frame(segment, place, whole),
            (Id::CLM, Zone::Claims) => self.start_claim(segment, place, whole, claim),
            (_, Zone::Claims) => match layout::check(segment, self.envelope.kind()) {
                Ok(()) => {
                    self.ledger.accounting.bytes.loop_header += whole;
                    self.header.read(segment, place, &mut self.ledger);
                }
                Err(problem) => {
                    self.set_aside(place, whole);
                    self.header.fail(problem, place, &mut self.ledger);
                }
            },
            (Id::TA1, Zone::Between) => self.ledger.accounting.bytes.envelope += whole,
            (id, zone) => {
                self.set_aside(place, whole);
                if zone == Zone::Between && !self.stray_told {
                    self.stray_told = true;
                    let problem = stray("segment", "no transaction (ST) is open");
                    self.ledger.note(problem, place);
                }
                if id == Id::CLM {
                    self.refuse_claim(segment, refused_claim(), place);
                }
            }
        }
    }

    /// Takes a segment that is too long to be read; `start` is how it begins.
    pub(super) fn take_too_long(
        &mut self,
        start: &[u8],
        place: Location,
        whole: u64,
        claim: &mut Claim,
    ) {
        let place = Location { segment: self.envelope.count_segment(), ..place };
        let problem = Problem::new(
            codes::TOO_LONG,
            "",
            "the segment is longer than 4 MiB",
            "look for a missing segment terminator",
        );
        match (&mut self.span, self.envelope.zone()) {
            (Some(span), _) => {
                span.add(place, whole);
                self.draft.fail(problem, place);
            }
            (None, Zone::Claims) if start == b"CLM" => {
                self.open_span(place, whole, claim);
                self.draft.start_unread(problem, place);
            }
            (None, zone) => {
                self.set_aside(place, whole);
                if start == b"CLM" {
                    self.ledger.refuse_claim(problem, place, None, None);
                } else if zone != Zone::Claims {
                    self.ledger.note(problem, place);
                } else if start == b"HL" {
                    self.header.lose_level(problem, place, &mut self.ledger);
                } else {
                    self.header.fail(problem, place, &mut self.ledger);
                }
            }
        }
    }

    /// Takes what stands behind the last terminator of an input that ends there.
    pub(super) fn take_cut(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut Claim,
    ) {
        let closes = segment.id() == Id::IEA && self.envelope.is_closed_by(segment.element(2));
        if closes && self.span.is_none() {
            if !matches!(segment.separators.terminator, b'\n' | b'\r') {
                let message = "the last segment has no terminator";
                let fix = "end the file with the segment terminator, or look for lost bytes";
                self.ledger.note(Problem::new(codes::CUT_SHORT, "IEA", message, fix), place);
            }
            self.take(segment, place, whole, claim);
            return;
        }
        let place = Location { segment: self.envelope.count_segment(), ..place };
        if let Some(span) = &mut self.span {
            span.add(place, whole);
            self.draft.fail(cut_claim(), place);
            return;
        }
        self.set_aside(place, whole);
        if segment.id() == Id::CLM && segment.elements() > 0 {
            self.refuse_claim(segment, cut_claim(), place);
        }
    }

    /// The input has ended, `here` bytes from its start. Gives the claim that was being read.
    pub(super) fn end(&mut self, place: Location, claim: &mut Claim) -> Option<Event> {
        if self.span.is_some() {
            self.draft.fail(cut_claim(), place);
            return self.end_claim(place.offset, claim);
        }
        let missing = self.envelope.missing_before(Id::ISA).join(", ");
        if !missing.is_empty() {
            let message = format!("the input ends here, but {missing} should follow");
            let fix = "get the whole file again: it was cut short";
            self.ledger.note(Problem::new(codes::CUT_SHORT, "", message, fix), place);
        }
        None
    }

    /// Ends the claim that is being read: `here` is where the next segment starts.
    pub(super) fn end_claim(&mut self, here: u64, claim: &mut Claim) -> Option<Event> {
        let Span { range, segments } = self.span.take()?;
        claim.bytes = range.clone();
        let refused = self.draft.finish(claim, &mut self.ledger);
        let bytes = &mut self.ledger.accounting.bytes;
        bytes.white_space += here - range.end;
        match refused {
            None => {
                bytes.claim += segments;
                bytes.white_space += range.end - range.start - segments;
                self.ledger.deliver(claim);
                Some(Event::Claim)
            }
            Some((problem, place)) => {
                self.ledger.set_aside(range);
                self.ledger.close_range();
                let charge = self.draft.charge();
                Some(Event::Error(self.ledger.quarantine(claim, charge, problem, place)))
            }
        }
    }

    fn start_claim(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut Claim,
    ) {
        self.open_span(place, whole, claim);
        let unsound = layout::check(segment, claim.claim_type).err();
        self.draft.start(segment, unsound, claim, place);
        self.header.check_required(place, &mut self.ledger);
        if let Err((problem, at)) = self.header.fill(claim, place) {
            self.draft.fail(problem, at);
        }
    }

    fn open_span(&mut self, place: Location, whole: u64, claim: &mut Claim) {
        claim.format = InputFormat::X12;
        claim.claim_type = self.envelope.kind();
        claim.location = place;
        self.span = Some(Span { range: place.offset..place.offset + whole, segments: whole });
    }

    #[inline]
    fn extend_claim(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut Claim,
    ) {
        let Some(span) = &mut self.span else { return };
        span.add(place, whole);
        if span.range.end - span.range.start > CLAIM_LIMIT {
            let fix = "look for a lost `CLM`, `HL` or `SE` segment";
            let message = "the claim is larger than 64 MiB";
            self.draft.fail(Problem::new(codes::CLAIM_TOO_LONG, "CLM", message, fix), place);
        }
        match layout::check(segment, claim.claim_type) {
            Ok(()) => self.draft.read(segment, claim, place, &mut self.ledger),
            Err(problem) => self.draft.fail(problem, place),
        }
    }

    /// Takes a header or trailer of the envelope.
    fn frame(&mut self, segment: &Segment<'_>, place: Location, whole: u64) {
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
        let problems = match id {
            Id::GS => {
                self.envelope.open_group(segment);
                Vec::new()
            }
            Id::ST => {
                self.header.reset();
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
        let opens_refused = id == Id::ST && self.envelope.zone() == Zone::Refused;
        self.book_frame(within_refused || opens_refused, place, whole);
    }

    fn trailers_missing(&mut self, id: Id, place: Location) {
        let missing = self.envelope.missing_before(id).join(", ");
        if !missing.is_empty() {
            let message = format!("{missing} is missing in front of this segment");
            let fix = "close every ST with SE, every GS with GE and every ISA with IEA";
            self.ledger.note(Problem::new(codes::TRAILER_MISSING, missing, message, fix), place);
        }
    }

    fn refuse_claim(&mut self, segment: &Segment<'_>, problem: Problem, place: Location) {
        // The last element of a cut segment may be cut itself.
        let whole = |index: usize| segment.elements() > index || problem.code != codes::CLAIM_CUT;
        let id = identity(segment).filter(|_| whole(1)).map(str::to_owned);
        let charge = Money::parse(segment.element(2)).ok().filter(|_| whole(2));
        self.ledger.refuse_claim(problem, place, id, charge);
    }

    fn book_frame(&mut self, refused: bool, place: Location, whole: u64) {
        if refused {
            self.set_aside(place, whole);
        } else {
            self.ledger.accounting.bytes.envelope += whole;
        }
    }

    fn set_aside(&mut self, place: Location, whole: u64) {
        self.ledger.set_aside(place.offset..place.offset + whole);
    }
}

impl Span {
    #[inline]
    const fn add(&mut self, place: Location, whole: u64) {
        self.range.end = place.offset + whole;
        self.segments += whole;
    }
}

fn refused_claim() -> Problem {
    Problem::new(
        codes::CLAIM_IN_REFUSED,
        "CLM",
        "the claim stands in a part of the file that is not read",
        "see the error of the transaction or interchange around it",
    )
}

fn cut_claim() -> Problem {
    Problem::new(
        codes::CLAIM_CUT,
        "CLM",
        "the input ends before the end of the claim",
        "get the whole file again: it was cut short",
    )
}
