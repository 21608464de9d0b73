//! `json`: the records of `ndjson` as one JSON document.

use std::io::{self, Write};

use cleanbill_model::InputError;

use crate::record::{
    Document, FaultRecord, FindingRecord, InputErrorRecord, SummaryRecord, VersionNoteRecord,
};
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;
use crate::version_note::VersionNote;

/// Writes `{"schema":1,"records":[…]}` with the records of [`crate::NdjsonReport`], streamed.
pub struct JsonReport<W>(Document<W>);

impl<W: Write> JsonReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W) -> Self {
        Self(Document::new(out))
    }
}

impl<W: Write> Report for JsonReport<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.0.begin()
    }

    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        for finding in judged.findings {
            self.0.record(&FindingRecord::new(judged.file, judged.claim, finding))?;
        }
        for fault in judged.faults {
            self.0.record(&FaultRecord::new(judged.file, judged.claim, fault))?;
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.0.record(&InputErrorRecord::new(file, error))
    }

    fn version(&mut self, file: &str, note: &VersionNote) -> io::Result<()> {
        self.0.record(&VersionNoteRecord::new(file, note))
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.0.record(&SummaryRecord::new(summary))?;
        self.0.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ndjson::NdjsonReport;
    use crate::sample;

    #[test]
    fn the_document_holds_the_same_records_as_the_lines() {
        let document: serde_json::Value =
            serde_json::from_str(&sample::render(JsonReport::new)).unwrap();
        let lines: Vec<serde_json::Value> = sample::render(NdjsonReport::new)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(document["schema"], 1);
        assert_eq!(document["records"], serde_json::Value::Array(lines));
    }
}
