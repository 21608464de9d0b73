//! A claim among the other claims of its patient: those of the feed and those of the run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

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
    /// Memory for [`name`] of the patient in hand.
    who: String,
    beside: Vec<Beside>,
}

/// Patients that were asked for not long ago, by [`name`]. Whether one is among them changes no verdict.
#[derive(Default)]
struct Known {
    young: HashMap<Arc<str>, Patient>,
    old: HashMap<Arc<str>, Patient>,
    young_lines: usize,
}

/// What is known of one patient.
struct Patient {
    timeline: Timeline,
    /// The claims of the run, by rank.
    ranks: Vec<Ranked>,
}

/// What tells a claim of the run from others.
struct Ranked {
    digest: Keyed,
    /// Hash of its control number, which is cheap to have and tells most claims of a patient apart.
    number: u64,
}

impl Patient {
    /// The rank of `claim` among the claims of the run; 0 of one that is none of them.
    fn rank(&self, claim: &Claim, run: &RunClaims) -> u32 {
        // Of a patient with one claim, or none that can be kept, this is it.
        if self.ranks.len() <= 1 {
            return 1;
        }
        let place = match (self.only_one_numbered(claim), claim.lines.is_empty()) {
            (Some(place), false) => Some(place),
            _ => {
                let own = run.digest(claim);
                self.ranks.iter().position(|rank| Some(rank.digest) == own)
            }
        };
        place.and_then(|place| u32::try_from(place + 1).ok()).unwrap_or(0)
    }

    /// The place of the claim that has the number of `claim`, where no other one has.
    fn only_one_numbered(&self, claim: &Claim) -> Option<usize> {
        let number = number(claim);
        let mut places = (0..).zip(&self.ranks).filter(|(_, rank)| rank.number == number);
        let (place, _) = places.next()?;
        places.next().is_none().then_some(place)
    }
}

fn number(claim: &Claim) -> u64 {
    let mut hash = DefaultHasher::new();
    claim.id().hash(&mut hash);
    hash.finish()
}

/// Writes what a patient is known by into `name`: member id and tax number of the billing provider, which
/// decides which claims share it.
fn name(name: &mut String, id: &str, tax: &str) {
    name.clear();
    // Writing to a string does not fail. The length tells where the id ends.
    let _ = write!(name, "{} {id}{tax}", id.len());
}

impl Known {
    fn get(
        &mut self,
        who: &str,
        find: impl FnOnce() -> Result<Patient, RunError>,
    ) -> Result<&Patient, RunError> {
        let who = match self.young.get_key_value(who) {
            Some((who, _)) => Arc::clone(who),
            None => Arc::from(who),
        };
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
        Self { feed, run, known: Known::default(), who: String::new(), beside: Vec::new() }
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
        name(&mut self.who, id, claim.text(*claim.tax_id.reveal()));
        let (feed, run) = (self.feed, self.run);
        let patient = self.known.get(&self.who, || look(feed, run, claim))?;
        let rank = run.map_or(0, |run| patient.rank(claim, run));
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
    let digests: Vec<Keyed> = of_run.iter().map(|kept| kept.digest).collect();
    let ranks = of_run.iter();
    let ranks = ranks.map(|kept| Ranked { digest: kept.digest, number: number(&kept.claim) });
    let ranks = ranks.collect();
    // A claim of this run may be in the feed already, from a run that broke off.
    let earlier = match feed {
        Some(feed) => feed.of_patient(claim, run.map(|run| (run, &*digests)))?,
        None => Vec::new(),
    };
    let of_run = of_run.into_iter().map(|kept| kept.claim).collect();
    Ok(Patient { timeline: Timeline::with_run(earlier, of_run), ranks })
}
