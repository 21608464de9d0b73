//! A compiled table: found rows, read cells.

use core::ops::Range;
use std::io::{self, Read};

use crate::bytes::Bytes;
use crate::digest::{BLOCK, SourceMark, digest_of};
use crate::layout::{ColumnSections, Header, OpenError, Sections, index};

/// Key of the metadata under which an imported table has its edition: `2026q3`.
pub const EDITION: &str = "edition";

/// A compiled table: each column a sorted dictionary of its texts and one number per row; rows sorted
/// by the key columns, those of equal keys in the order of the source.
///
/// Reads never panic: a number that leads nowhere, as only damaged bytes can hold, gives `None`.
#[derive(Debug)]
pub struct Table {
    bytes: Bytes,
    header: Header,
    sections: Sections,
}

impl Table {
    /// The table in `bytes`, as [`Table::bytes`] gave them. Only the header is checked, in microseconds;
    /// [`Table::verify`] checks the rest.
    ///
    /// # Errors
    /// [`OpenError`] when the bytes are no table, or not as they were written.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, OpenError> {
        Self::open(Bytes::Owned(bytes))
    }

    /// The table in `bytes`.
    pub(crate) fn open(bytes: Bytes) -> Result<Self, OpenError> {
        let (header, sections) = Header::decode(bytes.all())?;
        Ok(Self { bytes, header, sections })
    }

    /// Checks all bytes against their digests.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] when one bit is not as it was written.
    pub fn verify(&self) -> Result<(), OpenError> {
        self.verify_from(self.bytes.all())
            .unwrap_or(Err(OpenError::Damaged { place: "where it cannot be read" }))
    }

    /// The same on `file`, which holds the bytes too: no page of a mapped table is touched.
    pub(crate) fn verify_from(&self, mut file: impl Read) -> io::Result<Result<(), OpenError>> {
        let total = self.sections.end;
        let mut buffer = vec![0; total - self.body()];
        buffer.truncate(BLOCK);
        io::copy(&mut file.by_ref().take(size(self.body())), &mut io::sink())?;
        let mut left = total - self.body();
        for digest in &self.header.blocks {
            let block = buffer.get_mut(..left.min(BLOCK)).unwrap_or_default();
            file.read_exact(block)?;
            if digest_of(&[block]) != *digest {
                return Ok(Err(OpenError::Damaged { place: "in its rows" }));
            }
            left -= block.len();
        }
        Ok(Ok(()))
    }

    /// The bytes of the table, which are also its file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.all()
    }

    /// Number of rows.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.header.rows
    }

    /// Whether there is no row.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.header.rows == 0
    }

    /// Names of the columns, in the order of the source.
    pub fn columns(&self) -> impl Iterator<Item = &str> + Clone {
        self.header.columns.iter().map(|column| column.name.as_str())
    }

    /// Names of the columns that rows are sorted by, the first first.
    pub fn key(&self) -> impl Iterator<Item = &str> {
        let named = |key: &u32| self.header.columns.get(index(*key));
        self.header.key.iter().filter_map(named).map(|column| column.name.as_str())
    }

    /// The first column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<Column<'_>> {
        self.column_at(self.columns().position(|column| column == name)?)
    }

    /// The column at a place of [`Table::columns`].
    #[must_use]
    pub fn column_at(&self, place: usize) -> Option<Column<'_>> {
        Column::new(self.bytes(), self.sections.columns.get(place)?)
    }

    /// What was said of the table under `key` when it was made.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        let mut pairs = self.header.metadata.iter();
        pairs.find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The file that the table was made of.
    #[must_use]
    pub const fn source(&self) -> SourceMark {
        self.header.source
    }

    /// Line of the source, from 1, on which the row begins.
    #[must_use]
    pub fn source_line(&self, row: u32) -> Option<u32> {
        number(self.bytes().get(self.sections.lines.clone())?, 4, row)
    }

    /// The rows in the order of the source; none when they lie in it already.
    #[must_use]
    pub fn source_order(&self) -> Option<Vec<u32>> {
        let line = |row: u32| self.source_line(row);
        if (1..self.len()).all(|row| line(row - 1) <= line(row)) {
            return None;
        }
        let mut rows: Vec<u32> = (0..self.len()).collect();
        rows.sort_by_key(|row| line(*row));
        Some(rows)
    }

    /// The rows whose first key column has the text `id` of its dictionary.
    #[must_use]
    pub fn rows_of(&self, id: u32) -> Range<u32> {
        let starts = self.bytes().get(self.sections.starts.clone()).unwrap_or_default();
        let start = number(starts, 4, id);
        let end = id.checked_add(1).and_then(|next| number(starts, 4, next));
        match (start, end) {
            (Some(start), Some(end)) if start <= end && end <= self.len() => start..end,
            _ => 0..0,
        }
    }

    /// The rows whose first key columns have these texts of their dictionaries, in the order of the key.
    /// No ids: every row.
    #[must_use]
    pub fn rows_with(&self, ids: &[u32]) -> Range<u32> {
        let Some((first, more)) = ids.split_first() else { return 0..self.len() };
        let mut rows = self.rows_of(*first);
        for (key, id) in self.header.key.iter().skip(1).zip(more) {
            let Some(column) = self.column_at(index(*key)) else { return 0..0 };
            rows = column.narrow(rows, *id);
        }
        rows
    }

    fn body(&self) -> usize {
        let first = self.sections.columns.first().map(|column| &column.ends);
        first.unwrap_or(&self.sections.lines).start
    }
}

