//! `service_date`: a date of service that cannot be, held against another day.
//!
//! The other day is the one that stands for today in the run, the day on which the claim was handed in, or the
//! patient's birth date, which is compared and nowhere shown. Where there is no such day there is nothing to
//! compare, and the rule is silent: most claims do not say when they were handed in.

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Truth};
use cleanbill_model::{Element, Outcome, ServiceDate, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "service_date";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 5] =
    ["applies_to", "codes", "effective", "not_after", "not_before"];

const AS_OF: &str = "as_of";
const SUBMITTED: &str = "submitted";
const BIRTH_DATE: &str = "birth_date";

/// The day that a date of service may not pass; exactly one of `not_after` and `not_before`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceDateDecl {
    /// Codes that the rule is about; left out, every line.
    #[serde(default)]
    codes: Option<CodeList>,
    /// The last date of service may not lie behind this day: `as_of`, the day given with `--as-of`, or `submitted`, on
    /// which the claim was handed in.
    #[serde(default)]
    #[schemars(extend("enum" = ["as_of", "submitted"]))]
    not_after: Option<String>,
    /// The first date of service may not lie before this day: `birth_date` of the patient.
    #[serde(default)]
    #[schemars(extend("enum" = ["birth_date"]))]
    not_before: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    AsOf,
    Submitted,
    BirthDate,
}

impl Bound {
    const fn clause(self) -> &'static str {
        match self {
            Self::AsOf | Self::Submitted => "not_after",
            Self::BirthDate => "not_before",
        }
    }
}

struct ServiceDateRule {
    base: Base,
    codes: Option<CodeSet>,
    bound: Bound,
}

/// The runnable edit of a `service_date` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.service_date.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &["bound"]);
    let at = at.get(KIND);
    let codes = decl.codes.as_ref().map(|codes| cx.codes(at.get("codes"), codes));
    let word = |key: &str, text: &str, known: &'static [(&'static str, Bound)]| {
        cx.word(&at.get(key).span, text, "a day to compare with", known)
    };
    let bound = match (&decl.not_after, &decl.not_before) {
        (Some(text), None) => {
            word("not_after", text, &[(AS_OF, Bound::AsOf), (SUBMITTED, Bound::Submitted)])?
        }
        (None, Some(text)) => word("not_before", text, &[(BIRTH_DATE, Bound::BirthDate)])?,
        _ => {
            cx.error(
                Code::KindCount,
                &at.span,
                "a rule compares dates of service with exactly one day".to_owned(),
                "give `not_after` or `not_before`".to_owned(),
            );
            return None;
        }
    };
    Some(Box::new(ByLine(ServiceDateRule { base: base?, codes, bound })))
}

impl LineKind for ServiceDateRule {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> Option<&CodeSet> {
        self.codes.as_ref()
    }

    fn judge(
        &self,
        Subject { claim, as_of, .. }: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let (from, through) = (line.dates.from(), line.dates.through());
        let (day, is_wrong): (Option<ServiceDate>, fn(_, _, _) -> bool) = match self.bound {
            Bound::AsOf => (as_of, |day, _, through| day < through),
            Bound::Submitted => (claim.submitted, |day, _, through| day < through),
            Bound::BirthDate => (*claim.patient.birth_date.reveal(), |birth, from, _| from < birth),
        };
        let broken = day.is_some_and(|day| is_wrong(day, from, through));
        if !broken && !sink.explains() {
            return Ok(());
        }
        if self.codes.is_none() && !self.base.holds(line, index, sink) {
            return Ok(());
        }
        trace(sink, index, None, self.bound.clause(), Truth::from(broken), || {
            self.words(day, line)
        });
        if !broken {
            return Ok(());
        }
        sink.find(self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition: self.base.info().disposition,
            line: index,
            others: Vec::new(),
            element: Element::ServiceDate,
            words: None,
            values: &|name| match name {
                "bound" => self.shown(day),
                _ => common_value(claim, index, name),
            },
            why: self.words(day, line),
            evidence: vec![evidence(index, Element::ServiceDate, line.dates)],
        }));
        Ok(())
    }
}

impl ServiceDateRule {
    /// The day as it may be shown.
    fn shown(&self, day: Option<ServiceDate>) -> String {
        match (self.bound, day) {
            (Bound::AsOf, Some(day)) => format!("{day}, the day of the run"),
            (Bound::AsOf, None) => "the day of the run".to_owned(),
            (Bound::Submitted, Some(day)) => format!("{day}, on which the claim was handed in"),
            (Bound::Submitted, None) => "the day on which the claim was handed in".to_owned(),
            (Bound::BirthDate, _) => "the patient's birth date".to_owned(),
        }
    }

    fn words(&self, day: Option<ServiceDate>, line: &ServiceLine) -> String {
        let shown = self.shown(day);
        match (self.bound, day) {
            (Bound::AsOf, None) => "no day stands for today; `--as-of` gives one".to_owned(),
            (Bound::Submitted, None) => "the claim does not say when it was handed in".to_owned(),
            (Bound::BirthDate, None) => "the claim gives no birth date".to_owned(),
            (Bound::BirthDate, Some(birth)) if line.dates.from() < birth => {
                format!("{} lies before {shown}", line.dates.from())
            }
            (Bound::BirthDate, Some(_)) => {
                format!("{} does not lie before {shown}", line.dates.from())
            }
            (_, Some(day)) if day < line.dates.through() => {
                format!("{} lies behind {shown}", line.dates.through())
            }
            (_, Some(_)) => format!("{} does not lie behind {shown}", line.dates.through()),
        }
    }
}
