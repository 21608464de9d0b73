//! `unit_limit`: more units than a table allows (CMS medically unlikely edits, MUE).
//!
//! The MUE adjudication indicator (MAI) says what is compared: 1 each line by itself; 2 and 3 all lines
//! of a code on one date of service added up, whatever their modifiers. Above the value *all* units of
//! the day are denied. A missing row is not "unlimited": CMS keeps some values confidential.

use cleanbill_engine::{Edit, EditFault, Sink, Trigger, Truth};
use cleanbill_model::{
    Claim, Element, FaultKind, Modifier, Outcome, Period, ProcedureCode, ServiceDate, ServiceLine,
    UnitBasis, Units,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, missing, trace};
use crate::declare::RuleDecl;
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::table::{ByCode, Setting};
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "unit_limit";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 5] = ["applies_to", "table", "effective", "unit_basis", "max"];
const SLOTS: [&str; 6] = ["total", "limit", "mai", "day", "appeal", "row"];

/// More units than a table allows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitLimitDecl {
    /// Table keyed by `code` with the limits.
    table: String,
    /// Column with the limit (the MUE value).
    max: String,
    /// Column with the MUE adjudication indicator: 1 each line by itself, 2 and 3 all lines of the day added up.
    basis: String,
    /// What the lines must share to be added up: `patient` and `service_date` always, and what else is named.
    #[schemars(extend("items" = words::one_of(words::same(Takes::DAY))))]
    same: Vec<String>,
}

struct UnitLimit {
    base: Base,
    same: Same,
    limits: ByCode<Limit>,
    /// File of the table.
    file: String,
}

#[derive(Clone, Copy)]
struct Limit {
    period: Period,
    setting: Setting,
    max: Units,
    mai: Mai,
    /// Line of the table's file.
    row: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mai {
    Line,
    DayPolicy,
    DayClinical,
}

impl Mai {
    fn parse(text: &[u8]) -> Result<Self, &'static str> {
        match text {
            b"1" => Ok(Self::Line),
            b"2" => Ok(Self::DayPolicy),
            b"3" => Ok(Self::DayClinical),
            _ => Err("is not an MUE adjudication indicator: 1, 2 or 3"),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Line => "1",
            Self::DayPolicy => "2",
            Self::DayClinical => "3",
        }
    }

    const fn appeal(self) -> &'static str {
        match self {
            Self::Line => "MAI 1: each line is compared by itself",
            Self::DayPolicy => "MAI 2: set by policy, never payable above the value",
            Self::DayClinical => {
                "MAI 3: no modifier lifts it; payable only on appeal with documentation of medical necessity"
            }
        }
    }
}

/// The runnable edit of a `unit_limit` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.unit_limit.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let same = Same::check(cx, at.get("same"), &decl.same, &Takes::DAY);
    let table = cx.table(at.get("table"), &decl.table)?;
    let code = table.column(cx, at.get("table"), "code");
    let max = table.column(cx, at.get("max"), &decl.max);
    let basis = table.column(cx, at.get("basis"), &decl.basis);
    let (code, max, basis) = (code?, max?, basis?);
    let code = table.typed(code, ProcedureCode::new);
    let (max, mai) = (table.typed(max, Units::parse), table.typed(basis, Mai::parse));
    let (periods, settings) = (table.periods(), table.settings());
    let mut limits = ByCode::default();
    table.each(|row| {
        let (code, max, mai) = (code.of(cx, row), max.of(cx, row), mai.of(cx, row));
        let (period, setting) = (periods.of(cx, row), settings.of(cx, row));
        let (period, setting, max, mai) = (period?, setting?, max?, mai?);
        limits.add(code?, Limit { period, setting, max, mai, row: table.line(row) });
        Some(())
    })?;
    let file = table.file.clone();
    Some(Box::new(ByLine(UnitLimit { base: base?, same, limits, file })))
}

impl LineKind for UnitLimit {
    fn base(&self) -> &Base {
        &self.base
    }

    fn trigger(&self) -> Trigger<'_> {
        self.limits.trigger()
    }

    fn judge(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let rows = self.limits.get(line.procedure);
        let known =
            rows.is_some_and(|rows| rows.iter().any(|row| row.setting.is_for(claim.claim_type)));
        trace(sink, index, None, "table", Truth::from(known), || {
            if known {
                "the table has a limit for the code".to_owned()
            } else {
                "the table has no limit for the code (which does not mean that there is none)"
                    .to_owned()
            }
        });
        let Some(rows) = rows.filter(|_| known) else { return Ok(()) };
        let day = line.dates.from();
        let in_force = self.base.info().effective.contains(day);
        let limit = rows.iter().find(|row| {
            in_force && row.setting.is_for(claim.claim_type) && row.period.contains(day)
        });
        trace(sink, index, None, "effective", Truth::from(limit.is_some()), || match limit {
            Some(limit) => {
                format!("on {day} the limit is {} (MAI {})", limit.max, limit.mai.as_str())
            }
            None => format!("no limit is in force on {day}"),
        });
        let Some(limit) = limit else { return Ok(()) };
        let countable = line.unit_basis == UnitBasis::Units;
        trace(sink, index, None, "unit_basis", Truth::from(countable), || {
            if countable {
                "units of service".to_owned()
            } else {
                "the line counts minutes".to_owned()
            }
        });
        if !countable {
            return Ok(());
        }
        let load = self.load(claim, index, line, *limit)?;
        let over = match (load.certain > limit.max, load.possible > limit.max) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        };
        trace(sink, index, None, "max", over, || {
            format!("{} units on {} against a limit of {}", load.possible, load.day, limit.max)
        });
        if over != Truth::No {
            self.say(claim, index, *limit, &load, over, sink);
        }
        Ok(())
    }
}

