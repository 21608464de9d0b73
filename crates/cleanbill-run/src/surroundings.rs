//! A claim among the other claims of its patient: those of the feed and those of the run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use cleanbill_engine::{Beside, History, Subject, Timeline};
use cleanbill_history::Keyed;
use cleanbill_model::Claim;

use crate::error::RunError;
use crate::feed::HistoryFeed;
use crate::run_claims::RunClaims;

/// Lines of patients that are kept once they have been asked for; twice as many at the most.
const LINES_KEPT: usize = 50_000;

/// Finds what is known of the patient of one claim after the other.
pub struct Surroundings<'a> {
    feed: Option<&'a HistoryFeed>,
    run: Option<&'a RunClaims>,
    known: Known,
    beside: Vec<Beside>,
}

/// Member id and tax number of the billing provider: the second decides which claims share it.
type Who = (String, String);

/// Patients that were asked for not long ago. Whether one is among them changes no verdict.
#[derive(Default)]
struct Known {
    young: HashMap<Who, Patient>,
    old: HashMap<Who, Patient>,
    young_lines: usize,
}

/// What is known of one patient.
struct Patient {
    timeline: Timeline,
    /// What tells the claims of the run apart, by rank.
    ranks: Vec<Keyed>,
}

impl Known {
    fn get(
        &mut self,
        who: Who,
        find: impl FnOnce() -> Result<Patient, RunError>,
    ) -> Result<&Patient, RunError> {
        if self.young_lines > LINES_KEPT && !self.young.contains_key(&who) {
            self.old = std::mem::take(&mut self.young);
            self.young_lines = 0;
        }
        Ok(match self.young.entry(who) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let patient = match self.old.remove(place.key()) {
                    Some(patient) => patient,
                    None => find()?,
                };
                let lines: usize = patient.timeline.claims().map(|claim| claim.lines.len()).sum();
                self.young_lines += lines + 1;
                place.insert(patient)
            }
        })
    }
}

impl<'a> Surroundings<'a> {
    /// Asks `feed` for claims that came before this run, and `run` for those of this run.
    #[must_use]
    pub fn new(feed: Option<&'a HistoryFeed>, run: Option<&'a RunClaims>) -> Self {
        Self { feed, run, known: Known::default(), beside: Vec::new() }
    }

    /// The claim with what is known of its patient. Nothing is known of a claim that does not name its
    /// patient.
    ///
    /// # Errors
    /// [`RunError`] when a store cannot be read.
    pub fn of<'s>(&'s mut self, claim: &'s Claim) -> Result<Subject<'s>, RunError> {
        // The identifiers are compared and go nowhere.
        let id = claim.text(*claim.patient.id.reveal());
        if id.is_empty() || (self.feed.is_none() && self.run.is_none()) {
            return Ok(Subject::from(claim));
        }
        let who = (id.to_owned(), claim.text(*claim.tax_id.reveal()).to_owned());
        let (feed, run) = (self.feed, self.run);
        let patient = self.known.get(who, || look(feed, run, claim))?;
        let rank = match run {
            // Of a patient with one claim, or none that can be kept, this is it.
            Some(_) if patient.ranks.len() <= 1 => 1,
            Some(run) => {
                let own = run.digest(claim);
                let place = patient.ranks.iter().position(|rank| Some(*rank) == own);
                place.and_then(|place| u32::try_from(place + 1).ok()).unwrap_or(0)
            }
            None => 0,
        };
        let others = patient.timeline.around(claim, rank, &mut self.beside);
        let history = match feed {
            Some(_) => History::Known(others),
            None => History::OfRun(others),
        };
        Ok(Subject { claim, history, as_of: None })
    }
}

/// Asks the stores for the patient of `claim`.
fn look(
    feed: Option<&HistoryFeed>,
    run: Option<&RunClaims>,
    claim: &Claim,
) -> Result<Patient, RunError> {
    let of_run = run.map_or(Ok(Vec::new()), |run| run.of_patient(claim))?;
    let ranks: Vec<Keyed> = of_run.iter().map(|kept| kept.digest).collect();
    // A claim of this run may be in the feed already, from a run that broke off.
    let earlier = match feed {
        Some(feed) => feed.of_patient(claim, run.map(|run| (run, &*ranks)))?,
        None => Vec::new(),
    };
    let of_run = of_run.into_iter().map(|kept| kept.claim).collect();
    Ok(Patient { timeline: Timeline::with_run(earlier, of_run), ranks })
}
