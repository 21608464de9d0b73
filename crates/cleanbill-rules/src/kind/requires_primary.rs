//! `requires_primary`: an add-on code without its primary procedure (CMS add-on code edits).
//!
//! Types of CMS's file: 1 has a closed list of primaries; 2 has none, each contractor defines its own;
//! 3 has a partial list that contractors may lengthen.

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Defect, Disposition, Element, Outcome, Period, ProcedureCode, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use super::earlier::{SEARCH, Search, Seen, common_day, no_feed};
use crate::check::{Base, Cx, PackScope, Says, common_value, disposition_of, evidence, trace};
use crate::declare::RuleDecl;
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::table::{ByCode, optional};
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "requires_primary";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 5] = ["applies_to", "table", "effective", "primary", "history"];
const SLOTS: [&str; 1] = ["expected"];
/// What CMS's file has in place of a primary that each contractor defines.
const CONTRACTOR: &[u8] = b"CCCCC";

/// An add-on code without its primary procedure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequiresPrimaryDecl {
    /// Table with the columns `addon`, `primary` and `type`; `primary` is empty or `CCCCC` where
    /// the contractor defines it.
    table: String,
    /// What the two lines must share: `patient` and `service_date` always, and what else is named.
    #[schemars(extend("items" = words::one_of(words::same(Takes::DAY))))]
    same: Vec<String>,
    /// Where the primary may stand: `this_claim` always, `history` also on earlier claims of the
    /// same type. Left out, `[this_claim]`.
    #[serde(default)]
    #[schemars(extend("items" = words::one_of(SEARCH.to_vec())))]
    search: Vec<String>,
    /// The disposition of an add-on that stands alone on its day where the list of primaries is open.
    #[schemars(extend("enum" = words::dispositions()))]
    no_primary_list: String,
}

struct RequiresPrimary {
    base: Base,
    same: Same,
    search: Search,
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
    let search = Search::check(cx, at, &decl.search, &SEARCH);
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
    let primary = table.typed(primary, |text| match text {
        CONTRACTOR => Ok(None),
        _ => optional(ProcedureCode::new)(text),
    });
    let periods = table.periods();
    if !table.is_whole(cx, &[&addon, &kind, &primary, &periods]) {
        return None;
    }
    let (kind, primary) = (kind.into_cells()?, primary.into_cells()?);
    let periods = periods.into_cells()?;
    let addons = ByCode::new(table, addon, move |rows, row| {
        Some(Row {
            period: periods.get(rows, row)?,
            primary: primary.get(rows, row)?,
            closed: kind.get(rows, row)?,
        })
    })?;
    Some(Box::new(ByLine(RequiresPrimary { base: base?, same, search, no_primary_list, addons })))
}

impl LineKind for RequiresPrimary {
    fn base(&self) -> &Base {
        &self.base
    }

    fn trigger(&self) -> Trigger<'_> {
        self.addons.trigger()
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
        let claim = subject.claim;
        let day = line.dates.from();
        let rows = || self.addons.get(line.procedure);
        trace(sink, index, None, "table", Truth::from(rows().is_some()), || {
            "the code is an add-on code of the table".to_owned()
        });
        if rows().is_none() {
            return Ok(());
        }
        let holds =
            |row: &Row| self.base.info().effective.contains(day) && row.period.contains(day);
        let in_force = || rows().into_iter().flatten().filter(holds);
        let (count, closed) = (in_force().count(), in_force().all(|row| row.closed));
        self.addons.is_whole()?;
        trace(sink, index, None, "effective", Truth::from(count > 0), || {
            format!("rows in force on {day}: {count}")
        });
        if count == 0 {
            return Ok(());
        }
        let listed = || in_force().filter_map(|row| row.primary);
        let expected = || match listed().map(|code| code.to_string()).collect::<Vec<_>>() {
            list if list.is_empty() => "defined by the contractor".to_owned(),
            list => list.join(", "),
        };
        let serves = |code: &ProcedureCode| !closed || listed().any(|listed| listed == *code);
        let found = self.primary(subject, Seen::own(claim, index, line), serves);
        trace(sink, index, None, "primary", Truth::from(found.is_none()), || match found {
            Some((other, seen)) if seen.is_elsewhere() => {
                format!("{other} stands on the same day, line {}", seen.number())
            }
            Some((other, _)) => format!("{other} stands on the same day"),
            None => format!("no primary on the claim; expected: {}", expected()),
        });
        if found.is_some() {
            return Ok(());
        }
        let expected = expected();
        if self.search.lacks_feed(subject) {
            let question = "its primary procedure was billed before";
            no_feed(&self.base, claim, index, question, sink);
            return Ok(());
        }
        let looked_at = match self.search.looks_back(claim.claim_type) {
            true => "no line of the claim or of earlier claims",
            false => "no line of the claim",
        };
        let disposition = if closed { self.base.info().disposition } else { self.no_primary_list };
        let values = |name: &str| match name {
            "expected" => expected.clone(),
            _ => common_value(claim, index, name),
        };
        let finding = self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition,
            line: index,
            others: Vec::new(),
            element: Element::Procedure,
            words: None,
            values: &values,
            why: format!("{looked_at} on {day} carries a primary procedure; expected: {expected}"),
            evidence: vec![evidence(index, Element::Procedure, common_value(claim, index, "code"))],
        });
        sink.find(finding.about(line.procedure.map(Defect::AddOn)));
        Ok(())
    }
}

impl RequiresPrimary {
    /// A listed primary on the same day by the same provider. Where the list is open any other
    /// procedure may be a contractor's primary: only standing alone is certain to be wrong.
    fn primary<'a>(
        &self,
        subject: Subject<'a>,
        own: Seen<'a>,
        serves: impl Fn(&ProcedureCode) -> bool,
    ) -> Option<(ProcedureCode, Seen<'a>)> {
        self.search
            .lines(subject)
            .filter(|other| {
                !other.is_own(own.place)
                    && other.line.procedure != own.line.procedure
                    && common_day(own.line, other.line).is_some()
                    && own.provider(self.same, other) != Truth::No
            })
            .filter_map(|other| Some((other.line.procedure?, other)))
            .find(|(code, _)| serves(code))
    }
}
