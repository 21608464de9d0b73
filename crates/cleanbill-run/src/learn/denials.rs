//! Remittance advice into a history: lines that a payer denied count no more, and count again when the denial is
//! taken back.
//!
//! Claims are found by their control number (CLP01), and where several have it by charge and days of service; lines
//! as `learn` finds them. What is not told for certain marks nothing and is counted.

use std::sync::atomic::AtomicUsize;

use cleanbill_history::{AnswerWord, Answers, HistoryStore, LineAnswer, Marked, NumberedClaim};
use cleanbill_intake::{Event, RemittanceReader};
use cleanbill_model::{
    Claim, InputError, Location, RemittanceAccounting, RemittanceStatus, RemittedClaim,
};

use super::answer::{Word, of_claim, of_line};
use super::book::BookedLine;
use super::join::Join;
use crate::error::RunError;
use crate::exit_code;
use crate::input::Input;
use crate::run::Progress;
use crate::stop::{Stop, StoppableRead};

/// Remitted claims whose answers become lasting together. A run that breaks off has taken whole batches, and the
/// same advice again takes the rest.
const BATCH: u64 = 500;

/// Remittance advice to be taken into a history.
pub struct HistoryDenials<'a> {
    /// Into this.
    pub store: &'a mut HistoryStore,
    /// From these; their order makes no difference.
    pub remits: Vec<Input>,
    /// Holds the number of a signal once it is to stop.
    pub stop: Option<&'a AtomicUsize>,
    /// Is told now and then how far it is.
    pub progress: Option<&'a mut dyn FnMut(Progress)>,
    /// Is told what could not be read, with the name of the input.
    pub input_error: &'a mut dyn FnMut(&str, &InputError),
    /// Is told of each remitted claim that more than one claim of the history may be: name of the input, place,
    /// control number, and how many claims.
    pub ambiguous: &'a mut dyn FnMut(&str, Location, &str, usize),
}

/// What was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryDenied {
    /// Remitted claims: each is joined, without an answer, unknown or ambiguous.
    pub claims: u64,
    /// That answer one claim of the history.
    pub joined: u64,
    /// That say nothing yet: sent on to another payer, or priced before the service.
    pub without_answer: u64,
    /// That no claim of the history has the number of, or none with these charges and days.
    pub unknown: u64,
    /// That several claims of the history may be.
    pub ambiguous: u64,
    /// Lines that count no more.
    pub denied: u64,
    /// Lines that count again.
    pub restored: u64,
    /// Lines that were answered and count as before.
    pub as_before: u64,
    /// Remitted lines of which it is not known which line they answer.
    pub lines_not_matched: u64,
    /// Places that could not be read.
    pub input_errors: u64,
    /// Claims of the advice that could not be used, or were not accounted for.
    pub quarantined: u64,
}

impl HistoryDenied {
    /// The exit code that goes with it.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        if self.input_errors == 0 && self.quarantined == 0 {
            exit_code::WHOLE
        } else {
            exit_code::UNTRUSTED
        }
    }
}

impl HistoryDenials<'_> {
    /// Takes the answers, batch by batch.
    ///
    /// # Errors
    /// [`RunError`] when an input or the history fails, or a signal came; batches that are lasting by then stay.
    pub fn execute(mut self) -> Result<HistoryDenied, RunError> {
        if self.remits.is_empty() {
            return Err(RunError::NoInputs);
        }
        self.remits.iter().try_for_each(Input::check)?;
        let stop = Stop::new(self.stop);
        let mut took = Taking::default();
        let mut done = Progress::default();
        let mut remitted = RemittedClaim::default();
        let mut next_ordinal = 1;
        for input in std::mem::take(&mut self.remits) {
            let name = input.name().to_owned();
            let failed = |source, claims| stop.failed(&name, source, claims);
            let source = StoppableRead { input: input.open()?.stream, stop: stop.clone() };
            let opened = RemittanceReader::open(source, next_ordinal);
            let mut reader = opened.map_err(|source| failed(source, done.claims))?;
            let before = done.bytes;
            let mut is_open = true;
            while is_open {
                if let Some(signal) = stop.signal() {
                    return Err(RunError::Stopped { signal, claims: done.claims });
                }
                let mut change = self.store.answers();
                for _ in 0..BATCH {
                    let event = reader.next(&mut remitted);
                    match event.map_err(|source| failed(source, done.claims))? {
                        Some(Event::Claim) => {
                            done.claims += 1;
                            done.bytes = before.saturating_add(remitted.bytes.end);
                            if let Some(several) = took.claim(&mut change, &remitted)? {
                                let place = remitted.location;
                                (self.ambiguous)(&name, place, remitted.id(), several);
                            }
                        }
                        Some(Event::Envelope(_)) => {}
                        Some(Event::Error(error)) => {
                            took.counts.input_errors += 1;
                            (self.input_error)(&name, &error);
                        }
                        None => {
                            is_open = false;
                            break;
                        }
                    }
                }
                took.mark(change.commit()?);
                if let Some(progress) = &mut self.progress {
                    progress(done);
                }
            }
            next_ordinal = reader.next_ordinal();
            took.end(&reader.accounting());
        }
        let counts = took.counts;
        tracing::info!(joined = counts.joined, denied = counts.denied, "denials taken");
        Ok(counts)
    }
}

