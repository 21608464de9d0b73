//! Which claims of a batch are new, and the number of each.

use std::collections::HashSet;

use crate::backend::NewRow;
use crate::batch::Added;
use crate::key::Keyed;

/// Numbers the rows of a batch, once for each time that it is tried.
pub(super) struct Numbering {
    /// Whether the batch has the same claim before it already.
    repeats: Vec<bool>,
    /// The number that each row was given when it was last tried.
    given: Vec<Option<i64>>,
    /// Whether a row that is there already was put there by a try whose answer was lost.
    is_ours: Vec<bool>,
}

impl Numbering {
    pub(super) fn new(rows: &[NewRow<'_>]) -> Self {
        let mut seen: HashSet<(Keyed, Keyed)> = HashSet::with_capacity(rows.len());
        let repeats = rows.iter().map(|row| !seen.insert((row.patient, row.digest))).collect();
        Self { repeats, given: vec![None; rows.len()], is_ours: vec![false; rows.len()] }
    }

    /// Numbers the rows from `next` on, but for those that are `there`, by their place from 1, under the
    /// number that stands beside it. Gives back the number behind the last one.
    pub(super) fn number(&mut self, mut next: i64, there: impl Iterator<Item = (i64, i64)>) -> i64 {
        let mut number_there = vec![None; self.repeats.len()];
        for (place, sequence) in there {
            let place = usize::try_from(place - 1).ok();
            if let Some(slot) = place.and_then(|place| number_there.get_mut(place)) {
                *slot = Some(sequence);
            }
        }
        let states = self.given.iter_mut().zip(&mut self.is_ours);
        for ((there, repeats), (given, is_ours)) in
            number_there.iter().zip(&self.repeats).zip(states)
        {
            match there {
                Some(sequence) => {
                    *is_ours |= !repeats && *given == Some(*sequence);
                    *given = None;
                }
                None if *repeats => {}
                None => {
                    (*given, *is_ours) = (Some(next), false);
                    next += 1;
                }
            }
        }
        next
    }

    /// The rows that are to be put there now, with their numbers.
    pub(super) fn new_rows<'a, 'b>(&self, rows: &'a [NewRow<'b>]) -> Vec<(i64, &'a NewRow<'b>)> {
        let numbered = self.given.iter().zip(rows);
        numbered.filter_map(|(given, row)| Some(((*given)?, row))).collect()
    }

    /// What became of the batch.
    pub(super) fn added(&self) -> Added {
        let states = self.given.iter().zip(&self.is_ours);
        let new = states.filter(|(given, is_ours)| given.is_some() || **is_ours).count();
        let [new, all] = [new, self.given.len()].map(|count| u64::try_from(count).unwrap_or(0));
        Added { new, known: all - new }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(digest: u8) -> NewRow<'static> {
        NewRow { patient: [1; 16], digest: [digest; 16], last: 0, id: "", record: &[] }
    }

    fn numbers(numbering: &Numbering, rows: &[NewRow<'_>]) -> Vec<(i64, u8)> {
        let new = numbering.new_rows(rows);
        new.iter().map(|(sequence, row)| (*sequence, row.digest[0])).collect()
    }

    #[test]
    fn new_claims_are_numbered_without_a_gap_and_each_once() {
        let rows = [row(1), row(2), row(1), row(3)];
        let mut numbering = Numbering::new(&rows);
        assert_eq!(numbering.number(7, [(2, 4)].into_iter()), 9);
        assert_eq!(numbers(&numbering, &rows), [(7, 1), (8, 3)]);
        assert_eq!(numbering.added(), Added { new: 2, known: 2 });
    }

    #[test]
    fn a_batch_that_was_committed_without_an_answer_is_counted_as_new_and_not_added_again() {
        let rows = [row(1), row(2), row(3)];
        let mut numbering = Numbering::new(&rows);
        assert_eq!(numbering.number(7, [(2, 4)].into_iter()), 9);
        assert_eq!(numbering.number(9, [(1, 7), (2, 4), (3, 8)].into_iter()), 9);
        assert_eq!(numbers(&numbering, &rows), []);
        assert_eq!(numbering.added(), Added { new: 2, known: 1 });
        // Once more, and the answer is lost again.
        assert_eq!(numbering.number(9, [(1, 7), (2, 4), (3, 8)].into_iter()), 9);
        assert_eq!(numbering.added(), Added { new: 2, known: 1 });
    }

    #[test]
    fn a_batch_that_was_lost_is_numbered_anew_behind_what_others_added() {
        let rows = [row(1), row(2)];
        let mut numbering = Numbering::new(&rows);
        assert_eq!(numbering.number(7, [].into_iter()), 9);
        // Another writer took 7 and 8, and one of the claims is ours.
        assert_eq!(numbering.number(9, [(2, 7)].into_iter()), 10);
        assert_eq!(numbers(&numbering, &rows), [(9, 1)]);
        assert_eq!(numbering.added(), Added { new: 1, known: 1 });
    }
}
