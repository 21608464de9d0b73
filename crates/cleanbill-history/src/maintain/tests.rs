//! What is denied, pruned or damaged.

use super::*;
use crate::store::Access;
use crate::store::tests::{add, claim, ids};

fn open(folder: &tempfile::TempDir) -> HistoryStore {
    let path = folder.path().join("claims.db");
    HistoryStore::open(&path, None, Access::Create).unwrap()
}

#[test]
fn a_denied_line_and_a_denied_claim_count_no_more_and_stay_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let mut two = claim("B", "P", 20_260_302);
    two.lines.push(two.lines[0]);
    two.lines[1].number = 2;
    add(&mut store, &[claim("A", "P", 20_260_302), two]);
    assert_eq!(store.deny("NOBODY", &[]).unwrap(), 0);
    assert_eq!(store.deny("A", &[]).unwrap(), 1);
    assert_eq!(store.deny("B", &[2]).unwrap(), 1);
    assert_eq!(ids(&store, "P"), ["B"]);
    let lines = |store: &HistoryStore| {
        store.around(&claim("NEW", "P", 20_260_302)).unwrap()[0].claim.lines.len()
    };
    assert_eq!(lines(&store), 1);
    assert_eq!(store.deny("B", &[1]).unwrap(), 1);
    assert_eq!(ids(&store, "P"), [""; 0]);
    // Once denied, adding the claim again does not bring it back.
    add(&mut store, &[claim("A", "P", 20_260_302)]);
    assert_eq!(ids(&store, "P"), [""; 0]);
    let mut shown = Vec::new();
    store
        .each(Which::All, |claim| {
            shown.push((claim.claim.id().to_owned(), claim.claim.lines.len(), claim.denied));
            true
        })
        .unwrap();
    assert_eq!(shown, [("A".into(), 1, None), ("B".into(), 2, Some(vec![1, 2]))]);
    let summary = store.summary().unwrap();
    assert_eq!((summary.claims, summary.patients, summary.denied), (2, 1, 2));
}

#[test]
fn claims_are_shown_by_number_and_by_patient() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let claims = ["A", "B", "C"].map(|id| claim(id, if id == "B" { "Q" } else { "P" }, 20_260_302));
    add(&mut store, &claims);
    let shown = |which: Which<'_>| {
        let mut ids = Vec::new();
        store
            .each(which, |shown| {
                ids.push(shown.claim.id().to_owned());
                ids.len() < 2
            })
            .unwrap();
        ids
    };
    assert_eq!(shown(Which::All), ["A", "B"]);
    assert_eq!(shown(Which::Claim("C")), ["C"]);
    assert_eq!(shown(Which::Patient("P")), ["A", "C"]);
    assert_eq!(shown(Which::Patient("R")), [""; 0]);
}

#[test]
fn pruning_removes_what_lies_before_the_day_from_the_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let old = claim("ZZOLDCLAIM", "P", 20_200_101);
    add(&mut store, &[old, claim("ZZNEWCLAIM", "P", 20_260_302)]);
    let day = ServiceDate::from_yyyymmdd(20_200_102).unwrap();
    assert_eq!(store.prune(day).unwrap(), 1);
    assert_eq!(ids(&store, "P"), ["ZZNEWCLAIM"]);
    assert_eq!(store.prune(day).unwrap(), 0);
    let summary = store.summary().unwrap();
    assert_eq!((summary.claims, summary.from), (1, ServiceDate::from_yyyymmdd(20_260_302)));
    drop(store);
    let holds = |what: &[u8]| {
        let mut files = std::fs::read_dir(folder.path()).unwrap();
        files.any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(what.len()).any(|window| window == what)
        })
    };
    assert!(holds(b"ZZNEWCLAIM") && !holds(b"ZZOLDCLAIM"));
}

#[test]
fn a_changed_record_and_a_damaged_file_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let claims: Vec<Claim> =
        (0..200).map(|number| claim(&format!("C{number}"), "P", 20_260_302)).collect();
    add(&mut store, &claims);
    assert!(store.verify().unwrap().is_empty());
    let change = "UPDATE claim SET record = replace(record, 'C7', 'D7') WHERE id = 'C7'";
    assert_eq!(store.database.execute(change, []).unwrap(), 1);
    assert_eq!(store.verify().unwrap().claims, 1);
    let error = store.database.execute("UPDATE claim SET record = x'00' WHERE id = 'C7'", []);
    assert_eq!(error.unwrap(), 1);
    assert!(matches!(
        store.around(&claim("NEW", "P", 20_260_302)).unwrap_err(),
        HistoryError::Damaged { .. }
    ));
}
