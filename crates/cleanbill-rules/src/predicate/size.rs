//! How large a predicate is: beyond some size a value set, a table or a plugin reads better.

use super::Predicate;

/// Size of a condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PredicateSize {
    /// Rule.
    pub rule: String,
    /// Key that holds the condition: `when`, `must`, `unless`.
    pub clause: &'static str,
    /// Levels of conditions within conditions.
    pub depth: usize,
    /// Single tests.
    pub clauses: usize,
}

impl Predicate {
    /// Levels of conditions within conditions; a single test has none.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Test(_) => 0,
            Self::All(list) | Self::Any(list) => {
                1 + list.iter().map(Self::depth).max().unwrap_or_default()
            }
            Self::Not(inner) | Self::Lines(_, inner) | Self::Count(inner, _) => 1 + inner.depth(),
        }
    }

    /// Single tests in it.
    pub(crate) fn clauses(&self) -> usize {
        match self {
            Self::Test(_) => 1,
            Self::All(list) | Self::Any(list) => list.iter().map(Self::clauses).sum(),
            Self::Not(inner) | Self::Lines(_, inner) => inner.clauses(),
            Self::Count(inner, tests) => inner.clauses() + tests.len(),
        }
    }
}
