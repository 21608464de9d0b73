//! Claims that are added together: all of them, or none.

use cleanbill_model::{Claim, ServiceDate};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::error::{HistoryError, Named};
use crate::key::{PatientKey, digest};
use crate::record::ClaimRecord;

/// What became of a claim that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New,
    /// The very same claim was there already.
    Known,
    /// It names no patient, or has no lines: nothing of it could ever be asked for.
    NotKept,
}

impl Added {
    /// Whether the history has the claim now.
    #[must_use]
    pub fn is_kept(self) -> bool {
        self != Self::NotKept
    }
}

/// A transaction on a history.
#[derive(Debug)]
pub struct Batch<'a> {
    change: Transaction<'a>,
    key: &'a PatientKey,
    named: &'a Named,
    next: i64,
    record: Vec<u8>,
}

impl<'a> Batch<'a> {
    pub(crate) fn begin(
        database: &'a mut Connection,
        key: &'a PatientKey,
        named: &'a Named,
    ) -> Result<Self, HistoryError> {
        let sql = |error| named.sql(error);
        // At once the only writer, so that two of them never give one number twice.
        let change =
            database.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        let next = change
            .query_row("SELECT value FROM meta WHERE name = 'next'", [], |row| row.get(0))
            .map_err(sql)?;
        Ok(Self { change, key, named, next, record: Vec::new() })
    }

    /// Adds a claim. The very same one twice changes nothing.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn claim(&mut self, claim: &Claim) -> Result<Added, HistoryError> {
        // The patient's identifier is hashed and goes nowhere.
        let patient = claim.text(*claim.patient.id.reveal());
        let last = claim.lines.iter().map(|line| line.dates.through()).max();
        let (false, Some(last)) = (patient.is_empty(), last) else { return Ok(Added::NotKept) };
        let mut frequency = [0; 4];
        let mut record = core::mem::take(&mut self.record);
        record.clear();
        let written = ClaimRecord::of(claim, self.key, &mut frequency).write(record);
        self.record = written.map_err(|_| self.named.damaged())?;
        let patient = self.key.patient(patient);
        let digest = digest(&self.record);
        let sql = |error| self.named.sql(error);
        let insert = "INSERT INTO claim (patient, digest, seq, last, id, record) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (patient, digest) DO NOTHING";
        let mut insert = self.change.prepare_cached(insert).map_err(sql)?;
        let row = params![
            &patient[..],
            &digest[..],
            self.next,
            ServiceDate::yyyymmdd(last),
            claim.id(),
            &self.record[..]
        ];
        if insert.execute(row).map_err(sql)? == 0 {
            return Ok(Added::Known);
        }
        self.next += 1;
        Ok(Added::New)
    }

    /// Makes all of it lasting.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses; nothing is added then.
    pub fn commit(self) -> Result<(), HistoryError> {
        let sql = |error| self.named.sql(error);
        self.change
            .execute("UPDATE meta SET value = ?1 WHERE name = 'next'", [self.next])
            .map_err(sql)?;
        self.change.commit().map_err(sql)
    }
}
