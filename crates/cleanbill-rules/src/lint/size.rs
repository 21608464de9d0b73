//! Conditions that are too large to be read.

use super::{Lint, Warning};
use crate::check::Pack;

/// Levels of conditions within conditions.
const DEEPEST: usize = 3;
/// Single tests.
const MOST: usize = 8;

pub(super) fn check(pack: &Pack, found: &mut Vec<Warning>) {
    let large = pack.conditions.iter().filter(|size| size.depth > DEEPEST || size.clauses > MOST);
    for size in large {
        let Some(rule) = pack.outline.rules.iter().find(|rule| rule.id == size.rule) else {
            continue;
        };
        let what = match size.depth > DEEPEST {
            true => format!("is {} levels deep", size.depth),
            false => format!("has {} tests", size.clauses),
        };
        let place = rule.keys.get(size.clause).unwrap_or(&rule.place).clone();
        found.push(Warning {
            lint: Lint::Condition,
            rule: Some(rule.id.clone()),
            place,
            message: format!("the condition `{}` of `{}` {what}", size.clause, rule.id),
            others: Vec::new(),
            help: format!(
                "at most {DEEPEST} levels and {MOST} tests are easy to read: move values to a value set or a table, or the logic to a plugin"
            ),
        });
    }
}
