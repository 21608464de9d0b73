//! A window over the input: one growing buffer, refilled in place, with offset and line number.

use std::io::{self, ErrorKind, Read};

use memchr::{memchr, memchr_iter};

/// Bytes asked of the input at a time.
const CHUNK: usize = 256 * 1024;

/// The unread part of an input. Bytes stay in place until they are consumed; a piece that does not
/// fit makes the buffer grow, so callers search with a limit.
#[derive(Debug)]
pub(crate) struct Source<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    line: u64,
    at_end: bool,
}

/// Where a search for a byte ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// So many unread bytes stand before it.
    At(usize),
    /// Not within the limit.
    TooLong,
    /// Not before the end of the input; all that is left is unread.
    End,
}

impl<R: Read> Source<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), start: 0, end: 0, offset: 0, line: 1, at_end: false }
    }

    /// Goes on with `bytes` alone, which stand at `offset` of the input; takes them and leaves its own memory.
    pub(crate) fn restart(&mut self, bytes: &mut Vec<u8>, offset: u64, line: u64) {
        std::mem::swap(&mut self.buffer, bytes);
        (self.start, self.end, self.at_end) = (0, self.buffer.len(), true);
        (self.offset, self.line) = (offset, line);
    }

    /// What has been read from the input and not consumed.
    #[inline]
    pub(crate) fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Offset in the file of the first unread byte.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Line of text of the first unread byte, from 1.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// Bytes that the input has given so far, counted apart from where they went.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.offset + size(self.end - self.start)
    }

    /// Reads more. `false` when the input has ended.
    #[inline(never)]
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize((self.end * 2).max(CHUNK), 0);
        }
        loop {
            let free = self.buffer.get_mut(self.end..).unwrap_or_default();
            match self.input.read(free) {
                Ok(0) => {
                    self.at_end = true;
                    return Ok(false);
                }
                Ok(count) => {
                    self.end += count.min(free.len());
                    return Ok(true);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads until `count` bytes are unread. `false` when the input ends before.
    #[inline]
    pub(crate) fn ensure(&mut self, count: usize) -> io::Result<bool> {
        while self.end - self.start < count {
            if !self.fill()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Searches the unread bytes for `needle`, reading more as needed, `limit` bytes at the most.
    #[inline]
    pub(crate) fn find(&mut self, needle: u8, limit: usize) -> io::Result<Found> {
        let mut searched = 0;
        loop {
            let unread = self.unread();
            if let Some(at) = memchr(needle, unread.get(searched..).unwrap_or_default()) {
                let at = searched + at;
                return Ok(if at > limit { Found::TooLong } else { Found::At(at) });
            }
            searched = unread.len();
            if searched > limit {
                return Ok(Found::TooLong);
            }
            if !self.fill()? {
                return Ok(Found::End);
            }
        }
    }

    /// Passes over `count` unread bytes that hold no line feed.
    #[inline]
    pub(crate) fn advance(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.offset += size(count);
    }

    /// Passes over `count` unread bytes and counts the lines in them.
    pub(crate) fn consume(&mut self, count: usize) {
        let passed = self.unread().get(..count).unwrap_or_else(|| self.unread());
        self.line += size(memchr_iter(b'\n', passed).count());
        self.advance(count);
    }

    /// Passes over white space, reading more as needed, and says how many bytes it was.
    #[inline]
    pub(crate) fn skip_white_space(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let unread = self.unread();
            let count = match unread.first() {
                Some(byte) if !is_white(byte) => return Ok(skipped),
                _ => unread.iter().position(|byte| !is_white(byte)).unwrap_or(unread.len()),
            };
            let all = count == unread.len();
            self.consume(count);
            skipped += size(count);
            if all && !self.fill()? {
                return Ok(skipped);
            }
            if !all {
                return Ok(skipped);
            }
        }
    }

    /// Passes over line ends, reading more as needed, and says how many bytes it was.
    pub(crate) fn skip_line_ends(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let unread = self.unread();
            let end = unread.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
            let count = end.unwrap_or(unread.len());
            self.consume(count);
            skipped += size(count);
            if end.is_some() || !self.fill()? {
                return Ok(skipped);
            }
        }
    }

    /// Passes over everything up to and with `needle`, holding none of it. Says how many bytes.
    pub(crate) fn skip_past(&mut self, needle: u8) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let unread = self.unread();
            let (count, found) = match memchr(needle, unread) {
                Some(at) => (at + 1, true),
                None => (unread.len(), false),
            };
            self.consume(count);
            skipped += size(count);
            if found || !self.fill()? {
                return Ok(skipped);
            }
        }
    }
}

/// Space, tab, line feed, carriage return: what may stand between segments and objects.
#[inline]
pub(crate) const fn is_white(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// A length as the 64 bits in which places in files are counted.
#[inline]
pub(crate) fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte a call: every refill path is taken.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn pieces_are_found_across_refills_and_places_are_kept() {
        let mut source = Source::new(Trickle(b" \r\n ab~\ncd"));
        assert_eq!(source.skip_white_space().unwrap(), 4);
        assert_eq!((source.offset(), source.line()), (4, 2));
        assert_eq!(source.find(b'~', 100).unwrap(), Found::At(2));
        source.advance(3);
        assert_eq!(source.skip_white_space().unwrap(), 1);
        assert_eq!(source.find(b'~', 100).unwrap(), Found::End);
        assert_eq!((source.unread(), source.line()), (&b"cd"[..], 3));
        assert_eq!(source.bytes_read(), 10);
    }

    #[test]
    fn a_search_stops_at_its_limit() {
        let mut source = Source::new(Trickle(b"abcdef~x"));
        assert_eq!(source.find(b'~', 3).unwrap(), Found::TooLong);
        assert_eq!(source.skip_past(b'~').unwrap(), 7);
        assert_eq!(source.skip_past(b'~').unwrap(), 1);
        assert_eq!(source.find(b'~', 3).unwrap(), Found::End);
    }
}
