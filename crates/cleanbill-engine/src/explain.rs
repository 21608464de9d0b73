//! Clause by clause: why an edit fired, stayed silent or could not tell.

use cleanbill_model::{Finding, Outcome};

use crate::edit::{Edit, EditFault, Sink, Step, Subject};
use crate::truth::Truth;

/// How an edit ended on one line.
#[derive(Clone, Debug, PartialEq)]
pub enum LineOutcome {
    /// It has something to say; there may be several findings, one for each partner line.
    Found(Vec<Finding>),
    /// It stays silent; the clause that decided it.
    Silent {
        /// Clause name; empty when the edit says nothing of this line at all.
        because: &'static str,
    },
}

/// One line of an [`Explanation`].
#[derive(Clone, Debug, PartialEq)]
pub struct LineExplanation {
    /// Place in [`cleanbill_model::Claim::lines`], from 0.
    pub line: usize,
    /// How it ended.
    pub outcome: LineOutcome,
    /// The clauses in the order in which they were decided, candidate by candidate.
    pub steps: Vec<Step>,
    /// What the claim would have to tell for a line that is left open, in words that say what to do.
    pub to_decide: Vec<String>,
}

/// What one edit thinks of every line of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Findings on the claim as a whole.
    pub claim: Vec<Finding>,
    /// Line by line.
    pub lines: Vec<LineExplanation>,
}

#[derive(Default)]
struct Recorder {
    findings: Vec<Finding>,
    steps: Vec<Step>,
    missing: Vec<(usize, String)>,
}

impl Sink for Recorder {
    fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn explains(&self) -> bool {
        true
    }

    fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    fn missing(&mut self, line: usize, fact: String) {
        // Several partners may lack the same fact.
        if !self.missing.contains(&(line, fact.clone())) {
            self.missing.push((line, fact));
        }
    }
}

/// Runs `edit` on a claim, of whose patient nothing more is known unless a subject is given, and keeps
/// every decided clause. `id` picks one of the edits that a plugin brings together.
///
/// # Errors
/// [`EditFault`] when the edit could not run.
pub fn explain<'a>(
    edit: &dyn Edit,
    id: &str,
    subject: impl Into<Subject<'a>>,
) -> Result<Explanation, EditFault> {
    let subject = subject.into();
    let mut record = Recorder::default();
    edit.evaluate(subject, &mut record)?;
    let Recorder { mut findings, steps, missing } = record;
    findings.retain(|finding| finding.edit.id == id);
    let (on_claim, on_lines): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| finding.line.is_none());
    let lines = (0..subject.claim.lines.len())
        .map(|line| {
            let steps: Vec<Step> = steps.iter().filter(|step| step.line == line).cloned().collect();
            let found: Vec<Finding> =
                on_lines.iter().filter(|finding| finding.line == Some(line)).cloned().collect();
            let outcome = if found.is_empty() {
                LineOutcome::Silent { because: deciding_clause(&steps) }
            } else {
                LineOutcome::Found(found)
            };
            let open = missing.iter().filter(|(place, _)| *place == line);
            let to_decide = open.map(|(_, fact)| fact.clone()).collect();
            LineExplanation { line, outcome, steps, to_decide }
        })
        .collect();
    Ok(Explanation { claim: on_claim, lines })
}

/// The clause that failed last on the candidate which came furthest.
fn deciding_clause(steps: &[Step]) -> &'static str {
    let mut best: (usize, &'static str) = (0, "");
    let mut depth = 0;
    let mut partner = &None;
    for step in steps {
        if step.partner != *partner {
            depth = 0;
            partner = &step.partner;
        }
        depth += 1;
        if step.truth == Truth::No {
            best = best.max((depth, step.clause));
        }
    }
    best.1
}

impl LineExplanation {
    /// Whether the edit could not tell on this line.
    #[must_use]
    pub fn is_undetermined(&self) -> bool {
        matches!(&self.outcome, LineOutcome::Found(found)
            if found.iter().any(|finding| finding.outcome == Outcome::Undetermined))
    }
}
