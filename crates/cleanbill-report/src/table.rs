//! Tables of text: columns as wide as their widest cell, texts to the left, numbers to the right.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::Style;

use crate::escape::escape;

/// Writes the rows of `head` in the style of labels, then `rows`; the first `texts` columns hold texts.
/// Every cell is made safe to print.
pub(crate) fn write_table(
    out: &mut dyn Write,
    head: &[Vec<&str>],
    rows: &[&[String]],
    texts: usize,
    label: Style,
) -> io::Result<()> {
    let head: Vec<Vec<Cow<'_, str>>> =
        head.iter().map(|row| row.iter().copied().map(escape).collect()).collect();
    let rows: Vec<Vec<Cow<'_, str>>> =
        rows.iter().map(|row| row.iter().map(|cell| escape(cell)).collect()).collect();
    let columns = head.iter().chain(&rows).map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = head.iter().chain(&rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    for row in &head {
        writeln!(out, "{label}{}{label:#}", line(row, &widths, texts))?;
    }
    for row in &rows {
        writeln!(out, "{}", line(row, &widths, texts))?;
    }
    Ok(())
}

fn line(row: &[Cow<'_, str>], widths: &[usize], texts: usize) -> String {
    let mut line = String::new();
    for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
        let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
        if index > 0 {
            line.push_str("   ");
        }
        match index < texts {
            true => line.extend([cell.as_ref(), &padding]),
            false => line.extend([padding.as_str(), cell]),
        }
    }
    line
}
