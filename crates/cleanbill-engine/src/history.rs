//! Other claims of the patient, and which of them count beside the claim in hand.

use std::collections::HashMap;

use cleanbill_model::{Claim, Frequency, Standing};

use crate::edit::Subject;
use crate::truth::Truth;

/// The claims of one patient: those that came before this run, in the order in which they came, and
/// those of this run, in an order of their own. Claims that were denied or rejected must not be handed
/// in: nothing on a claim tells them from others.
#[derive(Clone, Debug, Default)]
pub struct Timeline(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    claim: Claim,
    rank: u32,
    /// Whether no other claim here replaces or voids it, or is a later edition of it.
    stands: bool,
    /// Whether it replaces or voids a claim that is not here by that name, so that it may be any.
    is_open: bool,
}

impl Timeline {
    /// No claims.
    pub const EMPTY: Self = Self(Vec::new());

    /// Claims that came before this run, in their order.
    #[must_use]
    pub fn new(earlier: Vec<Claim>) -> Self {
        Self::with_run(earlier, Vec::new())
    }

    /// Claims that came before this run, and those of this run in the order in which they count as
    /// having come. That order must not depend on the order of the files: the rank of a claim of the
    /// run is its place in it, from 1.
    #[must_use]
    pub fn with_run(earlier: Vec<Claim>, run: Vec<Claim>) -> Self {
        let earlier = earlier.into_iter().map(|claim| (claim, 0));
        let all = earlier.chain(run.into_iter().zip(1..));
        let mut entries: Vec<Entry> =
            all.map(|(claim, rank)| Entry { claim, rank, stands: true, is_open: false }).collect();
        let claims: Vec<&Claim> = entries.iter().map(|entry| &entry.claim).collect();
        let found = fates(&claims);
        for (entry, fate) in entries.iter_mut().zip(found) {
            let is_void = entry.claim.frequency == Some(Frequency::VOID);
            entry.stands = !is_void && fate.ended_by.is_none();
            entry.is_open = fate.is_open;
        }
        Self(entries)
    }

    /// The claims that count, in their order.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.0.iter().filter(|entry| entry.stands).map(|entry| &entry.claim)
    }

    /// The claims that count beside `claim`: never itself, nor what it replaces or voids, nor what
    /// replaces or voids it. `rank` is its place among the claims of this run, from 1; 0 when it is not
    /// among them. `beside` is memory that is used again.
    pub fn around<'a>(
        &'a self,
        claim: &Claim,
        rank: u32,
        beside: &'a mut Vec<Beside>,
    ) -> Others<'a> {
        beside.clear();
        let is_itself = |entry: &Entry| rank != 0 && entry.rank == rank;
        let mut names_one = false;
        for (place, entry) in self.0.iter().enumerate() {
            if is_itself(entry) {
                continue;
            }
            if is_one(claim, &entry.claim) {
                names_one = true;
            } else if entry.stands {
                let standing = match entry.rank {
                    0 => Standing::Earlier,
                    other if other < rank => Standing::BesideFirst,
                    _ => Standing::BesideLater,
                };
                let counts =
                    if entry.is_open && !standing.is_first() { Truth::Unknown } else { Truth::Yes };
                beside.push(Beside { place, counts, standing });
            }
        }
        if corrects(claim) && !names_one {
            for other in beside.iter_mut().filter(|other| other.standing.is_first()) {
                other.counts = Truth::Unknown;
            }
        }
        Others { timeline: self, beside }
    }
}

/// What becomes of a claim among the other claims of its patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Place of the last claim that replaces or voids it, or is a later edition of it.
    pub ended_by: Option<usize>,
    /// Whether it replaces or voids a claim that is not among them by that name.
    pub is_open: bool,
}

/// What becomes of each of the claims of one patient, in the order in which they came.
#[must_use]
pub fn fates(claims: &[&Claim]) -> Vec<Fate> {
    // Only a claim of the same number, or one that corrects, can end another.
    let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut correcting = Vec::new();
    for (place, claim) in claims.iter().enumerate() {
        by_id.entry(claim.id()).or_default().push(place);
        if corrects(claim) {
            correcting.push(place);
        }
    }
    let judge = |(place, claim): (usize, &&Claim)| {
        let twins = by_id.get(claim.id()).into_iter().flatten();
        let others = || {
            let all = correcting.iter().chain(twins.clone()).filter(|other| **other != place);
            all.filter_map(|at| Some((*at, *claims.get(*at)?)))
        };
        let ends = |(at, other): &(usize, &Claim)| {
            corrects(other) && names(other, claim)
                || *at > place && (supersedes(other, claim) || is_same(other, claim))
        };
        let ended_by = others().filter(ends).map(|(at, _)| at).max();
        let named = || by_id.get(claim.text(claim.original_reference)).into_iter().flatten();
        let names_one = || {
            named().any(|other| *other != place) || others().any(|(_, other)| is_one(claim, other))
        };
        Fate { ended_by, is_open: corrects(claim) && !names_one() }
    };
    claims.iter().enumerate().map(judge).collect()
}

/// What is known of the patient's other claims.
#[derive(Clone, Copy, Debug)]
pub enum History<'a> {
    /// Nothing is known of any.
    Absent,
    /// There is no feed of earlier ones; these are those of this run.
    OfRun(Others<'a>),
    /// There is a feed of earlier ones, and these are all that it has, possibly none, with those of
    /// this run.
    Known(Others<'a>),
}

/// The claims that count beside the claim in hand.
#[derive(Clone, Copy, Debug)]
pub struct Others<'a> {
    timeline: &'a Timeline,
    beside: &'a [Beside],
}

