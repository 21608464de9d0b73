//! What goes into a history comes out by patient, once: on a file and on a server alike.

use std::path::{Path, PathBuf};

use cleanbill_model::{Claim, DateRange, Phi, ProcedureCode, ServiceDate, ServiceLine};
use tempfile::TempDir;

use crate::answers::tests::{
    a_denial_marks_and_what_comes_later_takes_the_mark_away,
    a_mark_by_hand_stays_whatever_is_answered, answers_go_with_their_claims,
    what_stands_does_not_depend_on_the_order_of_reading,
};
use crate::{Access, Added, HistoryError, HistoryPlace, HistoryStore, Which};

#[cfg(feature = "postgres")]
#[path = "../tests/server/mod.rs"]
pub(crate) mod server;

#[cfg(feature = "postgres")]
mod postgres;

/// A place where a history may be made.
pub(crate) struct Fresh {
    pub(crate) place: HistoryPlace,
    pub(crate) key: PathBuf,
    pub(crate) folder: TempDir,
}

impl Fresh {
    /// A file.
    pub(crate) fn file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("claims.db");
        let key = folder.path().join("claims.db.key");
        Self { place: HistoryPlace::File(path), key, folder }
    }

    pub(crate) fn try_open(&self, access: Access) -> Result<HistoryStore, HistoryError> {
        HistoryStore::open(&self.place, Some(&self.key), access)
    }

    pub(crate) fn open(&self, access: Access) -> HistoryStore {
        self.try_open(access).unwrap()
    }
}

pub(crate) fn claim(id: &str, patient: &str, day: i32) -> Claim {
    let mut claim = Claim::default();
    claim.claim_id = claim.texts.add(id);
    claim.patient.id = Phi::new(claim.texts.add(patient));
    let mut line = ServiceLine::new(1, DateRange::day(ServiceDate::from_yyyymmdd(day).unwrap()));
    line.procedure = ProcedureCode::new(b"93970").ok();
    claim.lines.push(line);
    claim
}

/// Adds claims; gives back how many are new and how many were there.
pub(crate) fn add(store: &mut HistoryStore, claims: &[Claim]) -> (u64, u64) {
    let mut batch = store.add();
    for claim in claims {
        assert!(batch.claim(claim).unwrap());
    }
    let Added { new, known } = batch.commit().unwrap();
    (new, known)
}

pub(crate) fn ids(store: &HistoryStore, patient: &str) -> Vec<String> {
    let around = store.around(&claim("NEW", patient, 20_260_302)).unwrap();
    around.iter().map(|kept| kept.claim.id().to_owned()).collect()
}

fn shown(store: &HistoryStore, which: Which<'_>, most: usize) -> Vec<String> {
    let mut ids = Vec::new();
    store
        .each(which, |shown| {
            ids.push(shown.claim.id().to_owned());
            ids.len() < most
        })
        .unwrap();
    ids
}

/// Every case is tried on a file, and on a server where there is one.
macro_rules! cases {
    ($($case:ident)*) => {
        mod on_a_file {
            $(#[test]
            fn $case() {
                super::$case(&super::Fresh::file());
            })*
        }

        /// The cases by name.
        #[cfg(feature = "postgres")]
        pub(crate) const CASES: &[(&str, fn(&Fresh))] = &[$((stringify!($case), $case)),*];
    };
}

cases! {
    the_claims_of_a_patient_come_back_in_the_order_in_which_they_came
    the_same_claim_twice_changes_nothing_and_another_edition_of_it_is_another_claim
    what_was_not_committed_is_not_there
    two_writers_lose_and_double_nothing
    a_denied_line_and_a_denied_claim_count_no_more_and_stay_in_the_history
    claims_are_shown_by_number_and_by_patient
    pruning_removes_what_lies_before_the_day
    thousands_of_claims_are_shown_in_the_order_in_which_they_came
    a_history_is_opened_under_its_own_key_alone
    whoever_reads_changes_nothing
    a_denial_marks_and_what_comes_later_takes_the_mark_away
    what_stands_does_not_depend_on_the_order_of_reading
    a_mark_by_hand_stays_whatever_is_answered
    answers_go_with_their_claims
}

fn the_claims_of_a_patient_come_back_in_the_order_in_which_they_came(fresh: &Fresh) {
    let claims = [
        claim("C", "ZZPHIZZ", 20_260_302),
        claim("B", "ZZOTHER", 20_260_302),
        claim("A\0", "ZZPHIZZ", 20_250_101),
    ];
    let mut store = fresh.open(Access::Create);
    assert_eq!(add(&mut store, &claims), (3, 0));
    assert_eq!(ids(&store, "ZZPHIZZ"), ["C", "A\0"]);
    assert_eq!(ids(&store, "ZZNOBODY"), [""; 0]);
    assert_eq!(ids(&store, ""), [""; 0]);
    drop(store);
    assert_eq!(ids(&fresh.open(Access::Read), "ZZPHIZZ"), ["C", "A\0"]);
}

fn the_same_claim_twice_changes_nothing_and_another_edition_of_it_is_another_claim(fresh: &Fresh) {
    let mut store = fresh.open(Access::Create);
    let first = claim("A", "P", 20_260_302);
    assert_eq!(add(&mut store, &[first.clone(), first.clone()]), (1, 1));
    assert_eq!(add(&mut store, &[first.clone(), first]), (0, 2));
    assert_eq!(add(&mut store, &[claim("A", "P", 20_260_303)]), (1, 0));
    assert_eq!(ids(&store, "P"), ["A", "A"]);
    let mut batch = store.add();
    assert!(!batch.claim(&claim("A", "", 20_260_302)).unwrap());
    assert!(!batch.claim(&Claim::default()).unwrap());
    assert_eq!(batch.commit().unwrap(), Added::default());
    assert_eq!(store.summary().unwrap().claims, 2);
}

