//! Pages as HTML: one file each, no script, nothing fetched from elsewhere.

use core::fmt::Write as _;

use super::{Block, Cell, Example, Page, PageFormat, Verdict};

/// Nothing runs and nothing is fetched; the one style is the page's own.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE: &str = include_str!("page.css");

pub(super) fn render(page: &Page) -> String {
    let mut body = String::new();
    for block in &page.blocks {
        body.push_str(&self::block(block));
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         {mark}\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        mark = PageFormat::Html.mark(),
        title = escape(&page.title),
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Back => "<nav><a href=\"index.html\">All rules</a></nav>\n".to_owned(),
        Block::Heading(text) => format!("<h2>{}</h2>\n", escape(text)),
        Block::Text(text) => format!("<p>{}</p>\n", escape(text)),
        Block::Quote(text) => format!("<blockquote>{}</blockquote>\n", escape(text)),
        Block::Code(text) => format!("<pre><code>{}</code></pre>\n", escape(text)),
        Block::Table { head, rows } => table(head, rows),
        Block::Example(example) => self::example(example),
    }
}

fn table(head: &[&str], rows: &[Vec<Cell>]) -> String {
    let facts = head.is_empty();
    let mut html =
        format!("<div class=\"wide\"><table{}>\n", if facts { " class=\"facts\"" } else { "" });
    if !facts {
        html.push_str("<thead><tr>");
        for name in head {
            // A text takes anything that is written to it.
            let _ = write!(html, "<th scope=\"col\">{}</th>", escape(name));
        }
        html.push_str("</tr></thead>\n");
    }
    html.push_str("<tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let cell = self::cell(cell);
            let _ = match column {
                0 if facts => write!(html, "<th scope=\"row\">{cell}</th>"),
                _ => write!(html, "<td>{cell}</td>"),
            };
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n");
    html
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => escape(text),
        Cell::Code(text) => format!("<code>{}</code>", escape(text)),
        Cell::Link { page, words } => {
            format!("<a href=\"{}.html\"><code>{}</code></a>", escape(page), escape(words))
        }
    }
}

fn example(example: &Example) -> String {
    let mut html = format!("<section class=\"example\">\n<h3>{}</h3>\n", escape(&example.name));
    if !example.claim.is_empty() {
        let _ = writeln!(html, "<p class=\"claim\">{}</p>", escape(&example.claim));
    }
    html.push_str("<ol>\n");
    for line in &example.lines {
        let class = match line.verdict {
            Verdict::Fires => "fires",
            Verdict::CannotTell => "open",
            Verdict::Silent => "silent",
        };
        let _ = writeln!(
            html,
            "<li value=\"{}\"><code>{}</code> <span class=\"{class}\">{}</span><br>{}</li>",
            line.number,
            escape(&line.shorthand),
            line.verdict.as_str(),
            escape(&line.words)
        );
    }
    html.push_str("</ol>\n</section>\n");
    html
}

/// Text that is no markup, in an element or in an attribute in quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
