//! Kinds that judge one line after the other: what they share as edits.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Trigger};
use cleanbill_model::{Claim, EditInfo, ServiceLine};

use crate::check::Base;

/// A kind that judges one line at a time; it may look at the other lines of the claim.
pub(super) trait LineKind: Send + Sync {
    /// What it shares with all kinds.
    fn base(&self) -> &Base;

    /// Which claims it wants to see.
    fn trigger(&self) -> Trigger<'_>;

    /// Judges the line at `index` of a claim to which the rule applies.
    fn judge(
        &self,
        claim: &Claim,
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

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        if !self.0.base().applies(claim, sink) {
            return Ok(());
        }
        let mut lines = claim.lines.iter().enumerate();
        lines.try_for_each(|(index, line)| self.0.judge(claim, index, line, sink))
    }
}
