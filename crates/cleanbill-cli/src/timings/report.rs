//! A report whose time is counted.

use std::io;
use std::sync::Arc;

use cleanbill_model::{EnvelopePart, InputError};
use cleanbill_report::{JudgedClaim, Report, Summary, VersionNote};
use cleanbill_run::Output;

use super::Spent;

/// Tells the report and counts what that takes.
struct Timed {
    report: Box<dyn Report>,
    spent: Arc<Spent>,
}

/// The output with the time of its report added to `spent`.
pub(super) fn timed(output: Output, spent: &Arc<Spent>) -> Output {
    let (format, spent) = (output.format, Arc::clone(spent));
    Output {
        format: Box::new(move |out| Box::new(Timed { report: format(out), spent })),
        target: output.target,
    }
}

impl Report for Timed {
    fn begin(&mut self) -> io::Result<()> {
        self.spent.timed(|| self.report.begin())
    }

    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        self.spent.timed(|| self.report.claim(judged))
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.spent.timed(|| self.report.input_error(file, error))
    }

    fn version(&mut self, file: &str, note: &VersionNote) -> io::Result<()> {
        self.spent.timed(|| self.report.version(file, note))
    }

    fn envelope(&mut self, file: &str, part: &EnvelopePart) -> io::Result<()> {
        self.spent.timed(|| self.report.envelope(file, part))
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.spent.timed(|| self.report.end(summary))
    }
}
