//! The rules of the run: how often each spoke, which waivers met nothing, and which rules did not run.

use std::io::{self, Write};

use super::markup::{Heading, count, table_end, table_start};
use crate::markup::safe;
use crate::summary::{RuleCounts, Summary};

/// Rules that are listed; packs are larger only by mistake.
const LISTED: usize = 1_000;

pub(super) fn write(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    writeln!(out, "<section id=\"rules\" aria-labelledby=\"rules-heading\">")?;
    writeln!(out, "<h2 id=\"rules-heading\">Rules</h2>")?;
    if summary.rules.is_empty() {
        writeln!(out, "<p>No rule found anything.</p>")?;
    } else {
        spoke(out, &summary.rules)?;
    }
    if !summary.unused_waivers.is_empty() {
        writeln!(out, "<h3>Waivers that met no finding</h3>\n<ul>")?;
        for waiver in summary.unused_waivers.iter().take(LISTED) {
            writeln!(out, "<li>{}</li>", safe(waiver))?;
        }
        more(out, "li", summary.unused_waivers.len())?;
        writeln!(out, "</ul>")?;
    }
    if !summary.not_run.is_empty() {
        writeln!(out, "<h3 id=\"off\">Rules that did not run</h3>")?;
        let headings = ["Rule", "Table that is not imported", "What to do"];
        table_start(out, "Rules that did not run", &headings.map(Heading::Text))?;
        for off in summary.not_run.iter().take(LISTED) {
            let (rule, table, remedy) = (safe(&off.rule), safe(&off.table), safe(&off.remedy));
            writeln!(
                out,
                "<tr><th scope=\"row\">{rule}</th><td>{table}</td><td>{remedy}</td></tr>"
            )?;
        }
        writeln!(out, "</tbody>")?;
        table_end(out)?;
    }
    writeln!(out, "</section>")
}

fn spoke(out: &mut dyn Write, rules: &[RuleCounts]) -> io::Result<()> {
    let headings = [
        Heading::Text("Rule"),
        Heading::Text("Pack"),
        Heading::Number("Fires"),
        Heading::Number("Undetermined"),
        Heading::Number("Waived"),
    ];
    table_start(out, "Findings of each rule", &headings)?;
    for RuleCounts { rule, pack, fires, undetermined, waived } in rules.iter().take(LISTED) {
        write!(out, "<tr><th scope=\"row\">{}</th><td>{}</td>", safe(rule), safe(pack))?;
        for number in [fires, undetermined, waived] {
            write!(out, "<td class=\"number\">{}</td>", count(number))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>")?;
    table_end(out)
}

fn more(out: &mut dyn Write, tag: &str, all: usize) -> io::Result<()> {
    match all.checked_sub(LISTED) {
        Some(more @ 1..) => writeln!(out, "<{tag}>and {} more</{tag}>", count(more)),
        _ => Ok(()),
    }
}
