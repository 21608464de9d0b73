//! `text` of `finalize`: each claim that is not final, why, and by which other one.

use std::io::{self, Write};

use cleanbill_model::InputError;

use crate::amount::Cents;
use crate::escape::escape;
use crate::report::{JudgedClaim, Report};
use crate::styles::Styles;
use crate::summary::Summary;
use crate::version_note::VersionNote;

/// Writes a line for each claim that is not final, and sums at the end.
pub struct VersionTextReport<W> {
    out: W,
    styles: Styles,
}

impl<W: Write> VersionTextReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W, styles: Styles) -> Self {
        Self { out, styles }
    }
}

impl<W: Write> Report for VersionTextReport<W> {
    fn claim(&mut self, _: &JudgedClaim<'_>) -> io::Result<()> {
        Ok(())
    }

    fn version(&mut self, file: &str, note: &VersionNote) -> io::Result<()> {
        let name = self.styles.name;
        write!(self.out, "{}:{}  ", escape(file), note.location.line)?;
        write!(self.out, "{name}{}{name:#}  ", escape(&note.claim))?;
        if !note.lines.is_empty() {
            let numbers: Vec<String> = note.lines.iter().map(u32::to_string).collect();
            let plural = if numbers.len() == 1 { "" } else { "s" };
            write!(self.out, "line{plural} {}: ", numbers.join(", "))?;
        }
        write!(self.out, "{}", note.words())?;
        // A line that is void by its own word names its own claim.
        if let Some(by) = note.by.as_ref().filter(|by| by.claim_ordinal != note.claim_ordinal) {
            write!(self.out, ": {} ({}:{})", escape(&by.claim), escape(&by.file), by.line)?;
        }
        writeln!(self.out)
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        let style = self.styles.warning;
        writeln!(
            self.out,
            "{}:{}  {style}{}{style:#}  {}; {}",
            escape(file),
            error.location.line,
            error.code,
            escape(&error.message),
            escape(&error.fix)
        )
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let (total, gone) = (&summary.total, &summary.total.not_final);
        let odd = summary.finalize.unwrap_or_default();
        let is_final = total.passed + total.rejected;
        writeln!(
            self.out,
            "{} claims in = {is_final} final + {} superseded + {} voided + {} voids + {} repeated + {} quarantined",
            total.claims_in,
            gone.superseded,
            gone.voided,
            gone.voids,
            gone.repeated,
            total.quarantined
        )?;
        writeln!(
            self.out,
            "charges {} in = {} final + {} not final + {} quarantined",
            Cents(total.charges_in),
            Cents(total.charges_passed + total.charges_rejected),
            Cents(gone.charges),
            Cents(total.charges_quarantined)
        )?;
        for (count, words) in [
            (gone.lines, "lines taken off final claims"),
            (odd.orphans, "final claims replace a claim that is not here"),
            (odd.no_key, "final claims do not tell their other versions"),
            (summary.input_errors, "input errors"),
        ] {
            if count > 0 {
                writeln!(self.out, "{count} {words}")?;
            }
        }
        if !total.holds() {
            writeln!(self.out, "the sums do not add up: part of the input is not accounted for")?;
        }
        self.out.flush()
    }
}
