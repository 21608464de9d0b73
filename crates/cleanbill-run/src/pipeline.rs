//! The inner loop: claim by claim from a reader through the edits into the reports.

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_intake::{ClaimReader, Event, FormatChoice};
use cleanbill_model::{Accounting, Claim};
use cleanbill_report::{FileSummary, JudgedClaim};

use crate::error::RunError;
use crate::input::Input;
use crate::output::Outputs;
use crate::run::Progress;
use crate::stop::{Stop, StoppableRead};
use crate::tally::Tally;

/// Claims between two reports of progress.
const PROGRESS_EVERY: u64 = 256;

/// Everything that lives as long as the run and is used again for every claim.
pub(crate) struct Pipeline<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) input_format: Option<FormatChoice>,
    pub(crate) outputs: Outputs,
    pub(crate) stop: Stop<'a>,
    pub(crate) progress: Option<&'a mut dyn FnMut(Progress)>,
    pub(crate) tally: Tally,
    pub(crate) done: Progress,
    evaluator: Evaluator,
    claim: Claim,
    next_ordinal: u64,
}

impl<'a> Pipeline<'a> {
    pub(crate) fn new(
        registry: &'a Registry,
        input_format: Option<FormatChoice>,
        outputs: Outputs,
        stop: Stop<'a>,
        progress: Option<&'a mut dyn FnMut(Progress)>,
    ) -> Self {
        Self {
            registry,
            input_format,
            outputs,
            stop,
            progress,
            tally: Tally::default(),
            done: Progress::default(),
            evaluator: Evaluator::default(),
            claim: Claim::default(),
            next_ordinal: 1,
        }
    }

    /// Reads `input` to its end; `None` when nobody reads the reports any more.
    pub(crate) fn read(&mut self, input: Input) -> Result<Option<FileSummary>, RunError> {
        let file = input.name().to_owned();
        let bytes_before = self.done.bytes;
        let mut input_errors = 0;
        let source = StoppableRead { input: input.open()?, stop: self.stop };
        let opened = ClaimReader::open(source, self.input_format, self.next_ordinal);
        let mut reader = opened.map_err(|source| self.reading_failed(&file, source))?;
        loop {
            self.check_stop()?;
            let event = reader.next(&mut self.claim);
            match event.map_err(|source| self.reading_failed(&file, source))? {
                None => break,
                Some(Event::Error(error)) => {
                    input_errors += 1;
                    self.outputs.each(|report| report.input_error(&file, &error))?;
                }
                Some(Event::Claim) => {
                    self.judge(&file, reader.accounting_mut())?;
                    self.done.bytes = bytes_before.saturating_add(self.claim.bytes.end);
                    self.show_progress();
                }
            }
            if self.outputs.are_all_closed() {
                return Ok(None);
            }
        }
        self.next_ordinal = reader.next_ordinal();
        let accounting = *reader.accounting();
        self.done.bytes = bytes_before.saturating_add(accounting.bytes_in);
        let format = reader.format().map(FormatChoice::as_str);
        tracing::info!(
            format,
            claims = accounting.claims_in,
            bytes = accounting.bytes_in,
            input_errors,
            "input read"
        );
        Ok(Some(FileSummary { file, format, accounting, input_errors }))
    }

    fn judge(&mut self, file: &str, accounting: &mut Accounting) -> Result<(), RunError> {
        let claim = &self.claim;
        let verdict = self.evaluator.evaluate(self.registry, claim);
        accounting.claim_ended(verdict.counted(), Some(claim.charge));
        self.done.claims += 1;
        if !verdict.findings.is_empty() || !verdict.faults.is_empty() {
            self.tally.add(claim, &verdict);
        }
        for fault in verdict.faults {
            tracing::warn!(
                rule = fault.edit.id,
                kind = fault.kind.as_str(),
                claim = claim.ordinal,
                "an edit could not run"
            );
        }
        let (findings, faults) = (verdict.findings, verdict.faults);
        let judged = JudgedClaim { file, claim, findings, faults };
        self.outputs.each(|report| report.claim(&judged))
    }

    fn show_progress(&mut self) {
        if let Some(progress) = &mut self.progress
            && self.done.claims.is_multiple_of(PROGRESS_EVERY)
        {
            progress(self.done);
        }
    }

    /// Stops when asked to.
    pub(crate) fn check_stop(&self) -> Result<(), RunError> {
        match self.stop.signal() {
            None => Ok(()),
            Some(signal) => Err(RunError::Stopped { signal, claims: self.done.claims }),
        }
    }

    fn reading_failed(&self, input: &str, source: std::io::Error) -> RunError {
        match self.check_stop() {
            Err(stopped) => stopped,
            Ok(()) => RunError::Read { input: input.to_owned(), source },
        }
    }
}
