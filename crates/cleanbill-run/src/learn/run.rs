//! From checked inputs to published outputs.

use std::num::NonZeroUsize;
use std::sync::atomic::AtomicUsize;

use cleanbill_engine::Registry;
use cleanbill_intake::{Event, FindingsEvent, FindingsReader, InputOptions, RemittanceReader};
use cleanbill_model::{Accounting, Claim, ClaimVerdict, InputError, RemittedClaim};
use cleanbill_report::{
    FileSummary, LearnFormat, LearnProblem, LearnResult, RemitFileSummary, Styles,
};

use super::book::Book;
use super::verdict;
use crate::error::RunError;
use crate::exit_code;
use crate::feed::HistoryFeed;
use crate::input::Input;
use crate::judging::Docket;
use crate::output::Target;
use crate::pipeline::{ByEdits, Opinion};
use crate::run::{Progress, check_names, is_trusted};
use crate::run_claims::Gather;
use crate::stop::{Stop, StoppableRead};
use crate::surroundings::Surroundings;
use crate::telling::{PROGRESS_EVERY, Teller, Telling};
use crate::whole_outputs::WholeOutputs;

/// Input errors that are kept to be shown; all are counted.
const PROBLEMS: usize = 1000;

/// What was said of the claims before they were remitted.
pub enum Checked<'a> {
    /// Claims, which are run through the edits now.
    Claims {
        /// What to read.
        inputs: Vec<Input>,
        /// How.
        options: InputOptions,
        /// The edits.
        registry: &'a Registry,
        /// Earlier claims; without them nothing is known of any.
        history: Option<&'a HistoryFeed>,
    },
    /// Findings that an earlier run wrote.
    Findings(Vec<Input>),
}

/// Everything that is needed to learn from remittance advice.
pub struct Learn<'a> {
    /// What the rules said.
    pub checked: Checked<'a>,
    /// Remittance advice, in the order in which it came: of words of one day the later one counts.
    pub remits: Vec<Input>,
    /// Samples of each row.
    pub samples: usize,
    /// What to write.
    pub outputs: Vec<LearnOutput>,
    /// Holds the number of a signal once it is to stop.
    pub stop: Option<&'a AtomicUsize>,
    /// Is told now and then how far it is: claims and bytes of what was checked, then of the advice too.
    pub progress: Option<&'a mut dyn FnMut(Progress)>,
}

/// One output.
pub struct LearnOutput {
    /// Where it goes.
    pub target: Target,
    /// In which format.
    pub format: LearnFormat,
    /// Colours, for [`LearnFormat::Text`].
    pub styles: Styles,
}

impl Learn<'_> {
    /// Reads every input, publishes every output and gives back the exit code.
    ///
    /// # Errors
    /// [`RunError`] when it is refused before anything is read, or does not become whole; no output file
    /// appears then.
    pub fn execute(mut self) -> Result<u8, RunError> {
        self.check()?;
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let outputs =
            outputs.map(|LearnOutput { target, format, styles }| (target, (format, styles)));
        let outputs = WholeOutputs::open(outputs)?;
        let result = self.result()?;
        let is_heard =
            outputs.publish(|(format, styles), out| format.write(out, &result, &styles))?;
        Ok(if is_heard { result.exit_code } else { exit_code::WHOLE })
    }

    fn check(&self) -> Result<(), RunError> {
        let checked = match &self.checked {
            Checked::Claims { registry, .. } if registry.is_empty() => {
                return Err(RunError::NoEdits);
            }
            Checked::Claims { inputs, .. } | Checked::Findings(inputs) => inputs,
        };
        if self.remits.is_empty() || checked.is_empty() {
            return Err(RunError::NoInputs);
        }
        let all = || checked.iter().chain(&self.remits);
        all().try_for_each(Input::check)?;
        let history = match &self.checked {
            Checked::Claims { history, .. } => *history,
            Checked::Findings(_) => None,
        };
        check_names(all(), history, self.outputs.iter().map(|output| &output.target))
    }

    /// Reads every input; nothing is written.
    pub(super) fn result(mut self) -> Result<LearnResult, RunError> {
        let stop = Stop::new(self.stop);
        let mut result = LearnResult::default();
        let mut done = Progress::default();
        let mut show = |now| {
            done = now;
            if let Some(progress) = &mut self.progress {
                progress(now);
            }
        };
        let mut book = match self.checked {
            Checked::Claims { inputs, options, registry, history } => {
                result.knows_claims = true;
                let stop = self.stop;
                claims(inputs, options, (registry, history), stop, &mut show, &mut result)?
            }
            Checked::Findings(inputs) => findings(inputs, &stop, &mut result)?,
        };
        let next_ordinal = 1;
        let bytes = result.checked_files.iter().map(|file| file.accounting.bytes_in).sum();
        let mut advice = Advice { next_ordinal, done: Progress { bytes, ..done } };
        for input in self.remits {
            let progress = self.progress.as_deref_mut();
            let file = advice.read(input, &stop, progress, &mut book, &mut result)?;
            result.input_errors += file.input_errors;
            result.remits += file.accounting;
            result.remit_files.push(file);
        }
        let counts = book.counts;
        result.repeated_claims = counts.repeated;
        result.faulted_claims = counts.faulted;
        result.claims_not_checked = counts.not_checked;
        result.claims_without_answer = counts.without_answer;
        result.lines_not_matched = counts.not_matched;
        result.denials_not_matched = counts.denials_not_matched;
        verdict::judge(&book, self.samples, &mut result);
        result.exit_code = exit_code_of(&result);
        Ok(result)
    }
}

