//! What each segment of an 835 does: opens or closes a part of the envelope, tells of the payment, or
//! belongs to the claim that is being read. Books where its bytes and amounts went.

use cleanbill_model::{InputError, Location, Money, RemittanceAccounting, RemittedClaim};

use super::adjustment;
use super::claim::Draft;
use super::payment::PaymentDraft;
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;
use crate::x12::envelope::{Wanted, Zone};
use crate::x12::frame::{Frame, Span, claim_too_long, refused_claim, segment_too_long};
use crate::x12::guide::Set;
use crate::x12::id::Id;
use crate::x12::layout;
use crate::x12::segment::Segment;
use crate::x12::steps::Machine;
use crate::x12::value::identity;

/// Everything that a segment of an 835 may change.
#[derive(Debug)]
pub(crate) struct RemittanceMachine {
    frame: Frame,
    payment: PaymentDraft,
    draft: Draft,
    span: Option<Span>,
    /// Sums of money; claims and bytes are in the ledger.
    books: RemittanceAccounting,
}

impl Machine for RemittanceMachine {
    type Claim = RemittedClaim;

    const START: (Id, &'static str) = (Id::CLP, "CLP");

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn frame_mut(&mut self) -> &mut Frame {
        &mut self.frame
    }

    #[inline]
    fn ends_claim(id: Id) -> bool {
        id.ends_remitted_claim()
    }

    #[inline]
    fn in_claim(&self) -> bool {
        self.span.is_some()
    }

    #[inline]
    fn span_mut(&mut self) -> Option<&mut Span> {
        self.span.as_mut()
    }

    fn take(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut RemittedClaim,
    ) {
        let place = self.frame.count(place);
        if self.span.is_some() {
            self.extend_claim(segment, place, whole, claim);
            return;
        }
        match (segment.id(), self.frame.envelope.zone()) {
            (id, zone) if id.is_frame() => {
                if id == Id::SE && zone == Zone::Read {
                    self.payment.end(place, &mut self.frame.ledger);
                }
                if id == Id::ST {
                    self.payment.reset();
                }
                self.frame.take(segment, place, whole);
            }
            (Id::CLP, Zone::Read) => self.start_claim(segment, place, whole, claim),
            (_, Zone::Read) => {
                let sound = layout::check(segment, Set::Remittance);
                let is_read = sound.is_ok();
                let read = sound.and_then(|()| self.payment.read(segment, &mut self.books));
                if let Err(problem) = read {
                    self.frame.ledger.note(problem, place);
                }
                if is_read {
                    self.frame.ledger.accounting.bytes.loop_header += whole;
                } else {
                    self.frame.set_aside(place, whole);
                }
            }
            (Id::TA1, Zone::Between) => self.frame.ledger.accounting.bytes.envelope += whole,
            (id, _) => {
                self.frame.take_stray(place, whole);
                if id == Id::CLP {
                    self.refuse_claim(segment, refused_claim("CLP"), place);
                }
            }
        }
    }

    fn take_too_long(
        &mut self,
        start: &[u8],
        place: Location,
        whole: u64,
        claim: &mut RemittedClaim,
    ) {
        let place = self.frame.count(place);
        let problem = segment_too_long();
        match (&mut self.span, self.frame.envelope.zone()) {
            (Some(span), _) => {
                span.add(place, whole);
                self.draft.fail(problem, place);
            }
            (None, Zone::Read) if start == b"CLP" => {
                self.open_span(place, whole, claim);
                self.book_paid(None);
                self.draft.start_unread(problem, place);
            }
            (None, _) => {
                self.frame.set_aside(place, whole);
                if start == b"CLP" {
                    self.book_paid(None);
                    self.frame.ledger.refuse_claim(problem, place, None, None);
                } else {
                    self.frame.ledger.note(problem, place);
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
        let amount =
            |index: usize| Money::parse(segment.element(index)).ok().filter(|_| whole(index));
        let id = identity(segment).filter(|_| whole(1)).map(str::to_owned);
        let (charge, paid) = (amount(3), amount(4));
        self.book_paid(paid);
        self.frame.ledger.refuse_claim(problem, place, id, charge);
    }
    fn end_claim(&mut self, here: u64, claim: &mut RemittedClaim) -> Option<Event> {
        let span = self.span.take()?;
        claim.bytes = span.range.clone();
        let ledger = &mut self.frame.ledger;
        let refused = self.draft.finish(claim, ledger);
        span.close(here, refused.is_some(), ledger);
        match refused {
            None => {
                claim.ordinal = ledger.book_read(claim.charge);
                Some(Event::Claim)
            }
            Some((problem, place)) => {
                Some(Event::Error(quarantine(ledger, claim, self.draft.charge(), problem, place)))
            }
        }
    }
}

impl RemittanceMachine {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self {
            frame: Frame::new(ledger, Wanted::Remittances),
            payment: PaymentDraft::default(),
            draft: Draft::default(),
            span: None,
            books: RemittanceAccounting::default(),
        }
    }

    /// All sums so far.
    pub(crate) const fn accounting(&self) -> RemittanceAccounting {
        RemittanceAccounting { claims: self.frame.ledger.accounting, ..self.books }
    }

    fn start_claim(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut RemittedClaim,
    ) {
        self.open_span(place, whole, claim);
        self.book_paid(Money::parse(segment.element(4)).ok());
        let unsound = layout::check(segment, Set::Remittance).err();
        self.draft.start(segment, unsound, claim, place);
    }

    fn open_span(&mut self, place: Location, whole: u64, claim: &mut RemittedClaim) {
        claim.location = place;
        claim.payment = self.payment.give(&mut claim.texts);
        self.span = Some(Span::open(place, whole));
    }

    fn extend_claim(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut RemittedClaim,
    ) {
        let Some(span) = &mut self.span else { return };
        span.add(place, whole);
        if span.is_too_long() {
            self.draft.fail(claim_too_long("CLP", "`CLP`, `LX` or `SE`"), place);
        }
        match segment.id() {
            Id::CAS => adjustment::book(segment, &mut self.books),
            Id::SVC => self.book_line(segment),
            _ => {}
        }
        match layout::check(segment, Set::Remittance) {
            Ok(()) => self.draft.read(segment, claim, place, &mut self.frame.ledger),
            Err(problem) => self.draft.fail(problem, place),
        }
    }

    fn book_paid(&mut self, paid: Option<Money>) {
        RemittanceAccounting::add(&mut self.books.paid, &mut self.books.unreadable, paid);
        self.payment.add(paid);
    }

    fn book_line(&mut self, segment: &Segment<'_>) {
        let books = &mut self.books;
        books.lines += 1;
        let amount = |index: usize| Money::parse(segment.element(index)).ok();
        RemittanceAccounting::add(&mut books.line_charges, &mut books.unreadable, amount(2));
        RemittanceAccounting::add(&mut books.line_paid, &mut books.unreadable, amount(3));
    }
}

/// Books a claim that is set aside and empties it: only its place is left.
fn quarantine(
    ledger: &mut Ledger,
    claim: &mut RemittedClaim,
    charge: Option<Money>,
    problem: Problem,
    location: Location,
) -> InputError {
    let id = Some(claim.id()).filter(|id| !id.is_empty()).map(str::to_owned);
    let (place, bytes) = (claim.location, claim.bytes.clone());
    claim.clear();
    claim.location = place;
    claim.bytes = bytes;
    claim.ordinal = ledger.book_quarantined(charge);
    problem.at(location, id, true)
}
