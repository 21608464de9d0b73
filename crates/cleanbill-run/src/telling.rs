//! What is said of claims, told in their order: counted, reported, and all of it accounted for.

use std::ops::Range;

use cleanbill_intake::FormatChoice;
use cleanbill_model::{Accounting, Claim, ClaimVerdict, EnvelopePart, InputError};
use cleanbill_report::{FileSummary, VersionNote};

use crate::error::RunError;
use crate::finalize;
use crate::interchanges::Interchanges;
use crate::run::Progress;
use crate::stop::Stop;
use crate::window::{Aside, Ended, Then, Window};

/// Claims between two reports of progress.
pub(crate) const PROGRESS_EVERY: u64 = 256;

/// What a run does with what is said of claims.
pub(crate) trait Teller<O> {
    /// A claim was judged; how is it counted?
    fn claim(&mut self, file: &str, claim: &Claim, opinion: &O) -> Result<ClaimVerdict, RunError>;

    /// Something could not be read or trusted.
    fn input_error(&mut self, file: &str, error: &InputError) -> Result<(), RunError>;

    /// A part of what stands around the claims was met, between the claims where it stands.
    fn envelope(&mut self, file: &str, part: &EnvelopePart) -> Result<(), RunError> {
        let _ = (file, part);
        Ok(())
    }

    /// A range of an input was set aside; comes behind what was said of it.
    fn set_aside(&mut self, file: &str, range: &Range<u64>) -> Result<(), RunError> {
        let _ = (file, range);
        Ok(())
    }

    /// An input was told to its end.
    fn input_ended(&mut self) -> Result<(), RunError> {
        Ok(())
    }

    /// A claim is not judged, or not with all of its lines, since it is not final; or that it is, is odd.
    fn version(&mut self, file: &str, note: &VersionNote) -> Result<(), RunError> {
        let _ = (file, note);
        Ok(())
    }

    /// Whether going on serves nobody.
    fn is_unheard(&self) -> bool {
        false
    }
}

/// Tells window after window.
pub(crate) struct Telling<'a, T> {
    pub(crate) teller: T,
    pub(crate) stop: Stop<'a>,
    progress: Option<&'a mut dyn FnMut(Progress)>,
    done: Progress,
    bytes_before: u64,
    /// How the claims of the input in hand ended.
    ended: Accounting,
    input_errors: u64,
    files: Vec<FileSummary>,
    interchanges: Interchanges,
}

/// Whether there is more to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// There may be more.
    More,
    /// All inputs are told.
    All,
    /// Nobody listens any more.
    Unheard,
}

impl<'a, T> Telling<'a, T> {
    pub(crate) fn new(
        teller: T,
        stop: Stop<'a>,
        progress: Option<&'a mut dyn FnMut(Progress)>,
    ) -> Self {
        Self {
            teller,
            stop,
            progress,
            done: Progress::default(),
            bytes_before: 0,
            ended: Accounting::default(),
            input_errors: 0,
            files: Vec::new(),
            interchanges: Interchanges::default(),
        }
    }

    /// Tells of the claims of `window`, then of what is behind them.
    pub(crate) fn tell<O: Default>(&mut self, window: &mut Window<O>) -> Result<Told, RunError>
    where
        T: Teller<O>,
    {
        self.check_stop()?;
        for (place, (claim, opinion)) in window.judged().enumerate() {
            self.check_stop()?;
            self.tell_asides(window, place)?;
            let verdict = self.teller.claim(&window.file, claim, opinion)?;
            self.ended.claim_ended(verdict, Some(claim.charge));
            self.done.claims += 1;
            self.done.bytes = self.bytes_before.saturating_add(claim.bytes.end);
            self.show_progress();
            if self.teller.is_unheard() {
                return Ok(Told::Unheard);
            }
        }
        self.tell_asides(window, window.count())?;
        self.ended += *window.booked();
        match std::mem::replace(&mut window.then, Then::More) {
            Then::More => {}
            Then::End(ended) => {
                self.end(&window.file, *ended);
                self.teller.input_ended()?;
            }
            Then::Failed(error) => {
                self.check_stop()?;
                return Err(*error);
            }
            Then::Over => return Ok(Told::All),
        }
        Ok(if self.teller.is_unheard() { Told::Unheard } else { Told::More })
    }

    /// Tells what stands in front of the claim at `place`.
    fn tell_asides<O: Default>(&mut self, window: &Window<O>, place: usize) -> Result<(), RunError>
    where
        T: Teller<O>,
    {
        window.asides_before(place).try_for_each(|aside| match aside {
            Aside::Part(part) => self.teller.envelope(&window.file, part),
            Aside::Version(note) => {
                finalize::book(note, &mut self.ended.not_final);
                self.teller.version(&window.file, note)
            }
            Aside::Error(error) => {
                self.input_errors += 1;
                self.teller.input_error(&window.file, error)
            }
            Aside::Range(range) => self.teller.set_aside(&window.file, range),
        })
    }

    /// The inputs that were told to their end, and who told of them.
    pub(crate) fn into_parts(self) -> Result<(Vec<FileSummary>, T), RunError> {
        self.check_stop()?;
        Ok((self.files, self.teller))
    }

    /// Stops when asked to.
    pub(crate) fn check_stop(&self) -> Result<(), RunError> {
        match self.stop.signal() {
            None => Ok(()),
            Some(signal) => Err(RunError::Stopped { signal, claims: self.done.claims }),
        }
    }

    fn end(&mut self, file: &str, ended: Ended) {
        let Ended { format, mut accounting, interchanges } = ended;
        let repeats = self.interchanges.meet(file, &interchanges);
        accounting += std::mem::take(&mut self.ended);
        self.bytes_before = self.bytes_before.saturating_add(accounting.bytes_in);
        self.done.bytes = self.bytes_before;
        let format = format.map(FormatChoice::as_str);
        let input_errors = std::mem::take(&mut self.input_errors);
        tracing::info!(
            format,
            claims = accounting.claims_in,
            bytes = accounting.bytes_in,
            input_errors,
            "input read"
        );
        let file = file.to_owned();
        self.files.push(FileSummary { file, format, accounting, input_errors, repeats });
    }

    fn show_progress(&mut self) {
        if let Some(progress) = &mut self.progress
            && self.done.claims.is_multiple_of(PROGRESS_EVERY)
        {
            progress(self.done);
        }
    }
}
