//! Marks follow the answer that stands, in whichever order answers come and however often.

use super::*;
use crate::maintain::Which;
use crate::store::Access;
use crate::store::tests::{add, claim};

fn store(folder: &tempfile::TempDir) -> HistoryStore {
    let path = folder.path().join("claims.db");
    let mut store = HistoryStore::open(&path, None, Access::Create).unwrap();
    let mut two = claim("A", "P", 20_260_302);
    two.lines.push(two.lines[0]);
    two.lines[1].number = 2;
    add(&mut store, &[two, claim("B", "P", 20_260_302)]);
    store
}

fn answer(line: u32, day: i32, word: AnswerWord) -> LineAnswer {
    let day = ServiceDate::from_yyyymmdd(day);
    LineAnswer { line, day, is_of_later_payer: false, word }
}

fn take(store: &mut HistoryStore, answers: &[LineAnswer]) -> Marked {
    let mut change = store.answers().unwrap();
    let claims = change.claims("A").unwrap();
    let [claim] = claims.as_slice() else { panic!("{claims:?}") };
    let mut all = Marked::default();
    for answer in answers {
        let marked = change.take(claim, std::slice::from_ref(answer)).unwrap();
        all.denied += marked.denied;
        all.restored += marked.restored;
        all.as_before += marked.as_before;
    }
    change.commit().unwrap();
    all
}

fn denied(store: &HistoryStore) -> Vec<u32> {
    let mut denied = Vec::new();
    store
        .each(Which::Claim("A"), |shown| {
            denied = shown.denied.unwrap_or_else(|| vec![u32::MAX]);
            true
        })
        .unwrap();
    denied
}

#[test]
fn a_denial_marks_and_what_comes_later_takes_the_mark_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    let denial = answer(2, 20_260_401, AnswerWord::Denied);
    assert_eq!(take(&mut store, &[denial]), Marked { denied: 1, ..Marked::default() });
    assert_eq!(denied(&store), [2]);
    // The same advice again changes nothing.
    assert_eq!(take(&mut store, &[denial]), Marked { as_before: 1, ..Marked::default() });
    let reversal = answer(2, 20_260_501, AnswerWord::Reversed);
    assert_eq!(take(&mut store, &[reversal]), Marked { restored: 1, ..Marked::default() });
    assert_eq!(denied(&store), [0; 0]);
    // The old denial read once more does not come back.
    assert_eq!(take(&mut store, &[denial]), Marked { as_before: 1, ..Marked::default() });
    assert_eq!(denied(&store), [0; 0]);
    // Corrected on the day of the reversal, which may stand in front of it or behind.
    take(&mut store, &[answer(2, 20_260_501, AnswerWord::Denied), reversal]);
    assert_eq!(denied(&store), [2]);
    take(&mut store, &[answer(2, 20_260_601, AnswerWord::Paid)]);
    assert_eq!(denied(&store), [0; 0]);
}

#[test]
fn what_stands_does_not_depend_on_the_order_of_reading() {
    let answers = [
        answer(1, 20_260_401, AnswerWord::Denied),
        answer(1, 20_260_501, AnswerWord::Reversed),
        answer(1, 20_260_501, AnswerWord::Denied),
        LineAnswer { is_of_later_payer: true, ..answer(1, 20_260_601, AnswerWord::Paid) },
    ];
    for turn in 0..answers.len() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(&folder);
        let mut turned = answers;
        turned.rotate_left(turn);
        take(&mut store, &turned);
        assert_eq!(denied(&store), [1], "{turn}");
    }
}

#[test]
fn a_mark_by_hand_stays_whatever_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    store.deny("A", &[1]).unwrap();
    take(&mut store, &[answer(1, 20_260_401, AnswerWord::Paid)]);
    assert_eq!(denied(&store), [1]);
    take(&mut store, &[answer(2, 20_260_401, AnswerWord::Denied)]);
    store.deny("A", &[2]).unwrap();
    take(&mut store, &[answer(2, 20_260_501, AnswerWord::Paid)]);
    assert_eq!(denied(&store), [1, 2]);
    store.deny("A", &[]).unwrap();
    take(&mut store, &[answer(2, 20_260_601, AnswerWord::Paid)]);
    assert_eq!(denied(&store), [u32::MAX], "the claim as a whole");
}

#[test]
fn answers_go_with_their_claims() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(&folder);
    take(&mut store, &[answer(1, 20_260_401, AnswerWord::Denied)]);
    let count = |store: &HistoryStore| {
        let ask = "SELECT count(*) FROM answer";
        store.database.query_row(ask, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(count(&store), 1);
    store.prune(ServiceDate::new(2026, 3, 3).unwrap()).unwrap();
    assert_eq!(count(&store), 0);
    assert!(store.verify().unwrap().is_empty());
}
