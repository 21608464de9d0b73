//! Claims that are read, judged and told together, and what comes behind them in their input.

use std::ops::Range;
use std::sync::Arc;

use cleanbill_intake::{Event, FormatChoice, InterchangeKey, Piece, PieceReader};
use cleanbill_model::{Accounting, Claim, EnvelopePart, InputError};
use cleanbill_report::VersionNote;

use crate::error::RunError;
use crate::input::Met;

/// A claim of more bytes than this gives its memory back, so that claims of all sizes in one place after the
/// other do not make all places as large as the largest.
const KEPT_BYTES: u64 = 4 << 10;

/// Some claims of one input in their order, what is said of them, and memory for the next ones.
pub(crate) struct Window<O> {
    /// Its place among the windows of the run, from 0.
    pub(crate) number: u64,
    /// Name of the input.
    pub(crate) file: Arc<str>,
    /// What is met behind the claims.
    pub(crate) then: Then,
    claims: Vec<Claim>,
    count: usize,
    /// What is told between the claims, each with the number of claims in front of it.
    asides: Vec<(usize, Aside)>,
    /// Claims behind those that are read, which are still to be read.
    piece: Piece,
    /// What the reader of that piece booked.
    booked: Accounting,
    opinions: Vec<O>,
}

/// What is told between claims.
pub(crate) enum Aside {
    /// A part of what stands around them.
    Part(EnvelopePart),
    /// Something that cannot be read or trusted.
    Error(Box<InputError>),
    /// A range of the input that was set aside, behind what was said of it.
    Range(Range<u64>),
    /// What versions say of the claim that comes next, or of one that is not judged.
    Version(Box<VersionNote>),
}

/// What is met behind the claims of a window.
pub(crate) enum Then {
    /// More of the input.
    More,
    /// The end of the input.
    End(Box<Ended>),
    /// Something for which the run ends.
    Failed(Box<RunError>),
    /// Nothing: all inputs are read.
    Over,
}

/// An input that is read to its end, as its reader knows it: without how its claims ended.
pub(crate) struct Ended {
    pub(crate) format: Option<FormatChoice>,
    pub(crate) accounting: Accounting,
    pub(crate) interchanges: Vec<(InterchangeKey, u64)>,
}

impl<O> Default for Window<O> {
    fn default() -> Self {
        let (file, then) = (Arc::from(""), Then::More);
        let (claims, asides, opinions) = (Vec::new(), Vec::new(), Vec::new());
        let (piece, booked) = (Piece::default(), Accounting::default());
        Self { number: 0, file, then, claims, count: 0, asides, piece, booked, opinions }
    }
}

impl<O: Default> Window<O> {
    /// Empties it, for claims of `file`.
    pub(crate) fn begin(&mut self, number: u64, file: &Arc<str>) {
        self.number = number;
        if !Arc::ptr_eq(&self.file, file) {
            self.file = Arc::clone(file);
        }
        self.then = Then::More;
        for claim in self.claims.iter_mut().take(self.count) {
            if claim.bytes.end.saturating_sub(claim.bytes.start) > KEPT_BYTES {
                *claim = Claim::default();
            }
        }
        self.count = 0;
        self.asides.clear();
        self.booked = Accounting::default();
    }

    /// Adds ranges of the input that were set aside, behind what was added last.
    pub(crate) fn set_aside(&mut self, ranges: &[Range<u64>]) {
        let ranges = ranges.iter().cloned().map(Aside::Range);
        self.asides.extend(ranges.map(|range| (self.count, range)));
    }

    /// Claims that it holds.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Where the next claim goes; it is there once it is [added](Self::add).
    pub(crate) fn next(&mut self) -> Option<&mut Claim> {
        if self.claims.len() <= self.count {
            self.claims.push(Claim::default());
        }
        self.claims.get_mut(self.count)
    }

    /// Adds what a reader gave with the claim of [`Self::next`].
    pub(crate) fn add(&mut self, event: Event) {
        let aside = match event {
            Event::Claim => {
                self.count += 1;
                return;
            }
            Event::Envelope(part) => Aside::Part(part),
            Event::Error(error) => Aside::Error(Box::new(error)),
        };
        self.asides.push((self.count, aside));
    }

    /// Adds what a reader met, with the claim of [`Self::next`] where that is to be judged.
    pub(crate) fn meet(&mut self, met: Met) {
        let aside = match met {
            Met::Claim(note) => {
                self.asides.extend(note.map(|note| (self.count, Aside::Version(note))));
                self.count += 1;
                return;
            }
            Met::NotFinal(note) => Aside::Version(note),
            Met::Envelope(part) => Aside::Part(part),
            Met::Error(error) => Aside::Error(Box::new(error)),
        };
        self.asides.push((self.count, aside));
    }

    /// Things to tell beside its claims.
    pub(crate) const fn count_asides(&self) -> usize {
        self.asides.len()
    }

    /// Where claims go that are cut off behind those that are read.
    pub(crate) const fn piece_mut(&mut self) -> &mut Piece {
        &mut self.piece
    }

    /// Reads the claims that were cut off, if there are any.
    pub(crate) fn read_piece(&mut self, reader: &mut PieceReader) {
        if !reader.begin(&mut self.piece) {
            return;
        }
        while let Some(claim) = self.next() {
            let event = reader.next(claim);
            let is_end = matches!(event, Ok(None));
            match event {
                Ok(event) => event.into_iter().for_each(|event| self.add(event)),
                Err(source) => {
                    let input = self.file.to_string();
                    self.then = Then::Failed(Box::new(RunError::Read { input, source }));
                    break;
                }
            }
            self.set_aside(reader.quarantined_ranges());
            if is_end {
                break;
            }
        }
        self.booked = reader.accounting();
    }

    /// What the reader of its piece booked.
    pub(crate) const fn booked(&self) -> &Accounting {
        &self.booked
    }

    /// What is told between the claim at `place` and the one in front of it.
    pub(crate) fn asides_before(&self, place: usize) -> impl Iterator<Item = &Aside> {
        let start = self.asides.partition_point(|(before, _)| *before < place);
        let here = self.asides.get(start..).unwrap_or_default().iter();
        here.take_while(move |(before, _)| *before == place).map(|(_, aside)| aside)
    }

    /// The claims.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().take(self.count)
    }

    /// The claims, each with the place for what is said of it.
    pub(crate) fn unjudged(&mut self) -> impl Iterator<Item = (&Claim, &mut O)> {
        if self.opinions.len() < self.count {
            self.opinions.resize_with(self.count, O::default);
        }
        self.claims.iter().take(self.count).zip(&mut self.opinions)
    }

    /// Ends the run behind the first `place` claims, for `error`.
    pub(crate) fn fail(&mut self, place: usize, error: RunError) {
        self.count = place;
        self.then = Then::Failed(Box::new(error));
    }

    /// The claims, each with what is said of it.
    pub(crate) fn judged(&self) -> impl Iterator<Item = (&Claim, &O)> {
        self.claims.iter().take(self.count).zip(&self.opinions)
    }
}
