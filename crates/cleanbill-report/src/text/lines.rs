//! The service lines of a claim as a small table, with the lines hit marked.

use std::io::{self, Write};

use anstyle::Style;
use cleanbill_model::{Claim, Finding, Outcome, ServiceLine, Severity};

use super::wrap::{columns, spaces};
use crate::line_text::{dates_text, procedure_text, shown_lines, units_text};
use crate::styles::Styles;

const HEADINGS: [&str; 8] =
    ["line", "procedure", "modifiers", "region", "units", "date of service", "POS", "charge"];
/// Columns of numbers stand to the right.
const RIGHT: [bool; 8] = [true, false, false, false, true, false, false, true];
const REGION: usize = 3;

/// A claim of more lines shows only those that a finding names.
const ALL_SHOWN: usize = 12;

struct Row {
    mark: Option<Severity>,
    cells: [String; 8],
}

/// Writes the table.
pub(super) fn write(
    out: &mut dyn Write,
    styles: &Styles,
    claim: &Claim,
    findings: &[Finding],
) -> io::Result<()> {
    let shown = shown_lines(claim, findings, ALL_SHOWN);
    let rows: Vec<Row> = shown
        .iter()
        .filter_map(|index| Some(row(claim.lines.get(*index)?, *index, findings)))
        .collect();
    let mut widths = HEADINGS.map(columns);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            *width = (*width).max(columns(cell));
        }
    }
    let has_regions = rows.iter().any(|row| row.cells.get(REGION).is_some_and(|c| !c.is_empty()));
    write!(out, "  {}  ", styles.label)?;
    write_cells(out, HEADINGS, widths, has_regions)?;
    writeln!(out, "{:#}", styles.label)?;
    for Row { mark, cells } in &rows {
        let (style, mark) = match mark {
            Some(severity) => (styles.severity(*severity), mark_of(*severity)),
            None => (Style::new(), " "),
        };
        write!(out, "  {style}{mark}{style:#} ")?;
        write_cells(out, cells.each_ref().map(String::as_str), widths, has_regions)?;
        writeln!(out)?;
    }
    match claim.lines.len() - rows.len() {
        0 => Ok(()),
        1 => writeln!(out, "    and 1 more line without a finding"),
        more => writeln!(out, "    and {more} more lines without a finding"),
    }
}

fn row(line: &ServiceLine, index: usize, findings: &[Finding]) -> Row {
    let mark = findings
        .iter()
        .filter(|finding| finding.line == Some(index) && finding.outcome != Outcome::Waived)
        .map(|finding| finding.severity)
        .max();
    let cells = [
        line.number.to_string(),
        procedure_text(line),
        line.modifiers.to_string(),
        line.body_region.map(|region| region.as_str().to_owned()).unwrap_or_default(),
        units_text(line),
        dates_text(line.dates),
        line.place_of_service.map(|place| place.to_string()).unwrap_or_default(),
        line.charge.to_string(),
    ];
    Row { mark, cells }
}

const fn mark_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "x",
        Severity::Warning => "!",
        Severity::Info => "i",
    }
}

fn write_cells(
    out: &mut dyn Write,
    cells: [&str; 8],
    widths: [usize; 8],
    has_regions: bool,
) -> io::Result<()> {
    let mut gap = 0;
    for (index, ((cell, width), right)) in cells.into_iter().zip(widths).zip(RIGHT).enumerate() {
        if index == REGION && !has_regions {
            continue;
        }
        spaces(out, gap)?;
        let padding = width.saturating_sub(columns(cell));
        if right {
            spaces(out, padding)?;
            out.write_all(cell.as_bytes())?;
            gap = 2;
        } else {
            out.write_all(cell.as_bytes())?;
            // Written before the next cell, so that no line ends in spaces.
            gap = padding + 2;
        }
    }
    Ok(())
}
