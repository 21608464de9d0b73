//! How long a plugin takes for a claim: in this process, and in a process of its own.

use std::path::Path;
use std::time::Instant;

use cleanbill_engine::{Edit, Sink, Subject};
use cleanbill_model::{Claim, Finding};

use crate::generate::Generator;
use crate::production::{self, Place, TryError, try_plugin};
use crate::statics::LookedAt;

/// Why a plugin cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// It cannot be tried.
    #[error(transparent)]
    Try(#[from] TryError),
    /// Its file cannot be read.
    #[error("the plugin cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It failed on a claim.
    #[error("{0}")]
    Failed(String),
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Where its code ran.
    pub place: Place,
    /// How many claims it was asked about at once.
    pub batch: usize,
    /// Mean time for a claim, in nanoseconds, with laying it out and taking its findings.
    pub mean: u128,
    /// Half of the batches took no longer for each of their claims, in nanoseconds.
    pub median: u128,
    /// 99 of 100 did not.
    pub p99: u128,
    /// Findings on all claims.
    pub findings: usize,
}

/// So many ordinary claims that the plugin in the file `path` may have something to say about.
///
/// # Errors
/// The file cannot be read.
pub fn claims_for(path: &Path, seed: u64, count: usize) -> Result<Vec<Claim>, MeasureError> {
    let bytes = std::fs::read(path)?;
    let mut generator = Generator::new(seed, &LookedAt::new(&bytes).manifest(), &[]);
    let made = (1..).take(count).map(|ordinal| {
        let claim = production::read(&production::json_of(&generator.ordinary()));
        claim.map(|claim| Claim { ordinal, ..claim })
    });
    made.collect::<Result<_, _>>().map_err(MeasureError::Failed)
}

/// Has the plugin in the file `path` judge `claims`, `batch` at once, after a first turn that is not counted.
///
/// # Errors
/// [`MeasureError`].
pub fn measure(
    path: &Path,
    place: Place,
    batch: usize,
    claims: &[Claim],
) -> Result<Measured, MeasureError> {
    let nothing = Measured { place, batch, mean: 0, median: 0, p99: 0, findings: 0 };
    let Some(edit) = try_plugin(path, place)?.into_edit() else { return Ok(nothing) };
    let (mut sink, mut times) = (Counted(0), Vec::new());
    turn(&*edit, claims, batch, &mut Counted(0), &mut Vec::new())?;
    let start = Instant::now();
    turn(&*edit, claims, batch, &mut sink, &mut times)?;
    let whole = start.elapsed().as_nanos();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    let count = u128::try_from(claims.len()).unwrap_or(1).max(1);
    Ok(Measured { mean: whole / count, median: at(50), p99: at(99), findings: sink.0, ..nothing })
}

fn turn(
    edit: &dyn Edit,
    claims: &[Claim],
    batch: usize,
    sink: &mut Counted,
    times: &mut Vec<u128>,
) -> Result<(), MeasureError> {
    for claims in claims.chunks(batch.max(1)) {
        let start = Instant::now();
        if batch > 1 {
            edit.look_ahead(&claims.iter().collect::<Vec<_>>());
        }
        for claim in claims {
            edit.evaluate(Subject::from(claim), sink)
                .map_err(|fault| MeasureError::Failed(fault.message))?;
        }
        times.push(start.elapsed().as_nanos() / u128::try_from(claims.len()).unwrap_or(1));
    }
    Ok(())
}

/// Counts findings.
struct Counted(usize);

impl Sink for Counted {
    fn find(&mut self, finding: Finding) {
        drop(finding);
        self.0 += 1;
    }
}
