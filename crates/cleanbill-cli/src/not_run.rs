//! Rules that are switched off since a table that they read is not imported: told, never passed over.

use std::collections::BTreeMap;
use std::io::Write as _;

use cleanbill_report::{NotRunSummary, escape};
use cleanbill_rules::NotRun;

use crate::failure::{Failure, plural};

/// What switches rules on again.
pub const REMEDY: &str = "`cleanbill tables import` switches them on";

/// One sentence for each table.
pub fn sentences(not_run: &[NotRun]) -> Vec<String> {
    let mut tables: BTreeMap<&str, usize> = BTreeMap::new();
    for one in not_run {
        *tables.entry(&one.table).or_default() += 1;
    }
    let sentence = |(table, rules): (&str, usize)| {
        let are = if rules == 1 { "is" } else { "are" };
        let table = escape(table);
        format!("`{table}` is not imported: {rules} rule{} {are} switched off", plural(rules))
    };
    tables.into_iter().map(sentence).collect()
}

/// Warns of each table that is not imported.
pub fn warn(not_run: &[NotRun]) {
    for sentence in sentences(not_run) {
        // There is nowhere left to tell that standard error is gone.
        let _ = writeln!(anstream::stderr().lock(), "warning: {sentence}; {REMEDY}");
    }
}

/// Refuses to go on without a table.
///
/// # Errors
/// When any rule is switched off.
pub fn refuse(not_run: &[NotRun]) -> Result<(), Failure> {
    match sentences(not_run).as_slice() {
        [] => Ok(()),
        told => Err(Failure::refused(
            format!("{}; nothing was run", told.join("; ")),
            format!("{REMEDY}; without `--require-tables` the other rules run"),
        )),
    }
}

/// Why the rule `id` is not among those that run, if that is the reason.
pub fn of_rule(not_run: &[NotRun], id: &str) -> Option<Failure> {
    let one = not_run.iter().find(|one| one.rule == id)?;
    Some(Failure::refused(
        format!("the rule `{id}` is switched off: `{}` is not imported", one.table),
        "`cleanbill tables import` switches it on",
    ))
}

/// The same for the summary of a run.
pub fn summary(not_run: &[NotRun]) -> Vec<NotRunSummary> {
    let entry = |one: &NotRun| NotRunSummary {
        rule: one.rule.clone(),
        table: one.table.clone(),
        remedy: format!("import `{}` with `cleanbill tables import`", one.table),
    };
    not_run.iter().map(entry).collect()
}
