//! `mutually_exclusive` on a claim: each pair of lines once, in the direction of the row in force.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Extremity, Sink, Subject, Trigger, Truth};
use cleanbill_model::{
    Claim, Disposition, EditInfo, Element, Evidence, Modifier, Outcome, ProcedureCode, ServiceDate,
    ServiceLine,
};

use super::table::{Indicator, PairTable, Window};
use crate::check::{Base, Says, common_value, evidence, trace};
use crate::facts::ExtremityFacts;
use crate::same::Same;
use crate::template::Template;

/// A checked `mutually_exclusive` rule.
pub(super) struct PairEdit {
    pub(super) base: Base,
    pub(super) pairs: PairTable,
    pub(super) same: Same,
    /// How the extremity is found, when `same` names it.
    pub(super) extremity: Option<Arc<ExtremityFacts>>,
    pub(super) bypass: Bypass,
    /// Given whenever `extremity` and a bypass are.
    pub(super) bypassed: Option<Bypassed>,
}

/// Which modifiers lift a pair of indicator 1.
#[derive(Default)]
pub(super) struct Bypass {
    pub(super) modifiers: Vec<Modifier>,
    pub(super) once_column_two_only: Vec<Modifier>,
    pub(super) either_line_from: Option<ServiceDate>,
    pub(super) side_only: Vec<Modifier>,
    pub(super) side_void_on: Vec<ProcedureCode>,
}

/// What happens to a lifted pair, by what the claim shows of the extremity.
pub(super) struct Bypassed {
    pub(super) same_extremity: Words,
    pub(super) unknown_extremity: Words,
    pub(super) side_only: Words,
}

/// Disposition and words of one way to end.
pub(super) struct Words {
    pub(super) disposition: Disposition,
    pub(super) message: Template,
    pub(super) fix: Template,
}

/// How the modifiers of the two lines bear on the pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lift {
    No,
    /// Only a side is stated.
    Side(Modifier),
    Full(Modifier),
}

/// A line in hand.
#[derive(Clone, Copy)]
struct Line<'a> {
    index: usize,
    line: &'a ServiceLine,
    code: ProcedureCode,
}

/// A pair in force: which line is column one, which is column two, and what is known of them.
struct Conflict<'a> {
    one: Line<'a>,
    two: Line<'a>,
    window: &'a Window,
    day: ServiceDate,
    /// Extremity of line one and line two, when the rule asks.
    extremity: Option<(Extremity, Extremity)>,
    lift: Lift,
}

impl Edit for PairEdit {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.base.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::Codes(self.pairs.codes())
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        if !self.base.applies(claim, sink) {
            return Ok(());
        }
        self.trace_pairs(claim, sink);
        for (index, line) in claim.lines.iter().enumerate() {
            let Some(a) = self.named(index, line) else { continue };
            for (index, line) in claim.lines.iter().enumerate().skip(index + 1) {
                if let Some(b) = self.named(index, line) {
                    self.judge(claim, a, b, sink);
                }
            }
        }
        Ok(())
    }
}

