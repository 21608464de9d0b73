//! An Arrow file or stream as a table of service lines.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{MessageHeader, root_as_message};
use arrow_schema::SchemaRef;
use cleanbill_intake::{LineTable, TableColumn, TableRow, TableStep};
use cleanbill_model::Location;

use super::directory::{self, Directory};
use super::message::{Message, Messages};
use crate::cells::{Rows, holds};
use crate::guard::guarded;
use crate::problem::{AGAIN, Failure};
use crate::share::Shares;

/// Bytes of a file for marks and padding, within a few hundred of each writer that is known.
const SPARE: u64 = 1024;

/// Reads an Arrow file or stream.
pub(crate) struct ArrowTable {
    messages: Messages,
    size: u64,
    /// Batches that the directory of a file names; a stream has none.
    batches: Option<usize>,
    /// Bytes of a file that may be in no message.
    spare: Option<u64>,
    schema: SchemaRef,
    columns: Vec<TableColumn>,
    selected: Vec<usize>,
    dictionaries: HashMap<i64, ArrayRef>,
    /// Place of the next byte that is told.
    told: u64,
    in_messages: u64,
    rows_given: u64,
    batch: usize,
    rows: Option<(Rows, Shares)>,
    ended: bool,
}

impl ArrowTable {
    /// Opens `file`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn open(file: File, size: u64) -> Result<Self, Failure> {
        let mut spare = None;
        let (messages, schema, batches) = match directory::read(&file, size)? {
            Some(Directory { schema, starts, batches, length }) => {
                // What is in no message: the schema in front of them, the directory, marks and padding.
                spare = Some(2 * length + SPARE);
                (Messages::new(file, size, Some(starts))?, schema, Some(batches))
            }
            None => {
                let mut messages = Messages::new(file, size, None)?;
                let first = messages.next()?;
                let described =
                    first.as_ref().and_then(|first| root_as_message(&first.metadata).ok());
                let schema = described.and_then(|described| described.header_as_schema());
                let damaged = || Failure::damaged("the schema of the stream cannot be read");
                (messages, schema.and_then(directory::checked).ok_or_else(damaged)?, None)
            }
        };
        let columns = schema.fields().iter().map(|field| TableColumn {
            name: field.name().clone(),
            holds: holds(field.data_type()),
        });
        Ok(Self {
            columns: columns.collect(),
            messages,
            size,
            batches,
            spare,
            schema: Arc::new(schema),
            selected: Vec::new(),
            dictionaries: HashMap::new(),
            told: 0,
            in_messages: 0,
            rows_given: 0,
            batch: 0,
            rows: None,
            ended: false,
        })
    }

    fn step(&mut self, row: &mut TableRow) -> Result<TableStep, Failure> {
        while !self.ended {
            let Some((rows, shares)) = &mut self.rows else {
                match self.messages.next()? {
                    Some(message) => self.take(&message)?,
                    None => return self.end(),
                }
                continue;
            };
            if shares.start() > self.told {
                let before = shares.start() - self.told;
                self.told = shares.start();
                return Ok(TableStep::Envelope(before));
            }
            if rows.read(row) {
                let count = || Failure::damaged("a batch has more rows than it says");
                let (offset, bytes) = shares.take().ok_or_else(count)?;
                self.told = offset + bytes;
                self.rows_given += 1;
                let segment = u32::try_from(self.batch).unwrap_or(u32::MAX);
                let location = Location { offset, line: self.rows_given, segment };
                return Ok(TableStep::Row { location, bytes });
            }
            self.rows = None;
        }
        Ok(TableStep::End)
    }

    /// Takes a message in.
    fn take(&mut self, message: &Message) -> Result<(), Failure> {
        self.in_messages += message.place.end - message.place.start;
        let damaged = || Failure::damaged("a batch cannot be read");
        let described = root_as_message(&message.metadata).map_err(|_| damaged())?;
        let version = described.version();
        let (schema, dictionaries) = (&self.schema, &mut self.dictionaries);
        match described.header_type() {
            MessageHeader::DictionaryBatch => {
                let batch = described.header_as_dictionary_batch().ok_or_else(damaged)?;
                let read = || read_dictionary(&message.body, batch, schema, dictionaries, &version);
                guarded(read).and_then(Result::ok).ok_or_else(damaged)
            }
            MessageHeader::RecordBatch => {
                let batch = described.header_as_record_batch().ok_or_else(damaged)?;
                let selected = Some(self.selected.as_slice());
                let read = guarded(|| {
                    let schema = schema.clone();
                    let (body, dictionaries) = (&message.body, &*dictionaries);
                    let batch =
                        read_record_batch(body, batch, schema, dictionaries, selected, &version);
                    let batch = batch.ok()?;
                    Some((Rows::new(batch.columns(), batch.num_rows(), &[])?, batch.num_rows()))
                });
                let (rows, count) = read.flatten().ok_or_else(damaged)?;
                self.batch += 1;
                let count = u64::try_from(count).map_err(|_| damaged())?;
                if message.place.start < self.told {
                    let message = "batches do not follow one another within the file";
                    return Err(Failure::Refused(message.to_owned(), AGAIN));
                }
                if count > 0 {
                    self.rows = Some((rows, Shares::new(message.place.clone(), count)));
                }
                Ok(())
            }
            _ => Err(Failure::damaged("a message of another kind stands among batches")),
        }
    }

    /// Ends the stream: a file must have had the batches that its directory names, a stream nothing behind.
    fn end(&mut self) -> Result<TableStep, Failure> {
        match self.batches {
            Some(batches) if batches != self.batch => {
                return Err(Failure::damaged("the file has not the batches that its end names"));
            }
            // An end that lost the list of its batches would pass for one of an empty table.
            Some(_) if self.spare.is_some_and(|spare| self.size - self.in_messages > spare) => {
                return Err(Failure::damaged("the file has more in it than its end names"));
            }
            None if self.messages.at() != self.size => {
                return Err(Failure::damaged("something stands behind the end of the stream"));
            }
            _ => {}
        }
        let rest = self.size.saturating_sub(self.told);
        (self.ended, self.told) = (true, self.size);
        Ok(if rest == 0 { TableStep::End } else { TableStep::Envelope(rest) })
    }
}

impl LineTable for ArrowTable {
    fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    fn select(&mut self, columns: &[usize]) {
        self.selected = columns.to_vec();
    }

    fn next(&mut self, row: &mut TableRow) -> io::Result<TableStep> {
        self.step(row).or_else(|failure| {
            let segment = u32::try_from(self.batch).unwrap_or(u32::MAX);
            let place = Location { offset: self.told, line: self.rows_given + 1, segment };
            let lost = self.told..self.size;
            (self.told, self.ended, self.rows) = (self.size, true, None);
            failure.told(place, lost).map(TableStep::Damaged)
        })
    }

    fn size(&self) -> u64 {
        self.size
    }
}

impl fmt::Debug for ArrowTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ArrowTable")
    }
}