impl UnitLimit {
    fn say(
        &self,
        claim: &Claim,
        index: usize,
        limit: Limit,
        load: &Load,
        over: Truth,
        sink: &mut dyn Sink,
    ) {
        let info = self.base.info();
        let (outcome, disposition, total) = match over {
            Truth::Yes => (Outcome::Fires, info.disposition, load.certain),
            _ => (Outcome::Undetermined, info.on_unknown, load.possible),
        };
        let lines = load.others.len() + 1;
        let mut why = format!(
            "{total} units on {} over {lines} line{}; the limit is {} (MAI {})",
            load.day,
            if lines == 1 { "" } else { "s" },
            limit.max,
            limit.mai.as_str()
        );
        if outcome == Outcome::Undetermined {
            why.push_str("; some lines have another rendering provider whose specialty the claim does not give");
        }
        if outcome == Outcome::Undetermined {
            missing(sink, index, || {
                let places = core::iter::once(&index).chain(&load.others);
                let lines = places.filter_map(|place| claim.lines.get(*place));
                Same::missing(lines).into_iter().collect()
            });
        }
        let read = core::iter::once(&index).chain(&load.others);
        let evidence = read
            .filter_map(|index| {
                Some(evidence(*index, Element::Units, claim.lines.get(*index)?.units))
            })
            .collect();
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: index,
            others: load.others.clone(),
            element: Element::Units,
            words: None,
            values: &|name| match name {
                "total" => total.to_string(),
                "limit" => limit.max.to_string(),
                "mai" => limit.mai.as_str().to_owned(),
                "day" => load.day.to_string(),
                "row" => format!("{}:{}", self.file, limit.row),
                "appeal" => limit.mai.appeal().to_owned(),
                _ => common_value(claim, index, name),
            },
            why,
            evidence,
        }));
    }

    /// The heaviest day among those of `line`.
    fn load(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        limit: Limit,
    ) -> Result<Load, EditFault> {
        if limit.mai == Mai::Line {
            let units = line.units.per_day(line.dates.days());
            return Ok(Load {
                day: line.dates.from(),
                certain: units,
                possible: units,
                others: Vec::new(),
            });
        }
        // A sum can only rise where a line begins, so those days of this line are enough.
        let mut days: Vec<ServiceDate> = claim
            .lines
            .iter()
            .filter(|other| other.procedure == line.procedure)
            .filter_map(|other| line.dates.intersect(other.dates).map(|common| common.from()))
            .collect();
        days.sort_unstable();
        days.dedup();
        let mut heaviest: Option<Load> = None;
        for day in days {
            let load = self.load_of_day(claim, index, line, day)?;
            if heaviest
                .as_ref()
                .is_none_or(|best| (load.certain, load.possible) > (best.certain, best.possible))
            {
                heaviest = Some(load);
            }
        }
        heaviest.ok_or_else(overflow)
    }

    fn load_of_day(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        day: ServiceDate,
    ) -> Result<Load, EditFault> {
        let mut certain = Components::default();
        let mut possible = Components::default();
        let mut others = Vec::new();
        for (place, other) in claim.lines.iter().enumerate() {
            let on_day = other.dates.from() <= day && day <= other.dates.through();
            if other.procedure != line.procedure || !on_day || other.unit_basis != UnitBasis::Units
            {
                continue;
            }
            let provider = self.same.provider(claim, line, other);
            let units = other.units.per_day(other.dates.days());
            if provider == Truth::Yes {
                certain = certain.with(other, units).ok_or_else(overflow)?;
            }
            if provider != Truth::No {
                possible = possible.with(other, units).ok_or_else(overflow)?;
                if place != index {
                    others.push(place);
                }
            }
        }
        Ok(Load { day, certain: certain.total(), possible: possible.total(), others })
    }
}

/// Units of one code on one day.
struct Load {
    day: ServiceDate,
    certain: Units,
    possible: Units,
    others: Vec<usize>,
}

/// Professional and technical component counted apart: a 26 line and a TC line are one whole service.
#[derive(Default)]
struct Components {
    professional: Units,
    technical: Units,
}

impl Components {
    fn with(mut self, line: &ServiceLine, units: Units) -> Option<Self> {
        let has = |text: &[u8]| Modifier::new(text).is_ok_and(|m| line.modifiers.contains(m));
        let (only_professional, only_technical) = (has(b"26"), has(b"TC"));
        if !only_technical || only_professional {
            self.professional = self.professional.checked_add(units)?;
        }
        if !only_professional || only_technical {
            self.technical = self.technical.checked_add(units)?;
        }
        Some(self)
    }

    fn total(&self) -> Units {
        self.professional.max(self.technical)
    }
}

fn overflow() -> EditFault {
    EditFault {
        kind: FaultKind::Overflow,
        message: "the units of a day do not fit into a number".to_owned(),
    }
}
