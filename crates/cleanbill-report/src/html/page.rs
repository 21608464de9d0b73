//! The page around the data: what a reader sees first, and all that needs no script.

use std::io::{self, Write};

use super::charts::Charts;
use super::markup::{count, many};
use super::policy::policy;
use super::unread::Unread;
use super::view::{FindingView, Values};
use super::{books, data, rows, rules};
use crate::amount::Cents;
use crate::dollars::dollars;
use crate::markup::safe;
use crate::summary::Summary;

pub(super) const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// All that the page shows.
pub(super) struct Page<'a> {
    pub(super) summary: &'a Summary,
    pub(super) charts: &'a Charts,
    pub(super) findings: &'a [FindingView],
    /// Findings of the whole run, waived ones among them.
    pub(super) met: u64,
    pub(super) left_out: u64,
    pub(super) unread: &'a Unread,
    pub(super) values: Values,
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
             <title>Claims checked by cleanbill</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n"
        )?;
        self.head(out)?;
        writeln!(out, "<main>")?;
        self.tiles(out)?;
        self.charts.write(out)?;
        self.unread.write(out)?;
        self.table(out)?;
        rules::write(out, self.summary)?;
        books::write(out, self.summary)?;
        write!(
            out,
            "</main>\n<footer>\n<p>Made by cleanbill {}. The page loads nothing and sends nothing. It \
             names claims: treat it as you treat them.</p>\n</footer>\n",
            env!("CARGO_PKG_VERSION")
        )?;
        write!(out, "<script type=\"application/json\" id=\"data\">")?;
        data::write(out, self.findings)?;
        write!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
    }

    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let files: Vec<String> =
            self.summary.files.iter().take(3).map(|file| safe(&file.file)).collect();
        let more = match self.summary.files.len().saturating_sub(3) {
            0 => String::new(),
            more => format!(" and {} more", count(more)),
        };
        writeln!(out, "<header>\n<h1>Claims checked</h1>\n<p>{}{more}</p>", files.join(", "))?;
        writeln!(out, "<nav aria-label=\"On this page\">")?;
        let unread = if self.unread.is_empty() { None } else { Some(("unread", "Not checked")) };
        let parts = [("charts", "Charts"), ("findings", "Findings")].into_iter();
        let behind = [("rules", "Rules"), ("books", "Nothing lost")];
        for (id, name) in parts.chain(unread).chain(behind) {
            writeln!(out, "<a href=\"#{id}\">{name}</a>")?;
        }
        writeln!(out, "</nav>")?;
        for alarm in self.alarms() {
            writeln!(out, "<p class=\"alarm\">{alarm}</p>")?;
        }
        if self.values == Values::Included {
            writeln!(
                out,
                "<p class=\"alarm\">This page shows diagnosis codes and the values that edits read. \
                 Send it to nobody who does not need them.</p>"
            )?;
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
        let off = u64::try_from(summary.not_run.len()).unwrap_or(u64::MAX);
        if off > 0 {
            alarms.push(format!(
                "{} did not run: a table is not imported. <a href=\"#off\">Which, and what to do</a>",
                many(off, "rule")
            ));
        }
        alarms
    }

    fn tiles(&self, out: &mut dyn Write) -> io::Result<()> {
        let (total, found) = (&self.summary.total, &self.summary.severities);
        writeln!(out, "<dl class=\"tiles\">")?;
        let mut tiles = vec![
            ("Charge at risk", dollars(self.summary.charge_at_risk), "main"),
            ("Charges in", dollars(Cents(total.charges_in)), "wide"),
            ("Claims in", count(total.claims_in), ""),
            ("passed", count(total.passed), ""),
            ("rejected", count(total.rejected), ""),
            ("set aside", count(total.quarantined), ""),
            ("Errors", count(found.error), "error"),
            ("Warnings", count(found.warning), "warning"),
            ("Notes", count(found.info), "info"),
        ];
        if self.summary.finalize.is_some() {
            tiles.insert(6, ("not final", count(total.not_final.claims()), ""));
        }
        for (name, value, class) in tiles {
            let class =
                if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
            writeln!(out, "<div{class}><dt>{name}</dt><dd>{value}</dd></div>")?;
        }
        writeln!(out, "</dl>")
    }

    fn table(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<section id=\"findings\" aria-labelledby=\"findings-heading\">")?;
        writeln!(out, "<h2 id=\"findings-heading\">Findings</h2>")?;
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
            writeln!(out, "<p>No findings.</p>")?;
        } else {
            rows::write(out, self.findings)?;
        }
        writeln!(out, "</section>")
    }
}
