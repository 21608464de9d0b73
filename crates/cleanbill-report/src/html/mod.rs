//! `html`: one page that opens from a mail attachment: charts, and a table to sort and filter.
//!
//! The page loads nothing, and its policy forbids everything but its own style and script, each by
//! its hash. Counts, charts and the first findings stand in the page; all findings are data that the
//! script lays out.

mod bars;
mod books;
mod charts;
mod data;
mod markup;
mod page;
mod policy;
mod rows;
mod rules;
mod template;
mod unread;
mod view;
mod weeks;

use std::io::{self, Write};
use std::rc::Rc;

use cleanbill_model::InputError;

use crate::at_risk::{charge_of, is_at_risk};
use crate::dearest::Dearest;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

use charts::Charts;
use unread::Unread;
pub use view::Values;
use view::{ClaimView, FindingView, Views, first_day};

/// Findings in the table, those with the highest charge at risk.
const LISTED: usize = 10_000;

/// Writes the page when the run is whole; until then it keeps the findings of the table and sums.
pub struct HtmlReport<W> {
    out: W,
    charts: Charts,
    views: Views,
    findings: Dearest<FindingView>,
    unread: Unread,
}

impl<W: Write> HtmlReport<W> {
    /// A report that writes to `out`, with or without values.
    pub fn new(out: W, values: Values) -> Self {
        Self {
            out,
            charts: Charts::default(),
            views: Views::new(values),
            findings: Dearest::new(LISTED),
            unread: Unread::default(),
        }
    }
}

impl<W: Write> Report for HtmlReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        let claim = judged.claim;
        if !judged.findings.is_empty() {
            self.charts.add(claim, judged.findings);
            let mut view: Option<Rc<ClaimView>> = None;
            for finding in judged.findings {
                let at_risk =
                    if is_at_risk(finding) { charge_of(claim, finding).cents() } else { 0 };
                let views = &mut self.views;
                self.findings.add(at_risk, &first_day(claim, finding), || {
                    let view = view.get_or_insert_with(|| Rc::new(views.claim(judged)));
                    views.finding(Rc::clone(view), claim, finding)
                });
            }
        }
        for fault in judged.faults {
            self.unread.fault(judged, fault);
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.unread.input_error(file, error);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let findings = core::mem::replace(&mut self.findings, Dearest::new(0));
        let (met, left_out) = (findings.met(), findings.left_out());
        let findings: Vec<FindingView> = findings.take().collect();
        let page = page::Page {
            summary,
            charts: &self.charts,
            findings: &findings,
            met,
            left_out,
            unread: &self.unread,
            values: self.views.values(),
        };
        page.write(&mut self.out)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
