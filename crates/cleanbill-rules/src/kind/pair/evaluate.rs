//! `mutually_exclusive` on a claim: each pair of lines once, in the direction of the row in force.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Claim, Disposition, EditInfo, Element, Outcome, ProcedureCode, ServiceDate};

use super::bypass::{Bypass, Lift};
use super::conflict::{Conflict, Line};
use super::report::ReportOn;
use super::table::{Indicator, PairTable};
use crate::check::{Base, Says, missing, trace, trace_with};
use crate::facts::ExtremityFacts;
use crate::kind::earlier::{Search, Seen, common_day};
use crate::kind::words::Words;
use crate::same::Same;

/// A checked `mutually_exclusive` rule.
pub(super) struct PairEdit {
    pub(super) base: Base,
    pub(super) pairs: PairTable,
    pub(super) same: Same,
    pub(super) search: Search,
    pub(super) report_on: ReportOn,
    /// For a line whose partner, which should carry the finding, is on an earlier claim.
    pub(super) history_column_two: Words,
    /// How the extremity is found, when `same` names it.
    pub(super) extremity: Option<Arc<ExtremityFacts>>,
    pub(super) bypass: Bypass,
    /// Given whenever `extremity` and a bypass are.
    pub(super) bypassed: Option<Bypassed>,
    /// Words for a pair that no modifier lifts.
    pub(super) not_allowed: Option<Words>,
}

/// What happens to a lifted pair, by what the claim shows of the extremity.
pub(super) struct Bypassed {
    pub(super) same_extremity: Words,
    pub(super) unknown_extremity: Words,
    pub(super) side_only: Words,
}

impl Edit for PairEdit {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.base.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        self.pairs.trigger()
    }

    fn scope(&self) -> Scope {
        self.search.scope()
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        if !self.base.applies(claim, sink) {
            return Ok(());
        }
        self.trace_pairs(subject, sink);
        if self.search.looks_back(claim.claim_type) {
            self.look_back(subject, sink);
        } else {
            self.within(claim, sink);
        }
        self.pairs.damage().map_or(Ok(()), Err)
    }
}

impl PairEdit {
    /// Each pair of lines of the claim once.
    pub(super) fn within(&self, claim: &Claim, sink: &mut dyn Sink) {
        for (index, line) in claim.lines.iter().enumerate() {
            let Some(a) = self.named(Seen::own(claim, index, line)) else { continue };
            for (index, line) in claim.lines.iter().enumerate().skip(index + 1) {
                if let Some(b) = self.named(Seen::own(claim, index, line)) {
                    self.judge(claim, a, b, sink);
                }
            }
        }
    }