impl Others<'_> {
    /// None.
    pub const NONE: Self = Self { timeline: &Timeline::EMPTY, beside: &[] };
}

/// A claim of a timeline that counts beside the claim in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    place: usize,
    counts: Truth,
    standing: Standing,
}

impl History<'_> {
    /// Whether there is a feed of claims that came before this run.
    #[must_use]
    pub const fn has_feed(self) -> bool {
        matches!(self, Self::Known(_))
    }
}

/// Another claim of the patient beside the claim in hand.
#[derive(Clone, Copy, Debug)]
pub struct Another<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Whether it stands beside the claim in hand: unknown where the later one of the two replaces or
    /// voids a claim which nothing here names, so that it may be any of them.
    pub counts: Truth,
    /// Which of the two came first.
    pub standing: Standing,
}

impl<'a> Subject<'a> {
    /// The other claims that count beside the claim in hand. None where nothing is known.
    pub fn others(self) -> impl Iterator<Item = Another<'a>> {
        let others = match self.history {
            History::Absent => Others::NONE,
            History::OfRun(others) | History::Known(others) => others,
        };
        others.beside.iter().filter_map(move |beside| {
            let claim = &others.timeline.0.get(beside.place)?.claim;
            Some(Another { claim, counts: beside.counts, standing: beside.standing })
        })
    }
}

/// Whether a claim replaces or voids another one.
fn corrects(claim: &Claim) -> bool {
    matches!(claim.frequency, Some(Frequency::REPLACEMENT | Frequency::VOID))
}

/// Whether `claim` names `other` as the claim that it replaces or voids.
fn names(claim: &Claim, other: &Claim) -> bool {
    same_text(claim.text(claim.original_reference), other.id())
}

/// Whether `later` replaces or voids `earlier`, or both replace one and the same claim.
fn supersedes(later: &Claim, earlier: &Claim) -> bool {
    let references = [later, earlier].map(|claim| claim.text(claim.original_reference));
    corrects(later)
        && (same_text(later.id(), earlier.id())
            || names(later, earlier)
            || same_text(references[0], references[1]))
}

/// Whether at most one of the two counts.
fn is_one(a: &Claim, b: &Claim) -> bool {
    is_same(a, b) || supersedes(a, b) || supersedes(b, a)
}

/// Whether the two are one claim, handed in twice: they have one number and a day of service in
/// common. Some offices write the number of the account on every claim of a patient; claims of
/// different days that share it are different claims.
fn is_same(a: &Claim, b: &Claim) -> bool {
    let share_a_day = || {
        let mut days = b.lines.iter().map(|line| line.dates);
        days.any(|dates| a.lines.iter().any(|line| line.dates.intersect(dates).is_some()))
    };
    same_text(a.id(), b.id()) && (a.lines.is_empty() || b.lines.is_empty() || share_a_day())
}

/// Two texts that are missing are not the same.
fn same_text(a: &str, b: &str) -> bool {
    !a.is_empty() && a == b
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(id: &str, frequency: &[u8], original: &str) -> Claim {
        let mut claim = Claim { frequency: Frequency::new(frequency), ..Claim::default() };
        claim.claim_id = claim.texts.add(id);
        claim.original_reference = claim.texts.add(original);
        claim
    }

    fn counted(claim: &Claim, history: &[Claim]) -> Vec<(String, Truth)> {
        let timeline = Timeline::new(history.to_vec());
        let mut beside = Vec::new();
        let others = timeline.around(claim, 0, &mut beside);
        let subject = Subject { claim, history: History::Known(others), as_of: None };
        subject.others().map(|other| (other.claim.id().to_owned(), other.counts)).collect()
    }

    #[test]
    fn a_claim_is_not_its_own_history() {
        let history = [claim("A", b"1", ""), claim("B", b"1", "")];
        assert_eq!(counted(&claim("A", b"1", ""), &history), [("B".to_owned(), Truth::Yes)]);
        assert!(Subject::from(&history[0]).others().next().is_none());
    }

    #[test]
    fn a_replacement_stands_in_for_the_claim_that_it_names() {
        let history = [claim("A", b"1", ""), claim("B", b"1", "")];
        let wanted = [("B".to_owned(), Truth::Yes)];
        assert_eq!(counted(&claim("C", b"7", "A"), &history), wanted);
        assert_eq!(counted(&claim("A", b"7", "ICN1"), &history), wanted);
        let twice = [claim("A", b"7", "ICN1"), claim("B", b"1", "")];
        assert_eq!(counted(&claim("C", b"7", "ICN1"), &twice), wanted);
    }

    #[test]
    fn a_replacement_of_a_claim_that_nothing_names_leaves_open_which_one_counts() {
        let history = [claim("A", b"1", ""), claim("B", b"1", "")];
        let open = ["A", "B"].map(|id| (id.to_owned(), Truth::Unknown));
        assert_eq!(counted(&claim("C", b"7", "ICN1"), &history), open);
    }

    #[test]
    fn what_was_replaced_or_voided_is_history_no_more() {
        let history = [
            claim("A", b"1", ""),
            claim("B", b"7", "A"),
            claim("C", b"1", ""),
            claim("D", b"8", "C"),
        ];
        let left = Timeline::new(history.to_vec());
        let left: Vec<&str> = left.claims().map(Claim::id).collect();
        assert_eq!(left, ["B"]);
    }
}
