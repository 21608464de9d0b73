//! Several threads ask one plugin: what is said of each claim, and where the plugin is given up, is the same as
//! with one.

use std::sync::{Condvar, Mutex};
use std::time::Duration;

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{Claim, FaultKind};
use cleanbill_plugin_host::{Breaker, WorkerOptions};

use crate::isolated::{Said, claims, hardy, options, told};
use crate::support::{built, registered_in, worker};

const CRASHES: &str = "99991";
const LOOPS: &str = "99987";
const FOUND: &str = "99996";
const QUIET: &str = "99213";

/// As a run with so many jobs does it: windows go to whichever thread is free, and are settled in their order.
fn judged(registry: &Registry, claims: &[Claim], window: usize, lanes: usize) -> Said {
    let windows: Mutex<Vec<(usize, &[Claim])>> = Mutex::new(
        claims.chunks(window).enumerate().collect::<Vec<_>>().into_iter().rev().collect(),
    );
    let (turn, passed) = (Mutex::new(0), Condvar::new());
    let said: Mutex<Vec<(usize, Said)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                let mut evaluator = Evaluator::default();
                loop {
                    let Some((number, window)) = windows.lock().unwrap().pop() else { return };
                    registry.look_ahead(&window.iter().collect::<Vec<_>>());
                    let own = passed.wait_while(turn.lock().unwrap(), |next| *next != number);
                    drop(own.unwrap());
                    registry.settle();
                    *turn.lock().unwrap() += 1;
                    passed.notify_all();
                    let own: Said = window
                        .iter()
                        .map(|claim| {
                            let verdict = evaluator.evaluate(registry, claim);
                            (verdict.findings.to_vec(), verdict.faults.to_vec())
                        })
                        .collect();
                    said.lock().unwrap().push((number, own));
                }
            });
        }
    });
    let mut said = said.into_inner().unwrap();
    said.sort_by_key(|(number, _)| *number);
    said.into_iter().flat_map(|(_, said)| said).collect()
}

/// What is said with one thread is said with 2, 4 and 6 and in windows of all sizes; the kinds of the faults.
fn the_same_for_all(codes: &[&str], worker: &WorkerOptions) -> Vec<Option<FaultKind>> {
    let (library, claims) = (built("cleanbill-misbehave"), claims(codes));
    let once = |window, lanes| {
        let registry = registered_in(&library, &options(worker.clone()));
        judged(&registry, &claims, window, lanes)
    };
    let first = once(256, 1);
    assert_eq!(first.len(), codes.len());
    let all = told(&first);
    for (window, lanes) in [(1, 1), (64, 1), (1, 2), (64, 2), (256, 2), (1, 4), (64, 4), (64, 6)] {
        assert!(told(&once(window, lanes)) == all, "windows of {window} in {lanes} lanes");
    }
    first.iter().map(|(_, faults)| faults.first().map(|fault| fault.kind)).collect()
}

fn codes(count: usize, poison: &[(usize, &'static str)]) -> Vec<&'static str> {
    let mut codes: Vec<&str> =
        (0..count).map(|place| if place % 3 == 0 { FOUND } else { QUIET }).collect();
    for (place, code) in poison {
        codes[*place] = code;
    }
    codes
}

#[test]
fn crashes_and_hangs_are_set_aside_alike_in_any_number_of_lanes() {
    let poison = [(2, CRASHES), (3, CRASHES), (70, LOOPS), (130, CRASHES), (131, "99990")];
    let kinds = the_same_for_all(&codes(320, &poison), &hardy());
    for (place, code) in poison {
        let kind = if code == LOOPS { FaultKind::PluginTimeout } else { FaultKind::PluginCrash };
        assert_eq!(kinds[place], Some(kind), "{place}");
    }
    assert_eq!(kinds.iter().flatten().count(), poison.len());
}

#[test]
fn a_plugin_is_given_up_at_the_same_claim_in_any_number_of_lanes() {
    let poison: Vec<(usize, &str)> = (0..40).map(|crash| (crash * 8 + 1, CRASHES)).collect();
    let kinds = the_same_for_all(&codes(330, &poison), &worker());
    // The sixth crash is one too many.
    assert_eq!(
        kinds[40..43],
        [None, Some(FaultKind::PluginCrash), Some(FaultKind::PluginDisabled)]
    );
    assert!(kinds[42..].iter().all(|kind| *kind == Some(FaultKind::PluginDisabled)));
}

#[test]
fn how_many_claims_went_before_is_counted_alike_in_any_number_of_lanes() {
    // Two crashes among 400 claims are put up with, three are not, and the third one is early by one claim.
    let third = |place| [(5, CRASHES), (6, CRASHES), (place, CRASHES)];
    let breaker = Breaker::AfterCrashes(2);
    let worker = WorkerOptions { breaker, hard_deadline: Duration::from_secs(1), ..worker() };
    let kinds = the_same_for_all(&codes(620, &third(598)), &worker);
    assert!(kinds[599..].iter().all(|kind| *kind == Some(FaultKind::PluginDisabled)));
    let kinds = the_same_for_all(&codes(620, &third(599)), &worker);
    assert!(kinds[600..].iter().all(Option::is_none));
}
