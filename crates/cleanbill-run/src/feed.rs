//! Earlier claims of patients: the feed that edits which look back ask.
//!
//! Files of claims are read whole before the run and lie in memory and nowhere else; a history is asked
//! patient by patient. Nothing of either is logged; a finding may name a line of it by the control
//! number of its claim.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cleanbill_history::{Access, HistoryPlace, HistoryStore, Keyed};
use cleanbill_intake::{Event, InputOptions};
use cleanbill_model::{
    Certification, Claim, OtherAdjudication, Particulars, RareFacts, ServiceDate, ServiceLine,
};

use crate::error::{RunError, told};
use crate::input::Input;
use crate::run_claims::RunClaims;
use crate::scratch::scratch;
use crate::stop::Stop;

/// Most bytes that a feed may take, as they are estimated: 1 GiB.
const LIMIT: u64 = 1 << 30;
/// Memory for the claims of a run, in KiB, unless the environment says otherwise: 128 MiB.
const RUN_CACHE: u32 = 128 << 10;

/// Claims that came before the run, by patient.
pub struct HistoryFeed {
    source: Source,
    /// Claims that came later are not known.
    as_of: Option<ServiceDate>,
    pub(crate) files: Vec<PathBuf>,
}

enum Source {
    /// Read whole, in the order in which they came.
    Memory(HashMap<String, Vec<Claim>>),
    Store(Mutex<HistoryStore>),
}

impl HistoryFeed {
    /// Reads `inputs` whole, in their order, in which their claims must have come. The format of each
    /// is told from its first bytes.
    ///
    /// # Errors
    /// [`RunError`] when a feed cannot be read, has a claim that cannot be trusted or does not name its
    /// patient, or takes more memory than it may: half a history would pass for a whole one.
    pub fn read(inputs: Vec<Input>, stop: Option<&AtomicUsize>) -> Result<Self, RunError> {
        Self::within(LIMIT, inputs, Stop::new(stop))
    }

    /// Asks the history at `place`, whose key is in the file `key`, by default beside it.
    ///
    /// # Errors
    /// [`RunError`] when it cannot be opened.
    pub fn open(place: &HistoryPlace, key: Option<&Path>) -> Result<Self, RunError> {
        let store = HistoryStore::open(place, key, Access::Read)?;
        let files = place.path().map(PathBuf::from).into_iter().collect();
        Ok(Self { source: Source::Store(Mutex::new(store)), as_of: None, files })
    }

    /// The same, as it was known on `day`: without claims that were handed in later, or have a service that
    /// was given later. Of a claim that does not say when it was handed in its services alone count. Marks of
    /// denied lines have no day and count whenever they were made.
    #[must_use]
    pub fn as_of(self, day: Option<ServiceDate>) -> Self {
        Self { as_of: day, ..self }
    }

    /// Whether the claim was known on the day that stands for today.
    fn knows(&self, claim: &Claim) -> bool {
        self.as_of.is_none_or(|day| {
            claim.submitted.is_none_or(|submitted| submitted <= day)
                && claim.lines.iter().all(|line| line.dates.through() <= day)
        })
    }

    /// A store for the claims of a run that asks `feed`.
    pub(crate) fn store_of_run(feed: Option<&Self>) -> Result<HistoryStore, RunError> {
        let cache = cache_of_run()?;
        Ok(match feed.map(|feed| &feed.source) {
            Some(Source::Store(store)) => HistoryStore::of_this_run(cache, Some(&*locked(store)))?,
            _ => HistoryStore::of_this_run(cache, None)?,
        })
    }

