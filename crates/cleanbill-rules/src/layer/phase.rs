//! Overrides that end: a rule that is one edit until a day and another edit after it.

use std::sync::Arc;

use cleanbill_engine::{CodeRange, Edit, EditFault, Scope, Sink, Step, Subject, Trigger};
use cleanbill_model::{Claim, EditInfo, Finding, ServiceDate};

use super::overrides::Override;

/// The overrides that hold through a day, or for ever.
pub(crate) struct Phase<'a> {
    pub(crate) through: Option<ServiceDate>,
    pub(crate) overrides: Vec<&'a Override>,
}

/// The edit of a phase.
pub(crate) struct PhaseEdit {
    pub(crate) through: Option<ServiceDate>,
    /// `None` while the rule is disabled.
    pub(crate) edit: Option<Box<dyn Edit>>,
}

/// Cuts time at the days on which overrides end; with `as_of` only that day counts.
pub(crate) fn phases<'a>(overrides: &[&'a Override], as_of: Option<ServiceDate>) -> Vec<Phase<'a>> {
    let holding = |day: Option<ServiceDate>| -> Vec<&'a Override> {
        let holds = |until: ServiceDate| day.is_some_and(|day| day <= until);
        overrides.iter().copied().filter(|change| change.until.is_none_or(holds)).collect()
    };
    if let Some(day) = as_of {
        return vec![Phase { through: None, overrides: holding(Some(day)) }];
    }
    let mut ends: Vec<ServiceDate> = overrides.iter().filter_map(|change| change.until).collect();
    ends.sort_unstable();
    ends.dedup();
    ends.into_iter()
        .map(Some)
        .chain([None])
        .map(|through| Phase { through, overrides: holding(through) })
        .collect()
}

/// One edit of the edits of all phases, in their order; none when the rule never runs.
pub(crate) fn in_phases(mut edits: Vec<PhaseEdit>) -> Option<Box<dyn Edit>> {
    if edits.iter().all(|phase| phase.edit.is_none()) {
        return None;
    }
    if edits.len() == 1 {
        return edits.pop().and_then(|phase| phase.edit);
    }
    let living = || edits.iter().filter_map(|phase| phase.edit.as_ref());
    let mut codes = Vec::new();
    let mut every_claim = false;
    for edit in living() {
        match edit.trigger() {
            Trigger::Codes(own) => codes.extend(own.iter().copied().map(CodeRange::single)),
            Trigger::Ranges(own) => codes.extend_from_slice(own),
            Trigger::EveryClaim => every_claim = true,
        }
    }
    let infos = living().next().map(|edit| edit.infos().to_vec()).unwrap_or_default();
    Some(Box::new(Phased { infos, codes, every_claim, edits }))
}

/// A rule whose overrides end: each line is judged by the phase that its first date of service lies in.
struct Phased {
    infos: Vec<Arc<EditInfo>>,
    codes: Vec<CodeRange>,
    every_claim: bool,
    edits: Vec<PhaseEdit>,
}

impl Edit for Phased {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        if self.every_claim { Trigger::EveryClaim } else { Trigger::Ranges(&self.codes) }
    }

    fn scope(&self) -> Scope {
        self.living().map(|edit| edit.scope()).max().unwrap_or(Scope::Line)
    }

    fn looks_ahead(&self) -> bool {
        self.living().any(|edit| edit.looks_ahead())
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        for (phase, PhaseEdit { edit, .. }) in self.edits.iter().enumerate() {
            let Some(edit) = edit else { continue };
            let own: Vec<&Claim> =
                claims.iter().copied().filter(|claim| self.meets(claim, phase)).collect();
            edit.look_ahead(&own);
        }
    }

    fn settle(&self) {
        self.living().for_each(|edit| edit.settle());
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        for (phase, PhaseEdit { edit, .. }) in self.edits.iter().enumerate() {
            let Some(edit) = edit else { continue };
            let claim = subject.claim;
            if self.meets(claim, phase) {
                let mut own = OnlyPhase { of: self, phase, claim, sink: &mut *sink };
                edit.evaluate(subject, &mut own)?;
            }
        }
        Ok(())
    }
}

impl Phased {
    fn living(&self) -> impl Iterator<Item = &dyn Edit> {
        self.edits.iter().filter_map(|phase| phase.edit.as_deref())
    }

    /// Whether any part of the claim lies in the phase.
    fn meets(&self, claim: &Claim, phase: usize) -> bool {
        let mut places = (0..claim.lines.len()).map(Some).chain([None]);
        places.any(|line| self.phase_of(claim, line) == phase)
    }

    /// Place of the phase that a line lies in; the claim as a whole lies in that of its last line.
    fn phase_of(&self, claim: &Claim, line: Option<usize>) -> usize {
        let day = day_of(claim, line);
        let holds = |through: &Option<ServiceDate>| {
            through.is_none_or(|through| day.is_some_and(|day| day <= through))
        };
        self.edits.iter().position(|phase| holds(&phase.through)).unwrap_or_default()
    }
}

/// The day that dated layers and waivers compare with: the first date of service of a line, and of a
/// claim as a whole the latest of them.
pub(crate) fn day_of(claim: &Claim, line: Option<usize>) -> Option<ServiceDate> {
    match line {
        Some(line) => claim.lines.get(line).map(|line| line.dates.from()),
        None => claim.lines.iter().map(|line| line.dates.from()).max(),
    }
}

/// Lets through what is said of lines of one phase.
struct OnlyPhase<'a> {
    of: &'a Phased,
    phase: usize,
    claim: &'a Claim,
    sink: &'a mut dyn Sink,
}

impl Sink for OnlyPhase<'_> {
    fn find(&mut self, finding: Finding) {
        if self.of.phase_of(self.claim, finding.line) == self.phase {
            self.sink.find(finding);
        }
    }

    fn explains(&self) -> bool {
        self.sink.explains()
    }

    fn step(&mut self, step: Step) {
        if self.of.phase_of(self.claim, Some(step.line)) == self.phase {
            self.sink.step(step);
        }
    }

    fn missing(&mut self, line: usize, fact: String) {
        if self.of.phase_of(self.claim, Some(line)) == self.phase {
            self.sink.missing(line, fact);
        }
    }
}
