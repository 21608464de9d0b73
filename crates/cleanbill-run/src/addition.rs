//! Claims from inputs into a history.

use std::sync::atomic::AtomicUsize;

use cleanbill_history::{Added, HistoryStore};
use cleanbill_intake::InputOptions;
use cleanbill_model::{Claim, InputError};

use crate::error::RunError;
use crate::exit_code;
use crate::input::{Input, Met};
use crate::run::Progress;
use crate::stop::Stop;

/// Claims that become lasting together. A run that breaks off has added whole batches, and adding the
/// same inputs again adds the rest.
const BATCH: usize = 1000;

/// What is to be added.
pub struct HistoryAddition<'a> {
    /// To this.
    pub store: &'a mut HistoryStore,
    /// From these, in the order in which their claims came.
    pub inputs: Vec<Input>,
    /// How all inputs are read.
    pub input_options: InputOptions,
    /// Holds the number of a signal once it is to stop.
    pub stop: Option<&'a AtomicUsize>,
    /// Is told now and then how far it is.
    pub progress: Option<&'a mut dyn FnMut(Progress)>,
    /// Is told what could not be read, with the name of the input.
    pub input_error: &'a mut dyn FnMut(&str, &InputError),
}

/// What was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryAdded {
    /// Claims that are new.
    pub new: u64,
    /// Claims that were there already.
    pub known: u64,
    /// Claims that name no patient, or have no lines, and can never be asked for.
    pub not_kept: u64,
    /// Claims that were left out since another version of them is the last word, or none.
    pub not_final: u64,
    /// Places that could not be read.
    pub input_errors: u64,
}

impl HistoryAdded {
    /// The exit code that goes with it.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        if self.input_errors == 0 { exit_code::WHOLE } else { exit_code::UNTRUSTED }
    }
}

impl HistoryAddition<'_> {
    /// Adds the claims, batch by batch.
    ///
    /// # Errors
    /// [`RunError`] when an input or the history fails, or a signal came; batches that are lasting by
    /// then stay.
    pub fn execute(mut self) -> Result<HistoryAdded, RunError> {
        self.inputs.iter().try_for_each(Input::check)?;
        let stop = Stop::new(self.stop);
        let mut added = HistoryAdded::default();
        let mut done = Progress::default();
        let mut claim = Claim::default();
        let mut first = 1;
        for input in std::mem::take(&mut self.inputs) {
            let name = input.name().to_owned();
            let failed = |source, claims| stop.failed(&name, source, claims);
            let mut reader = input.reader(&self.input_options, first, stop.clone())?;
            let before = done.bytes;
            let mut is_open = true;
            while is_open {
                if let Some(signal) = stop.signal() {
                    return Err(RunError::Stopped { signal, claims: done.claims });
                }
                let mut batch = self.store.add();
                for _ in 0..BATCH {
                    let met = reader.meet(&mut claim);
                    match met.map_err(|source| failed(source, done.claims))? {
                        Some(Met::Claim(_)) => {
                            done.claims += 1;
                            done.bytes = before.saturating_add(claim.bytes.end);
                            added.not_kept += u64::from(!batch.claim(&claim)?);
                        }
                        Some(Met::NotFinal(_)) => added.not_final += 1,
                        Some(Met::Envelope(_)) => {}
                        Some(Met::Error(error)) => {
                            added.input_errors += 1;
                            (self.input_error)(&name, &error);
                        }
                        None => {
                            is_open = false;
                            break;
                        }
                    }
                }
                let Added { new, known } = batch.commit()?;
                added.new += new;
                added.known += known;
                if let Some(progress) = &mut self.progress {
                    progress(done);
                }
            }
            first = reader.next_ordinal();
        }
        tracing::info!(new = added.new, known = added.known, "claims added to the history");
        Ok(added)
    }
}
