//! The file of a history: opening it, and what it knows of a patient.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cleanbill_model::Claim;
use rusqlite::{Connection, OpenFlags};

use crate::batch::Batch;
use crate::error::{HistoryError, Named, beside};
use crate::key::{Keyed, PatientKey};
use crate::key_file;
use crate::record::ClaimRecord;
use crate::schema::{self, Found};

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);
/// Memory for pages of the store of one run, in KiB; what does not fit lies in a file without a name.
const RUN_CACHE: i64 = 128 << 10;
/// Pages of the log after which it is put into the file.
const CHECKPOINT: i64 = 4000;

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

/// Claims seen before, in one SQLite file, found by patient.
///
/// Several may read while one writes. What was added is on the disk when [`Batch::commit`] returns.
#[derive(Debug)]
pub struct HistoryStore {
    pub(crate) database: Connection,
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

    /// Opens the history at `path`. Its key is in the file `key`, by default the one beside it whose
    /// name has `.key` behind it.
    ///
    /// # Errors
    /// [`HistoryError`] when there is none (unless it may be made), it is another kind of file, was
    /// written by another version or under another key, or the system refuses.
    pub fn open(path: &Path, key: Option<&Path>, access: Access) -> Result<Self, HistoryError> {
        let named = Named::new(path);
        let key_path = key.map_or_else(|| Self::key_path(path), Path::to_owned);
        if access == Access::Create {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false);
            key_file::owner_only(&mut options);
            options.open(path).map_err(|error| named.io(error))?;
        } else {
            path.metadata().map_err(|error| named.io(error))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sql = |error| named.sql(error);
        let mut database = Connection::open_with_flags(path, flags).map_err(sql)?;
        database.busy_timeout(PATIENCE).map_err(sql)?;
        let mut found = schema::look(&database, &named)?;
        let key = match (&found, access) {
            (Found::Empty, Access::Create) => {
                let key = key_file::read_or_create(&key_path)?;
                // Readers go on while one writes; set before there is anything to read.
                let mode = database.pragma_update_and_check(None, "journal_mode", "WAL", |row| {
                    row.get::<_, String>(0)
                });
                mode.map_err(sql)?;
                found = schema::create(&mut database, &key, &named)?;
                key
            }
            (Found::Empty, _) => {
                return Err(HistoryError::NotAHistory { path: named.0.clone() });
            }
            (Found::History(_), _) => key_file::read(&key_path)?,
        };
        if found != Found::History(key.mark()) {
            let key = key_path.display().to_string();
            return Err(HistoryError::OtherKey { path: named.0.clone(), key });
        }
        // What a commit has said is on the disk, also when the power fails.
        database.pragma_update(None, "synchronous", "FULL").map_err(sql)?;
        database.pragma_update(None, "wal_autocheckpoint", CHECKPOINT).map_err(sql)?;
        if access == Access::Read {
            database.pragma_update(None, "query_only", true).map_err(sql)?;
        }
        tracing::debug!(access = ?access, "history opened");
        Ok(Self { database, key, named })
    }

    /// Where the key of the history at `path` is kept unless told otherwise.
    #[must_use]
    pub fn key_path(path: &Path) -> PathBuf {
        beside(path, ".key")
    }

    /// A store for the claims of one run: in memory as far as it fits, else in a file without a name
    /// in the system's folder for temporary files. It is gone with the process. `beside` is a history
    /// whose digests are to be compared with its own; without one its key is known to nobody.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn of_this_run(beside: Option<&Self>) -> Result<Self, HistoryError> {
        Self::of_this_run_within(RUN_CACHE, beside)
    }

    /// The same with so many KiB of memory.
    fn of_this_run_within(cache: i64, beside: Option<&Self>) -> Result<Self, HistoryError> {
        let named = Named("the claims of this run".to_owned());
        let sql = |error| named.sql(error);
        let key = match beside {
            Some(history) => history.key.clone(),
            None => PatientKey::random().map_err(|error| named.io(std::io::Error::other(error)))?,
        };
        // The empty name is SQLite's own for a file that has none.
        let mut database = Connection::open("").map_err(sql)?;
        for (pragma, value) in [("synchronous", 0), ("cache_size", -cache)] {
            database.pragma_update(None, pragma, value).map_err(sql)?;
        }
        schema::create(&mut database, &key, &named)?;
        database
            .pragma_update_and_check(None, "journal_mode", "OFF", |row| row.get::<_, String>(0))
            .map_err(sql)?;
        Ok(Self { database, key, named })
    }

    /// Begins to add claims; nothing of it is there before [`Batch::commit`].
    ///
    /// # Errors
    /// [`HistoryError`] when somebody else writes for too long, or the system refuses.
    pub fn add(&mut self) -> Result<Batch<'_>, HistoryError> {
        Batch::begin(&mut self.database, &self.key, &self.named)
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
        let sql = |error| self.named.sql(error);
        let ask = "SELECT seq, digest, denied, record FROM claim WHERE patient = ?1";
        let mut ask = self.database.prepare_cached(ask).map_err(sql)?;
        let mut rows = ask.query([&patient[..]]).map_err(sql)?;
        let mut kept = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let denied = row.get_ref(2).map_err(sql)?.as_str().map_err(|_| self.named.damaged())?;
            let Some(without) = denied_lines(denied) else { continue };
            let record =
                row.get_ref(3).map_err(sql)?.as_blob().map_err(|_| self.named.damaged())?;
            let record = ClaimRecord::read(record).map_err(|_| self.named.damaged())?;
            let claim = record.claim(&without, own).map_err(|_| self.named.damaged())?;
            if claim.lines.is_empty() {
                continue;
            }
            let sequence = row.get::<_, i64>(0).map_err(sql)?;
            let sequence = u64::try_from(sequence).map_err(|_| self.named.damaged())?;
            kept.push(Kept { claim, sequence, digest: row.get(1).map_err(sql)? });
        }
        kept.sort_unstable_by_key(|kept| kept.sequence);
        Ok(kept)
    }
}

/// The numbers of the denied lines; none of a claim that was denied whole.
pub(crate) fn denied_lines(text: &str) -> Option<Vec<u32>> {
    if text == "*" {
        return None;
    }
    Some(text.split(',').filter_map(|number| number.parse().ok()).collect())
}

#[cfg(test)]
pub(crate) mod tests;
