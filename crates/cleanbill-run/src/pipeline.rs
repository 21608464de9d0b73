//! What validation does with each claim: through the edits into the reports.

use std::ops::Range;

use cleanbill_engine::{Evaluator, Registry, Verdict};
use cleanbill_model::{Claim, ClaimVerdict, EnvelopePart, Fault, FinalAction, Finding, InputError};
use cleanbill_report::{FinalSummary, JudgedClaim, VersionNote};

use crate::error::RunError;
use crate::folder::{Keeping, Remembered};
use crate::judging::Judge;
use crate::output::Outputs;
use crate::surroundings::Surroundings;
use crate::tally::Tally;
use crate::telling::Teller;

/// A claim through the edits.
pub(crate) struct ByEdits<'a> {
    registry: &'a Registry,
    surroundings: Surroundings<'a>,
    evaluator: Evaluator,
    remembered: Remembered,
}

/// What the edits say of a claim.
#[derive(Default)]
pub(crate) struct Opinion {
    findings: Vec<Finding>,
    faults: Vec<Fault>,
}

impl Opinion {
    /// What they find.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether every edit could run.
    pub(crate) fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }
}

impl<'a> ByEdits<'a> {
    pub(crate) fn new(registry: &'a Registry, surroundings: Surroundings<'a>) -> Self {
        let (evaluator, remembered) = (Evaluator::default(), Remembered::default());
        Self { registry, surroundings, evaluator, remembered }
    }

    /// The same, but what is said of some claims is known and they are not judged.
    pub(crate) fn remembering(self, remembered: Remembered) -> Self {
        Self { remembered, ..self }
    }
}

impl Judge for ByEdits<'_> {
    type Opinion = Opinion;

    fn judge(&mut self, claim: &Claim, opinion: &mut Opinion) -> Result<(), RunError> {
        let Opinion { findings, faults } = opinion;
        if self.remembered.knows(claim.ordinal) {
            findings.clear();
            faults.clear();
            return Ok(());
        }
        let subject = self.surroundings.of(claim)?;
        self.evaluator.evaluate_into(self.registry, subject, findings, faults);
        Ok(())
    }

    fn looks_ahead(&self) -> bool {
        self.registry.looks_ahead()
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        self.registry.look_ahead(claims);
    }

    fn settle(&self) {
        self.registry.settle();
    }
}

/// What was said of claims into the reports.
pub(crate) struct ToReports<'k, 'a> {
    pub(crate) outputs: Outputs,
    /// Of a run whose results go into a folder.
    pub(crate) keeping: Option<&'k mut Keeping<'a>>,
    pub(crate) tally: Tally,
    /// Counts of claims that are judged though something about their versions is odd.
    pub(crate) versions: FinalSummary,
    /// Whether a claim that a plugin could not judge ends the run.
    pub(crate) abort_on_plugin_failure: bool,
    /// Whether the first input error ends it.
    pub(crate) strict: bool,
}

impl Teller<Opinion> for ToReports<'_, '_> {
    fn claim(
        &mut self,
        file: &str,
        claim: &Claim,
        opinion: &Opinion,
    ) -> Result<ClaimVerdict, RunError> {
        let Opinion { findings, faults } = opinion;
        let earlier = match &mut self.keeping {
            Some(keeping) => keeping.findings_of(claim)?,
            None => None,
        };
        let findings = earlier.as_ref().unwrap_or(findings);
        let verdict = Verdict { findings, faults };
        if !findings.is_empty() || !faults.is_empty() {
            self.tally.add(claim, &verdict);
        }
        for fault in faults {
            if self.abort_on_plugin_failure && fault.kind.is_of_plugin() {
                let why = fault.message.clone();
                return Err(RunError::PluginFailed { claim: claim.ordinal, why });
            }
            tracing::warn!(
                rule = fault.edit.id,
                kind = fault.kind.as_str(),
                claim = claim.ordinal,
                "an edit could not run"
            );
        }
        let judged = JudgedClaim { file, claim, findings, faults };
        self.outputs.each(|report| report.claim(&judged))?;
        if let Some(keeping) = &mut self.keeping {
            keeping.told(file, claim, findings, faults)?;
        }
        Ok(verdict.counted())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> Result<(), RunError> {
        self.outputs.each(|report| report.input_error(file, error))?;
        if let Some(keeping) = &mut self.keeping {
            keeping.noted(error);
        }
        if self.strict { Err(RunError::untrusted(file, error)) } else { Ok(()) }
    }

    fn envelope(&mut self, file: &str, part: &EnvelopePart) -> Result<(), RunError> {
        self.outputs.each(|report| report.envelope(file, part))
    }

    fn set_aside(&mut self, file: &str, range: &Range<u64>) -> Result<(), RunError> {
        self.keeping.as_mut().map_or(Ok(()), |keeping| keeping.set_aside(file, range))
    }

    fn input_ended(&mut self) -> Result<(), RunError> {
        self.keeping.as_mut().map_or(Ok(()), |keeping| keeping.input_ended())
    }

    fn version(&mut self, file: &str, note: &VersionNote) -> Result<(), RunError> {
        match note.action {
            FinalAction::Orphan => self.versions.orphans += 1,
            FinalAction::NoKey => self.versions.no_key += 1,
            _ => {}
        }
        self.outputs.each(|report| report.version(file, note))
    }

    fn is_unheard(&self) -> bool {
        self.outputs.are_all_closed()
    }
}
