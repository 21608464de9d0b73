//! The one reader that callers see: sniffs the format and gives claims and errors one at a time.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cleanbill_model::{Accounting, Claim, EnvelopePart, InputError, Location};

use crate::codes;
use crate::format::{FormatChoice, SNIFFED, disagrees, empty, is_one_a_line, not_columnar, sniff};
use crate::interchange::InterchangeKey;
use crate::json::{Dialect, JsonReader};
use crate::ledger::Ledger;
use crate::lines::{
    ColumnMapping, LineTable, LinesReader, Overflow, TableProblem, told_by, told_by_names,
};
use crate::problem::Problem;
use crate::scratch::Scratch;
use crate::source::{Source, size};
use crate::unpack::Unpacked;
use crate::unrecognised::UnrecognisedReader;
use crate::x12::{Piece, X12Reader};

/// What a reader gives.
#[derive(Debug)]
pub enum Event {
    /// A claim was read: it is in the value that the caller handed in.
    Claim,
    /// Something could not be read or trusted; the caller's claim is empty of everything but, where
    /// one was set aside, its place.
    Error(InputError),
    /// A part of what stands around the claims; only where [`InputOptions::acknowledge`] asks for it.
    Envelope(EnvelopePart),
}

/// How an input is to be read, where its first bytes do not tell.
#[derive(Clone, Debug, Default)]
pub struct InputOptions {
    /// The format; told from the first bytes where it is left out.
    pub format: Option<FormatChoice>,
    /// Which column of a table of service lines holds what; makes every input such a table.
    pub columns: Option<Arc<ColumnMapping>>,
    /// Room on disk for tables of service lines that do not fit into memory; without it the rows of a claim
    /// of such a table must stand together.
    pub scratch: Option<Scratch>,
    /// Whether rows of a claim may stand anywhere in such a table though they stood together so far.
    pub unsorted: bool,
    /// Whether the envelope of an X12 file and the parties that it names are told as well, for answers
    /// to its sender. Nothing of them is read otherwise.
    pub acknowledge: bool,
}

impl InputOptions {
    const fn overflow(&self) -> Overflow {
        Overflow { scratch: self.scratch, unsorted: self.unsorted }
    }
}

impl From<FormatChoice> for InputOptions {
    fn from(format: FormatChoice) -> Self {
        Self { format: Some(format), ..Self::default() }
    }
}

