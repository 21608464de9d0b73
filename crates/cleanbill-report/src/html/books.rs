//! The accounting of each input: nothing lost.

use std::io::{self, Write};

use cleanbill_model::Accounting;

use super::markup::{Heading, count, many, table_end, table_start};
use crate::amount::Cents;
use crate::dollars::dollars;
use crate::markup::safe;
use crate::summary::Summary;

/// Inputs that are named on the page.
const FILES: usize = 100;

pub(super) fn write(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "<section id=\"books\" aria-labelledby=\"books-heading\">")?;
    writeln!(out, "<h2 id=\"books-heading\">Nothing lost</h2>")?;
    let caption = "Claims and charges of each input";
    let headings = [
        Heading::Text("Input"),
        Heading::Number("Claims in"),
        Heading::Number("passed"),
        Heading::Number("rejected"),
        Heading::Number("set aside"),
        Heading::Number("Charges in"),
        Heading::Text("Sums hold"),
    ];
    table_start(out, caption, &headings)?;
    for file in summary.files.iter().take(FILES) {
        row(out, &safe(&file.file), &file.accounting)?;
    }
    if let Some(more @ 1..) = summary.files.len().checked_sub(FILES) {
        writeln!(out, "<tr><td colspan=\"7\">and {} more inputs</td></tr>", count(more))?;
    }
    writeln!(out, "</tbody>\n<tfoot>")?;
    row(out, "all", &summary.total)?;
    writeln!(out, "</tfoot>")?;
    table_end(out)?;
    let registry = &summary.registry;
    let packs: Vec<String> =
        registry.packs.iter().chain(&registry.plugins).map(|pack| safe(pack)).collect();
    let edits = many(registry.edits, "edit");
    writeln!(out, "<p>{edits} from {}. Exit code {}.</p>", packs.join(", "), summary.exit_code)?;
    writeln!(out, "</section>")
}

fn row(out: &mut dyn Write, name: &str, books: &Accounting) -> io::Result<()> {
    write!(out, "<tr><th scope=\"row\">{name}</th>")?;
    for number in [books.claims_in, books.passed, books.rejected, books.quarantined] {
        write!(out, "<td class=\"number\">{}</td>", count(number))?;
    }
    let holds = if books.holds() { "yes" } else { "no" };
    let charges = dollars(Cents(books.charges_in));
    writeln!(out, "<td class=\"number\">{charges}</td><td>{holds}</td></tr>")
}
