//! Claims that are read, judged and told together, and what comes behind them in their input.

use std::ops::Range;
use std::sync::Arc;

use cleanbill_intake::{FormatChoice, InterchangeKey};
use cleanbill_model::{Accounting, Claim, EnvelopePart, InputError};

use crate::error::RunError;

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
    /// Parts of what stands around the claims, each with the number of claims in front of it.
    parts: Vec<(usize, EnvelopePart)>,
    /// Ranges of the input that were set aside and whose end became known.
    ranges: Vec<Range<u64>>,
    opinions: Vec<O>,
}

/// What is met behind the claims of a window.
pub(crate) enum Then {
    /// More of the input.
    More,
    /// Something that cannot be read or trusted.
    Error(Box<InputError>),
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
        let (claims, parts, ranges, opinions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { number: 0, file, then, claims, count: 0, parts, ranges, opinions }
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
        self.parts.clear();
        self.ranges.clear();
    }

    /// Adds ranges of the input that were set aside.
    pub(crate) fn set_aside(&mut self, ranges: &[Range<u64>]) {
        self.ranges.extend_from_slice(ranges);
    }

    /// The ranges of the input that were set aside.
    pub(crate) fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
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

    /// Adds the claim that was put into [`Self::next`]; its bytes.
    pub(crate) fn add(&mut self) -> u64 {
        let bytes =
            self.claims.get(self.count).map_or(0, |claim| claim.bytes.end - claim.bytes.start);
        self.count += 1;
        bytes
    }

    /// Adds a part of what stands around the claims, behind those that are there; how many it holds.
    pub(crate) fn add_part(&mut self, part: EnvelopePart) -> usize {
        self.parts.push((self.count, part));
        self.parts.len()
    }

    /// Parts between the claim at `place` and the one in front of it.
    pub(crate) fn parts_before(&self, place: usize) -> impl Iterator<Item = &EnvelopePart> {
        let start = self.parts.partition_point(|(before, _)| *before < place);
        let here = self.parts.get(start..).unwrap_or_default().iter();
        here.take_while(move |(before, _)| *before == place).map(|(_, part)| part)
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
