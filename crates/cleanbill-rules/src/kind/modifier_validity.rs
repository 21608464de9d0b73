//! `modifier_validity`: a modifier that does not go with the code, is missing, or contradicts another.

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Claim, Defect, Element, LineRef, Modifier, Outcome, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use super::chosen::{Chosen, CodesWhereDecl};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::same::Same;
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "modifier_validity";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 8] = [
    "applies_to",
    "codes",
    "codes_where",
    "effective",
    "not_allowed",
    "requires_any",
    "conflicts",
    "not_on_separate_lines",
];
const SLOTS: [&str; 3] = ["modifier", "other.line", "other.modifiers"];

/// A modifier that does not go with the code, is missing, or contradicts another; at least one list beside the codes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModifierValidityDecl {
    /// Codes that the rule is about.
    #[serde(default)]
    codes: Option<CodeList>,
    /// Instead of `codes`: those whose row in a table has certain values.
    #[serde(default)]
    codes_where: Option<CodesWhereDecl>,
    /// None of these may stand on the line.
    #[serde(default)]
    not_allowed: Option<CodeList>,
    /// One of these must stand on the line.
    #[serde(default)]
    requires_any: Option<CodeList>,
    /// Groups of which no line may carry two members.
    #[serde(default)]
    conflicts: Vec<CodeList>,
    /// Two modifiers that must not split one service over two lines of a day.
    #[serde(default)]
    not_on_separate_lines: Option<CodeList>,
}

struct ModifierValidity {
    base: Base,
    codes: Chosen,
    not_allowed: Vec<Modifier>,
    requires_any: Vec<Modifier>,
    conflicts: Vec<Vec<Modifier>>,
    separate: Option<(Modifier, Modifier)>,
}

/// The runnable edit of a `modifier_validity` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.modifier_validity.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let list = |key: &str, list: &Option<CodeList>| {
        list.as_ref().map(|list| cx.modifiers(at.get(key), list)).unwrap_or_default()
    };
    let separate = list("not_on_separate_lines", &decl.not_on_separate_lines);
    let edit = ModifierValidity {
        codes: Chosen::check(cx, at, decl.codes.as_ref(), decl.codes_where.as_ref())?,
        not_allowed: list("not_allowed", &decl.not_allowed),
        requires_any: list("requires_any", &decl.requires_any),
        conflicts: decl
            .conflicts
            .iter()
            .enumerate()
            .map(|(index, group)| cx.modifiers(at.get("conflicts").item(index), group))
            .collect(),
        separate: match separate.as_slice() {
            [a, b] => Some((*a, *b)),
            [] => None,
            _ => {
                cx.error(
                    Code::WrongType,
                    &at.get("not_on_separate_lines").span,
                    "`not_on_separate_lines` takes two modifiers".to_owned(),
                    "for example [RT, LT]".to_owned(),
                );
                None
            }
        },
        base: base?,
    };
    let asks = !edit.not_allowed.is_empty()
        || !edit.requires_any.is_empty()
        || !edit.conflicts.is_empty()
        || edit.separate.is_some();
    if !asks {
        cx.error(
            Code::MissingKey,
            &at.span,
            "the rule asks for nothing".to_owned(),
            "add `not_allowed`, `requires_any`, `conflicts` or `not_on_separate_lines`".to_owned(),
        );
        return None;
    }
    Some(Box::new(ByLine(edit)))
}

impl LineKind for ModifierValidity {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> Option<&CodeSet> {
        self.codes.listed()
    }

    fn trigger(&self) -> Trigger<'_> {
        self.codes.trigger()
    }

    fn scope(&self) -> Scope {
        if self.separate.is_none() { Scope::Line } else { Scope::Claim }
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
        if let Some((modifier, why)) = self.broken(line, index, sink) {
            self.say(claim, index, None, modifier, why, sink);
            return Ok(());
        }
        let Some((a, b)) = self.separate else { return Ok(()) };
        let partner = self
            .partner(claim, index, line, a, b)
            .or_else(|| self.partner(claim, index, line, b, a));
        trace(sink, index, None, "not_on_separate_lines", Truth::from(partner.is_some()), || {
            format!("{a} and {b} on two lines of one day")
        });
        if let Some((other, modifier)) = partner {
            let why = format!("{a} and {b} split one service over two lines");
            self.say(claim, index, Some(other), Some(modifier), why, sink);
        }
        Ok(())
    }
}

