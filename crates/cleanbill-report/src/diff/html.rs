//! A comparison for a browser: one file that runs no script and loads nothing.

use std::io::{self, Write};

use super::explain;
use super::grid::{self, Grid};
use super::result::DiffResult;
use crate::dollars::grouped;
use crate::markup::{encoded, safe};

/// The policy forbids everything but the style below; what a pack or claim says cannot become more.
const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cleanbill diff</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { padding: .3rem .8rem; border-bottom: 1px solid #8886; text-align: left; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
tfoot td { font-weight: 600; }
pre { overflow-x: auto; padding: .5rem; background: #8882; }
.alarm { border-left: .3rem solid #c33; padding-left: .6rem; }
</style>
</head>
<body>
"#;

/// Writes the comparison.
pub(super) fn write(out: &mut dyn Write, result: &DiffResult) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    let (old, new) = (grid::side(&result.old), grid::side(&result.new));
    writeln!(out, "<h1>{} compared with {}</h1>", safe(&new), safe(&old))?;
    for failed in &result.failed {
        let (threshold, found) = (safe(&failed.threshold), safe(&failed.found));
        writeln!(out, "<p class=\"alarm\">Fails: {threshold} (found {found})</p>")?;
    }
    for doubt in grid::doubts(result) {
        writeln!(out, "<p class=\"alarm\">{}</p>", safe(&doubt))?;
    }
    changes(out, result)?;
    let count = |count: u64| grouped(&count.to_string());
    writeln!(out, "<p>Claims {}, lines {}</p>", count(result.claims), count(result.lines))?;
    if result.groups.is_empty() {
        writeln!(out, "<p>No line differs.</p>")?;
    } else {
        table(out, &Grid::new(result))?;
        if let Some(charges) = grid::charges(result) {
            writeln!(out, "<p>{}</p>", safe(&charges))?;
        }
        let quiet = grid::quiet_rules(result);
        if !quiet.is_empty() {
            writeln!(out, "<p>Changed, but no line differs: {}</p>", safe(&quiet.join(", ")))?;
        }
        samples(out, result)?;
    }
    out.write_all(b"</body>\n</html>\n")
}

fn changes(out: &mut dyn Write, result: &DiffResult) -> io::Result<()> {
    writeln!(out, "<p>Rules: {}</p>\n<ul>", grid::rule_counts(result))?;
    for rule in &result.rules {
        let (word, parts) = grid::rule_change(&rule.change);
        let colon = if parts.is_empty() { "" } else { ": " };
        writeln!(out, "<li>{word} <b>{}</b>{colon}{}</li>", safe(&rule.id), safe(&parts))?;
    }
    for table in &result.tables {
        writeln!(out, "<li>table {}: {}</li>", safe(&table.name), grid::row_counts(table))?;
    }
    writeln!(out, "</ul>")
}

fn table(out: &mut dyn Write, grid: &Grid) -> io::Result<()> {
    let class = |column| if column < grid.texts { "" } else { " class=\"number\"" };
    writeln!(out, "<table>\n<thead><tr>")?;
    for (column, head) in grid.headings().enumerate() {
        writeln!(out, "<th scope=\"col\"{}>{}</th>", class(column), safe(&head))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for cells in &grid.rows {
        row(out, cells, &class)?;
    }
    writeln!(out, "</tbody>\n<tfoot>")?;
    row(out, &grid.total, &class)?;
    writeln!(out, "</tfoot>\n</table>")
}

fn row(
    out: &mut dyn Write,
    cells: &[String],
    class: &dyn Fn(usize) -> &'static str,
) -> io::Result<()> {
    write!(out, "<tr>")?;
    for (column, cell) in cells.iter().enumerate() {
        write!(out, "<td{}>{}</td>", class(column), safe(cell))?;
    }
    writeln!(out, "</tr>")
}

fn samples(out: &mut dyn Write, result: &DiffResult) -> io::Result<()> {
    writeln!(out, "<h2>Samples</h2>")?;
    for group in &result.groups {
        for sample in &group.samples {
            let line = sample.line.map_or(String::new(), |line| format!(", line {line}"));
            writeln!(
                out,
                "<p><b>{}</b> {}{line}, {}: {} → {}</p>",
                safe(&group.rule),
                safe(&sample.claim),
                safe(&sample.file),
                safe(&sample.was),
                safe(&sample.is)
            )?;
            let commands = explain::commands(result, &group.rule, sample).join("\n");
            writeln!(out, "<pre>{}</pre>", encoded(&commands))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::sample;

    #[test]
    fn a_page_runs_nothing_loads_nothing_and_takes_no_markup_from_packs_or_claims() {
        let mut result = sample::result();
        result.rules[0].id = "<script>alert(1)</script>".to_owned();
        result.groups[0].samples[0].claim = "\"><img src=x>".to_owned();
        let mut out = Vec::new();
        write(&mut out, &result).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("http:"));
        assert!(page.contains("default-src 'none'"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }

    #[test]
    fn the_page_shows_the_same_table() {
        crate::sample::snapshot("diff_html", &sample::render(write));
    }
}
