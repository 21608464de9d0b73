//! What every reader keeps beside its format: the accounting, what is not yet told, ranges set aside.

use std::collections::VecDeque;
use std::ops::Range;

use cleanbill_model::{
    Accounting, Claim, ClaimVerdict, EnvelopePart, InputError, Location, Money, SetAside,
};

use crate::interchange::InterchangeKey;
use crate::problem::Problem;
use crate::reader::Event;

/// Interchanges of one input that are remembered; keeps memory flat.
const INTERCHANGES: usize = 100_000;

/// Accounting, what is to be told and quarantined ranges of one input.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) accounting: Accounting,
    /// Whether what stands around the claims is told too.
    pub(crate) acknowledges: bool,
    /// Loop that is being read, where answers need it.
    pub(crate) loop_id: &'static str,
    pending: VecDeque<Event>,
    next_ordinal: u64,
    /// Interchanges and where they start, as many as are kept.
    interchanges: Vec<(InterchangeKey, u64)>,
    open: Option<Range<u64>>,
    closed: Vec<Range<u64>>,
}

impl Ledger {
    pub(crate) fn new(first_ordinal: u64) -> Self {
        Self {
            accounting: Accounting::default(),
            acknowledges: false,
            loop_id: "",
            pending: VecDeque::new(),
            next_ordinal: first_ordinal,
            interchanges: Vec::new(),
            open: None,
            closed: Vec::new(),
        }
    }

    pub(crate) const fn next_ordinal(&self) -> u64 {
        self.next_ordinal
    }

    /// Begins anew in the middle of an input, with the claim of this number.
    pub(crate) fn begin(&mut self, ordinal: u64, acknowledges: bool) {
        self.accounting = Accounting::default();
        (self.next_ordinal, self.acknowledges, self.loop_id) = (ordinal, acknowledges, "");
        self.pending.clear();
        self.open = None;
    }

    /// Goes on behind claims that another reader reads and books.
    pub(crate) const fn pass_over(&mut self, claims: u64) {
        self.next_ordinal += claims;
    }

    /// Whether something was kept that the reader may tell now.
    pub(crate) fn has_to_tell(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Keeps that an interchange starts at `offset`.
    pub(crate) fn meet(&mut self, interchange: Option<InterchangeKey>, offset: u64) {
        if self.interchanges.len() < INTERCHANGES {
            self.interchanges.extend(interchange.map(|key| (key, offset)));
        }
    }

    /// The interchanges that were met, the first 100,000 of them, and where they start.
    pub(crate) fn interchanges(&self) -> &[(InterchangeKey, u64)] {
        &self.interchanges
    }

    /// Ranges whose end became known since [`Ledger::forget_ranges`].
    pub(crate) fn closed_ranges(&self) -> &[Range<u64>] {
        &self.closed
    }

    pub(crate) fn forget_ranges(&mut self) {
        self.closed.clear();
    }

    /// Books `range` as quarantined; it joins the range before it when they touch.
    pub(crate) fn set_aside(&mut self, range: Range<u64>) {
        self.accounting.bytes.quarantined += range.end - range.start;
        if range.is_empty() {
            return;
        }
        match &mut self.open {
            Some(open) if open.end == range.start => open.end = range.end,
            open => self.closed.extend(open.replace(range)),
        }
    }

    /// Ends the range that is growing, if there is one.
    pub(crate) fn close_range(&mut self) {
        self.closed.extend(self.open.take());
    }

    /// Keeps an error that sets no claim aside until the reader may tell it.
    pub(crate) fn note(&mut self, problem: Problem, location: Location) {
        let error = problem.at(location, None, false);
        self.pending.push_back(Event::Error(InputError { loop_id: self.loop_id, ..error }));
    }

    /// Keeps the error of a claim of which nothing but `id` and `charge` was read, and books it.
    pub(crate) fn refuse_claim(
        &mut self,
        problem: Problem,
        location: Location,
        id: Option<String>,
        charge: Option<Money>,
    ) {
        let ordinal = self.book_quarantined(charge);
        self.pending.push_back(Event::Error(problem.at(location, id.clone(), true)));
        self.tell(|| {
            let offset = location.offset;
            let set_aside = SetAside { ordinal, claim: id, charge, offset, ..SetAside::default() };
            Some(EnvelopePart::SetAside(Box::new(set_aside)))
        });
    }

    /// Keeps a part of what stands around the claims, where it is asked for.
    #[inline]
    pub(crate) fn tell(&mut self, make: impl FnOnce() -> Option<EnvelopePart>) {
        if self.acknowledges {
            self.pending.extend(make().map(Event::Envelope));
        }
    }

    /// Tells of the claim whose error is given now, in front of what was noted meanwhile.
    pub(crate) fn tell_set_aside(&mut self, claim: SetAside) {
        let part = EnvelopePart::SetAside(Box::new(claim));
        self.pending.push_front(Event::Envelope(part));
    }

    /// What was kept and may be told now, in its order.
    pub(crate) fn next_told(&mut self) -> Option<Event> {
        self.pending.pop_front()
    }

    /// Books a claim that is about to be delivered and numbers it.
    pub(crate) fn deliver(&mut self, claim: &mut Claim) {
        claim.ordinal = self.take_ordinal();
        self.accounting.claim_met(Some(claim.charge));
    }

    /// Books a claim that is set aside and empties it: only its place is left.
    pub(crate) fn quarantine(
        &mut self,
        claim: &mut Claim,
        charge: Option<Money>,
        problem: Problem,
        location: Location,
    ) -> InputError {
        let id = match claim.id() {
            "" => None,
            id => Some(id.to_owned()),
        };
        let (place, bytes) = (claim.location, claim.bytes.clone());
        claim.clear();
        claim.location = place;
        claim.bytes = bytes;
        claim.ordinal = self.book_quarantined(charge);
        problem.at(location, id, true)
    }

    /// Books a remitted claim that can be used and gives its number.
    pub(crate) fn book_read(&mut self, charge: Money) -> u64 {
        self.accounting.claim_met(Some(charge));
        self.accounting.claim_ended(ClaimVerdict::Passed, Some(charge));
        self.take_ordinal()
    }

    /// Books a claim that is set aside and gives its number.
    pub(crate) fn book_quarantined(&mut self, charge: Option<Money>) -> u64 {
        self.accounting.claim_met(charge);
        self.accounting.claim_ended(ClaimVerdict::Quarantined, charge);
        self.take_ordinal()
    }

    const fn take_ordinal(&mut self) -> u64 {
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        ordinal
    }
}