impl PairEdit {
    fn named<'a>(&self, index: usize, line: &'a ServiceLine) -> Option<Line<'a>> {
        let code = line.procedure.filter(|code| self.pairs.names(*code))?;
        Some(Line { index, line, code })
    }

    /// Whether the table has a row for these two codes in this order, in force or not.
    fn has_row(&self, claim: &Claim, one: ProcedureCode, two: ProcedureCode) -> bool {
        self.pairs.rows(one, two, claim.claim_type).next().is_some()
    }

    /// First clause of every line: whether another line carries a paired code at all.
    fn trace_pairs(&self, claim: &Claim, sink: &mut dyn Sink) {
        if !sink.explains() {
            return;
        }
        for (index, line) in claim.lines.iter().enumerate() {
            let partner = self.named(index, line).and_then(|own| {
                claim.lines.iter().enumerate().filter_map(|(i, l)| self.named(i, l)).find(|other| {
                    other.index != own.index
                        && (self.has_row(claim, own.code, other.code)
                            || self.has_row(claim, other.code, own.code))
                })
            });
            let code = line.procedure.map(|code| code.to_string()).unwrap_or_default();
            trace(sink, index, None, "pair", Truth::from(partner.is_some()), || match partner {
                Some(other) => {
                    format!("{code} is paired with {} on line {}", other.code, other.line.number)
                }
                None => format!(
                    "no other line carries a code that {code} is paired with on a {} claim",
                    claim.claim_type.as_str()
                ),
            });
        }
    }

    fn judge<'a>(&'a self, claim: &Claim, a: Line<'a>, b: Line<'a>, sink: &mut dyn Sink) {
        let kind = claim.claim_type;
        let day = a.line.dates.intersect(b.line.dates).map(|dates| dates.from());
        let in_force = |one: Line<'a>, two: Line<'a>| {
            let day = day.filter(|day| self.base.info().effective.contains(*day))?;
            let window = self.pairs.in_force(one.code, two.code, kind, day)?;
            Some((one, two, window, day))
        };
        // Both orders of a pair are never in force on one day in CMS's tables; should a pack's own
        // table have both, the lower code is column one, whatever the order of the lines.
        let (low, high) = if a.code <= b.code { (a, b) } else { (b, a) };
        match in_force(low, high).or_else(|| in_force(high, low)) {
            Some((one, two, window, day)) => {
                let lift = self.bypass.lift(one.line, two.line, day);
                let extremity = self
                    .extremity
                    .as_ref()
                    .map(|facts| (facts.of(claim, one.line), facts.of(claim, two.line)));
                let conflict = Conflict { one, two, window, day, extremity, lift };
                self.decide(claim, &conflict, sink);
            }
            None if sink.explains() => self.trace_not_in_force(claim, low, high, day, sink),
            None => {}
        }
    }

    fn trace_not_in_force(
        &self,
        claim: &Claim,
        low: Line<'_>,
        high: Line<'_>,
        day: Option<ServiceDate>,
        sink: &mut dyn Sink,
    ) {
        let (one, two) = if self.has_row(claim, low.code, high.code) {
            (low, high)
        } else if self.has_row(claim, high.code, low.code) {
            (high, low)
        } else {
            return;
        };
        trace_column_one(sink, one, two);
        let mut step = |clause, truth, detail: String| {
            trace(sink, two.index, Some(one.index), clause, truth, || detail);
        };
        step("column_two", Truth::Yes, columns(one, two));
        let Some(day) = day else {
            step(
                "service_date",
                Truth::No,
                format!("{} and {} have no day in common", two.line.dates, one.line.dates),
            );
            return;
        };
        step("service_date", Truth::Yes, format!("both on {day}"));
        let effective = self.base.info().effective;
        if !effective.contains(day) {
            step("effective", Truth::No, format!("the rule holds {effective}"));
            return;
        }
        let rows = || self.pairs.rows(one.code, two.code, claim.claim_type);
        let tombstones = rows().all(|window| window.indicator == Indicator::NotApplicable);
        let places: Vec<String> =
            rows().map(|window| format!("{} ({})", window.period, window.place)).collect();
        if tombstones {
            step("effective", Truth::Yes, "the pair has rows".to_owned());
            step(
                "indicator",
                Truth::No,
                format!(
                    "modifier indicator 9: the pair was never in force ({})",
                    places.join("; ")
                ),
            );
        } else {
            step(
                "effective",
                Truth::No,
                format!("on {day} no row is in force; rows: {}", places.join("; ")),
            );
        }
    }

    fn decide(&self, claim: &Claim, conflict: &Conflict<'_>, sink: &mut dyn Sink) {
        let Conflict { one, two, window, day, .. } = *conflict;
        trace_column_one(sink, one, two);
        let step = |sink: &mut dyn Sink, clause, truth, detail: &dyn Fn() -> String| {
            trace(sink, two.index, Some(one.index), clause, truth, detail);
        };
        step(sink, "column_two", Truth::Yes, &|| columns(one, two));
        step(sink, "service_date", Truth::Yes, &|| format!("both on {day}"));
        step(sink, "effective", Truth::Yes, &|| {
            format!("the pair is in force {} ({})", window.period, window.place)
        });
        step(sink, "indicator", Truth::Yes, &|| match window.indicator {
            Indicator::NotAllowed => "0: no modifier lifts the pair".to_owned(),
            _ => "1: an NCCI-associated modifier lifts the pair".to_owned(),
        });
        let provider = self.same.provider(claim, one.line, two.line);
        step(sink, "rendering_provider", provider, &|| providers(one.line, two.line));
        if provider == Truth::No {
            return;
        }
        if window.indicator == Indicator::NotAllowed {
            self.fire(claim, conflict, provider, sink);
            return;
        }
        let same = conflict.extremity.map(|(a, b)| a.same(b));
        if let (Some(truth), Some((a, b)), Some(facts)) =
            (same, conflict.extremity, &self.extremity)
        {
            step(sink, "extremity", truth, &|| {
                format!(
                    "line {}: {b} ({}); line {}: {a} ({})",
                    two.line.number,
                    facts.basis(claim, two.line),
                    one.line.number,
                    facts.basis(claim, one.line)
                )
            });
        }
        if same == Some(Truth::No) {
            return;
        }
        let lifted = conflict.lift != Lift::No;
        // Named for what keeps the edit standing: no modifier that lifts it.
        step(sink, "bypass", Truth::from(!lifted), &|| match conflict.lift {
            Lift::No => self.bypass.none_found(one.line, two.line),
            Lift::Side(modifier) => format!("modifier {modifier} states a side only"),
            Lift::Full(modifier) => format!("modifier {modifier} lifts the pair"),
        });
        if !lifted {
            self.fire(claim, conflict, provider, sink);
        } else if let (Some(same), Some(bypassed)) = (same, &self.bypassed) {
            let (outcome, words) = match (same, conflict.lift) {
                (Truth::Yes, _) => (Outcome::Fires, &bypassed.same_extremity),
                (_, Lift::Side(_)) => (Outcome::Undetermined, &bypassed.side_only),
                _ => (Outcome::Fires, &bypassed.unknown_extremity),
            };
            self.say(claim, conflict, outcome, words.disposition, Some(words), sink);
        }
    }

    fn fire(&self, claim: &Claim, conflict: &Conflict<'_>, provider: Truth, sink: &mut dyn Sink) {
        let info = self.base.info();
        let (outcome, disposition) = match provider {
            Truth::Yes => (Outcome::Fires, info.disposition),
            _ => (Outcome::Undetermined, info.on_unknown),
        };
        self.say(claim, conflict, outcome, disposition, None, sink);
    }

    fn say(
        &self,
        claim: &Claim,
        conflict: &Conflict<'_>,
        outcome: Outcome,
        disposition: Disposition,
        words: Option<&Words>,
        sink: &mut dyn Sink,
    ) {
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: conflict.two.index,
            others: vec![conflict.one.index],
            element: Element::Procedure,
            words: words.map(|words| (&words.message, &words.fix)),
            values: &|name| conflict.value(claim, name),
            why: conflict.why(outcome == Outcome::Undetermined && words.is_none()),
            evidence: conflict.evidence(),
        }));
    }
}

