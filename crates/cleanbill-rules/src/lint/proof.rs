//! Rules of which no test shows that they fire, or where they stop.

use super::{Lint, Warning};
use crate::check::Pack;
use crate::testing::{Coverage, ReadClaim, Tester};

pub(super) fn check(pack: &Pack, read: ReadClaim<'_>, found: &mut Vec<Warning>) {
    let tester = Tester::new(pack, read);
    let mut coverage = Coverage::of(pack);
    for test in &pack.tests {
        coverage.add(test, &tester.run(test));
    }
    for rule in coverage.rules {
        let mut warn = |lint, message: String, help: &str| {
            found.push(Warning {
                lint,
                rule: Some(rule.id.clone()),
                place: rule.place.clone(),
                message,
                others: Vec::new(),
                help: help.to_owned(),
            });
        };
        if !rule.fired {
            warn(
                Lint::NoFiringTest,
                format!("no test that passes makes `{}` fire", rule.id),
                "add a test with `expect: { fires: … }`",
            );
        }
        if !rule.near_miss {
            warn(
                Lint::NoNearMiss,
                format!("no test that passes shows `{}` just short of a finding", rule.id),
                "add a test that is silent because of a clause behind the first one",
            );
        }
    }
}
