//! Pairs over two claims: each line of the claim in hand with the lines of other claims.
//!
//! An incoming column two beside an earlier column one is not paid, as within one claim. An incoming
//! column one beside an earlier column two is the order of arrival that no edit could prevent: the
//! payer reduces column one by what was paid, so the finding falls on the incoming line, in words of
//! its own. Of two claims of one run the one with column two carries it, in whichever order they stand.

use cleanbill_engine::{Sink, Subject, Tap};
use cleanbill_model::{Disposition, Finding, Outcome};

use super::SLOTS;
use super::evaluate::PairEdit;
use super::report::ReportOn;
use crate::kind::earlier::{Seen, no_feed};
use crate::kind::words::Words;

const MESSAGE: &str = "{other.code} (line {other.line}) is column one of {code}, which was billed \
    before on line {line}: {code} should not have been paid beside it, and {other.code} may be \
    reduced by what was paid.";
const FIX: &str =
    "Correct the earlier claim, or give the modifier that says the two were separate.";

/// The same where column one is the line to report, and came first.
const MESSAGE_WITH: &str = "{code} (line {line}) is column two of {other.code}, which was billed \
    before on line {other.line}: {other.code} should not have been paid beside it.";

/// Words for an incoming line beside an earlier one that the rule would report, where it has none.
pub(super) fn own_words(disposition: Disposition, report_on: ReportOn) -> Words {
    let message = if report_on == ReportOn::With { MESSAGE_WITH } else { MESSAGE };
    Words::own(disposition, message, FIX, &SLOTS)
}

impl PairEdit {
    /// The claim in itself, and then beside the other claims; without a feed of earlier ones, each line
    /// that those leave in peace and that a feed could decide is open.
    pub(super) fn look_back(&self, subject: Subject<'_>, sink: &mut dyn Sink) {
        let claim = subject.claim;
        // The lines that are decided without a feed, or left open already.
        let mut decided = Vec::new();
        let note = |finding: Finding, sink: &mut dyn Sink| {
            let is_final = finding.outcome == Outcome::Undetermined
                || finding.disposition == self.base.info().disposition;
            decided.extend(finding.line.filter(|_| is_final));
            sink.find(finding);
        };
        let mut tap = Tap::new(&mut *sink, note);
        self.within(claim, &mut tap);
        let own = || {
            let lines = claim.lines.iter().enumerate();
            lines.filter_map(|(index, line)| self.named(Seen::own(claim, index, line)))
        };
        for own in own() {
            let elsewhere = self.search.lines(subject).filter(Seen::is_elsewhere);
            for other in elsewhere.filter_map(|seen| self.named(seen)) {
                self.judge(claim, own, other, &mut tap);
            }
        }
        if !self.search.lacks_feed(subject) {
            return;
        }
        for own in own() {
            let index = own.seen.place;
            if !decided.contains(&index) && self.may_be_paired(own.seen, own.code) {
                let question = "it is paired with a service of an earlier claim";
                no_feed(&self.base, claim, index, question, sink);
            }
        }
    }

    /// Whether any pair of the code is in force on a day of the line.
    fn may_be_paired(&self, seen: Seen<'_>, code: cleanbill_model::ProcedureCode) -> bool {
        let (kind, dates) = (seen.claim.claim_type, seen.line.dates);
        [dates.from(), dates.through()].into_iter().any(|day| {
            self.base.info().effective.contains(day) && self.pairs.is_paired_on(code, kind, day)
        })
    }
}