impl Bypass {
    fn lift(&self, one: &ServiceLine, two: &ServiceLine, day: ServiceDate) -> Lift {
        let either = self.either_line_from.is_none_or(|from| from <= day);
        let counts = |line: &ServiceLine, modifier: Modifier, on_column_one: bool| {
            let void = self.side_only.contains(&modifier)
                && line.procedure.is_some_and(|code| self.side_void_on.contains(&code));
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

    fn none_found(&self, one: &ServiceLine, two: &ServiceLine) -> String {
        let list = |line: &ServiceLine| match line.modifiers.is_empty() {
            true => "none".to_owned(),
            false => line.modifiers.to_string(),
        };
        format!(
            "no modifier that lifts the pair (line {}: {}; line {}: {})",
            two.number,
            list(two),
            one.number,
            list(one)
        )
    }
}

impl Conflict<'_> {
    fn value(&self, claim: &Claim, name: &str) -> String {
        let extremity = |second: bool| match self.extremity {
            Some((one, two)) => if second { two } else { one }.to_string(),
            None => String::new(),
        };
        match name {
            "extremity" => extremity(true),
            "other.extremity" => extremity(false),
            "indicator" => self.window.indicator.as_str().to_owned(),
            "rationale" => self.window.rationale.to_string(),
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

    fn why(&self, provider_unknown: bool) -> String {
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
        if !window.rationale.is_empty() {
            why.push_str(&format!(" ({})", window.rationale));
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
        if provider_unknown {
            why.push_str("; the two lines have different rendering providers and the claim does not give both specialties");
        }
        why
    }

    fn evidence(&self) -> Vec<Evidence> {
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

fn columns(one: Line<'_>, two: Line<'_>) -> String {
    format!("{} is column two, {} on line {} is column one", two.code, one.code, one.line.number)
}

/// The payable line hears why nothing is said of it.
fn trace_column_one(sink: &mut dyn Sink, one: Line<'_>, two: Line<'_>) {
    trace(sink, one.index, Some(two.index), "column_two", Truth::No, || {
        format!(
            "{} is column one: an edit would fall on {} (line {})",
            one.code, two.code, two.line.number
        )
    });
}

fn providers(a: &ServiceLine, b: &ServiceLine) -> String {
    let npi =
        |line: &ServiceLine| line.provider.npi.map_or("none".to_owned(), |npi| npi.to_string());
    if a.provider.npi == b.provider.npi {
        format!("the same, {}", npi(a))
    } else {
        format!("{} and {}; the same only within one group and specialty", npi(a), npi(b))
    }
}