    /// The claims of the patient of `claim` in the order in which they came, without those of `run`.
    pub(crate) fn of_patient(
        &self,
        claim: &Claim,
        run: Option<(&RunClaims, &[Keyed])>,
    ) -> Result<Vec<Claim>, RunError> {
        let mut found = Vec::new();
        match &self.source {
            Source::Memory(patients) => {
                for earlier in patients.get(patient(claim)).into_iter().flatten() {
                    let is_of_run = match run {
                        Some((run, digests)) => {
                            run.digest(earlier).is_some_and(|digest| digests.contains(&digest))
                        }
                        None => false,
                    };
                    if !is_of_run && self.knows(earlier) {
                        found.push(earlier.clone());
                    }
                }
            }
            Source::Store(store) => {
                let digests = run.map(|(_, digests)| digests).unwrap_or_default();
                let kept = locked(store).around(claim)?.into_iter();
                found.extend(
                    kept.filter(|kept| !digests.contains(&kept.digest) && self.knows(&kept.claim))
                        .map(|kept| kept.claim),
                );
            }
        }
        Ok(found)
    }

    fn within(limit: u64, inputs: Vec<Input>, stop: Stop<'_>) -> Result<Self, RunError> {
        let mut patients: HashMap<String, Vec<Claim>> = HashMap::new();
        let (mut size, mut claims) = (0_u64, 0_u64);
        let mut files = Vec::new();
        let mut claim = Claim::default();
        for input in inputs {
            input.check()?;
            files.extend(input.path().map(PathBuf::from));
            let name = input.name().to_owned();
            let failed = |source| match stop.signal() {
                Some(signal) => RunError::Stopped { signal, claims: 0 },
                None => RunError::Read { input: name.clone(), source },
            };
            let refused =
                |reason: String| RunError::HistoryUnusable { input: name.clone(), reason };
            let options = InputOptions { scratch: Some(scratch()), ..InputOptions::default() };
            let mut reader = input.reader(&options, 1, stop.clone())?;
            while let Some(event) = reader.next(&mut claim).map_err(failed)? {
                if let Event::Error(error) = event {
                    return Err(refused(told(&error)));
                }
                let patient = patient(&claim);
                if patient.is_empty() {
                    let line = claim.location.line;
                    return Err(refused(format!(
                        "line {line}: the claim does not name its patient"
                    )));
                }
                size = size.saturating_add(memory_of(&claim));
                if size > limit {
                    return Err(refused(format!(
                        "it takes more than {} MiB of memory, the most that a history may take",
                        limit >> 20
                    )));
                }
                claims += 1;
                // A copy takes no more memory than it needs; the claim itself is used again.
                patients.entry(patient.to_owned()).or_default().push(claim.clone());
            }
        }
        tracing::info!(claims, "history read");
        Ok(Self { source: Source::Memory(patients), as_of: None, files })
    }
}

/// Memory for the claims of a run, in KiB; what does not fit lies in a file without a name.
fn cache_of_run() -> Result<u32, RunError> {
    const VARIABLE: &str = "CLEANBILL_RUN_CACHE";
    let Some(written) = std::env::var_os(VARIABLE).filter(|written| !written.is_empty()) else {
        return Ok(RUN_CACHE);
    };
    written.to_str().and_then(|written| written.parse().ok()).ok_or_else(|| {
        let reason = format!("it is a whole number of KiB, {RUN_CACHE} unless it is set");
        RunError::HistoryUnusable { input: VARIABLE.to_owned(), reason }
    })
}

/// A thread that panicked has changed nothing of the store: it only asked.
fn locked(store: &Mutex<HistoryStore>) -> MutexGuard<'_, HistoryStore> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

fn patient(claim: &Claim) -> &str {
    // The patient's identifier is compared and goes nowhere.
    claim.text(*claim.patient.id.reveal())
}

