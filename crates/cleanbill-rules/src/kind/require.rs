//! `require`: lines selected by codes or a condition must carry a fact or meet another condition.

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Claim, Element, Evidence, LineRef, Outcome, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::by_line::{ByLine, LineKind};
use super::condition::{self, Role};
use super::fact::{FACTS, Fact};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, missing, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::predicate::{self, ConditionDecl, Predicate};
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "require";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 6] =
    ["applies_to", "codes", "effective", "when", "must_have", "must"];

/// Lines selected by codes or a condition must carry a fact or meet another condition.
// Conditions are read from the tree, which keeps their places.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequireDecl {
    /// Codes that the rule is about; left out, all.
    #[serde(default)]
    codes: Option<CodeList>,
    /// A condition for the lines that are meant, beside `codes`.
    #[serde(default)]
    #[schemars(with = "Option<ConditionDecl>")]
    when: Option<IgnoredAny>,
    /// What the line or its claim must carry; instead of it, `must` gives a condition.
    #[serde(default)]
    #[schemars(extend("enum" = FACTS.map(|(name, _)| name)))]
    must_have: Option<String>,
    /// The condition that must hold.
    #[serde(default)]
    #[schemars(with = "Option<ConditionDecl>")]
    must: Option<IgnoredAny>,
}

enum Must {
    Have(&'static str, Fact),
    Hold(Predicate),
}

struct Require {
    base: Base,
    codes: Option<CodeSet>,
    when: Option<Predicate>,
    must: Must,
}

/// The runnable edit of a `require` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.require.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &[]);
    let at = at.get(KIND);
    let codes = decl.codes.as_ref().map(|codes| cx.codes(at.get("codes"), codes));
    let when = decl.when.as_ref().map(|_| predicate::parse(cx, at.get("when"), "when"));
    let must = must(cx, at, decl);
    if codes.is_none() && when.is_none() && decl.must_have.is_some() {
        cx.error(
            Code::MissingKey,
            &at.span,
            "the rule does not say which lines it is about".to_owned(),
            "add `codes` or `when`".to_owned(),
        );
        return None;
    }
    let when = match when {
        Some(when) => Some(when?),
        None => None,
    };
    let edit = Require { base: base?, codes, when, must: must? };
    if let Some(when) = &edit.when {
        cx.note_size(&rule.id, "when", when);
    }
    if let Must::Hold(must) = &edit.must {
        cx.note_size(&rule.id, "must", must);
    }
    Some(Box::new(ByLine(edit)))
}

fn must(cx: &Cx<'_>, at: &Node, decl: &RequireDecl) -> Option<Must> {
    match (&decl.must_have, &decl.must) {
        (Some(word), None) => {
            let span = &at.get("must_have").span;
            let fact = cx.word(span, word, "a fact that can be required", &FACTS)?;
            let (name, _) = FACTS.iter().find(|(name, _)| name == word)?;
            Some(Must::Have(name, fact))
        }
        (None, Some(_)) => predicate::parse(cx, at.get("must"), "must").map(Must::Hold),
        _ => {
            cx.error(
                Code::KindCount,
                &at.span,
                "a rule requires exactly one thing".to_owned(),
                "give `must_have` (a word) or `must` (a condition)".to_owned(),
            );
            None
        }
    }
}

impl LineKind for Require {
    fn base(&self) -> &Base {
        &self.base
    }

