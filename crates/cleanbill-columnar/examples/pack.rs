//! Makes Parquet, Arrow, gzip and zstd of a CSV file without quotes, for the benchmark: `pack LINES.csv`.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Int32Array, RecordBatch, StringArray};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{Field, Schema};
use cleanbill_model::ServiceDate;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Rows of a batch.
const BATCH: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a CSV file")?;
    let path = Path::new(&path);
    let text = fs::read_to_string(path)?;
    let mut gzip = flate2::write::GzEncoder::new(
        File::create(path.with_extension("csv.gz"))?,
        flate2::Compression::default(),
    );
    gzip.write_all(text.as_bytes())?;
    gzip.finish()?;
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let zstd = ruzstd::encoding::compress_to_vec(text.as_bytes(), level);
    fs::write(path.with_extension("csv.zst"), zstd)?;

    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().ok_or("the file is empty")?.split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let first = batch(&names, rows.get(..1).unwrap_or_default())?;
    let properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
    let parquet = File::create(path.with_extension("parquet"))?;
    let mut parquet = ArrowWriter::try_new(parquet, first.schema(), Some(properties.build()))?;
    let mut arrow =
        FileWriter::try_new(File::create(path.with_extension("arrow"))?, &first.schema())?;
    for rows in rows.chunks(BATCH) {
        let batch = batch(&names, rows)?;
        parquet.write(&batch)?;
        arrow.write(&batch)?;
    }
    parquet.close()?;
    arrow.finish()?;
    Ok(())
}

/// Rows in columns: days are days, amounts are decimals, numbers are numbers.
fn batch(names: &[&str], rows: &[Vec<&str>]) -> Result<RecordBatch, Box<dyn Error>> {
    let mut columns: Vec<(Field, ArrayRef)> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let cells = || rows.iter().map(|row| row.get(at).copied().unwrap_or_default());
        let column: ArrayRef = if name.ends_with("_date") {
            let start = ServiceDate::from_unix_days(0)?;
            let days = cells().map(|cell| {
                ServiceDate::parse_iso(cell.as_bytes()).map(|day| start.days_until(day))
            });
            Arc::new(Date32Array::from(days.collect::<Result<Vec<i32>, _>>()?))
        } else if name.ends_with("_amount") {
            let cents = cells().map(|cell| cell.replace('.', "").parse());
            let cents = Decimal128Array::from(cents.collect::<Result<Vec<i128>, _>>()?);
            Arc::new(cents.with_precision_and_scale(18, 2)?)
        } else if name.ends_with("_number") || name.ends_with("_quantity") {
            let numbers = cells().map(str::parse);
            Arc::new(Int32Array::from(numbers.collect::<Result<Vec<i32>, _>>()?))
        } else {
            Arc::new(
                cells()
                    .map(|cell| Some(cell).filter(|cell| !cell.is_empty()))
                    .collect::<StringArray>(),
            )
        };
        columns.push((Field::new(*name, column.data_type().clone(), true), column));
    }
    let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}
