//! The bytes of a compiled table: a header, and sections behind it.
//!
//! All numbers are little-endian. The header says how many rows, texts and bytes there are; where each
//! section lies follows from that, so no offset has to be believed. In order:
//!
//! | part | bytes |
//! |---|---|
//! | magic, format version, length of the header, length of the file | 8, 4, 4, 8 |
//! | SHA-256 of the header without this field | 32 |
//! | rows; size and SHA-256 of the source | 4; 8, 32 |
//! | columns: name, number of texts, bytes of all texts | each text with its length |
//! | key columns by number; metadata as pairs of texts; SHA-256 of each block of the sections | |
//! | for each column: where each text ends, texts, text of each row (1, 2 or 4 bytes) | sections |
//! | line of each row in the source (4 bytes) | section |
//! | for each text of the first key column: first row with it, and one more for the end | section |
//!
//! The header and each section end on a multiple of 8 bytes.

use core::ops::Range;

use crate::digest::{BLOCK, Digest, SourceMark, digest_of};

const MAGIC: &[u8; 8] = b"cbtable\0";

/// Raised with every change of the bytes or of how a source is read: older tables are made again.
pub(crate) const FORMAT: u32 = 2;

/// Where the digest of the header lies.
pub(crate) const HEADER_DIGEST: Range<usize> = 24..56;

/// Why bytes are no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The bytes are something else.
    #[error("it is not a compiled table")]
    NotATable,
    /// Another version of the program made it.
    #[error("it has format {found}; this program reads format {FORMAT}")]
    Format {
        /// Its format.
        found: u32,
    },
    /// There are fewer or more bytes than there were.
    #[error("it was cut, or something was added to it")]
    Length,
    /// Bytes are not as they were written.
    #[error("it is damaged {place}")]
    Damaged {
        /// Where, in words.
        place: &'static str,
    },
}

/// What the header says.
#[derive(Debug, Default)]
pub(crate) struct Header {
    pub(crate) rows: u32,
    pub(crate) source: SourceMark,
    pub(crate) columns: Vec<ColumnHeader>,
    pub(crate) key: Vec<u32>,
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) blocks: Vec<Digest>,
}

/// What the header says of a column.
#[derive(Debug)]
pub(crate) struct ColumnHeader {
    pub(crate) name: String,
    pub(crate) texts: u32,
    pub(crate) text_bytes: u32,
}

/// Where the sections lie.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    pub(crate) columns: Vec<ColumnSections>,
    pub(crate) lines: Range<usize>,
    pub(crate) starts: Range<usize>,
    pub(crate) end: usize,
}

/// Where the sections of a column lie.
#[derive(Clone, Debug)]
pub(crate) struct ColumnSections {
    pub(crate) ends: Range<usize>,
    pub(crate) texts: Range<usize>,
    pub(crate) ids: Range<usize>,
    /// Bytes of the number of a text.
    pub(crate) width: usize,
}

