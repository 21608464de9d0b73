//! Which codes a rule is about: listed ones, or those whose row in a table says so.

use cleanbill_engine::{Sink, Trigger, Truth};
use cleanbill_model::{Modifier, Period, ProcedureCode, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::{Base, Cx, trace};
use crate::code_set::CodeSet;
use crate::declare::CodeList;
use crate::diagnostic::Code;
use crate::table::{ByCode, optional};
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
    value: String,
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
    pub(super) fn concerns(
        &self,
        base: &Base,
        line: &ServiceLine,
        index: usize,
        sink: &mut dyn Sink,
    ) -> bool {
        match self {
            Self::Listed(_) => true,
            Self::Where(chosen) => {
                chosen.chooses(line, index, sink) && base.holds(line, index, sink)
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
        let mut rows = ByCode::default();
        table.each(|row| {
            let (code, period) = (codes.of(cx, row), periods.of(cx, row));
            let modifier = modifiers.as_ref().map_or(Some(None), |values| values.of(cx, row));
            let value = table.cell(row, column).to_owned();
            let is_chosen = decl.values.contains(&value);
            let row = Row { period: period?, modifier: modifier?, value, is_chosen };
            rows.add(code?, row);
            Some(())
        })?;
        Some(Self { rows, column: decl.column.clone() })
    }

    fn chooses(&self, line: &ServiceLine, index: usize, sink: &mut dyn Sink) -> bool {
        let day = line.dates.from();
        let rows = self.rows.get(line.procedure).unwrap_or_default();
        let in_force = || rows.iter().filter(|row| row.period.contains(day));
        let own = |row: &&Row| row.modifier.is_some_and(|own| line.modifiers.contains(own));
        let row = in_force().find(own).or_else(|| in_force().find(|row| row.modifier.is_none()));
        let is_chosen = row.is_some_and(|row| row.is_chosen);
        trace(sink, index, None, "codes_where", Truth::from(is_chosen), || match row {
            Some(row) => format!("`{}` of the code is `{}` on {day}", self.column, row.value),
            None => format!("the table has no row for the code on {day}"),
        });
        is_chosen
    }
}
