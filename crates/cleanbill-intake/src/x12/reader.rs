//! The loop over an X12 file: finds interchanges and segments and hands them to the machine.
//!
//! The same for claims (837) and remittance advice (835), which differ in their machine.
//!
//! Segments are looked at in the buffer and never copied. A claim is known to be whole when the segment
//! behind it has begun (`CLM`, `HL`, `SE` or another part of the envelope, with its separator; in an 835
//! `CLP`, `LX` or `PLB`); a claim at the end of the input without such a segment is cut.

use std::io::{self, Read};

use cleanbill_model::{Accounting, Location};

use super::id::Id;
use super::machine::ClaimMachine;
use super::piece::{Piece, Start};
use super::segment::Segment;
use super::separators::{ISA_LENGTH, Isa, Separators, read_isa};
use super::steps::{Machine, Step};
use super::tape::Tape;
use super::wrap::{LOOKED_AT, Wrap};
use crate::codes;
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;
use crate::source::{Found, Source, is_white, size};

/// Longest segment that is read; a longer one is passed over without being held.
const SEGMENT_LIMIT: usize = 4 << 20;

/// Bytes looked at to read an ISA segment whose fields are too long, and to see what follows it.
const ISA_REACH: usize = ISA_LENGTH + 64;

/// Reads 837 files.
pub(crate) type X12Reader<R> = SegmentReader<R, ClaimMachine>;

/// Reads interchanges with the machine for what is in them.
#[derive(Debug)]
pub(crate) struct SegmentReader<R, M> {
    source: Source<R>,
    tape: Tape,
    separators: Separators,
    machine: M,
    /// How the open interchange is wrapped, where it is.
    wrap: Option<Wrap>,
    /// A segment without the line breaks of a wrapped file.
    joined: Vec<u8>,
    junk_told: bool,
    /// Whether more follows behind the end of what is read: it is a [`Piece`].
    goes_on: bool,
    ended: bool,
}

impl<R: Read> X12Reader<R> {
    pub(crate) fn new(source: Source<R>, ledger: Ledger) -> Self {
        Self::with(source, ClaimMachine::new(ledger))
    }

    /// Cuts off subscribers with up to `most` claims and a few more, which stand next, or `false`.
    pub(crate) fn cut_off(&mut self, most: u64, piece: &mut Piece) -> bool {
        let rest = self.source.unread();
        // A letter that ends segments could hide how one starts.
        let hides = self.separators.terminator.is_ascii_alphanumeric();
        if hides || self.wrap.is_some() || !rest.starts_with(b"HL") {
            return false;
        }
        let place = self.place();
        let Some(state) = self.machine.state() else { return false };
        let Some(cut) = super::piece::scan(rest, self.separators, &state, most, &mut self.tape)
        else {
            return false;
        };
        let bytes = rest.get(..cut.length).unwrap_or_default();
        piece.hold(bytes, Start { separators: self.separators, place, state });
        self.machine.pass_over(&cut);
        self.source.consume(cut.length);
        true
    }

    /// Begins to read `piece`, whatever was read before; `false` where there is nothing in it.
    pub(crate) fn begin(&mut self, piece: &mut Piece) -> bool {
        let Some(start) = piece.start.take() else { return false };
        self.source.restart(&mut piece.bytes, start.place.offset, start.place.line);
        self.separators = start.separators;
        self.machine.begin(start.state);
        (self.goes_on, self.ended) = (true, false);
        true
    }
}

impl<R: Read, M: Machine> SegmentReader<R, M> {
    pub(crate) fn with(source: Source<R>, machine: M) -> Self {
        Self {
            source,
            tape: Tape::new(),
            separators: Separators { element: b'*', component: b':', terminator: b'~' },
            machine,
            wrap: None,
            joined: Vec::new(),
            junk_told: false,
            goes_on: false,
            ended: false,
        }
    }

    pub(crate) const fn machine(&self) -> &M {
        &self.machine
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.machine.frame().ledger
    }

    pub(crate) fn accounting_mut(&mut self) -> &mut Accounting {
        &mut self.ledger_mut().accounting
    }

    #[inline]
    fn ledger_mut(&mut self) -> &mut Ledger {
        &mut self.machine.frame_mut().ledger
    }

    pub(crate) fn next(&mut self, claim: &mut M::Claim) -> io::Result<Option<Event>> {
        self.ledger_mut().forget_ranges();
        let event = self.read_on(claim);
        let read = self.source.bytes_read();
        self.accounting_mut().bytes_in = read;
        event
    }

