//! `global_surgery` on a claim: each service of it beside each surgery, and each surgery beside the services
//! of earlier claims.

use core::cmp::Reverse;

use cleanbill_engine::{EditFault, Scope, Sink, Subject, Truth};
use cleanbill_model::{ClaimType, Element, Outcome, ServiceDate, ServiceLine};

use super::indicator::{Indicator, Indicators};
use super::package::{Lifts, Relation, Service, Surgery, listed};
use crate::check::{Base, Says, missing, trace, trace_with};
use crate::code_set::CodeSet;
use crate::kind::by_line::LineKind;
use crate::kind::earlier::{Search, Seen, line_evidence, no_feed_of};
use crate::kind::provider::open_provider;
use crate::kind::words::Words;
use crate::same::Same;
use crate::table::TableName;

/// The longest global period, the day of the surgery included.
const LONGEST: u32 = 91;

/// A checked `global_surgery` rule.
pub(super) struct GlobalSurgery {
    pub(super) base: Base,
    pub(super) indicators: Indicators,
    pub(super) table: TableName,
    pub(super) visits: CodeSet,
    pub(super) same: Same,
    pub(super) lifts: Lifts,
    pub(super) search: Search,
    /// For a surgery whose period has a service of an earlier claim.
    pub(super) history_service: Words,
}

/// A service that a surgery includes, if `truth` holds.
#[derive(Clone, Copy)]
struct Included<'a> {
    surgery: Surgery<'a>,
    service: Service,
    seen: Seen<'a>,
    relation: Relation,
    truth: Truth,
    provider: Truth,
}

impl Included<'_> {
    /// Of several surgeries the one to be told is certain, late, and on the claim in hand.
    fn rank(&self) -> (bool, ServiceDate, Reverse<(bool, u32)>) {
        let seen = self.surgery.seen;
        let place = (seen.is_elsewhere(), seen.line.number);
        (self.truth == Truth::Yes, seen.line.dates.from(), Reverse(place))
    }
}

impl LineKind for GlobalSurgery {
    fn base(&self) -> &Base {
        &self.base
    }

    fn scope(&self) -> Scope {
        if self.search == Search::default() {
            return Scope::Claim;
        }
        Scope::PatientHistory { days: LONGEST }
    }

    fn judge(
        &self,
        subject: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let claim = subject.claim;
        // What a surgery includes is the surgeon's; the facility has fees of its own.
        if claim.claim_type == ClaimType::Institutional {
            trace(sink, index, None, "applies_to", Truth::No, || {
                "a surgery includes services of physicians, and this is a claim of a facility"
                    .to_owned()
            });
            return Ok(());
        }
        let own = Seen::own(claim, index, line);
        let (service, surgery) = (self.service(own), self.surgery(own));
        self.indicators.is_whole()?;
        let concerned = service.is_some() || surgery.is_some();
        trace(sink, index, None, "codes", Truth::from(concerned), || {
            let code = own.value("code");
            match (service, surgery) {
                (_, Some(surgery)) => {
                    let (first, last) = surgery.days();
                    let days = surgery.global.indicator.as_str();
                    format!("the global days of {code} are {days}: {first} to {last}")
                }
                (Some(Service::Visit), None) => format!("{code} is a visit"),
                (Some(Service::Procedure(_)), None) => format!("{code} is a procedure"),
                (None, None) => format!("{code} is no visit, and has no global days"),
            }
        });
        if !concerned || !self.base.holds(line, index, sink) {
            return Ok(());
        }
        self.trace_surgeries(subject, own, service, sink);
        let mut found = false;
        if let Some(service) = service {
            let mut best: Option<Included<'_>> = None;
            for seen in self.search.lines(subject).filter(|seen| !seen.is_own(index)) {
                if !near(own, seen) && !sink.explains() {
                    continue;
                }
                let Some(surgery) = self.surgery(seen) else { continue };
                if let Some(included) = self.included(own, surgery, (service, own), sink)
                    && best.is_none_or(|best| included.rank() > best.rank())
                {
                    best = Some(included);
                }
            }
            if let Some(included) = best {
                self.say(own, included, sink);
                found = true;
            }
        }
        if let Some(surgery) = surgery {
            for seen in self.search.lines(subject).filter(Seen::is_earlier) {
                if !near(own, seen) && !sink.explains() {
                    continue;
                }
                let Some(service) = self.service(seen) else { continue };
                if let Some(included) = self.included(own, surgery, (service, seen), sink) {
                    self.say(own, included, sink);
                    found = true;
                }
            }
        }
        self.indicators.is_whole()?;
        let is_free = service == Some(Service::Visit) && self.lifts.free(own);
        if !found && !is_free && self.search.lacks_feed(subject) {
            let question = match service {
                Some(Service::Visit) => "a surgery includes it",
                _ => "a surgery includes it, or it includes earlier services,",
            };
            let services = format!(
                "services within {} days of {}",
                LONGEST.saturating_sub(1),
                line.dates.from()
            );
            no_feed_of(&self.base, claim, index, question, &services, sink);
        }
        Ok(())
    }
}

