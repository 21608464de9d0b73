//! Claims that are added together: all of them, or none.

use cleanbill_model::{Claim, ServiceDate};

use crate::backend::{Backend, NewRow};
use crate::error::{HistoryError, Named};
use crate::key::{Keyed, PatientKey, digest};
use crate::record::ClaimRecord;

/// What became of the claims of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Claims that are new.
    pub new: u64,
    /// Claims that were there already, the very same.
    pub known: u64,
}

/// Claims on their way into a history. They lie in memory until [`Batch::commit`], so that nobody waits
/// for them while they are read.
#[derive(Debug)]
pub struct Batch<'a> {
    backend: &'a mut dyn Backend,
    key: &'a PatientKey,
    named: &'a Named,
    claims: Vec<Pending>,
    ids: String,
    records: Vec<u8>,
}

/// A claim of a batch, and where its texts end.
#[derive(Debug)]
struct Pending {
    patient: Keyed,
    digest: Keyed,
    last: i32,
    id_end: usize,
    record_end: usize,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(backend: &'a mut dyn Backend, key: &'a PatientKey, named: &'a Named) -> Self {
        let (ids, records) = (String::new(), Vec::new());
        Self { backend, key, named, claims: Vec::new(), ids, records }
    }

    /// Adds a claim; the very same one twice changes nothing. Gives back whether the history will have
    /// it: of a claim that names no patient, or has no lines, nothing could ever be asked for.
    ///
    /// # Errors
    /// [`HistoryError`] when the claim is too large to be kept.
    pub fn claim(&mut self, claim: &Claim) -> Result<bool, HistoryError> {
        // The patient's identifier is hashed and goes nowhere.
        let patient = claim.text(*claim.patient.id.reveal());
        let last = claim.lines.iter().map(|line| line.dates.through()).max();
        let (false, Some(last)) = (patient.is_empty(), last) else { return Ok(false) };
        let start = self.records.len();
        let records = core::mem::take(&mut self.records);
        let written = ClaimRecord::of(claim, self.key, &mut [0; 4]).write(records);
        self.records = written.map_err(|_| self.named.damaged())?;
        self.ids.push_str(claim.id());
        self.claims.push(Pending {
            patient: self.key.patient(patient),
            digest: digest(self.records.get(start..).unwrap_or_default()),
            last: ServiceDate::yyyymmdd(last),
            id_end: self.ids.len(),
            record_end: self.records.len(),
        });
        Ok(true)
    }

    /// Makes all of it lasting.
    ///
    /// # Errors
    /// [`HistoryError`] when somebody else writes for too long, or the system refuses; nothing is added
    /// then.
    pub fn commit(self) -> Result<Added, HistoryError> {
        let (mut id_start, mut record_start) = (0, 0);
        let mut rows = Vec::with_capacity(self.claims.len());
        for claim in &self.claims {
            rows.push(NewRow {
                patient: claim.patient,
                digest: claim.digest,
                last: claim.last,
                id: self.ids.get(id_start..claim.id_end).unwrap_or_default(),
                record: self.records.get(record_start..claim.record_end).unwrap_or_default(),
            });
            (id_start, record_start) = (claim.id_end, claim.record_end);
        }
        if rows.is_empty() { Ok(Added::default()) } else { self.backend.add(&rows) }
    }
}
