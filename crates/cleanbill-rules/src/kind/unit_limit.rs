//! `unit_limit`: more units than a table allows (CMS medically unlikely edits, MUE).
//!
//! The MUE adjudication indicator (MAI) says what is compared: 1 each line by itself; 2 and 3 all lines
//! of a code on one date of service added up, whatever their modifiers. Above the value *all* units of
//! the day are denied. A missing row is not "unlimited": CMS keeps some values confidential.

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger, Truth};
use cleanbill_model::{
    Defect, Element, FaultKind, LineRef, Modifier, Outcome, Period, ProcedureCode, ServiceDate,
    ServiceLine, UnitBasis, Units,
};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use super::by_line::{ByLine, LineKind};
use super::earlier::{SEARCH, Search, Seen, common_day, no_feed};
use super::provider::open_provider;
use crate::check::{Base, Cx, PackScope, Says, evidence, missing, trace};
use crate::declare::RuleDecl;
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::table::{ByCode, Part, Setting, TableName, Values};
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "unit_limit";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 6] =
    ["applies_to", "table", "effective", "unit_basis", "max", "history"];
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
    /// Left out, each line by itself.
    #[serde(default)]
    basis: Option<String>,
    /// What the lines must share to be added up: `patient` and `service_date` always, and what else is named.
    #[schemars(extend("items" = words::one_of(words::same(Takes::DAY))))]
    same: Vec<String>,
    /// Where the units that are added up may stand: `this_claim` always, `history` also on earlier claims of the
    /// same type. Left out, `[this_claim]`.
    #[serde(default)]
    #[schemars(extend("items" = words::one_of(SEARCH.to_vec())))]
    search: Vec<String>,
}

struct UnitLimit {
    base: Base,
    same: Same,
    search: Search,
    limits: ByCode<Limit>,
    table: TableName,
}

#[derive(Clone, Copy)]
struct Limit {
    period: Period,
    setting: Setting,
    max: Units,
    mai: Mai,
    /// Its line.
    row: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mai {
    /// The table has none: each line by itself.
    None,
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
            Self::None => "none",
            Self::Line => "1",
            Self::DayPolicy => "2",
            Self::DayClinical => "3",
        }
    }

    /// ` (MAI 3)`; nothing where the table has none.
    const fn named(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Line => " (MAI 1)",
            Self::DayPolicy => " (MAI 2)",
            Self::DayClinical => " (MAI 3)",
        }
    }

    const fn is_by_line(self) -> bool {
        matches!(self, Self::None | Self::Line)
    }

    const fn appeal(self) -> &'static str {
        match self {
            Self::None => "Each line is compared by itself",
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
    let search = Search::check(cx, at, &decl.search, &SEARCH);
    let table = cx.table(at.get("table"), &decl.table)?;
    let code = table.column(cx, at.get("table"), "code");
    let max = table.column(cx, at.get("max"), &decl.max);
    let basis = match &decl.basis {
        None => None,
        Some(name) => Some(table.column(cx, at.get("basis"), name)?),
    };
    let (code, max) = (table.typed(code?, ProcedureCode::new), table.typed(max?, Units::parse));
    let mai = basis.map(|column| table.typed(column, Mai::parse));
    let (periods, settings) = (table.periods(), table.settings());
    let mut parts: Vec<&dyn Part> = mai.iter().map(|mai| -> &dyn Part { mai }).collect();
    parts.extend::<[&dyn Part; 4]>([&code, &max, &periods, &settings]);
    if !table.is_whole(cx, &parts) {
        return None;
    }
    let mai = mai.map(Values::into_cells);
    let mai = if let Some(mai) = mai { Some(mai?) } else { None };
    let (max, periods, settings) =
        (max.into_cells()?, periods.into_cells()?, settings.into_cells()?);
    let limits = ByCode::new(table, code, move |rows, row| {
        Some(Limit {
            period: periods.get(rows, row)?,
            setting: settings.get(rows, row)?,
            max: max.get(rows, row)?,
            mai: mai.as_ref().map_or(Some(Mai::None), |mai| mai.get(rows, row))?,
            row: rows.source_line(row)?.into(),
        })
    })?;
    let table = table.name.clone();
    Some(Box::new(ByLine(UnitLimit { base: base?, same, search, limits, table })))
}

impl LineKind for UnitLimit {
    fn base(&self) -> &Base {
        &self.base
    }

