//! A history: opening it, and what it knows of a patient.

use std::path::Path;

use cleanbill_model::Claim;

use crate::backend::{Backend, Rows};
use crate::batch::Batch;
use crate::error::{HistoryError, Named, beside};
use crate::key::{Keyed, PatientKey};
use crate::place::{Connecting, HistoryPlace};
use crate::record::ClaimRecord;
use crate::sqlite::SqliteFile;

/// What a history is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Asking it.
    Read,
    /// Changing one that is there.
    Write,
    /// Adding to it; it is made where it is not there.
    Create,
}

/// Claims seen before, found by patient.
///
/// Several may read while one writes. What was added is on the disk when [`Batch::commit`] returns.
#[derive(Debug)]
pub struct HistoryStore {
    pub(crate) backend: Box<dyn Backend>,
    pub(crate) key: PatientKey,
    pub(crate) named: Named,
}

/// A claim of a history.
#[derive(Debug)]
pub struct Kept {
    /// The claim, without the lines that were denied and without what a history does not hold.
    pub claim: Claim,
    /// Place in the order in which claims came.
    pub sequence: u64,
    /// What tells it from other claims.
    pub digest: Keyed,
}

impl HistoryStore {
    /// Whether the first bytes of a file, at least 16, are those of a history.
    #[must_use]
    pub fn is_history(first_bytes: &[u8]) -> bool {
        first_bytes.starts_with(b"SQLite format 3\0")
    }

    /// Opens the history at `place`. Its key is in the file `key`, by default the one beside it whose name
    /// has `.key` behind it.
    ///
    /// # Errors
    /// [`HistoryError`] when there is none (unless it may be made), it is something else, was written by
    /// another version or under another key, or the system or the server refuses.
    pub fn open(
        place: &HistoryPlace,
        key: Option<&Path>,
        access: Access,
    ) -> Result<Self, HistoryError> {
        let beside = || place.key_beside().map(|path| beside(path, ".key"));
        let key_path = key.map(Path::to_owned).or_else(beside).ok_or_else(no_key)?;
        let (backend, key, named) = match place {
            HistoryPlace::File(path) => {
                let (file, key) = SqliteFile::open(path, &key_path, access)?;
                let file: Box<dyn Backend> = Box::new(file);
                (file, key, Named::new(path))
            }
            HistoryPlace::Server(connecting) => server(connecting, &key_path, access)?,
        };
        tracing::debug!(access = ?access, "history opened");
        Ok(Self { backend, key, named })
    }

    /// A store for the claims of one run: in memory as far as `cache` KiB go, else in a file without a
    /// name in the system's folder for temporary files. It is gone with the process. `beside` is a history
    /// whose digests are to be compared with its own; without one its key is known to nobody.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn of_this_run(cache: u32, beside: Option<&Self>) -> Result<Self, HistoryError> {
        let named = Named("the claims of this run".to_owned());
        let key = match beside {
            Some(history) => history.key.clone(),
            None => PatientKey::random().map_err(|error| named.io(std::io::Error::other(error)))?,
        };
        let file = SqliteFile::without_name(cache.into(), &key, named.clone())?;
        Ok(Self { backend: Box::new(file), key, named })
    }

    /// Begins to add claims; nothing of it is there before [`Batch::commit`].
    pub fn add(&mut self) -> Batch<'_> {
        Batch::new(&mut *self.backend, &self.key, &self.named)
    }

    /// The key, which digests of claims are compared under.
    #[must_use]
    pub const fn key(&self) -> &PatientKey {
        &self.key
    }

    /// The claims of the patient of `claim` in the order in which they came; none of one that names no
    /// patient. A claim all of whose lines were denied is not among them.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or is damaged.
    pub fn around(&self, claim: &Claim) -> Result<Vec<Kept>, HistoryError> {
        // The patient's identifier is hashed and goes nowhere.
        let patient = claim.text(*claim.patient.id.reveal());
        if patient.is_empty() {
            return Ok(Vec::new());
        }
        let tax = claim.text(*claim.tax_id.reveal());
        let own = (!tax.is_empty()).then(|| (self.key.tax(tax), tax));
        self.of_patient(&self.key.patient(patient), own)
    }

    fn of_patient(
        &self,
        patient: &Keyed,
        own: Option<(Keyed, &str)>,
    ) -> Result<Vec<Kept>, HistoryError> {
        let damaged = |_| self.named.damaged();
        let mut kept = Vec::new();
        self.backend.rows(Rows::Around(patient), &mut |row| {
            let Some(without) = denied_lines(row.denied) else { return Ok(true) };
            let record = ClaimRecord::read(row.record).map_err(damaged)?;
            let claim = record.claim(&without, own).map_err(damaged)?;
            if !claim.lines.is_empty() {
                let sequence = u64::try_from(row.sequence).map_err(|_| self.named.damaged())?;
                kept.push(Kept { claim, sequence, digest: row.digest });
            }
            Ok(true)
        })?;
        kept.sort_unstable_by_key(|kept| kept.sequence);
        Ok(kept)
    }
}

fn no_key() -> HistoryError {
    HistoryError::Place {
        reason:
            "the history on the server needs a key: name its file with `--history-key`; the first \
                 `history add` makes it, and every machine that uses the history needs a copy"
                .to_owned(),
    }
}

type Opened = (Box<dyn Backend>, PatientKey, Named);

#[cfg(feature = "postgres")]
fn server(connecting: &Connecting, key: &Path, access: Access) -> Result<Opened, HistoryError> {
    let (server, key, named) = crate::server::Server::open(connecting, key, access)?;
    Ok((Box::new(server), key, named))
}

#[cfg(not(feature = "postgres"))]
fn server(_connecting: &Connecting, _key: &Path, _access: Access) -> Result<Opened, HistoryError> {
    Err(HistoryError::Place {
        reason: "this cleanbill was built without PostgreSQL; build it with the feature `postgres`, or name a file"
            .to_owned(),
    })
}

/// The numbers of the denied lines; none of a claim that was denied whole.
pub(crate) fn denied_lines(text: &str) -> Option<Vec<u32>> {
    if text == "*" {
        return None;
    }
    Some(text.split(',').filter_map(|number| number.parse().ok()).collect())
}

#[cfg(test)]
mod tests;
