//! What each segment of an 837 does: opens or closes a part of the envelope, fills the loops above the
//! claims, or belongs to the claim that is being read. Books where its bytes went.

use cleanbill_model::{Claim, ClaimType, InputFormat, Location, Money};

use super::answering::{OfClaim, part_of};
use super::claim::Draft;
use super::envelope::{Wanted, Zone};
use super::frame::{Frame, Span, claim_too_long, refused_claim, segment_too_long};
use super::guide::Set;
use super::header::Header;
use super::id::Id;
use super::layout;
use super::loops::loop_of;
use super::piece::{Cut, State};
use super::segment::Segment;
use super::steps::Machine;
use super::value::identity;
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;

/// Everything that a segment of an 837 may change.
#[derive(Debug)]
pub(crate) struct ClaimMachine {
    frame: Frame,
    header: Header,
    draft: Draft,
    span: Option<Span>,
    /// What answers need of the claim, also behind what is wrong with it.
    of_claim: OfClaim,
}

impl Machine for ClaimMachine {
    type Claim = Claim;

    const START: (Id, &'static str) = (Id::CLM, "CLM");

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn frame_mut(&mut self) -> &mut Frame {
        &mut self.frame
    }

    #[inline]
    fn ends_claim(id: Id) -> bool {
        id.ends_claim()
    }

    #[inline]
    fn in_claim(&self) -> bool {
        self.span.is_some()
    }

    #[inline]
    fn span_mut(&mut self) -> Option<&mut Span> {
        self.span.as_mut()
    }

    fn take(&mut self, segment: &Segment<'_>, place: Location, whole: u64, claim: &mut Claim) {
        let place = self.frame.count(place);
        if self.span.is_some() {
            self.extend_claim(segment, place, whole, claim);
            return;
        }
        self.enter(segment);
        match (segment.id(), self.frame.envelope.zone()) {
            (id, _) if id.is_frame() => {
                if id == Id::ST {
                    self.header.reset();
                }
                self.frame.take(segment, place, whole);
            }
            (Id::CLM, Zone::Read) => self.start_claim(segment, place, whole, claim),
            (_, Zone::Read) => match layout::check(segment, self.frame.envelope.set()) {
                Ok(()) => {
                    self.frame.ledger.accounting.bytes.loop_header += whole;
                    self.frame.ledger.tell(|| part_of(segment));
                    self.header.read(segment, place, &mut self.frame.ledger);
                }
                Err(problem) => {
                    self.frame.set_aside(place, whole);
                    self.header.fail(problem, place, &mut self.frame.ledger);
                }
            },
            (Id::TA1, Zone::Between) => self.frame.ledger.accounting.bytes.envelope += whole,
            (id, _) => {
                self.frame.take_stray(place, whole);
                if id == Id::CLM {
                    self.refuse_claim(segment, refused_claim("CLM"), place);
                }
            }
        }
    }

    fn take_too_long(&mut self, start: &[u8], place: Location, whole: u64, claim: &mut Claim) {
        let place = self.frame.count(place);
        let problem = segment_too_long();
        match (&mut self.span, self.frame.envelope.zone()) {
            (Some(span), _) => {
                span.add(place, whole);
                self.draft.fail(problem, place);
            }
            (None, Zone::Read) if start == b"CLM" => {
                self.open_span(place, whole, claim);
                self.draft.start_unread(problem, place);
            }
            (None, zone) => {
                self.frame.set_aside(place, whole);
                if start == b"CLM" {
                    self.frame.ledger.refuse_claim(problem, place, None, None);
                } else if zone != Zone::Read {
                    self.frame.ledger.note(problem, place);
                } else if start == b"HL" {
                    self.header.lose_level(problem, place, &mut self.frame.ledger);
                } else {
                    self.header.fail(problem, place, &mut self.frame.ledger);
                }
            }
        }
    }

    fn fail(&mut self, problem: Problem, place: Location) {
        self.draft.fail(problem, place);
    }

    fn refuse_claim(&mut self, segment: &Segment<'_>, problem: Problem, place: Location) {
        // The last element of a cut segment may be cut itself.
        let whole = |index: usize| segment.elements() > index || problem.code != codes::CLAIM_CUT;
        let id = identity(segment).filter(|_| whole(1)).map(str::to_owned);
        let charge = Money::parse(segment.element(2)).ok().filter(|_| whole(2));
        self.frame.ledger.refuse_claim(problem, place, id, charge);
    }

    fn end_claim(&mut self, here: u64, claim: &mut Claim) -> Option<Event> {
        let span = self.span.take()?;
        claim.bytes = span.range.clone();
        let ledger = &mut self.frame.ledger;
        // What is told of the claim as a whole is of its own loop, not of its last line's.
        let last_loop = ledger.loop_id;
        ledger.loop_id = if last_loop.is_empty() { "" } else { "2300" };
        let refused = self.draft.finish(claim, ledger);
        span.close(here, refused.is_some(), ledger);
        match refused {
            None => {
                ledger.deliver(claim);
                Some(Event::Claim)
            }
            Some((problem, place)) => {
                let charge = self.draft.charge();
                let aside = ledger.acknowledges.then(|| self.of_claim.set_aside(claim, charge));
                let mut error = ledger.quarantine(claim, charge, problem, place);
                if let Some(mut aside) = aside {
                    aside.ordinal = claim.ordinal;
                    error.loop_id = self.of_claim.failed_in(place, claim, last_loop);
                    ledger.tell_set_aside(aside);
                }
                Some(Event::Error(error))
            }
        }
    }
}

impl ClaimMachine {
    pub(super) fn new(ledger: Ledger) -> Self {
        Self {
            frame: Frame::new(ledger, Wanted::Claims),
            header: Header::default(),
            draft: Draft::default(),
            span: None,
            of_claim: OfClaim::default(),
        }
    }

