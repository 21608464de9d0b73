//! `frequency_limit`: a service more often within some days than a policy allows.
//!
//! Earlier claims count too, unless the rule says that the claim in hand is enough. Without a feed of
//! them a claim that stays within the limit is undetermined: they may hold more.

use cleanbill_engine::{Edit, EditFault, History, Scope, Sink, Subject, Truth};
use cleanbill_model::{Element, Outcome, ServiceLine, UnitBasis};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;
use smallvec::SmallVec;

use super::by_line::{ByLine, LineKind};
use super::condition::{self, Role};
use super::earlier::{HISTORY, Search, Seen};
use super::provider::open_provider;
use super::window::{Count, Tally, shown};
use crate::check::{Base, Cx, PackScope, Says, evidence, missing, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::predicate::{self, ConditionDecl, Predicate};
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::yaml::Node;

/// Name of the kind.
pub(crate) const KIND: &str = "frequency_limit";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 8] =
    ["applies_to", "codes", "effective", "unit_basis", "unless", "max", "window", "history"];
const SLOTS: [&str; 4] = ["n", "limit", "window", "prior_dates"];

/// A service more often within some days than is payable.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrequencyLimitDecl {
    /// Codes that the rule is about.
    codes: CodeList,
    /// The most that is payable within the days.
    max: u32,
    /// What is counted.
    #[schemars(extend("enum" = COUNTS.map(|(name, _)| name)))]
    count: String,
    /// The days within which is counted.
    window: WindowDecl,
    /// What the lines must share to be counted together: `patient` always, and what else is named.
    #[schemars(extend("items" = words::one_of(words::same(Takes::WINDOW))))]
    same: Vec<String>,
    /// A condition under which the limit does not hold.
    // Read from the tree.
    #[serde(default)]
    #[schemars(with = "Option<ConditionDecl>")]
    unless: Option<IgnoredAny>,
    /// Whether earlier claims count and must be known to say that the limit is kept; left out,
    /// `required`. With `claim_only` they do not count.
    #[serde(default)]
    #[schemars(extend("enum" = HISTORY))]
    history: Option<String>,
}

/// Days that move along with the claim.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WindowDecl {
    /// Number of days, the first and the last included.
    days: u32,
}

const COUNTS: [(&str, Count); 3] =
    [("service_dates", Count::ServiceDates), ("units", Count::Units), ("lines", Count::Lines)];

struct FrequencyLimit {
    base: Base,
    codes: CodeSet,
    /// In the unit of `count`.
    max: i64,
    count: Count,
    days: i32,
    same: Same,
    unless: Option<Predicate>,
    search: Search,
}

/// The runnable edit of a `frequency_limit` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.frequency_limit.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let codes = cx.codes(at.get("codes"), &decl.codes);
    let count = cx.word(&at.get("count").span, &decl.count, "a thing to count", &COUNTS);
    let same = Same::check(cx, at.get("same"), &decl.same, &Takes::WINDOW);
    let unless = decl.unless.as_ref().map(|_| predicate::parse(cx, at.get("unless"), "unless"));
    let search = Search::unless_claim_only(cx, at, decl.history.as_ref());
    let days = i32::try_from(decl.window.days).ok().filter(|days| *days > 0);
    if days.is_none() {
        cx.error(
            Code::WrongType,
            &at.get("window").get("days").span,
            "the window holds no day".to_owned(),
            "give the number of days, 1 or more; the day of the service counts".to_owned(),
        );
    }
    let unless = match unless {
        Some(unless) => {
            let unless = unless?;
            cx.note_size(&rule.id, "unless", &unless);
            Some(unless)
        }
        None => None,
    };
    let count = count?;
    Some(Box::new(ByLine(FrequencyLimit {
        base: base?,
        codes,
        max: count.scaled(decl.max),
        count,
        days: days?,
        same,
        unless,
        search: search?,
    })))
}

impl LineKind for FrequencyLimit {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> Option<&CodeSet> {
        Some(&self.codes)
    }

    fn scope(&self) -> Scope {
        if self.search == Search::default() {
            return Scope::Claim;
        }
        Scope::PatientHistory { days: u32::try_from(self.days).unwrap_or(u32::MAX) }
    }

