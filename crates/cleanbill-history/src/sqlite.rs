//! The rows of a history in one SQLite file.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use cleanbill_model::ServiceDate;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use crate::backend::{self, Backend, Mark, MarkedRow, NewRow, Row, Rows, Take};
use crate::batch::Added;
use crate::error::{HistoryError, Named};
use crate::key::{Keyed, PatientKey};
use crate::key_file;
use crate::maintain::HistorySummary;
use crate::store::{Access, HistoryStore};

mod schema;

use schema::Found;

/// The question for rows.
macro_rules! select {
    ($which:literal) => {
        concat!("SELECT seq, patient, digest, denied, record FROM claim WHERE ", $which)
    };
}

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pages of the log after which it is put into the file.
const CHECKPOINT: i64 = 4000;

/// An SQLite file, or one without a name.
#[derive(Debug)]
pub(crate) struct SqliteFile {
    database: Connection,
    named: Named,
}

impl SqliteFile {
    /// Opens the history at `path`, whose key is in the file `key_path`.
    pub(crate) fn open(
        path: &Path,
        key_path: &Path,
        access: Access,
    ) -> Result<(Self, PatientKey), HistoryError> {
        let named = Named::new(path);
        if access == Access::Create {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false);
            key_file::owner_only(&mut options);
            options.open(path).map_err(|error| named.io(error))?;
        } else {
            path.metadata().map_err(|error| named.io(error))?;
        }
        check_content(path, &named)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let sql = |error| named.sql(error);
        let mut database = Connection::open_with_flags(path, flags).map_err(sql)?;
        database.busy_timeout(PATIENCE).map_err(sql)?;
        let mut found = schema::look(&database, &named)?;
        let key = match (&found, access) {
            (Found::Empty, Access::Create) => {
                let key = key_file::read_or_create(key_path)?;
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
            (Found::History(_), _) => key_file::read(key_path)?,
        };
        if found != Found::History(key.mark()) {
            return Err(named.other_key(key_path));
        }
        // What a commit has said is on the disk, also when the power fails.
        database.pragma_update(None, "synchronous", "FULL").map_err(sql)?;
        database.pragma_update(None, "wal_autocheckpoint", CHECKPOINT).map_err(sql)?;
        if access == Access::Read {
            database.pragma_update(None, "query_only", true).map_err(sql)?;
        }
        Ok((Self { database, named }, key))
    }

    /// A file without a name, with so many KiB of it in memory.
    pub(crate) fn without_name(
        cache: i64,
        key: &PatientKey,
        named: Named,
    ) -> Result<Self, HistoryError> {
        let sql = |error| named.sql(error);
        // The empty name is SQLite's own for a file that has none.
        let mut database = Connection::open("").map_err(sql)?;
        for (pragma, value) in [("synchronous", 0), ("cache_size", -cache)] {
            database.pragma_update(None, pragma, value).map_err(sql)?;
        }
        schema::create(&mut database, key, &named)?;
        database
            .pragma_update_and_check(None, "journal_mode", "OFF", |row| row.get::<_, String>(0))
            .map_err(sql)?;
        Ok(Self { database, named })
    }
}

/// Refuses a file that holds something else; SQLite takes one of a single byte for an empty one.
fn check_content(path: &Path, named: &Named) -> Result<(), HistoryError> {
    let failed = |error| named.io(error);
    if !path.metadata().map_err(failed)?.is_file() {
        return Ok(());
    }
    let mut start = Vec::new();
    File::open(path).and_then(|file| file.take(16).read_to_end(&mut start)).map_err(failed)?;
    match start.is_empty() || HistoryStore::is_history(&start) {
        true => Ok(()),
        false => Err(HistoryError::NotAHistory { path: named.0.clone() }),
    }
}

