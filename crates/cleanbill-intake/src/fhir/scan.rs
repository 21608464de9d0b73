//! One object of a FHIR file read member by member: the entries of a Bundle one by one, none of it held whole.
//!
//! The claims of a Bundle wait until all of it was read, since what a claim names may stand behind it.

use std::io::{self, Read};

use cleanbill_model::Location;
use serde::de::IgnoredAny;

use super::bundle::{Bundle, BundleRoom, Gathered, untyped};
use crate::codes;
use crate::json::{ObjectEnd, Text};
use crate::problem::Problem;
use crate::source::{Source, size};

/// What an object turned out to be.
pub(crate) enum Scanned {
    /// A Bundle with its claims.
    Bundle(Box<Bundle>),
    /// A Claim or ExplanationOfBenefit.
    Claim,
    /// A resource of another type: no claim.
    Other,
}

/// Whether an object whose first bytes these are is a Bundle, as far as its first member tells.
pub(crate) fn starts_as_bundle(bytes: &[u8]) -> bool {
    let start = bytes.get(..LOOK).unwrap_or(bytes);
    let parts: [&[u8]; 4] = [b"{", b"\"resourceType\"", b":", b"\"Bundle\""];
    let after =
        |of: &'_ [u8], part: &[u8]| of.trim_ascii_start().strip_prefix(part).map(<[u8]>::len);
    let mut rest = start;
    parts.iter().all(|part| match after(rest, part) {
        Some(left) => {
            rest = rest.get(rest.len() - left..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// Bytes that [`starts_as_bundle`] looks at.
pub(crate) const LOOK: usize = 256;

/// Reads the object that the unread part of `source` starts with. Says how many bytes it is, and what is wrong
/// where it cannot be read: the object is passed over whole all the same.
///
/// `base` is where the source itself starts: offset 0 and line 1 unless it is a part of a file.
pub(crate) fn scan<R: Read>(
    source: &mut Source<R>,
    base: Location,
    room: &BundleRoom,
) -> io::Result<(u64, Result<Scanned, Problem>)> {
    let start = source.offset();
    let mut scan =
        Scan { source, base, object: room.object, outline: ObjectEnd::default(), closed: false };
    let mut gathered = Gathered::new(room);
    let read = match scan.resource(&mut gathered) {
        Ok(kind) => match kind.as_str() {
            "Bundle" => Ok(Scanned::Bundle(Box::new(gathered.finish()?))),
            "Claim" | "ExplanationOfBenefit" => Ok(Scanned::Claim),
            "" => Err(untyped()),
            _ => Ok(Scanned::Other),
        },
        Err(Stopped::Io(error)) => return Err(error),
        Err(Stopped::Broken(problem)) => {
            scan.pass_rest()?;
            Err(problem)
        }
    };
    Ok((source.offset() - start, read))
}

/// Why a scan stopped.
enum Stopped {
    Io(io::Error),
    Broken(Problem),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Broken(problem)
    }
}

struct Scan<'a, R> {
    source: &'a mut Source<R>,
    base: Location,
    /// Longest value that is held.
    object: usize,
    /// Finds the end of the whole object, however broken it is inside.
    outline: ObjectEnd,
    closed: bool,
}

impl<R: Read> Scan<'_, R> {
    /// Reads all members; gives the type of the resource.
    fn resource(&mut self, gathered: &mut Gathered) -> Result<String, Stopped> {
        let (mut kind, mut entries) = (None, false);
        self.source.ensure(1)?;
        self.pass(1)?;
        let mut next = self.next()?;
        while next != b'}' {
            if next != b'"' {
                return Err(self.syntax());
            }
            let length = self.extent()?;
            let name = self.parsed(length, |text| {
                serde_json::from_str::<Text<'_>>(text).map(|Text(name)| name.into_owned())
            })?;
            self.pass(length)?;
            if self.next()? != b':' {
                return Err(self.syntax());
            }
            self.pass(1)?;
            let start = self.next()?;
            match name.as_str() {
                "entry" => {
                    if core::mem::replace(&mut entries, true) {
                        return Err(repeated(&name).into());
                    }
                    if start != b'[' {
                        return Err(wrong_type().into());
                    }
                    self.entries(gathered)?;
                }
                "resourceType" => {
                    if start != b'"' {
                        return Err(wrong_type().into());
                    }
                    let length = self.extent()?;
                    let own = self.parsed(length, |text| {
                        serde_json::from_str::<Text<'_>>(text).map(|Text(kind)| kind.into_owned())
                    })?;
                    self.pass(length)?;
                    if kind.replace(own).is_some() {
                        return Err(repeated(&name).into());
                    }
                }
                _ => {
                    let length = self.extent()?;
                    self.parsed(length, |text| serde_json::from_str::<IgnoredAny>(text))?;
                    self.pass(length)?;
                }
            }
            next = self.comma(b'}', b'"')?;
        }
        self.pass(1)?;
        Ok(kind.unwrap_or_default())
    }

    /// Reads the list of entries.
    fn entries(&mut self, gathered: &mut Gathered) -> Result<(), Stopped> {
        self.pass(1)?;
        let mut next = self.next()?;
        while next != b']' {
            if next != b'{' {
                return Err(wrong_type().into());
            }
            let length = self.extent()?;
            let place = self.place();
            let text = held(self.source, length).map_err(|at| self.not_utf8(at))?;
            gathered.entry(text, place)??;
            self.pass(length)?;
            next = self.comma(b']', b'{')?;
        }
        self.pass(1)?;
        Ok(())
    }

    /// Passes over what stands behind a value: `end` stays, behind a comma `start` follows.
    fn comma(&mut self, end: u8, start: u8) -> Result<u8, Stopped> {
        match self.next()? {
            b',' => {
                self.pass(1)?;
                let next = self.next()?;
                if next == end || (start == b'"' && next != start) {
                    return Err(self.syntax());
                }
                Ok(next)
            }
            next if next == end => Ok(next),
            _ => Err(self.syntax()),
        }
    }

    /// The next byte that is no white space.
    fn next(&mut self) -> Result<u8, Stopped> {
        self.source.skip_white_space()?;
        match self.source.unread().first() {
            Some(byte) => Ok(*byte),
            None => Err(self.syntax()),
        }
    }

    /// Length of the value that starts here, all of which is unread then.
    fn extent(&mut self) -> Result<usize, Stopped> {
        let is_object = self.source.unread().first() == Some(&b'{');
        let (mut object, mut value) = (ObjectEnd::default(), ValueEnd::default());
        loop {
            let unread = self.source.unread();
            let found = if is_object { object.find(unread) } else { value.find(unread) };
            if let Some(length) = found.filter(|length| *length <= self.object) {
                return Ok(length);
            }
            if found.is_some() || unread.len() > self.object {
                return Err(too_long(self.object).into());
            }
            if !self.source.fill()? {
                return Err(self.syntax());
            }
        }
    }

    /// Parses the next `length` bytes.
    fn parsed<T>(
        &self,
        length: usize,
        parse: impl FnOnce(&str) -> serde_json::Result<T>,
    ) -> Result<T, Stopped> {
        let text = held(self.source, length).map_err(|at| self.not_utf8(at))?;
        parse(text).map_err(|_| self.syntax())
    }

    /// Passes over `count` unread bytes.
    fn pass(&mut self, count: usize) -> Result<(), Stopped> {
        let passed = self.source.unread().get(..count).unwrap_or_default();
        self.closed |= self.outline.find(passed).is_some();
        self.outline.pass();
        self.source.consume(count);
        Ok(())
    }

    /// Passes over what is left of the object.
    fn pass_rest(&mut self) -> io::Result<()> {
        while !self.closed {
            self.closed = self.outline.find(self.source.unread()).is_some();
            let mut count = self.outline.pass();
            if !self.closed && !self.source.fill()? {
                count = self.source.unread().len();
                self.closed = true;
            }
            self.source.consume(count);
        }
        Ok(())
    }

    fn place(&self) -> Location {
        let (offset, line) = (self.source.offset(), self.source.line());
        Location {
            offset: self.base.offset + offset,
            line: self.base.line + line.saturating_sub(1),
            segment: 0,
        }
    }

    fn syntax(&self) -> Stopped {
        let message = format!("the resource is not JSON at line {}", self.place().line);
        Problem::new(codes::JSON_SYNTAX, "", message, "write one JSON object a resource").into()
    }

    fn not_utf8(&self, at: usize) -> Stopped {
        let offset = self.place().offset + size(at);
        let message = format!("the resource is not UTF-8 text at byte {offset} of the file");
        Problem::new(codes::JSON_SYNTAX, "", message, "write the file as UTF-8").into()
    }
}

/// The next `length` unread bytes as text; where they stop being text otherwise.
fn held<R: Read>(source: &Source<R>, length: usize) -> Result<&str, usize> {
    let bytes = source.unread().get(..length).unwrap_or_default();
    core::str::from_utf8(bytes).map_err(|error| error.valid_up_to())
}

fn wrong_type() -> Problem {
    let message = "the Bundle has a member with a value of the wrong type";
    Problem::new(codes::JSON_TYPE, "entry", message, "write the Bundle as FHIR R4 has it")
}

fn repeated(name: &str) -> Problem {
    let message = format!("`{name}` stands twice in the resource");
    Problem::new(codes::JSON_REPEATED, name, message, "write every member once")
}

fn too_long(limit: usize) -> Problem {
    let message = format!("an entry of the Bundle is larger than {} MiB", limit >> 20);
    Problem::new(codes::TOO_LONG, "entry", message, "look for a missing closing brace")
}

/// Finds where a value that is no object ends, in bytes that may still be growing.
#[derive(Default)]
struct ValueEnd {
    depth: usize,
    in_text: bool,
    escaped: bool,
    at: usize,
}

impl ValueEnd {
    fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(byte) = bytes.get(self.at) {
            let at = self.at;
            self.at += 1;
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return Some(self.at);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' if self.depth == 1 => return Some(self.at),
                b']' | b'}' if self.depth > 1 => self.depth -= 1,
                b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                    return Some(at);
                }
                _ => {}
            }
        }
        None
    }
}
