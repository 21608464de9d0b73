//! How a condition of a rule is told in an explanation, and what would decide one that is left open.

use cleanbill_engine::{Sink, Truth};
use cleanbill_model::{Claim, ServiceLine};

use crate::check::trace;
use crate::predicate::{Field, Predicate};

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

/// What `claim` would have to say where these conditions on `line` are left open, each fact once.
pub(super) fn lacked<'a>(
    claim: &Claim,
    line: &ServiceLine,
    conditions: impl Iterator<Item = &'a Predicate>,
) -> Vec<String> {
    let mut facts = Vec::new();
    for condition in conditions {
        condition.open(claim, line, &mut |field, line| {
            let fact = match field {
                // The one field that is left open though the claim gives it.
                Field::Units => format!("count line {} in units, not in minutes", line.number),
                field if field.is_of_line() => {
                    format!("give line {} a value for `{}`", line.number, field.name())
                }
                field => format!("give the claim a value for `{}`", field.name()),
            };
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        });
    }
    facts
}
