//! Which codes a rule is about: listed ones, or those whose row in a table says so.

use std::sync::Arc;

use cleanbill_engine::{EditFault, Sink, Trigger, Truth};
use cleanbill_model::{Modifier, Period, ProcedureCode, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::{Base, Cx, trace};
use crate::code_set::CodeSet;
use crate::declare::CodeList;
use crate::diagnostic::Code;
use crate::table::{ByCode, Part, Values, optional};
use crate::yaml::Node;

/// Codes whose row in force in a table has one of some values.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodesWhereDecl {
    /// Table with the column `code`, such as a fee schedule.
    table: String,
    /// The column that is looked at.
    column: String,
    /// The values that choose a code, written as in the table.
    #[serde(rename = "is")]
    values: Vec<String>,
    /// A column with the modifier that a row is for: the row of a modifier on the line goes before the one without.
    #[serde(default)]
    modifier: Option<String>,
}

/// The codes that a rule is about.
pub(super) enum Chosen {
    Listed(CodeSet),
    Where(Where),
}

/// The rows that choose.
pub(super) struct Where {
    rows: ByCode<Row>,
    column: String,
}

struct Row {
    period: Period,
    modifier: Option<Modifier>,
    value: Arc<str>,
    is_chosen: bool,
}

impl Chosen {
    /// Checks `codes` and `codes_where` of the kind at `at`, of which there must be one.
    pub(super) fn check(
        cx: &Cx<'_>,
        at: &Node,
        codes: Option<&CodeList>,
        chosen: Option<&CodesWhereDecl>,
    ) -> Option<Self> {
        match (codes, chosen) {
            (Some(codes), None) => Some(Self::Listed(cx.codes(at.get("codes"), codes))),
            (None, Some(decl)) => Where::check(cx, at.get("codes_where"), decl).map(Self::Where),
            (codes, _) => {
                let (message, help) = match codes {
                    None => {
                        ("the rule names no codes", "add `codes`, or `codes_where` with a table")
                    }
                    Some(_) => ("the rule names its codes twice", "keep `codes` or `codes_where`"),
                };
                cx.error(Code::MissingKey, &at.span, message.to_owned(), help.to_owned());
                None
            }
        }
    }

    /// The listed codes.
    pub(super) const fn listed(&self) -> Option<&CodeSet> {
        match self {
            Self::Listed(codes) => Some(codes),
            Self::Where(_) => None,
        }
    }

    /// Claims with one of the codes.
    pub(super) fn trigger(&self) -> Trigger<'_> {
        match self {
            Self::Listed(codes) => codes.trigger(),
            Self::Where(chosen) => chosen.rows.trigger(),
        }
    }

    /// Whether the rule is about the line; listed codes were looked at before.
    ///
    /// # Errors
    /// The table that would say it is damaged.
    pub(super) fn concerns(
        &self,
        base: &Base,
        line: &ServiceLine,
        index: usize,
        sink: &mut dyn Sink,
    ) -> Result<bool, EditFault> {
        match self {
            Self::Listed(_) => Ok(true),
            Self::Where(chosen) => {
                let is_chosen = chosen.chooses(line, index, sink);
                chosen.rows.is_whole()?;
                Ok(is_chosen && base.holds(line, index, sink))
            }
        }
    }
}

impl Where {
    fn check(cx: &Cx<'_>, at: &Node, decl: &CodesWhereDecl) -> Option<Self> {
        let table = cx.table(at.get("table"), &decl.table)?;
        let code = table.column(cx, at.get("table"), "code");
        let column = table.column(cx, at.get("column"), &decl.column);
        let modifier = match &decl.modifier {
            None => None,
            Some(name) => Some(table.column(cx, at.get("modifier"), name)?),
        };
        let (codes, column) = (table.typed(code?, ProcedureCode::new), column?);
        let modifiers = modifier.map(|column| table.typed(column, optional(Modifier::new)));
        let periods = table.periods();
        let mut parts: Vec<&dyn Part> = vec![&codes, &periods];
        parts.extend(modifiers.iter().map(|modifiers| -> &dyn Part { modifiers }));
        if !table.is_whole(cx, &parts) {
            return None;
        }
        let values = table.typed(column, |text| {
            core::str::from_utf8(text)
                .map(|text| (Arc::from(text), decl.values.iter().any(|v| v == text)))
        });
        let (values, periods) = (values.into_cells()?, periods.into_cells()?);
        let modifiers = match modifiers.map(Values::into_cells) {
            None => None,
            Some(modifiers) => Some(modifiers?),
        };
        let rows = ByCode::new(table, codes, move |rows, row| {
            let (value, is_chosen) = values.get(rows, row)?;
            let modifier = modifiers.as_ref().map_or(Some(None), |all| all.get(rows, row))?;
            Some(Row { period: periods.get(rows, row)?, modifier, value, is_chosen })
        })?;
        Some(Self { rows, column: decl.column.clone() })
    }

    fn chooses(&self, line: &ServiceLine, index: usize, sink: &mut dyn Sink) -> bool {
        let day = line.dates.from();
        let rows = self.rows.get(line.procedure);
        let in_force = || rows.clone().into_iter().flatten().filter(|row| row.period.contains(day));
        let own = |row: &Row| row.modifier.is_some_and(|own| line.modifiers.contains(own));
        let row = in_force().find(own).or_else(|| in_force().find(|row| row.modifier.is_none()));
        let is_chosen = row.as_ref().is_some_and(|row| row.is_chosen);
        trace(sink, index, None, "codes_where", Truth::from(is_chosen), || match &row {
            Some(row) => format!("`{}` of the code is `{}` on {day}", self.column, row.value),
            None => format!("the table has no row for the code on {day}"),
        });
        is_chosen
    }
}
