//! `duplicate_line`: one service on two lines of a claim, without a modifier that says it was repeated.
//!
//! The finding stands on the later line and names the earlier. Later is the higher line number, not
//! the place in the file, so that the order of the lines changes nothing.

use cleanbill_engine::{Edit, EditFault, Sink, Trigger, Truth};
use cleanbill_model::{Claim, Element, Modifier, Modifiers, Outcome, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, missing, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "duplicate_line";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 10] = [
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
    /// Modifiers that say that the service was repeated.
    #[serde(default)]
    unless_modifiers: Option<CodeList>,
}

struct DuplicateLine {
    base: Base,
    codes: Option<CodeSet>,
    same: Same,
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
    Some(Box::new(ByLine(DuplicateLine {
        codes: decl.codes.as_ref().map(|codes| cx.codes(at.get("codes"), codes)),
        same: Same::check(cx, at.get("same"), &decl.same, &Takes::DUPLICATE),
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

    fn judge(
        &self,
        claim: &Claim,
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
        let mut earlier: Vec<(usize, &ServiceLine)> = claim
            .lines
            .iter()
            .enumerate()
            .filter(|(place, other)| {
                other.procedure == line.procedure && (other.number, *place) < (line.number, index)
            })
            .collect();
        earlier.sort_by_key(|(place, other)| (other.number, *place));
        trace(sink, index, None, "earlier_line", Truth::from(!earlier.is_empty()), || {
            format!("earlier lines with the same code: {}", earlier.len())
        });
        let mut found = None;
        for (place, other) in earlier {
            match (self.twice(claim, index, line, place, other, sink), found) {
                (Truth::Yes, _) => {
                    found = Some((place, other, Truth::Yes));
                    break;
                }
                (Truth::Unknown, None) => found = Some((place, other, Truth::Unknown)),
                _ => {}
            }
        }
        if let Some((place, other, truth)) = found {
            self.say(claim, index, line, place, other, truth, sink);
        }
        Ok(())
    }
}

impl DuplicateLine {
    /// Whether the two lines are one service, clause by clause.
    fn twice(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        place: usize,
        other: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Truth {
        let provider = self.same.provider(claim, line, other);
        let excused = [line, other]
            .iter()
            .flat_map(|line| line.modifiers.iter())
            .find(|modifier| self.unless.contains(modifier));
        let clauses: [(&'static str, Truth); 6] = [
            ("service_date", Truth::from(line.dates.intersect(other.dates).is_some())),
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
            trace(sink, index, Some(place), clause, truth, || {
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
                    line.number,
                    value(line),
                    other.number,
                    value(other)
                )
            });
            twice = twice.and(truth);
            if twice == Truth::No {
                break;
            }
        }
        twice
    }

    #[expect(clippy::too_many_arguments, reason = "two lines with their places, and the verdict")]
    fn say(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        place: usize,
        other: &ServiceLine,
        truth: Truth,
        sink: &mut dyn Sink,
    ) {
        let info = self.base.info();
        let mut why = format!("line {} is the same service as line {}", line.number, other.number);
        let (outcome, disposition) = match truth {
            Truth::Yes => (Outcome::Fires, info.disposition),
            _ => {
                why.push_str(
                    ", if their rendering providers count as one: the claim does not give both \
                     specialties",
                );
                missing(sink, index, || {
                    Same::missing([line, other].into_iter()).into_iter().collect()
                });
                (Outcome::Undetermined, info.on_unknown)
            }
        };
        let read = [(index, line), (place, other)].into_iter().flat_map(|(place, line)| {
            let code = line.procedure.map(|code| evidence(place, Element::Procedure, code));
            let modifiers = (!line.modifiers.is_empty())
                .then(|| evidence(place, Element::Modifiers, line.modifiers));
            let date = evidence(place, Element::ServiceDate, line.dates);
            code.into_iter().chain(modifiers).chain([date])
        });
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: index,
            others: vec![place],
            element: Element::Procedure,
            words: None,
            values: &|name| match name.strip_prefix("other.") {
                Some(name) => common_value(claim, place, name),
                None => common_value(claim, index, name),
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
