//! A table as CSV: names of columns, then its rows.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::RowSink;

/// Writes rows as CSV.
pub struct CsvSink<W: Write> {
    out: csv::Writer<Digested<W>>,
    failed: Option<io::Error>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

impl<W: Write> CsvSink<W> {
    /// A table with these columns.
    pub fn new(out: W, columns: &[String]) -> Self {
        let out = Digested { out, hash: Sha256::new(), bytes: 0 };
        let mut out = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        let failed = out.write_record(columns).err().map(reason);
        Self { out, failed }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// The first reason why something could not be written.
    pub fn finish(mut self) -> io::Result<Written> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.out.flush()?;
        let digested = self.out.into_inner().map_err(|error| error.into_error())?;
        let sha256 = digested.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Written { bytes: digested.bytes, sha256 })
    }
}

impl<W: Write> RowSink for CsvSink<W> {
    fn row(&mut self, _line: u64, cells: &[&str]) {
        if self.failed.is_none() {
            self.failed = self.out.write_record(cells).err().map(reason);
        }
    }
}

/// The system's reason, which `csv` wraps.
fn reason(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(reason) => reason,
        other => io::Error::other(format!("{other:?}")),
    }
}

struct Digested<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        let done = bytes.get(..written).unwrap_or_default();
        self.hash.update(done);
        self.bytes += u64::try_from(done.len()).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_quoted_where_needed_and_the_digest_is_over_what_was_written() {
        let mut bytes = Vec::new();
        let mut sink = CsvSink::new(&mut bytes, &["code".to_owned(), "rationale".to_owned()]);
        sink.row(7, &["00100", "a, \"b\""]);
        let written = sink.finish().unwrap();
        assert_eq!(bytes, b"code,rationale\n00100,\"a, \"\"b\"\"\"\n");
        assert_eq!(written.bytes, 32);
        let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(written.sha256, digest);
    }

    #[test]
    fn a_full_disk_is_told_at_the_end() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut sink = CsvSink::new(Full, &["code".to_owned()]);
        let long = "x".repeat(1 << 17);
        sink.row(1, &[&long]);
        assert_eq!(sink.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
