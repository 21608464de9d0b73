//! Two lines in conflict: what is known of them, and the words for it.

use cleanbill_engine::{Extremity, Sides, Truth};
use cleanbill_model::{Defect, Evidence, ProcedureCode, ServiceDate};

use super::bypass::Lift;
use super::report::ReportOn;
use super::table::{Indicator, Window};
use crate::kind::earlier::{Seen, line_evidence, named};
use crate::kind::provider::open_provider;
use crate::same::Same;

/// A line with a code that the rule names.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) seen: Seen<'a>,
    pub(super) code: ProcedureCode,
}

/// A pair in force: which line is column one, which is column two, and what is known of them.
pub(super) struct Conflict<'a> {
    pub(super) one: Line<'a>,
    pub(super) two: Line<'a>,
    pub(super) window: Window<'a>,
    pub(super) day: ServiceDate,
    /// Extremity of line one and line two, when the rule asks.
    pub(super) extremity: Option<(Extremity, Extremity)>,
    pub(super) lift: Lift,
    pub(super) report_on: ReportOn,
    /// What the rule compares.
    pub(super) same: Same,
}

impl<'a> Conflict<'a> {
    /// The lines that a finding falls on, which are of the claim in hand, each with its partner.
    pub(super) fn falls_on(&self) -> impl Iterator<Item = (Line<'a>, Line<'a>)> {
        self.report_on.falls_on(self.one, self.two)
    }

    /// `code` and its like are column two, `other.code` and its like column one, whichever of them the
    /// finding falls on.
    pub(super) fn value(&self, name: &str) -> String {
        let extremity = |second: bool| match self.extremity {
            Some((one, two)) => if second { two } else { one }.to_string(),
            None => String::new(),
        };
        match name {
            "extremity" => extremity(true),
            "other.extremity" => extremity(false),
            "indicator" => self.window.indicator.as_str().to_owned(),
            "rationale" => self.window.rationale().to_owned(),
            "day" => self.day.to_string(),
            "bypass" => match self.lift {
                Lift::No => "none".to_owned(),
                Lift::Side(modifier) | Lift::Full(modifier) => modifier.to_string(),
            },
            _ => match name.strip_prefix("other.") {
                Some(name) => self.one.seen.value(name),
                None => self.two.seen.value(name),
            },
        }
    }

    pub(super) fn why(&self, provider: Truth) -> String {
        let Self { one, two, window, day, .. } = self;
        let mut why = format!(
            "{} (line {}) is column one and {} (line {}) column two of a pair in force on {day}, \
             modifier indicator {}",
            one.code,
            one.seen.number(),
            two.code,
            two.seen.number(),
            window.indicator.as_str()
        );
        if !window.rationale().is_empty() {
            why.push_str(&format!(" ({})", window.rationale()));
        }
        match (window.indicator, self.lift) {
            (Indicator::NotAllowed, _) => why.push_str("; no modifier can lift it"),
            (_, Lift::No) => why.push_str("; neither line has a modifier that lifts it"),
            (_, Lift::Side(modifier)) => {
                why.push_str(&format!("; modifier {modifier} states a side, not arm or leg"))
            }
            (_, Lift::Full(modifier)) => {
                why.push_str(&format!("; modifier {modifier} says it was a separate service"))
            }
        }
        if let (Some((a, b)), Indicator::Allowed) = (self.extremity, window.indicator) {
            why.push_str(&format!(
                "; line {}: {b}; line {}: {a}",
                two.seen.number(),
                one.seen.number()
            ));
        }
        if self.report_on.came_first(*one, *two) {
            why.push_str(match self.report_on {
                ReportOn::With => "; column one came first: it should not have been paid",
                _ => "; column two came first: it should not have been paid, or column one is reduced by what was paid",
            });
        }
        if provider == Truth::Unknown {
            why.push_str("; ");
            why.push_str(open_provider(self.same, &[two.seen, one.seen]).0);
        }
        why
    }

    /// What the claim would have to tell to decide what is open.
    pub(super) fn missing(&self, provider: Truth) -> Vec<String> {
        let mut facts = Vec::new();
        let numbers = |lines: [bool; 2]| {
            let both = [self.two.seen, self.one.seen];
            let chosen = both.into_iter().zip(lines).filter(|(_, chosen)| *chosen);
            named(&chosen.map(|(seen, _)| seen).collect::<Vec<_>>())
        };
        if let Some((one, two)) =
            self.extremity.filter(|(one, two)| one.same(*two) == Truth::Unknown)
        {
            if let Some(lines) = numbers([two.region.is_none(), one.region.is_none()]) {
                facts.push(format!(
                    "give {lines} a body_region, or a pointer to a diagnosis that tells arm from leg"
                ));
            }
            let open = |sides| matches!(sides, Sides::Unknown | Sides::OneUnstated);
            let overlap = one.sides.overlap(two.sides);
            let lines = numbers([open(two.sides), open(one.sides)]);
            if let Some(lines) = lines.filter(|_| overlap == Truth::Unknown) {
                facts.push(format!("give {lines} a side: LT or RT"));
            }
        }
        if provider == Truth::Unknown {
            facts.extend(open_provider(self.same, &[self.two.seen, self.one.seen]).1);
        }
        facts
    }

    pub(super) fn defect(&self) -> Defect {
        let Self { one, two, day, .. } = self;
        let side = |line: &Line<'_>| (line.code, line.seen.reference());
        Defect::Pair { one: side(one), two: side(two), day: *day }
    }

    /// What was read on the line that the finding falls on, and on its partner.
    pub(super) fn evidence(own: Line<'_>, partner: Line<'_>) -> Vec<Evidence> {
        [own, partner].iter().flat_map(|line| line_evidence(&line.seen)).collect()
    }
}
