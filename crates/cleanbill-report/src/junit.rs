//! `junit`: what CI servers show beside the results of tests.
//!
//! A suite is an input, a test case a claim that something was said of. The format wants its counts in
//! front, so cases are kept until the run is whole, at most [`LISTED`] of them.

use std::io::{self, Write};

use cleanbill_model::{InputError, Outcome, Severity};
use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use crate::escape::escape;
use crate::remedy::remedy;
use crate::report::{JudgedClaim, Report};
use crate::summary::{FileSummary, Summary};

/// Test cases in a report; a CI server cannot show more. Those behind them are counted.
const LISTED: usize = 10_000;

/// Writes a test case for each claim with a finding or fault and for each input error, and one for the
/// books of each input. Claims that nothing was said of are counted, not listed.
pub struct JunitReport<W> {
    out: W,
    fails_from: Option<Severity>,
    listed: usize,
    suites: Vec<Suite>,
}

struct Suite {
    file: String,
    cases: Vec<TestCase>,
    left_out: u64,
}

impl<W: Write> JunitReport<W> {
    /// A report that writes to `out`. A claim fails with a finding of this severity or a louder one;
    /// with none it never does.
    pub const fn new(out: W, fails_from: Option<Severity>) -> Self {
        Self { out, fails_from, listed: 0, suites: Vec::new() }
    }

    fn add(&mut self, file: &str, make: impl FnOnce() -> TestCase) {
        let has_room = self.listed < LISTED;
        if self.suites.last().is_none_or(|suite| suite.file != file) {
            self.suites.push(Suite { file: file.to_owned(), cases: Vec::new(), left_out: 0 });
        }
        let Some(suite) = self.suites.last_mut() else { return };
        if has_room {
            suite.cases.push(make());
            self.listed += 1;
        } else {
            suite.left_out += 1;
        }
    }

    fn suite(&mut self, file: &FileSummary) -> TestSuite {
        let mut suite = TestSuite::new(&*escape(&file.file));
        let books = &file.accounting;
        for (name, count) in [
            ("claims_in", books.claims_in),
            ("passed", books.passed),
            ("rejected", books.rejected),
            ("quarantined", books.quarantined),
        ] {
            suite.add_property((name, count.to_string().as_str()));
        }
        if books.not_final.claims() > 0 {
            suite.add_property(("not_final", books.not_final.claims().to_string().as_str()));
        }
        let status = if books.holds() {
            TestCaseStatus::success()
        } else {
            non_success(NonSuccessKind::Error, "accounting", "the sums do not add up", "")
        };
        suite.add_test_case(TestCase::new("every claim, charge and byte is accounted for", status));
        let found = self.suites.iter().position(|suite| suite.file == file.file);
        if let Some(found) = found.map(|place| self.suites.remove(place)) {
            suite.add_test_cases(found.cases);
            if found.left_out > 0 {
                let text = format!("{} more are not listed; `csv` has all of them", found.left_out);
                let status = non_success(NonSuccessKind::Failure, "not listed", &text, "");
                suite.add_test_case(TestCase::new("not listed", status));
            }
        }
        suite
    }
}

impl<W: Write> Report for JunitReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        if !judged.findings.is_empty() || !judged.faults.is_empty() {
            let fails_from = self.fails_from;
            self.add(judged.file, || case(judged, fails_from));
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.add(file, || {
            let place = format!("line {}, byte {}", error.location.line, error.location.offset);
            let (message, fix) = (escape(&error.message), escape(&error.fix));
            let text = format!("{}: {place}\n{message}\nfix: {fix}", error.code);
            let status = non_success(NonSuccessKind::Error, error.code, &error.message, &text);
            let name = match &error.claim {
                Some(claim) => format!("claim {}", escape(claim)),
                None => place,
            };
            named(file, &name, status)
        });
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let mut document = Document::new("cleanbill validate");
        for file in &summary.files {
            let suite = self.suite(file);
            document.add_test_suite(suite);
        }
        // The writer of the document gives its errors in words; a closed pipe must stay one.
        let mut bytes = Vec::new();
        document.serialize(&mut bytes).map_err(io::Error::other)?;
        drop_skipped_of_all(&mut bytes);
        self.out.write_all(&bytes)?;
        self.out.flush()
    }
}

