//! The global surgery indicator of a line, out of the physician fee schedule.
//!
//! `000`: the day alone; `010`: ten days behind it; `090`: ninety, and the day before; `YYY`: the contractor
//! decides; `MMM` (maternity), `XXX` (no global period) and `ZZZ` (an add-on code, part of its primary) have
//! no period that could be counted (Medicare Claims Processing Manual, chapter 12, section 40.1; not
//! verified).

use cleanbill_engine::{EditFault, Truth};
use cleanbill_model::{Modifier, Period, ProcedureCode, ServiceLine};

use crate::check::Cx;
use crate::table::{ByCode, Part, Table, Values, optional};
use crate::yaml::Node;

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Indicator {
    /// No period that could be counted.
    None,
    /// So many days behind the surgery.
    Days(i32),
    /// The contractor decides: 90 days at most.
    Contractor,
}

impl Indicator {
    fn parse(text: &[u8]) -> Result<Self, &'static str> {
        match text {
            b"000" => Ok(Self::Days(0)),
            b"010" => Ok(Self::Days(10)),
            b"090" => Ok(Self::Days(90)),
            b"YYY" => Ok(Self::Contractor),
            b"MMM" | b"XXX" | b"ZZZ" => Ok(Self::None),
            _ => Err("is not a global surgery indicator: 000, 010, 090, MMM, XXX, YYY or ZZZ"),
        }
    }

    /// As the fee schedule writes it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Days(0) => "000",
            Self::Days(10) => "010",
            Self::Days(_) => "090",
            Self::Contractor => "YYY",
            Self::None => "none",
        }
    }

    /// Days behind the surgery, at most.
    pub(super) const fn days(self) -> i32 {
        match self {
            Self::Days(days) => days,
            Self::Contractor => 90,
            Self::None => 0,
        }
    }
}

/// What is known of a line's global period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Global {
    pub(super) indicator: Indicator,
    /// Unknown where the contractor decides, or where only rows of other days say so.
    pub(super) holds: Truth,
    /// Line of the row in its table.
    pub(super) row: u64,
}

#[derive(Clone, Copy)]
struct Row {
    period: Period,
    modifier: Option<Modifier>,
    indicator: Indicator,
    line: u64,
}

/// The indicators by code.
pub(super) struct Indicators(ByCode<Row>);

impl Indicators {
    /// Reads the columns `code`, `days` and `modifier` of the table, told at their nodes below `at`.
    pub(super) fn check(
        cx: &Cx<'_>,
        at: &Node,
        table: &Table,
        days: &str,
        modifier: Option<&String>,
    ) -> Option<Self> {
        let code = table.column(cx, at.get("table"), "code");
        let days = table.column(cx, at.get("days"), days);
        let modifier = match modifier {
            None => None,
            Some(name) => Some(table.column(cx, at.get("modifier"), name)?),
        };
        let codes = table.typed(code?, ProcedureCode::new);
        let indicators = table.typed(days?, Indicator::parse);
        let modifiers = modifier.map(|column| table.typed(column, optional(Modifier::new)));
        let periods = table.periods();
        let mut parts: Vec<&dyn Part> = vec![&codes, &indicators, &periods];
        parts.extend(modifiers.iter().map(|modifiers| -> &dyn Part { modifiers }));
        if !table.is_whole(cx, &parts) {
            return None;
        }
        let (indicators, periods) = (indicators.into_cells()?, periods.into_cells()?);
        let modifiers = match modifiers.map(Values::into_cells) {
            None => None,
            Some(modifiers) => Some(modifiers?),
        };
        let rows = ByCode::new(table, codes, move |rows, row| {
            Some(Row {
                period: periods.get(rows, row)?,
                modifier: modifiers.as_ref().map_or(Some(None), |all| all.get(rows, row))?,
                indicator: indicators.get(rows, row)?,
                line: rows.source_line(row)?.into(),
            })
        })?;
        Some(Self(rows))
    }

    /// What the table says of a line on its first day. Where no row is in force then, rows of other days
    /// leave open what they would say. None of a code without a period.
    pub(super) fn of(&self, line: &ServiceLine) -> Option<Global> {
        let rows = self.0.get(line.procedure)?;
        let own = |row: &Row| row.modifier.is_some_and(|own| line.modifiers.contains(own));
        // The row of a modifier on the line goes before the one without.
        let chosen = |rows: &mut dyn Iterator<Item = Row>| {
            rows.filter(|row| row.modifier.is_none() || own(row))
                .max_by_key(|row| (row.modifier.is_some(), row.indicator))
        };
        let day = line.dates.from();
        let in_force = chosen(&mut rows.clone().filter(|row| row.period.contains(day)));
        let (row, is_of_day) = match in_force {
            Some(row) => (row, true),
            None => (chosen(&mut rows.into_iter())?, false),
        };
        let holds = match (row.indicator, is_of_day) {
            (Indicator::None, _) => return None,
            (Indicator::Days(_), true) => Truth::Yes,
            _ => Truth::Unknown,
        };
        Some(Global { indicator: row.indicator, holds, row: row.line })
    }

    /// Whether rows may have been missed.
    ///
    /// # Errors
    /// The fault that says so.
    pub(super) fn is_whole(&self) -> Result<(), EditFault> {
        self.0.is_whole()
    }
}
