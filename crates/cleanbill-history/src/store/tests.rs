//! The store of one run.

use super::*;
use crate::tests::{add, claim, ids};

#[test]
fn a_store_of_one_run_leaves_no_file() {
    let mut store = HistoryStore::of_this_run(1024, None).unwrap();
    assert_eq!(add(&mut store, &[claim("A", "P", 20_260_302)]), (1, 0));
    assert_eq!(ids(&store, "P"), ["A"]);
}

#[test]
fn claims_of_a_run_that_do_not_fit_into_memory_are_found_as_well() {
    let claims: Vec<Claim> = (0..20_000)
        .map(|number| claim(&format!("C{number}"), &format!("P{}", number % 700), 20_260_302))
        .collect();
    let stores = [64, 128 << 10].map(|cache| {
        let mut store = HistoryStore::of_this_run(cache, None).unwrap();
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
