//! A test that did not come out as expected, in the words of a person who has to mend it.

use core::fmt;

use cleanbill_engine::{Explanation, LineExplanation, LineOutcome, Step, Truth};
use cleanbill_model::Claim;

use super::path::{deciding, is_of_one_clause};
use crate::shorthand::shorthand;

/// In which way a test failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MismatchKind {
    /// The rule said something where it should not have.
    Noisy,
    /// The rule did not say what it should have.
    Missing,
    /// The rule spoke or stayed silent as expected, but in other words or for another reason.
    Wrong,
    /// The rule could not run, or the claim could not be read.
    Broken,
}

impl MismatchKind {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Noisy => "Noisy",
            Self::Missing => "Missing",
            Self::Wrong => "Wrong",
            Self::Broken => "Broken",
        }
    }
}

/// A clause that settled a line, with the values read beside the values wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidingFact {
    /// Number of the line on its claim.
    pub line: u32,
    /// How the line ended: `silent`, or outcome and disposition of each finding.
    pub outcome: String,
    /// Name of the clause; empty when the rule had nothing to do with the line.
    pub clause: &'static str,
    /// How it was decided.
    pub truth: Truth,
    /// The values read.
    pub detail: String,
    /// The values that the rule lists under the clause, if it does.
    pub listed: Option<String>,
}

/// Values shown of a long list.
const SHOWN: usize = 8;

/// What a test expected, what came out, and what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// In which way it failed.
    pub kind: MismatchKind,
    /// Expected and found, one sentence.
    pub message: String,
    /// The claim's lines in shorthand.
    pub claim: Vec<String>,
    /// The lines of the other claims of the test, each with where its claim stands.
    pub others: Vec<String>,
    /// What decided each line.
    pub facts: Vec<DecidingFact>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Mismatch {
    pub(super) fn broken(message: String) -> Self {
        Self {
            kind: MismatchKind::Broken,
            message,
            claim: Vec::new(),
            others: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// `clause` is the one that the test names.
    pub(super) fn new(
        kind: MismatchKind,
        expected: &str,
        clause: Option<&str>,
        seen: &Explanation,
        claim: &Claim,
    ) -> Self {
        Self {
            kind,
            message: format!("{expected}, but {}", outcomes(seen, claim)),
            claim: claim.lines.iter().map(|line| shorthand(claim, line)).collect(),
            others: Vec::new(),
            facts: seen.lines.iter().flat_map(|line| facts(line, clause, claim)).collect(),
        }
    }
}

impl DecidingFact {
    pub(super) fn list(&mut self, values: &[String]) {
        let shown: Vec<&str> = values.iter().take(SHOWN).map(String::as_str).collect();
        let more = match values.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.listed = Some(shown.join(", ") + &more);
    }
}

/// What came out, line by line.
fn outcomes(seen: &Explanation, claim: &Claim) -> String {
    let line = |line: &LineExplanation| match &line.outcome {
        LineOutcome::Silent { because: "" } => {
            format!("the rule has nothing to do with line {}", number(line, claim))
        }
        LineOutcome::Silent { because } => {
            format!("line {} is silent because of `{because}`", number(line, claim))
        }
        LineOutcome::Found(_) => format!("line {}: {}", number(line, claim), outcome(line)),
    };
    seen.lines.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// What settled the line and, where it was decided at all, what became of the clause of the test.
fn facts(line: &LineExplanation, clause: Option<&str>, claim: &Claim) -> Vec<DecidingFact> {
    let fact = |clause, truth, detail: &str| DecidingFact {
        line: number(line, claim),
        outcome: outcome(line),
        clause,
        truth,
        detail: detail.to_owned(),
        listed: None,
    };
    let mut steps = deciding(line);
    let told = line.steps.iter().filter(|step| {
        Some(step.clause) == clause || steps.iter().any(|own| is_of_one_clause(own, step))
    });
    let others: Vec<&Step> = told.filter(|step| !steps.contains(step)).collect();
    steps.splice(0..0, others);
    if steps.is_empty() {
        return vec![fact("", Truth::No, "the rule has nothing to do with it")];
    }
    steps.iter().map(|step| fact(step.clause, step.truth, &step.detail)).collect()
}

fn outcome(line: &LineExplanation) -> String {
    let LineOutcome::Found(found) = &line.outcome else { return "silent".to_owned() };
    let words: Vec<String> = found
        .iter()
        .map(|finding| format!("{} ({})", finding.outcome.as_str(), finding.disposition.as_str()))
        .collect();
    words.join(", ")
}

fn number(line: &LineExplanation, claim: &Claim) -> u32 {
    claim.lines.get(line.line).map_or(0, |line| line.number)
}