/// Bytes of memory, estimated: the texts of a claim are no longer than its bytes in the file.
fn memory_of(claim: &Claim) -> u64 {
    let bytes = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let lines = bytes(claim.lines.len()).saturating_mul(bytes(size_of::<ServiceLine>()));
    let others = &claim.other_payers;
    let others = bytes(others.payers.len() + others.adjudications.len() + others.adjustments.len())
        .saturating_mul(bytes(size_of::<OtherAdjudication>()));
    bytes(size_of::<Claim>())
        .saturating_add(lines)
        .saturating_add(others)
        .saturating_add(claim.rare.as_deref().map_or(0, |rare| bytes(memory_of_rare(rare))))
        .saturating_add(claim.bytes.end.saturating_sub(claim.bytes.start))
}

fn memory_of_rare(rare: &RareFacts) -> usize {
    let lines = rare.of_lines.iter().map(|(_, own)| own);
    let certified = [&rare.of_claim].into_iter().chain(lines).map(|own| own.certifications.len());
    size_of::<RareFacts>()
        + rare.of_lines.len() * size_of::<(usize, Particulars)>()
        + certified.sum::<usize>() * size_of::<Certification>()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use cleanbill_engine::{History, Subject};

    use super::*;
    use crate::surroundings::Surroundings;

    fn claim(id: &str, patient: &str) -> String {
        format!(
            r#"{{"schema":1,"claim_id":"{id}","type":"professional","payer":"P",{patient}"billing_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":[],"charge":"1.00","lines":[{{"number":1,"procedure":"93970","units":"1","charge":"1.00","from":"2026-03-02","through":"2026-03-02"}}]}}"#
        ) + "\n"
    }

    fn read(limit: u64, text: &str) -> Result<HistoryFeed, RunError> {
        let input = Input::stream("earlier.ndjson", Box::new(Cursor::new(text.to_owned())));
        HistoryFeed::within(limit, vec![input], Stop::new(None))
    }

    const ONE: &str = r#""patient":{"id":"ZZPHIZZ"},"#;

    #[test]
    fn a_claim_sees_the_other_claims_of_its_patient_and_no_others() {
        let other = r#""patient":{"id":"ZZOTHER"},"#;
        let text = claim("A", ONE) + &claim("B", other) + &claim("C", ONE);
        let feed = read(LIMIT, &text).unwrap();
        let mut own = Claim::default();
        let id = own.texts.add("ZZPHIZZ");
        own.patient.id = cleanbill_model::Phi::new(id);
        own.claim_id = own.texts.add("C");
        let mut surroundings = Surroundings::new(Some(&feed), None);
        let seen = surroundings.of(&own).unwrap().others();
        assert_eq!(seen.map(|earlier| earlier.claim.id()).collect::<Vec<_>>(), ["A"]);
    }

    #[test]
    fn an_unknown_patient_has_no_history_and_a_claim_without_one_has_none_that_is_known() {
        let feed = read(LIMIT, &claim("A", ONE)).unwrap();
        let mut own = Claim::default();
        let absent = |feed: Option<&HistoryFeed>, claim: &Claim| {
            let mut surroundings = Surroundings::new(feed, None);
            let subject: Subject<'_> = surroundings.of(claim).unwrap();
            matches!(subject.history, History::Absent)
        };
        assert!(absent(Some(&feed), &own));
        let id = own.texts.add("ZZNEW");
        own.patient.id = cleanbill_model::Phi::new(id);
        assert!(!absent(Some(&feed), &own));
        assert!(absent(None, &own));
    }

    #[test]
    fn a_feed_that_is_not_whole_or_too_large_is_refused_and_shows_no_patient() {
        let broken = claim("A", ONE).replace("\"93970\"", "\"939\"");
        for (limit, text, reason) in [
            (LIMIT, broken.as_str(), "line 1: I"),
            (LIMIT, &claim("A", ""), "the claim does not name its patient"),
            (100, &claim("A", ONE), "of memory, the most that a history may take"),
        ] {
            let error = read(limit, text).err().unwrap();
            assert_eq!(error.exit_code(), crate::exit_code::REFUSED);
            let shown = error.to_string();
            assert!(shown.contains(reason) && !shown.contains("ZZPHIZZ"), "{shown}");
        }
    }
}
