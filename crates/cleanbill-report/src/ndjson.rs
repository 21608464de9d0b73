//! `ndjson`: one JSON record a line, the summary last.

use std::io::{self, Write};

use cleanbill_model::InputError;
use serde::Serialize;

use crate::record::{
    FaultRecord, FindingRecord, InputErrorRecord, SummaryRecord, VersionNoteRecord, write_record,
};
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;
use crate::version_note::VersionNote;

/// Writes one JSON record a line: findings, faults and input errors as they come, the summary last.
pub struct NdjsonReport<W> {
    out: W,
}

impl<W: Write> NdjsonReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }

    fn record(&mut self, record: &impl Serialize) -> io::Result<()> {
        write_record(&mut self.out, record)?;
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Report for NdjsonReport<W> {
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

    fn version(&mut self, file: &str, note: &VersionNote) -> io::Result<()> {
        self.record(&VersionNoteRecord::new(file, note))
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.record(&SummaryRecord::new(summary))?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_record_is_one_line_of_json_and_the_summary_comes_last() {
        let text = sample::render(NdjsonReport::new);
        let kinds: Vec<String> = text
            .lines()
            .map(|line| {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                assert_eq!(record["schema"], 1);
                record["type"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(
            kinds,
            [
                "finding",
                "finding",
                "finding",
                "finding",
                "finding",
                "fault",
                "input_error",
                "input_error",
                "summary"
            ]
        );
        sample::snapshot("ndjson", &text);
    }

    #[test]
    fn no_name_member_id_or_birth_date_gets_into_a_record() {
        let text = sample::render(NdjsonReport::new);
        assert!(!text.contains(sample::CANARY));
    }
}
