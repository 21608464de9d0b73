//! The bytes of an input that were not processed, and an index that says why.
//!
//! No name of a file in it comes from an input. `index.ndjson` has a line for each range of bytes: in which file it
//! stands and where, of which input it is and where, and what was wrong.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use cleanbill_intake::{is_compressed, unpack};
use cleanbill_model::{Claim, Fault, InputError};
use cleanbill_report::write_record;
use serde::Serialize;

use super::private;
use super::read_at::ReadAt;
use super::witness::Witness;

/// The name of the index.
pub(super) const INDEX: &str = "index.ndjson";
/// Reasons of a range that are told; the rest is counted.
const REASONS: usize = 8;

/// A quarantine that is being filled.
pub(super) struct Quarantine {
    folder: PathBuf,
    index: BufWriter<File>,
    files: Vec<String>,
    current: Option<Current>,
    /// What was said of bytes that are not set aside yet.
    errors: Vec<Reason>,
    more_errors: u64,
}

/// What is set aside of the input in hand.
struct Current {
    again: File,
    source: Box<dyn Read>,
    is_packed: bool,
    /// Bytes of the input in front of the next byte of `source`.
    position: u64,
    file: BufWriter<File>,
    name: String,
    length: u64,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    at: u64,
    bytes: u64,
    input: &'a str,
    start: u64,
    end: u64,
    /// Of a claim that was read and that an edit could not run on.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_ordinal: Option<u64>,
    reasons: Vec<Reason>,
    more_reasons: u64,
}

#[derive(Clone, Serialize)]
struct Reason {
    code: String,
    line: u64,
    offset: u64,
    message: String,
}

impl Quarantine {
    /// An empty quarantine in the new folder `folder`.
    pub(super) fn create(folder: PathBuf) -> io::Result<Self> {
        private::new_folder(&folder)?;
        let index = BufWriter::new(private::new_file(&folder.join(INDEX))?);
        let (files, current) = (Vec::new(), None);
        Ok(Self { folder, index, files, current, errors: Vec::new(), more_errors: 0 })
    }

    /// Remembers what was said of the input; it is the reason of the range in which it lies.
    pub(super) fn note(&mut self, error: &InputError) {
        if self.errors.len() >= REASONS {
            self.more_errors += 1;
            return;
        }
        self.errors.push(Reason {
            code: error.code.to_owned(),
            line: error.location.line,
            offset: error.location.offset,
            message: error.message.clone(),
        });
    }

    /// Keeps a range of the input that could not be read or trusted.
    pub(super) fn set_aside(
        &mut self,
        input: &str,
        witness: &Witness,
        range: &Range<u64>,
    ) -> io::Result<()> {
        let more_reasons = std::mem::take(&mut self.more_errors);
        let (mut now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.errors)
            .into_iter()
            .partition(|error| error.offset < range.end);
        now.retain(|error| error.offset >= range.start);
        self.errors = later;
        // Of bytes that are missing, the place is the end.
        let at_end = self.errors.iter().position(|error| error.offset == range.end);
        now.extend(at_end.filter(|_| now.is_empty()).map(|place| self.errors.remove(place)));
        self.keep(input, witness, range, None, now, more_reasons)
    }

    /// Keeps a claim that was read and that edits could not run on.
    pub(super) fn set_claim_aside(
        &mut self,
        input: &str,
        witness: &Witness,
        claim: &Claim,
        faults: &[Fault],
    ) -> io::Result<()> {
        let reason = |fault: &Fault| Reason {
            code: fault.kind.as_str().to_owned(),
            line: claim.location.line,
            offset: claim.location.offset,
            message: format!("`{}` could not run: {}", fault.edit.id, fault.message),
        };
        let more = u64::try_from(faults.len().saturating_sub(REASONS)).unwrap_or(u64::MAX);
        let reasons = faults.iter().take(REASONS).map(reason).collect();
        self.keep(input, witness, &claim.bytes, Some(claim.ordinal), reasons, more)
    }

    /// Ends what is kept of the input in hand.
    pub(super) fn input_ended(&mut self) -> io::Result<()> {
        self.errors.clear();
        self.more_errors = 0;
        match self.current.take() {
            Some(mut current) => {
                current.file.flush()?;
                current.file.get_ref().sync_all()
            }
            None => Ok(()),
        }
    }

    /// Makes all of it safe on disk; the paths of its files, the index last.
    pub(super) fn finish(mut self) -> io::Result<Vec<PathBuf>> {
        self.input_ended()?;
        self.index.flush()?;
        self.index.get_ref().sync_all()?;
        crate::publish::sync_folder(&self.folder)?;
        let names = self.files.iter().map(String::as_str).chain([INDEX]);
        Ok(names.map(|name| self.folder.join(name)).collect())
    }

    fn keep(
        &mut self,
        input: &str,
        witness: &Witness,
        range: &Range<u64>,
        claim_ordinal: Option<u64>,
        reasons: Vec<Reason>,
        more_reasons: u64,
    ) -> io::Result<()> {
        let Some(again) = witness.again()? else {
            return Err(io::Error::other("the input cannot be read again"));
        };
        let current = match &mut self.current {
            Some(current) => current,
            none => {
                let name = format!("{:06}.bin", self.files.len() + 1);
                self.files.push(name.clone());
                none.insert(Current::open(again, &self.folder, name)?)
            }
        };
        let (at, bytes) = (current.length, current.copy(range)?);
        let (file, start, end) = (current.name.as_str(), range.start, range.end);
        let entry =
            Entry { file, at, bytes, input, start, end, claim_ordinal, reasons, more_reasons };
        write_record(&mut self.index, &entry)?;
        self.index.write_all(b"\n")
    }
}

impl Current {
    fn open(again: File, folder: &Path, name: String) -> io::Result<Self> {
        let mut start = Vec::new();
        ReadAt { file: again.try_clone()?, position: 0 }.take(4).read_to_end(&mut start)?;
        let is_packed = is_compressed(&start);
        let source = source(&again, is_packed)?;
        let file = BufWriter::new(private::new_file(&folder.join(&name))?);
        Ok(Self { again, source, is_packed, position: 0, file, name, length: 0 })
    }

    /// Copies a range of the input, as it is when it is unpacked; how many bytes there were.
    fn copy(&mut self, range: &Range<u64>) -> io::Result<u64> {
        if self.is_packed {
            // Claims that edits could not run on may stand in front of what was set aside last.
            if range.start < self.position {
                (self.source, self.position) = (source(&self.again, true)?, 0);
            }
            let between = range.start - self.position;
            io::copy(&mut self.source.by_ref().take(between), &mut io::sink())?;
        } else {
            let file = self.again.try_clone()?;
            self.source = Box::new(ReadAt { file, position: range.start });
        }
        let wanted = range.end.saturating_sub(range.start);
        let copied = io::copy(&mut self.source.by_ref().take(wanted), &mut self.file)?;
        self.position = range.start + copied;
        self.length += copied;
        Ok(copied)
    }
}

fn source(again: &File, is_packed: bool) -> io::Result<Box<dyn Read>> {
    let file = ReadAt { file: again.try_clone()?, position: 0 };
    Ok(if is_packed { Box::new(unpack(file)?) } else { Box::new(file) })
}
