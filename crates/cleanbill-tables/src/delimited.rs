//! A CSV file to a compiled table.

use csv::StringRecord;

use crate::build::{BuildError, TableBuilder};
use crate::digest::SourceMark;
use crate::row::RowSink as _;
use crate::table::Table;

/// Why a CSV file makes no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// The line with the names of the columns cannot be read.
    #[error("its first line cannot be read: {0}")]
    Header(String),
    /// Rows lack cells or have too many, or there are no rows.
    #[error("rows do not have the cells of the header, or there are none")]
    Rows {
        /// Names of the columns.
        columns: Vec<String>,
        /// Lines, from 1, on which rows begin that do not have one cell for each column.
        wrong: Vec<u64>,
        /// Whether no row is left.
        is_empty: bool,
    },
    /// It does not fit.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Compiles the rows of a CSV text, sorted by the columns `key`.
///
/// A byte order mark, line ends of Windows and blanks around cells are dropped. A key column that the
/// header does not name is left out: [`Table::key`] has those that it names.
///
/// # Errors
/// [`CsvError`], with every row that is wrong.
pub fn read_csv(text: &str, key: &[String]) -> Result<Table, CsvError> {
    /// Bytes from which a second thread is worth its start.
    const LARGE: usize = 1 << 20;
    std::thread::scope(|scope| {
        // Hashing takes a fifth of the time of reading; beside it, it costs nothing where a core is free.
        let mark = || SourceMark::of(text.as_bytes());
        let hashing = (text.len() >= LARGE)
            .then(|| std::thread::Builder::new().spawn_scoped(scope, mark).ok())
            .flatten();
        let mut builder = read(text, key)?;
        let hashed = hashing.and_then(|hashing| hashing.join().ok());
        builder.made_of(hashed.unwrap_or_else(mark));
        Ok(builder.finish()?)
    })
}

fn read(text: &str, key: &[String]) -> Result<TableBuilder, CsvError> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
    // Rows of another length are found here, so that all of them can be told.
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).buffer_capacity(1 << 16).from_reader(body);
    let header = reader.headers().map_err(|error| CsvError::Header(error.to_string()))?;
    let columns: Vec<String> = header.iter().map(|cell| cell.trim().to_owned()).collect();
    let names = || columns.iter().map(String::as_str);
    let known = key.iter().map(String::as_str).filter(|name| names().any(|column| column == *name));
    let mut builder = TableBuilder::new(names(), known)?;
    let (mut wrong, mut is_empty) = (Vec::new(), true);
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(CsvError::Header(error.to_string())),
        }
        let line = first_line(&record, body);
        if record.len() != columns.len() {
            wrong.push(line);
            continue;
        }
        is_empty = false;
        with_cells(&record, |cells| builder.row(line, cells));
    }
    match wrong.is_empty() && !is_empty {
        true => Ok(builder),
        false => Err(CsvError::Rows { columns, wrong, is_empty }),
    }
}

/// The line on which a record begins. The reader's own position may lie before the end of the line
/// above it, and before empty lines.
fn first_line(record: &StringRecord, body: &[u8]) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = body.get(from..).unwrap_or_default().iter();
    let ends = rest.take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + ends.map(|byte| u64::from(*byte == b'\n')).sum::<u64>()
}

/// Hands on the cells of a record without the blanks around them.
fn with_cells(record: &StringRecord, take: impl FnOnce(&[&str])) {
    /// Tables of more columns pay for a list of their cells.
    const FEW: usize = 16;
    let mut few = [""; FEW];
    let many: Vec<&str>;
    let cells = match few.get_mut(..record.len()) {
        Some(cells) => {
            for (slot, cell) in cells.iter_mut().zip(record) {
                *slot = trimmed(cell);
            }
            &*cells
        }
        None => {
            many = record.iter().map(trimmed).collect();
            &many
        }
    };
    take(cells);
}

fn trimmed(cell: &str) -> &str {
    let is_ink = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    match is_ink(cell.as_bytes().first()) && is_ink(cell.as_bytes().last()) {
        true => cell,
        false => cell.trim(),
    }
}
