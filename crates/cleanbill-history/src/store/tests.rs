//! What goes into a history comes out by patient, once, and survives what happens to the file.

use std::fs;

use cleanbill_model::{DateRange, Phi, ProcedureCode, ServiceDate, ServiceLine};

use super::*;
use crate::batch::Added;

pub(crate) fn claim(id: &str, patient: &str, day: i32) -> Claim {
    let mut claim = Claim::default();
    claim.claim_id = claim.texts.add(id);
    claim.patient.id = Phi::new(claim.texts.add(patient));
    let mut line = ServiceLine::new(1, DateRange::day(ServiceDate::from_yyyymmdd(day).unwrap()));
    line.procedure = ProcedureCode::new(b"93970").ok();
    claim.lines.push(line);
    claim
}

pub(crate) fn add(store: &mut HistoryStore, claims: &[Claim]) -> Vec<Added> {
    let mut batch = store.add().unwrap();
    let added = claims.iter().map(|claim| batch.claim(claim).unwrap()).collect();
    batch.commit().unwrap();
    added
}

pub(crate) fn ids(store: &HistoryStore, patient: &str) -> Vec<String> {
    let around = store.around(&claim("NEW", patient, 20_260_302)).unwrap();
    around.iter().map(|kept| kept.claim.id().to_owned()).collect()
}

#[test]
fn the_claims_of_a_patient_come_back_in_the_order_in_which_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.db");
    let claims = [
        claim("C", "ZZPHIZZ", 20_260_302),
        claim("B", "ZZOTHER", 20_260_302),
        claim("A", "ZZPHIZZ", 20_250_101),
    ];
    let mut store = HistoryStore::open(&path, None, Access::Create).unwrap();
    assert_eq!(add(&mut store, &claims), [Added::New; 3]);
    assert_eq!(ids(&store, "ZZPHIZZ"), ["C", "A"]);
    assert_eq!(ids(&store, "ZZNOBODY"), [""; 0]);
    assert_eq!(ids(&store, ""), [""; 0]);
    drop(store);
    let store = HistoryStore::open(&path, None, Access::Read).unwrap();
    assert_eq!(ids(&store, "ZZPHIZZ"), ["C", "A"]);
}

#[test]
fn the_same_claim_twice_changes_nothing_and_another_edition_of_it_is_another_claim() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.db");
    let mut store = HistoryStore::open(&path, None, Access::Create).unwrap();
    let first = claim("A", "P", 20_260_302);
    assert_eq!(add(&mut store, std::slice::from_ref(&first)), [Added::New]);
    assert_eq!(add(&mut store, &[first.clone(), first]), [Added::Known; 2]);
    assert_eq!(add(&mut store, &[claim("A", "P", 20_260_303)]), [Added::New]);
    assert_eq!(ids(&store, "P"), ["A", "A"]);
    let nobody = [claim("A", "", 20_260_302), Claim::default()];
    assert_eq!(add(&mut store, &nobody), [Added::NotKept; 2]);
}

#[test]
fn what_was_not_committed_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.db");
    let mut store = HistoryStore::open(&path, None, Access::Create).unwrap();
    let mut batch = store.add().unwrap();
    batch.claim(&claim("A", "P", 20_260_302)).unwrap();
    drop(batch);
    assert_eq!(ids(&store, "P"), [""; 0]);
}

#[test]
fn no_identifier_of_the_patient_is_in_any_file_and_the_files_are_their_owners() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.db");
    let mut store = HistoryStore::open(&path, None, Access::Create).unwrap();
    add(&mut store, &[claim("A", "ZZPHIZZ", 20_260_302)]);
    let mut files = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
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
fn a_file_that_is_no_history_of_this_key_and_format_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.db");
    let refused = |path: &Path, key: Option<&Path>, access| {
        let error = HistoryStore::open(path, key, access).unwrap_err();
        (error.is_refusal(), error.to_string())
    };
    assert!(matches!(
        HistoryStore::open(&path, None, Access::Read).unwrap_err(),
        HistoryError::Io { .. }
    ));

    let text = folder.path().join("notes.txt");
    fs::write(&text, "not a database, and longer than the header of one\n".repeat(40)).unwrap();
    for access in [Access::Read, Access::Create] {
        let (refusal, words) = refused(&text, None, access);
        assert!(refusal && words.contains("not a history"), "{words}");
    }
    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    assert!(refused(&empty, None, Access::Read).1.contains("not a history"));

    drop(HistoryStore::open(&path, None, Access::Create).unwrap());
    let other = folder.path().join("other.key");
    fs::write(&other, PatientKey::new([1; 32]).to_hex()).unwrap();
    assert!(refused(&path, Some(&other), Access::Read).1.contains("another key"));
    fs::write(&other, "not a key").unwrap();
    assert!(refused(&path, Some(&other), Access::Read).1.contains("64 hexadecimal digits"));
    fs::remove_file(HistoryStore::key_path(&path)).unwrap();
    assert!(refused(&path, None, Access::Create).1.contains("the key of the history is not there"));

    let path = folder.path().join("newer.db");
    let store = HistoryStore::open(&path, None, Access::Create).unwrap();
    store.database.pragma_update(None, "user_version", 9).unwrap();
    drop(store);
    assert!(refused(&path, None, Access::Read).1.contains("has format 9"));
}

#[test]
fn two_writers_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.db");
    drop(HistoryStore::open(&path, None, Access::Create).unwrap());
    std::thread::scope(|scope| {
        for writer in 0..2 {
            let path = &path;
            scope.spawn(move || {
                let mut store = HistoryStore::open(path, None, Access::Create).unwrap();
                for number in 0..50 {
                    // Every second claim is one that the other writer has too.
                    let id = if number % 2 == 0 { number } else { number + 1000 * writer };
                    add(&mut store, &[claim(&format!("C{id}"), "P", 20_260_302)]);
                }
            });
        }
    });
    let store = HistoryStore::open(&path, None, Access::Read).unwrap();
    let kept = store.around(&claim("NEW", "P", 20_260_302)).unwrap();
    assert_eq!(kept.len(), 25 + 50);
    assert!(kept.windows(2).all(|pair| pair[0].sequence < pair[1].sequence));
}

#[test]
fn a_store_of_one_run_leaves_no_file() {
    let mut store = HistoryStore::of_this_run(None).unwrap();
    assert_eq!(add(&mut store, &[claim("A", "P", 20_260_302)]), [Added::New]);
    assert_eq!(ids(&store, "P"), ["A"]);
}

#[test]
fn claims_of_a_run_that_do_not_fit_into_memory_are_found_as_well() {
    let claims: Vec<Claim> = (0..20_000)
        .map(|number| claim(&format!("C{number}"), &format!("P{}", number % 700), 20_260_302))
        .collect();
    let stores = [64, RUN_CACHE].map(|cache| {
        let mut store = HistoryStore::of_this_run_within(cache, None).unwrap();
        for batch in claims.chunks(4096) {
            add(&mut store, batch);
        }
        store
    });
    for patient in (0..700).map(|number| format!("P{number}")) {
        let [little, much] = stores.each_ref().map(|store| ids(store, &patient));
        assert_eq!(little, much);
        assert!(little.len() >= 28 && little.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
