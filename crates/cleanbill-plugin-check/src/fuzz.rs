//! Tries made-up claims in processes of their own, and makes the claim on which one fails as small as it
//! still fails.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use cleanbill_plugin_host::Digest;

use crate::catalogue::Test;
use crate::claim::KitClaim;
use crate::generate::Generator;
use crate::job::Job;
use crate::kit::{Work, seed_of};
use crate::outcome::Outcome;
use crate::report::TestResult;
use crate::shrink::smaller;

/// One process tries claims for so long.
const SLICE: Duration = Duration::from_secs(5);
/// A claim that is not judged by then hangs.
const PATIENCE: Duration = Duration::from_secs(5);
/// So many processes may be started to make a claim smaller.
const STEPS: usize = 200;

/// Tries the claims that are kept, then made-up ones for `time`.
pub(crate) fn run(work: &Work<'_>, test: &'static Test, time: Duration) -> io::Result<TestResult> {
    let mut job = work.job(test)?;
    for claim in kept(work.kit.corpus.as_deref())? {
        if let Some(why) = fails(work, &job, &claim)? {
            return found(work, test, &job, claim, &why, "a claim that is kept");
        }
    }
    let (start, mut tried, mut slice) = (Instant::now(), 0, 0);
    while start.elapsed() < time {
        let left = time.saturating_sub(start.elapsed()).min(SLICE);
        job.seed = seed_of(work.kit.seed, test.id, slice);
        job.fuzz_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).max(1);
        slice += 1;
        let ended = work.run(&job, left + PATIENCE)?;
        let (why, claim, count) = match ended.reply {
            Some(reply) => match reply.outcome {
                Outcome::Fail(why) => (why, reply.claim, reply.tried),
                Outcome::Pass => {
                    tried += reply.tried;
                    continue;
                }
                outcome @ Outcome::Skip(_) => return Ok(TestResult { test, outcome, claim: None }),
            },
            None => {
                let count = ended.cursor.unwrap_or_default();
                let mut generator = Generator::new(job.seed, &work.manifest, &job.codes);
                let claim = ended.cursor.and_then(|count| {
                    let count = usize::try_from(count).ok()?;
                    std::iter::repeat_with(|| generator.wild()).nth(count)
                });
                (ended.death, claim, count)
            }
        };
        let place = format!("made-up claim {}", tried + count);
        let Some(claim) = claim else {
            return Ok(TestResult { test, outcome: Outcome::Fail(why), claim: None });
        };
        return match fails(work, &job, &claim)? {
            Some(why) => found(work, test, &job, claim, &why, &place),
            None => {
                let why = format!(
                    "{place}: {why}; the claim alone does not do it, so what came before counts"
                );
                Ok(TestResult { test, outcome: Outcome::Fail(why), claim: None })
            }
        };
    }
    Ok(TestResult { test, outcome: Outcome::Pass, claim: None })
}

/// Makes the claim smaller, and keeps it.
fn found(
    work: &Work<'_>,
    test: &'static Test,
    job: &Job,
    mut claim: KitClaim,
    why: &str,
    place: &str,
) -> io::Result<TestResult> {
    let mut steps = 0;
    'smaller: while steps < STEPS {
        for candidate in smaller(&claim) {
            steps += 1;
            if fails(work, job, &candidate)?.is_some() {
                claim = candidate;
                continue 'smaller;
            }
            if steps >= STEPS {
                break;
            }
        }
        break;
    }
    let json = serde_json::to_string(&claim)?;
    let kept = match &work.kit.corpus {
        Some(folder) => {
            fs::create_dir_all(folder)?;
            let digest = Digest::of(json.as_bytes());
            let name = digest.as_str().get(..12).unwrap_or_default();
            let path = folder.join(name).with_extension("json");
            fs::write(&path, &json)?;
            Some(path)
        }
        None => None,
    };
    let shown =
        if kept.is_some() || json.len() > 2_000 { String::new() } else { format!(": {json}") };
    let why = format!("{place}: {why}; made smaller to {} line(s){shown}", claim.lines.len());
    Ok(TestResult { test, outcome: Outcome::Fail(why), claim: kept })
}

/// Why the plugin fails on `claim` alone, if it does.
fn fails(work: &Work<'_>, job: &Job, claim: &KitClaim) -> io::Result<Option<String>> {
    let job = Job { claims: vec![claim.clone()], ..job.clone() };
    let ended = work.run(&job, PATIENCE)?;
    Ok(match ended.reply {
        None => Some(ended.death),
        Some(reply) => match reply.outcome {
            Outcome::Fail(why) => Some(why),
            _ => None,
        },
    })
}

/// The claims in a folder, by their names; none when there is no such folder.
fn kept(folder: Option<&Path>) -> io::Result<Vec<KitClaim>> {
    let Some(entries) = folder.and_then(|folder| fs::read_dir(folder).ok()) else {
        return Ok(Vec::new());
    };
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    paths.iter().map(|path| Ok(serde_json::from_slice(&fs::read(path)?)?)).collect()
}
