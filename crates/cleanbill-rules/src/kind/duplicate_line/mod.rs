//! `duplicate_line`: one service on two lines of a claim, or on a line of an earlier claim again, without
//! a modifier that says it was repeated.
//!
//! The finding stands on the later line and names the earlier. Later is the higher line number, not
//! the place in the file, so that the order of the lines changes nothing. `differ` makes a rule about
//! near duplicates of it, `repeated` has modifiers that lift only where they are true.

mod repeated;

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Element, Modifier, Modifiers, Outcome, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::{Base, COMMON_SLOTS, Cx, PackScope, Says, missing, trace, trace_with};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::kind::by_line::{ByLine, LineKind};
use crate::kind::earlier::{SEARCH, Search, Seen, common_day, line_evidence, no_feed};
use crate::kind::provider::open_provider;
use crate::kind::words::FixedWordsDecl;
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::template::Template;
use crate::yaml::Node;

use repeated::{Repeated, RepeatedDecl};

/// Name of the kind.
pub(crate) const KIND: &str = "duplicate_line";
/// Clauses in the order in which they are decided.
pub(crate) const CLAUSES: [&str; 13] = [
    "applies_to",
    "codes",
    "effective",
    "earlier_line",
    "service_date",
    "modifiers",
    "units",
    "charge",
    "differ",
    "rendering_provider",
    "unless_modifiers",
    "repeated",
    "history",
];
const SLOTS: [&str; 4] = ["other.line", "other.modifiers", "other.service_date", "repeat"];
/// Names under `differ`.
const DIFFER: [(&str, Differ); 3] =
    [("modifiers", Differ::Modifiers), ("units", Differ::Units), ("charge", Differ::Charge)];

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
    /// For a rule about near duplicates: of these at least one is not the same on the two lines.
    #[serde(default)]
    #[schemars(extend("items" = words::one_of(DIFFER.map(|(name, _)| name).to_vec())))]
    differ: Vec<String>,
    /// Modifiers that say who repeated the service, each of which lifts only where that is so.
    #[serde(default)]
    repeated: Option<RepeatedDecl>,
}

/// A thing in which two near duplicates may differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Differ {
    Modifiers,
    Units,
    Charge,
}

struct DuplicateLine {
    base: Base,
    codes: Option<CodeSet>,
    same: Same,
    search: Search,
    history_words: Option<(Template, Template)>,
    unless: Vec<Modifier>,
    differ: Vec<Differ>,
    repeated: Repeated,
}

/// The runnable edit of a `duplicate_line` rule.
pub(crate) fn check(
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
    let same = Same::check(cx, at.get("same"), &decl.same, &Takes::DUPLICATE);
    let differ = check_differ(cx, at.get("differ"), decl);
    let repeated = decl.repeated.as_ref();
    let repeated = repeated.map(|decl| Repeated::check(cx, at.get("repeated"), decl));
    Some(Box::new(ByLine(DuplicateLine {
        codes: decl.codes.as_ref().map(|codes| cx.codes(at.get("codes"), codes)),
        same,
        search,
        history_words,
        unless: unless
            .map(|list| cx.modifiers(at.get("unless_modifiers"), list))
            .unwrap_or_default(),
        differ,
        repeated: repeated.unwrap_or_default(),
        base: base?,
    })))
}

/// The things under `differ`, none of which may stand under `same` too.
fn check_differ(cx: &Cx<'_>, at: &Node, decl: &DuplicateLineDecl) -> Vec<Differ> {
    let mut differ = Vec::new();
    for (index, name) in decl.differ.iter().enumerate() {
        let span = &at.item(index).span;
        if decl.same.contains(name) {
            let message = format!("`{name}` stands under `same` and under `differ`");
            let help = "two lines cannot share it and differ in it: keep one of the two";
            cx.error(Code::UnknownWord, span, message, help.to_owned());
        }
        differ.extend(cx.word(span, name, "a thing in which lines can differ", &DIFFER));
    }
    differ
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
        let clauses: [(&'static str, Truth); 8] = [
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
            ("differ", Truth::from(self.do_differ(line, other))),
            ("rendering_provider", provider),
            ("unless_modifiers", Truth::from(excused.is_none())),
            ("repeated", !self.repeated.lifts(own, partner)),
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
                        "differ" => {
                            format!("{} x{} {}", line.modifiers, line.units, line.charge)
                        }
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

    /// Whether the lines differ in one of the things in which they must.
    fn do_differ(&self, line: &ServiceLine, other: &ServiceLine) -> bool {
        let differs = |thing: &Differ| match thing {
            Differ::Modifiers => !alike(line.modifiers, other.modifiers),
            Differ::Units => (line.units, line.unit_basis) != (other.units, other.unit_basis),
            Differ::Charge => line.charge != other.charge,
        };
        self.differ.is_empty() || self.differ.iter().any(differs)
    }

    fn say(&self, own: Seen<'_>, other: Seen<'_>, truth: Truth, sink: &mut dyn Sink) {
        let info = self.base.info();
        let mut why =
            format!("line {} is the same service as line {}", own.number(), other.number());
        let (outcome, disposition) = match truth {
            Truth::Yes => (Outcome::Fires, info.disposition),
            _ => {
                // What is open is whose the lines are, or who repeated the service.
                let same = match own.provider(self.same, &other) {
                    Truth::Unknown => self.same,
                    _ => Same { rendering_npi: true, ..Same::default() },
                };
                let (open, facts) = open_provider(same, &[own, other]);
                if other.is_elsewhere() || same.rendering_npi {
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
        if let Some(misused) = self.repeated.misused(own, other) {
            why.push_str("; ");
            why.push_str(&misused);
        }
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
                None if name == "repeat" => self.repeated.wanted(own, other),
                None => own.value(name),
            },
            why,
            evidence: [own, other].iter().flat_map(line_evidence).collect(),
        }));
    }
}

/// The same modifiers, in whichever order.
fn alike(a: Modifiers, b: Modifiers) -> bool {
    a.iter().all(|modifier| b.contains(modifier)) && b.iter().all(|modifier| a.contains(modifier))
}
