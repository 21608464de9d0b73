//! `text`: what a biller reads, claim by claim.
//!
//! Only printable text gets out: every text of the input or of a pack goes through [`escape`].

mod lines;
mod summary;
mod wrap;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use cleanbill_model::{Also, Claim, Disposition, Fault, Finding, InputError, Outcome, Severity};

use crate::at_risk::charge_of;
use crate::escape::escape;
use crate::partner::partner_lines;
use crate::remedy::remedy;
use crate::report::{JudgedClaim, Report};
use crate::source::source_text;
use crate::styles::Styles;
use crate::summary::Summary;

/// Lines of other claims that are told of a finding.
const OTHERS: usize = 10;
/// Columns of the text behind a label: `why:     `.
const LABEL: usize = 9;

/// Writes claims with their lines and findings, wrapped for people, and a summary at the end.
pub struct TextReport<W> {
    out: W,
    styles: Styles,
    width: usize,
    is_silent: bool,
}

impl<W: Write> TextReport<W> {
    /// Characters in a line when nothing better is known.
    pub const WIDTH: usize = 100;

    /// A report that writes lines of at most `width` characters to `out`; a word longer than that
    /// stays whole.
    pub const fn new(out: W, styles: Styles, width: usize) -> Self {
        Self { out, styles, width, is_silent: true }
    }

    fn claim_header(&mut self, file: &str, claim: &Claim) -> io::Result<()> {
        let name = self.styles.name;
        let id = if claim.id().is_empty() { "(no claim number)" } else { claim.id() };
        write!(self.out, "{name}{}{name:#}", escape(id))?;
        write!(self.out, "  {}:{}", escape(file), claim.location.line)?;
        if !claim.payer().is_empty() {
            write!(self.out, "  payer {}", escape(claim.payer()))?;
        }
        writeln!(self.out, "  total charge {}", claim.charge)
    }

    fn finding(&mut self, claim: &Claim, finding: &Finding) -> io::Result<()> {
        let is_waived = finding.outcome == Outcome::Waived;
        // A waived finding is not as loud as its severity.
        let head = if is_waived {
            (self.styles.info, finding.outcome.as_str())
        } else {
            (self.styles.severity(finding.severity), finding.severity.as_str())
        };
        let place = places(claim, finding);
        let verdict = verdict(finding);
        self.head(head, &finding.edit.id, &format!("{place}{verdict}"), &finding.message)?;
        if finding.severity == Severity::Info && !is_waived {
            self.labelled("fix:", &finding.fix)?;
            return finding
                .also
                .iter()
                .try_for_each(|also| self.labelled("also:", &also_text(also)));
        }
        self.labelled("why:", &finding.why)?;
        self.others(claim, finding)?;
        self.labelled("fix:", &finding.fix)?;
        for source in finding.sources() {
            self.labelled("source:", &source_text(source))?;
        }
        for also in &finding.also {
            self.labelled("also:", &also_text(also))?;
        }
        if let Some(remit) = &finding.remit {
            self.labelled("remit:", &remit.to_string())?;
        }
        if is_waived {
            return Ok(());
        }
        let charge = charge_of(claim, finding);
        self.labelled("at risk:", &format!("charge {charge}"))
    }

    /// Lines of other claims: when they were served, and why they count.
    fn others(&mut self, claim: &Claim, finding: &Finding) -> io::Result<()> {
        let elsewhere = || partner_lines(claim, finding).filter_map(|partner| partner.elsewhere);
        for line in elsewhere().take(OTHERS) {
            let (number, dates, words) = (line.number, line.dates, line.words());
            let text = format!("line {number} of claim {}, served {dates}: {words}", line.claim);
            self.labelled("other:", &text)?;
        }
        match elsewhere().count().saturating_sub(OTHERS) {
            0 => Ok(()),
            more => self.labelled("", &format!("and {more} more lines of other claims")),
        }
    }

    fn fault(&mut self, fault: &Fault) -> io::Result<()> {
        let message = format!("the edit could not run: {}", fault.message);
        self.head((self.styles.error, "fault"), &fault.edit.id, "", &message)?;
        self.labelled("fix:", remedy(fault.kind))?;
        self.labelled("from:", fault.edit.origin.name())
    }

