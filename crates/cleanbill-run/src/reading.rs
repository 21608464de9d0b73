//! Claim by claim through the inputs of a run: what validation and comparison have in common.

use cleanbill_intake::{ClaimReader, Event, FormatChoice, InputOptions};
use cleanbill_model::{Accounting, Claim, ClaimVerdict, InputError};
use cleanbill_report::FileSummary;

use crate::error::RunError;
use crate::input::Input;
use crate::run::Progress;
use crate::stop::{Stop, StoppableRead};

/// Claims between two reports of progress.
const PROGRESS_EVERY: u64 = 256;

/// What a run does with what is read.
pub(crate) trait Judge {
    /// A claim was read; how is it counted?
    fn claim(&mut self, file: &str, claim: &Claim) -> Result<ClaimVerdict, RunError>;

    /// Something could not be read or trusted.
    fn input_error(&mut self, file: &str, error: &InputError) -> Result<(), RunError>;

    /// Whether going on serves nobody.
    fn is_unheard(&self) -> bool {
        false
    }
}

/// Everything that lives as long as the run and is used again for every claim.
pub(crate) struct Reading<'a> {
    options: InputOptions,
    stop: Stop<'a>,
    progress: Option<&'a mut dyn FnMut(Progress)>,
    done: Progress,
    claim: Claim,
    next_ordinal: u64,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        options: InputOptions,
        stop: Stop<'a>,
        progress: Option<&'a mut dyn FnMut(Progress)>,
    ) -> Self {
        Self {
            options,
            stop,
            progress,
            done: Progress::default(),
            claim: Claim::default(),
            next_ordinal: 1,
        }
    }

    /// Reads `input` to its end; `None` when nobody listens any more.
    pub(crate) fn read(
        &mut self,
        input: Input,
        judge: &mut dyn Judge,
    ) -> Result<Option<FileSummary>, RunError> {
        let file = input.name().to_owned();
        let bytes_before = self.done.bytes;
        let mut input_errors = 0;
        let source = StoppableRead { input: input.open()?, stop: self.stop };
        let opened = ClaimReader::open(source, &self.options, self.next_ordinal);
        let mut reader = opened.map_err(|source| self.reading_failed(&file, source))?;
        loop {
            self.check_stop()?;
            let event = reader.next(&mut self.claim);
            match event.map_err(|source| self.reading_failed(&file, source))? {
                None => break,
                Some(Event::Error(error)) => {
                    input_errors += 1;
                    judge.input_error(&file, &error)?;
                }
                Some(Event::Claim) => {
                    let verdict = judge.claim(&file, &self.claim)?;
                    let accounting: &mut Accounting = reader.accounting_mut();
                    accounting.claim_ended(verdict, Some(self.claim.charge));
                    self.done.claims += 1;
                    self.done.bytes = bytes_before.saturating_add(self.claim.bytes.end);
                    self.show_progress();
                }
            }
            if judge.is_unheard() {
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

    /// Stops when asked to.
    pub(crate) fn check_stop(&self) -> Result<(), RunError> {
        match self.stop.signal() {
            None => Ok(()),
            Some(signal) => Err(RunError::Stopped { signal, claims: self.done.claims }),
        }
    }

    fn show_progress(&mut self) {
        if let Some(progress) = &mut self.progress
            && self.done.claims.is_multiple_of(PROGRESS_EVERY)
        {
            progress(self.done);
        }
    }

    fn reading_failed(&self, input: &str, source: std::io::Error) -> RunError {
        match self.check_stop() {
            Err(stopped) => stopped,
            Ok(()) => RunError::Read { input: input.to_owned(), source },
        }
    }
}
