//! The claims of a run by patient, gathered before any of them is judged.
//!
//! Edits that look beyond a claim need the other claims of its patient, wherever they stand in the
//! inputs. So the inputs are read twice: once for this, and once to be judged. What is kept of a claim
//! is what a history keeps; what does not fit into memory lies in a file without a name.

use std::cmp::Ordering;
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cleanbill_engine::Registry;
use cleanbill_history::{HistoryStore, Kept, Keyed, PatientKey, claim_digest};
use cleanbill_intake::{Event, InputOptions};
use cleanbill_model::{Claim, Frequency};

use crate::error::RunError;
use crate::feed::HistoryFeed;
use crate::input::Input;
use crate::run::Progress;
use crate::stop::Stop;

/// Claims that are added to the store together.
const BATCH: usize = 4096;

/// The claims of a run by patient.
pub struct RunClaims {
    store: Mutex<HistoryStore>,
    key: PatientKey,
}

/// What claims of a run are gathered for, and with whom.
pub struct Gather<'a, 'p> {
    /// The edits: nothing is gathered where none of them looks beyond a claim.
    pub registries: &'a [&'a Registry],
    /// What is asked beside the claims of the run.
    pub feed: Option<&'a HistoryFeed>,
    /// Holds the number of a signal once it is to stop.
    pub stop: Option<&'a AtomicUsize>,
    /// Is told now and then how far it is.
    pub progress: Option<&'a mut (dyn FnMut(Progress) + 'p)>,
}

impl Gather<'_, '_> {
    /// The claims of `inputs`. What other claims may need of them is kept; the inputs can be read again
    /// then. A stream is kept in a file without a name until the run ends. What cannot be read is told
    /// when the inputs are judged, and not here.
    ///
    /// # Errors
    /// [`RunError`] when an input fails, or there is no room.
    pub fn claims_of(
        mut self,
        inputs: &mut [Input],
        options: &InputOptions,
    ) -> Result<Option<RunClaims>, RunError> {
        if !self.registries.iter().any(|registry| registry.scope().reads_history()) {
            return Ok(None);
        }
        let mut store = HistoryFeed::store_of_run(self.feed)?;
        let stop = Stop::new(self.stop);
        // Nobody is answered here.
        let options = InputOptions { acknowledge: false, ..options.clone() };
        let mut done = Progress { gathering: true, ..Progress::default() };
        let mut kept = 0_u64;
        let mut claim = Claim::default();
        let mut first = 1;
        for input in inputs {
            let name = input.name().to_owned();
            let mut reader = input.reader_before(&options, first, &stop)?;
            let failed = |source| stop.failed(&name, source, 0);
            let before = done.bytes;
            let mut is_open = true;
            while is_open {
                let mut batch = store.add();
                for _ in 0..BATCH {
                    match reader.next(&mut claim).map_err(failed)? {
                        Some(Event::Claim) => {
                            done.claims += 1;
                            done.bytes = before.saturating_add(claim.bytes.end);
                            kept += u64::from(batch.claim(&claim)?);
                        }
                        Some(Event::Error(_) | Event::Envelope(_)) => {}
                        None => {
                            is_open = false;
                            break;
                        }
                    }
                }
                batch.commit()?;
                if let Some(progress) = &mut self.progress {
                    progress(done);
                }
            }
            first = reader.next_ordinal();
        }
        tracing::info!(claims = done.claims, kept, "claims of the run gathered by patient");
        let key = store.key().clone();
        Ok(Some(RunClaims { store: Mutex::new(store), key }))
    }
}

impl RunClaims {
    /// The claims of the patient of `claim` in the order in which they count as having come.
    pub(crate) fn of_patient(&self, claim: &Claim) -> Result<Vec<Kept>, RunError> {
        let mut kept = self.store().around(claim)?;
        kept.sort_by(order);
        Ok(kept)
    }

    /// What tells `claim` from other claims of the run.
    pub(crate) fn digest(&self, claim: &Claim) -> Option<Keyed> {
        claim_digest(claim, &self.key)
    }

    fn store(&self) -> MutexGuard<'_, HistoryStore> {
        // A thread that panicked has changed nothing: it only asked.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The order in which claims of one run count as having come: as they were handed in, then by date of
/// service, corrections behind what they correct. It follows from the claims alone, never from where
/// they stand.
fn order(a: &Kept, b: &Kept) -> Ordering {
    let key = |kept: &Kept| {
        let claim = &kept.claim;
        let first = claim.lines.iter().map(|line| line.dates.from()).min();
        let corrects = matches!(claim.frequency, Some(Frequency::REPLACEMENT | Frequency::VOID));
        (claim.submitted, first, corrects)
    };
    key(a)
        .cmp(&key(b))
        .then_with(|| a.claim.id().cmp(b.claim.id()))
        .then_with(|| a.digest.cmp(&b.digest))
}