    fn trigger(&self) -> Trigger<'_> {
        self.limits.trigger()
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
        let rows = self.limits.get(line.procedure);
        let of_claim = |row: &Limit| row.setting.is_for(claim.claim_type);
        let known = rows.clone().is_some_and(|mut rows| rows.any(|row| of_claim(&row)));
        self.limits.is_whole()?;
        trace(sink, index, None, "table", Truth::from(known), || {
            if known {
                "the table has a limit for the code".to_owned()
            } else {
                "the table has no limit for the code (which does not mean that there is none)"
                    .to_owned()
            }
        });
        let Some(mut rows) = rows.filter(|_| known) else { return Ok(()) };
        let day = line.dates.from();
        let in_force = self.base.info().effective.contains(day);
        let limit = rows.find(|row| in_force && of_claim(row) && row.period.contains(day));
        self.limits.is_whole()?;
        trace(sink, index, None, "effective", Truth::from(limit.is_some()), || match limit {
            Some(limit) => {
                format!("on {day} the limit is {}{}", limit.max, limit.mai.named())
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
        let own = Seen::own(claim, index, line);
        let load = self.load(subject, own, limit)?;
        let over = match (load.certain > limit.max, load.possible > limit.max) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        };
        trace(sink, index, None, "max", over, || {
            format!("{} units on {} against a limit of {}", load.possible, load.day, limit.max)
        });
        if over != Truth::No {
            self.say(own, limit, &load, over, sink);
        } else if !limit.mai.is_by_line() && self.search.lacks_feed(subject) {
            let question = "more units were billed on that day";
            no_feed(&self.base, claim, index, question, sink);
        }
        Ok(())
    }
}

impl UnitLimit {
    fn say<'a>(
        &self,
        own: Seen<'a>,
        limit: Limit,
        load: &Load<'a>,
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
            "{total} units on {} over {lines} line{}; the limit is {}{}",
            load.day,
            if lines == 1 { "" } else { "s" },
            limit.max,
            limit.mai.named()
        );
        if outcome == Outcome::Undetermined {
            let is_open = |seen: &Seen<'_>| seen.counts() == Some(Truth::Unknown);
            why.push_str(if load.others.iter().any(is_open) {
                "; the claim replaces an earlier one that the history does not name, so it may be one of these"
            } else {
                "; some lines have another rendering provider whose specialty the claim does not give"
            });
        }
        let read: Vec<Seen<'a>> = core::iter::once(&own).chain(&load.others).copied().collect();
        if outcome == Outcome::Undetermined {
            missing(sink, own.place, || open_provider(self.same, &read).1);
        }
        let units = |seen: &Seen<'_>| evidence(seen.reference(), Element::Units, seen.line.units);
        let finding = self.base.finding(Says {
            outcome,
            disposition,
            line: own.place,
            others: load.others.iter().map(Seen::reference).collect(),
            element: Element::Units,
            words: None,
            values: &|name| match name {
                "total" => total.to_string(),
                "limit" => limit.max.to_string(),
                "mai" => limit.mai.as_str().to_owned(),
                "day" => load.day.to_string(),
                "row" => self.table.row(limit.row),
                "appeal" => limit.mai.appeal().to_owned(),
                _ => own.value(name),
            },
            why,
            evidence: read.iter().map(units).collect(),
        });
        let mut lines: Vec<LineRef> = read.iter().map(Seen::reference).collect();
        lines.sort_unstable();
        let defect = own.line.procedure.map(|code| Defect::Units { code, day: load.day, lines });
        sink.find(finding.about(defect));
    }

    /// The heaviest day among those of `line`.
    fn load<'a>(
        &self,
        subject: Subject<'a>,
        own: Seen<'_>,
        limit: Limit,
    ) -> Result<Load<'a>, EditFault> {
        let line = own.line;
        if limit.mai.is_by_line() {
            let units = line.units.per_day(line.dates.days());
            return Ok(Load {
                day: line.dates.from(),
                certain: units,
                possible: units,
                others: SmallVec::new(),
            });
        }
        // A sum can only rise where a line begins, so those days of this line are enough.
        let mut days: SmallVec<[ServiceDate; 8]> = self
            .search
            .lines(subject)
            .filter(|other| other.line.procedure == line.procedure)
            .filter_map(|other| common_day(line, other.line))
            .collect();
        days.sort_unstable();
        days.dedup();
        let mut heaviest: Option<Load<'a>> = None;
        for day in days {
            let load = self.load_of_day(subject, own, day)?;
            if heaviest
                .as_ref()
                .is_none_or(|best| (load.certain, load.possible) > (best.certain, best.possible))
            {
                heaviest = Some(load);
            }
        }
        heaviest.ok_or_else(overflow)
    }

    fn load_of_day<'a>(
        &self,
        subject: Subject<'a>,
        own: Seen<'_>,
        day: ServiceDate,
    ) -> Result<Load<'a>, EditFault> {
        let mut certain = Components::default();
        let mut possible = Components::default();
        let mut others = SmallVec::new();
        for seen in self.search.lines(subject) {
            let other = seen.line;
            let on_day = other.dates.from() <= day && day <= other.dates.through();
            let named = other.procedure == own.line.procedure;
            if !named || !on_day || other.unit_basis != UnitBasis::Units {
                continue;
            }
            let provider = own.provider(self.same, &seen);
            let units = other.units.per_day(other.dates.days());
            if provider == Truth::Yes {
                certain = certain.with(other, units).ok_or_else(overflow)?;
            }
            if provider != Truth::No {
                possible = possible.with(other, units).ok_or_else(overflow)?;
                if !seen.is_own(own.place) {
                    others.push(seen);
                }
            }
        }
        Ok(Load { day, certain: certain.total(), possible: possible.total(), others })
    }
}

/// Units of one code on one day.
struct Load<'a> {
    day: ServiceDate,
    certain: Units,
    possible: Units,
    others: SmallVec<[Seen<'a>; 8]>,
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
    let message = "the units of a day do not fit into a number";
    EditFault::new(FaultKind::Overflow, message.to_owned())
}
