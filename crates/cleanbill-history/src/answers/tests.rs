//! Marks follow the answer that stands, in whichever order answers come and however often.

use super::*;
use crate::maintain::Which;
use crate::store::Access;
use crate::tests::{Fresh, add, claim};

/// A claim of two lines.
fn two(id: &str) -> Claim {
    let mut two = claim(id, "P", 20_260_302);
    two.lines.push(two.lines[0]);
    two.lines[1].number = 2;
    two
}

fn store(fresh: &Fresh) -> HistoryStore {
    let mut store = fresh.open(Access::Create);
    add(&mut store, &[two("A"), claim("B", "P", 20_260_302)]);
    store
}

fn answer(line: u32, day: i32, word: AnswerWord) -> LineAnswer {
    let day = ServiceDate::from_yyyymmdd(day);
    LineAnswer { line, day, is_of_later_payer: false, word }
}

fn take(store: &mut HistoryStore, id: &str, answers: &[LineAnswer]) -> Marked {
    let mut change = store.answers();
    let claims = change.claims(id).unwrap();
    let [claim] = claims.as_slice() else { panic!("{claims:?}") };
    change.take(claim, answers);
    change.commit().unwrap()
}

fn denied(store: &HistoryStore, id: &str) -> Vec<u32> {
    let mut denied = Vec::new();
    store
        .each(Which::Claim(id), |shown| {
            denied = shown.denied.unwrap_or_else(|| vec![u32::MAX]);
            true
        })
        .unwrap();
    denied
}

pub(crate) fn a_denial_marks_and_what_comes_later_takes_the_mark_away(fresh: &Fresh) {
    let mut store = store(fresh);
    let denial = answer(2, 20_260_401, AnswerWord::Denied);
    assert_eq!(take(&mut store, "A", &[denial]), Marked { denied: 1, ..Marked::default() });
    assert_eq!(denied(&store, "A"), [2]);
    // The same advice again changes nothing.
    assert_eq!(take(&mut store, "A", &[denial]), Marked { as_before: 1, ..Marked::default() });
    let reversal = answer(2, 20_260_501, AnswerWord::Reversed);
    assert_eq!(take(&mut store, "A", &[reversal]), Marked { restored: 1, ..Marked::default() });
    assert_eq!(denied(&store, "A"), [0; 0]);
    // The old denial read once more does not come back.
    assert_eq!(take(&mut store, "A", &[denial]), Marked { as_before: 1, ..Marked::default() });
    assert_eq!(denied(&store, "A"), [0; 0]);
    // Corrected on the day of the reversal, which may stand in front of it or behind.
    take(&mut store, "A", &[answer(2, 20_260_501, AnswerWord::Denied), reversal]);
    assert_eq!(denied(&store, "A"), [2]);
    take(&mut store, "A", &[answer(2, 20_260_601, AnswerWord::Paid)]);
    assert_eq!(denied(&store, "A"), [0; 0]);
}

pub(crate) fn what_stands_does_not_depend_on_the_order_of_reading(fresh: &Fresh) {
    let answers = [
        answer(1, 20_260_401, AnswerWord::Denied),
        answer(1, 20_260_501, AnswerWord::Reversed),
        answer(1, 20_260_501, AnswerWord::Denied),
        LineAnswer { is_of_later_payer: true, ..answer(1, 20_260_601, AnswerWord::Paid) },
    ];
    let mut store = fresh.open(Access::Create);
    for turn in 0..answers.len() {
        let id = format!("A{turn}");
        add(&mut store, &[two(&id)]);
        let mut turned = answers;
        turned.rotate_left(turn);
        // Together, and one after the other.
        take(&mut store, &id, &turned[..2]);
        for answer in &turned[2..] {
            take(&mut store, &id, &[*answer]);
        }
        assert_eq!(denied(&store, &id), [1], "{turn}");
    }
}

pub(crate) fn a_mark_by_hand_stays_whatever_is_answered(fresh: &Fresh) {
    let mut store = store(fresh);
    store.deny("A", &[1]).unwrap();
    take(&mut store, "A", &[answer(1, 20_260_401, AnswerWord::Paid)]);
    assert_eq!(denied(&store, "A"), [1]);
    take(&mut store, "A", &[answer(2, 20_260_401, AnswerWord::Denied)]);
    store.deny("A", &[2]).unwrap();
    take(&mut store, "A", &[answer(2, 20_260_501, AnswerWord::Paid)]);
    assert_eq!(denied(&store, "A"), [1, 2]);
    store.deny("A", &[]).unwrap();
    take(&mut store, "A", &[answer(2, 20_260_601, AnswerWord::Paid)]);
    assert_eq!(denied(&store, "A"), [u32::MAX], "the claim as a whole");
}

pub(crate) fn answers_go_with_their_claims(fresh: &Fresh) {
    let mut store = store(fresh);
    take(&mut store, "A", &[answer(1, 20_260_401, AnswerWord::Denied)]);
    store.prune(ServiceDate::new(2026, 3, 3).unwrap()).unwrap();
    add(&mut store, &[two("A")]);
    assert_eq!(denied(&store, "A"), [0; 0]);
    // Nothing is known of the denial any more, so a payment of an earlier day stands.
    assert_eq!(take(&mut store, "A", &[answer(1, 20_260_301, AnswerWord::Denied)]).denied, 1);
    assert!(store.verify().unwrap().is_empty());
}
