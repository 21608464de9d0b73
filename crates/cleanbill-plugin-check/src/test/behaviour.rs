//! What a plugin does over many claims: the same claim gives the same findings, whatever came before.

use std::time::{Duration, Instant};

use cleanbill_plugin_abi::status;

use crate::bench::{Bench, show, words};
use crate::claim::KitClaim;
use crate::outcome::{Ended, Verdict, expect};
use crate::plugin::Instance;
use crate::show::Layout;
use crate::sink::Said;

/// A plugin is back so soon after it was told that enough is enough.
const AT_ONCE: Duration = Duration::from_millis(1);
/// A plugin that does not ask for the time judges any claim within it.
const SOFT_DEADLINE: Duration = Duration::from_millis(50);
/// How often what is measured is measured; the best counts, since others use the machine too.
const TRIES: usize = 5;

/// B1: the same claim twice.
pub(crate) fn same_twice(bench: &Bench<'_>) -> Verdict {
    let mut instance = bench.instance(bench.functions()?)?;
    for claim in bench.claims(200) {
        let first = bench.judge(&mut instance, &claim)?;
        same(&first, &bench.judge(&mut instance, &claim)?, "asked twice about one claim")?;
    }
    Ok(())
}

/// B2: the same claims in another order.
pub(crate) fn same_in_any_order(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let claims = bench.claims(300);
    let first = judge_all(bench, &mut bench.instance(functions)?, claims.iter())?;
    let mut back = judge_all(bench, &mut bench.instance(functions)?, claims.iter().rev())?;
    back.reverse();
    all_same(&first, &back, "when claims come in another order")
}

/// B3: on a fresh instance for each claim.
pub(crate) fn same_on_a_fresh_instance(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let claims = bench.claims(200);
    let one = judge_all(bench, &mut bench.instance(functions)?, claims.iter())?;
    let each = claims.iter().map(|claim| bench.judge(&mut bench.instance(functions)?, claim));
    all_same(&one, &each.collect::<Result<Vec<_>, _>>()?, "on a fresh instance")
}

/// B4: two instances on two threads at once.
pub(crate) fn same_on_two_threads(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let claims = bench.claims(500);
    let alone = judge_all(bench, &mut bench.instance(functions)?, claims.iter())?;
    let (mut one, mut two) = (bench.instance(functions)?, bench.instance(functions)?);
    let (forth, back) = std::thread::scope(|scope| {
        let forth = scope.spawn(|| judge_all(bench, &mut one, claims.iter()));
        let back = judge_all(bench, &mut two, claims.iter().rev());
        (forth.join(), back)
    });
    let forth = forth.map_err(|_| Ended::Skip("a thread of the kit failed".to_owned()))??;
    let mut back = back?;
    back.reverse();
    all_same(&alone, &forth, "beside another instance on another thread")?;
    all_same(&alone, &back, "beside another instance on another thread")
}

/// B5: it stops once it is told that nothing more is taken.
pub(crate) fn stops_when_told(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let mut instance = bench.instance(functions)?;
    let mut asked = 0_usize;
    for claim in bench.claims(400) {
        if bench.judge(&mut instance, &claim)?.is_empty() {
            continue;
        }
        asked += 1;
        let mut best = Duration::MAX;
        for _ in 0..TRIES {
            let shown = show(&claim, Layout::PLAIN)?;
            let answer = bench.ask_with(&mut instance, &shown, |sink| sink.enough = Some(1));
            best = best.min(answer.sink.stopped.map_or(Duration::MAX, |stopped| stopped.elapsed()));
            expect(answer.sink.too_many == 0, || {
                format!("it gave {} more findings after CB_STOP", answer.sink.too_many)
            })?;
            expect(matches!(answer.status, status::OK | status::STOP), || {
                format!("after CB_STOP `check` gives back {}", words(answer.status))
            })?;
        }
        expect(best < AT_ONCE, || {
            format!("it came back {} µs after CB_STOP; 1,000 are allowed", best.as_micros())
        })?;
    }
    if asked == 0 {
        return Err(Ended::Skip(NOTHING_FOUND.to_owned()));
    }
    Ok(())
}

const NOTHING_FOUND: &str = "it found nothing on any claim of the kit; give each rule `examples` in the \
                             manifest, whose codes the kit uses";

/// B6: it judges the longest claim within the soft deadline, or asks for the time and stops.
pub(crate) fn minds_the_time(bench: &Bench<'_>) -> Verdict {
    let functions = bench.functions()?;
    let claims = bench.claims(300);
    let lines = claims.iter().flat_map(|claim| &claim.lines).cycle().take(999).cloned().collect();
    let claim = KitClaim { lines, ..claims.first().cloned().unwrap_or_default() };
    let mut best = Duration::MAX;
    for _ in 0..TRIES {
        let mut instance = bench.instance(functions)?;
        let shown = show(&claim, Layout::PLAIN)?;
        let start = Instant::now();
        let answer = bench.ask_with(&mut instance, &shown, |sink| sink.time_is_up = true);
        let since = answer.sink.stopped.unwrap_or(start);
        best = best.min(since.elapsed());
        if best < SOFT_DEADLINE {
            return Ok(());
        }
    }
    Err(Ended::Fail(format!(
        "it takes {} ms for a claim of 999 lines without asking whether the time is up, or after it was \
         told so; {} are allowed: call `poll` in long loops and return",
        best.as_millis(),
        SOFT_DEADLINE.as_millis()
    )))
}

/// B8: it writes to nothing that it was shown.
pub(crate) fn writes_to_nothing(bench: &Bench<'_>) -> Verdict {
    let mut instance = bench.instance(bench.functions()?)?;
    for claim in bench.claims(200) {
        let shown = show(&claim, Layout::PLAIN)?;
        shown.protect().map_err(|error| Ended::Skip(error.to_string()))?;
        bench.ask(&mut instance, &shown).of_an_ordinary_claim()?;
    }
    Ok(())
}

/// B9: it keeps nothing that it was shown: each claim is taken back before the next one is shown.
pub(crate) fn keeps_nothing(bench: &Bench<'_>) -> Verdict {
    let mut instance = bench.instance(bench.functions()?)?;
    let mut taken_back = Vec::new();
    for claim in bench.claims(200) {
        let shown = show(&claim, Layout::PLAIN)?;
        bench.ask(&mut instance, &shown).of_an_ordinary_claim()?;
        shown.take_back().map_err(|error| Ended::Skip(error.to_string()))?;
        taken_back.push(shown);
    }
    drop(instance);
    Ok(())
}

fn judge_all<'c>(
    bench: &Bench<'_>,
    instance: &mut Instance,
    claims: impl Iterator<Item = &'c KitClaim>,
) -> Result<Vec<Vec<Said>>, Ended> {
    claims.map(|claim| bench.judge(instance, claim)).collect()
}

fn all_same(one: &[Vec<Said>], other: &[Vec<Said>], when: &str) -> Verdict {
    one.iter().zip(other).try_for_each(|(one, other)| same(one, other, when))
}

fn same(one: &[Said], other: &[Said], when: &str) -> Verdict {
    expect(one == other, || {
        format!(
            "{when} it gives other findings on the same claim ({} and {}); `check` may depend on the \
             claim and the configuration alone",
            one.len(),
            other.len()
        )
    })
}