    fn read_on(&mut self, claim: &mut M::Claim) -> io::Result<Option<Event>> {
        loop {
            // Errors that set no claim aside wait until the claim they were met in is delivered.
            if !self.machine.in_claim() {
                if let Some(told) = self.ledger_mut().next_told() {
                    return Ok(Some(told));
                }
                if self.ended {
                    self.ledger_mut().close_range();
                    return Ok(None);
                }
            }
            let event = match self.step(claim)? {
                Step::Taken => continue,
                Step::ClaimEnds => self.machine.end_claim(self.source.offset(), claim),
                Step::InputEnds => self.machine.end(self.place(), claim),
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    /// Takes the next piece of the input, unless it ends a claim.
    fn step(&mut self, claim: &mut M::Claim) -> io::Result<Step> {
        let skipped = self.source.skip_white_space()?;
        if !self.machine.in_claim() {
            // Within a claim it is booked with the claim.
            self.accounting_mut().bytes.white_space += skipped;
        }
        let Some(first) = self.source.unread().first().copied() else {
            self.ended = !self.machine.in_claim();
            return Ok(match (self.goes_on, self.ended) {
                (false, _) => Step::InputEnds,
                (true, false) => Step::ClaimEnds,
                (true, true) => Step::Taken,
            });
        };
        let open = self.machine.frame().envelope.is_open();
        if !open || (first == b'I' && self.starts_isa()?) {
            match self.peek_isa()? {
                Some(_) if self.machine.in_claim() => return Ok(Step::ClaimEnds),
                Some((isa, wrap)) => {
                    self.interchange(isa, wrap);
                    return Ok(Step::Taken);
                }
                None if !open => return self.junk().map(|()| Step::Taken),
                None => {}
            }
        }
        // Most segments lie in the buffer whole; the others make it grow first.
        let cut = self.tape.cut(self.source.unread(), self.separators);
        if let Some(length) = cut.filter(|length| *length <= SEGMENT_LIMIT) {
            return Ok(self.segment(length, claim));
        }
        self.step_beyond(claim)
    }

    /// As [`Self::step`], for a piece that does not lie in the buffer whole.
    #[cold]
    fn step_beyond(&mut self, claim: &mut M::Claim) -> io::Result<Step> {
        match self.source.find(self.separators.terminator, SEGMENT_LIMIT)? {
            Found::At(length) => {
                self.tape.cut(self.source.unread(), self.separators);
                Ok(self.segment(length, claim))
            }
            Found::TooLong => self.too_long(claim),
            Found::End => {
                self.tape.cut(self.source.unread(), self.separators);
                Ok(self.cut(claim))
            }
        }
    }

    /// The segment that is on the tape.
    #[inline]
    fn segment(&mut self, length: usize, claim: &mut M::Claim) -> Step {
        let place = self.place();
        let bytes = self.source.unread().get(..length).unwrap_or_default();
        let bytes = match self.wrap {
            None => bytes,
            Some(wrap) => {
                wrap.join(bytes, place.offset, &mut self.joined);
                self.tape.cut(&self.joined, self.separators);
                &self.joined
            }
        };
        let segment = Segment::new(bytes, &self.tape, self.separators);
        if self.machine.in_claim() && M::ends_claim(segment.id()) {
            return Step::ClaimEnds;
        }
        self.machine.take(&segment, place, size(length) + 1, claim);
        if self.tape.is_odd() || self.separators.terminator == b'\n' || self.wrap.is_some() {
            self.source.consume(length + 1);
        } else {
            self.source.advance(length + 1);
        }
        Step::Taken
    }

    /// What is on the tape has no terminator: the input ends with it.
    fn cut(&mut self, claim: &mut M::Claim) -> Step {
        let place = self.place();
        let bytes = self.source.unread();
        let length = bytes.len();
        let bytes = match self.wrap {
            None => bytes,
            Some(wrap) => {
                wrap.join(bytes, place.offset, &mut self.joined);
                self.tape.cut(&self.joined, self.separators);
                &self.joined
            }
        };
        let segment = Segment::new(bytes, &self.tape, self.separators);
        let begun = segment.elements() > 0 && M::ends_claim(segment.id());
        if self.machine.in_claim() && begun {
            return Step::ClaimEnds;
        }
        self.machine.take_cut(&segment, place, size(length), claim);
        self.source.consume(length);
        Step::Taken
    }

    fn too_long(&mut self, claim: &mut M::Claim) -> io::Result<Step> {
        let place = self.place();
        let mut start = [0; 3];
        let unread = self.source.unread();
        let length = unread.iter().take(4).position(|b| *b == self.separators.element).unwrap_or(0);
        for (slot, byte) in start.iter_mut().zip(unread.iter().take(length)) {
            *slot = *byte;
        }
        let start = start.get(..length).unwrap_or_default();
        if self.machine.in_claim() && M::ends_claim(Id::new(start)) {
            return Ok(Step::ClaimEnds);
        }
        let whole = self.source.skip_past(self.separators.terminator)?;
        self.machine.take_too_long(start, place, whole, claim);
        Ok(Step::Taken)
    }

    fn starts_isa(&mut self) -> io::Result<bool> {
        // In a wrapped file a line break may stand between the letters.
        self.source.ensure(if self.wrap.is_some() { 7 } else { 3 })?;
        let (unread, offset) = (self.source.unread(), self.source.offset());
        Ok(unread.starts_with(b"ISA")
            || self.wrap.is_some_and(|wrap| wrap.starts_with(b"ISA", unread, offset)))
    }

    /// The ISA segment that starts here, when it can be told where it ends, and how the file is wrapped
    /// from here on.
    fn peek_isa(&mut self) -> io::Result<Option<(Isa, Option<Wrap>)>> {
        if !self.starts_isa()? {
            return Ok(None);
        }
        self.source.ensure(LOOKED_AT)?;
        let (unread, offset) = (self.source.unread(), self.source.offset());
        let looked_at = unread.get(..LOOKED_AT).unwrap_or(unread);
        // An interchange that starts within a line goes on as the one before it.
        let going_on = self.wrap.filter(|wrap| !wrap.starts_line(offset));
        for wrap in going_on.into_iter().chain(Wrap::seen(looked_at, offset)) {
            wrap.join(looked_at, offset, &mut self.joined);
            if let Some(isa) = read_isa(&self.joined).filter(|isa| isa.problem.is_none()) {
                let length = wrap.length_of(isa.length, looked_at, offset);
                return Ok(Some((Isa { length, ..isa }, Some(wrap))));
            }
        }
        let bytes = unread.get(..ISA_REACH).unwrap_or(unread);
        let Some(isa) = read_isa(bytes) else { return Ok(None) };
        if isa.problem.is_none() {
            return Ok(Some((isa, None)));
        }
        // The separators are a guess: it is believed when another part of the envelope follows.
        let rest = bytes.get(isa.length..).unwrap_or_default();
        let next = rest.iter().position(|byte| !is_white(byte)).and_then(|at| rest.get(at..));
        let ids: [&[u8]; 4] = [b"GS", b"TA1", b"IEA", b"ISA"];
        let believed = next.is_none_or(|next| ids.iter().any(|id| next.starts_with(id)));
        Ok(Some((isa, None)).filter(|_| believed))
    }

    fn interchange(&mut self, isa: Isa, wrap: Option<Wrap>) {
        let place = self.place();
        let length = isa.length;
        self.separators = isa.separators;
        self.wrap = wrap;
        self.junk_told = false;
        self.machine.frame_mut().interchange(isa, place, size(length));
        self.source.consume(length);
    }

    /// Sets aside what stands outside of any interchange, up to the next `ISA`.
    fn junk(&mut self) -> io::Result<()> {
        let place = self.place();
        let whole = self.source.ensure(ISA_LENGTH)?;
        let unread = self.source.unread();
        if !self.junk_told {
            self.junk_told = true;
            let cut = !whole && (unread.starts_with(b"ISA") || b"ISA".starts_with(unread));
            let (problem, offset) = if cut {
                (cut_isa(), place.offset + size(unread.len()))
            } else {
                (outside(unread), place.offset)
            };
            self.machine.frame_mut().ledger.note(problem, Location { offset, ..place });
        }
        let rest = unread.get(1..).unwrap_or_default();
        let count = match memchr::memmem::find(rest, b"ISA") {
            Some(at) => at + 1,
            // Two bytes may be the start of the next `ISA`.
            None if whole => unread.len() - 2,
            None => unread.len(),
        };
        self.machine.frame_mut().ledger.set_aside(place.offset..place.offset + size(count));
        self.source.consume(count);
        Ok(())
    }

    fn place(&self) -> Location {
        Location { offset: self.source.offset(), line: self.source.line(), segment: 0 }
    }
}

fn cut_isa() -> Problem {
    let message = "the input ends within its ISA segment of 106 characters";
    Problem::new(codes::CUT_SHORT, "ISA", message, "get the whole file again: it was cut short")
}

fn outside(bytes: &[u8]) -> Problem {
    if bytes.starts_with(b"ISA") {
        let message =
            "`ISA` does not have 16 elements of fixed width, so its separators are unknown";
        let fix = "write the ISA segment with its fixed layout of 106 characters";
        return Problem::new(codes::ISA_LAYOUT, "ISA", message, fix);
    }
    let message = "bytes stand outside of any interchange (ISA to IEA); they were set aside";
    Problem::new(
        codes::OUTSIDE,
        "",
        message,
        "take them out, or close the gap before or after them",
    )
}