fn exit_code_of(result: &LearnResult) -> u8 {
    let mut total = Accounting::default();
    result.checked_files.iter().for_each(|file| total += file.accounting);
    let remits = &result.remits.claims;
    let remits_hold = result.remit_files.iter().all(|file| file.accounting.claims.holds());
    let is_whole = is_trusted(result.input_errors, &total, &result.checked_files)
        && remits_hold
        && remits.quarantined == 0;
    if is_whole { exit_code::WHOLE } else { exit_code::UNTRUSTED }
}

/// Runs claims through the edits.
fn claims(
    mut inputs: Vec<Input>,
    options: InputOptions,
    (registry, history): (&Registry, Option<&HistoryFeed>),
    asked: Option<&AtomicUsize>,
    progress: &mut dyn FnMut(Progress),
    result: &mut LearnResult,
) -> Result<Book, RunError> {
    let gather = Gather { registries: &[registry], feed: history, stop: asked, progress: None };
    let run = gather.claims_of(&mut inputs, &options)?;
    let checking = Checking { book: Book::new(true), problems: Vec::new() };
    let mut telling = Telling::new(checking, Stop::new(asked), Some(progress));
    let docket = Docket { inputs, options, jobs: NonZeroUsize::MIN };
    let by_edits = || ByEdits::new(registry, Surroundings::new(history, run.as_ref()));
    docket.work_off(by_edits, &mut telling)?;
    let (files, checking) = telling.into_parts()?;
    for file in files {
        result.claims += file.accounting.claims_in;
        result.input_errors += file.input_errors;
        result.checked_files.push(file);
    }
    result.problems = checking.problems;
    Ok(checking.book)
}

struct Checking {
    book: Book,
    problems: Vec<LearnProblem>,
}

impl Teller<Opinion> for Checking {
    fn claim(
        &mut self,
        file: &str,
        claim: &Claim,
        opinion: &Opinion,
    ) -> Result<ClaimVerdict, RunError> {
        self.book.add_claim(file, claim, opinion.findings());
        if opinion.is_whole() {
            return Ok(ClaimVerdict::Passed);
        }
        self.book.counts.faulted += 1;
        Ok(ClaimVerdict::Quarantined)
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> Result<(), RunError> {
        if self.problems.len() < PROBLEMS {
            self.problems.push(LearnProblem { file: file.to_owned(), error: error.clone() });
        }
        Ok(())
    }
}

/// Reads findings of an earlier run.
fn findings(
    inputs: Vec<Input>,
    stop: &Stop<'_>,
    result: &mut LearnResult,
) -> Result<Book, RunError> {
    let mut book = Book::new(false);
    for input in inputs {
        let file = input.name().to_owned();
        let failed = |source| reading_failed(stop, &file, source);
        let mut reader =
            FindingsReader::new(StoppableRead { input: input.open()?.stream, stop: stop.clone() });
        let mut input_errors = 0;
        while let Some(event) = reader.read_on().map_err(failed)? {
            match event {
                FindingsEvent::Finding(finding) => book.add_finding(*finding),
                FindingsEvent::Error(error) => {
                    problem(&file, error, result);
                    input_errors += 1;
                }
            }
        }
        result.claims += reader.claims();
        result.input_errors += input_errors;
        let accounting = Accounting::default();
        let repeats = Vec::new();
        let summary = FileSummary { file, format: None, accounting, input_errors, repeats };
        result.checked_files.push(summary);
    }
    Ok(book)
}

/// Remittance advice on its way into the book.
struct Advice {
    next_ordinal: u64,
    done: Progress,
}

impl Advice {
    /// Reads one input.
    fn read(
        &mut self,
        input: Input,
        stop: &Stop<'_>,
        mut progress: Option<&mut (dyn FnMut(Progress) + '_)>,
        book: &mut Book,
        result: &mut LearnResult,
    ) -> Result<RemitFileSummary, RunError> {
        let file = input.name().to_owned();
        let failed = |source| reading_failed(stop, &file, source);
        let source = StoppableRead { input: input.open()?.stream, stop: stop.clone() };
        let mut reader = RemittanceReader::open(source, self.next_ordinal).map_err(failed)?;
        let mut claim = RemittedClaim::default();
        let (mut input_errors, before) = (0, self.done.bytes);
        while let Some(event) = reader.next(&mut claim).map_err(failed)? {
            match event {
                Event::Claim => {
                    book.answer(&claim);
                    self.done.claims += 1;
                    self.done.bytes = before.saturating_add(claim.bytes.end);
                    if let Some(progress) = &mut progress
                        && self.done.claims.is_multiple_of(PROGRESS_EVERY)
                    {
                        progress(self.done);
                    }
                }
                Event::Envelope(_) => {}
                Event::Error(error) => {
                    problem(&file, error, result);
                    input_errors += 1;
                }
            }
        }
        self.next_ordinal = reader.next_ordinal();
        let accounting = reader.accounting();
        self.done.bytes = before.saturating_add(accounting.claims.bytes_in);
        Ok(RemitFileSummary { file, accounting, input_errors })
    }
}

fn reading_failed(stop: &Stop<'_>, input: &str, source: std::io::Error) -> RunError {
    match stop.signal() {
        Some(signal) => RunError::Stopped { signal, claims: 0 },
        None => RunError::Read { input: input.to_owned(), source },
    }
}

fn problem(file: &str, error: InputError, result: &mut LearnResult) {
    if result.problems.len() < PROBLEMS {
        result.problems.push(LearnProblem { file: file.to_owned(), error });
    }
}
