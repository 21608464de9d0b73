//! The page around the data: what a reader sees first, and all that needs no script.

use std::io::{self, Write};

use cleanbill_model::Accounting;

use super::charts::Charts;
use super::data;
use super::policy::policy;
use super::view::{FindingView, Unread};
use crate::amount::Cents;
use crate::dollars::{dollars, grouped};
use crate::markup::safe;
use crate::summary::Summary;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Inputs that are named on the page.
const FILES: usize = 100;

/// All that the page shows.
pub(super) struct Page<'a> {
    pub(super) summary: &'a Summary,
    pub(super) charts: &'a Charts,
    pub(super) findings: &'a [FindingView],
    /// Findings of the whole run, waived ones among them.
    pub(super) met: u64,
    pub(super) left_out: u64,
    pub(super) unread: &'a [Unread],
    pub(super) unread_left_out: u64,
}

impl Page<'_> {
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let policy = policy(STYLE, SCRIPT);
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>Claims checked by cleanbill</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        )?;
        self.head(out)?;
        writeln!(out, "<main>")?;
        self.tiles(out)?;
        self.charts.write(out)?;
        self.unread(out)?;
        self.table(out)?;
        self.books(out)?;
        writeln!(out, "</main>")?;
        write!(out, "<script type=\"application/json\" id=\"data\">")?;
        data::write(out, self.findings)?;
        write!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
    }

    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let files: Vec<String> =
            self.summary.files.iter().take(3).map(|file| safe(&file.file)).collect();
        let more = match self.summary.files.len().saturating_sub(3) {
            0 => String::new(),
            more => format!(" and {} more", grouped(&more.to_string())),
        };
        writeln!(out, "<header>\n<h1>Claims checked</h1>\n<p>{}{more}</p>", files.join(", "))?;
        for alarm in self.alarms() {
            writeln!(out, "<p class=\"alarm\">{alarm}</p>")?;
        }
        writeln!(out, "</header>")
    }

    /// What keeps the numbers from being the whole truth.
    fn alarms(&self) -> Vec<String> {
        let (summary, mut alarms) = (self.summary, Vec::new());
        if summary.total.claims_in == 0 {
            alarms.push("No claim was in the input.".to_owned());
        }
        if !summary.total.holds() || summary.files.iter().any(|file| !file.accounting.holds()) {
            let text = "The sums do not add up: part of the input is not accounted for.";
            alarms.push(text.to_owned());
        }
        let unread = summary.input_errors + summary.faults;
        if unread > 0 {
            alarms.push(format!(
                "Not all of the input was checked: {}, {}, {} set aside. \
                 <a href=\"#unread\">What could not be checked</a>",
                many(summary.input_errors, "input error"),
                many(summary.faults, "fault"),
                many(summary.total.quarantined, "claim")
            ));
        }
        alarms
    }

    fn tiles(&self, out: &mut dyn Write) -> io::Result<()> {
        let (total, found) = (&self.summary.total, &self.summary.severities);
        writeln!(out, "<dl class=\"tiles\">")?;
        for (name, value, class) in [
            ("Charge at risk", dollars(self.summary.charge_at_risk), "main"),
            ("Claims in", count(total.claims_in), ""),
            ("passed", count(total.passed), ""),
            ("rejected", count(total.rejected), ""),
            ("set aside", count(total.quarantined), ""),
            ("Errors", count(found.error), "error"),
            ("Warnings", count(found.warning), "warning"),
            ("Notes", count(found.info), "info"),
        ] {
            let class =
                if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
            writeln!(out, "<div{class}><dt>{name}</dt><dd>{value}</dd></div>")?;
        }
        writeln!(out, "</dl>")
    }

    fn unread(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.unread.is_empty() {
            return Ok(());
        }
        writeln!(out, "<section id=\"unread\">\n<h2>What could not be checked</h2>")?;
        if self.unread_left_out > 0 {
            writeln!(
                out,
                "<p>The first {}; {} more are in the other formats, <code>csv</code> for one.</p>",
                count(self.unread.len()),
                count(self.unread_left_out)
            )?;
        }
        writeln!(out, "<div class=\"scroll\"><table>\n<thead><tr>")?;
        for heading in ["Kind", "Code", "Claim", "Where", "What is wrong", "What to do"] {
            writeln!(out, "<th scope=\"col\">{heading}</th>")?;
        }
        writeln!(out, "</tr></thead>\n<tbody>")?;
        for Unread { kind, code, claim, place, message, fix } in self.unread {
            write!(out, "<tr><td>{kind}</td>")?;
            for text in [code, claim, place, message, fix] {
                write!(out, "<td>{}</td>", safe(text))?;
            }
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</tbody>\n</table></div>\n</section>")
    }

    fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<section id=\"findings\">\n<h2>Findings</h2>")?;
        if self.left_out > 0 {
            writeln!(
                out,
                "<p>The table holds the {} findings with the highest charge at risk of {}. The other \
                 {} are in the counts and charts; <code>cleanbill validate --format csv</code> lists \
                 all of them.</p>",
                count(self.findings.len()),
                count(self.met),
                count(self.left_out)
            )?;
        }
        if self.findings.is_empty() {
            return writeln!(out, "<p>No findings.</p>\n</section>");
        }
        out.write_all(TABLE.as_bytes())
    }

    fn books(&self, out: &mut dyn Write) -> io::Result<()> {
        let summary = self.summary;
        writeln!(out, "<section>\n<h2>Nothing lost</h2>\n<div class=\"scroll\"><table>")?;
        writeln!(
            out,
            "<thead><tr><th scope=\"col\">Input</th><th scope=\"col\" class=\"number\">Claims in</th>\
             <th scope=\"col\" class=\"number\">passed</th><th scope=\"col\" class=\"number\">\
             rejected</th><th scope=\"col\" class=\"number\">set aside</th><th scope=\"col\" \
             class=\"number\">Charges in</th><th scope=\"col\">Sums hold</th></tr></thead>\n<tbody>"
        )?;
        for file in summary.files.iter().take(FILES) {
            books_row(out, &safe(&file.file), &file.accounting)?;
        }
        if let Some(more @ 1..) = summary.files.len().checked_sub(FILES) {
            writeln!(out, "<tr><td colspan=\"7\">and {} more inputs</td></tr>", count(more))?;
        }
        writeln!(out, "</tbody>\n<tfoot>")?;
        books_row(out, "all", &summary.total)?;
        writeln!(out, "</tfoot>\n</table></div>")?;
        let packs: Vec<String> = summary
            .registry
            .packs
            .iter()
            .chain(&summary.registry.plugins)
            .map(|pack| safe(pack))
            .collect();
        let edits = many(summary.registry.edits, "edit");
        writeln!(
            out,
            "<p>{edits} from {}. Exit code {}.</p>",
            packs.join(", "),
            summary.exit_code
        )?;
        writeln!(
            out,
            "<p class=\"quiet\">Made by cleanbill {}. The page loads nothing and sends nothing. It \
             names claims: treat it as you treat them.</p>\n</section>",
            env!("CARGO_PKG_VERSION")
        )
    }
}

