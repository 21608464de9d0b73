//! Claims that are cut off an 837 and read elsewhere.
//!
//! A piece starts with a subscriber (`HL` with HL03 22) and ends in front of another one, of a billing
//! provider or of a part of the envelope. There all that a reader remembers of the segments before is the
//! transaction, the billing provider, the number of the last HL and how many segments and claims there
//! were: with these, another reader gives of the piece what the first one would have given. The first one
//! only looks for ends of segments and reads `HL`. It cuts nothing off where that is not so, or
//! where it is not known how far a piece goes: then it reads on itself.

use std::io::{self, Empty, empty};
use std::sync::Arc;

use cleanbill_model::{Accounting, Claim, ClaimType, Location};

use super::guide::Set;
use super::header::Header;
use super::id::Id;
use super::layout;
use super::reader::X12Reader;
use super::segment::Segment;
use super::separators::Separators;
use super::tape::{Ends, Tape};
use super::value::count;
use crate::ledger::Ledger;
use crate::reader::Event;
use crate::source::{Source, is_white};

/// Segments of a piece for each claim that it may have: what bounds the errors that it can have.
const SEGMENTS_A_CLAIM: u32 = 64;
/// Most bytes of a piece.
const MOST_BYTES: usize = 512 << 10;

/// Claims that were cut off an input, for a [`PieceReader`]. Its memory is used again for the next ones.
#[derive(Debug, Default)]
pub struct Piece {
    pub(super) bytes: Vec<u8>,
    pub(super) start: Option<Start>,
}

impl Piece {
    pub(super) fn hold(&mut self, bytes: &[u8], start: Start) {
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        self.start = Some(start);
    }
}

/// How a piece is to be read.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) separators: Separators,
    pub(super) place: Location,
    pub(super) state: State,
}

/// What a reader remembers in front of a piece.
#[derive(Debug)]
pub(super) struct State {
    pub(super) kind: ClaimType,
    /// Segments of the transaction so far.
    pub(super) segments: u32,
    /// What stands above all subscribers.
    pub(super) above: Arc<Header>,
    /// HL01 of the last HL.
    pub(super) last_hl: u64,
    /// Number of the next claim.
    pub(super) ordinal: u64,
    pub(super) acknowledges: bool,
}

/// What a reader that passes over a piece must know of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cut {
    pub(super) length: usize,
    pub(super) segments: u32,
    pub(super) claims: u64,
    pub(super) last_hl: u64,
}

/// Finds the end of the piece at the start of `bytes`: the first one behind `most` claims, else the last
/// one that can be seen.
pub(super) fn scan(
    bytes: &[u8],
    separators: Separators,
    state: &State,
    most: u64,
    tape: &mut Tape,
) -> Option<Cut> {
    let set = Set::Claims(state.kind);
    let most_segments = u32::try_from(most).unwrap_or(u32::MAX).saturating_mul(SEGMENTS_A_CLAIM);
    let (mut here, mut end) = (Cut::default(), None);
    for terminator in Ends::of(bytes, separators.terminator) {
        let Some(segment) = bytes.get(here.length..terminator) else {
            // White space may be a terminator too; then no segment stands in front of it.
            continue;
        };
        let is_first = here.segments == 0;
        if here.segments >= most_segments || terminator > MOST_BYTES {
            break;
        }
        match start_of(segment, separators) {
            Id::HL => {
                let Some((level, own)) = level(segment, separators, set, tape) else { break };
                if !is_first && level != Level::Patient {
                    end = Some(here);
                }
                let is_full = here.claims >= most;
                match level {
                    Level::Subscriber if !is_full => here.last_hl = own,
                    Level::Patient if !is_first => here.last_hl = own,
                    _ => break,
                }
            }
            _ if is_first => break,
            Id::CLM => here.claims += 1,
            id if id.is_frame() => {
                end = Some(here);
                break;
            }
            // An interchange may start here; no other segment that is passed over starts so.
            _ if segment.starts_with(b"I") => break,
            _ => {}
        }
        here.segments += 1;
        here.length = terminator + 1;
        let behind = bytes.get(here.length..).unwrap_or_default();
        here.length += behind.iter().position(|byte| !is_white(byte)).unwrap_or(behind.len());
    }
    end
}

/// The id of a segment, as [`Segment::id`].
#[inline]
fn start_of(segment: &[u8], separators: Separators) -> Id {
    let ends = |byte: &u8| *byte == separators.element;
    match segment {
        [a, b, c, d, ..] if !ends(c) => {
            if ends(d) {
                Id::new(&[*a, *b, *c])
            } else {
                Id::NONE
            }
        }
        [a, b, _, _, ..] => Id::new(&[*a, *b]),
        // Only segments without elements are as short as this.
        _ => Id::new(segment.split(ends).next().unwrap_or_default()),
    }
}

/// What an HL opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Billing,
    Subscriber,
    Patient,
}

/// The level that an HL opens and its number; `None` where a reader finds it wrong.
fn level(bytes: &[u8], separators: Separators, set: Set, tape: &mut Tape) -> Option<(Level, u64)> {
    tape.cut(bytes, separators);
    let segment = Segment::new(bytes, tape, separators);
    layout::check(&segment, set).ok()?;
    let level = match segment.element(3) {
        b"20" => Level::Billing,
        b"22" => Level::Subscriber,
        b"23" => Level::Patient,
        _ => return None,
    };
    Some((level, count(segment.element(1)).unwrap_or(0)))
}

/// Reads pieces, one after the other. Each thread that reads has its own.
#[derive(Debug)]
pub struct PieceReader(Box<X12Reader<Empty>>);

impl Default for PieceReader {
    fn default() -> Self {
        Self(Box::new(X12Reader::new(Source::new(empty()), Ledger::new(1))))
    }
}

impl PieceReader {
    /// Begins to read `piece`, which is empty from then on; `false` where it was empty before.
    pub fn begin(&mut self, piece: &mut Piece) -> bool {
        self.0.begin(piece)
    }

    /// Reads on to the next claim or error, as the reader would have from which the piece was cut off;
    /// `None` at the end of the piece.
    ///
    /// # Errors
    /// None that is known: a piece is in memory.
    pub fn next(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        claim.clear();
        self.0.next(claim)
    }

    /// Claims, charges and bytes of the piece so far, to be added to those of the reader that it was cut off.
    /// That reader counts the bytes of the input.
    #[must_use]
    pub fn accounting(&self) -> Accounting {
        Accounting { bytes_in: 0, ..self.0.ledger().accounting }
    }
}
