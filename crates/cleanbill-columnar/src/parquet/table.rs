//! A Parquet file as a table of service lines.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Fields, Schema};
use cleanbill_intake::{LineTable, TableColumn, TableRow, TableStep};
use cleanbill_model::Location;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_schema};
use parquet::basic::Type;
use parquet::file::metadata::ParquetMetaData;

use super::{footer, pages};
use crate::cells::{Rows, holds};
use crate::guard::guarded;
use crate::problem::Failure;
use crate::share::Shares;

/// Reads a Parquet file.
pub(crate) struct ParquetTable {
    file: File,
    size: u64,
    columns: Vec<TableColumn>,
    opened: Opened,
    ended: bool,
    /// Place of the next byte that is told.
    told: u64,
    rows_given: u64,
    group: usize,
    reading: Option<Reading>,
}

/// A file whose end could be read.
struct Opened {
    metadata: ArrowReaderMetadata,
    extents: Vec<Range<u64>>,
    /// The selected columns: places at the top of the schema, and among all leaves.
    roots: Vec<usize>,
    leaves: Vec<usize>,
    /// Of which selected columns days are moments without a zone that is known.
    moments: Vec<bool>,
}

/// A row group on the way.
struct Reading {
    batches: ParquetRecordBatchReader,
    rows: Option<Rows>,
    shares: Shares,
}

impl ParquetTable {
    /// Opens `file`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn open(file: File, size: u64) -> Result<Self, Failure> {
        let (columns, opened) = Opened::new(&file, size)?;
        let (told, rows_given, group, reading, ended) = (0, 0, 0, None, false);
        Ok(Self { file, size, columns, opened, ended, told, rows_given, group, reading })
    }

    fn step(&mut self, row: &mut TableRow) -> Result<TableStep, Failure> {
        if self.ended {
            return Ok(TableStep::End);
        }
        let opened = &self.opened;
        loop {
            if let Some(reading) = &mut self.reading {
                if let Some(rows) = &mut reading.rows
                    && rows.read(row)
                {
                    let (offset, bytes) = reading.shares.take().ok_or_else(other_count)?;
                    self.told = offset + bytes;
                    self.rows_given += 1;
                    let segment = u32::try_from(self.group).unwrap_or(u32::MAX);
                    let location = Location { offset, line: self.rows_given, segment };
                    return Ok(TableStep::Row { location, bytes });
                }
                reading.rows = reading.next(&opened.moments)?;
                if reading.rows.is_some() {
                    continue;
                }
                if !reading.shares.are_taken() {
                    return Err(other_count());
                }
                self.reading = None;
            }
            let Some(extent) = opened.extents.get(self.group).cloned() else {
                let rest = self.size.saturating_sub(self.told);
                self.told = self.size;
                return Ok(if rest == 0 { TableStep::End } else { TableStep::Envelope(rest) });
            };
            if extent.start > self.told {
                let between = extent.start - self.told;
                self.told = extent.start;
                return Ok(TableStep::Envelope(between));
            }
            self.reading = opened.read(&self.file, self.group, extent)?;
            self.group += 1;
        }
    }
}

fn other_count() -> Failure {
    Failure::damaged("a row group has more or fewer rows than the file says")
}

impl Opened {
    fn new(file: &File, size: u64) -> Result<(Vec<TableColumn>, Self), Failure> {
        let metadata = footer::read(file, size)?;
        let extents = footer::extents(&metadata, size)?;
        let schema = guarded(|| typed(metadata));
        let damaged = || Failure::damaged("the schema of the file cannot be read");
        let metadata = schema.flatten().ok_or_else(damaged)?;
        let columns = metadata.schema().fields().iter().map(|field| TableColumn {
            name: field.name().clone(),
            holds: holds(field.data_type()),
        });
        let columns = columns.collect();
        let (roots, leaves, moments) = (Vec::new(), Vec::new(), Vec::new());
        Ok((columns, Self { metadata, extents, roots, leaves, moments }))
    }

    fn select(&mut self, columns: &[usize]) {
        let leaves = self.metadata.parquet_schema();
        self.roots = columns.to_vec();
        let leaf = |root: &usize| {
            (0..leaves.num_columns()).find(|leaf| leaves.get_column_root_idx(*leaf) == *root)
        };
        self.leaves = columns.iter().filter_map(leaf).collect();
        let moment = |leaf: &usize| leaves.column(*leaf).physical_type() == Type::INT96;
        self.moments = self.leaves.iter().map(moment).collect();
    }

    /// Opens a row group; `None` for one without rows.
    fn read(
        &self,
        file: &File,
        group: usize,
        extent: Range<u64>,
    ) -> Result<Option<Reading>, Failure> {
        let Some(described) = self.metadata.metadata().row_groups().get(group) else {
            return Ok(None);
        };
        let count = u64::try_from(described.num_rows()).map_err(|_| other_count())?;
        let rows = pages::batch_rows(file, described, &self.leaves)?;
        let (file, metadata) = (file.try_clone()?, self.metadata.clone());
        let mask =
            ProjectionMask::roots(self.metadata.parquet_schema(), self.roots.iter().copied());
        let built = guarded(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
                .with_row_groups(vec![group])
                .with_projection(mask)
                .with_batch_size(rows)
                .build()
        });
        let what = "a row group cannot be read";
        let batches = match built {
            Some(Ok(batches)) => batches,
            Some(Err(error)) => return Err(Failure::of(what, &error)),
            None => return Err(Failure::damaged(what)),
        };
        Ok(Some(Reading { batches, rows: None, shares: Shares::new(extent, count) }))
    }
}

impl Reading {
    /// The rows of the next batch.
    fn next(&mut self, moments: &[bool]) -> Result<Option<Rows>, Failure> {
        let what = "a page cannot be read";
        let batches = &mut self.batches;
        let batch: RecordBatch = match guarded(|| batches.next()) {
            Some(None) => return Ok(None),
            Some(Some(Ok(batch))) => batch,
            Some(Some(Err(error))) => return Err(Failure::of(what, &error)),
            None => return Err(Failure::damaged(what)),
        };
        let rows = Rows::new(batch.columns(), batch.num_rows(), moments);
        rows.map(Some).ok_or_else(|| Failure::damaged(what))
    }
}

/// The schema as the file has it, whatever a writer noted beside it, with texts that share the memory of their
/// page: a text that a dictionary has once and a batch four thousand times must not take its size each time.
fn typed(metadata: ParquetMetaData) -> Option<ArrowReaderMetadata> {
    let own = parquet_to_arrow_schema(metadata.file_metadata().schema_descr(), None).ok()?;
    let fields: Fields = own.fields().iter().map(|field| shared(field)).collect();
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    ArrowReaderMetadata::try_new(Arc::new(metadata), options).ok()
}

fn shared(field: &Field) -> Field {
    let kind = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        other => other.clone(),
    };
    field.clone().with_data_type(kind)
}

impl LineTable for ParquetTable {
    fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    fn select(&mut self, columns: &[usize]) {
        self.opened.select(columns);
    }

    fn next(&mut self, row: &mut TableRow) -> io::Result<TableStep> {
        self.step(row).or_else(|failure| {
            let segment = u32::try_from(self.group).unwrap_or(u32::MAX);
            let place = Location { offset: self.told, line: self.rows_given + 1, segment };
            let lost = self.told..self.size;
            self.told = self.size;
            self.reading = None;
            self.ended = true;
            failure.told(place, lost).map(TableStep::Damaged)
        })
    }

    fn size(&self) -> u64 {
        self.size
    }
}

impl fmt::Debug for ParquetTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParquetTable")
    }
}
