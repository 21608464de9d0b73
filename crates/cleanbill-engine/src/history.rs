//! Earlier claims of the patient, and which of them count beside the claim in hand.

use cleanbill_model::{Claim, Frequency};

use crate::edit::Subject;
use crate::truth::Truth;

/// The earlier claims of one patient in the order in which they came, without those that a later one
/// replaces or voids. Claims that were denied or rejected must not be handed in: nothing on a claim
/// tells them from others.
#[derive(Clone, Debug, Default)]
pub struct Timeline(Vec<Claim>);

impl Timeline {
    /// No claims.
    pub const EMPTY: Self = Self(Vec::new());

    /// Keeps of `claims`, in their order, those that still count.
    #[must_use]
    pub fn new(claims: Vec<Claim>) -> Self {
        let counts: Vec<bool> = claims
            .iter()
            .enumerate()
            .map(|(place, claim)| {
                let later = |(at, other): (usize, &Claim)| {
                    at != place
                        && (corrects(other) && names(other, claim)
                            || at > place && supersedes(other, claim))
                };
                claim.frequency != Some(Frequency::VOID) && !claims.iter().enumerate().any(later)
            })
            .collect();
        let counted = claims.into_iter().zip(counts).filter(|(_, counts)| *counts);
        Self(counted.map(|(claim, _)| claim).collect())
    }

    /// The claims in their order.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.0
    }
}

/// What is known of the patient's earlier claims.
#[derive(Clone, Copy, Debug)]
pub enum History<'a> {
    /// There is no feed of them: nothing is known.
    Absent,
    /// There is a feed, and these are all that it has, possibly none.
    Known(&'a Timeline),
}

/// An earlier claim beside the claim in hand.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Whether it stands beside the claim in hand: unknown where that one replaces or voids a claim
    /// which the history does not name, so that it may be any of them.
    pub counts: Truth,
}

impl<'a> Subject<'a> {
    /// The earlier claims that count beside the claim in hand: never itself, nor what it replaces or
    /// voids, nor what replaces or voids it. None where nothing is known.
    pub fn earlier(self) -> impl Iterator<Item = Earlier<'a>> {
        let known = match self.history {
            History::Absent => &[][..],
            History::Known(timeline) => timeline.claims(),
        };
        let claim = self.claim;
        let is_same = move |other: &Claim| {
            same_text(claim.id(), other.id())
                || supersedes(claim, other)
                || supersedes(other, claim)
        };
        let is_open = corrects(claim) && !known.iter().any(is_same);
        let counts = if is_open { Truth::Unknown } else { Truth::Yes };
        let beside = known.iter().filter(move |other| !is_same(other));
        beside.map(move |claim| Earlier { claim, counts })
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
        let subject = Subject { claim, history: History::Known(&timeline) };
        subject.earlier().map(|earlier| (earlier.claim.id().to_owned(), earlier.counts)).collect()
    }

    #[test]
    fn a_claim_is_not_its_own_history() {
        let history = [claim("A", b"1", ""), claim("B", b"1", "")];
        assert_eq!(counted(&claim("A", b"1", ""), &history), [("B".to_owned(), Truth::Yes)]);
        assert!(Subject::from(&history[0]).earlier().next().is_none());
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
        let left: Vec<&str> = left.claims().iter().map(Claim::id).collect();
        assert_eq!(left, ["B"]);
    }
}