    fn trigger(&self) -> Trigger<'_> {
        let named = self.when.as_ref().and_then(Predicate::procedures);
        self.codes.as_ref().or(named).map_or(Trigger::EveryClaim, CodeSet::trigger)
    }

    fn scope(&self) -> Scope {
        let across = self.conditions().any(Predicate::looks_at_other_lines);
        if across { Scope::Claim } else { Scope::Line }
    }

    fn judge(
        &self,
        Subject { claim, .. }: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        // What is the same for all lines is said once.
        if !self.reads_line() && first_line(claim) != Some(index) {
            return Ok(());
        }
        let meant = match &self.codes {
            Some(codes) => self.base.concerns(line, index, codes, sink),
            None => self.base.holds(line, index, sink),
        };
        if !meant {
            return Ok(());
        }
        let here = (claim, index, line);
        let selected = self.when.as_ref().map_or(Truth::Yes, |when| {
            condition::decide(sink, here, ("when", Role::Selects), when)
        });
        if selected == Truth::No {
            return Ok(());
        }
        let broken = match &self.must {
            Must::Have(name, fact) => {
                let present = fact.is_present(claim, line);
                trace(sink, index, None, "must_have", Truth::from(!present), || {
                    format!("{name} is {}", if present { "there" } else { "missing" })
                });
                Truth::from(!present)
            }
            Must::Hold(must) => condition::decide(sink, here, ("must", Role::Satisfies), must),
        };
        let info = self.base.info();
        let (outcome, disposition) = match selected.and(broken) {
            Truth::No => return Ok(()),
            Truth::Yes => (Outcome::Fires, info.disposition),
            Truth::Unknown => (Outcome::Undetermined, info.on_unknown),
        };
        if outcome == Outcome::Undetermined {
            missing(sink, index, || condition::lacked(claim, line, self.conditions()));
        }
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: index,
            others: Vec::new(),
            element: self.element(),
            words: None,
            values: &|name| common_value(claim, index, name),
            why: self.why(claim, line, outcome),
            evidence: self.evidence(claim, index, line),
        }));
        Ok(())
    }
}

impl Require {
    fn conditions(&self) -> impl Iterator<Item = &Predicate> {
        let must = match &self.must {
            Must::Hold(must) => Some(must),
            Must::Have(..) => None,
        };
        self.when.iter().chain(must)
    }

    /// Whether its answer can differ between the lines of one claim.
    fn reads_line(&self) -> bool {
        self.codes.is_some()
            || matches!(self.must, Must::Have(..))
            || self.conditions().any(Predicate::reads_line)
    }

    fn element(&self) -> Element {
        match &self.must {
            Must::Have(_, fact) => fact.element(),
            Must::Hold(must) => {
                let mut first = None;
                must.fields(&mut |field| first = first.or(Some(field.element())));
                first.unwrap_or(Element::Claim)
            }
        }
    }

    fn why(&self, claim: &Claim, line: &ServiceLine, outcome: Outcome) -> String {
        let must = match &self.must {
            Must::Have(name, _) => {
                return format!("neither the line nor the claim carries {name}");
            }
            Must::Hold(must) => must,
        };
        let mut seen = Vec::new();
        for condition in self.conditions() {
            condition.fields(&mut |field| {
                let value = format!("{} is {}", field.name(), field.shown(claim, line));
                if !seen.contains(&value) {
                    seen.push(value);
                }
            });
        }
        let seen = match seen.as_slice() {
            [] => String::new(),
            seen => format!(" ({})", seen.join("; ")),
        };
        match outcome {
            Outcome::Fires => format!("required, but not so: {must}{seen}"),
            _ => format!("the claim leaves open whether {must}{seen}"),
        }
    }

    fn evidence(&self, claim: &Claim, index: usize, line: &ServiceLine) -> Vec<Evidence> {
        let mut read =
            vec![evidence(index, Element::Procedure, common_value(claim, index, "code"))];
        for condition in self.conditions() {
            condition.fields(&mut |field| {
                let place = field.is_of_line().then_some(index);
                let value = field.shown(claim, line);
                let item =
                    Evidence { line: place.map(LineRef::Own), element: field.element(), value };
                if field.exists(claim, line) && !read.contains(&item) {
                    read.push(item);
                }
            });
        }
        read
    }
}

/// Place of the line with the lowest number.
fn first_line(claim: &Claim) -> Option<usize> {
    let lines = claim.lines.iter().enumerate();
    lines.min_by_key(|(index, line)| (line.number, *index)).map(|(index, _)| index)
}
