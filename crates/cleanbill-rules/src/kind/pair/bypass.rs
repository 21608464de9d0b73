//! Which modifiers lift a pair of indicator 1, on which line and from which day.

use cleanbill_model::{Modifier, ServiceDate, ServiceLine};

use crate::code_set::CodeSet;
use crate::kind::earlier::Seen;

/// Which modifiers lift a pair of indicator 1.
#[derive(Default)]
pub(super) struct Bypass {
    pub(super) modifiers: Vec<Modifier>,
    pub(super) once_column_two_only: Vec<Modifier>,
    pub(super) either_line_from: Option<ServiceDate>,
    pub(super) side_only: Vec<Modifier>,
    pub(super) side_void_on: CodeSet,
}

/// How the modifiers of the two lines bear on the pair.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lift {
    No,
    /// Only a side is stated.
    Side(Modifier),
    Full(Modifier),
}

impl Bypass {
    pub(super) fn lift(&self, one: &ServiceLine, two: &ServiceLine, day: ServiceDate) -> Lift {
        let either = self.either_line_from.is_none_or(|from| from <= day);
        let counts = |line: &ServiceLine, modifier: Modifier, on_column_one: bool| {
            let void = self.side_only.contains(&modifier)
                && line.procedure.is_some_and(|code| self.side_void_on.contains(code));
            let too_early =
                on_column_one && !either && self.once_column_two_only.contains(&modifier);
            self.modifiers.contains(&modifier) && !void && !too_early
        };
        let mut lift = Lift::No;
        for (line, on_column_one) in [(two, false), (one, true)] {
            for modifier in line.modifiers.iter().filter(|m| counts(line, *m, on_column_one)) {
                if !self.side_only.contains(&modifier) {
                    return Lift::Full(modifier);
                }
                if lift == Lift::No {
                    lift = Lift::Side(modifier);
                }
            }
        }
        lift
    }

    pub(super) fn none_found(&self, one: Seen<'_>, two: Seen<'_>) -> String {
        let list = |seen: Seen<'_>| match seen.line.modifiers.is_empty() {
            true => "none".to_owned(),
            false => seen.line.modifiers.to_string(),
        };
        format!(
            "no modifier that lifts the pair (line {}: {}; line {}: {})",
            two.number(),
            list(two),
            one.number(),
            list(one)
        )
    }
}
