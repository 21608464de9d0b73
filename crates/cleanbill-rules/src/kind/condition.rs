//! How a condition of a rule is told in an explanation.

use cleanbill_engine::{Sink, Truth};
use cleanbill_model::{Claim, ServiceLine};

use crate::check::trace;
use crate::predicate::Predicate;

/// What a condition does when it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It keeps the edit going: `when`.
    Selects,
    /// It ends it in silence: `must`, `unless`.
    Satisfies,
}

/// Decides `condition` as the clause `clause` and tells it: every test, then the whole. The answer is
/// that of the clause, where yes keeps the edit going.
pub(super) fn decide(
    sink: &mut dyn Sink,
    (claim, index, line): (&Claim, usize, &ServiceLine),
    (clause, role): (&'static str, Role),
    condition: &Predicate,
) -> Truth {
    let as_clause = |holds: Truth| if role == Role::Selects { holds } else { !holds };
    let truth = as_clause(condition.holds(claim, line));
    if sink.explains() {
        let mut tests = Vec::new();
        condition.explain(claim, line, &mut |detail, holds| tests.push((detail, holds)));
        match tests.as_slice() {
            [(detail, _)] => trace(sink, index, None, clause, truth, || detail.clone()),
            tests => {
                for (detail, holds) in tests {
                    trace(sink, index, None, clause, as_clause(*holds), || {
                        format!("{detail}: {holds}")
                    });
                }
                trace(sink, index, None, clause, truth, || format!("together: {condition}"));
            }
        }
    }
    truth
}