/// Whether the two lines are near enough for a period.
fn near(a: Seen<'_>, b: Seen<'_>) -> bool {
    let (a, b) = (a.line.dates, b.line.dates);
    let apart = a.through().days_until(b.from()).max(b.through().days_until(a.from()));
    apart < LONGEST.cast_signed()
}

impl GlobalSurgery {
    /// What a surgery may include: a visit, or a procedure that is no part of somebody's surgical care.
    fn service(&self, seen: Seen<'_>) -> Option<Service> {
        let code = seen.line.procedure?;
        if self.visits.contains(code) {
            return Some(Service::Visit);
        }
        let global = self.indicators.of(seen.line)?;
        let is_care = |own: cleanbill_model::Modifier| matches!(own.as_str(), "55" | "56");
        let is_part = seen.line.modifiers.iter().any(is_care);
        (!is_part).then_some(Service::Procedure(global.holds))
    }

    /// The package of a line that is a surgery.
    fn surgery<'a>(&self, seen: Seen<'a>) -> Option<Surgery<'a>> {
        let code = seen.line.procedure?;
        if self.visits.contains(code) {
            return None;
        }
        Surgery::new(seen, self.indicators.of(seen.line)?)
    }

    /// First clause of every line: whether another line could include it, or be included by it.
    fn trace_surgeries(
        &self,
        subject: Subject<'_>,
        own: Seen<'_>,
        service: Option<Service>,
        sink: &mut dyn Sink,
    ) {
        if !sink.explains() {
            return;
        }
        let mut others = self.search.lines(subject).filter(|seen| !seen.is_own(own.place));
        let is_surgery = self.surgery(own).is_some();
        let partner = others.find(|seen| {
            service.is_some() && self.surgery(*seen).is_some()
                || is_surgery && seen.is_earlier() && self.service(*seen).is_some()
        });
        let detail = || match partner {
            Some(seen) => {
                format!("{} on line {} is one, or is included", seen.value("code"), seen.number())
            }
            None => "no other line is a surgery, or a service of an earlier claim".to_owned(),
        };
        trace(sink, own.place, None, "surgery", Truth::from(partner.is_some()), detail);
    }

    /// Whether `surgery` includes a service, clause by clause; one of the two is the line `own`.
    fn included<'a>(
        &self,
        own: Seen<'a>,
        surgery: Surgery<'a>,
        (service, seen): (Service, Seen<'a>),
        sink: &mut dyn Sink,
    ) -> Option<Included<'a>> {
        let partner = if seen.is_own(own.place) { surgery.seen } else { seen };
        let mut step = |clause, truth, detail: &dyn Fn() -> String| {
            trace_with(sink, own.place, || partner.reference(), clause, truth, detail);
            truth != Truth::No
        };
        let relations = surgery.relations(service, seen.line.dates);
        let within = relations.iter().any(Option::is_some);
        let known = match service {
            Service::Visit => surgery.global.holds,
            Service::Procedure(holds) => surgery.global.holds.and(holds),
        };
        let in_period = if within { known } else { Truth::No };
        let goes_on = step("period", in_period, &|| {
            let (first, last) = surgery.days();
            let code = surgery.seen.value("code");
            let days = surgery.global.indicator.as_str();
            format!("{}; {code} ({days}) includes {first} to {last}", seen.line.dates)
        });
        if !goes_on {
            return None;
        }
        let provider = own.provider(self.same, &partner);
        if !step("rendering_provider", provider, &|| own.providers(&partner)) {
            return None;
        }
        let lifting = |relation| self.lifts.at(service, relation, surgery.global);
        let is_lifted = |relation: &Relation| {
            let lists = lifting(*relation);
            let mut own = seen.line.modifiers.iter();
            own.any(|modifier| lists.iter().any(|list| list.contains(&modifier)))
        };
        let open = relations.into_iter().flatten().find(|relation| !is_lifted(relation));
        step("lifted_by", Truth::from(open.is_some()), &|| {
            let own = match seen.line.modifiers.is_empty() {
                true => "none".to_owned(),
                false => seen.line.modifiers.to_string(),
            };
            let wanted = relations.into_iter().flatten().map(|relation| {
                format!(
                    "{} {}: {}",
                    relation.words(),
                    surgery.seen.value("code"),
                    listed(lifting(relation))
                )
            });
            let wanted = wanted.collect::<Vec<_>>().join("; ");
            format!("modifiers of line {}: {own}; what lifts {wanted}", seen.number())
        });
        let truth = in_period.and(provider);
        Some(Included { surgery, service, seen, relation: open?, truth, provider })
    }

    fn say(&self, own: Seen<'_>, included: Included<'_>, sink: &mut dyn Sink) {
        let info = self.base.info();
        let Included { surgery, service, seen, relation, truth, provider } = included;
        let reversed = !seen.is_own(own.place);
        let (first, last) = surgery.days();
        let days = surgery.global.indicator.as_str();
        let lift = listed(self.lifts.at(service, relation, surgery.global));
        let mut why = format!(
            "{} (line {}) is {} {} (line {}), whose global days are {days} ({}, row {}): {first} to {last}; \
             no modifier {lift} takes it out",
            seen.value("code"),
            seen.number(),
            relation.words(),
            surgery.seen.value("code"),
            surgery.seen.number(),
            self.table.as_str(),
            surgery.global.row,
        );
        if reversed {
            why.push_str("; the surgery came behind it: it should not have been paid");
        }
        let partner = if reversed { seen } else { surgery.seen };
        let (outcome, disposition) = match truth {
            Truth::Yes if reversed => (Outcome::Fires, self.history_service.disposition),
            Truth::Yes => (Outcome::Fires, info.disposition),
            _ => {
                let mut facts = Vec::new();
                let open = if provider == Truth::Unknown {
                    let (open, more) = open_provider(self.same, &[own, partner]);
                    facts.extend(more);
                    open
                } else {
                    facts.push(format!(
                        "look up the global days of {} and {} on their dates of service",
                        seen.value("code"),
                        surgery.seen.value("code")
                    ));
                    match (surgery.global.holds, surgery.global.indicator) {
                        (Truth::Unknown, Indicator::Contractor) => {
                            "the contractor decides on the period"
                        }
                        (Truth::Unknown, _) => {
                            "no row of the table is in force on the day of the surgery"
                        }
                        _ => {
                            "no row of the table tells for certain that the service is a procedure"
                        }
                    }
                };
                why.push_str("; ");
                why.push_str(open);
                missing(sink, own.place, || facts);
                (Outcome::Undetermined, info.on_unknown)
            }
        };
        let words = &self.history_service;
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: own.place,
            others: vec![partner.reference()],
            element: Element::Procedure,
            words: reversed.then_some((&words.message, &words.fix)),
            values: &|name| match name {
                "global_days" => days.to_owned(),
                "period" => format!("{first} to {last}"),
                "when" => relation.words(),
                "lift" => lift.clone(),
                _ => match name.strip_prefix("other.") {
                    Some(name) => surgery.seen.value(name),
                    None => seen.value(name),
                },
            },
            why,
            evidence: [own, partner].iter().flat_map(line_evidence).collect(),
        }));
    }
}
