//! `diagnosis_coverage`: a procedure for which no diagnosis is covered (LCD, NCD, payer policy).
//!
//! Coverage is dated and per contractor, so it is data: a table of beginnings of diagnosis codes, of
//! which the longest that fits decides, or a value set.

use cleanbill_engine::{CodeRange, Edit, EditFault, Sink, Subject, Truth};
use cleanbill_model::{
    Claim, DiagnosisCode, Element, Outcome, Period, ProcedureCode, ServiceDate, ServiceLine,
};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, missing, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnosis_set::{self, DiagnosisSet, starts_of};
use crate::diagnostic::Code;
use crate::table::optional;
use crate::yaml::Node;

/// Name of the kind.
pub(crate) const KIND: &str = "diagnosis_coverage";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 6] =
    ["applies_to", "codes", "effective", "table", "look_at", "covered"];
const SLOTS: [&str; 1] = ["dx"];

/// A procedure for which no diagnosis is covered.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiagnosisCoverageDecl {
    /// Codes that the rule is about; left out, those of the table's column `code`.
    #[serde(default)]
    codes: Option<CodeList>,
    /// The diagnoses that are covered: name of a table with the column `dx_prefix`, or `$name` of a value set.
    covered: String,
    /// Which diagnoses count: those that the line points to, the first of the claim, or all of it.
    #[schemars(extend("enum" = LOOK_AT.map(|(name, _)| name)))]
    look_at: String,
}

#[derive(Clone, Copy)]
enum LookAt {
    Pointed,
    Primary,
    AnyOnClaim,
}

const LOOK_AT: [(&str, LookAt); 3] = [
    ("pointed", LookAt::Pointed),
    ("primary", LookAt::Primary),
    ("any_on_claim", LookAt::AnyOnClaim),
];

impl LookAt {
    fn diagnoses(self, claim: &Claim, line: &ServiceLine) -> Vec<DiagnosisCode> {
        match self {
            Self::Pointed => claim.pointed_diagnoses(line).collect(),
            Self::Primary => claim.diagnoses.first().copied().into_iter().collect(),
            Self::AnyOnClaim => claim.diagnoses.clone(),
        }
    }

    /// What a claim would have to say where there is none.
    fn lacked(self, line: &ServiceLine) -> String {
        match self {
            Self::Pointed => format!("give line {} a pointer to a diagnosis", line.number),
            Self::Primary | Self::AnyOnClaim => "give the claim a diagnosis".to_owned(),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Pointed => "the diagnoses that the line points to",
            Self::Primary => "the first diagnosis of the claim",
            Self::AnyOnClaim => "the diagnoses of the claim",
        }
    }
}

enum Covered {
    Set(DiagnosisSet),
    Table(Rows),
}

/// The rows of a coverage table.
#[derive(Default)]
struct Rows {
    by_start: FxHashMap<String, Vec<Row>>,
    /// When the table has any row for a procedure, or (`None`) for every one.
    lives: FxHashMap<Option<ProcedureCode>, Vec<Period>>,
}

impl Rows {
    fn add(&mut self, start: String, row: Row) {
        let lives = self.lives.entry(row.code).or_default();
        if lives.last() != Some(&row.period) {
            lives.push(row.period);
        }
        self.by_start.entry(start).or_default().push(row);
    }
}

/// A row of a coverage table.
struct Row {
    period: Period,
    /// The procedure that it is for; `None` for every one.
    code: Option<ProcedureCode>,
    covered: bool,
}

impl Row {
    fn is_for(&self, code: ProcedureCode, day: ServiceDate) -> bool {
        self.period.contains(day) && self.code.is_none_or(|own| own == code)
    }
}

impl Covered {
    /// Whether anything is known of this procedure on this day.
    fn speaks_of(&self, code: ProcedureCode, day: ServiceDate) -> bool {
        match self {
            Self::Set(_) => true,
            Self::Table(rows) => [Some(code), None]
                .iter()
                .filter_map(|code| rows.lives.get(code))
                .flatten()
                .any(|life| life.contains(day)),
        }
    }

    /// The procedures that a table names; none when it does not say, or a row is for every one.
    fn codes(&self) -> Option<CodeSet> {
        let Self::Table(rows) = self else { return None };
        let codes: Option<Vec<CodeRange>> =
            rows.lives.keys().map(|code| code.map(CodeRange::single)).collect();
        codes.filter(|codes| !codes.is_empty()).map(CodeSet::new)
    }

    fn covers(&self, diagnosis: DiagnosisCode, code: ProcedureCode, day: ServiceDate) -> bool {
        match self {
            Self::Set(set) => set.contains(diagnosis),
            // A row that excludes weighs more than one of the same length that includes.
            Self::Table(rows) => starts_of(&diagnosis)
                .find_map(|start| {
                    let rows = rows.by_start.get(start)?.iter().filter(|row| row.is_for(code, day));
                    rows.map(|row| row.covered).min()
                })
                .unwrap_or(false),
        }
    }
}

