//! Asks for the verdict of every row of a quarter of pairs on its first and last day and the days around
//! them, for `cargo xtask bench --only import`: `query_back TABLE FILE…`, the compiled table and the files that
//! it was imported from.
//!
//! What is expected is worked out here from the files alone, as text, by going through all rows of the two
//! codes; what is found comes from the Medicare pack inside cleanbill over the compiled table.
#![expect(clippy::print_stdout, reason = "what the benchmark shows")]

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{Claim, DateRange, FilingIndicator, ProcedureCode, ServiceDate};
use cleanbill_rules::{ClaimSketch, ImportedTables, Loading, TablesFrom};
use cleanbill_tables::Table;

type Failed = Box<dyn Error>;

/// From, through (`*`: open) and indicator, as the file says them.
type Row = (String, String, char);

/// All rows of each pair.
type Rows = HashMap<(String, String), Vec<Row>>;

fn main() -> Result<(), Failed> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let table = paths.next().ok_or("name the compiled table and the files")?;
    let mut rows = Rows::new();
    for path in paths {
        read(&path, &mut rows)?;
    }
    let registry = registry(&table)?;
    let mut asked = Asked::new(&registry)?;
    for ((one, two), windows) in &rows {
        asked.codes([one, two])?;
        for (from, through, _) in windows {
            let mut days = vec![moved(from, -1)?, from.clone()];
            match through.as_str() {
                "*" => days.push("20991231".to_owned()),
                last => days.extend([last.to_owned(), moved(last, 1)?]),
            }
            for day in days {
                for lifts in [false, true] {
                    asked.ask(&rows, [one, two], &day, lifts)?;
                }
            }
        }
    }
    let total: usize = rows.values().map(Vec::len).sum();
    println!(
        "{total} rows, {} verdicts asked for: {} denied, {} not, {} wrong",
        asked.denied + asked.silent + asked.wrong,
        asked.denied,
        asked.silent,
        asked.wrong
    );
    if asked.wrong > 0 || asked.denied == 0 { Err("verdicts are wrong".into()) } else { Ok(()) }
}

/// Rows of a file of CMS, each line cut at its tabs.
fn read(path: &Path, rows: &mut Rows) -> Result<(), Failed> {
    for line in fs::read_to_string(path)?.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [one, two, _, from, through, indicator, _] = cells[..] else { continue };
        if from.len() != 8 || !from.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let indicator = indicator.chars().next().ok_or("a row without an indicator")?;
        let pair = (one.to_owned(), two.to_owned());
        rows.entry(pair).or_default().push((from.to_owned(), through.to_owned(), indicator));
    }
    Ok(())
}

/// A day, `YYYYMMDD`, so many days later.
fn moved(day: &str, by: i32) -> Result<String, Failed> {
    let [year, month, date] = [day.get(..4), day.get(4..6), day.get(6..)];
    let number = |text: Option<&str>| -> Result<i32, Failed> { Ok(text.ok_or("no day")?.parse()?) };
    let (mut year, mut month, mut date) = (number(year)?, number(month)?, number(date)? + by);
    let length = |year: i32, month: i32| match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if date == 0 {
        (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        date = length(year, month);
    } else if date > length(year, month) {
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        date = 1;
    }
    Ok(format!("{year:04}{month:02}{date:02}"))
}

struct Pairs<'a>(&'a Path);

impl ImportedTables for Pairs<'_> {
    fn table(&self, name: &str) -> Result<Option<Table>, String> {
        if name != "ncci-ptp-practitioner" {
            return Ok(None);
        }
        let table = Table::map(self.0).map_err(|error| error.to_string())?;
        table.map(Some).map_err(|error| error.to_string())
    }
}

/// The rules of the Medicare pack that read the table.
fn registry(table: &Path) -> Result<Registry, Failed> {
    let pairs = Pairs(table);
    let how = Loading { tables: TablesFrom::Imported(&pairs), ..Loading::default() };
    let packs = cleanbill_default_packs::embedded_packs();
    let medicare = packs.iter().find(|pack| {
        use cleanbill_rules::Source as _;
        pack.label() == "ncci-medicare"
    });
    let pack =
        how.load(medicare.ok_or("the pack is not there")?).map_err(|error| error.to_string())?;
    Ok(Registry::new(pack.edits)?)
}

/// Verdicts so far, and the claims that are asked about.
struct Asked<'a> {
    registry: &'a Registry,
    evaluator: Evaluator,
    /// Without a modifier on the second line, and with 59.
    claims: [Claim; 2],
    denied: u64,
    silent: u64,
    wrong: u64,
}

impl<'a> Asked<'a> {
    fn new(registry: &'a Registry) -> Result<Self, Failed> {
        let claim = |second: &str| -> Result<Claim, Failed> {
            let lines = ["99998".to_owned(), second.to_owned()];
            let mut claim = ClaimSketch::new(&lines)?.claim(false)?;
            claim.filing_indicator = Some(FilingIndicator::new(b"MB")?);
            Ok(claim)
        };
        let claims = [claim("99999")?, claim("99999-59")?];
        let (evaluator, denied, silent, wrong) = (Evaluator::default(), 0, 0, 0);
        Ok(Self { registry, evaluator, claims, denied, silent, wrong })
    }

    fn codes(&mut self, codes: [&str; 2]) -> Result<(), Failed> {
        for claim in &mut self.claims {
            for (line, code) in claim.lines.iter_mut().zip(codes) {
                line.procedure = Some(ProcedureCode::new(code.as_bytes())?);
            }
        }
        Ok(())
    }

    /// Both codes on one day, the second with 59 where `lifts`.
    fn ask(&mut self, rows: &Rows, codes: [&str; 2], day: &str, lifts: bool) -> Result<(), Failed> {
        let [plain, with_59] = &mut self.claims;
        let claim = if lifts { with_59 } else { plain };
        let date = ServiceDate::parse_d8(day.as_bytes())?;
        for line in &mut claim.lines {
            line.dates = DateRange::day(date);
        }
        let verdict = self.evaluator.evaluate(self.registry, &*claim);
        let lines: Vec<Option<usize>> = verdict.findings.iter().map(|found| found.line).collect();
        let expected: Vec<Option<usize>> = expected(rows, codes, day, lifts).into_iter().collect();
        match lines == expected {
            false => {
                if self.wrong < 20 {
                    println!("{codes:?} on {day}, 59: {lifts}: found {lines:?}, not {expected:?}");
                }
                self.wrong += 1;
            }
            true if lines.is_empty() => self.silent += 1,
            true => self.denied += 1,
        }
        Ok(())
    }
}

/// The line that is denied, of two with these codes; where the rows of both orders are in force, the
/// lower code is column one.
fn expected(rows: &Rows, [one, two]: [&str; 2], day: &str, lifts: bool) -> Option<Option<usize>> {
    let in_force = |one: &str, two: &str| {
        let rows = rows.get(&(one.to_owned(), two.to_owned()))?;
        rows.iter().find(|(from, through, indicator)| {
            *indicator != '9' && from.as_str() <= day && (through == "*" || day <= through.as_str())
        })
    };
    let (forth, back) = (in_force(one, two), in_force(two, one));
    let (row, denied) = match (forth, back) {
        (Some(row), Some(_)) if one < two => (row, 1),
        (_, Some(row)) => (row, 0),
        (Some(row), None) => (row, 1),
        (None, None) => return None,
    };
    // Before that day 59 counts on column two alone.
    let is_lifted = lifts && row.2 == '1' && (denied == 1 || day >= "20190701");
    (!is_lifted).then_some(Some(denied))
}