/// Streams one input: claims, errors, and where every byte went.
#[derive(Debug)]
pub struct ClaimReader<R: Read> {
    format: Option<FormatChoice>,
    inner: Inner<Unpacked<R>>,
    /// Whether the archive that the input is turned out to be broken.
    broken: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Inner<R> {
    X12(Box<X12Reader<R>>),
    Json(Box<JsonReader<R>>),
    Lines(Box<LinesReader<R>>),
    Unrecognised(Box<UnrecognisedReader<R>>),
}

/// Calls the same method of whichever reader it is.
macro_rules! each {
    ($inner:expr, $reader:ident => $call:expr) => {
        match $inner {
            Inner::X12($reader) => $call,
            Inner::Json($reader) => $call,
            Inner::Lines($reader) => $call,
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
    pub fn open(input: R, options: &InputOptions, first_ordinal: u64) -> io::Result<Self> {
        let input = Unpacked::new(input)?;
        let broken = input.broken();
        let (source, mut ledger) = begin(Source::new(input), first_ordinal)?;
        let start = source.unread();
        let forced = options.columns.as_ref().map(|_| FormatChoice::Csv).or(options.format);
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
                ledger.acknowledges = options.acknowledge;
                (Some(FormatChoice::X12), Inner::X12(Box::new(X12Reader::new(source, ledger))))
            }
            Ok(FormatChoice::Csv) => match columns(options, || {
                told_by(source.unread()).map(|(layout, separator)| layout.mapping(separator))
            }) {
                Ok(mapping) => {
                    let reader = LinesReader::new(source, ledger, mapping, options.overflow());
                    (Some(FormatChoice::Csv), Inner::Lines(Box::new(reader)))
                }
                Err(problem) => {
                    let reader = UnrecognisedReader::new(source, ledger, problem);
                    (Some(FormatChoice::Csv), Inner::Unrecognised(Box::new(reader)))
                }
            },
            Ok(format @ (FormatChoice::Parquet | FormatChoice::Arrow)) => {
                let reader = UnrecognisedReader::new(source, ledger, not_columnar(format));
                (Some(format), Inner::Unrecognised(Box::new(reader)))
            }
            Ok(format) => {
                let (dialect, lines) = match format {
                    FormatChoice::Fhir => (Dialect::Fhir, is_one_a_line(source.unread())),
                    _ => (Dialect::Claims, format == FormatChoice::Ndjson),
                };
                let reader = JsonReader::new(source, ledger, dialect, lines);
                (Some(format), Inner::Json(Box::new(reader)))
            }
            Err(problem) => {
                let reader = UnrecognisedReader::new(source, ledger, problem);
                (None, Inner::Unrecognised(Box::new(reader)))
            }
        };
        Ok(Self { format, inner, broken })
    }

    /// Reads the rows of a columnar file, which `table` gives. `input` is the same file as a stream: nothing is
    /// read from it, but it is asked now and then, so that it can end the reading by an error.
    ///
    /// Of a table that cannot be read, or whose columns no mapping and no known layout names, the first event says so.
    #[must_use]
    pub fn of_table(
        table: Result<Box<dyn LineTable>, TableProblem>,
        format: FormatChoice,
        input: R,
        options: &InputOptions,
        first_ordinal: u64,
    ) -> Self {
        let input = Unpacked::plain(input);
        let broken = input.broken();
        let ledger = Ledger::new(first_ordinal);
        let reader = match table {
            Ok(table) => {
                let columns_of = table.columns();
                let names: Vec<&str> =
                    columns_of.iter().map(|column| column.name.as_str()).collect();
                let told = || told_by_names(&names).map(|layout| layout.mapping(b','));
                let mapping = columns(options, told);
                LinesReader::columnar(table, input, ledger, mapping, options.overflow())
            }
            Err(problem) => LinesReader::refused(problem, ledger),
        };
        Self { format: Some(format), inner: Inner::Lines(Box::new(reader)), broken }
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
        let event = match &mut self.inner {
            Inner::X12(reader) => reader.next(claim),
            Inner::Json(reader) => reader.next(claim),
            Inner::Lines(reader) => reader.next(claim),
            Inner::Unrecognised(reader) => reader.next(),
        }?;
        if event.is_none() && self.broken.swap(false, Ordering::Relaxed) {
            return Ok(Some(Event::Error(broken_archive(self.accounting().bytes_in))));
        }
        Ok(event)
    }

    /// Cuts off what stands next, some `most` claims, for a [`PieceReader`](crate::PieceReader) to read instead;
    /// `false` where nothing can be cut off and [`ClaimReader::next`] must read on.
    ///
    /// Only subscribers of an 837 are cut off, and only where nothing has to be told before. What a
    /// `PieceReader` gives of the piece is what this reader would have given, but for its own accounting and for
    /// [`ClaimReader::quarantined_ranges`].
    pub fn cut_off(&mut self, most: usize, piece: &mut Piece) -> bool {
        match &mut self.inner {
            Inner::X12(reader) => reader.cut_off(size(most), piece),
            Inner::Json(_) | Inner::Lines(_) | Inner::Unrecognised(_) => false,
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

    /// The X12 interchanges that were met so far, the first 100,000 of them, and where they start.
    #[must_use]
    pub fn interchanges(&self) -> &[(InterchangeKey, u64)] {
        each!(&self.inner, reader => reader.ledger()).interchanges()
    }

    /// Ranges of the file that were set aside and whose end became known in the last call of
    /// [`ClaimReader::next`], in order; those of a table claim by claim, wherever the rows of one stand. Over a whole
    /// input they add up to the quarantined bytes.
    #[must_use]
    pub fn quarantined_ranges(&self) -> &[Range<u64>] {
        each!(&self.inner, reader => reader.ledger()).closed_ranges()
    }
}

/// Passes over a byte order mark and white space, and reads enough to tell the format.
pub(crate) fn begin<R: Read>(
    mut source: Source<R>,
    first_ordinal: u64,
) -> io::Result<(Source<R>, Ledger)> {
    let mut ledger = Ledger::new(first_ordinal);
    source.ensure(3)?;
    if source.unread().starts_with(b"\xef\xbb\xbf") {
        source.consume(3);
        ledger.accounting.bytes.envelope += 3;
    }
    ledger.accounting.bytes.white_space += source.skip_white_space()?;
    source.ensure(SNIFFED)?;
    ledger.accounting.bytes_in = source.bytes_read();
    Ok((source, ledger))
}

/// The archive is broken `offset` bytes into what it holds.
pub(crate) fn broken_archive(offset: u64) -> InputError {
    let message = "the compressed input is damaged or was cut short here";
    let location = Location { offset, ..Location::default() };
    Problem::new(codes::ARCHIVE, "", message, "get the whole file again").at(location, None, false)
}

/// The mapping of a table: the one that is given, else the one that its header tells.
fn columns(
    options: &InputOptions,
    told: impl FnOnce() -> Option<ColumnMapping>,
) -> Result<ColumnMapping, Problem> {
    if let Some(columns) = &options.columns {
        return Ok(ColumnMapping::clone(columns));
    }
    told().ok_or_else(|| {
        let message = "the header is of no table that is known; nothing of it was read";
        let fix = "say which column holds what in a mapping file: `--columns FILE`";
        Problem::new(codes::LINES_HEADER, "", message, fix)
    })
}
