//! Versions of claims by patient, for runs that judge final claims alone.
//!
//! What decides which version of a claim is the last word is kept in a database without a name: in memory up to
//! a limit, then on disk, gone with the process. Patients stand in it under a keyed hash whose key nobody knows.
//! This is no history: it says nothing to a later run, whatever database a history lies in.

use cleanbill_model::{Claim, ClaimType, DateRange, FinalAction, ServiceDate};
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::{HistoryError, Named};
use crate::key::{Keyed, PatientKey};
use crate::record::claim_digest;

/// Memory for pages, in KiB; what does not fit lies in a file without a name.
const CACHE: i64 = 128 << 10;

const TABLES: &str = "
CREATE TABLE version (owner BLOB NOT NULL, record BLOB NOT NULL);
CREATE TABLE decision (ordinal INTEGER NOT NULL, part INTEGER NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (ordinal, part)) WITHOUT ROWID;
";

/// Where a claim stands in the inputs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VersionPlace {
    /// Its number among all claims of the run, from 1.
    pub ordinal: u64,
    /// Place of its input among those of the run, from 0.
    pub file: u32,
    /// Line of the input on which it starts.
    pub line: u64,
}

/// What tells one version of a claim from another. Days are written as `20260302`, 0 for none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRecord {
    /// Where it stands.
    pub place: VersionPlace,
    /// What tells its content from that of other claims.
    pub digest: Keyed,
    /// Whether it is an institutional claim.
    pub is_institutional: bool,
    /// Its own number.
    pub id: String,
    /// Frequency as it stands on the claim, 0 for none.
    pub frequency: u8,
    /// Number of the claim that it replaces or voids.
    pub reference: String,
    /// Payer's number that all versions share.
    pub number: String,
    /// Payer's number of this version.
    pub own_number: String,
    /// Medicare number of the facility.
    pub facility: String,
    /// Day from which it counts.
    pub effective: i32,
    /// Day on which it was handed in.
    pub submitted: i32,
    /// First and last day of the claim as a whole, else of its lines.
    pub dates: [i32; 2],
    /// Its lines.
    pub lines: Vec<VersionLine>,
}

/// A line of a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLine {
    /// Number as the claim gives it.
    pub number: u32,
    /// What it does to the line of an earlier version, 0 where nothing says it.
    pub adjustment: u8,
    /// First and last day.
    pub dates: [i32; 2],
}

/// What was decided of a claim, or of a line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionDecision {
    /// Number of the claim among all claims of the run.
    pub ordinal: u64,
    /// Place of the line in its claim; none for the claim as a whole.
    pub line: Option<usize>,
    /// What was decided.
    pub action: FinalAction,
    /// Number of the claim, to tell whether the same claim is met again.
    pub id: String,
    /// The version that decided it: its number and where it stands.
    pub by: Option<(String, VersionPlace)>,
}

/// A decision as it is kept beside its claim and line: the place of its action among all, and the rest of it.
#[derive(Serialize, Deserialize)]
struct Stored {
    action: u8,
    id: String,
    by: Option<(String, VersionPlace)>,
}

impl VersionRecord {
    fn of(claim: &Claim, place: VersionPlace, key: &PatientKey) -> Self {
        let text = |text| claim.text(text).to_owned();
        let day = |day: Option<ServiceDate>| day.map_or(0, ServiceDate::yyyymmdd);
        let days = |dates: DateRange| [dates.from().yyyymmdd(), dates.through().yyyymmdd()];
        let lines: Vec<VersionLine> = claim
            .lines
            .iter()
            .map(|line| VersionLine {
                number: line.number,
                adjustment: line.adjustment.map_or(0, |kind| kind.as_byte()),
                dates: days(line.dates),
            })
            .collect();
        let of_lines = || {
            let first = lines.iter().map(|line| line.dates[0]).min().unwrap_or(0);
            [first, lines.iter().map(|line| line.dates[1]).max().unwrap_or(0)]
        };
        Self {
            place,
            digest: claim_digest(claim, key).unwrap_or_default(),
            is_institutional: claim.claim_type == ClaimType::Institutional,
            id: claim.id().to_owned(),
            frequency: claim
                .frequency
                .and_then(|known| u8::try_from(known.as_char()).ok())
                .unwrap_or(0),
            reference: text(claim.original_reference),
            number: text(claim.version.number),
            own_number: text(claim.version.own_number),
            facility: text(claim.version.facility),
            effective: day(claim.version.effective),
            submitted: day(claim.submitted),
            dates: claim.version.dates.or(claim.facility.statement).map_or_else(of_lines, days),
            lines,
        }
    }
}

