//! `require`: lines of certain codes must carry a fact that the claim may leave out.

use cleanbill_engine::{Edit, EditFault, Sink, Truth};
use cleanbill_model::{Claim, Element, Outcome, ProcedureCode, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, trace};
use crate::declare::{CodeList, RuleDecl};
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "require";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 4] = ["applies_to", "codes", "effective", "must_have"];

/// Lines of certain codes must carry a fact.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequireDecl {
    /// Codes that the rule is about.
    codes: CodeList,
    /// What the line or its claim must carry.
    #[schemars(extend("enum" = FACTS.map(|(name, _)| name)))]
    must_have: String,
}

#[derive(Clone, Copy)]
enum Fact {
    OrderingOrReferring,
    RenderingProvider,
    PlaceOfService,
    Diagnosis,
}

const FACTS: [(&str, Fact); 4] = [
    ("ordering_or_referring_provider", Fact::OrderingOrReferring),
    ("rendering_provider", Fact::RenderingProvider),
    ("place_of_service", Fact::PlaceOfService),
    ("pointed_diagnosis", Fact::Diagnosis),
];

impl Fact {
    fn is_present(self, claim: &Claim, line: &ServiceLine) -> bool {
        match self {
            Self::OrderingOrReferring => [line.ordering, line.referring, claim.referring]
                .iter()
                .any(|provider| !provider.is_absent()),
            Self::RenderingProvider => !line.provider.is_absent(),
            Self::PlaceOfService => line.place_of_service.is_some(),
            Self::Diagnosis => claim.pointed_diagnoses(line).next().is_some(),
        }
    }

    const fn element(self) -> Element {
        match self {
            Self::OrderingOrReferring => Element::OrderingProvider,
            Self::RenderingProvider => Element::Provider,
            Self::PlaceOfService => Element::PlaceOfService,
            Self::Diagnosis => Element::Diagnosis,
        }
    }
}

struct Require {
    base: Base,
    codes: Vec<ProcedureCode>,
    name: &'static str,
    fact: Fact,
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
    let codes = cx.codes(at.get("codes"), &decl.codes);
    let fact =
        cx.word(&at.get("must_have").span, &decl.must_have, "a fact that can be required", &FACTS)?;
    let name = FACTS.iter().map(|(name, _)| *name).find(|name| *name == decl.must_have)?;
    Some(Box::new(ByLine(Require { base: base?, codes, name, fact })))
}

impl LineKind for Require {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> &[ProcedureCode] {
        &self.codes
    }

    fn judge(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        if !self.base.concerns(line, index, &self.codes, sink) {
            return Ok(());
        }
        let present = self.fact.is_present(claim, line);
        trace(sink, index, None, "must_have", Truth::from(!present), || {
            format!("{} is {}", self.name, if present { "there" } else { "missing" })
        });
        if present {
            return Ok(());
        }
        sink.find(self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition: self.base.info().disposition,
            line: index,
            others: Vec::new(),
            element: self.fact.element(),
            words: None,
            values: &|name| common_value(claim, index, name),
            why: format!("neither the line nor the claim carries {}", self.name),
            evidence: vec![evidence(index, Element::Procedure, common_value(claim, index, "code"))],
        }));
        Ok(())
    }
}
