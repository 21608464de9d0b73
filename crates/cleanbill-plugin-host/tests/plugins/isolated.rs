//! Whatever a plugin does, the run goes on: no claim is lost, and the others are judged as if nothing had
//! happened, however many are asked about at once.

use std::path::Path;
use std::time::Duration;

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{Claim, Fault, FaultKind, Finding};
use cleanbill_plugin_host::{Breaker, LoadOptions, NOT_EVALUATED, WorkerOptions};

use crate::support::{built, claim, here, registered, registered_in, worker};

/// Codes of `misbehave` that end its process, or the patience with it.
const POISON: [&str; 7] = ["99991", "99990", "99989", "99988", "99985", "99984", "99987"];

/// What was said of each claim.
pub type Said = Vec<(Vec<Finding>, Vec<Fault>)>;

pub fn options(worker: WorkerOptions) -> LoadOptions {
    LoadOptions { worker, allow_in_process: false, ..here() }
}

pub fn hardy() -> WorkerOptions {
    WorkerOptions {
        hard_deadline: Duration::from_millis(250),
        breaker: Breaker::Off,
        memory: 64 << 20,
        ..worker()
    }
}

/// A run of claims of these codes, which differ in nothing else but their ordinals.
pub fn claims(codes: &[&str]) -> Vec<Claim> {
    let numbered = codes.iter().zip(1..);
    numbered.map(|(code, ordinal)| Claim { ordinal, ..claim("ANY", &[*code]) }).collect()
}

fn judged(registry: &Registry, claims: &[Claim], window: usize) -> Said {
    let mut evaluator = Evaluator::default();
    let mut said = Vec::new();
    for window in claims.chunks(window) {
        registry.look_ahead(&window.iter().collect::<Vec<_>>());
        for claim in window {
            let verdict = evaluator.evaluate(registry, claim);
            said.push((verdict.findings.to_vec(), verdict.faults.to_vec()));
        }
    }
    said
}

pub fn told(said: &Said) -> Vec<String> {
    let faults = |faults: &[Fault]| {
        faults.iter().map(|fault| format!("{:?} {}", fault.kind, fault.message)).collect::<Vec<_>>()
    };
    said.iter().map(|(found, fell)| format!("{found:?} {:?}", faults(fell))).collect()
}

/// One hang in so many faults: each costs the deadline twice, and nothing else.
const HANG_EVERY: usize = 100;

/// The code of `misbehave` for the fault of that number: each kind of end in turn, and now and then a loop.
fn poison(fault: usize) -> &'static str {
    let (hang, ends) = POISON.split_last().expect("there are kinds");
    if fault % HANG_EVERY == 6 { hang } else { ends[fault % ends.len()] }
}

/// So many claims, of which every third has a finding, and as many again with `faults` of them poisoned.
fn healthy_and_poisoned(all: usize, faults: usize) -> (Vec<Claim>, Vec<Claim>, Vec<&'static str>) {
    let mut codes: Vec<&str> =
        (0..all).map(|place| if place % 3 == 0 { "99996" } else { "99213" }).collect();
    let healthy = claims(&codes);
    for fault in 0..faults {
        codes[fault * all / faults + 1] = poison(fault);
    }
    (healthy, claims(&codes), codes)
}

/// Has `claims` of these codes judged, and looks at each: those that are poisoned are set aside, and no others,
/// and the others are as they are in `healthy`.
fn poisoned_alone_are_set_aside(
    library: &Path,
    (claims, codes): (&[Claim], &[&str]),
    healthy: &Said,
    window: usize,
) -> Vec<String> {
    let registry = registered_in(library, &options(hardy()));
    let said = judged(&registry, claims, window);
    assert_eq!(said.len(), claims.len(), "no claim is lost");
    for (place, (found, fell)) in said.iter().enumerate() {
        let code = codes[place];
        if !POISON.contains(&code) {
            assert!(fell.is_empty(), "{place}: {}", fell[0].message);
            assert_eq!(found, &healthy[place].0, "{place}");
            continue;
        }
        assert_eq!(found.len(), 1, "{place}: {found:?}");
        assert_eq!(found[0].edit.id, NOT_EVALUATED);
        let hangs = code == POISON[6];
        let right = if hangs { FaultKind::PluginTimeout } else { FaultKind::PluginCrash };
        assert_eq!(fell[0].kind, right, "{code}: {}", fell[0].message);
    }
    told(&said)
}

#[test]
fn claims_around_a_poisoned_one_are_judged_as_if_it_were_not_there() {
    let library = built("cleanbill-misbehave");
    let (healthy, claims, codes) = healthy_and_poisoned(600, 7);
    let healthy = judged(&registered(&library), &healthy, 1);
    let mut before: Option<Vec<String>> = None;
    for window in [1, 64, 256, 1024] {
        let told = poisoned_alone_are_set_aside(&library, (&claims, &codes), &healthy, window);
        assert_eq!(before.get_or_insert_with(|| told.clone()), &told, "{window}");
    }
}

