//! `duplicate_line`: one service on two lines of a claim, or on a line of an earlier claim again, without
//! a modifier that says it was repeated.
//!
//! The finding stands on the later line and names the earlier. Later is the higher line number, not
//! the place in the file, so that the order of the lines changes nothing.

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Element, Modifier, Modifiers, Outcome, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use super::earlier::{SEARCH, Search, Seen, common_day, no_feed, open_provider};
use super::pair::FixedWordsDecl;
use crate::check::{Base, COMMON_SLOTS, Cx, PackScope, Says, evidence, missing, trace, trace_with};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::template::Template;
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "duplicate_line";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 11] = [
    "applies_to",
    "codes",
    "effective",
    "earlier_line",
    "service_date",
    "modifiers",
    "units",
    "charge",
    "rendering_provider",
    "unless_modifiers",
    "history",
];
const SLOTS: [&str; 2] = ["other.line", "other.modifiers"];

/// One service on two lines of a claim.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DuplicateLineDecl {
    /// Codes that the rule is about; left out, every procedure.
    #[serde(default)]
    codes: Option<CodeList>,
    /// What the lines must share: `patient` and `service_date` always, and what else is named.
    #[schemars(extend("items" = words::one_of(words::same(Takes::DUPLICATE))))]
    same: Vec<String>,
    /// Where the earlier line may stand: `this_claim` always, `history` also on earlier claims of the
    /// same type. Left out, `[this_claim]`.
    #[serde(default)]
    #[schemars(extend("items" = words::one_of(SEARCH.to_vec())))]
    search: Vec<String>,
    /// Words for a line that repeats a line of an earlier claim; the rule's own when left out.
    #[serde(default)]
    history_words: Option<FixedWordsDecl>,
    /// Modifiers that say that the service was repeated.
    #[serde(default)]
    unless_modifiers: Option<CodeList>,
}

struct DuplicateLine {
    base: Base,
    codes: Option<CodeSet>,
    same: Same,
    search: Search,
    history_words: Option<(Template, Template)>,
    unless: Vec<Modifier>,
}

/// The runnable edit of a `duplicate_line` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.duplicate_line.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let unless = decl.unless_modifiers.as_ref();
    let search = Search::check(cx, at, &decl.search, &SEARCH);
    let history_words = match &decl.history_words {
        None => None,
        Some(decl) => {
            search.must_look_back(cx, at, "history_words");
            let at = at.get("history_words");
            let slots: Vec<_> = COMMON_SLOTS.iter().chain(&SLOTS).copied().collect();
            let [message, fix] = [("message", &decl.message), ("fix", &decl.fix)]
                .map(|(key, text)| cx.template(at.get(key), text, &slots));
            Some((message?, fix?))
        }
    };
    Some(Box::new(ByLine(DuplicateLine {
        codes: decl.codes.as_ref().map(|codes| cx.codes(at.get("codes"), codes)),
        same: Same::check(cx, at.get("same"), &decl.same, &Takes::DUPLICATE),
        search,
        history_words,
        unless: unless
            .map(|list| cx.modifiers(at.get("unless_modifiers"), list))
            .unwrap_or_default(),
        base: base?,
    })))
}

impl LineKind for DuplicateLine {
    fn base(&self) -> &Base {
        &self.base
    }

    fn trigger(&self) -> Trigger<'_> {
        self.codes.as_ref().map_or(Trigger::EveryClaim, CodeSet::trigger)
    }

    fn scope(&self) -> Scope {
        self.search.scope()
    }

    fn judge(
        &self,
        subject: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let concerned = match &self.codes {
            Some(codes) => self.base.concerns(line, index, codes, sink),
            None => {
                trace(sink, index, None, "codes", Truth::from(line.procedure.is_some()), || {
                    "the rule is about every procedure".to_owned()
                });
                line.procedure.is_some() && self.base.holds(line, index, sink)
            }
        };
        if !concerned {
            return Ok(());
        }
        let own = Seen::own(subject.claim, index, line);
        let of_claim = |seen: &Seen<'_>| (seen.line.number, seen.place);
        let mut earlier: Vec<Seen<'_>> = self
            .search
            .lines(subject)
            .filter(|other| {
                other.line.procedure == line.procedure
                    && (if other.is_elsewhere() {
                        other.is_first()
                    } else {
                        of_claim(other) < of_claim(&own)
                    })
            })
            .collect();
        // Those of earlier claims stay in the order of the claims, behind those of the claim in hand.
        earlier.sort_by_key(|seen| {
            (seen.is_elsewhere(), (!seen.is_elsewhere()).then(|| of_claim(seen)))
        });
        trace(sink, index, None, "earlier_line", Truth::from(!earlier.is_empty()), || {
            format!("earlier lines with the same code: {}", earlier.len())
        });
        let mut found = None;
        for other in earlier {
            match (self.twice(own, other, sink), found) {
                (Truth::Yes, _) => {
                    found = Some((other, Truth::Yes));
                    break;
                }
                (Truth::Unknown, None) => found = Some((other, Truth::Unknown)),
                _ => {}
            }
        }
        let excused = line.modifiers.iter().any(|modifier| self.unless.contains(&modifier));
        if let Some((other, truth)) = found {
            self.say(own, other, truth, sink);
        } else if self.search.lacks_feed(subject) && !excused {
            let question = "the service was billed before";
            no_feed(&self.base, subject.claim, index, question, sink);
        }
        Ok(())
    }
}

