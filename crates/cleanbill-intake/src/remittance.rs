//! The reader of remittance advice that callers see: X12 835, one claim at a time.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cleanbill_model::{RemittanceAccounting, RemittedClaim};

use crate::codes;
use crate::format::{FormatChoice, SNIFFED, empty, sniff};
use crate::problem::Problem;
use crate::reader::{Event, begin, broken_archive};
use crate::source::Source;
use crate::unpack::Unpacked;
use crate::unrecognised::UnrecognisedReader;
use crate::x12::{RemittanceMachine, X12RemittanceReader};

/// Streams one input: claims of a remittance advice, errors, and where every byte went.
#[derive(Debug)]
pub struct RemittanceReader<R: Read> {
    inner: Inner<Unpacked<R>>,
    /// Whether the archive that the input is turned out to be broken.
    broken: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Inner<R> {
    X12(Box<X12RemittanceReader<R>>),
    Unrecognised(Box<UnrecognisedReader<R>>),
}

impl<R: Read> RemittanceReader<R> {
    /// Opens an input. `first_ordinal` is the number of its first claim among all remitted claims of the
    /// run, from 1. An input that is no X12 still gives a reader: its first event says what is wrong.
    ///
    /// # Errors
    /// Only when the input cannot be read from.
    pub fn open(input: R, first_ordinal: u64) -> io::Result<Self> {
        let input = Unpacked::new(input)?;
        let broken = input.broken();
        let (source, ledger) = begin(Source::new(input), first_ordinal)?;
        let start = source.unread();
        let inner = match sniff(start.get(..SNIFFED).unwrap_or(start)) {
            Ok(FormatChoice::X12) => {
                let machine = RemittanceMachine::new(ledger);
                Inner::X12(Box::new(X12RemittanceReader::with(source, machine)))
            }
            other => {
                let problem = match other {
                    _ if start.is_empty() => empty(),
                    Err(problem) => Problem { fix: NAME_AN_835.to_owned(), ..problem },
                    Ok(format) => not_x12(format),
                };
                Inner::Unrecognised(Box::new(UnrecognisedReader::new(source, ledger, problem)))
            }
        };
        Ok(Self { inner, broken })
    }

    /// Reads on to the next claim or error; `None` at the end of the input.
    ///
    /// `claim` is emptied and refilled, whichever value the caller hands in.
    ///
    /// # Errors
    /// Only when the input cannot be read from.
    pub fn next(&mut self, claim: &mut RemittedClaim) -> io::Result<Option<Event>> {
        claim.clear();
        let event = match &mut self.inner {
            Inner::X12(reader) => reader.next(claim),
            Inner::Unrecognised(reader) => reader.next(),
        }?;
        if event.is_none() && self.broken.swap(false, Ordering::Relaxed) {
            let offset = self.accounting().claims.bytes_in;
            return Ok(Some(Event::Error(broken_archive(offset))));
        }
        Ok(event)
    }

    /// Claims, sums and bytes so far. The bytes add up once [`RemittanceReader::next`] has given `None`.
    #[must_use]
    pub fn accounting(&self) -> RemittanceAccounting {
        match &self.inner {
            Inner::X12(reader) => reader.machine().accounting(),
            Inner::Unrecognised(reader) => RemittanceAccounting {
                claims: reader.ledger().accounting,
                ..RemittanceAccounting::default()
            },
        }
    }

    /// The number that the next claim will have.
    #[must_use]
    pub fn next_ordinal(&self) -> u64 {
        match &self.inner {
            Inner::X12(reader) => reader.ledger().next_ordinal(),
            Inner::Unrecognised(reader) => reader.ledger().next_ordinal(),
        }
    }
}

const NAME_AN_835: &str = "name an X12 835 that starts with its `ISA` segment; claims are named with \
                           `--claims`, findings with `--findings`";

fn not_x12(format: FormatChoice) -> Problem {
    let message = format!("the file looks like `{}`; nothing of it was read", format.as_str());
    Problem::new(codes::UNRECOGNISED, "", message, NAME_AN_835)
}
