//! Earlier claims of patients, read whole before the run: the feed that edits which look back ask.
//!
//! It lies in memory and nowhere else. Nothing of it is written or logged; a finding may name a line
//! of it by the control number of its claim.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;

use cleanbill_engine::{History, Subject, Timeline};
use cleanbill_intake::{Event, InputOptions};
use cleanbill_model::{Claim, ServiceLine};

use crate::error::{RunError, told};
use crate::input::{Input, Opened};
use crate::scratch::scratch;
use crate::stop::{Stop, StoppableRead};

/// Most bytes that a feed may take, as they are estimated: 1 GiB.
const LIMIT: u64 = 1 << 30;

/// Earlier claims by patient.
pub struct HistoryFeed {
    patients: HashMap<String, Timeline>,
    pub(crate) files: Vec<PathBuf>,
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

    /// The claim with what the feed knows of its patient. Nothing is known of a claim that does not
    /// name its patient.
    #[must_use]
    pub fn around<'a>(feed: Option<&'a Self>, claim: &'a Claim) -> Subject<'a> {
        static NOTHING: Timeline = Timeline::EMPTY;
        let patient = patient(claim);
        let history = match feed {
            Some(feed) if !patient.is_empty() => {
                History::Known(feed.patients.get(patient).unwrap_or(&NOTHING))
            }
            _ => History::Absent,
        };
        Subject { claim, history }
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
            let Opened { stream, file } = input.open()?;
            let source = StoppableRead { input: stream, stop };
            let options = InputOptions { scratch: Some(scratch()), ..InputOptions::default() };
            let mut reader = cleanbill_columnar::open(source, file, &options, 1).map_err(failed)?;
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
        let timelines = patients.into_iter().map(|(id, claims)| (id, Timeline::new(claims)));
        Ok(Self { patients: timelines.collect(), files })
    }
}

fn patient(claim: &Claim) -> &str {
    // The patient's identifier is compared and goes nowhere.
    claim.text(*claim.patient.id.reveal())
}

/// Bytes of memory, estimated: the texts of a claim are no longer than its bytes in the file.
fn memory_of(claim: &Claim) -> u64 {
    let bytes = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let lines = bytes(claim.lines.len()).saturating_mul(bytes(size_of::<ServiceLine>()));
    bytes(size_of::<Claim>())
        .saturating_add(lines)
        .saturating_add(claim.bytes.end.saturating_sub(claim.bytes.start))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

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
        let seen = HistoryFeed::around(Some(&feed), &own).earlier();
        assert_eq!(seen.map(|earlier| earlier.claim.id()).collect::<Vec<_>>(), ["A"]);
    }

    #[test]
    fn an_unknown_patient_has_no_history_and_a_claim_without_one_has_none_that_is_known() {
        let feed = read(LIMIT, &claim("A", ONE)).unwrap();
        let mut own = Claim::default();
        let absent = |subject: Subject<'_>| matches!(subject.history, History::Absent);
        assert!(absent(HistoryFeed::around(Some(&feed), &own)));
        let id = own.texts.add("ZZNEW");
        own.patient.id = cleanbill_model::Phi::new(id);
        assert!(!absent(HistoryFeed::around(Some(&feed), &own)));
        assert!(absent(HistoryFeed::around(None, &own)));
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
