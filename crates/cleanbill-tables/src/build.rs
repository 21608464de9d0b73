//! Rows to a compiled table.

use core::cmp::Ordering;

use crate::bytes::Bytes;
use crate::digest::{BLOCK, SourceMark, digest_of};
use crate::intern::Interner;
use crate::layout::{ColumnHeader, Header, OpenError, index, width};
use crate::row::RowSink;
use crate::table::Table;

/// Why rows make no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A key column is none of the columns.
    #[error("there is no column `{name}` to sort by")]
    UnknownKey {
        /// Its name.
        name: String,
    },
    /// A row does not have one cell for each column.
    #[error("row {line} does not have one cell for each column")]
    Cells {
        /// Line of the source on which it begins.
        line: u64,
    },
    /// There are more rows, lines or texts than a table can hold: 4,294,967,295.
    #[error("it has more rows than a table can hold")]
    TooLarge,
}

/// Takes rows and makes a [`Table`] of them.
#[derive(Debug)]
pub struct TableBuilder {
    columns: Vec<Values>,
    key: Vec<u32>,
    lines: Vec<u32>,
    metadata: Vec<(String, String)>,
    source: SourceMark,
    fault: Option<BuildError>,
}

/// The cells of one column.
#[derive(Debug)]
struct Values {
    name: String,
    texts: Interner,
    ids: Vec<u32>,
}

impl TableBuilder {
    /// A table with these columns, sorted by those of them in `key`.
    ///
    /// # Errors
    /// [`BuildError::UnknownKey`].
    pub fn new<'a>(
        columns: impl IntoIterator<Item = &'a str>,
        key: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, BuildError> {
        let columns: Vec<Values> = columns
            .into_iter()
            .map(|name| Values {
                name: name.to_owned(),
                texts: Interner::default(),
                ids: Vec::new(),
            })
            .collect();
        let place = |name: &str| {
            let found = columns.iter().position(|column| column.name == name);
            found
                .and_then(|place| u32::try_from(place).ok())
                .ok_or_else(|| BuildError::UnknownKey { name: name.to_owned() })
        };
        let key = key.into_iter().map(place).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            columns,
            key,
            lines: Vec::new(),
            metadata: Vec::new(),
            source: SourceMark::default(),
            fault: None,
        })
    }

    /// Says something of the table, to be found again under `key`.
    pub fn note(&mut self, key: &str, value: &str) {
        self.metadata.push((key.to_owned(), value.to_owned()));
    }

    /// Says which file the rows come from.
    pub const fn made_of(&mut self, source: SourceMark) {
        self.source = source;
    }

    /// The table.
    ///
    /// # Errors
    /// [`BuildError`] when a row was wrong or there were too many.
    pub fn finish(self) -> Result<Table, BuildError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let rows = u32::try_from(self.lines.len()).map_err(|_| BuildError::TooLarge)?;
        let mut header = Header {
            rows,
            source: self.source,
            key: self.key,
            metadata: self.metadata,
            ..Header::default()
        };
        let columns: Vec<Sorted> = self.columns.into_iter().map(Values::sorted).collect();
        for column in &columns {
            let text_bytes = column.texts.iter().map(|text| text.len()).sum::<usize>();
            header.columns.push(ColumnHeader {
                name: column.name.clone(),
                texts: u32::try_from(column.texts.len()).map_err(|_| BuildError::TooLarge)?,
                text_bytes: u32::try_from(text_bytes).map_err(|_| BuildError::TooLarge)?,
            });
        }
        let key: Vec<&Sorted> =
            header.key.iter().filter_map(|key| columns.get(index(*key))).collect();
        let order = order(&key, self.lines.len());
        let mut body = Body::default();
        for column in &columns {
            column.write(&order, &mut body);
        }
        match &order {
            None => self.lines.iter().for_each(|line| body.put(*line, 4)),
            Some(order) => order
                .iter()
                .filter_map(|row| self.lines.get(index(*row)))
                .for_each(|line| body.put(*line, 4)),
        }
        body.pad();
        if let Some(first) = key.first() {
            first.write_starts(&mut body);
        }
        header.blocks = body.0.chunks(BLOCK).map(|block| digest_of(&[block])).collect();
        let mut bytes = header.encode(body.0.len());
        bytes.reserve_exact(body.0.len());
        bytes.append(&mut body.0);
        // What does not open again was too large for its own header.
        Table::open(Bytes::Owned(bytes)).map_err(|_: OpenError| BuildError::TooLarge)
    }
}

