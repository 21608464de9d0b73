//! Two lines in conflict: what is known of them, and the words for it.

use cleanbill_engine::{Extremity, Sides, Truth};
use cleanbill_model::{Claim, Element, Evidence, ProcedureCode, ServiceDate, ServiceLine};

use super::bypass::Lift;
use super::table::{Indicator, Window};
use crate::check::{common_value, evidence};
use crate::same::{Same, named};

/// A line in hand.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) index: usize,
    pub(super) line: &'a ServiceLine,
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
}

impl Conflict<'_> {
    pub(super) fn value(&self, claim: &Claim, name: &str) -> String {
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
                Some(name) => common_value(claim, self.one.index, name),
                None => common_value(claim, self.two.index, name),
            },
        }
    }

    pub(super) fn why(&self, provider: Truth) -> String {
        let Self { one, two, window, day, .. } = self;
        let mut why = format!(
            "{} (line {}) is column one and {} (line {}) column two of a pair in force on {day}, \
             modifier indicator {}",
            one.code,
            one.line.number,
            two.code,
            two.line.number,
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
                two.line.number, one.line.number
            ));
        }
        if provider == Truth::Unknown {
            why.push_str("; the two lines have different rendering providers and the claim does not give both specialties");
        }
        why
    }

    /// What the claim would have to tell to decide what is open.
    pub(super) fn missing(&self, provider: Truth) -> Vec<String> {
        let mut facts = Vec::new();
        let numbers = |lines: [bool; 2]| {
            let both = [self.two.line.number, self.one.line.number];
            let chosen = both.into_iter().zip(lines).filter(|(_, chosen)| *chosen);
            named(&chosen.map(|(number, _)| number).collect::<Vec<_>>())
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
            facts.extend(Same::missing([self.two.line, self.one.line].into_iter()));
        }
        facts
    }

    pub(super) fn evidence(&self) -> Vec<Evidence> {
        [self.two, self.one]
            .into_iter()
            .flat_map(|Line { index, line, code }| {
                let mut read = vec![evidence(index, Element::Procedure, code)];
                if !line.modifiers.is_empty() {
                    read.push(evidence(index, Element::Modifiers, line.modifiers));
                }
                read.push(evidence(index, Element::ServiceDate, line.dates));
                read
            })
            .collect()
    }
}
