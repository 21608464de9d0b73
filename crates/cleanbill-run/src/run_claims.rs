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
use crate::stop::Stop;

/// Claims that are added to the store together.
const BATCH: usize = 4096;

/// The claims of a run by patient.
pub struct RunClaims {
    store: Mutex<HistoryStore>,
    key: PatientKey,
}

impl RunClaims {
    /// The claims of `inputs`, where any of `registries` looks beyond a claim; nothing is read where none
    /// does. `feed` is what is asked beside it.
    ///
    /// # Errors
    /// [`RunError`] when an input fails, or there is no room.
    pub fn gather_for(
        registries: &[&Registry],
        inputs: &mut [Input],
        options: &InputOptions,
        feed: Option<&HistoryFeed>,
        stop: Option<&AtomicUsize>,
    ) -> Result<Option<Self>, RunError> {
        if !registries.iter().any(|registry| registry.scope().reads_history()) {
            return Ok(None);
        }
        Self::gather(inputs, options, HistoryFeed::store_of_run(feed)?, Stop::new(stop)).map(Some)
    }

    /// Reads `inputs` and keeps what other claims may need of theirs; they can be read again then. A
    /// stream is kept in a file without a name until the run ends. What cannot be read is told when the
    /// inputs are judged, and not here.
    ///
    /// # Errors
    /// [`RunError`] when an input fails, or there is no room.
    fn gather(
        inputs: &mut [Input],
        options: &InputOptions,
        mut store: HistoryStore,
        stop: Stop<'_>,
    ) -> Result<Self, RunError> {
        // Nobody is answered here.
        let options = InputOptions { acknowledge: false, ..options.clone() };
        let (mut read, mut kept) = (0_u64, 0_u64);
        let mut claim = Claim::default();
        let mut first = 1;
        for input in inputs {
            let name = input.name().to_owned();
            let mut reader = input.reader_before(&options, first, &stop)?;
            let failed = |source| stop.failed(&name, source, 0);
            let mut is_open = true;
            while is_open {
                let mut batch = store.add()?;
                for _ in 0..BATCH {
                    match reader.next(&mut claim).map_err(failed)? {
                        Some(Event::Claim) => {
                            read += 1;
                            kept += u64::from(batch.claim(&claim)?.is_kept());
                        }
                        Some(Event::Error(_) | Event::Envelope(_)) => {}
                        None => {
                            is_open = false;
                            break;
                        }
                    }
                }
                batch.commit()?;
            }
            first = reader.next_ordinal();
        }
        tracing::info!(claims = read, kept, "claims of the run gathered by patient");
        let key = store.key().clone();
        Ok(Self { store: Mutex::new(store), key })
    }

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
