//! `json`: the records of `ndjson` as one JSON document.

use std::io::{self, Write};

use cleanbill_model::InputError;
use serde::Serialize;

use crate::record::{FaultRecord, FindingRecord, InputErrorRecord, SummaryRecord, write_record};
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Writes `{"schema":1,"records":[…]}` with the records of [`crate::NdjsonReport`], streamed.
pub struct JsonReport<W> {
    out: W,
    separator: &'static str,
}

impl<W: Write> JsonReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, separator: "\n" }
    }

    fn record(&mut self, record: &impl Serialize) -> io::Result<()> {
        self.out.write_all(self.separator.as_bytes())?;
        self.separator = ",\n";
        write_record(&mut self.out, record)
    }
}

impl<W: Write> Report for JsonReport<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.out.write_all(b"{\"schema\":1,\"records\":[")
    }

    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        for finding in judged.findings {
            self.record(&FindingRecord::new(judged.file, judged.claim, finding))?;
        }
        for fault in judged.faults {
            self.record(&FaultRecord::new(judged.file, judged.claim, fault))?;
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.record(&InputErrorRecord::new(file, error))
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.record(&SummaryRecord::new(summary))?;
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
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
