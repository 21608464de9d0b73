//! A comparison for a review, as GitHub Markdown.

use std::io::{self, Write};

use super::explain;
use super::grid::{self, Grid};
use super::result::DiffResult;
use crate::dollars::grouped;
use crate::escape::escape;

/// Writes the comparison.
pub(super) fn write(out: &mut dyn Write, result: &DiffResult) -> io::Result<()> {
    let (old, new) = (grid::side(&result.old), grid::side(&result.new));
    writeln!(out, "# {} compared with {}\n", plain(&new), plain(&old))?;
    writeln!(out, "Rules: {}.\n", grid::rule_counts(result))?;
    for rule in &result.rules {
        let (word, parts) = grid::rule_change(&rule.change);
        let colon = if parts.is_empty() { "" } else { ": " };
        writeln!(out, "- {word} {}{colon}{}", plain(&rule.id), plain(&parts))?;
    }
    for table in &result.tables {
        writeln!(out, "- table {}: {}", plain(&table.name), grid::row_counts(table))?;
    }
    let count = |count: u64| grouped(&count.to_string());
    writeln!(out, "\nClaims {}, lines {}.\n", count(result.claims), count(result.lines))?;
    for doubt in grid::doubts(result) {
        writeln!(out, "**{}**\n", plain(&doubt))?;
    }
    for failed in &result.failed {
        let (threshold, found) = (plain(&failed.threshold), plain(&failed.found));
        writeln!(out, "**Fails: {threshold} (found {found})**\n")?;
    }
    if result.groups.is_empty() {
        return writeln!(out, "No line differs.");
    }
    table(out, &Grid::new(result))?;
    if let Some(charges) = grid::charges(result) {
        writeln!(out, "\n{}", plain(&charges))?;
    }
    let quiet = grid::quiet_rules(result);
    if !quiet.is_empty() {
        writeln!(out, "\nChanged, but no line differs: {}.", plain(&quiet.join(", ")))?;
    }
    samples(out, result)
}

fn table(out: &mut dyn Write, grid: &Grid) -> io::Result<()> {
    let head = grid.headings().map(|head| plain(&head));
    writeln!(out, "| {} |", head.collect::<Vec<_>>().join(" | "))?;
    let rule = (0..grid.head.len()).map(|column| if column < grid.texts { "---" } else { "---:" });
    writeln!(out, "| {} |", rule.collect::<Vec<_>>().join(" | "))?;
    for row in grid.rows.iter().chain([&grid.total]) {
        let cells = row.iter().map(|cell| plain(cell));
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

fn samples(out: &mut dyn Write, result: &DiffResult) -> io::Result<()> {
    for group in result.groups.iter().filter(|group| !group.samples.is_empty()) {
        writeln!(out, "\n## Samples of {}\n", plain(&group.rule))?;
        for sample in &group.samples {
            let line = sample.line.map_or(String::new(), |line| format!(", line {line}"));
            writeln!(
                out,
                "{}{line}, {}: {} → {}\n\n```sh",
                plain(&sample.claim),
                plain(&sample.file),
                plain(&sample.was),
                plain(&sample.is)
            )?;
            for command in explain::commands(result, &group.rule, sample) {
                writeln!(out, "{command}")?;
            }
            writeln!(out, "```\n")?;
        }
    }
    Ok(())
}

/// Text that Markdown shows as it is.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in escape(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                safe.push('\\');
                safe.push(character);
            }
            '@' => safe.push_str("&#64;"),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::sample;

    #[test]
    fn a_review_shows_the_same_table() {
        crate::sample::snapshot("diff_markdown", &sample::render(write));
    }

    #[test]
    fn text_of_a_pack_cannot_make_links_images_or_columns() {
        assert_eq!(plain("a|b<img>![x](y)\nz"), r"a\|b&lt;img&gt;\!\[x\](y)\\nz");
    }
}
