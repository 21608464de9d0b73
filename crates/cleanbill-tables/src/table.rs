//! A compiled table: found rows, read cells.

use core::ops::Range;
#[cfg(not(target_family = "wasm"))]
use std::fs::File;
use std::io::{self, Read};
#[cfg(not(target_family = "wasm"))]
use std::path::Path;

use crate::blocks::Blocks;
use crate::bytes::Bytes;
use crate::digest::{BLOCK, SourceMark, digest_of, hex};
use crate::layout::{ColumnSections, HEADER_DIGEST, Header, OpenError, Sections, index};
#[cfg(not(target_family = "wasm"))]
use crate::map::Map;

/// Key of the metadata under which an imported table has its edition: `2026q3`.
pub const EDITION: &str = "edition";

/// Key of the metadata under which a table names two columns of days of which the second lies before the
/// first in no row: `from through`.
pub const ORDERED_DAYS: &str = "ordered_days";

/// Key of the metadata under which an imported table has who publishes it: `CMS`.
pub const AUTHORITY: &str = "authority";

/// A compiled table: each column a sorted dictionary of its texts and one number per row; rows sorted
/// by the key columns, those of equal keys in the order of the source.
///
/// Reads never panic: a number that leads nowhere, as only damaged bytes can hold, gives `None`.
#[derive(Debug)]
pub struct Table {
    bytes: Bytes,
    header: Header,
    sections: Sections,
    /// Of a table whose bytes are checked when they are touched.
    blocks: Option<Blocks>,
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
        Ok(Self { bytes, header, sections, blocks: None })
    }

    /// The table in the file `path`, of which the header alone is checked now and each block of the rest
    /// when it is first touched. What lies in one that is not as it was written is not found, and
    /// [`Table::is_damaged`] tells so from then on.
    ///
    /// # Errors
    /// The outer one when the file cannot be mapped, the inner one when it is no table.
    #[cfg(not(target_family = "wasm"))]
    pub fn map(path: &Path) -> io::Result<Result<Self, OpenError>> {
        let map = Map::of(&File::open(path)?)?;
        Ok(Self::open(Bytes::Mapped(map)).map(|mut table| {
            table.blocks = Some(Blocks::new(table.body(), table.header.blocks.len()));
            table
        }))
    }

    /// Whether bytes were met that are not as they were written, so that rows may be missing from what
    /// was found. Whoever looks rows up in a table of [`Table::map`] asks behind each search.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.blocks.as_ref().is_some_and(Blocks::is_damaged)
    }

    /// SHA-256 of the header, which holds those of all other bytes: it tells any two tables apart.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(self.bytes.all().get(HEADER_DIGEST).unwrap_or_default())
    }

    /// Bytes of the table.
    fn read(&self, range: Range<usize>) -> Option<&[u8]> {
        let bytes = self.bytes.all();
        match &self.blocks {
            Some(blocks) if !blocks.are_whole(bytes, &range, &self.header.blocks) => None,
            _ => bytes.get(range),
        }
    }

    /// The number at `place` of a section of numbers of `width` bytes.
    fn number(&self, section: &Range<usize>, width: usize, place: u32) -> Option<u32> {
        let start = section.start.checked_add(index(place).checked_mul(width)?)?;
        let end = start.checked_add(width).filter(|end| *end <= section.end)?;
        let bytes = self.read(start..end)?;
        match width {
            1 => bytes.first().copied().map(u32::from),
            2 => bytes.first_chunk().copied().map(u16::from_le_bytes).map(u32::from),
            _ => bytes.first_chunk().copied().map(u32::from_le_bytes),
        }
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
        Some(Column { table: self, sections: self.sections.columns.get(place)? })
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
        self.number(&self.sections.lines, 4, row)
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
        let starts = &self.sections.starts;
        let start = self.number(starts, 4, id);
        let end = id.checked_add(1).and_then(|next| self.number(starts, 4, next));
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
    table: &'a Table,
    sections: &'a ColumnSections,
}

impl<'a> Column<'a> {
    /// The different texts with their ids, which are their places in the order of their bytes.
    pub fn dictionary(self) -> impl Iterator<Item = (u32, &'a str)> {
        let mut start = 0;
        (0..).map_while(move |id| {
            let end = self.table.number(&self.sections.ends, 4, id)?;
            let text = self.between(start, end)?;
            start = end;
            Some((id, text))
        })
    }

    /// Number of different texts.
    #[must_use]
    pub fn distinct(self) -> usize {
        self.sections.ends.len() / 4
    }

    /// The text of an id.
    #[must_use]
    pub fn text(self, id: u32) -> Option<&'a str> {
        let end = self.table.number(&self.sections.ends, 4, id)?;
        let start = match id.checked_sub(1) {
            Some(before) => self.table.number(&self.sections.ends, 4, before)?,
            None => 0,
        };
        self.between(start, end)
    }

    /// The text that ends and starts there.
    fn between(self, start: u32, end: u32) -> Option<&'a str> {
        let place = |end: u32| {
            let place = self.sections.texts.start.checked_add(index(end));
            place.filter(|place| *place <= self.sections.texts.end)
        };
        core::str::from_utf8(self.table.read(place(start)?..place(end)?)?).ok()
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
        self.table.number(&self.sections.ids, self.sections.width, row)
    }

    /// The text in a row.
    #[must_use]
    pub fn text_at(self, row: u32) -> Option<&'a str> {
        self.text(self.id_at(row)?)
    }

    /// Those of `rows`, over which the column is sorted, that have the text `id`.
    fn narrow(self, rows: Range<u32>, id: u32) -> Range<u32> {
        let place = |row: u32| {
            let start = index(row).checked_mul(self.sections.width)?;
            self.sections.ids.start.checked_add(start).filter(|at| *at <= self.sections.ids.end)
        };
        let range = place(rows.start).zip(place(rows.end));
        // Checked as a whole: one look at the blocks, not one for each step of the search.
        let found = range.and_then(|(start, end)| {
            let ids = self.table.read(start..end)?;
            let found = match self.sections.width {
                1 => with_id(ids, |[byte]: &[u8; 1]| u32::from(*byte), id),
                2 => with_id(ids, |bytes: &[u8; 2]| u16::from_le_bytes(*bytes).into(), id),
                _ => with_id(ids, |bytes: &[u8; 4]| u32::from_le_bytes(*bytes), id),
            };
            let row = |at: usize| rows.start.checked_add(u32::try_from(at).ok()?);
            Some(row(found.start)?..row(found.end)?)
        });
        found.unwrap_or(rows.start..rows.start)
    }
}

/// Places of those of the sorted numbers in `bytes` that are `id`.
fn with_id<const WIDTH: usize>(
    bytes: &[u8],
    number: impl Fn(&[u8; WIDTH]) -> u32,
    id: u32,
) -> Range<usize> {
    let (numbers, _) = bytes.as_chunks::<WIDTH>();
    let start = numbers.partition_point(|bytes| number(bytes) < id);
    // Few rows share a whole key, so the end is near.
    let behind = numbers.get(start..).unwrap_or_default();
    let near = behind.iter().take(8).take_while(|bytes| number(bytes) == id).count();
    let count = match near {
        8 => behind.partition_point(|bytes| number(bytes) <= id),
        near => near,
    };
    start..start + count
}

fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
