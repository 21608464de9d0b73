//! `requires_primary`: an add-on code without its primary procedure (CMS add-on code edits).
//!
//! Types of CMS's file: 1 has a closed list of primaries; 2 has none, each contractor defines its own;
//! 3 has a partial list that contractors may lengthen.

use cleanbill_engine::{Edit, EditFault, Sink, Trigger, Truth};
use cleanbill_model::{Claim, Disposition, Element, Outcome, Period, ProcedureCode, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, disposition_of, evidence, trace};
use crate::declare::RuleDecl;
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::table::{ByCode, optional};
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "requires_primary";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 4] = ["applies_to", "table", "effective", "primary"];
const SLOTS: [&str; 1] = ["expected"];

/// An add-on code without its primary procedure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequiresPrimaryDecl {
    /// Table with the columns `addon`, `primary` and `type`; `primary` is empty where the contractor
    /// defines it.
    table: String,
    /// What the two lines must share: `patient` and `service_date` always, and what else is named.
    #[schemars(extend("items" = words::one_of(words::same(Takes::DAY))))]
    same: Vec<String>,
    /// The disposition of an add-on that stands alone on its day where the list of primaries is open.
    #[schemars(extend("enum" = words::dispositions()))]
    no_primary_list: String,
}

struct RequiresPrimary {
    base: Base,
    same: Same,
    no_primary_list: Disposition,
    addons: ByCode<Row>,
}

struct Row {
    period: Period,
    primary: Option<ProcedureCode>,
    closed: bool,
}

/// The runnable edit of a `requires_primary` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.requires_primary.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let same = Same::check(cx, at.get("same"), &decl.same, &Takes::DAY);
    let no_primary_list = disposition_of(
        cx,
        at,
        "no_primary_list",
        Some(&decl.no_primary_list),
        Disposition::Suspend,
    );
    let table = cx.table(at.get("table"), &decl.table)?;
    let [addon, primary, kind] =
        ["addon", "primary", "type"].map(|name| table.column(cx, at.get("table"), name));
    let (addon, primary, kind) = (addon?, primary?, kind?);
    let addon = table.typed(addon, ProcedureCode::new);
    let kind = table.typed(kind, |text| match text {
        b"1" => Ok(true),
        b"2" | b"3" => Ok(false),
        _ => Err("is not an add-on type: 1, 2 or 3"),
    });
    let primary = table.typed(primary, optional(ProcedureCode::new));
    let periods = table.periods();
    let mut addons = ByCode::default();
    table.each(|row| {
        let (code, closed) = (addon.of(cx, row), kind.of(cx, row));
        let (primary, period) = (primary.of(cx, row), periods.of(cx, row));
        let row = Row { period: period?, primary: primary?, closed: closed? };
        addons.add(code?, row);
        Some(())
    })?;
    Some(Box::new(ByLine(RequiresPrimary { base: base?, same, no_primary_list, addons })))
}

impl LineKind for RequiresPrimary {
    fn base(&self) -> &Base {
        &self.base
    }

    fn trigger(&self) -> Trigger<'_> {
        self.addons.trigger()
    }

    fn judge(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let rows = self.addons.get(line.procedure);
        trace(sink, index, None, "table", Truth::from(rows.is_some()), || {
            "the code is an add-on code of the table".to_owned()
        });
        let Some(rows) = rows else { return Ok(()) };
        let day = line.dates.from();
        let in_force: Vec<&Row> = rows
            .iter()
            .filter(|row| self.base.info().effective.contains(day) && row.period.contains(day))
            .collect();
        trace(sink, index, None, "effective", Truth::from(!in_force.is_empty()), || {
            format!("rows in force on {day}: {}", in_force.len())
        });
        if in_force.is_empty() {
            return Ok(());
        }
        let listed: Vec<ProcedureCode> = in_force.iter().filter_map(|row| row.primary).collect();
        let closed = in_force.iter().all(|row| row.closed);
        let expected = match listed.as_slice() {
            [] => "defined by the contractor".to_owned(),
            list => list.iter().map(|code| code.to_string()).collect::<Vec<_>>().join(", "),
        };
        let found = self.primary(claim, index, line, &listed, closed);
        trace(sink, index, None, "primary", Truth::from(found.is_none()), || match found {
            Some(other) => format!("{other} stands on the same day"),
            None => format!("no primary on the claim; expected: {expected}"),
        });
        if found.is_some() {
            return Ok(());
        }
        let disposition = if closed { self.base.info().disposition } else { self.no_primary_list };
        let values = |name: &str| match name {
            "expected" => expected.clone(),
            _ => common_value(claim, index, name),
        };
        sink.find(self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition,
            line: index,
            others: Vec::new(),
            element: Element::Procedure,
            words: None,
            values: &values,
            why: format!(
                "no line of the claim on {day} carries a primary procedure; expected: {expected}"
            ),
            evidence: vec![evidence(index, Element::Procedure, common_value(claim, index, "code"))],
        }));
        Ok(())
    }
}

impl RequiresPrimary {
    /// A listed primary on the same day by the same provider. Where the list is open any other
    /// procedure may be a contractor's primary: only standing alone is certain to be wrong.
    fn primary(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        listed: &[ProcedureCode],
        closed: bool,
    ) -> Option<ProcedureCode> {
        claim
            .lines
            .iter()
            .enumerate()
            .filter(|(place, other)| {
                *place != index
                    && other.procedure != line.procedure
                    && other.dates.intersect(line.dates).is_some()
                    && self.same.provider(claim, line, other) != Truth::No
            })
            .filter_map(|(_, other)| other.procedure)
            .find(|code| !closed || listed.contains(code))
    }
}
