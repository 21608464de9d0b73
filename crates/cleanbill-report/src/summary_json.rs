//! `summary.json`: the last record of a run as a file of its own.

use std::io::{self, Write};

use cleanbill_model::InputError;

use crate::record::{SummaryRecord, write_record};
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Writes the summary record and nothing else: counts, charges, bytes, and whether they add up.
pub struct SummaryReport<W> {
    out: W,
}

impl<W: Write> SummaryReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Report for SummaryReport<W> {
    fn claim(&mut self, _: &JudgedClaim<'_>) -> io::Result<()> {
        Ok(())
    }

    fn input_error(&mut self, _: &str, _: &InputError) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        write_record(&mut self.out, &SummaryRecord::new(summary))?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ndjson::NdjsonReport;
    use crate::sample;

    #[test]
    fn it_is_the_last_record_of_the_run() {
        let all = sample::render(NdjsonReport::new);
        let summary = sample::render(SummaryReport::new);
        assert_eq!(Some(summary.trim_end()), all.lines().last());
    }
}