    /// What another reader must know to read on from here, where a subscriber starts; `None` where that is
    /// not all that this one remembers.
    pub(super) fn state(&mut self) -> Option<State> {
        let Set::Claims(kind) = self.frame.envelope.set() else { return None };
        let ledger = &self.frame.ledger;
        if self.span.is_some() || self.frame.envelope.zone() != Zone::Read || ledger.has_to_tell() {
            return None;
        }
        let (ordinal, acknowledges) = (ledger.next_ordinal(), ledger.acknowledges);
        let (above, last_hl) = self.header.above()?;
        let segments = self.frame.envelope.segments();
        Some(State { kind, segments, above, last_hl, ordinal, acknowledges })
    }

    /// Goes on behind what was cut off.
    pub(super) fn pass_over(&mut self, cut: &Cut) {
        self.frame.envelope.pass_over(cut.segments);
        self.header.pass_over(cut.last_hl);
        self.frame.ledger.pass_over(cut.claims);
    }

    /// Begins to read what was cut off.
    pub(super) fn begin(&mut self, state: State) {
        let State { kind, segments, above, last_hl, ordinal, acknowledges } = state;
        self.frame.envelope.begin_within(kind, segments);
        self.header.begin_below(above, last_hl);
        self.frame.ledger.begin(ordinal, acknowledges);
        self.span = None;
    }

    fn start_claim(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut Claim,
    ) {
        self.open_span(place, whole, claim);
        let unsound = layout::check(segment, Set::Claims(claim.claim_type)).err();
        self.draft.start(segment, unsound, claim, place);
        self.header.check_required(place, &mut self.frame.ledger);
        if let Err((problem, at)) = self.header.fill(claim, place) {
            self.draft.fail(problem, at);
        }
        self.answer_for(segment);
    }

    fn open_span(&mut self, place: Location, whole: u64, claim: &mut Claim) {
        claim.format = InputFormat::X12;
        claim.claim_type = match self.frame.envelope.set() {
            Set::Claims(kind) => kind,
            Set::Remittance => ClaimType::Professional,
        };
        claim.location = place;
        self.of_claim = OfClaim::default();
        self.span = Some(Span::open(place, whole));
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
        if span.is_too_long() {
            self.draft.fail(claim_too_long("CLM", "`CLM`, `HL` or `SE`"), place);
        }
        self.enter(segment);
        match layout::check(segment, Set::Claims(claim.claim_type)) {
            Ok(()) => self.draft.read(segment, claim, place, &mut self.frame.ledger),
            Err(problem) => self.draft.fail(problem, place),
        }
        self.answer_for(segment);
    }

    /// Keeps the loop of a segment, where answers are asked for.
    #[inline]
    fn enter(&mut self, segment: &Segment<'_>) {
        let ledger = &mut self.frame.ledger;
        if ledger.acknowledges {
            ledger.loop_id = loop_of(ledger.loop_id, segment);
        }
    }

    /// Keeps what answers need of a segment of the claim, where they are asked for.
    #[inline]
    fn answer_for(&mut self, segment: &Segment<'_>) {
        let ledger = &self.frame.ledger;
        if ledger.acknowledges {
            self.of_claim.read(segment, self.draft.has_failed(), ledger);
        }
    }
}
