//! `code_validity` of diagnoses: one that is no code on the day of service, or only the heading of codes.

use std::sync::{Arc, OnceLock};

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Trigger, Truth};
use cleanbill_model::{
    Claim, ClaimType, DateRange, DiagnosisCode, DiagnosisSystem, EditInfo, Element, Evidence,
    Finding, LineRef, Outcome, Period, ServiceLine,
};

use crate::check::{Base, Cx, Says, common_value, trace};
use crate::table::{ByText, Cells, Part, PeriodCells, Table};
use crate::yaml::Node;

/// Rows that are looked at before all of them are.
const FIRST_ROWS: u32 = 64;

/// Rows of diagnoses, read where they lie.
pub(super) struct Codes {
    rows: ByText,
    periods: PeriodCells,
    /// Whether a row is of a code that can be billed; none where all are.
    billable: Option<Cells<bool>>,
    /// The days of which the table knows anything, found when the first rows do not tell.
    covered: OnceLock<Vec<Period>>,
}

/// Days on which a row holds, and whether its code can be billed then.
#[derive(Clone, Copy)]
struct Life {
    period: Period,
    billable: bool,
}

/// A diagnosis of the claim with its rows.
struct Known {
    code: DiagnosisCode,
    lives: Vec<Life>,
}

impl Codes {
    /// The diagnoses of `table`, which the rule names at `at`.
    pub(super) fn new(cx: &Cx<'_>, at: &Node, table: &Table) -> Option<Self> {
        let column = table.column(cx, at, "code")?;
        let billable = table.optional_column("billable").map(|column| {
            table.typed(column, |text| match text {
                b"yes" => Ok(true),
                b"no" => Ok(false),
                _ => Err("is not `yes` or `no`"),
            })
        });
        let periods = table.periods();
        // An importer has looked at its codes, and there are too many to look again at each start.
        let own = (!table.name.is_imported()).then(|| table.typed(column, DiagnosisCode::new));
        let mut parts: Vec<&dyn Part> = vec![&periods];
        if let Some(codes) = &own {
            parts.push(codes);
        }
        if let Some(cells) = &billable {
            parts.push(cells);
        }
        if !table.is_whole(cx, &parts) {
            return None;
        }
        let billable = match billable {
            Some(cells) => Some(cells.into_cells()?),
            None => None,
        };
        Some(Self {
            rows: ByText::new(table, column)?,
            periods: periods.into_cells()?,
            billable,
            covered: OnceLock::new(),
        })
    }

    fn life(&self, row: u32) -> Option<Life> {
        let rows = self.rows.compiled();
        let billable = match &self.billable {
            Some(cells) => cells.get(rows, row)?,
            None => true,
        };
        Some(Life { period: self.periods.get(rows, row)?, billable })
    }

    fn known(&self, code: DiagnosisCode) -> Known {
        let plain = code.as_str();
        // Files have the point, tables written by hand may leave it out.
        let dotted = match plain.split_at_checked(3) {
            Some((category, rest)) if !rest.is_empty() => Some(format!("{category}.{rest}")),
            _ => None,
        };
        let texts = dotted.as_deref().into_iter().chain([plain]);
        let lives = texts.flat_map(|text| self.rows.rows(text)).filter_map(|row| self.life(row));
        Known { code, lives: lives.collect() }
    }

    /// Whether the table has any code on the first and on the last of these days.
    fn covers(&self, days: DateRange) -> bool {
        let rows = self.rows.compiled();
        let period = |row| self.periods.get(rows, row);
        // Most codes stay from year to year, so the first ones mostly tell.
        let mut first = (0..rows.len().min(FIRST_ROWS)).filter_map(period);
        if first.any(|period| period.contains(days.from()) && period.contains(days.through())) {
            return true;
        }
        let covered = self.covered.get_or_init(|| {
            let mut found: Vec<Period> = Vec::new();
            for period in (0..rows.len()).filter_map(period) {
                if !found.contains(&period) {
                    found.push(period);
                }
            }
            found
        });
        let has = |day| covered.iter().any(|period| period.contains(day));
        has(days.from()) && has(days.through())
    }
}

impl Known {
    fn is_valid(&self, days: DateRange) -> bool {
        self.lives.iter().any(|life| life.billable && life.holds(days))
    }

    /// What there is in place of a code for these days.
    fn instead(&self, days: DateRange) -> String {
        let on = |life: &&Life| {
            !life.billable
                && (life.period.contains(days.from()) || life.period.contains(days.through()))
        };
        if self.lives.iter().any(|life| on(&life)) {
            return "it is a heading, and the codes under it have more characters".to_owned();
        }
        let valid: Vec<String> = self
            .lives
            .iter()
            .filter(|life| life.billable)
            .map(|life| life.period.to_string())
            .collect();
        match valid.as_slice() {
            [] => "there is no such code".to_owned(),
            valid => format!("it is valid {}", valid.join("; ")),
        }
    }
}

impl Life {
    fn holds(self, days: DateRange) -> bool {
        self.period.contains(days.from()) && self.period.contains(days.through())
    }
}

