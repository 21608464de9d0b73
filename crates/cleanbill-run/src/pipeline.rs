//! What validation does with each claim: through the edits into the reports.

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{Claim, ClaimVerdict, InputError};
use cleanbill_report::JudgedClaim;

use crate::error::RunError;
use crate::output::Outputs;
use crate::reading::Judge;
use crate::surroundings::Surroundings;
use crate::tally::Tally;

/// Everything that lives as long as the run and is used again for every claim.
pub(crate) struct Pipeline<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) outputs: Outputs,
    pub(crate) tally: Tally,
    /// Claims that are shown to edits which look ahead.
    pub(crate) window: usize,
    /// Whether a claim that a plugin could not judge ends the run.
    pub(crate) abort_on_plugin_failure: bool,
    surroundings: Surroundings<'a>,
    strict: bool,
    evaluator: Evaluator,
}

/// Claims that are shown to edits which look ahead, unless a run says otherwise.
pub(crate) const WINDOW: usize = 256;

impl<'a> Pipeline<'a> {
    pub(crate) fn new(
        registry: &'a Registry,
        surroundings: Surroundings<'a>,
        strict: bool,
        outputs: Outputs,
    ) -> Self {
        let (tally, evaluator) = (Tally::default(), Evaluator::default());
        Self {
            registry,
            outputs,
            tally,
            window: WINDOW,
            abort_on_plugin_failure: false,
            surroundings,
            strict,
            evaluator,
        }
    }
}

impl Judge for Pipeline<'_> {
    fn claim(&mut self, file: &str, claim: &Claim) -> Result<ClaimVerdict, RunError> {
        let subject = self.surroundings.of(claim)?;
        let verdict = self.evaluator.evaluate(self.registry, subject);
        let counted = verdict.counted();
        if !verdict.findings.is_empty() || !verdict.faults.is_empty() {
            self.tally.add(claim, &verdict);
        }
        for fault in verdict.faults {
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
        let (findings, faults) = (verdict.findings, verdict.faults);
        let judged = JudgedClaim { file, claim, findings, faults };
        self.outputs.each(|report| report.claim(&judged))?;
        Ok(counted)
    }

    fn window(&self) -> usize {
        if self.registry.looks_ahead() { self.window } else { 1 }
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        self.registry.look_ahead(claims);
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> Result<(), RunError> {
        self.outputs.each(|report| report.input_error(file, error))?;
        if self.strict { Err(RunError::untrusted(file, error)) } else { Ok(()) }
    }

    fn is_unheard(&self) -> bool {
        self.outputs.are_all_closed()
    }
}
