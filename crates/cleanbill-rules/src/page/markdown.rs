//! Pages as Markdown, as code hosts show it.

use core::fmt::Write as _;

use super::{Block, Cell, Example, Page, PageFormat};

pub(super) fn render(page: &Page) -> String {
    let mut text = format!("{}\n# {}\n", PageFormat::Markdown.mark(), escape(&page.title));
    for block in &page.blocks {
        text.push('\n');
        text.push_str(&self::block(block));
    }
    text
}

fn block(block: &Block) -> String {
    match block {
        Block::Back => "[All rules](index.md)\n".to_owned(),
        Block::Heading(text) => format!("## {}\n", escape(text)),
        Block::Text(text) => format!("{}\n", escape(text)),
        Block::Quote(text) => format!("> {}\n", escape(text)),
        Block::Code(text) => {
            let fence = "`".repeat(ticks(text).max(2) + 1);
            format!("{fence}yaml\n{text}\n{fence}\n")
        }
        Block::Table { head, rows } => table(head, rows),
        Block::Example(example) => self::example(example),
    }
}

fn table(head: &[&str], rows: &[Vec<Cell>]) -> String {
    let columns = rows.first().map_or(head.len(), Vec::len);
    let head: Vec<String> = if head.is_empty() {
        vec![String::new(); columns]
    } else {
        head.iter().map(|name| escape(name)).collect()
    };
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(columns));
    for row in rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        // A text takes anything that is written to it.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => escape(text),
        Cell::Code(text) => code(text),
        Cell::Link { page, words } => format!("[{}]({page}.md)", escape(words)),
    }
}

fn example(example: &Example) -> String {
    let mut text = format!("### {}\n\n", escape(&example.name));
    if !example.claim.is_empty() {
        let _ = writeln!(text, "Claim: {}\n", escape(&example.claim));
    }
    text.push_str("| line | claim line | verdict | what it says |\n|---|---|---|---|\n");
    for line in &example.lines {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            line.number,
            code(&line.shorthand),
            line.verdict.as_str(),
            escape(&line.words)
        );
    }
    text
}

/// A text in backticks that also holds in a cell of a table.
fn code(text: &str) -> String {
    let fence = "`".repeat(ticks(text) + 1);
    let pad = if text.contains('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", one_line(text).replace('|', "\\|"))
}

/// The longest run of backticks.
fn ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text that is no markup, on one line.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}
