//! `github`: annotations that a workflow on GitHub shows beside the file.

use std::io::{self, Write};

use cleanbill_model::{InputError, Outcome, Severity};

use crate::escape::escape;
use crate::remedy::remedy;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Annotations written of each level. GitHub shows ten errors, ten warnings and ten notices of a step
/// and drops the others without a word; the tenth notice is the summary.
const SHOWN: usize = 10;
/// Of the errors, so many are kept for what could not be read or judged, wherever it stands in the run.
const UNREAD: usize = 3;

/// Writes workflow commands, the first of each level, and a summary, when the run is whole.
pub struct GithubReport<W> {
    out: W,
    unread: Vec<String>,
    errors: Vec<String>,
    warnings: Vec<String>,
    notices: Vec<String>,
    met: usize,
}

/// What an annotation is about.
struct Annotation<'a> {
    command: &'static str,
    file: &'a str,
    line: u64,
    title: &'a str,
    text: &'a [&'a str],
}

impl<W: Write> GithubReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W) -> Self {
        Self {
            out,
            unread: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            notices: Vec::new(),
            met: 0,
        }
    }
}

impl Annotation<'_> {
    fn line(&self) -> String {
        let mut line = format!("::{} ", self.command);
        if self.file != "-" {
            line.push_str(&format!("file={},line={},", property(self.file), self.line.max(1)));
        }
        let parts = self.text.iter().filter(|part| !part.is_empty());
        let text: Vec<String> = parts.map(|part| message(part)).collect();
        line.push_str(&format!("title={}::{}", property(self.title), text.join("%0A")));
        line
    }
}

impl<W: Write> Report for GithubReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        let (file, claim) = (judged.file, judged.claim);
        for finding in judged.findings {
            let line = finding.line.and_then(|line| claim.lines.get(line));
            let place = line.map_or(String::new(), |line| format!(" line {}", line.number));
            let is_waived = finding.outcome == Outcome::Waived;
            // A waived finding is not as loud as its severity.
            let level = if is_waived { Severity::Info } else { finding.severity };
            let waived = if is_waived { " (waived)" } else { "" };
            let (command, kept, limit) = match level {
                Severity::Error => ("error", &mut self.errors, SHOWN),
                Severity::Warning => ("warning", &mut self.warnings, SHOWN),
                Severity::Info => ("notice", &mut self.notices, SHOWN - 1),
            };
            self.met += 1;
            if kept.len() < limit {
                let annotation = Annotation {
                    command,
                    file,
                    line: line.map_or(claim.location, |line| line.location).line,
                    title: &format!("{}{waived}: claim {}{place}", finding.edit.id, claim.id()),
                    text: &[&finding.message, &finding.why, &finding.fix],
                };
                kept.push(annotation.line());
            }
        }
        for fault in judged.faults {
            let message = format!("the edit could not run: {}", fault.message);
            let annotation = Annotation {
                command: "error",
                file,
                line: claim.location.line,
                title: &format!("{}: claim {}", fault.edit.id, claim.id()),
                text: &[&message, remedy(fault.kind)],
            };
            self.met += 1;
            if self.unread.len() < SHOWN {
                self.unread.push(annotation.line());
            }
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        let place = match error.element.as_str() {
            "" => String::new(),
            element => format!(" at {element}"),
        };
        let annotation = Annotation {
            command: "error",
            file,
            line: error.location.line,
            title: &format!("input error {}{place}", error.code),
            text: &[&error.message, &error.fix],
        };
        self.met += 1;
        if self.unread.len() < SHOWN {
            self.unread.push(annotation.line());
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.unread.truncate(UNREAD.max(SHOWN.saturating_sub(self.errors.len())));
        self.errors.truncate(SHOWN.saturating_sub(self.unread.len()));
        let shown = [&self.unread, &self.errors, &self.warnings, &self.notices];
        let left_out = self.met.saturating_sub(shown.iter().map(|lines| lines.len()).sum());
        for line in shown.into_iter().flatten() {
            writeln!(self.out, "{line}")?;
        }
        let (total, found) = (&summary.total, &summary.severities);
        let mut text = format!(
            "{} claims in = {} passed + {} rejected + {} quarantined{}; errors: {}, \
             warnings: {}, notes: {}, faults: {}, input errors: {}; charge at risk: {}",
            total.claims_in,
            total.passed,
            total.rejected,
            total.quarantined,
            summary.not_final_words(),
            found.error,
            found.warning,
            found.info,
            summary.faults,
            summary.input_errors,
            summary.charge_at_risk
        );
        if left_out > 0 {
            text.push_str(&format!(
                "; {left_out} more annotations are not shown, the other formats have them all"
            ));
        }
        writeln!(self.out, "::notice title=cleanbill::{}", message(&text))?;
        self.out.flush()
    }
}

/// What stands behind `::`: escaped so that no text ends its line or starts a command.
fn message(text: &str) -> String {
    escape(text).replace('%', "%25")
}

/// A value in front of `::`, where comma and colon have a meaning too.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn findings_faults_and_input_errors_are_annotations_at_their_place() {
        sample::snapshot("github", &sample::render(GithubReport::new));
    }

    #[test]
    fn no_text_can_start_a_command_or_a_property_of_its_own() {
        let text = sample::render_hostile(GithubReport::new);
        assert!(text.contains(sample::HOSTILE_MARK));
        assert!(!text.chars().any(|c| c != '\n' && crate::escape::is_unsafe(c)), "{text:?}");
        for line in text.lines() {
            let (head, _) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
            let (command, properties) = head.split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&command), "{line}");
            let names = properties.split(',').map(|pair| pair.split_once('=').unwrap().0);
            assert!(names.into_iter().all(|name| ["file", "line", "title"].contains(&name)));
        }
    }

    #[test]
    fn what_github_would_drop_is_counted_instead() {
        let out = sample::SharedOut::default();
        let mut report = GithubReport::new(out.clone());
        let (claim, findings) = (sample::claim(), [sample::conflict()]);
        let judged = JudgedClaim { file: "a.837", claim: &claim, findings: &findings, faults: &[] };
        for _ in 0..13 {
            report.claim(&judged).unwrap();
        }
        for error in sample::input_errors() {
            report.input_error("a.837", &error).unwrap();
        }
        report.end(&Summary::default()).unwrap();
        let text = out.text();
        assert_eq!(text.matches("::error ").count(), 10);
        assert_eq!(text.matches("title=input error").count(), 2);
        assert!(text.contains("; 5 more annotations are not shown"), "{text}");
    }
}