/// A claim: an error when an edit could not run, a failure when its findings fail it, skipped when all
/// of them are waived, a success with its findings beside it otherwise.
fn case(judged: &JudgedClaim<'_>, fails_from: Option<Severity>) -> TestCase {
    let words = words(judged);
    let kind = |finding: &&cleanbill_model::Finding| {
        finding.outcome != Outcome::Waived
            && fails_from.is_some_and(|least| finding.severity >= least)
    };
    let failing: Vec<_> = judged.findings.iter().filter(kind).collect();
    let all_waived = judged.findings.iter().all(|finding| finding.outcome == Outcome::Waived);
    let mut status = match (judged.faults, failing.as_slice()) {
        ([fault, ..], _) => {
            let message = format!("an edit could not run: {}", fault.message);
            non_success(NonSuccessKind::Error, fault.kind.as_str(), &message, &words)
        }
        ([], [first, ..]) => {
            let more = match failing.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            let message = format!("{}{more}", first.message);
            non_success(NonSuccessKind::Failure, &first.edit.id, &message, &words)
        }
        ([], []) if all_waived => TestCaseStatus::skipped(),
        ([], []) => TestCaseStatus::success(),
    };
    let is_success = matches!(status, TestCaseStatus::Success { .. });
    if let TestCaseStatus::Skipped { .. } = status {
        status.set_message("waived").set_description(words.as_str());
    }
    let mut case = named(judged.file, &format!("claim {}", escape(judged.claim.id())), status);
    if is_success {
        case.set_system_out(words);
    }
    case
}

/// Takes `skipped` out of the root element: the schema that Jenkins holds such files against (junit-10.xsd
/// of its xunit plugin) knows it of suites alone.
fn drop_skipped_of_all(xml: &mut Vec<u8>) {
    let place = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).position(|at| at == text);
    let Some(root) = place(xml, b"<testsuites ") else { return };
    let attribute = xml.get(root..).unwrap_or_default();
    let attribute = attribute.split(|byte| *byte == b'>').next().unwrap_or_default();
    let Some(start) = place(attribute, b" skipped=\"") else { return };
    let value = attribute.get(start + 10..).unwrap_or_default();
    let Some(end) = value.iter().position(|byte| *byte == b'"') else { return };
    xml.drain(root + start..root + start + 10 + end + 1);
}

fn named(file: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(&*escape(file));
    case
}

fn non_success(kind: NonSuccessKind, name: &str, message: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(&*escape(name)).set_message(&*escape(message));
    if !text.is_empty() {
        status.set_description(text);
    }
    status
}

/// All that is said of the claim, finding by finding.
fn words(judged: &JudgedClaim<'_>) -> String {
    let mut text = String::new();
    for finding in judged.findings {
        let line = finding.line.and_then(|line| judged.claim.lines.get(line));
        let place = line.map_or(String::new(), |line| format!(" line {}", line.number));
        let (rule, outcome) = (&finding.edit.id, finding.outcome.as_str());
        let (severity, disposition) = (finding.severity.as_str(), finding.disposition.as_str());
        let head = format!("{severity} {rule}{place} ({outcome}, {disposition})");
        text.push_str(&format!("{}: {}\n", escape(&head), escape(&finding.message)));
        for (label, part) in [("why", &finding.why), ("fix", &finding.fix)] {
            if !part.is_empty() {
                text.push_str(&format!("  {label}: {}\n", escape(part)));
            }
        }
    }
    for fault in judged.faults {
        let (rule, message) = (escape(&fault.edit.id), escape(&fault.message));
        text.push_str(&format!("fault {rule}: {message}\n  fix: {}\n", remedy(fault.kind)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_claim_is_a_case_and_an_input_a_suite() {
        let text = sample::render(|out| JunitReport::new(out, Some(Severity::Error)));
        sample::snapshot("junit", &text);
    }

    #[test]
    fn a_claim_fails_from_the_severity_that_fails_the_run() {
        let (claim, warning) = (sample::claim(), [sample::undetermined()]);
        let waived = [sample::waived()];
        let shown = |findings: &[cleanbill_model::Finding], fails_from| {
            let judged = JudgedClaim { file: "a.837", claim: &claim, findings, faults: &[] };
            case(&judged, fails_from).status
        };
        let is_failure =
            |status: &TestCaseStatus| matches!(status, TestCaseStatus::NonSuccess { .. });
        assert!(is_failure(&shown(&warning, Some(Severity::Warning))));
        assert!(!is_failure(&shown(&warning, Some(Severity::Error))));
        assert!(!is_failure(&shown(&warning, None)));
        let waived = shown(&waived, Some(Severity::Info));
        assert!(matches!(waived, TestCaseStatus::Skipped { .. }), "{waived:?}");
    }

    #[test]
    fn cases_behind_the_last_one_listed_are_counted() {
        let out = sample::SharedOut::default();
        let mut report = JunitReport::new(out.clone(), Some(Severity::Error));
        let [error, _] = sample::input_errors();
        for _ in 0..LISTED + 3 {
            report.input_error("claims.837", &error).unwrap();
        }
        report.end(&sample::summary()).unwrap();
        let text = out.text();
        assert_eq!(text.matches("<testcase ").count(), LISTED + 2);
        assert!(text.contains("3 more are not listed"), "{}", text.len());
    }

    #[test]
    fn hostile_text_is_neither_markup_nor_a_forbidden_character() {
        let text = sample::render_hostile(|out| JunitReport::new(out, Some(Severity::Error)));
        assert!(!text.chars().any(|c| c != '\n' && crate::escape::is_unsafe(c)), "{text:?}");
        assert!(!text.contains("<script") && !text.contains("]]><"), "{text}");
        assert!(text.contains(sample::HOSTILE_MARK));
    }
}