    fn judge(
        &self,
        subject: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let claim = subject.claim;
        if self.count == Count::Units {
            let units = line.unit_basis == UnitBasis::Units;
            trace(sink, index, None, "unit_basis", Truth::from(units), || {
                if units { "units of service" } else { "the line counts minutes" }.to_owned()
            });
            if !units {
                return Ok(());
            }
        }
        let holds = self.unless.as_ref().map_or(Truth::Yes, |unless| {
            condition::decide(sink, (claim, index, line), ("unless", Role::Satisfies), unless)
        });
        if holds == Truth::No {
            return Ok(());
        }
        let lines: SmallVec<[Seen<'_>; 16]> = self.search.lines(subject).collect();
        let own = Seen::own(claim, index, line);
        let tally = |days, least| self.tally(&lines, own, days, least);
        let ever = tally(i32::MAX, Truth::Unknown);
        let possible = tally(self.days, Truth::Unknown);
        let certain = tally(self.days, Truth::Yes);
        let over = match (certain.total > self.max, possible.total > self.max) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        };
        trace(sink, index, None, "max", Truth::from(ever.total > self.max), || {
            let known = match subject.history {
                History::Known(_) if self.search.history => "this claim and earlier ones",
                History::OfRun(_) if self.search.history => "this claim and others of the run",
                _ => "this claim",
            };
            format!("{} on {known}, limit {}", self.shown(ever.total), self.shown(self.max))
        });
        if ever.total > self.max {
            trace(sink, index, None, "window", over, || {
                let within = self.shown(possible.total);
                format!(
                    "{within} within the {} days that end on {}",
                    self.days,
                    line.dates.through()
                )
            });
        }
        let (outcome, why) = match over {
            Truth::Yes if holds == Truth::Yes => (Outcome::Fires, ""),
            Truth::Yes => {
                (Outcome::Undetermined, "; the claim leaves open whether an exception holds")
            }
            Truth::Unknown if possible.has(&lines, Truth::Unknown) => (
                Outcome::Undetermined,
                "; the claim replaces an earlier one that the history does not name, so it may be one of these",
            ),
            Truth::Unknown if !self.same.rendering_provider => (
                Outcome::Undetermined,
                "; of some the claim does not tell whether they are of the same provider",
            ),
            Truth::Unknown => (
                Outcome::Undetermined,
                "; some have another rendering provider whose specialty the claim does not give",
            ),
            Truth::No if self.search.lacks_feed(subject) => {
                trace(sink, index, None, "history", Truth::Unknown, || {
                    "there is no history feed".to_owned()
                });
                (Outcome::Undetermined, "; there is no history feed to tell of earlier claims")
            }
            Truth::No => return Ok(()),
        };
        if outcome == Outcome::Undetermined {
            missing(sink, index, || self.lacked(own, over, &possible, &lines));
        }
        let tally = if over == Truth::Unknown { possible } else { certain };
        self.say(own, outcome, (&tally, &lines), why, sink);
        Ok(())
    }
}

impl FrequencyLimit {
    /// What is counted up to and with `line` in the `days` days that end on its last day, of lines
    /// whose provider is at least so certainly the same.
    fn tally(&self, lines: &[Seen<'_>], own: Seen<'_>, days: i32, least: Truth) -> Tally {
        let mut tally = Tally::new(own.line.dates.through(), days, self.count);
        for (place, other) in lines.iter().enumerate() {
            let same = match own.provider(self.same, other) {
                Truth::Yes => true,
                truth => truth == least,
            };
            let named = other.line.procedure.is_some_and(|code| self.codes.contains(code));
            // On the days of one line claims that came first come first, and then the line numbers.
            let key = |seen: &Seen<'_>| {
                let comes =
                    if seen.is_elsewhere() { 2 - 2 * i32::from(seen.is_first()) } else { 1 };
                let of_claim = (comes == 1).then_some((seen.line.number, seen.place));
                (seen.line.dates.through(), comes, of_claim)
            };
            let not_later = self.count == Count::ServiceDates || key(other) <= key(&own);
            if same && named && not_later {
                tally.add(place, other.line);
            }
        }
        tally.finish()
    }

    /// What would decide a line that is left open.
    fn lacked(
        &self,
        Seen { claim, line, .. }: Seen<'_>,
        over: Truth,
        possible: &Tally,
        lines: &[Seen<'_>],
    ) -> Vec<String> {
        let mut facts = condition::lacked(claim, line, self.unless.iter());
        if over == Truth::Unknown {
            facts.extend(open_provider(self.same, &possible.seen(lines)).1);
        }
        if over == Truth::No {
            facts.push(format!(
                "look at the earlier claims of the {} days that end on {}: no claim carries them",
                self.days,
                line.dates.through()
            ));
        }
        facts
    }

    fn shown(&self, total: i64) -> String {
        shown(self.count, total)
    }

    fn say(
        &self,
        own: Seen<'_>,
        outcome: Outcome,
        (tally, lines): (&Tally, &[Seen<'_>]),
        why: &str,
        sink: &mut dyn Sink,
    ) {
        let info = self.base.info();
        let Seen { line, place: index, .. } = own;
        let counted = tally.seen(lines).into_iter();
        let others: Vec<Seen<'_>> = counted.filter(|seen| !seen.is_own(index)).collect();
        let mut prior: Vec<String> =
            others.iter().map(|other| other.line.dates.to_string()).collect();
        prior.sort_unstable();
        prior.dedup();
        let prior = if prior.is_empty() { "none".to_owned() } else { prior.join(", ") };
        let (n, limit) = (self.shown(tally.total), self.shown(self.max));
        let evidence = core::iter::once(&own)
            .chain(&others)
            .flat_map(|seen| {
                let units = (self.count == Count::Units)
                    .then(|| evidence(seen.reference(), Element::Units, seen.line.units));
                [Some(evidence(seen.reference(), Element::ServiceDate, seen.line.dates)), units]
            })
            .flatten()
            .collect();
        sink.find(self.base.finding(Says {
            outcome,
            disposition: match outcome {
                Outcome::Fires => info.disposition,
                _ => info.on_unknown,
            },
            line: index,
            others: others.iter().map(Seen::reference).collect(),
            element: Element::ServiceDate,
            words: None,
            values: &|name| match name {
                "n" => n.clone(),
                "limit" => limit.clone(),
                "window" => format!("{} days", self.days),
                "prior_dates" => prior.clone(),
                _ => own.value(name),
            },
            why: format!(
                "{n} within the {} days that end on {}, limit {limit}; other dates: {prior}{why}",
                self.days,
                line.dates.through()
            ),
            evidence,
        }));
    }
}
