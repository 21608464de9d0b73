//! Pieces of markup that the sections of the page share.

use std::io::{self, Write};

use crate::dollars::grouped;

/// The heading of a column.
#[derive(Clone, Copy)]
pub(super) enum Heading {
    /// Above texts.
    Text(&'static str),
    /// Above numbers, which stand to the right.
    Number(&'static str),
}

/// Opens a table and its body. It scrolls by itself where it is wider than the window, by keyboard too.
pub(super) fn table_start(
    out: &mut dyn Write,
    caption: &str,
    headings: &[Heading],
) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{caption}\">\
         <table class=\"list\">\n<caption>{caption}</caption>\n<thead><tr>"
    )?;
    for heading in headings {
        match heading {
            Heading::Text(name) => writeln!(out, "<th scope=\"col\">{name}</th>")?,
            Heading::Number(name) => {
                writeln!(out, "<th scope=\"col\" class=\"number\">{name}</th>")?;
            }
        }
    }
    writeln!(out, "</tr></thead>\n<tbody>")
}

/// Closes what [`table_start`] opened, but for the body of the table.
pub(super) fn table_end(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</table></div>")
}

/// `2,000`.
pub(super) fn count(number: impl ToString) -> String {
    grouped(&number.to_string())
}

/// `1 claim`, `2,000 claims`.
pub(super) fn many(number: u64, word: &str) -> String {
    format!("{} {word}{}", count(number), if number == 1 { "" } else { "s" })
}