/// Taking answers, one remitted claim after the other.
#[derive(Default)]
struct Taking {
    counts: HistoryDenied,
    join: Join,
}

impl Taking {
    fn end(&mut self, accounting: &RemittanceAccounting) {
        let claims = &accounting.claims;
        self.counts.quarantined += claims.quarantined + u64::from(!claims.holds());
    }

    /// Takes the answer to one claim; how many claims it may be where there are several.
    fn claim(
        &mut self,
        change: &mut Answers<'_>,
        remitted: &RemittedClaim,
    ) -> Result<Option<usize>, RunError> {
        self.counts.claims += 1;
        if matches!(remitted.status, RemittanceStatus::SentOn | RemittanceStatus::Predetermination)
        {
            self.counts.without_answer += 1;
            return Ok(None);
        }
        let numbered =
            if remitted.id().is_empty() { Vec::new() } else { change.claims(remitted.id())? };
        let own = match of_several(&numbered, remitted).as_slice() {
            [] => {
                self.counts.unknown += 1;
                return Ok(None);
            }
            [own] => *own,
            several => {
                self.counts.ambiguous += 1;
                return Ok(Some(several.len()));
            }
        };
        self.counts.joined += 1;
        let answers = self.answers(&own.claim, remitted);
        change.take(own, &answers);
        Ok(None)
    }

    fn mark(&mut self, marked: Marked) {
        self.counts.denied += marked.denied;
        self.counts.restored += marked.restored;
        self.counts.as_before += marked.as_before;
    }

    /// What the payer says of the lines of `claim`.
    fn answers(&mut self, claim: &Claim, remitted: &RemittedClaim) -> Vec<LineAnswer> {
        let answer = |line: u32, word: &Word| LineAnswer {
            line,
            day: remitted.payment.day,
            is_of_later_payer: remitted.status.is_of_later_payer(),
            word: word_of(word),
        };
        if remitted.lines.is_empty() {
            let word = of_claim(remitted);
            return claim.lines.iter().map(|line| answer(line.number, &word)).collect();
        }
        let lines: Vec<BookedLine> =
            claim.lines.iter().map(|line| BookedLine::of(claim, line)).collect();
        self.join.join(&lines, remitted, true);
        let mut answers = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let parts = self.join.parts_of(at, remitted);
            if parts.clone().next().is_some() {
                answers.push(answer(line.number, &of_line(remitted, parts)));
            }
        }
        let not_matched = self.join.not_matched(remitted).count();
        self.counts.lines_not_matched += u64::try_from(not_matched).unwrap_or(u64::MAX);
        if remitted.status == RemittanceStatus::Reversal && not_matched > 0 {
            // It takes back a whole payment: where lines cannot be told apart, all of them.
            return lines.iter().map(|line| answer(line.number, &Word::Reversed)).collect();
        }
        answers
    }
}

const fn word_of(word: &Word) -> AnswerWord {
    match word {
        Word::Paid => AnswerWord::Paid,
        Word::Denied(_) => AnswerWord::Denied,
        Word::Pending => AnswerWord::Pending,
        Word::Reversed => AnswerWord::Reversed,
    }
}

/// The claims that the remitted one may be, among those with its number: a number that is used for several claims
/// is told by charge and days of service.
fn of_several<'a>(
    numbered: &'a [NumberedClaim],
    remitted: &RemittedClaim,
) -> Vec<&'a NumberedClaim> {
    let shares_days = |claim: &Claim| {
        let mut days = remitted.lines.iter().filter_map(|line| line.dates).peekable();
        days.peek().is_none()
            || days.any(|dates| claim.lines.iter().any(|own| own.dates.intersect(dates).is_some()))
    };
    let on_days: Vec<&NumberedClaim> =
        numbered.iter().filter(|own| shares_days(&own.claim)).collect();
    if on_days.len() <= 1 {
        return on_days;
    }
    // A reversal has the charge with a minus.
    let charge = remitted.charge.cents().unsigned_abs();
    let same_charge = |own: &&&NumberedClaim| own.claim.charge.cents().unsigned_abs() == charge;
    let charged: Vec<&NumberedClaim> = on_days.iter().filter(same_charge).copied().collect();
    if charged.is_empty() { on_days } else { charged }
}