    /// `  error rule line 2 (line denial): message`, the rest of the message indented below.
    fn head(
        &mut self,
        (style, kind): (anstyle::Style, &str),
        rule: &str,
        place: &str,
        message: &str,
    ) -> io::Result<()> {
        let (rule, name) = (escape(rule), self.styles.name);
        write!(self.out, "  {style}{kind}{style:#} {name}{rule}{name:#}{place}: ")?;
        let used = [kind, &rule, place].map(wrap::columns).iter().sum::<usize>() + 5;
        wrap::write(&mut self.out, &escape(message), used, 4, self.width)
    }

    /// `    why:     text`; nothing when there is no text.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let style = self.styles.label;
        write!(self.out, "    {style}{label}{style:#}")?;
        wrap::spaces(&mut self.out, LABEL.saturating_sub(wrap::columns(label)))?;
        wrap::write(&mut self.out, &escape(text), 4 + LABEL, 4 + LABEL, self.width)
    }
}

impl<W: Write> Report for TextReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        if judged.findings.is_empty() && judged.faults.is_empty() {
            return Ok(());
        }
        self.is_silent = false;
        self.claim_header(judged.file, judged.claim)?;
        lines::write(&mut self.out, &self.styles, judged.claim, judged.findings)?;
        for finding in judged.findings {
            self.finding(judged.claim, finding)?;
        }
        for fault in judged.faults {
            self.fault(fault)?;
        }
        writeln!(self.out)
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.is_silent = false;
        let name = self.styles.name;
        write!(self.out, "{name}{}{name:#}:{}", escape(file), error.location.line)?;
        if error.location.segment > 0 {
            write!(self.out, "  segment {}", error.location.segment)?;
        }
        write!(self.out, "  byte {}", error.location.offset)?;
        if !error.element.is_empty() {
            write!(self.out, "  {}", escape(&error.element))?;
        }
        match (&error.claim, error.quarantines) {
            (Some(claim), true) => writeln!(self.out, "  claim {} set aside", escape(claim))?,
            (Some(claim), false) => writeln!(self.out, "  claim {}", escape(claim))?,
            (None, true) => writeln!(self.out, "  claim set aside")?,
            (None, false) => writeln!(self.out)?,
        }
        self.head((self.styles.error, "input error"), error.code, "", &error.message)?;
        self.labelled("fix:", &error.fix)?;
        writeln!(self.out)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        if self.is_silent {
            let (style, text) = match summary.total.claims_in {
                0 => (self.styles.warning, "no claims in the input"),
                _ => (self.styles.good, "no findings"),
            };
            writeln!(self.out, "{style}{text}{style:#}\n")?;
        }
        summary::write(&mut self.out, &self.styles, summary)?;
        self.out.flush()
    }
}

/// ` line 2 with line 1`; empty for a finding on the claim.
fn places(claim: &Claim, finding: &Finding) -> String {
    let Some(line) = finding.line.and_then(|line| claim.lines.get(line)) else {
        return String::new();
    };
    let (own, earlier): (Vec<_>, Vec<_>) =
        partner_lines(claim, finding).partition(|partner| partner.is_own());
    let own: Vec<String> = own.iter().map(|partner| partner.number.to_string()).collect();
    let own = match own.as_slice() {
        [] => None,
        [one] => Some(format!("line {one}")),
        many => Some(format!("lines {}", many.join(", "))),
    };
    let earlier = earlier
        .iter()
        .map(|partner| format!("line {} of claim {}", partner.number, escape(partner.claim)));
    let others: Vec<String> = own.into_iter().chain(earlier).collect();
    match others.as_slice() {
        [] => format!(" line {}", line.number),
        _ => format!(" line {} with {}", line.number, others.join(", ")),
    }
}

/// ` (line denial)`, ` (undetermined, suspend)`; empty for a note that fired.
fn verdict(finding: &Finding) -> String {
    let disposition = finding.disposition.as_str().replace('_', " ");
    match (finding.outcome, finding.disposition) {
        (Outcome::Fires, Disposition::Informational) => String::new(),
        (Outcome::Fires | Outcome::Waived, _) => format!(" ({disposition})"),
        (Outcome::Undetermined, _) => format!(" (undetermined, {disposition})"),
    }
}

/// `ncci-pair of ncci-medicare@1.0.0 (line denial)`.
fn also_text(also: &Also) -> String {
    let disposition = also.disposition.as_str().replace('_', " ");
    format!("{} of {} ({disposition})", also.edit.id, also.edit.origin.name())
}
