//! Claim by claim through the inputs of a run: what validation and comparison have in common.

use cleanbill_intake::{ClaimReader, Event, FormatChoice, InputOptions};
use cleanbill_model::{Accounting, Claim, ClaimVerdict, InputError};
use cleanbill_report::FileSummary;

use crate::error::RunError;
use crate::input::{Input, Opened};
use crate::run::Progress;
use crate::stop::{Stop, StoppableRead};

/// Claims between two reports of progress.
const PROGRESS_EVERY: u64 = 256;
/// Most bytes of claims that wait to be judged, but for the last one.
const WINDOW_BYTES: u64 = 512 << 10;

/// What a run does with what is read.
pub(crate) trait Judge {
    /// A claim was read; how is it counted?
    fn claim(&mut self, file: &str, claim: &Claim) -> Result<ClaimVerdict, RunError>;

    /// Something could not be read or trusted.
    fn input_error(&mut self, file: &str, error: &InputError) -> Result<(), RunError>;

    /// Claims to read before the first of them is judged.
    fn window(&self) -> usize {
        1
    }

    /// Shows the claims that are judged next, in this order.
    fn look_ahead(&self, claims: &[&Claim]) {
        let _ = claims;
    }

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
    /// Claims that are read and not judged, in their order, and their bytes.
    waiting: Vec<Claim>,
    waiting_bytes: u64,
    /// Memory for more.
    free: Vec<Claim>,
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
            waiting: Vec::new(),
            waiting_bytes: 0,
            free: Vec::new(),
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
        let Opened { stream, file: regular } = input.open()?;
        let source = StoppableRead { input: stream, stop: self.stop };
        let opened = cleanbill_columnar::open(source, regular, &self.options, self.next_ordinal);
        let mut reader = opened.map_err(|source| self.reading_failed(&file, source))?;
        let (window, mut is_open) = (judge.window().max(1), true);
        while is_open {
            self.check_stop()?;
            let mut claim = self.free.pop().unwrap_or_default();
            let event = reader.next(&mut claim);
            let error = match event.map_err(|source| self.reading_failed(&file, source))? {
                Some(Event::Claim) => {
                    self.waiting_bytes += claim.bytes.end.saturating_sub(claim.bytes.start);
                    self.waiting.push(claim);
                    if self.waiting.len() < window && self.waiting_bytes < WINDOW_BYTES {
                        continue;
                    }
                    None
                }
                other => {
                    self.free.push(claim);
                    is_open = other.is_some();
                    match other {
                        Some(Event::Error(error)) => Some(error),
                        _ => None,
                    }
                }
            };
            // What was read before an error is judged before it is told.
            self.judge(&file, bytes_before, &mut reader, judge)?;
            if let Some(error) = error {
                input_errors += 1;
                judge.input_error(&file, &error)?;
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

    /// Has the claims judged that wait for it.
    fn judge<R: std::io::Read>(
        &mut self,
        file: &str,
        bytes_before: u64,
        reader: &mut ClaimReader<R>,
        judge: &mut dyn Judge,
    ) -> Result<(), RunError> {
        let mut waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        if waiting.len() > 1 {
            judge.look_ahead(&waiting.iter().collect::<Vec<_>>());
        }
        for claim in &waiting {
            self.check_stop()?;
            let verdict = judge.claim(file, claim)?;
            let accounting: &mut Accounting = reader.accounting_mut();
            accounting.claim_ended(verdict, Some(claim.charge));
            self.done.claims += 1;
            self.done.bytes = bytes_before.saturating_add(claim.bytes.end);
            self.show_progress();
            if judge.is_unheard() {
                break;
            }
        }
        self.free.append(&mut waiting);
        self.waiting = waiting;
        Ok(())
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