impl Table {
    /// The same rows sorted by other columns.
    ///
    /// # Errors
    /// [`BuildError::UnknownKey`].
    pub fn sorted_by(&self, key: &[&str]) -> Result<Self, BuildError> {
        let mut builder = TableBuilder::new(self.columns(), key.iter().copied())?;
        builder.made_of(self.source());
        let columns: Vec<_> = (0..).map_while(|place| self.column_at(place)).collect();
        let order = self.source_order();
        for place in 0..self.len() {
            let row = order.as_ref().and_then(|rows| rows.get(index(place))).copied();
            let row = row.unwrap_or(place);
            let cells: Vec<&str> =
                columns.iter().map(|column| column.text_at(row).unwrap_or_default()).collect();
            builder.row(self.source_line(row).unwrap_or_default().into(), &cells);
        }
        builder.finish()
    }
}

impl RowSink for TableBuilder {
    fn row(&mut self, line: u64, cells: &[&str]) {
        let Ok(short) = u32::try_from(line) else {
            self.fault.get_or_insert(BuildError::TooLarge);
            return;
        };
        if cells.len() != self.columns.len() {
            self.fault.get_or_insert(BuildError::Cells { line });
            return;
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match column.texts.id(cell) {
                Some(id) => column.ids.push(id),
                None => _ = self.fault.get_or_insert(BuildError::TooLarge),
            }
        }
        self.lines.push(short);
    }
}

/// A column whose ids follow the order of their texts.
struct Sorted {
    name: String,
    texts: Vec<Box<str>>,
    ids: Vec<u32>,
}

impl Values {
    fn sorted(self) -> Sorted {
        let Self { name, texts, mut ids } = self;
        let mut texts: Vec<(Box<str>, u32)> = texts.into_texts().into_iter().zip(0..).collect();
        texts.sort_unstable();
        let mut ranks = vec![0; texts.len()];
        for ((_, id), rank) in texts.iter().zip(0..) {
            if let Some(slot) = ranks.get_mut(index(*id)) {
                *slot = rank;
            }
        }
        for id in &mut ids {
            *id = ranks.get(index(*id)).copied().unwrap_or_default();
        }
        Sorted { name, texts: texts.into_iter().map(|(text, _)| text).collect(), ids }
    }
}

impl Sorted {
    fn at(&self, row: u32) -> u32 {
        self.ids.get(index(row)).copied().unwrap_or_default()
    }

    fn write(&self, order: &Option<Vec<u32>>, body: &mut Body) {
        let mut end = 0;
        for text in &self.texts {
            end += u32::try_from(text.len()).unwrap_or_default();
            body.put(end, 4);
        }
        body.pad();
        self.texts.iter().for_each(|text| body.0.extend(text.as_bytes()));
        body.pad();
        let width = width(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        match order {
            None => self.ids.iter().for_each(|id| body.put(*id, width)),
            Some(order) => order.iter().for_each(|row| body.put(self.at(*row), width)),
        }
        body.pad();
    }

    /// The first row of each text, and the end of the last.
    fn write_starts(&self, body: &mut Body) {
        let mut counts = vec![0_u32; self.texts.len()];
        for id in &self.ids {
            if let Some(count) = counts.get_mut(index(*id)) {
                *count += 1;
            }
        }
        let mut start = 0;
        body.put(start, 4);
        for count in counts {
            start += count;
            body.put(start, 4);
        }
        body.pad();
    }
}

/// The rows in the order of the key; none when they are in order already, as rows of a published
/// table are.
fn order(key: &[&Sorted], rows: usize) -> Option<Vec<u32>> {
    let rows = u32::try_from(rows).unwrap_or(u32::MAX);
    let compare = |a: u32, b: u32| {
        let differing = key.iter().map(|column| column.at(a).cmp(&column.at(b)));
        differing.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    if (1..rows).all(|row| compare(row - 1, row).is_le()) {
        return None;
    }
    let mut order: Vec<u32> = (0..rows).collect();
    order.sort_by(|a, b| compare(*a, *b));
    Some(order)
}

/// The sections on their way.
#[derive(Default)]
struct Body(Vec<u8>);

impl Body {
    fn put(&mut self, number: u32, width: usize) {
        let bytes = number.to_le_bytes();
        self.0.extend(bytes.get(..width).unwrap_or(&bytes));
    }

    fn pad(&mut self) {
        let length = self.0.len().next_multiple_of(8);
        self.0.resize(length, 0);
    }
}