/// The number as an index; on no platform of ours is it cut.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The smallest width in which each of so many texts has a number.
pub(crate) const fn width(texts: u32) -> usize {
    match texts {
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

const fn padded(length: usize) -> Option<usize> {
    length.checked_next_multiple_of(8)
}

impl Header {
    /// Where the sections lie behind a header of `from` bytes; none when no memory could hold them.
    pub(crate) fn sections(&self, from: usize) -> Option<Sections> {
        let mut end = from;
        let mut section = |items: usize, width: usize| -> Option<Range<usize>> {
            let start = end;
            let length = items.checked_mul(width)?;
            end = padded(start.checked_add(length)?)?;
            Some(start..start + length)
        };
        let rows = index(self.rows);
        let columns = self.columns.iter().map(|column| {
            let width = width(column.texts);
            Some(ColumnSections {
                ends: section(index(column.texts), 4)?,
                texts: section(index(column.text_bytes), 1)?,
                ids: section(rows, width)?,
                width,
            })
        });
        let columns = columns.collect::<Option<Vec<_>>>()?;
        let lines = section(rows, 4)?;
        let starts = match self.key.first() {
            Some(first) => section(index(self.columns.get(index(*first))?.texts) + 1, 4)?,
            None => section(0, 4)?,
        };
        Some(Sections { columns, lines, starts, end })
    }

    /// The bytes of the header over sections of `body` bytes.
    pub(crate) fn encode(&self, body: usize) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(MAGIC);
        put(&mut out, FORMAT);
        // Both lengths and the digest follow when they are known.
        out.resize(HEADER_DIGEST.end, 0);
        put(&mut out, self.rows);
        out.extend(self.source.bytes.to_le_bytes());
        out.extend(self.source.sha256);
        put_count(&mut out, self.columns.len());
        for column in &self.columns {
            put_text(&mut out, &column.name);
            put(&mut out, column.texts);
            put(&mut out, column.text_bytes);
        }
        put_count(&mut out, self.key.len());
        self.key.iter().for_each(|key| put(&mut out, *key));
        put_count(&mut out, self.metadata.len());
        for (key, value) in &self.metadata {
            put_text(&mut out, key);
            put_text(&mut out, value);
        }
        put_count(&mut out, self.blocks.len());
        self.blocks.iter().for_each(|digest| out.extend(digest));
        out.resize(padded(out.len()).unwrap_or(out.len()), 0);
        let header = u32::try_from(out.len()).unwrap_or(u32::MAX);
        let whole = u64::try_from(out.len() + body).unwrap_or(u64::MAX);
        fill(&mut out, 12..16, &header.to_le_bytes());
        fill(&mut out, 16..24, &whole.to_le_bytes());
        let digest = header_digest(&out);
        fill(&mut out, HEADER_DIGEST, &digest);
        out
    }

    /// Reads the header of `bytes` and checks that it is whole and fits them; the sections are not looked at.
    pub(crate) fn decode(bytes: &[u8]) -> Result<(Self, Sections), OpenError> {
        let mut fixed = Cursor(bytes);
        if fixed.take(MAGIC.len()) != Some(MAGIC) {
            return Err(OpenError::NotATable);
        }
        let found = fixed.u32().ok_or(OpenError::Length)?;
        if found != FORMAT {
            return Err(OpenError::Format { found });
        }
        let header = fixed.u32().map(index).ok_or(OpenError::Length)?;
        let whole = fixed.u64().ok_or(OpenError::Length)?;
        if u64::try_from(bytes.len()) != Ok(whole) {
            return Err(OpenError::Length);
        }
        let damaged = OpenError::Damaged { place: "in its header" };
        let header = bytes.get(..header).ok_or(damaged)?;
        if header.get(HEADER_DIGEST) != Some(header_digest(header).as_slice()) {
            return Err(damaged);
        }
        let fields = header.get(HEADER_DIGEST.end..).ok_or(damaged)?;
        let decoded = Self::fields(&mut Cursor(fields)).ok_or(damaged)?;
        let sections = decoded.sections(header.len()).ok_or(damaged)?;
        let body = sections.end - header.len();
        let fits = sections.end == bytes.len()
            && decoded.blocks.len() == body.div_ceil(BLOCK)
            && decoded.key.iter().all(|key| index(*key) < decoded.columns.len());
        if fits { Ok((decoded, sections)) } else { Err(damaged) }
    }

    fn fields(cursor: &mut Cursor<'_>) -> Option<Self> {
        let rows = cursor.u32()?;
        let source =
            SourceMark { bytes: cursor.u64()?, sha256: *cursor.take(32)?.first_chunk::<32>()? };
        let columns = cursor.list(|cursor| {
            Some(ColumnHeader {
                name: cursor.text()?,
                texts: cursor.u32()?,
                text_bytes: cursor.u32()?,
            })
        })?;
        let key = cursor.list(Cursor::u32)?;
        let metadata = cursor.list(|cursor| Some((cursor.text()?, cursor.text()?)))?;
        let blocks = cursor.list(|cursor| cursor.take(32)?.first_chunk::<32>().copied())?;
        Some(Self { rows, source, columns, key, metadata, blocks })
    }
}

fn header_digest(header: &[u8]) -> Digest {
    let part = |range: Range<usize>| header.get(range).unwrap_or_default();
    digest_of(&[part(0..HEADER_DIGEST.start), part(HEADER_DIGEST.end..header.len())])
}

fn fill(out: &mut [u8], range: Range<usize>, bytes: &[u8]) {
    for (slot, byte) in out.iter_mut().skip(range.start).zip(bytes) {
        *slot = *byte;
    }
}

fn put(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_le_bytes());
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    put(out, u32::try_from(count).unwrap_or(u32::MAX));
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_count(out, text.len());
    out.extend(text.as_bytes());
}

/// Reads the fields of a header one after the other.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.first_chunk().copied().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take(8)?.first_chunk().copied().map(u64::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = index(self.u32()?);
        core::str::from_utf8(self.take(length)?).ok().map(str::to_owned)
    }

    /// As many items as the number before them says.
    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()?;
        (0..count).map(|_| item(self)).collect()
    }
}