fn books_row(out: &mut dyn Write, name: &str, books: &Accounting) -> io::Result<()> {
    write!(out, "<tr><th scope=\"row\">{name}</th>")?;
    for number in [books.claims_in, books.passed, books.rejected, books.quarantined] {
        write!(out, "<td class=\"number\">{}</td>", count(number))?;
    }
    let holds = if books.holds() { "yes" } else { "no" };
    writeln!(
        out,
        "<td class=\"number\">{}</td><td>{holds}</td></tr>",
        dollars(Cents(books.charges_in))
    )
}

fn count(number: impl ToString) -> String {
    grouped(&number.to_string())
}

/// `1 claim`, `2,000 claims`.
fn many(number: u64, word: &str) -> String {
    format!("{} {word}{}", count(number), if number == 1 { "" } else { "s" })
}

/// The script fills the body. Headings that sort are buttons, so that a keyboard reaches them.
const TABLE: &str = r#"<noscript><p class="alarm">Scripts do not run here, so the table stays empty. Open the page in a browser, or use the format csv.</p></noscript>
<form class="controls" role="search">
<label>Search <input id="search" type="search" autocomplete="off" placeholder="claim, rule, code, payer …"></label>
<label>Severity <select id="severity"><option value="">all</option></select></label>
<label>Outcome <select id="outcome"><option value="">all</option></select></label>
<label>Owner <select id="owner"><option value="">all</option></select></label>
<label>Rule <select id="rule"><option value="">all</option></select></label>
<button type="reset">Clear</button>
</form>
<p id="shown" role="status"></p>
<div class="scroll"><table id="table">
<thead><tr>
<th scope="col" class="number" aria-sort="descending"><button type="button" data-sort="charge">At risk</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="claim">Claim</button></th>
<th scope="col" class="number" aria-sort="none"><button type="button" data-sort="line">Line</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="severity">Severity</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="rule">Rule</button></th>
<th scope="col">What is wrong</th>
<th scope="col" aria-sort="none"><button type="button" data-sort="payer">Payer</button></th>
<th scope="col" aria-sort="none"><button type="button" data-sort="owner">Owner</button></th>
</tr></thead>
<tbody></tbody>
</table></div>
<p><button type="button" id="more" hidden>Show more</button></p>
</section>
"#;
