//! Kinds that judge one line after the other: what they share as edits.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Trigger};
use cleanbill_model::{EditInfo, ServiceLine};

use crate::check::Base;
use crate::code_set::CodeSet;

/// A kind that judges one line at a time; it may look at the other lines of the claim and at earlier claims.
pub(super) trait LineKind: Send + Sync {
    /// What it shares with all kinds.
    fn base(&self) -> &Base;

    /// The codes that the rule is about, for a kind that judges the lines that carry them and no others.
    fn codes(&self) -> Option<&CodeSet> {
        None
    }

    /// Which claims it wants to see; those with its codes, when it has said which these are.
    fn trigger(&self) -> Trigger<'_> {
        self.codes().map_or(Trigger::EveryClaim, CodeSet::trigger)
    }

    /// How far it looks around a line.
    fn scope(&self) -> Scope {
        Scope::Line
    }

    /// Judges the line at `index` of a claim to which the rule applies. A line without one of `codes`,
    /// or of a day on which the rule does not hold, never comes here.
    fn judge(
        &self,
        subject: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault>;
}

/// A kind that judges line by line, as an edit.
pub(super) struct ByLine<K>(pub(super) K);

impl<K: LineKind> Edit for ByLine<K> {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.0.base().infos
    }

    fn trigger(&self) -> Trigger<'_> {
        self.0.trigger()
    }

    fn scope(&self) -> Scope {
        self.0.scope()
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        let (base, codes) = (self.0.base(), self.0.codes());
        if !base.applies(claim, sink) {
            return Ok(());
        }
        for (index, line) in claim.lines.iter().enumerate() {
            if codes.is_none_or(|codes| base.concerns(line, index, codes, sink)) {
                self.0.judge(subject, index, line, sink)?;
            }
        }
        Ok(())
    }
}
