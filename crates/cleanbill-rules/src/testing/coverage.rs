//! What the tests of a pack prove: which rules fire, which clauses decide, and how near the misses are.

use cleanbill_engine::{LineOutcome, Truth};

use super::path::{deciding, is_near_miss};
use super::run::{TestRun, TestStatus};
use crate::check::{Pack, PackTest};
use crate::place::Place;

/// How often a clause settled a line, over all tests of its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseCoverage {
    /// Name of the clause.
    pub name: &'static str,
    /// Where the rule states it, else where the rule stands.
    pub place: Place,
    /// It held last before a finding.
    pub yes: u32,
    /// It silenced a line.
    pub no: u32,
    /// It left a line undetermined.
    pub unknown: u32,
}

impl ClauseCoverage {
    /// Whether it settled a line in any test.
    #[must_use]
    pub const fn decided(&self) -> bool {
        self.yes > 0 || self.no > 0 || self.unknown > 0
    }
}

/// What the tests of one rule prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCoverage {
    /// The rule.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// Whether a test that passes makes it fire or leaves it undetermined.
    pub fired: bool,
    /// Whether a test that passes shows it silent and one clause away from a finding.
    pub near_miss: bool,
    /// Its clauses, in the order in which they are decided; those that it does not use are left out.
    pub clauses: Vec<ClauseCoverage>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// So many.
    pub part: usize,
    /// Of so many.
    pub whole: usize,
}

impl Share {
    fn of<T>(items: impl IntoIterator<Item = T>, holds: impl Fn(&T) -> bool) -> Self {
        let mut share = Self::default();
        for item in items {
            share.whole += 1;
            share.part += usize::from(holds(&item));
        }
        share
    }

    /// Whether it is at least so many of a hundred. Nothing of nothing is never enough.
    #[must_use]
    pub const fn reaches(self, percent: usize) -> bool {
        self.whole > 0 && self.part * 100 >= percent * self.whole
    }
}

/// What the tests of one or more packs prove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Rule by rule, in the order of the packs' files.
    pub rules: Vec<RuleCoverage>,
}

impl Coverage {
    /// Starts with every rule of `pack` and none of its tests.
    #[must_use]
    pub fn of(pack: &Pack) -> Self {
        let rules = pack.outline.rules.iter().map(|rule| RuleCoverage {
            id: rule.id.clone(),
            place: rule.place.clone(),
            fired: false,
            near_miss: false,
            clauses: rule
                .clauses
                .iter()
                .map(|(name, place)| ClauseCoverage {
                    name,
                    place: place.clone(),
                    yes: 0,
                    no: 0,
                    unknown: 0,
                })
                .collect(),
        });
        Self { rules: rules.collect() }
    }

    /// Adds a test. One that failed, or is `todo`, proves nothing.
    pub fn add(&mut self, test: &PackTest, run: &TestRun) {
        let Some(rule) = self.rules.iter_mut().find(|rule| rule.id == test.rule) else { return };
        let Some(seen) = run.explanation.as_ref().filter(|_| run.status == TestStatus::Passed)
        else {
            return;
        };
        rule.fired |= !test.expects_silence();
        for line in &seen.lines {
            for step in deciding(line) {
                let clause = rule.clauses.iter_mut().find(|clause| clause.name == step.clause);
                let Some(clause) = clause else { continue };
                match step.truth {
                    Truth::Yes => clause.yes += 1,
                    Truth::No => clause.no += 1,
                    Truth::Unknown => clause.unknown += 1,
                }
            }
            let wanted = matches!(&line.outcome, LineOutcome::Silent { because }
                if test.body.is_silent_because(because));
            rule.near_miss |= wanted && is_near_miss(line);
        }
    }

    /// Takes over the rules of another pack.
    pub fn absorb(&mut self, other: Self) {
        self.rules.extend(other.rules);
    }

    /// Rules that a test makes fire.
    #[must_use]
    pub fn fired(&self) -> Share {
        Share::of(&self.rules, |rule| rule.fired)
    }

    /// Rules with a silent test that is one clause away from a finding.
    #[must_use]
    pub fn near_misses(&self) -> Share {
        Share::of(&self.rules, |rule| rule.near_miss)
    }

    /// Rules with both.
    #[must_use]
    pub fn proven(&self) -> Share {
        Share::of(&self.rules, |rule| rule.fired && rule.near_miss)
    }

    /// Clauses that settled a line.
    #[must_use]
    pub fn clauses(&self) -> Share {
        Share::of(self.rules.iter().flat_map(|rule| &rule.clauses), |clause| clause.decided())
    }
}
