//! The report as a table for people.

use std::io::{self, Write};

use super::Report;
use crate::outcome::Outcome;

impl Report {
    /// Writes the report as a table. `escape` makes texts of the plugin fit for a terminal.
    ///
    /// # Errors
    /// Writing failed.
    pub fn write_text(
        &self,
        out: &mut dyn Write,
        escape: &dyn Fn(&str) -> String,
    ) -> io::Result<()> {
        let name = if self.id.is_empty() { "no plugin" } else { &self.id };
        writeln!(out, "{} {}  {}", escape(name), escape(&self.version), self.path.display())?;
        writeln!(out, "sha256 {}", self.digest)?;
        writeln!(out)?;
        for result in &self.results {
            let outcome = match result.outcome {
                Outcome::Pass => "pass",
                Outcome::Fail(_) => "FAIL",
                Outcome::Skip(_) => "skip",
            };
            writeln!(out, "{:<4} {outcome}  {}", result.test.id, result.test.asks)?;
            if !result.outcome.why().is_empty() {
                writeln!(out, "           {}", escape(result.outcome.why()))?;
            }
            if let Some(claim) = &result.claim {
                writeln!(out, "           smallest claim: {}", claim.display())?;
            }
            if let Outcome::Fail(_) = result.outcome {
                writeln!(out, "           again: {}", self.again(result.test.id))?;
            }
        }
        writeln!(out)?;
        let [passed, failed, skipped] = ["pass", "fail", "skip"].map(|outcome| self.count(outcome));
        writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped (seed {})", self.seed)?;
        if let Some(badge) = self.badge() {
            writeln!(out, "conformance = \"{badge}\"")?;
        }
        Ok(())
    }
}
