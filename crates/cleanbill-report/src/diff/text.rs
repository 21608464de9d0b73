//! A comparison for people, on a terminal.

use std::io::{self, Write};

use super::explain;
use super::grid::{self, Grid};
use super::result::{DiffResult, DiffSide};
use crate::dollars::grouped;
use crate::escape::escape;
use crate::styles::Styles;
use crate::table::write_table;

/// Writes the comparison.
pub(super) fn write(out: &mut dyn Write, result: &DiffResult, styles: &Styles) -> io::Result<()> {
    changes(out, result, styles)?;
    let count = |count: u64| grouped(&count.to_string());
    writeln!(out, "claims {} · lines {}", count(result.claims), count(result.lines))?;
    for doubt in grid::doubts(result) {
        writeln!(out, "{0}{doubt}{0:#}", styles.error)?;
    }
    if result.groups.is_empty() {
        writeln!(out, "\n{0}no line differs{0:#}", styles.good)?;
    } else {
        table(out, &Grid::new(result), styles)?;
        if let Some(charges) = grid::charges(result) {
            writeln!(out, "\n{charges}")?;
        }
        let quiet = grid::quiet_rules(result);
        if !quiet.is_empty() {
            writeln!(out, "\nchanged, but no line differs: {}", escape(&quiet.join(", ")))?;
        }
        samples(out, result, styles)?;
    }
    for failed in &result.failed {
        let (threshold, found) = (escape(&failed.threshold), escape(&failed.found));
        writeln!(out, "\n{0}fails{0:#}  {threshold}  (found {found})", styles.error)?;
    }
    Ok(())
}

fn changes(out: &mut dyn Write, result: &DiffResult, styles: &Styles) -> io::Result<()> {
    side(out, "old", &result.old, styles)?;
    side(out, "new", &result.new, styles)?;
    writeln!(out, "rules  {}", grid::rule_counts(result))?;
    for rule in &result.rules {
        let (word, parts) = grid::rule_change(&rule.change);
        let colon = if parts.is_empty() { "" } else { ": " };
        let (id, name) = (escape(&rule.id), styles.name);
        writeln!(out, "  {word:<8} {name}{id}{name:#}{colon}{}", escape(&parts))?;
    }
    for table in &result.tables {
        writeln!(out, "table {}: {}", escape(&table.name), grid::row_counts(table))?;
    }
    Ok(())
}

fn side(out: &mut dyn Write, label: &str, side: &DiffSide, styles: &Styles) -> io::Result<()> {
    let style = styles.label;
    let (packs, named) = (grid::side(side), side.named.join(", "));
    writeln!(out, "{style}{label}{style:#}    {} ({})", escape(&packs), escape(&named))
}

fn table(out: &mut dyn Write, grid: &Grid, styles: &Styles) -> io::Result<()> {
    let head = [0, 1].map(|part| {
        grid.head.iter().map(|parts| parts.get(part).copied().unwrap_or_default()).collect()
    });
    let rows: Vec<&[String]> = grid.rows.iter().chain([&grid.total]).map(Vec::as_slice).collect();
    writeln!(out)?;
    write_table(out, &head, &rows, grid.texts, styles.label)
}

fn samples(out: &mut dyn Write, result: &DiffResult, styles: &Styles) -> io::Result<()> {
    for group in &result.groups {
        for sample in &group.samples {
            let line = sample.line.map_or(String::new(), |line| format!(" line {line}"));
            writeln!(
                out,
                "\n{0}sample{0:#}  {1}{2}{1:#}  {3}{line}  {4}: {5} -> {6}",
                styles.label,
                styles.name,
                escape(&group.rule),
                escape(&sample.claim),
                escape(&sample.file),
                sample.was,
                sample.is
            )?;
            for command in explain::commands(result, &group.rule, sample) {
                writeln!(out, "  {command}")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::sample;

    #[test]
    fn columns_line_up_and_what_cannot_be_is_a_dash() {
        crate::sample::snapshot(
            "diff_text",
            &sample::render(|out, result| write(out, result, &Styles::plain())),
        );
    }

    #[test]
    fn editions_that_agree_say_so() {
        let mut out = Vec::new();
        write(&mut out, &DiffResult::default(), &Styles::plain()).unwrap();
        assert!(String::from_utf8(out).unwrap().ends_with("\nno line differs\n"));
    }
}