struct DiagnosisCoverage {
    base: Base,
    codes: CodeSet,
    covered: Covered,
    look_at: LookAt,
}

/// The runnable edit of a `diagnosis_coverage` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.diagnosis_coverage.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let codes = decl.codes.as_ref().map(|codes| cx.codes(at.get("codes"), codes));
    let covered = covered(cx, at.get("covered"), &decl.covered);
    let span = &at.get("look_at").span;
    let look_at = cx.word(span, &decl.look_at, "a choice of diagnoses", &LOOK_AT);
    let covered = covered?;
    let codes = codes.or_else(|| covered.codes());
    if codes.is_none() {
        cx.error(
            Code::MissingKey,
            &at.span,
            "the rule names no codes, and neither does what is covered".to_owned(),
            "add `codes`, or a table with the column `code`".to_owned(),
        );
    }
    Some(Box::new(ByLine(DiagnosisCoverage {
        base: base?,
        codes: codes?,
        covered,
        look_at: look_at?,
    })))
}

fn covered(cx: &Cx<'_>, at: &Node, text: &str) -> Option<Covered> {
    if let Some(name) = text.strip_prefix('$') {
        let patterns = cx.diagnoses(at, &CodeList::Named(name.to_owned()));
        return Some(Covered::Set(DiagnosisSet::new(patterns)));
    }
    let table = cx.table(at, text)?;
    let prefix = table.column(cx, at, "dx_prefix")?;
    let code = table.optional_column("code");
    let decision = table.optional_column("covered");
    let starts = table.typed(prefix, |text| diagnosis_set::start(text, 3..=7));
    let codes = code.map(|column| table.typed(column, optional(ProcedureCode::new)));
    let decisions = decision.map(|column| {
        table.typed(column, |text| match text {
            b"yes" => Ok(true),
            b"no" => Ok(false),
            _ => Err("is not `yes` or `no`"),
        })
    });
    let periods = table.periods();
    let mut rows = Rows::default();
    table.each(|row| {
        let start = starts.of(cx, row);
        let code = codes.as_ref().map_or(Some(None), |codes| codes.of(cx, row));
        let covered = decisions.as_ref().map_or(Some(true), |decisions| decisions.of(cx, row));
        let period = periods.of(cx, row);
        rows.add(start?, Row { period: period?, code: code?, covered: covered? });
        Some(())
    })?;
    Some(Covered::Table(rows))
}

impl LineKind for DiagnosisCoverage {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> Option<&CodeSet> {
        Some(&self.codes)
    }

    fn judge(
        &self,
        Subject { claim, .. }: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let Some(code) = line.procedure else { return Ok(()) };
        let day = line.dates.from();
        let known = self.covered.speaks_of(code, day);
        trace(sink, index, None, "table", Truth::from(known), || {
            format!("rows for {code} on {day}: {}", if known { "there are" } else { "none" })
        });
        if !known {
            return Ok(());
        }
        let diagnoses = self.look_at.diagnoses(claim, line);
        let words = self.look_at.words();
        let list = || join(&diagnoses);
        let looked = if diagnoses.is_empty() { Truth::Unknown } else { Truth::Yes };
        trace(sink, index, None, "look_at", looked, || format!("{words}: {}", list()));
        let covered = diagnoses.iter().find(|own| self.covered.covers(**own, code, day));
        let info = self.base.info();
        let (outcome, disposition, why) = if diagnoses.is_empty() {
            missing(sink, index, || vec![self.look_at.lacked(line)]);
            let why = format!("there is no diagnosis to look at: {words} are none");
            (Outcome::Undetermined, info.on_unknown, why)
        } else {
            trace(sink, index, None, "covered", Truth::from(covered.is_none()), || match covered {
                Some(own) => format!("{own} is covered for {code} on {day}"),
                None => format!("none of {} is covered for {code} on {day}", list()),
            });
            if covered.is_some() {
                return Ok(());
            }
            let why = format!("{words} ({}) are not covered for {code} on {day}", list());
            (Outcome::Fires, info.disposition, why)
        };
        let mut read = vec![evidence(index, Element::Procedure, code)];
        read.extend(diagnoses.iter().map(|own| evidence(index, Element::Diagnosis, own)));
        read.push(evidence(index, Element::ServiceDate, line.dates));
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: index,
            others: Vec::new(),
            element: Element::Diagnosis,
            words: None,
            values: &|name| match name {
                "dx" => list(),
                _ => common_value(claim, index, name),
            },
            why,
            evidence: read,
        }));
        Ok(())
    }
}

fn join(diagnoses: &[DiagnosisCode]) -> String {
    match diagnoses {
        [] => "none".to_owned(),
        list => list.iter().map(DiagnosisCode::to_string).collect::<Vec<_>>().join(", "),
    }
}