fn what_was_not_committed_is_not_there(fresh: &Fresh) {
    let mut store = fresh.open(Access::Create);
    let mut batch = store.add();
    batch.claim(&claim("A", "P", 20_260_302)).unwrap();
    drop(batch);
    assert_eq!(ids(&store, "P"), [""; 0]);
}

fn two_writers_lose_and_double_nothing(fresh: &Fresh) {
    drop(fresh.open(Access::Create));
    let new = std::thread::scope(|scope| {
        let writers = [0, 1].map(|writer| {
            scope.spawn(move || {
                let mut store = fresh.open(Access::Create);
                let mut new = 0;
                for number in 0..50 {
                    // Every second claim is one that the other writer has too.
                    let id = if number % 2 == 0 { number } else { number + 1000 * writer };
                    new += add(&mut store, &[claim(&format!("C{id}"), "P", 20_260_302)]).0;
                }
                new
            })
        });
        writers.map(|writer| writer.join().unwrap())
    });
    assert_eq!(new.iter().sum::<u64>(), 25 + 50);
    let store = fresh.open(Access::Read);
    let kept = store.around(&claim("NEW", "P", 20_260_302)).unwrap();
    let sequences: Vec<u64> = kept.iter().map(|kept| kept.sequence).collect();
    assert_eq!(sequences, (1..=75).collect::<Vec<u64>>());
    assert!(store.verify().unwrap().is_empty());
}

fn a_denied_line_and_a_denied_claim_count_no_more_and_stay_in_the_history(fresh: &Fresh) {
    let mut store = fresh.open(Access::Create);
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

fn claims_are_shown_by_number_and_by_patient(fresh: &Fresh) {
    let mut store = fresh.open(Access::Create);
    let claims = ["A", "B", "C"].map(|id| claim(id, if id == "B" { "Q" } else { "P" }, 20_260_302));
    add(&mut store, &claims);
    assert_eq!(shown(&store, Which::All, 2), ["A", "B"]);
    assert_eq!(shown(&store, Which::Claim("C"), 2), ["C"]);
    assert_eq!(shown(&store, Which::Patient("P"), 2), ["A", "C"]);
    assert_eq!(shown(&store, Which::Patient("R"), 2), [""; 0]);
}

fn pruning_removes_what_lies_before_the_day(fresh: &Fresh) {
    let mut store = fresh.open(Access::Create);
    let old = claim("ZZOLDCLAIM", "P", 20_200_101);
    add(&mut store, &[old, claim("ZZNEWCLAIM", "P", 20_260_302)]);
    let day = ServiceDate::from_yyyymmdd(20_200_102).unwrap();
    assert_eq!(store.prune(day).unwrap(), 1);
    assert_eq!(ids(&store, "P"), ["ZZNEWCLAIM"]);
    assert_eq!(store.prune(day).unwrap(), 0);
    let summary = store.summary().unwrap();
    assert_eq!((summary.claims, summary.from), (1, ServiceDate::from_yyyymmdd(20_260_302)));
    // What goes behind it is numbered on.
    assert_eq!(add(&mut store, &[claim("NEXT", "P", 20_260_302)]), (1, 0));
    assert!(store.verify().unwrap().is_empty());
}

fn thousands_of_claims_are_shown_in_the_order_in_which_they_came(fresh: &Fresh) {
    let mut store = fresh.open(Access::Create);
    let claims: Vec<Claim> = (0..3000)
        .map(|number| claim(&format!("C{number}"), &format!("P{}", number % 2), 20_260_302))
        .collect();
    assert_eq!(add(&mut store, &claims[..1000]), (1000, 0));
    assert_eq!(add(&mut store, &claims), (2000, 1000));
    let wanted: Vec<&str> = claims.iter().map(Claim::id).collect();
    assert_eq!(shown(&store, Which::All, usize::MAX), wanted);
    let odd: Vec<&str> = wanted.iter().copied().skip(1).step_by(2).collect();
    assert_eq!(shown(&store, Which::Patient("P1"), usize::MAX), odd);
    assert_eq!(ids(&store, "P1"), odd);
}

fn a_history_is_opened_under_its_own_key_alone(fresh: &Fresh) {
    drop(fresh.open(Access::Create));
    let other = fresh.folder.path().join("other.key");
    let refused = |key: &Path| {
        let error = HistoryStore::open(&fresh.place, Some(key), Access::Create).unwrap_err();
        (error.is_refusal(), error.to_string())
    };
    let (refusal, words) = refused(&other);
    assert!(refusal && words.contains("the key of the history is not there"), "{words}");
    assert!(!other.exists(), "a new key would be no key of this history");
    std::fs::write(&other, crate::PatientKey::new([1; 32]).to_hex()).unwrap();
    let (refusal, words) = refused(&other);
    assert!(refusal && words.contains("another key"), "{words}");
    std::fs::write(&other, "not a key").unwrap();
    assert!(refused(&other).1.contains("64 hexadecimal digits"));
}

fn whoever_reads_changes_nothing(fresh: &Fresh) {
    assert!(fresh.try_open(Access::Read).is_err());
    assert!(fresh.try_open(Access::Write).is_err());
    assert!(!fresh.key.exists());
    drop(fresh.open(Access::Create));
    let mut store = fresh.open(Access::Read);
    let mut batch = store.add();
    batch.claim(&claim("A", "P", 20_260_302)).unwrap();
    assert!(batch.commit().is_err());
    assert_eq!(store.summary().unwrap().claims, 0);
}
