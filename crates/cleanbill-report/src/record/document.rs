//! Records as one JSON document, `{"schema":1,"records":[…]}`, streamed.

use std::io::{self, Write};

use serde::Serialize;

use super::write_record;

/// A document that is being written.
pub(crate) struct Document<W> {
    out: W,
    separator: &'static str,
}

impl<W: Write> Document<W> {
    pub(crate) const fn new(out: W) -> Self {
        Self { out, separator: "\n" }
    }

    pub(crate) fn begin(&mut self) -> io::Result<()> {
        self.out.write_all(b"{\"schema\":1,\"records\":[")
    }

    pub(crate) fn record(&mut self, record: &impl Serialize) -> io::Result<()> {
        self.out.write_all(self.separator.as_bytes())?;
        self.separator = ",\n";
        write_record(&mut self.out, record)
    }

    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}