/// One column of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    ends: &'a [u8],
    texts: &'a [u8],
    ids: &'a [u8],
    width: usize,
}

impl<'a> Column<'a> {
    fn new(bytes: &'a [u8], sections: &ColumnSections) -> Option<Self> {
        Some(Self {
            ends: bytes.get(sections.ends.clone())?,
            texts: bytes.get(sections.texts.clone())?,
            ids: bytes.get(sections.ids.clone())?,
            width: sections.width,
        })
    }

    /// The different texts with their ids, which are their places in the order of their bytes.
    pub fn dictionary(self) -> impl Iterator<Item = (u32, &'a str)> {
        (0..).map_while(move |id| Some((id, self.text(id)?)))
    }

    /// Number of different texts.
    #[must_use]
    pub fn distinct(self) -> usize {
        self.ends.len() / 4
    }

    /// The text of an id.
    #[must_use]
    pub fn text(self, id: u32) -> Option<&'a str> {
        let end = number(self.ends, 4, id)?;
        let start = match id.checked_sub(1) {
            Some(before) => number(self.ends, 4, before)?,
            None => 0,
        };
        core::str::from_utf8(self.texts.get(index(start)..index(end))?).ok()
    }

    /// The id of a text; none when no row has it.
    #[must_use]
    pub fn id_of(self, text: &str) -> Option<u32> {
        let (mut low, mut high) = (0, u32::try_from(self.distinct()).ok()?);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.text(middle)?.as_bytes().cmp(text.as_bytes()) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Equal => return Some(middle),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The id of the text in a row.
    #[must_use]
    pub fn id_at(self, row: u32) -> Option<u32> {
        number(self.ids, self.width, row)
    }

    /// The text in a row.
    #[must_use]
    pub fn text_at(self, row: u32) -> Option<&'a str> {
        self.text(self.id_at(row)?)
    }

    /// Those of `rows`, over which the column is sorted, that have the text `id`.
    fn narrow(self, rows: Range<u32>, id: u32) -> Range<u32> {
        let first = |rows: Range<u32>, is_before: &dyn Fn(u32) -> bool| {
            let (mut low, mut high) = (rows.start, rows.end);
            while low < high {
                let middle = low + (high - low) / 2;
                match self.id_at(middle) {
                    Some(found) if is_before(found) => low = middle + 1,
                    _ => high = middle,
                }
            }
            low
        };
        let start = first(rows.clone(), &|found| found < id);
        // Few rows share a whole key, so the end is near.
        let mut end = start;
        let near = rows.end.min(start.saturating_add(8));
        while end < near && self.id_at(end) == Some(id) {
            end += 1;
        }
        if end == near && end < rows.end {
            end = first(end..rows.end, &|found| found <= id);
        }
        start..end
    }
}

/// The number at `place` of a section of numbers of `width` bytes.
fn number(section: &[u8], width: usize, place: u32) -> Option<u32> {
    let at = index(place).checked_mul(width)?;
    let bytes = section.get(at..)?;
    match width {
        1 => bytes.first().copied().map(u32::from),
        2 => bytes.first_chunk().copied().map(u16::from_le_bytes).map(u32::from),
        _ => bytes.first_chunk().copied().map(u32::from_le_bytes),
    }
}

fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