impl Backend for SqliteFile {
    fn add(&mut self, rows: &[NewRow<'_>]) -> Result<Added, HistoryError> {
        let named = &self.named;
        let sql = |error| named.sql(error);
        // At once the only writer, so that two of them never give one number twice.
        let behavior = TransactionBehavior::Immediate;
        let change = self.database.transaction_with_behavior(behavior).map_err(sql)?;
        let mut next: i64 = change
            .query_row("SELECT value FROM meta WHERE name = 'next'", [], |row| row.get(0))
            .map_err(sql)?;
        let mut added = Added::default();
        {
            let insert = "INSERT INTO claim (patient, digest, seq, last, id, record) \
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (patient, digest) DO NOTHING";
            let mut insert = change.prepare_cached(insert).map_err(sql)?;
            for row in rows {
                let values =
                    params![&row.patient[..], &row.digest[..], next, row.last, row.id, row.record];
                if insert.execute(values).map_err(sql)? == 0 {
                    added.known += 1;
                } else {
                    added.new += 1;
                    next += 1;
                }
            }
        }
        change.execute("UPDATE meta SET value = ?1 WHERE name = 'next'", [next]).map_err(sql)?;
        change.commit().map_err(sql)?;
        Ok(added)
    }

    fn rows(&self, which: Rows<'_>, take: &mut Take<'_>) -> Result<(), HistoryError> {
        let sql = |error| self.named.sql(error);
        let damaged = |_| self.named.damaged();
        let (ask, value): (&str, &dyn rusqlite::ToSql) = match &which {
            Rows::All => (select!("?1 = 1 ORDER BY seq"), &1),
            Rows::Id(id) => (select!("id = ?1 ORDER BY seq"), id),
            Rows::Patient(patient) => (select!("patient = ?1 ORDER BY seq"), *patient),
            Rows::Around(patient) => (select!("patient = ?1"), *patient),
        };
        let mut ask = self.database.prepare_cached(ask).map_err(sql)?;
        let mut rows = ask.query([value]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let row = Row {
                sequence: row.get(0).map_err(sql)?,
                patient: row.get::<_, Keyed>(1).map_err(sql)?,
                digest: row.get::<_, Keyed>(2).map_err(sql)?,
                denied: row.get_ref(3).map_err(sql)?.as_str().map_err(damaged)?,
                // One that is not even bytes is none that can be read back.
                record: row.get_ref(4).map_err(sql)?.as_blob().unwrap_or_default(),
            };
            if !take(row)? {
                break;
            }
        }
        Ok(())
    }

    fn summary(&self) -> Result<HistorySummary, HistoryError> {
        let sql = |error| self.named.sql(error);
        let ask = "SELECT count(*), count(DISTINCT patient), count(nullif(denied, '')), min(last), \
                   max(last) FROM claim";
        let (counts, days) = self
            .database
            .query_row(ask, [], |row| {
                Ok(([row.get(0)?, row.get(1)?, row.get(2)?], [row.get(3)?, row.get(4)?]))
            })
            .map_err(sql)?;
        Ok(backend::summary(counts, days))
    }

    fn mark(&mut self, ids: &[&str], mark: &mut Mark<'_>) -> Result<u64, HistoryError> {
        let named = &self.named;
        let sql = |error| named.sql(error);
        let behavior = TransactionBehavior::Immediate;
        let change = self.database.transaction_with_behavior(behavior).map_err(sql)?;
        let mut claims = 0;
        {
            let ask = "SELECT patient, digest, denied, answers FROM claim WHERE id = ?1";
            let mut ask = change.prepare_cached(ask).map_err(sql)?;
            let update =
                "UPDATE claim SET denied = ?3, answers = ?4 WHERE patient = ?1 AND digest = ?2";
            let mut update = change.prepare_cached(update).map_err(sql)?;
            type Found = (Keyed, Keyed, String, Vec<u8>);
            for id in ids {
                let found = ask.query_map([id], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                });
                let found: Vec<Found> = found.and_then(Iterator::collect).map_err(sql)?;
                for (patient, digest, denied, answers) in &found {
                    let (patient, digest) = (*patient, *digest);
                    let marks = mark(MarkedRow { patient, digest, denied, answers })?;
                    let values = params![patient, digest, marks.denied, marks.answers];
                    update.execute(values).map_err(sql)?;
                    claims += 1;
                }
            }
        }
        change.commit().map_err(sql)?;
        Ok(claims)
    }

    fn prune(&mut self, day: ServiceDate) -> Result<u64, HistoryError> {
        let sql = |error| self.named.sql(error);
        // What is removed is overwritten, or it could be read from the file still.
        self.database.pragma_update(None, "secure_delete", true).map_err(sql)?;
        let removed = self
            .database
            .execute("DELETE FROM claim WHERE last < ?1", [day.yyyymmdd()])
            .map_err(sql)?;
        if removed > 0 {
            self.database.execute_batch("VACUUM").map_err(sql)?;
        }
        let log = self.database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        log.optional().map_err(sql)?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }

    fn flaws(&self) -> Result<Vec<String>, HistoryError> {
        let sql = |error| self.named.sql(error);
        let mut check = self.database.prepare("PRAGMA integrity_check(20)").map_err(sql)?;
        let words = check.query_map([], |row| row.get::<_, String>(0)).map_err(sql)?;
        let mut flaws = Vec::new();
        for word in words {
            flaws.extend(Some(word.map_err(sql)?).filter(|word| word != "ok"));
        }
        Ok(flaws)
    }
}

#[cfg(test)]
mod tests;
