//! T-MSIS: the original and its adjustments are a family, and the one adjudicated last is the last word.
//!
//! An original has its ICN in `ICN-ORIG`; an adjustment names the original there and itself in `ICN-ADJ`. Some
//! states name the claim that is adjusted last instead of the original, so that a family is a chain. The indicator
//! is 0 for an original, 1 for a void, 4 for a replacement. A line of the last word whose own indicator is 1 is
//! void.

use std::collections::{BTreeMap, HashMap};

use cleanbill_history::VersionRecord;
use cleanbill_model::FinalAction;

use super::preset::Verdicts;

const VOID: u8 = b'1';

/// Whether it is told which family the claim is of.
pub(super) fn knows(version: &VersionRecord) -> bool {
    !(version.number.is_empty() && version.own_number.is_empty())
}

/// Decides on the claims of one patient.
pub(super) fn decide(versions: &[VersionRecord], verdicts: &mut Verdicts<'_>) {
    let mut families: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, family) in families_of(versions).into_iter().enumerate() {
        if versions.get(place).is_some_and(knows) {
            families.entry(family).or_default().push(place);
        }
    }
    for mut family in families.into_values() {
        family.sort_by(|a, b| {
            let key = |place: &usize| {
                versions.get(*place).map(|one| {
                    let rank = (one.effective, order(one), &one.own_number);
                    (rank, &one.id, one.digest, one.place)
                })
            };
            key(a).cmp(&key(b))
        });
        settle(versions, &family, verdicts);
    }
}

/// Versions of one day: the original, its void, what comes in its place.
fn order(version: &VersionRecord) -> u8 {
    match kind(version) {
        b'0' | 0 => 0,
        VOID => 1,
        _ => 2,
    }
}

/// What the version does as a whole: a void where all of its lines are.
fn kind(version: &VersionRecord) -> u8 {
    let kinds = || version.lines.iter().map(|line| line.adjustment);
    kinds().find(|kind| *kind != VOID).or_else(|| kinds().next()).unwrap_or(0)
}

fn settle(versions: &[VersionRecord], family: &[usize], verdicts: &mut Verdicts<'_>) {
    let at = |place: usize| versions.get(place);
    let mut kept: Vec<(usize, &VersionRecord)> = Vec::new();
    for place in family {
        let Some(version) = at(*place) else { continue };
        let same = |known: &&(usize, &VersionRecord)| {
            let known = known.1;
            (&known.id, known.digest, known.effective, &known.own_number, kind(known))
                == (
                    &version.id,
                    version.digest,
                    version.effective,
                    &version.own_number,
                    kind(version),
                )
        };
        match kept.iter().find(same) {
            Some((by, _)) => verdicts.claim(*place, FinalAction::Repeated, Some(*by)),
            None => kept.push((*place, version)),
        }
    }
    let Some((last, word)) = kept.last().copied() else { return };
    // A void of the same day that names the last word takes it back.
    let names_last = |(_, other): &&(usize, &VersionRecord)| {
        kind(other) == VOID && !word.own_number.is_empty() && other.number == word.own_number
    };
    let void = if kind(word) == VOID {
        Some(last)
    } else {
        kept.iter().find(names_last).map(|(place, _)| *place)
    };
    let has_original = kept.iter().any(|(_, version)| kind(version) != VOID && order(version) == 0);
    for (place, version) in &kept {
        match void {
            _ if kind(version) == VOID => verdicts.claim(*place, FinalAction::Void, None),
            Some(void) => verdicts.claim(*place, FinalAction::Voided, Some(void)),
            None if *place != last => verdicts.claim(*place, FinalAction::Superseded, Some(last)),
            None => {
                if !has_original {
                    verdicts.claim(*place, FinalAction::Orphan, None);
                }
                for (line, _) in
                    version.lines.iter().enumerate().filter(|(_, line)| line.adjustment == VOID)
                {
                    verdicts.line((*place, line), FinalAction::Voided, Some(*place));
                }
            }
        }
    }
}

/// Of each version a number that it shares with those of its family: versions that share an ICN are one.
fn families_of(versions: &[VersionRecord]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..versions.len()).collect();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (place, version) in versions.iter().enumerate() {
        for icn in [version.number.as_str(), version.own_number.as_str()] {
            if icn.is_empty() {
                continue;
            }
            let known = *first.entry(icn).or_insert(place);
            let (a, b) = (root(&parent, known), root(&parent, place));
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    (0..versions.len()).map(|place| root(&parent, place)).collect()
}

fn root(parent: &[usize], mut place: usize) -> usize {
    while let Some(next) = parent.get(place).filter(|next| **next != place) {
        place = *next;
    }
    place
}