/// The versions of the claims of one run, and what was decided of them.
#[derive(Debug)]
pub struct VersionStore {
    database: Connection,
    key: PatientKey,
    named: Named,
}

impl VersionStore {
    /// An empty one.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn new() -> Result<Self, HistoryError> {
        Self::within(CACHE)
    }

    /// The same with so many KiB of memory.
    fn within(cache: i64) -> Result<Self, HistoryError> {
        let named = Named("the versions of the claims of this run".to_owned());
        let sql = |error| named.sql(error);
        let key = PatientKey::random().map_err(|error| named.io(std::io::Error::other(error)))?;
        // The empty name is SQLite's own for a file that has none.
        let database = Connection::open("").map_err(sql)?;
        for (pragma, value) in [("synchronous", 0), ("cache_size", -cache)] {
            database.pragma_update(None, pragma, value).map_err(sql)?;
        }
        database
            .pragma_update_and_check(None, "journal_mode", "OFF", |row| row.get::<_, String>(0))
            .map_err(sql)?;
        // Nothing of it outlives the process, so one change that never ends is the whole of it.
        database.execute_batch(&format!("BEGIN; {TABLES}")).map_err(sql)?;
        Ok(Self { database, key, named })
    }

    /// Adds a claim. Claims that name no patient belong to those with the same number.
    ///
    /// # Errors
    /// [`HistoryError`] when there is no room.
    pub fn add(&mut self, claim: &Claim, place: VersionPlace) -> Result<(), HistoryError> {
        // The patient's identifier is hashed and goes nowhere.
        let patient = claim.text(*claim.patient.id.reveal());
        let number = claim.text(claim.version.number);
        let owner = match (patient, number) {
            ("", "") => self.key.tax(claim.id()),
            ("", number) => self.key.tax(number),
            (patient, _) => self.key.patient(patient),
        };
        let record = VersionRecord::of(claim, place, &self.key);
        let bytes = postcard::to_allocvec(&record).map_err(|_| self.named.damaged())?;
        let sql = |error| self.named.sql(error);
        let insert = "INSERT INTO version (owner, record) VALUES (?1, ?2)";
        let mut insert = self.database.prepare_cached(insert).map_err(sql)?;
        insert.execute(params![&owner[..], bytes]).map_err(sql)?;
        Ok(())
    }

    /// Gives the versions of one patient after the other to `decide`, in the order in which they were added, and
    /// keeps what it decides.
    ///
    /// # Errors
    /// [`HistoryError`] when there is no room.
    pub fn decide(
        &mut self,
        mut decide: impl FnMut(&[VersionRecord]) -> Vec<VersionDecision>,
    ) -> Result<(), HistoryError> {
        let sql = |error| self.named.sql(error);
        let keep = "INSERT INTO decision (ordinal, part, record) VALUES (?1, ?2, ?3)";
        let mut keep = self.database.prepare(keep).map_err(sql)?;
        let mut settle = |versions: &mut Vec<VersionRecord>| {
            if versions.is_empty() {
                return Ok(());
            }
            versions.sort_unstable_by_key(|version| version.place);
            for VersionDecision { ordinal, line, action, id, by } in decide(versions) {
                let place = FinalAction::ALL.iter().position(|known| *known == action);
                let action = place.and_then(|place| u8::try_from(place).ok());
                let stored = Stored { action: action.unwrap_or(u8::MAX), id, by };
                let bytes = postcard::to_allocvec(&stored).map_err(|_| self.named.damaged())?;
                let ordinal = i64::try_from(ordinal).map_err(|_| self.named.damaged())?;
                // The claim as a whole comes before its lines.
                let part = line.map_or(Ok(0), |line| i64::try_from(line).map(|line| line + 1));
                let part = part.map_err(|_| self.named.damaged())?;
                keep.execute(params![ordinal, part, bytes]).map_err(sql)?;
            }
            versions.clear();
            Ok::<_, HistoryError>(())
        };
        let ask = "SELECT owner, record FROM version ORDER BY owner";
        let mut ask = self.database.prepare(ask).map_err(sql)?;
        let mut rows = ask.query([]).map_err(sql)?;
        let (mut owner, mut versions) = (Keyed::default(), Vec::new());
        while let Some(row) = rows.next().map_err(sql)? {
            let next: Keyed = row.get(0).map_err(sql)?;
            if next != owner {
                settle(&mut versions)?;
                owner = next;
            }
            versions.push(self.read(row, 1)?);
        }
        settle(&mut versions)
    }

    /// Forgets the versions: only what was decided is asked from now on.
    ///
    /// # Errors
    /// [`HistoryError`] when the system refuses.
    pub fn forget_versions(&mut self) -> Result<(), HistoryError> {
        self.database.execute_batch("DELETE FROM version").map_err(|error| self.named.sql(error))
    }

    /// What was decided of claims from number `first` on, in the order of the claims: at least `least` decisions
    /// where there are so many, and all of the last claim.
    ///
    /// # Errors
    /// [`HistoryError`] when it cannot be read.
    pub fn decisions(
        &self,
        first: u64,
        least: usize,
    ) -> Result<Vec<VersionDecision>, HistoryError> {
        let sql = |error| self.named.sql(error);
        let ask = "SELECT ordinal, part, record FROM decision \
                   WHERE ordinal >= ?1 ORDER BY ordinal, part";
        let mut ask = self.database.prepare_cached(ask).map_err(sql)?;
        let first = i64::try_from(first).map_err(|_| self.named.damaged())?;
        let mut rows = ask.query(params![first]).map_err(sql)?;
        let mut found: Vec<VersionDecision> = Vec::new();
        while let Some(row) = rows.next().map_err(sql)? {
            let ordinal = u64::try_from(row.get::<_, i64>(0).map_err(sql)?);
            let ordinal = ordinal.map_err(|_| self.named.damaged())?;
            if found.len() >= least && found.last().is_some_and(|last| last.ordinal != ordinal) {
                break;
            }
            let part = usize::try_from(row.get::<_, i64>(1).map_err(sql)?);
            let line = part.map_err(|_| self.named.damaged())?.checked_sub(1);
            let Stored { action, id, by } = self.read(row, 2)?;
            let action = FinalAction::ALL.get(usize::from(action)).copied();
            let action = action.ok_or_else(|| self.named.damaged())?;
            found.push(VersionDecision { ordinal, line, action, id, by });
        }
        Ok(found)
    }

    fn read<D: for<'de> Deserialize<'de>>(
        &self,
        row: &Row<'_>,
        column: usize,
    ) -> Result<D, HistoryError> {
        let bytes = row.get_ref(column).map_err(|error| self.named.sql(error))?;
        let bytes = bytes.as_blob().map_err(|_| self.named.damaged())?;
        postcard::from_bytes(bytes).map_err(|_| self.named.damaged())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cleanbill_model::{Phi, ServiceLine};

    fn claim(patient: &str, id: &str) -> Claim {
        let mut claim = Claim::default();
        claim.claim_id = claim.texts.add(id);
        claim.patient.id = Phi::new(claim.texts.add(patient));
        let day = ServiceDate::new(2026, 3, 2).unwrap();
        claim.lines.push(ServiceLine::new(1, DateRange::day(day)));
        claim
    }

    #[test]
    fn claims_come_by_patient_and_decisions_by_claim_whatever_fits_into_memory() {
        // Two pages of memory: nearly everything lies in the file without a name.
        let mut store = VersionStore::within(8).unwrap();
        for ordinal in 1..=600_u64 {
            let patient = format!("ZZPHIZZ{}", ordinal % 7);
            let place = VersionPlace { ordinal, file: 0, line: ordinal };
            store.add(&claim(&patient, &format!("C{ordinal}")), place).unwrap();
        }
        let mut sizes = Vec::new();
        store
            .decide(|versions| {
                sizes.push(versions.len());
                assert!(versions.is_sorted_by_key(|version| version.place.ordinal));
                let decision = |one: &VersionRecord, line| VersionDecision {
                    ordinal: one.place.ordinal,
                    line,
                    action: FinalAction::Voided,
                    id: one.id.clone(),
                    by: None,
                };
                let both = |one| [decision(one, None), decision(one, Some(0))];
                versions.iter().flat_map(both).collect()
            })
            .unwrap();
        sizes.sort_unstable();
        assert_eq!(sizes, [85, 85, 86, 86, 86, 86, 86]);
        store.forget_versions().unwrap();
        let mut seen = Vec::new();
        let mut first = 1;
        loop {
            let some = store.decisions(first, 65).unwrap();
            let Some(last) = some.last() else { break };
            assert_eq!(last.line, Some(0), "the decisions of a claim come together");
            first = last.ordinal + 1;
            seen.extend(some.into_iter().filter(|one| one.line.is_none()).map(|one| one.id));
        }
        let wanted: Vec<String> = (1..=600).map(|ordinal| format!("C{ordinal}")).collect();
        assert_eq!(seen, wanted);
    }
}