/// The edit of a rule about diagnoses.
pub(super) struct DiagnosisValidity {
    pub(super) base: Base,
    pub(super) codes: Codes,
}

impl Edit for DiagnosisValidity {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.base.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        if !self.base.applies(claim, sink) {
            return Ok(());
        }
        if claim.diagnosis_system != Some(DiagnosisSystem::Icd10Cm) {
            for index in 0..claim.lines.len() {
                trace(sink, index, None, "table", Truth::No, || {
                    "the claim has no diagnoses of ICD-10-CM".to_owned()
                });
            }
            return Ok(());
        }
        let mut known: Vec<Known> = Vec::new();
        for code in &claim.diagnoses {
            if !known.iter().any(|own| own.code == *code) {
                known.push(self.codes.known(*code));
            }
        }
        for (index, line) in claim.lines.iter().enumerate() {
            self.line(claim, index, line, &known, sink);
        }
        let pointed: Vec<DiagnosisCode> =
            claim.lines.iter().flat_map(|line| claim.pointed_diagnoses(line)).collect();
        for own in known.iter().filter(|own| !pointed.contains(&own.code)) {
            self.claim(claim, own, sink);
        }
        // What was found in a damaged table counts for nothing.
        self.codes.rows.is_whole()
    }
}

impl DiagnosisValidity {
    /// Judges the diagnoses that a line points to.
    fn line(
        &self,
        claim: &Claim,
        index: usize,
        line: &ServiceLine,
        known: &[Known],
        sink: &mut dyn Sink,
    ) {
        let pointed: Vec<&Known> = claim
            .pointed_diagnoses(line)
            .filter_map(|code| known.iter().find(|own| own.code == code))
            .collect();
        let days = days(claim, line);
        let covered = !pointed.is_empty() && self.covers(&pointed, days);
        trace(sink, index, None, "table", Truth::from(covered), || match pointed.as_slice() {
            [] => "the line points to no diagnosis".to_owned(),
            _ if covered => format!("the table has the codes of {days}"),
            _ => format!("the table has no codes of {days}"),
        });
        if !covered || !self.base.holds(line, index, sink) {
            return;
        }
        for (place, own) in pointed.iter().enumerate() {
            if pointed.iter().take(place).any(|before| before.code == own.code) {
                continue;
            }
            let valid = own.is_valid(days);
            trace(sink, index, None, "valid", Truth::from(!valid), || match valid {
                true => format!("{} is a code on {days}", own.code),
                false => format!("{} on {days}: {}", own.code, own.instead(days)),
            });
            if !valid {
                sink.find(self.finding(claim, Some(index), own, days));
            }
        }
    }

    /// Judges a diagnosis that no line points to: it is wrong when it is so on the days of all lines.
    fn claim(&self, claim: &Claim, own: &Known, sink: &mut dyn Sink) {
        let holds = |line: &ServiceLine| self.base.info().effective.contains(line.dates.from());
        let wrong = |line: &ServiceLine| {
            let days = days(claim, line);
            holds(line) && self.covers(&[own], days) && !own.is_valid(days)
        };
        if let Some(first) = claim.lines.first()
            && claim.lines.iter().all(wrong)
        {
            // The same whatever the order of the lines.
            let first = claim.lines.iter().min_by_key(|line| line.number).unwrap_or(first);
            sink.find(self.finding(claim, None, own, days(claim, first)));
        }
    }

    /// Whether the table knows of these days. A diagnosis that holds on them says so without a search.
    fn covers(&self, known: &[&Known], days: DateRange) -> bool {
        known.iter().flat_map(|own| &own.lives).any(|life| life.holds(days))
            || self.codes.covers(days)
    }

    fn finding(&self, claim: &Claim, line: Option<usize>, own: &Known, days: DateRange) -> Finding {
        let instead = own.instead(days);
        let read =
            |element, value: String| Evidence { line: line.map(LineRef::Own), element, value };
        let mut finding = self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition: self.base.info().disposition,
            line: line.unwrap_or_default(),
            others: Vec::new(),
            element: if line.is_some() { Element::Diagnosis } else { Element::Claim },
            words: None,
            values: &|name| match (name, line) {
                ("dx", _) => own.code.to_string(),
                ("valid", _) => instead.clone(),
                ("service_date", _) => days.to_string(),
                (_, Some(line)) => common_value(claim, line, name),
                // On the claim as a whole, what only a line has is nothing.
                (_, None) => String::new(),
            },
            why: format!("{} is no code to be billed on {days}: {instead}", own.code),
            evidence: vec![
                read(Element::Diagnosis, own.code.to_string()),
                read(Element::ServiceDate, days.to_string()),
            ],
        });
        finding.line = line;
        finding
    }
}

/// The days on which the diagnoses of a line must be codes: all of its own, but of a facility's claim the
/// last of the stay, since codes are those of the day of discharge.
fn days(claim: &Claim, line: &ServiceLine) -> DateRange {
    match (claim.claim_type, claim.facility.statement) {
        (ClaimType::Institutional, Some(statement)) => DateRange::day(statement.through()),
        (ClaimType::Institutional, None) => DateRange::day(line.dates.through()),
        _ => line.dates,
    }
}
