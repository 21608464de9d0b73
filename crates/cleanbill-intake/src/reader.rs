//! The one reader that callers see: sniffs the format and gives claims and errors one at a time.

use std::io::{self, Read};
use std::ops::Range;

use cleanbill_model::{Accounting, Claim, InputError, Location};

use crate::format::{FormatChoice, SNIFFED, disagrees, empty, sniff};
use crate::json::JsonReader;
use crate::ledger::Ledger;
use crate::source::Source;
use crate::unrecognised::UnrecognisedReader;
use crate::x12::X12Reader;

/// What a reader gives.
#[derive(Debug)]
pub enum Event {
    /// A claim was read: it is in the value that the caller handed in.
    Claim,
    /// Something could not be read or trusted; the caller's claim is empty of everything but, where
    /// one was set aside, its place.
    Error(InputError),
}

/// Streams one input: claims, errors, and where every byte went.
#[derive(Debug)]
pub struct ClaimReader<R: Read> {
    format: Option<FormatChoice>,
    inner: Inner<R>,
}

#[derive(Debug)]
enum Inner<R> {
    X12(Box<X12Reader<R>>),
    Json(Box<JsonReader<R>>),
    Unrecognised(Box<UnrecognisedReader<R>>),
}

/// Calls the same method of whichever reader it is.
macro_rules! each {
    ($inner:expr, $reader:ident => $call:expr) => {
        match $inner {
            Inner::X12($reader) => $call,
            Inner::Json($reader) => $call,
            Inner::Unrecognised($reader) => $call,
        }
    };
}

impl<R: Read> ClaimReader<R> {
    /// Opens an input in the format that is forced, else in the one that its first bytes show.
    ///
    /// `first_ordinal` is the number of its first claim among all claims of the run, from 1. An input
    /// that is in no known format still gives a reader: its first event says what is wrong.
    ///
    /// # Errors
    /// Only when the input cannot be read from.
    pub fn open(input: R, forced: Option<FormatChoice>, first_ordinal: u64) -> io::Result<Self> {
        let mut source = Source::new(input);
        let mut ledger = Ledger::new(first_ordinal);
        source.ensure(3)?;
        if source.unread().starts_with(b"\xef\xbb\xbf") {
            source.consume(3);
            ledger.accounting.bytes.envelope += 3;
        }
        ledger.accounting.bytes.white_space += source.skip_white_space()?;
        source.ensure(SNIFFED)?;
        ledger.accounting.bytes_in = source.bytes_read();
        let start = source.unread();
        if let Some(problem) = forced.and_then(|chosen| disagrees(chosen, start)) {
            let (offset, line) = (source.offset(), source.line());
            ledger.note(problem, Location { offset, line, segment: 0 });
        }
        let seen = match forced {
            _ if start.is_empty() => Err(empty()),
            // An array is an array, whatever it is called.
            Some(FormatChoice::Ndjson) if start.starts_with(b"[") => Ok(FormatChoice::Json),
            Some(forced) => Ok(forced),
            None => sniff(start.get(..SNIFFED).unwrap_or(start)),
        };
        let (format, inner) = match seen {
            Ok(FormatChoice::X12) => {
                (Some(FormatChoice::X12), Inner::X12(Box::new(X12Reader::new(source, ledger))))
            }
            Ok(format) => {
                let reader = JsonReader::new(source, ledger, format == FormatChoice::Ndjson);
                (Some(format), Inner::Json(Box::new(reader)))
            }
            Err(problem) => {
                let reader = UnrecognisedReader::new(source, ledger, problem);
                (None, Inner::Unrecognised(Box::new(reader)))
            }
        };
        Ok(Self { format, inner })
    }

    /// The format that was forced or seen; `None` when there is none.
    #[must_use]
    pub const fn format(&self) -> Option<FormatChoice> {
        self.format
    }

    /// Reads on to the next claim or error; `None` at the end of the input.
    ///
    /// `claim` is emptied and refilled, whichever value the caller hands in. Errors that set no claim
    /// aside come after the claim within which they were met.
    ///
    /// # Errors
    /// Only when the input cannot be read from.
    pub fn next(&mut self, claim: &mut Claim) -> io::Result<Option<Event>> {
        claim.clear();
        match &mut self.inner {
            Inner::X12(reader) => reader.next(claim),
            Inner::Json(reader) => reader.next(claim),
            Inner::Unrecognised(reader) => reader.next(),
        }
    }

    /// Claims, charges and bytes so far. The bytes add up once [`ClaimReader::next`] has given `None`.
    #[must_use]
    pub fn accounting(&self) -> &Accounting {
        &each!(&self.inner, reader => reader.ledger()).accounting
    }

    /// For the caller to book how each claim that it was given ended.
    pub fn accounting_mut(&mut self) -> &mut Accounting {
        each!(&mut self.inner, reader => reader.accounting_mut())
    }

    /// The number that the next claim will have.
    #[must_use]
    pub fn next_ordinal(&self) -> u64 {
        each!(&self.inner, reader => reader.ledger()).next_ordinal()
    }

    /// Ranges of the file that were set aside and whose end became known in the last call of
    /// [`ClaimReader::next`], in order. Over a whole input they add up to the quarantined bytes.
    #[must_use]
    pub fn quarantined_ranges(&self) -> &[Range<u64>] {
        each!(&self.inner, reader => reader.ledger()).closed_ranges()
    }
}