    pub(super) fn named<'a>(&self, seen: Seen<'a>) -> Option<Line<'a>> {
        let code = seen.line.procedure.filter(|code| self.pairs.names(*code))?;
        Some(Line { seen, code })
    }

    /// Whether the table has a row for these two codes in this order, in force or not.
    fn has_row(&self, claim: &Claim, one: ProcedureCode, two: ProcedureCode) -> bool {
        self.pairs.rows(one, two, claim.claim_type).next().is_some()
    }

    /// First clause of every line: whether another line carries a paired code at all.
    fn trace_pairs(&self, subject: Subject<'_>, sink: &mut dyn Sink) {
        if !sink.explains() {
            return;
        }
        let claim = subject.claim;
        for (index, line) in claim.lines.iter().enumerate() {
            let partner = self.named(Seen::own(claim, index, line)).and_then(|own| {
                self.search.lines(subject).filter_map(|seen| self.named(seen)).find(|other| {
                    !other.seen.is_own(index)
                        && (self.has_row(claim, own.code, other.code)
                            || self.has_row(claim, other.code, own.code))
                })
            });
            let code = line.procedure.map(|code| code.to_string()).unwrap_or_default();
            trace(sink, index, None, "pair", Truth::from(partner.is_some()), || match partner {
                Some(other) => {
                    format!("{code} is paired with {} on line {}", other.code, other.seen.number())
                }
                None => format!(
                    "no other line carries a code that {code} is paired with on a {} claim",
                    claim.claim_type.as_str()
                ),
            });
        }
    }

    pub(super) fn judge<'a>(
        &'a self,
        claim: &Claim,
        a: Line<'a>,
        b: Line<'a>,
        sink: &mut dyn Sink,
    ) {
        let kind = claim.claim_type;
        let day = common_day(a.seen.line, b.seen.line);
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
                let lift = self.bypass.lift(one.seen.line, two.seen.line, day);
                let of = |facts: &ExtremityFacts, line: Line<'_>| {
                    facts.of(line.seen.claim, line.seen.line)
                };
                let extremity =
                    self.extremity.as_ref().map(|facts| (of(facts, one), of(facts, two)));
                let report_on = self.report_on;
                let same = self.same;
                let conflict = Conflict { one, two, window, day, extremity, lift, report_on, same };
                self.decide(&conflict, sink);
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
        self.report_on.trace_spared(one, two, sink);
        let mut step = |clause, truth, detail: String| {
            self.step(one, two, sink, clause, truth, &|| detail.clone());
        };
        step("column_two", Truth::Yes, self.report_on.columns(one, two));
        let Some(day) = day else {
            step(
                "service_date",
                Truth::No,
                format!(
                    "{} and {} have no day in common",
                    two.seen.line.dates, one.seen.line.dates
                ),
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
            rows().map(|window| format!("{} ({})", window.period, window.place())).collect();
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

    fn decide(&self, conflict: &Conflict<'_>, sink: &mut dyn Sink) {
        let Conflict { one, two, window, day, .. } = *conflict;
        self.report_on.trace_spared(one, two, sink);
        let step = |sink: &mut dyn Sink, clause, truth, detail: &dyn Fn() -> String| {
            self.step(one, two, sink, clause, truth, detail);
        };
        step(sink, "column_two", Truth::Yes, &|| self.report_on.columns(one, two));
        step(sink, "service_date", Truth::Yes, &|| format!("both on {day}"));
        step(sink, "effective", Truth::Yes, &|| {
            format!("the pair is in force {} ({})", window.period, window.place())
        });
        step(sink, "indicator", Truth::Yes, &|| match window.indicator {
            Indicator::NotAllowed => "0: no modifier lifts the pair".to_owned(),
            _ => "1: an NCCI-associated modifier lifts the pair".to_owned(),
        });
        let provider = one.seen.provider(self.same, &two.seen);
        step(sink, "rendering_provider", provider, &|| one.seen.providers(&two.seen));
        if provider == Truth::No {
            return;
        }
        if window.indicator == Indicator::NotAllowed {
            self.fire(conflict, provider, sink);
            return;
        }
        let same = conflict.extremity.map(|(a, b)| a.same(b));
        if let (Some(truth), Some((a, b)), Some(facts)) =
            (same, conflict.extremity, &self.extremity)
        {
            step(sink, "extremity", truth, &|| {
                format!(
                    "line {}: {b} ({}); line {}: {a} ({})",
                    two.seen.number(),
                    facts.basis(two.seen.claim, two.seen.line),
                    one.seen.number(),
                    facts.basis(one.seen.claim, one.seen.line)
                )
            });
        }
        if same == Some(Truth::No) {
            return;
        }
        let lifted = conflict.lift != Lift::No;
        let stands = match conflict.lift {
            Lift::No => Truth::Yes,
            Lift::Side(_) => Truth::Unknown,
            Lift::Full(_) => Truth::No,
        };
        // As for every clause, "yes" keeps the edit standing: here, that no modifier lifts it.
        step(sink, "bypass", stands, &|| match conflict.lift {
            Lift::No => self.bypass.none_found(one.seen, two.seen),
            Lift::Side(modifier) => format!("modifier {modifier} states a side only"),
            Lift::Full(modifier) => format!("modifier {modifier} lifts the pair"),
        });
        if !lifted {
            self.fire(conflict, provider, sink);
        } else if let (Some(same), Some(bypassed)) = (same, &self.bypassed) {
            let (outcome, words) = match (same, conflict.lift) {
                (Truth::Yes, _) => (Outcome::Fires, &bypassed.same_extremity),
                (_, Lift::Side(_)) => (Outcome::Undetermined, &bypassed.side_only),
                _ => (Outcome::Fires, &bypassed.unknown_extremity),
            };
            self.say(conflict, outcome, words.disposition, Some(words), provider, sink);
        }
    }

    fn fire(&self, conflict: &Conflict<'_>, provider: Truth, sink: &mut dyn Sink) {
        let info = self.base.info();
        let words = match conflict.window.indicator {
            _ if self.report_on.came_first(conflict.one, conflict.two) => {
                Some(&self.history_column_two)
            }
            Indicator::NotAllowed => self.not_allowed.as_ref(),
            _ => None,
        };
        let (outcome, disposition) = match provider {
            Truth::Yes => {
                (Outcome::Fires, words.map_or(info.disposition, |words| words.disposition))
            }
            _ => (Outcome::Undetermined, info.on_unknown),
        };
        self.say(conflict, outcome, disposition, words, provider, sink);
    }

    fn say(
        &self,
        conflict: &Conflict<'_>,
        outcome: Outcome,
        disposition: Disposition,
        words: Option<&Words>,
        provider: Truth,
        sink: &mut dyn Sink,
    ) {
        for (own, partner) in conflict.falls_on() {
            if outcome == Outcome::Undetermined {
                missing(sink, own.seen.place, || conflict.missing(provider));
            }
            let finding = self.base.finding(Says {
                outcome,
                disposition,
                line: own.seen.place,
                others: vec![partner.seen.reference()],
                element: Element::Procedure,
                words: words.map(|words| (&words.message, &words.fix)),
                values: &|name| conflict.value(name),
                why: conflict.why(provider),
                evidence: Conflict::evidence(own, partner),
            });
            sink.find(finding.about(Some(conflict.defect())));
        }
    }

    /// One decided clause, for each line that a finding would fall on.
    fn step(
        &self,
        one: Line<'_>,
        two: Line<'_>,
        sink: &mut dyn Sink,
        clause: &'static str,
        truth: Truth,
        detail: &dyn Fn() -> String,
    ) {
        for (own, partner) in self.report_on.falls_on(one, two) {
            let partner = || partner.seen.reference();
            trace_with(sink, own.seen.place, partner, clause, truth, detail);
        }
    }
}