impl DuplicateLine {
    /// Whether the two lines are one service, clause by clause.
    fn twice(&self, own: Seen<'_>, partner: Seen<'_>, sink: &mut dyn Sink) -> Truth {
        let (line, other) = (own.line, partner.line);
        let provider = own.provider(self.same, &partner);
        let excused = [line, other]
            .iter()
            .flat_map(|line| line.modifiers.iter())
            .find(|modifier| self.unless.contains(modifier));
        let clauses: [(&'static str, Truth); 6] = [
            ("service_date", Truth::from(common_day(line, other).is_some())),
            (
                "modifiers",
                Truth::from(
                    !self.same.modifiers
                        || alike(line.modifiers, other.modifiers)
                        || excused.is_some(),
                ),
            ),
            (
                "units",
                Truth::from(
                    !self.same.units
                        || (line.units, line.unit_basis) == (other.units, other.unit_basis),
                ),
            ),
            ("charge", Truth::from(!self.same.charge || line.charge == other.charge)),
            ("rendering_provider", provider),
            ("unless_modifiers", Truth::from(excused.is_none())),
        ];
        let mut twice = Truth::Yes;
        for (clause, truth) in clauses {
            trace_with(
                sink,
                own.place,
                || partner.reference(),
                clause,
                truth,
                || {
                    let value = |line: &ServiceLine| match clause {
                        "service_date" => line.dates.to_string(),
                        "units" => line.units.to_string(),
                        "charge" => line.charge.to_string(),
                        "rendering_provider" => {
                            line.provider.npi.map_or("none".to_owned(), |npi| npi.to_string())
                        }
                        _ if line.modifiers.is_empty() => "none".to_owned(),
                        _ => line.modifiers.to_string(),
                    };
                    format!(
                        "line {}: {}; line {}: {}",
                        own.number(),
                        value(line),
                        partner.number(),
                        value(other)
                    )
                },
            );
            twice = twice.and(truth);
            if twice == Truth::No {
                break;
            }
        }
        twice
    }

    fn say(&self, own: Seen<'_>, other: Seen<'_>, truth: Truth, sink: &mut dyn Sink) {
        let info = self.base.info();
        let mut why =
            format!("line {} is the same service as line {}", own.number(), other.number());
        let (outcome, disposition) = match truth {
            Truth::Yes => (Outcome::Fires, info.disposition),
            _ => {
                let (open, facts) = open_provider(&[own, other]);
                if other.is_elsewhere() {
                    why.push_str("; ");
                    why.push_str(open);
                } else {
                    why.push_str(
                        ", if their rendering providers count as one: the claim does not give both \
                         specialties",
                    );
                }
                missing(sink, own.place, || facts);
                (Outcome::Undetermined, info.on_unknown)
            }
        };
        let read = [own, other].into_iter().flat_map(|seen| {
            let (line, place) = (seen.line, seen.reference());
            let code = line.procedure.map(|code| evidence(place.clone(), Element::Procedure, code));
            let modifiers = (!line.modifiers.is_empty())
                .then(|| evidence(place.clone(), Element::Modifiers, line.modifiers));
            let date = evidence(place, Element::ServiceDate, line.dates);
            code.into_iter().chain(modifiers).chain([date])
        });
        let words = self.history_words.as_ref().filter(|_| other.is_elsewhere());
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: own.place,
            others: vec![other.reference()],
            element: Element::Procedure,
            words: words.map(|(message, fix)| (message, fix)),
            values: &|name| match name.strip_prefix("other.") {
                Some(name) => other.value(name),
                None => own.value(name),
            },
            why,
            evidence: read.collect(),
        }));
    }
}

/// The same modifiers, in whichever order.
fn alike(a: Modifiers, b: Modifiers) -> bool {
    a.iter().all(|modifier| b.contains(modifier)) && b.iter().all(|modifier| a.contains(modifier))
}
