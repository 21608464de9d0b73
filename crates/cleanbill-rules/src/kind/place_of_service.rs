//! `place_of_service`: a code, or a component of it, billed at a place where it is not payable.

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Defect, Element, Modifier, Outcome, PlaceOfService, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use super::chosen::{Chosen, CodesWhereDecl};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, missing, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "place_of_service";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 6] =
    ["applies_to", "codes", "codes_where", "effective", "unless_modifiers", "not_at"];

/// A code billed at a place where it is not payable.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaceOfServiceDecl {
    /// Codes that the rule is about.
    #[serde(default)]
    codes: Option<CodeList>,
    /// Instead of `codes`: those whose row in a table has certain values.
    #[serde(default)]
    codes_where: Option<CodesWhereDecl>,
    /// Places at which the code is not payable.
    not_at: CodeList,
    /// A line with one of these is fine everywhere: `["26"]`.
    #[serde(default)]
    unless_modifiers: Option<CodeList>,
}

struct PlaceEdit {
    base: Base,
    codes: Chosen,
    not_at: Vec<PlaceOfService>,
    unless: Vec<Modifier>,
}

/// The runnable edit of a `place_of_service` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.place_of_service.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &[]);
    let at = at.get(KIND);
    let unless = decl.unless_modifiers.as_ref();
    Some(Box::new(ByLine(PlaceEdit {
        codes: Chosen::check(cx, at, decl.codes.as_ref(), decl.codes_where.as_ref())?,
        not_at: cx.places(at.get("not_at"), &decl.not_at),
        unless: unless
            .map(|list| cx.modifiers(at.get("unless_modifiers"), list))
            .unwrap_or_default(),
        base: base?,
    })))
}

impl LineKind for PlaceEdit {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> Option<&CodeSet> {
        self.codes.listed()
    }

    fn trigger(&self) -> Trigger<'_> {
        self.codes.trigger()
    }

    fn judge(
        &self,
        Subject { claim, .. }: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        if !self.codes.concerns(&self.base, line, index, sink)? {
            return Ok(());
        }
        let excused = line.modifiers.iter().find(|modifier| self.unless.contains(modifier));
        trace(sink, index, None, "unless_modifiers", Truth::from(excused.is_none()), || {
            match excused {
                Some(modifier) => format!("modifier {modifier} makes it payable there"),
                None => "no modifier that makes it payable there".to_owned(),
            }
        });
        if excused.is_some() {
            return Ok(());
        }
        let info = self.base.info();
        let (truth, outcome, disposition, why) = match line.place_of_service {
            Some(place) if self.not_at.contains(&place) => {
                let component =
                    if line.modifiers.is_empty() { "the whole service" } else { "the service" };
                (
                    Truth::Yes,
                    Outcome::Fires,
                    info.disposition,
                    format!("{component} is billed at place of service {place}"),
                )
            }
            Some(_) => (Truth::No, Outcome::Fires, info.disposition, String::new()),
            None => (
                Truth::Unknown,
                Outcome::Undetermined,
                info.on_unknown,
                "the claim has no place of service".to_owned(),
            ),
        };
        trace(sink, index, None, "not_at", truth, || match line.place_of_service {
            Some(place) => format!("place of service {place}"),
            None => "no place of service".to_owned(),
        });
        if truth == Truth::No {
            return Ok(());
        }
        if truth == Truth::Unknown {
            missing(sink, index, || vec![format!("give line {} a place of service", line.number)]);
        }
        let place = line.place_of_service.map_or("none".to_owned(), |place| place.to_string());
        let finding = self.base.finding(Says {
            outcome,
            disposition,
            line: index,
            others: Vec::new(),
            element: Element::PlaceOfService,
            words: None,
            values: &|name| common_value(claim, index, name),
            why,
            evidence: vec![
                evidence(index, Element::PlaceOfService, place),
                evidence(index, Element::Modifiers, line.modifiers),
            ],
        });
        let defect = line.procedure.zip(line.place_of_service);
        sink.find(finding.about(defect.map(|(code, place)| Defect::Place(code, place))));
        Ok(())
    }
}
