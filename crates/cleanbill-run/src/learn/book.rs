//! The claims that were checked, what rules said of them, and what payers answered: held in memory, by
//! claim number.

use std::collections::HashMap;

use cleanbill_intake::RecordedFinding;
use cleanbill_model::{
    Carc, Claim, Disposition, Finding, Modifiers, Money, Outcome, ProcedureCode, RemittanceStatus,
    RemittedClaim, RemittedLine, ServiceDate, ServiceLine,
};

use super::answer::{Answer, Word, of_claim, of_line};
use super::join::Join;

/// All claims, in the order in which they came.
#[derive(Default)]
pub(super) struct Book {
    pub(super) claims: Vec<BookedClaim>,
    index: HashMap<Box<str>, usize>,
    pub(super) rules: Vec<(String, String)>,
    rule_index: HashMap<(String, String), u32>,
    /// Whether all claims that were checked are here with all their lines.
    pub(super) is_whole: bool,
    pub(super) counts: Counts,
    join: Join,
}

/// What is counted on the way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) repeated: u64,
    pub(super) faulted: u64,
    pub(super) not_checked: u64,
    pub(super) without_answer: u64,
    pub(super) not_matched: u64,
    pub(super) denials_not_matched: u64,
}

/// A claim.
#[derive(Default)]
pub(super) struct BookedClaim {
    pub(super) id: Box<str>,
    /// Whether it was checked; else it is here because a payer denied it.
    pub(super) is_checked: bool,
    /// File and place, to tell a repeated number from another finding on the same claim.
    origin: (Box<str>, u64),
    pub(super) charge: Money,
    pub(super) lines: Vec<BookedLine>,
    pub(super) predictions: Vec<Prediction>,
    /// The answer to the claim as a whole, where the payer gave such.
    pub(super) answer: Option<Answer>,
    /// Whether any payer answered.
    pub(super) is_answered: bool,
}

/// A line, as a remittance advice may know it.
#[derive(Clone, Default)]
pub(super) struct BookedLine {
    pub(super) number: u32,
    pub(super) procedure: Option<ProcedureCode>,
    pub(super) modifiers: Modifiers,
    pub(super) from: Option<ServiceDate>,
    pub(super) charge: Money,
    pub(super) control_number: Box<str>,
    pub(super) answer: Option<Answer>,
}

impl BookedLine {
    /// A line of `claim`.
    pub(super) fn of(claim: &Claim, line: &ServiceLine) -> Self {
        Self {
            number: line.number,
            procedure: line.procedure,
            modifiers: line.modifiers,
            from: Some(line.dates.from()),
            charge: line.charge,
            control_number: claim.text(line.control_number).into(),
            answer: None,
        }
    }
}

/// What a rule said.
pub(super) struct Prediction {
    /// Place in [`Book::rules`].
    pub(super) rule: u32,
    pub(super) outcome: Outcome,
    /// Place of the line in its claim; none for the claim as a whole.
    pub(super) line: Option<usize>,
    pub(super) carc: Option<Carc>,
    pub(super) charge: Money,
}

impl Book {
    /// An empty book; `is_whole` says that claims go in whole, and not findings alone.
    pub(super) fn new(is_whole: bool) -> Self {
        Self { is_whole, ..Self::default() }
    }

    /// Books a claim with all its lines and what was found on it.
    pub(super) fn add_claim(&mut self, file: &str, claim: &Claim, findings: &[Finding]) {
        let place = self.start(claim.id(), file, claim.ordinal);
        let predictions = findings
            .iter()
            .filter(|finding| finding.disposition != Disposition::Informational)
            .map(|finding| Prediction {
                rule: self.rule(&finding.edit.id, finding.edit.origin.name()),
                outcome: finding.outcome,
                line: finding.line,
                carc: finding.remit.as_ref().map(|remit| remit.carc),
                charge: finding
                    .line
                    .and_then(|line| claim.lines.get(line))
                    .map_or(claim.charge, |line| line.charge),
            })
            .collect();
        let Some(booked) = self.claims.get_mut(place) else { return };
        booked.charge = claim.charge;
        booked.predictions = predictions;
        booked.lines = claim.lines.iter().map(|line| BookedLine::of(claim, line)).collect();
    }

    /// Books one finding of an earlier run.
    pub(super) fn add_finding(&mut self, finding: RecordedFinding) {
        if finding.disposition == Disposition::Informational {
            return;
        }
        let place = self.start(&finding.claim, &finding.file, finding.claim_ordinal);
        let rule = self.rule(&finding.rule, &finding.pack);
        let Some(booked) = self.claims.get_mut(place) else { return };
        let line = finding.line.map(|number| {
            booked.lines.iter().position(|line| line.number == number).unwrap_or_else(|| {
                booked.lines.push(BookedLine {
                    number,
                    procedure: finding.service.procedure,
                    modifiers: finding.service.modifiers,
                    from: finding.service.from,
                    charge: finding.charge,
                    control_number: finding.service.control_number.into(),
                    answer: None,
                });
                booked.lines.len() - 1
            })
        });
        let RecordedFinding { outcome, carc, charge, .. } = finding;
        booked.predictions.push(Prediction { rule, outcome, line, carc, charge });
    }

