//! The loop over claim JSON: finds objects or lines, reads each by itself, books every byte.

use std::io::{self, Read};

use cleanbill_model::{Accounting, Claim, Location, Money};

use super::object::{Object, Refused, read_claim, read_resource};
use super::object_end::ObjectEnd;
use crate::codes;
use crate::fhir::{self, Bundle, BundleRoom, OfBundle, Scanned};
use crate::ledger::Ledger;
use crate::problem::Problem;
use crate::reader::Event;
use crate::scratch::Scratch;
use crate::source::{Found, Source, size};
use crate::total;

/// Longest object or line that is read; a longer one is passed over without being held.
const OBJECT_LIMIT: usize = 64 << 20;
/// Claims of a Bundle that wait in memory until all of it was read; more of them wait on disk.
const HELD_CLAIMS: usize = 64 << 20;
/// Memory for those whom claims of a Bundle may name.
const NAMED: usize = 256 << 20;
/// Where a whole input starts.
const START: Location = Location { offset: 0, line: 1, segment: 0 };

/// What the objects of the file are.
#[derive(Debug)]
pub(crate) enum Dialect {
    /// Claim JSON.
    Claims,
    /// FHIR resources.
    Fhir,
}

/// Reads claim JSON or FHIR: an object, an array of objects, objects one after another, or one a line.
#[derive(Debug)]
pub(crate) struct JsonReader<R> {
    source: Source<R>,
    ledger: Ledger,
    dialect: Dialect,
    /// What may be held at a time.
    room: BundleRoom,
    /// The Bundle whose claims are being given out.
    bundle: Option<Box<Bundle>>,
    /// One object a line: a broken line costs that line alone.
    lines: bool,
    in_list: bool,
    /// Whether the list has an object that no comma has followed.
    after_object: bool,
    junk_told: bool,
    ended: bool,
}

impl<R: Read> JsonReader<R> {
    pub(crate) const fn new(
        source: Source<R>,
        ledger: Ledger,
        dialect: Dialect,
        lines: bool,
        scratch: Option<Scratch>,
    ) -> Self {
        let room = BundleRoom { object: OBJECT_LIMIT, claims: HELD_CLAIMS, named: NAMED, scratch };
        Self::within(source, ledger, dialect, lines, room)
    }

    const fn within(
        source: Source<R>,
        ledger: Ledger,
        dialect: Dialect,
        lines: bool,
        room: BundleRoom,
    ) -> Self {
        Self {
            source,
            ledger,
            dialect,
            room,
            bundle: None,
            lines,
            in_list: false,
            after_object: false,
            junk_told: false,
            ended: false,
        }
    }

    pub(crate) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(crate) const fn accounting_mut(&mut self) -> &mut Accounting {
        &mut self.ledger.accounting
    }

