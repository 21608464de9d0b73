//! `code_validity`: a procedure or diagnosis on a date of service on which there is no such code.

mod diagnosis;

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Defect, Element, Outcome, Period, ProcedureCode, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use self::diagnosis::{Codes, DiagnosisValidity};
use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, trace};
use crate::declare::RuleDecl;
use crate::table::ByCode;
use crate::yaml::Node;

/// Name of the kind.
pub(crate) const KIND: &str = "code_validity";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 4] = ["applies_to", "table", "effective", "valid"];
const SLOTS: [&str; 1] = ["valid"];
const DIAGNOSIS_SLOTS: [&str; 2] = ["dx", "valid"];

/// A code on a date of service on which it does not exist.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeValidityDecl {
    /// Table keyed by `code` with effective columns. A procedure without a row is not judged; a diagnosis
    /// without one is no code. Rows of diagnoses with `no` in the column `billable` are headings.
    table: String,
    /// What is judged: the procedures of lines (left out), or the ICD-10-CM diagnoses of claims.
    #[serde(default)]
    #[schemars(extend("enum" = OF.map(|(name, _)| name)))]
    of: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Procedure,
    Diagnosis,
}

/// How a rule says that it is about diagnoses.
pub(crate) const OF_DIAGNOSIS: &str = "diagnosis";

const OF: [(&str, Of); 2] = [("procedure", Of::Procedure), (OF_DIAGNOSIS, Of::Diagnosis)];

struct CodeValidity {
    base: Base,
    lives: ByCode<Period>,
}

/// The runnable edit of a `code_validity` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.code_validity.as_ref()?;
    let of = match &decl.of {
        Some(text) => cx.word(&at.get(KIND).get("of").span, text, "a thing to judge", &OF)?,
        None => Of::Procedure,
    };
    let slots = if of == Of::Diagnosis { &DIAGNOSIS_SLOTS[..] } else { &SLOTS };
    let base = Base::check(cx, at, rule, scope, KIND, slots);
    let at = at.get(KIND).get("table");
    let table = cx.table(at, &decl.table)?;
    if of == Of::Diagnosis {
        let codes = Codes::new(cx, at, table);
        return Some(Box::new(DiagnosisValidity { base: base?, codes: codes? }));
    }
    let column = table.column(cx, at, "code")?;
    let (codes, periods) = (table.typed(column, ProcedureCode::new), table.periods());
    if !table.is_whole(cx, &[&codes, &periods]) {
        return None;
    }
    let periods = periods.into_cells()?;
    let lives = ByCode::new(table, codes, move |rows, row| periods.get(rows, row))?;
    Some(Box::new(ByLine(CodeValidity { base: base?, lives })))
}

impl LineKind for CodeValidity {
    fn base(&self) -> &Base {
        &self.base
    }

    fn trigger(&self) -> Trigger<'_> {
        self.lives.trigger()
    }

    fn judge(
        &self,
        Subject { claim, .. }: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let lives = || self.lives.get(line.procedure);
        // A span must lie within one life of the code from its first to its last day.
        let is_within =
            |life: Period| life.contains(line.dates.from()) && life.contains(line.dates.through());
        let valid = lives().map(|mut lives| lives.any(is_within));
        self.lives.is_whole()?;
        trace(sink, index, None, "table", Truth::from(valid.is_some()), || {
            "the table knows the life of the code".to_owned()
        });
        let Some(valid) = valid else { return Ok(()) };
        if !self.base.holds(line, index, sink) {
            return Ok(());
        }
        let known = || {
            let lives = lives().into_iter().flatten();
            lives.map(|life| life.to_string()).collect::<Vec<_>>().join("; ")
        };
        trace(sink, index, None, "valid", Truth::from(!valid), || {
            format!("the code is valid {}", known())
        });
        if valid {
            return Ok(());
        }
        let known = known();
        let finding = self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition: self.base.info().disposition,
            line: index,
            others: Vec::new(),
            element: Element::Procedure,
            words: None,
            values: &|name| match name {
                "valid" => known.clone(),
                _ => common_value(claim, index, name),
            },
            why: format!("the date of service is {}; the code is valid {known}", line.dates),
            evidence: vec![
                evidence(index, Element::Procedure, common_value(claim, index, "code")),
                evidence(index, Element::ServiceDate, line.dates),
            ],
        });
        sink.find(finding.about(line.procedure.map(Defect::Life)));
        Ok(())
    }
}
