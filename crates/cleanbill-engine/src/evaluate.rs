//! A claim against the registry: findings in a fixed order, and the claim's verdict.

use cleanbill_model::{ClaimVerdict, Fault, Finding, LineRef, Outcome, Severity};

use crate::edit::{Sink, Subject};
use crate::join::join;
use crate::registry::Registry;

/// What the edits had to say about one claim.
#[derive(Debug)]
pub struct Verdict<'a> {
    /// Findings by line, then edit, then partner lines; findings on the claim come first.
    pub findings: &'a [Finding],
    /// Edits that could not run.
    pub faults: &'a [Fault],
}

impl Verdict<'_> {
    /// How the claim is counted: quarantined when an edit could not run, rejected when a finding that
    /// nobody has waived is an error, passed otherwise.
    #[must_use]
    pub fn counted(&self) -> ClaimVerdict {
        let rejects = |finding: &Finding| {
            finding.severity == Severity::Error && finding.outcome != Outcome::Waived
        };
        if !self.faults.is_empty() {
            ClaimVerdict::Quarantined
        } else if self.findings.iter().any(rejects) {
            ClaimVerdict::Rejected
        } else {
            ClaimVerdict::Passed
        }
    }
}

/// Runs the edits of a registry over one claim after the other and reuses its memory.
#[derive(Default)]
pub struct Evaluator {
    hits: Vec<u32>,
    findings: Collected,
    faults: Vec<Fault>,
}

#[derive(Default)]
struct Collected(Vec<Finding>);

impl Sink for Collected {
    fn find(&mut self, finding: Finding) {
        self.0.push(finding);
    }
}

impl Evaluator {
    /// Judges a claim by the edits of `registry` that name one of its codes. A claim without a subject
    /// around it is one of whose patient nothing more is known.
    pub fn evaluate<'a>(
        &mut self,
        registry: &Registry,
        subject: impl Into<Subject<'a>>,
    ) -> Verdict<'_> {
        let mut subject = subject.into();
        subject.as_of = registry.today().or(subject.as_of);
        self.findings.0.clear();
        self.faults.clear();
        registry.select(subject.claim, &mut self.hits);
        for index in &self.hits {
            let Some(edit) = registry.edit(*index) else { continue };
            let before = self.findings.0.len();
            if let Err(fault) = edit.evaluate(subject, &mut self.findings) {
                self.findings.0.truncate(before);
                // Several edits of one plugin fail for one reason.
                if let Some(finding) = fault.stands_in
                    && !self.findings.0.contains(&finding)
                {
                    self.findings.0.push(*finding);
                }
                self.faults.extend(edit.infos().iter().map(|info| Fault {
                    edit: info.clone(),
                    kind: fault.kind,
                    message: fault.message.clone(),
                }));
            }
        }
        if self.findings.0.len() > 1 {
            join(&mut self.findings.0, registry);
            self.findings.0.sort_by(|a, b| order(a).cmp(&order(b)));
        }
        Verdict { findings: &self.findings.0, faults: &self.faults }
    }

    /// Judges a claim as [`Evaluator::evaluate`] does and gives away what was said, into memory that is used
    /// again: what `findings` and `faults` held before is gone.
    pub fn evaluate_into<'a>(
        &mut self,
        registry: &Registry,
        subject: impl Into<Subject<'a>>,
        findings: &mut Vec<Finding>,
        faults: &mut Vec<Fault>,
    ) {
        self.evaluate(registry, subject);
        core::mem::swap(&mut self.findings.0, findings);
        core::mem::swap(&mut self.faults, faults);
    }
}

fn order(finding: &Finding) -> (Option<usize>, &str, &[LineRef], &str) {
    (finding.line, &finding.edit.id, &finding.others, &finding.message)
}