    pub(crate) fn next(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        self.ledger.forget_ranges();
        loop {
            if let Some(told) = self.ledger.next_told() {
                return Ok(Some(told));
            }
            if self.ended {
                self.ledger.close_range();
                return Ok(None);
            }
            let event = self.step(claim)?;
            self.ledger.accounting.bytes_in = self.source.bytes_read();
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    fn step(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        if self.bundle.is_some() {
            return self.of_bundle(claim);
        }
        self.ledger.accounting.bytes.white_space += self.source.skip_white_space()?;
        let Some(first) = self.source.unread().first().copied() else {
            self.end();
            return Ok(None);
        };
        if self.lines {
            return self.line(claim);
        }
        match first {
            b'{' => return self.object(claim),
            b'[' if !self.in_list => {
                self.in_list = true;
                self.after_object = false;
                self.envelope();
            }
            b',' if self.in_list && self.after_object => {
                self.after_object = false;
                self.envelope();
            }
            b']' if self.in_list => {
                self.in_list = false;
                self.after_object = false;
                self.envelope();
            }
            _ => self.junk(),
        }
        Ok(None)
    }

    fn end(&mut self) {
        self.ended = true;
        let nothing = self.ledger.accounting.claims_in == 0;
        if nothing && matches!(self.dialect, Dialect::Fhir) {
            let message = "no Claim and no ExplanationOfBenefit is among the resources";
            let fix = "name a file with resources of these types";
            self.ledger.note(Problem::new(codes::FHIR_NO_CLAIM, "", message, fix), self.place());
        }
        if self.in_list {
            let message = "the input ends here, but `]` should follow";
            let fix = "get the whole file again: it was cut short";
            self.ledger.note(Problem::new(codes::CUT_SHORT, "", message, fix), self.place());
        }
    }

    fn envelope(&mut self) {
        self.source.consume(1);
        self.ledger.accounting.bytes.envelope += 1;
    }

    /// Sets aside what stands between objects and is neither comma nor bracket.
    fn junk(&mut self) {
        let place = self.place();
        if !self.junk_told {
            self.junk_told = true;
            let message = "something other than a claim object stands here; it was set aside";
            let fix = "write claims as objects, in one list or one after another";
            self.ledger.note(Problem::new(codes::NO_CLAIM_LIST, "", message, fix), place);
        }
        let unread = self.source.unread();
        let rest = unread.get(1..).unwrap_or_default();
        let count = 1 + memchr::memchr(b'{', rest).unwrap_or(rest.len());
        self.ledger.set_aside(place.offset..place.offset + size(count));
        self.source.consume(count);
    }

    fn object(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        if self.in_list && self.after_object {
            let message = "no comma stands between two claims of the list";
            let fix = "write a comma between the objects of a list";
            self.ledger.note(Problem::new(codes::JSON_SYNTAX, "", message, fix), self.place());
        }
        self.after_object = true;
        self.junk_told = false;
        if matches!(self.dialect, Dialect::Fhir) {
            self.source.ensure(fhir::LOOK)?;
            if fhir::starts_as_bundle(self.source.unread()) {
                return self.by_members(claim);
            }
        }
        let mut end = ObjectEnd::default();
        loop {
            let unread = self.source.unread();
            let length = unread.len();
            match end.find(unread) {
                Some(length) if length <= self.room.object => return self.read(length, claim),
                Some(_) if matches!(self.dialect, Dialect::Fhir) => return self.by_members(claim),
                Some(length) => {
                    let place = self.place();
                    self.source.consume(length);
                    return Ok(Some(self.refuse_long(place, size(length), claim)));
                }
                None => {}
            }
            if length > self.room.object {
                return match self.dialect {
                    Dialect::Fhir => self.by_members(claim),
                    Dialect::Claims => self.too_long(end, claim).map(Some),
                };
            }
            if !self.source.fill()? {
                return self.read(length, claim);
            }
        }
    }

    fn line(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        let length = match self.source.find(b'\n', self.room.object)? {
            Found::At(length) => length,
            Found::End => self.source.unread().len(),
            Found::TooLong if self.is_fhir_object() => return self.by_members(claim),
            Found::TooLong => {
                let place = self.place();
                let whole = self.source.skip_past(b'\n')?;
                return Ok(Some(self.refuse_long(place, whole, claim)));
            }
        };
        let line = self.source.unread().get(..length).unwrap_or_default();
        let length = line.trim_ascii_end().len();
        self.read(length, claim)
    }

    fn is_fhir_object(&self) -> bool {
        matches!(self.dialect, Dialect::Fhir) && self.source.unread().starts_with(b"{")
    }

    /// Reads a FHIR resource member by member: a Bundle, or one that is too long to be a claim.
    fn by_members(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        let place = self.place();
        let (mut whole, read) = fhir::scan(&mut self.source, START, &self.room)?;
        if self.lines && read.is_err() {
            whole += self.source.skip_past(b'\n')?;
        }
        Ok(match read {
            Ok(Scanned::Bundle(bundle)) => {
                self.open_bundle(bundle, whole);
                None
            }
            Ok(Scanned::Claim) => Some(self.refuse_long(place, whole, claim)),
            Ok(Scanned::Other) => {
                self.ledger.accounting.bytes.envelope += whole;
                None
            }
            Err(problem) => Some(self.set_aside(place, whole, claim, None, problem)),
        })
    }

    /// Starts to give out the claims of a Bundle of so many bytes.
    fn open_bundle(&mut self, bundle: Box<Bundle>, whole: u64) {
        self.ledger.accounting.bytes.envelope += whole.saturating_sub(bundle.claim_bytes());
        self.bundle = Some(bundle);
    }

    /// Passes over an object that is too long, holding none of it.
    fn too_long(&mut self, mut end: ObjectEnd, claim: &mut Claim) -> io::Result<Event> {
        let place = self.place();
        let mut whole = 0;
        let mut closed = false;
        while !closed {
            closed = end.find(self.source.unread()).is_some();
            let mut count = end.pass();
            if !closed && !self.source.fill()? {
                count = self.source.unread().len();
                closed = true;
            }
            self.source.consume(count);
            whole += size(count);
        }
        Ok(self.refuse_long(place, whole, claim))
    }

    fn refuse_long(&mut self, place: Location, whole: u64, claim: &mut Claim) -> Event {
        let message = "the claim is larger than 64 MiB";
        let fix = "look for a missing closing brace or line end";
        let problem = Problem::new(codes::TOO_LONG, "", message, fix);
        self.set_aside(place, whole, claim, None, problem)
    }

    /// Reads the object in the next `length` bytes. One that is no claim gives nothing.
    fn read(&mut self, length: usize, claim: &mut Claim) -> io::Result<Option<Event>> {
        let place = self.place();
        let bytes = self.source.unread().get(..length).unwrap_or_default();
        let read = match core::str::from_utf8(bytes) {
            Ok(text) => match self.dialect {
                Dialect::Claims => read_claim(text, place, claim).map(|()| Object::Claim),
                Dialect::Fhir => read_resource(text, place, &self.room, claim)?,
            },
            Err(error) => {
                let at = error.valid_up_to();
                let message = format!("the claim is not UTF-8 text, {at} bytes from its start");
                let fix = "write the file as UTF-8";
                Err((Problem::new(codes::JSON_SYNTAX, "", message, fix), None))
            }
        };
        self.source.consume(length);
        Ok(match read {
            Ok(Object::Bundle(bundle)) => {
                self.open_bundle(bundle, size(length));
                None
            }
            Ok(Object::Nothing) => {
                self.ledger.accounting.bytes.envelope += size(length);
                None
            }
            read => Some(self.give(place, size(length), claim, read)),
        })
    }

    /// The next claim of the Bundle that is open.
    fn of_bundle(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        let next = self.bundle.as_mut().map(|bundle| bundle.next_claim()).transpose()?.flatten();
        let (place, whole, read) = match next {
            Some(OfBundle::Claim(text, place, directory)) => {
                (place, size(text.len()), fhir::read_claim(text, place, directory, claim))
            }
            Some(OfBundle::Answer(bytes)) => {
                self.ledger.accounting.bytes.envelope += size(bytes);
                return Ok(None);
            }
            None => {
                self.bundle = None;
                return Ok(None);
            }
        };
        Ok(Some(self.give(place, whole, claim, read.map(Object::of))))
    }

    /// Books a claim that was read or could not be.
    fn give(
        &mut self,
        place: Location,
        whole: u64,
        claim: &mut Claim,
        read: Result<Object, Refused>,
    ) -> Event {
        match read {
            Ok(read) => {
                claim.location = place;
                claim.bytes = place.offset..place.offset + whole;
                self.ledger.accounting.bytes.claim += whole;
                self.ledger.deliver(claim);
                // The total of a FHIR claim may hold taxes and fees that no item has.
                let is_sum = matches!(self.dialect, Dialect::Claims);
                if let Some(problem) = is_sum.then(|| total::check(claim)).flatten() {
                    self.ledger.note(problem, place);
                }
                if matches!(read, Object::Unjudged) {
                    let message = "no item has a code of a procedure code system that edits know (CPT, HCPCS)";
                    let fix = "send the claim with CPT or HCPCS codes";
                    self.ledger
                        .note(Problem::new(codes::FHIR_NO_CODE, "item", message, fix), place);
                }
                Event::Claim
            }
            Err((problem, charge)) => self.set_aside(place, whole, claim, charge, problem),
        }
    }

    fn set_aside(
        &mut self,
        place: Location,
        whole: u64,
        claim: &mut Claim,
        charge: Option<Money>,
        problem: Problem,
    ) -> Event {
        let range = place.offset..place.offset + whole;
        claim.location = place;
        claim.bytes = range.clone();
        self.ledger.set_aside(range);
        self.ledger.close_range();
        Event::Error(self.ledger.quarantine(claim, charge, problem, place))
    }

    fn place(&self) -> Location {
        Location { offset: self.source.offset(), line: self.source.line(), segment: 0 }
    }
}

#[cfg(test)]
mod tests;
