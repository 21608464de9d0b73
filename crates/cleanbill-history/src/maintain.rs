//! Looking after a history: what is in it, what no longer counts, what may go.

use cleanbill_model::{Claim, ServiceDate};

use crate::backend::Rows;
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
    /// What is wrong with what the claims lie in, as SQLite tells it of a file.
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
    /// [`HistoryError`] when it cannot be read.
    pub fn summary(&self) -> Result<HistorySummary, HistoryError> {
        self.backend.summary()
    }

    /// Shows claims in the order in which they came, until `show` says that it has enough.
    ///
    /// # Errors
    /// [`HistoryError`] when it cannot be read or is damaged.
    pub fn each(
        &self,
        which: Which<'_>,
        mut show: impl FnMut(Shown) -> bool,
    ) -> Result<(), HistoryError> {
        let damaged = |_| self.named.damaged();
        let patient;
        let rows = match which {
            Which::All => Rows::All,
            Which::Claim(id) => Rows::Id(id),
            Which::Patient(id) => {
                patient = self.key.patient(id);
                Rows::Patient(&patient)
            }
        };
        self.backend.rows(rows, &mut |row| {
            let record = ClaimRecord::read(row.record).map_err(damaged)?;
            Ok(show(Shown {
                sequence: u64::try_from(row.sequence).map_err(|_| self.named.damaged())?,
                claim: record.claim(&[], None).map_err(damaged)?,
                patient: crate::key::hex(&row.patient),
                denied: denied_lines(row.denied),
            }))
        })
    }

    /// Removes the claims whose last day of service lies before `day`, gives their space back, and
    /// counts them.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn prune(&mut self, day: ServiceDate) -> Result<u64, HistoryError> {
        self.backend.prune(day)
    }

    /// Reads everything and tells what is wrong.
    ///
    /// # Errors
    /// [`HistoryError`] when it cannot be read at all.
    pub fn verify(&self) -> Result<HistoryFlaws, HistoryError> {
        let mut flaws = HistoryFlaws { file: self.backend.flaws()?, claims: 0 };
        self.backend.rows(Rows::All, &mut |row| {
            let known = row.digest == digest(row.record);
            let read = ClaimRecord::read(row.record).and_then(|record| record.claim(&[], None));
            flaws.claims += u64::from(!known || read.is_err());
            Ok(true)
        })?;
        Ok(flaws)
    }
}
