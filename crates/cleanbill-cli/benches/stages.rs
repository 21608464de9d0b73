//! Micro benchmarks of the stages of a run, in memory: `cargo bench --package cleanbill-cli --bench stages`.
//!
//! For comparing two states of the code on one quiet machine; `cargo xtask bench` measures the whole program.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop there")]

use std::hint::black_box;
use std::io;

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_intake::{ClaimReader, Event, InputOptions};
use cleanbill_model::Claim;
use cleanbill_report::{JudgedClaim, NdjsonReport, Report as _};
use cleanbill_rules::Loading;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, main as run};

/// A day of a clinic with findings, and one claim without any.
const DAY: &str = include_str!("../../../examples/clinic-day.837");
const ONE: &str = include_str!("../../../examples/one-claim.json");

/// Interchanges, or claims, of an input.
const TIMES: usize = 200;

fn main() {
    run();
}

/// Claims of an input, one after the other in one claim's memory.
fn read(input: &[u8], mut each: impl FnMut(&Claim)) -> usize {
    let mut reader = ClaimReader::open(input, &InputOptions::default(), 1).unwrap();
    let (mut claim, mut claims) = (Claim::default(), 0);
    while let Some(event) = reader.next(&mut claim).unwrap() {
        if matches!(event, Event::Claim) {
            claims += 1;
            each(&claim);
        }
    }
    claims
}

fn bench_reading(bencher: Bencher<'_, '_>, input: &str) {
    let claims = read(input.as_bytes(), |_| {});
    bencher.counter(BytesCount::new(input.len())).counter(ItemsCount::new(claims)).bench(|| {
        read(black_box(input.as_bytes()), |claim| {
            black_box(claim);
        })
    });
}

#[divan::bench]
fn read_837p(bencher: Bencher<'_, '_>) {
    bench_reading(bencher, &DAY.repeat(TIMES));
}

#[divan::bench]
fn read_ndjson(bencher: Bencher<'_, '_>) {
    let claim: serde_json::Value = serde_json::from_str(ONE).unwrap();
    bench_reading(bencher, &format!("{claim}\n").repeat(TIMES));
}

fn registry() -> Registry {
    let packs = cleanbill_default_packs::default_packs();
    let edits = packs.iter().flat_map(|pack| Loading::default().load(pack).unwrap().edits);
    Registry::new(edits.collect()).unwrap()
}

fn claims(input: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    read(input.as_bytes(), |claim| claims.push(claim.clone()));
    claims
}

fn bench_judging(bencher: Bencher<'_, '_>, input: &str) {
    let (registry, claims) = (registry(), claims(input));
    let mut evaluator = Evaluator::default();
    bencher.counter(ItemsCount::new(claims.len())).bench_local(|| {
        let found = claims.iter().map(|claim| evaluator.evaluate(&registry, claim).findings.len());
        found.sum::<usize>()
    });
}

#[divan::bench]
fn judge_claims_with_findings(bencher: Bencher<'_, '_>) {
    bench_judging(bencher, DAY);
}

#[divan::bench]
fn judge_a_claim_without_one(bencher: Bencher<'_, '_>) {
    bench_judging(bencher, ONE);
}

#[divan::bench]
fn report_findings_as_ndjson(bencher: Bencher<'_, '_>) {
    let (registry, claims) = (registry(), claims(DAY));
    let mut evaluator = Evaluator::default();
    let judged: Vec<_> =
        claims.iter().map(|claim| evaluator.evaluate(&registry, claim).findings.to_vec()).collect();
    let findings = judged.iter().map(Vec::len).sum::<usize>();
    let mut report = NdjsonReport::new(io::sink());
    bencher.counter(ItemsCount::new(findings)).bench_local(|| {
        for (claim, findings) in claims.iter().zip(&judged) {
            report.claim(&JudgedClaim { file: "day.837", claim, findings, faults: &[] }).unwrap();
        }
    });
}