    /// The claim of this number that came from this place; one from another place takes the number over.
    fn start(&mut self, id: &str, file: &str, ordinal: u64) -> usize {
        let is_same = |claim: &BookedClaim| &*claim.origin.0 == file && claim.origin.1 == ordinal;
        let new = BookedClaim {
            id: id.into(),
            is_checked: true,
            origin: (file.into(), ordinal),
            ..BookedClaim::default()
        };
        match self.index.get(id).copied() {
            Some(place) => {
                if let Some(claim) = self.claims.get_mut(place).filter(|claim| !is_same(claim)) {
                    self.counts.repeated += 1;
                    *claim = new;
                }
                place
            }
            None => self.push(new),
        }
    }

    fn push(&mut self, claim: BookedClaim) -> usize {
        let place = self.claims.len();
        self.index.insert(claim.id.clone(), place);
        self.claims.push(claim);
        place
    }

    fn rule(&mut self, rule: &str, pack: &str) -> u32 {
        let name = (rule.to_owned(), pack.to_owned());
        if let Some(place) = self.rule_index.get(&name) {
            return *place;
        }
        let place = u32::try_from(self.rules.len()).unwrap_or(u32::MAX);
        self.rules.push(name.clone());
        self.rule_index.insert(name, place);
        place
    }

    /// Books what a payer answered.
    pub(super) fn answer(&mut self, remitted: &RemittedClaim) {
        let known = self.index.get(remitted.id()).copied();
        let is_checked =
            known.and_then(|place| self.claims.get(place)).is_some_and(|claim| claim.is_checked);
        self.counts.not_checked += u64::from(!is_checked);
        if matches!(remitted.status, RemittanceStatus::SentOn | RemittanceStatus::Predetermination)
        {
            self.counts.without_answer += 1;
            return;
        }
        let place = match known {
            Some(place) => place,
            // Only denials of claims that were not checked have to be kept.
            None if has_denial(remitted) => self.push(denied_elsewhere(remitted)),
            None => return,
        };
        let Some(claim) = self.claims.get_mut(place) else { return };
        claim.is_answered = true;
        if remitted.lines.is_empty() {
            if Answer::new(remitted, of_claim(remitted)).replace(&mut claim.answer) {
                claim.lines.iter_mut().for_each(|line| line.answer = None);
            }
            return;
        }
        let knows_all = self.is_whole && claim.is_checked;
        self.join.join(&claim.lines, remitted, knows_all);
        // Lines take the place of what was said of the whole claim before.
        let new = Answer::new(remitted, Word::Paid);
        claim.answer = claim.answer.take().filter(|old| old.stands_against(&new));
        for (at, line) in claim.lines.iter_mut().enumerate() {
            let parts = self.join.parts_of(at, remitted);
            if parts.clone().next().is_some() {
                Answer::new(remitted, of_line(remitted, parts)).replace(&mut line.answer);
            }
        }
        if remitted.status == RemittanceStatus::Reversal {
            // It takes back a whole payment: where lines cannot be told apart, all of them.
            if self.join.not_matched(remitted).next().is_some() {
                for line in &mut claim.lines {
                    Answer::new(remitted, Word::Reversed).replace(&mut line.answer);
                }
            }
            return;
        }
        for part in self.join.not_matched(remitted) {
            let word = of_line(remitted, core::iter::once(part));
            let is_denied = matches!(word, Word::Denied(_));
            if knows_all {
                self.counts.not_matched += 1;
                self.counts.denials_not_matched += u64::from(is_denied);
            } else if is_denied {
                let mut line = booked_line(remitted, part);
                Answer::new(remitted, word).replace(&mut line.answer);
                claim.lines.push(line);
            }
        }
    }
}

fn has_denial(remitted: &RemittedClaim) -> bool {
    let denied = |word| matches!(word, Word::Denied(_));
    if remitted.lines.is_empty() {
        return denied(of_claim(remitted));
    }
    remitted.lines.iter().any(|line| denied(of_line(remitted, core::iter::once(line))))
}

/// A claim that is known from its remittance alone.
fn denied_elsewhere(remitted: &RemittedClaim) -> BookedClaim {
    BookedClaim {
        id: remitted.id().into(),
        charge: remitted.charge,
        lines: remitted.lines.iter().map(|line| booked_line(remitted, line)).collect(),
        ..BookedClaim::default()
    }
}

/// A line as its payer tells it: what was billed where the payer says so. It has no number.
fn booked_line(remitted: &RemittedClaim, line: &RemittedLine) -> BookedLine {
    let (procedure, modifiers) = match line.submitted {
        Some(code) => (Some(code), line.submitted_modifiers),
        None => (line.procedure, line.modifiers),
    };
    BookedLine {
        number: 0,
        procedure,
        modifiers,
        from: line.dates.map(|dates| dates.from()),
        charge: line.charge,
        control_number: remitted.text(line.control_number).into(),
        answer: None,
    }
}
