//! Where two verdicts on one claim differ: rule by rule, line by line.

use std::cmp::Ordering;

use cleanbill_model::{Disposition, Finding, Outcome};

use super::plan::Plan;

/// What an edition says of a line by one rule, from the weakest; a rule with several findings on a line
/// says the strongest of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    /// Nothing, or nothing that counts because it is waived.
    Silent,
    /// It cannot tell.
    Undetermined(Disposition),
    /// It fires.
    Fires(Disposition),
}

impl Word {
    /// `silent`, `undetermined (suspend)`, `fires (line_denial)`.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Silent => "silent".to_owned(),
            Self::Undetermined(disposition) => format!("undetermined ({})", disposition.as_str()),
            Self::Fires(disposition) => format!("fires ({})", disposition.as_str()),
        }
    }

    const fn fires(self) -> bool {
        matches!(self, Self::Fires(_))
    }

    const fn is_undetermined(self) -> bool {
        matches!(self, Self::Undetermined(_))
    }
}

/// What an edition says of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Said {
    rule: u32,
    line: Option<usize>,
    word: Word,
}

impl Said {
    /// Rule and line: what it is about.
    const fn about(&self) -> (u32, Option<usize>) {
        (self.rule, self.line)
    }
}

/// A line on which the editions differ by one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The rule.
    pub(super) rule: u32,
    /// Place of the line, from 0; `None` for the claim as a whole.
    pub(super) line: Option<usize>,
    /// What the old edition says.
    pub(super) was: Word,
    /// What the new edition says.
    pub(super) is: Word,
}

impl Difference {
    /// How they differ.
    pub(super) fn ways(&self) -> Ways {
        let (was, is) = (self.was, self.is);
        Ways {
            now_hit: is.fires() && !was.fires(),
            no_longer_hit: was.fires() && !is.fires(),
            changed: was.fires() == is.fires() && was.is_undetermined() == is.is_undetermined(),
            undetermined_now: is.is_undetermined() && !was.is_undetermined(),
            undetermined_before: was.is_undetermined() && !is.is_undetermined(),
        }
    }
}

/// The ways in which a line differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ways {
    pub(super) now_hit: bool,
    pub(super) no_longer_hit: bool,
    pub(super) changed: bool,
    pub(super) undetermined_now: bool,
    pub(super) undetermined_before: bool,
}

impl Ways {
    /// Either's.
    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            now_hit: self.now_hit || other.now_hit,
            no_longer_hit: self.no_longer_hit || other.no_longer_hit,
            changed: self.changed || other.changed,
            undetermined_now: self.undetermined_now || other.undetermined_now,
            undetermined_before: self.undetermined_before || other.undetermined_before,
        }
    }
}

/// Finds the differences and reuses its memory.
#[derive(Default)]
pub(super) struct Verdicts {
    was: Vec<Said>,
    is: Vec<Said>,
}

impl Verdicts {
    /// Keeps what the old edition says of a claim.
    pub(super) fn old(&mut self, plan: &Plan, findings: &[Finding]) {
        collect(plan, findings, &mut self.was);
    }

    /// Keeps what the new edition says of it.
    pub(super) fn new_edition(&mut self, plan: &Plan, findings: &[Finding]) {
        collect(plan, findings, &mut self.is);
    }

    /// Puts the differences into `differences`, by rule and line; the claim as a whole comes before its lines.
    pub(super) fn differences(&self, differences: &mut Vec<Difference>) {
        differences.clear();
        let (mut was, mut is) = (self.was.iter().peekable(), self.is.iter().peekable());
        loop {
            let order = match (was.peek(), is.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(was), Some(is)) => was.about().cmp(&is.about()),
            };
            let before = if order.is_le() { was.next() } else { None };
            let now = if order.is_ge() { is.next() } else { None };
            let Some(said) = before.or(now) else { break };
            let word = |said: Option<&Said>| said.map_or(Word::Silent, |said| said.word);
            if word(before) != word(now) {
                let (rule, line) = said.about();
                let (was, is) = (word(before), word(now));
                differences.push(Difference { rule, line, was, is });
            }
        }
    }
}

fn collect(plan: &Plan, findings: &[Finding], said: &mut Vec<Said>) {
    said.clear();
    for finding in findings {
        let word = match finding.outcome {
            Outcome::Fires => Word::Fires,
            Outcome::Undetermined => Word::Undetermined,
            Outcome::Waived => continue,
        };
        // Whose finding stands in for the others' depends on the other packs; what each says does not.
        let also = finding.also.iter().map(|also| (&also.edit, also.disposition));
        let all = core::iter::once((&finding.edit, finding.disposition)).chain(also);
        said.extend(all.filter_map(|(edit, disposition)| {
            let rule = plan.index(&edit.id)?;
            Some(Said { rule, line: finding.line, word: word(disposition) })
        }));
    }
    // The strongest word of each line comes first and stays.
    said.sort_unstable_by(|a, b| a.about().cmp(&b.about()).then(b.word.cmp(&a.word)));
    said.dedup_by_key(|said| said.about());
}
