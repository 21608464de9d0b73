//! Results for people: a mark for each test, then what failed and what is not covered.

use std::io::{self, Write};

use cleanbill_report::escape;
use cleanbill_rules::{Coverage, Mismatch, MismatchKind, Place, Share, TestRun, TestStatus};

use super::TestFlags;
use super::results::{Count, Results, RuleResults, Test};
use crate::failure::plural;

/// Writes all of it; `missed` are the shares that are not reached.
pub fn write(
    out: &mut dyn Write,
    results: &Results<'_>,
    flags: &TestFlags,
    missed: &[String],
) -> io::Result<()> {
    results.rules.iter().try_for_each(|rule| marks(out, rule, flags.names))?;
    for (test, run) in results.tests() {
        match (&run.mismatch, run.status) {
            (Some(mismatch), TestStatus::Failed) => failure(out, test, mismatch)?,
            (_, TestStatus::TodoPassed) => writeln!(
                out,
                "\nwarning: {} \"{}\"  {}  passes: take `todo` away",
                test.rule,
                escape(&test.name),
                test.place
            )?,
            _ => {}
        }
    }
    let Count { passed, failed, todo } = results.count();
    write!(out, "\n{passed} passed, {failed} failed")?;
    if todo > 0 {
        write!(out, ", {todo} todo")?;
    }
    writeln!(out)?;
    if flags.coverage {
        coverage(out, &results.coverage)?;
    }
    missed.iter().try_for_each(|missed| writeln!(out, "not reached: {missed}"))
}

fn marks(out: &mut dyn Write, rule: &RuleResults<'_>, names: bool) -> io::Result<()> {
    write!(out, "{}  ", rule.id)?;
    for (test, run) in &rule.tests {
        let (mark, word) = mark(run);
        match names {
            true => write!(out, "\n  {word}  {}", escape(&test.name))?,
            false => write!(out, "{mark}")?,
        }
    }
    match rule.tests.len() {
        0 => writeln!(out, "no tests"),
        _ if names => writeln!(out),
        many => writeln!(out, "  {many} test{}", plural(many)),
    }
}

fn mark(run: &TestRun) -> (char, &'static str) {
    match run.status {
        TestStatus::Passed => ('.', "ok  "),
        TestStatus::Todo | TestStatus::TodoPassed => ('t', "todo"),
        TestStatus::Failed => {
            let kind = run.mismatch.as_ref().map(|mismatch| mismatch.kind);
            let mark = match kind {
                Some(MismatchKind::Noisy) => 'N',
                Some(MismatchKind::Missing) => 'M',
                Some(MismatchKind::Wrong) => 'W',
                _ => 'B',
            };
            (mark, "FAIL")
        }
    }
}

fn failure(out: &mut dyn Write, test: &Test<'_>, mismatch: &Mismatch) -> io::Result<()> {
    writeln!(
        out,
        "\n[{}] {} \"{}\"  {}  {}",
        mismatch.kind.as_str(),
        test.rule,
        escape(&test.name),
        test.place,
        escape(&mismatch.message)
    )?;
    for (index, line) in mismatch.claim.iter().enumerate() {
        let label = if index == 0 { "claim" } else { "" };
        writeln!(out, "   {label:<6}  {line}")?;
    }
    for (index, line) in mismatch.others.iter().enumerate() {
        let label = if index == 0 { "beside" } else { "" };
        writeln!(out, "   {label:<6}  {}", escape(line))?;
    }
    for fact in &mismatch.facts {
        let line = format!("line {}", fact.line);
        let listed = match &fact.listed {
            Some(listed) => format!("  (the rule lists {})", escape(listed)),
            None => String::new(),
        };
        let detail = escape(&fact.detail);
        writeln!(out, "   {line:<6}  {}  {}  {detail}{listed}", fact.outcome, fact.clause)?;
    }
    Ok(())
}

fn coverage(out: &mut dyn Write, coverage: &Coverage) -> io::Result<()> {
    let share = |Share { part, whole }| format!("{part}/{whole}");
    writeln!(
        out,
        "coverage   rules fired {}   clauses decided {}   near-miss {}",
        share(coverage.fired()),
        share(coverage.clauses()),
        share(coverage.near_misses())
    )?;
    let missing = missing(coverage);
    let width = missing.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
    missing.iter().try_for_each(|(name, what, place)| {
        writeln!(out, "   {name:<width$}   {what:<20}   {place}")
    })
}

fn missing(coverage: &Coverage) -> Vec<(String, &'static str, &Place)> {
    let mut missing = Vec::new();
    for rule in &coverage.rules {
        if !rule.fired {
            missing.push((rule.id.clone(), "never fired", &rule.place));
        }
        if !rule.near_miss {
            missing.push((rule.id.clone(), "no near-miss", &rule.place));
        }
        for clause in rule.clauses.iter().filter(|clause| !clause.decided()) {
            let name = format!("{}.{}", rule.id, clause.name);
            missing.push((name, "never decided a case", &clause.place));
        }
    }
    missing
}
