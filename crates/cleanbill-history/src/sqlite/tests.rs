//! What happens to a file alone.

use std::fs;

use super::*;
use crate::tests::{Fresh, add, claim, ids};
use crate::{HistoryPlace, HistoryStore};

/// The database of a history, to do to it what nobody should.
fn database(fresh: &Fresh) -> Connection {
    Connection::open(fresh.place.path().unwrap()).unwrap()
}

#[test]
fn no_identifier_of_the_patient_is_in_any_file_and_the_files_are_their_owners() {
    let fresh = Fresh::file();
    let mut store = fresh.open(Access::Create);
    add(&mut store, &[claim("A", "ZZPHIZZ", 20_260_302)]);
    let mut files = 0;
    for entry in fs::read_dir(fresh.folder.path()).unwrap() {
        let entry = entry.unwrap();
        files += 1;
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(7).any(|window| window == b"ZZPHIZZ"), "{:?}", entry.path());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", entry.path());
        }
    }
    assert!(files >= 3, "{files}");
}

#[test]
fn a_file_that_is_no_history_of_this_format_is_refused_by_name() {
    let fresh = Fresh::file();
    let refused = |path: &Path, access| {
        let place = HistoryPlace::File(path.to_owned());
        let error = HistoryStore::open(&place, None, access).unwrap_err();
        (error.is_refusal(), error.to_string())
    };
    assert!(matches!(fresh.try_open(Access::Read).unwrap_err(), HistoryError::Io { .. }));

    let text = fresh.folder.path().join("notes.txt");
    fs::write(&text, "not a database, and longer than the header of one\n".repeat(40)).unwrap();
    for access in [Access::Read, Access::Create] {
        let (refusal, words) = refused(&text, access);
        assert!(refusal && words.contains("not a history"), "{words}");
    }
    for little in ["\n", "x", "SQLite format 3"] {
        fs::write(&text, little).unwrap();
        let (refusal, words) = refused(&text, Access::Create);
        assert!(refusal && words.contains("not a history"), "{words}");
        assert_eq!(fs::read_to_string(&text).unwrap(), little);
    }
    let empty = fresh.folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    assert!(refused(&empty, Access::Read).1.contains("not a history"));

    drop(fresh.open(Access::Create));
    database(&fresh).pragma_update(None, "user_version", 9).unwrap();
    assert!(refused(fresh.place.path().unwrap(), Access::Read).1.contains("has format 9"));
}

#[test]
fn what_is_pruned_is_in_no_file_any_more() {
    let fresh = Fresh::file();
    let mut store = fresh.open(Access::Create);
    let old = claim("ZZOLDCLAIM", "P", 20_200_101);
    add(&mut store, &[old, claim("ZZNEWCLAIM", "P", 20_260_302)]);
    assert_eq!(store.prune(ServiceDate::from_yyyymmdd(20_200_102).unwrap()).unwrap(), 1);
    drop(store);
    let holds = |what: &[u8]| {
        let mut files = fs::read_dir(fresh.folder.path()).unwrap();
        files.any(|file| {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            bytes.windows(what.len()).any(|window| window == what)
        })
    };
    assert!(holds(b"ZZNEWCLAIM") && !holds(b"ZZOLDCLAIM"));
}

#[test]
fn a_changed_record_and_a_damaged_file_are_found() {
    let fresh = Fresh::file();
    let mut store = fresh.open(Access::Create);
    let claims: Vec<_> =
        (0..200).map(|number| claim(&format!("C{number}"), "P", 20_260_302)).collect();
    add(&mut store, &claims);
    assert!(store.verify().unwrap().is_empty());
    let change = |sql: &str| assert_eq!(database(&fresh).execute(sql, []).unwrap(), 1);
    change("UPDATE claim SET record = replace(record, 'C7', 'D7') WHERE id = 'C7'");
    assert_eq!(store.verify().unwrap().claims, 1);
    change("UPDATE claim SET record = 7 WHERE id = 'C8'");
    assert_eq!(store.verify().unwrap().claims, 2);
    change("UPDATE claim SET record = x'00' WHERE id = 'C7'");
    assert!(matches!(
        store.around(&claim("NEW", "P", 20_260_302)).unwrap_err(),
        HistoryError::Damaged { .. }
    ));
}

#[test]
fn a_batch_that_is_read_for_long_keeps_nobody_waiting() {
    let fresh = Fresh::file();
    let (mut one, mut other) = (fresh.open(Access::Create), fresh.open(Access::Create));
    let mut batch = one.add();
    batch.claim(&claim("A", "P", 20_260_302)).unwrap();
    assert_eq!(add(&mut other, &[claim("B", "P", 20_260_302)]), (1, 0));
    batch.commit().unwrap();
    assert_eq!(ids(&other, "P"), ["B", "A"]);
}