impl ModifierValidity {
    /// The first clause that the line breaks by itself. For a trace a clause is true when broken.
    fn broken(
        &self,
        line: &ServiceLine,
        index: usize,
        sink: &mut dyn Sink,
    ) -> Option<(Option<Modifier>, String)> {
        let found = || line.modifiers.to_string();
        if !self.not_allowed.is_empty() {
            let wrong = line.modifiers.iter().find(|m| self.not_allowed.contains(m));
            trace(sink, index, None, "not_allowed", Truth::from(wrong.is_some()), found);
            if let Some(modifier) = wrong {
                return Some((Some(modifier), format!("modifier {modifier} is on the line")));
            }
        }
        if !self.requires_any.is_empty() {
            let missing = !line.modifiers.iter().any(|m| self.requires_any.contains(&m));
            trace(sink, index, None, "requires_any", Truth::from(missing), found);
            if missing {
                return Some((
                    None,
                    "none of the modifiers that it needs is on the line".to_owned(),
                ));
            }
        }
        if !self.conflicts.is_empty() {
            let pair = self.conflicts.iter().find_map(|group| {
                let mut members = line.modifiers.iter().filter(|m| group.contains(m));
                members.next().zip(members.next())
            });
            trace(sink, index, None, "conflicts", Truth::from(pair.is_some()), found);
            if let Some((a, b)) = pair {
                return Some((Some(a), format!("modifiers {a} and {b} are both on the line")));
            }
        }
        None
    }

    /// Another line of the same code, day and provider that carries `theirs` while this one carries
    /// `ours`.
    fn partner(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        ours: Modifier,
        theirs: Modifier,
    ) -> Option<(usize, Modifier)> {
        let same = Same { rendering_provider: true, ..Same::default() };
        if !line.modifiers.contains(ours) || line.modifiers.contains(theirs) {
            return None;
        }
        let place = claim.lines.iter().enumerate().position(|(place, other)| {
            place != index
                && other.procedure == line.procedure
                && other.modifiers.contains(theirs)
                && !other.modifiers.contains(ours)
                && other.dates.intersect(line.dates).is_some()
                && same.provider(claim, line, other) == Truth::Yes
        })?;
        Some((place, ours))
    }

    fn say(
        &self,
        claim: &Claim,
        index: usize,
        other: Option<usize>,
        modifier: Option<Modifier>,
        why: String,
        sink: &mut dyn Sink,
    ) {
        let read = core::iter::once(index).chain(other);
        let evidence = read
            .filter_map(|place| {
                let modifiers = claim.lines.get(place)?.modifiers;
                Some(evidence(place, Element::Modifiers, modifiers))
            })
            .collect();
        let finding = self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition: self.base.info().disposition,
            line: index,
            others: other.into_iter().map(LineRef::Own).collect(),
            element: Element::Modifiers,
            words: None,
            values: &|name| match (name, other) {
                ("modifier", _) => modifier.map(|m| m.to_string()).unwrap_or_default(),
                ("other.line", Some(other)) => common_value(claim, other, "line"),
                ("other.modifiers", Some(other)) => common_value(claim, other, "modifiers"),
                _ => common_value(claim, index, name),
            },
            why,
            evidence,
        });
        let code = claim.lines.get(index).and_then(|line| line.procedure);
        let wrong = modifier.filter(|modifier| self.not_allowed.contains(modifier));
        let defect = code.zip(wrong).map(|(code, wrong)| Defect::Modifier(code, wrong));
        sink.find(finding.about(defect));
    }
}