#[test]
fn hundreds_of_faults_in_one_run_cost_their_own_claims_alone() {
    // The large version takes 10,000 faults among 65,536 claims: docs/plugins.md has the command.
    let faults = std::env::var("CLEANBILL_PLUGIN_FAULTS").ok().and_then(|n| n.parse().ok());
    let faults: usize = faults.unwrap_or(200);
    let all = if faults < 10_000 { faults * 6 } else { 65_536.max(faults * 3) };
    let library = built("cleanbill-misbehave");
    let (healthy, claims, codes) = healthy_and_poisoned(all, faults);
    let healthy = judged(&registered(&library), &healthy, 1);
    let poisoned = codes.iter().filter(|code| POISON.contains(code)).count();
    assert_eq!(poisoned, faults);
    poisoned_alone_are_set_aside(&library, (&claims, &codes), &healthy, 256);
    println!("{all} claims, {faults} set aside, and just those; {} as without them", all - faults);
}

#[test]
fn a_plugin_that_crashes_on_every_claim_is_given_up_at_the_same_claim_whatever_a_batch_is() {
    let library = built("cleanbill-misbehave");
    let codes: Vec<&str> =
        (0..40).map(|place| if place % 2 == 0 { "99991" } else { "99996" }).collect();
    let claims = claims(&codes);
    let once = |window| {
        let registry = registered_in(&library, &options(WorkerOptions { ..worker() }));
        judged(&registry, &claims, window)
    };
    let said = once(1);
    let kinds: Vec<Option<FaultKind>> =
        said.iter().map(|(_, faults)| faults.first().map(|fault| fault.kind)).collect();
    // The sixth crash is one too many; claims before it were judged.
    assert_eq!(kinds[9..12], [None, Some(FaultKind::PluginCrash), Some(FaultKind::PluginDisabled)]);
    assert!(kinds[11..].iter().all(|kind| *kind == Some(FaultKind::PluginDisabled)));
    assert!(said[11].1[0].message.ends_with("its process ended on 6 claims"));
    for window in [7, 16, 64] {
        assert_eq!(told(&once(window)), told(&said), "{window}");
    }
}

#[test]
fn a_process_that_loses_its_pipes_and_goes_on_is_known_by_the_claim_that_took_them() {
    let library = built("cleanbill-misbehave");
    let lost = [3, 4, 17, 40, 58];
    let codes: Vec<&str> =
        (0..60).map(|place| if lost.contains(&place) { "99980" } else { "99996" }).collect();
    let claims = claims(&codes);
    let mut before: Option<Vec<String>> = None;
    for window in [1, 7, 64] {
        let open = WorkerOptions { sandbox: false, ..hardy() };
        let said = judged(&registered_in(&library, &options(open)), &claims, window);
        for (place, (_, fell)) in said.iter().enumerate() {
            let kind = fell.first().map(|fault| fault.kind);
            assert_eq!(kind, lost.contains(&place).then_some(FaultKind::PluginCrash), "{place}");
        }
        let told = told(&said);
        assert_eq!(before.get_or_insert_with(|| told.clone()), &told, "{window}");
    }
}

#[test]
fn a_healthy_plugin_says_the_same_in_any_process_and_any_window() {
    let library = built("northwind-health");
    let lines = ["93970-59", "93971-XS", "93986-59-LT", "99213"];
    let claims: Vec<Claim> = (1..=300)
        .map(|ordinal| {
            let count = usize::try_from(ordinal % 4).unwrap();
            Claim { ordinal, ..claim("NORTHWIND", &lines[..=count]) }
        })
        .collect();
    let here = told(&judged(&registered(&library), &claims, 1));
    assert!(here.iter().any(|said| said.contains("modifier 59 without XS")));
    for window in [1, 64, 256, 1024] {
        let registry = registered_in(&library, &options(worker()));
        assert_eq!(told(&judged(&registry, &claims, window)), here, "{window}");
    }
}

#[test]
fn lanes_get_the_answers_to_their_own_claims() {
    let registry = registered_in(&built("northwind-health"), &options(worker()));
    std::thread::scope(|scope| {
        for lane in 0..4_u64 {
            let registry = &registry;
            scope.spawn(move || {
                let claims: Vec<Claim> = (1..=64)
                    .map(|ordinal| {
                        let code = if ordinal % 4 == lane { "93970-59" } else { "93970-XS" };
                        Claim { ordinal, ..claim("NORTHWIND", &[code]) }
                    })
                    .collect();
                for ((found, _), ordinal) in judged(registry, &claims, 16).iter().zip(1..) {
                    assert_eq!(found.len(), usize::from(ordinal % 4 == lane), "{lane}: {ordinal}");
                }
            });
        }
    });
}
