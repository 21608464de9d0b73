//! What one incoming claim costs against a history, for `cargo xtask bench`: a line each, name and number.
//!
//! Each claim is of another patient, so that none is known already: its other claims are asked for, put in
//! order, and it is judged by rules that look at them.
#![expect(clippy::print_stdout, reason = "what the benchmark reads")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_history::HistoryPlace;
use cleanbill_intake::{Event, InputOptions};
use cleanbill_model::Claim;
use cleanbill_rules::{MemorySource, load};
use cleanbill_run::{HistoryFeed, Input, Surroundings};

/// Rounds over all claims; the first one warms what a program that runs on has warm.
const ROUNDS: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [history, pack, claims] = paths.as_slice() else {
        return Err("name a history, a pack file and a file of claims".into());
    };
    let pack = MemorySource::new("bench").with("pack.yaml", &std::fs::read_to_string(pack)?);
    let pack = load(&pack).map_err(|mistakes| mistakes.to_string())?;
    let registry = Registry::new(pack.edits)?;
    let claims = read(claims)?;
    let (mut times, mut others, mut found) = (Vec::new(), 0, 0);
    for round in 0..ROUNDS {
        // Nothing is known of any patient again.
        let feed = HistoryFeed::open(&HistoryPlace::File(history.clone()), None)?;
        let mut surroundings = Surroundings::new(Some(&feed), None);
        let mut evaluator = Evaluator::default();
        let (mut findings, mut faults) = (Vec::new(), Vec::new());
        for claim in &claims {
            let start = Instant::now();
            let subject = surroundings.of(claim)?;
            evaluator.evaluate_into(&registry, subject, &mut findings, &mut faults);
            let took = start.elapsed();
            if round > 0 {
                times.push(took);
                others += subject.others().map(|other| other.claim.lines.len()).sum::<usize>();
                found += findings.len();
            }
            if !faults.is_empty() {
                return Err("a rule could not run".into());
            }
        }
    }
    times.sort_unstable();
    let count = times.len();
    println!("claims {count}");
    println!("lines_beside {}", others / count.max(1));
    println!("findings {found}");
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    for (name, time) in [
        ("p50", at(count / 2)),
        ("p99", at(count * 99 / 100)),
        ("p999", at(count * 999 / 1000)),
        ("max", at(count.saturating_sub(1))),
    ] {
        println!("{name}_ns {}", Duration::as_nanos(&time));
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Claim>, Box<dyn Error>> {
    let options = InputOptions::default();
    let mut reader = Input::file(path.to_owned()).claims(&options, 1)?;
    let mut claims = Vec::new();
    let mut claim = Claim::default();
    while let Some(event) = reader.next(&mut claim)? {
        match event {
            Event::Claim => claims.push(claim.clone()),
            _ => return Err("the claims cannot be read".into()),
        }
    }
    Ok(claims)
}
