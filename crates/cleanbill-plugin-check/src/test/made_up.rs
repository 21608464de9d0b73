//! H3: claims with values that no input has, one after the other, until the time is up.

use std::fs::File;
use std::io::{Seek, Write};
use std::time::{Duration, Instant};

use crate::bench::{Bench, show};
use crate::claim::KitClaim;
use crate::job::{Job, Reply};
use crate::outcome::{Ended, Outcome};
use crate::plugin::Instance;
use crate::show::Layout;

/// An instance judges so many claims before it is taken back and another one is made.
const CLAIMS_OF_AN_INSTANCE: u64 = 500;

/// Tries the claims of the job, or made-up ones until its time is up.
pub(crate) fn run(bench: &Bench<'_>, job: &Job) -> Reply {
    let mut tried = 0;
    let mut in_hand = None;
    let verdict = if job.claims.is_empty() {
        made_up(bench, job, &mut tried, &mut in_hand)
    } else {
        given(bench, job, &mut tried, &mut in_hand)
    };
    let outcome = Outcome::from(verdict);
    let claim = in_hand.filter(|_| matches!(outcome, Outcome::Fail(_)));
    Reply { outcome, claim, tried }
}

fn made_up(
    bench: &Bench<'_>,
    job: &Job,
    tried: &mut u64,
    in_hand: &mut Option<KitClaim>,
) -> Result<(), Ended> {
    let functions = bench.functions()?;
    let mut instance = bench.instance(functions)?;
    let mut cursor = File::create(job.cursor()).map_err(|error| Ended::Skip(error.to_string()))?;
    let mut generator = bench.generator();
    let (start, time) = (Instant::now(), Duration::from_millis(job.fuzz_ms));
    while start.elapsed() < time {
        if *tried % CLAIMS_OF_AN_INSTANCE == CLAIMS_OF_AN_INSTANCE - 1 {
            instance = bench.instance(functions)?;
        }
        // Should the process end within the call, the number tells which claim it was.
        cursor
            .rewind()
            .and_then(|()| cursor.write_all(&tried.to_le_bytes()))
            .map_err(|error| Ended::Skip(error.to_string()))?;
        let claim = generator.wild();
        let answer = judge(bench, &mut instance, &claim);
        *tried += 1;
        *in_hand = Some(claim);
        answer?;
    }
    Ok(())
}

/// Each on an instance of its own.
fn given(
    bench: &Bench<'_>,
    job: &Job,
    tried: &mut u64,
    in_hand: &mut Option<KitClaim>,
) -> Result<(), Ended> {
    let functions = bench.functions()?;
    for claim in &job.claims {
        *tried += 1;
        *in_hand = Some(claim.clone());
        judge(bench, &mut bench.instance(functions)?, claim)?;
    }
    Ok(())
}

fn judge(bench: &Bench<'_>, instance: &mut Instance, claim: &KitClaim) -> Result<(), Ended> {
    let shown = show(claim, Layout::PLAIN)?;
    shown.protect().map_err(|error| Ended::Skip(error.to_string()))?;
    bench.ask(instance, &shown).of_a_strange_claim().map(drop)
}
