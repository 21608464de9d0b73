//! `html`: one page that opens from a mail attachment: charts, and a table to sort and filter.
//!
//! The page loads nothing, and its policy forbids everything but its own style and script, each by
//! its hash. Counts and charts are of the whole run and stand in the page; the findings are data that
//! the script lays out.

mod charts;
mod data;
mod page;
mod policy;
mod template;
mod view;

use std::io::{self, Write};
use std::rc::Rc;

use cleanbill_model::InputError;

use crate::at_risk::{charge_of, is_at_risk};
use crate::dearest::Dearest;
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

use charts::Charts;
use view::{ClaimView, FindingView, Unread};

/// Findings in the table, those with the highest charge at risk.
const LISTED: usize = 10_000;

/// Input errors and faults on the page.
const UNREAD: usize = 1_000;

/// Writes the page when the run is whole; until then it keeps the findings of the table and sums.
pub struct HtmlReport<W> {
    out: W,
    charts: Charts,
    findings: Dearest<FindingView>,
    unread: Vec<Unread>,
    unread_left_out: u64,
}

impl<W: Write> HtmlReport<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            charts: Charts::default(),
            findings: Dearest::new(LISTED),
            unread: Vec::new(),
            unread_left_out: 0,
        }
    }

    fn add_unread(&mut self, make: impl FnOnce() -> Unread) {
        if self.unread.len() < UNREAD {
            self.unread.push(make());
        } else {
            self.unread_left_out += 1;
        }
    }
}

impl<W: Write> Report for HtmlReport<W> {
    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        if !judged.findings.is_empty() {
            self.charts.add(judged.claim, judged.findings);
            let mut view: Option<Rc<ClaimView>> = None;
            for finding in judged.findings {
                let claim = judged.claim;
                let at_risk =
                    if is_at_risk(finding) { charge_of(claim, finding).cents() } else { 0 };
                let line = finding.line.and_then(|line| claim.lines.get(line));
                let date = line.or(claim.lines.first()).map(|line| line.dates.from().to_string());
                self.findings.add(at_risk, &date.unwrap_or_default(), || {
                    let view = view.get_or_insert_with(|| Rc::new(ClaimView::new(judged)));
                    FindingView::new(Rc::clone(view), claim, finding)
                });
            }
        }
        for fault in judged.faults {
            self.add_unread(|| Unread::fault(judged, fault));
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.add_unread(|| Unread::input_error(file, error));
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
            unread_left_out: self.unread_left_out,
        };
        page.write(&mut self.out)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
