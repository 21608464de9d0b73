//! Looking after a history: what is in it, what no longer counts, what may go.

use cleanbill_model::{Claim, ServiceDate};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::HistoryError;
use crate::key::digest;
use crate::record::ClaimRecord;
use crate::store::{HistoryStore, denied_lines};

/// What is in a history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistorySummary {
    /// Claims, those that were denied included.
    pub claims: u64,
    /// Patients.
    pub patients: u64,
    /// Claims of which at least one line was denied.
    pub denied: u64,
    /// Earliest last day of service of a claim.
    pub from: Option<ServiceDate>,
    /// Latest day of service.
    pub through: Option<ServiceDate>,
}

/// What is wrong with a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFlaws {
    /// What SQLite finds wrong with the file.
    pub file: Vec<String>,
    /// Claims that cannot be read back, or are not what they were when they were added.
    pub claims: u64,
}

impl HistoryFlaws {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.file.is_empty() && self.claims == 0
    }
}

/// A claim as it stands in a history.
#[derive(Debug)]
pub struct Shown {
    /// Place in the order in which claims came.
    pub sequence: u64,
    /// The claim with all of its lines; it names no patient.
    pub claim: Claim,
    /// The patient, as the history names them.
    pub patient: String,
    /// Numbers of the lines that do not count; `None` when the claim does not count at all.
    pub denied: Option<Vec<u32>>,
}

/// Which claims are shown.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// All of them.
    All,
    /// Those with this control number.
    Claim(&'a str),
    /// Those of the patient with this member id.
    Patient(&'a str),
}

impl HistoryStore {
    /// Counts what is there.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read.
    pub fn summary(&self) -> Result<HistorySummary, HistoryError> {
        let sql = |error| self.named.sql(error);
        let ask = "SELECT count(*), count(DISTINCT patient), count(nullif(denied, '')), min(last), \
                   max(last) FROM claim";
        let row = |row: &Row<'_>| {
            let day = |at| row.get::<_, Option<i32>>(at);
            Ok(([row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?], [day(3)?, day(4)?]))
        };
        let (counts, days) = self.database.query_row(ask, [], row).map_err(sql)?;
        let [claims, patients, denied] = counts.map(|count| u64::try_from(count).unwrap_or(0));
        let [from, through] = days.map(|day| day.and_then(ServiceDate::from_yyyymmdd));
        Ok(HistorySummary { claims, patients, denied, from, through })
    }

    /// Shows claims in the order in which they came, until `show` says that it has enough.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read or is damaged.
    pub fn each(
        &self,
        which: Which<'_>,
        mut show: impl FnMut(Shown) -> bool,
    ) -> Result<(), HistoryError> {
        let sql = |error| self.named.sql(error);
        let damaged = || self.named.damaged();
        let select = "SELECT seq, patient, denied, record FROM claim";
        let patient;
        let (condition, value): (&str, &dyn rusqlite::ToSql) = match which {
            Which::All => ("?1 = 1", &1),
            Which::Claim(ref id) => ("id = ?1", id),
            Which::Patient(id) => {
                patient = self.key.patient(id).to_vec();
                ("patient = ?1", &patient)
            }
        };
        let mut ask = self
            .database
            .prepare(&format!("{select} WHERE {condition} ORDER BY seq"))
            .map_err(sql)?;
        let mut rows = ask.query([value]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let record = row.get_ref(3).map_err(sql)?.as_blob().map_err(|_| damaged())?;
            let record = ClaimRecord::read(record).map_err(|_| damaged())?;
            let sequence = u64::try_from(row.get::<_, i64>(0).map_err(sql)?);
            let shown = Shown {
                sequence: sequence.map_err(|_| damaged())?,
                claim: record.claim(&[], None).map_err(|_| damaged())?,
                patient: crate::key::hex(&row.get::<_, Vec<u8>>(1).map_err(sql)?),
                denied: denied_lines(&row.get::<_, String>(2).map_err(sql)?),
            };
            if !show(shown) {
                break;
            }
        }
        Ok(())
    }

    /// Lets the lines numbered `lines` of the claims with control number `id` count no more, or the
    /// claims as a whole where no line is named. Gives back how many claims have that number.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn deny(&mut self, id: &str, lines: &[u32]) -> Result<u64, HistoryError> {
        let named = self.named.clone();
        let sql = |error| named.sql(error);
        let change = self.database.transaction().map_err(sql)?;
        let mut claims = 0;
        {
            let mut ask = change
                .prepare("SELECT patient, digest, denied FROM claim WHERE id = ?1")
                .map_err(sql)?;
            type Found = (Vec<u8>, Vec<u8>, String);
            let found = ask.query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            let found: Vec<Found> = found.and_then(Iterator::collect).map_err(sql)?;
            let update = "UPDATE claim SET denied = ?3 WHERE patient = ?1 AND digest = ?2";
            let mut update = change.prepare(update).map_err(sql)?;
            for (patient, digest, denied) in found {
                let denied = match denied_lines(&denied) {
                    Some(mut all) if !lines.is_empty() => {
                        all.extend(lines);
                        all.sort_unstable();
                        all.dedup();
                        all.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
                    }
                    _ => "*".to_owned(),
                };
                update.execute(params![patient, digest, denied]).map_err(sql)?;
                Self::marked_by_hand(&change, (&patient, &digest), lines).map_err(sql)?;
                claims += 1;
            }
        }
        change.commit().map_err(sql)?;
        Ok(claims)
    }

    /// Removes the claims whose last day of service lies before `day`, gives their space back, and
    /// counts them.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn prune(&mut self, day: ServiceDate) -> Result<u64, HistoryError> {
        let sql = |error| self.named.sql(error);
        // What is removed is overwritten, or it could be read from the file still.
        self.database.pragma_update(None, "secure_delete", true).map_err(sql)?;
        let removed = self
            .database
            .execute("DELETE FROM claim WHERE last < ?1", [day.yyyymmdd()])
            .map_err(sql)?;
        if removed > 0 {
            self.forget_answers()?;
            self.database.execute_batch("VACUUM").map_err(sql)?;
        }
        let log = self.database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        log.optional().map_err(sql)?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }

    /// Reads everything and tells what is wrong.
    ///
    /// # Errors
    /// [`HistoryError`] when the file cannot be read at all.
    pub fn verify(&self) -> Result<HistoryFlaws, HistoryError> {
        let sql = |error| self.named.sql(error);
        let mut flaws = HistoryFlaws::default();
        let mut check = self.database.prepare("PRAGMA integrity_check(20)").map_err(sql)?;
        let words = check.query_map([], |row| row.get::<_, String>(0)).map_err(sql)?;
        for word in words {
            flaws.file.extend(Some(word.map_err(sql)?).filter(|word| word != "ok"));
        }
        let mut ask = self.database.prepare("SELECT digest, record FROM claim").map_err(sql)?;
        let mut rows = ask.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let is_whole = || {
                let record = row.get_ref(1).ok()?.as_blob().ok()?;
                let known = row.get_ref(0).ok()?.as_blob().ok()? == &digest(record)[..];
                let read = ClaimRecord::read(record).ok()?.claim(&[], None).is_ok();
                Some(known && read)
            };
            flaws.claims += u64::from(is_whole() != Some(true));
        }
        Ok(flaws)
    }
}

#[cfg(test)]
mod tests;
