//! Waivers around an edit: its findings pass through, and those that are waived say so.

use core::ops::Deref;
use core::sync::atomic::Ordering;
use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Step, Subject, Tap, Trigger, Truth};
use cleanbill_model::{Claim, EditInfo, Finding, Outcome, ServiceDate};

use super::{Term, Waiver};
use crate::layer::day_of;

/// Name of the step that tells of a waiver.
pub(crate) const STEP: &str = "waiver";

/// The edits, those with waivers wrapped in them: those of a pack, or of plugins beside it. `as_of` is compared
/// with the dates of waivers; without it each finding's date of service is.
#[must_use]
pub fn waive(
    edits: Vec<Box<dyn Edit>>,
    waivers: &[Arc<Waiver>],
    as_of: Option<ServiceDate>,
) -> Vec<Box<dyn Edit>> {
    let wrap = |edit: Box<dyn Edit>| -> Box<dyn Edit> {
        let waivers = waivers_of(edit.as_ref(), waivers);
        if waivers.is_empty() { edit } else { Box::new(Waived { edit, waivers, as_of }) }
    };
    edits.into_iter().map(wrap).collect()
}

/// An edit of a pack with its waivers, for a test that wants to see them.
pub(crate) fn waived<'a>(
    edit: &'a (dyn Edit + 'static),
    waivers: &[Arc<Waiver>],
    as_of: Option<ServiceDate>,
) -> impl Edit + 'a {
    Waived { edit, waivers: waivers_of(edit, waivers), as_of }
}

fn waivers_of(edit: &dyn Edit, waivers: &[Arc<Waiver>]) -> Vec<Arc<Waiver>> {
    let own = |waiver: &&Arc<Waiver>| edit.infos().iter().any(|info| info.id == waiver.rule);
    waivers.iter().filter(own).cloned().collect()
}

/// An edit, owned or lent, with its waivers.
struct Waived<E> {
    edit: E,
    waivers: Vec<Arc<Waiver>>,
    as_of: Option<ServiceDate>,
}

impl<E: Deref<Target = dyn Edit> + Send + Sync> Edit for Waived<E> {
    fn infos(&self) -> &[Arc<EditInfo>] {
        self.edit.infos()
    }

    fn trigger(&self) -> Trigger<'_> {
        self.edit.trigger()
    }

    fn scope(&self) -> Scope {
        self.edit.scope()
    }

    fn looks_ahead(&self) -> bool {
        self.edit.looks_ahead()
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        self.edit.look_ahead(claims);
    }

    fn settle(&self) {
        self.edit.settle();
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let (waivers, as_of) = (self.waivers.as_slice(), self.as_of);
        let waiving = Waiving { waivers, as_of, claim: subject.claim };
        let note = |finding: Finding, sink: &mut dyn Sink| waiving.note(finding, sink);
        self.edit.evaluate(subject, &mut Tap::new(sink, note))
    }

    fn unused_waivers(&self) -> Vec<String> {
        let unused = self.waivers.iter().filter(|waiver| !waiver.was_used());
        unused.map(|waiver| waiver.label()).collect()
    }
}

struct Waiving<'a> {
    waivers: &'a [Arc<Waiver>],
    as_of: Option<ServiceDate>,
    claim: &'a Claim,
}

impl Waiving<'_> {
    /// Hands the finding on, waived where a waiver holds, and with a note of the waiver that fits.
    fn note(&self, mut finding: Finding, sink: &mut dyn Sink) {
        let day = self.as_of.or_else(|| day_of(self.claim, finding.line));
        let fitting = || self.waivers.iter().filter(|waiver| waiver.fits(self.claim, &finding));
        let holding = fitting().find(|waiver| waiver.term(day) == Term::Holds);
        if let Some(waiver) = holding.or_else(|| fitting().next_back()) {
            let term = waiver.term(day);
            let note = waiver.note(term);
            if term == Term::Holds {
                waiver.was_used.store(true, Ordering::Relaxed);
                finding.outcome = Outcome::Waived;
            }
            if let Some(line) = finding.line.filter(|_| sink.explains()) {
                sink.step(Step {
                    line,
                    partner: finding.others.first().cloned(),
                    clause: STEP,
                    truth: Truth::from(term != Term::Holds),
                    detail: note.clone(),
                });
            }
            finding.why.push_str(if finding.why.is_empty() { "" } else { "; " });
            finding.why.push_str(&note);
        }
        sink.find(finding);
    }
}
