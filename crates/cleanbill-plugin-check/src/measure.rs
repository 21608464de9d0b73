//! How long a plugin takes for a claim: its check alone, and with its host around it, in this process and in a
//! process of its own.

use std::path::Path;
use std::time::Instant;

use cleanbill_engine::{Edit, Sink, Subject};
use cleanbill_model::{Claim, Finding};
use cleanbill_plugin_host::CheckAlone;

use crate::generate::Generator;
use crate::production::{self, Place, TryError, try_plugin};
use crate::statics::LookedAt;

/// Claims between two looks at the clock, which itself takes as long as a small check.
const TIMED: usize = 256;

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

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// The plugin's function alone, on claims that are laid out, with a host that only counts.
    Check,
    /// All of it: laying claims out, asking about so many at once, judging the answer, wording the findings.
    Asked(Place, usize),
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// What.
    pub work: Work,
    /// Mean time for a claim, in nanoseconds.
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

/// Has the plugin in the file `path` judge `claims` in each of these ways, `rounds` times in turns, so that a
/// machine which is busy for a while slows all of them; a first round is not counted.
///
/// # Errors
/// [`MeasureError`].
pub fn measure(
    path: &Path,
    works: &[Work],
    claims: &[Claim],
    rounds: usize,
) -> Result<Vec<Measured>, MeasureError> {
    let mut asked =
        works.iter().map(|work| Turn::new(path, *work)).collect::<Result<Vec<_>, _>>()?;
    for round in 0..=rounds {
        for turn in &mut asked {
            turn.findings = 0;
            turn.take(claims)?;
            if round == 0 {
                turn.times.clear();
            }
        }
    }
    Ok(asked.into_iter().map(Turn::measured).collect())
}

/// A plugin that is asked in one way, and the nanoseconds that it took for each claim of a batch.
struct Turn {
    work: Work,
    plugin: Asked,
    times: Vec<u128>,
    findings: usize,
}

enum Asked {
    Alone(CheckAlone),
    Whole(Box<dyn Edit>),
    /// It has no rules.
    Nothing,
}

impl Turn {
    fn new(path: &Path, work: Work) -> Result<Self, MeasureError> {
        let plugin = match work {
            Work::Check => try_plugin(path, Place::Here)?.check_alone().map(Asked::Alone),
            Work::Asked(place, _) => try_plugin(path, place)?.into_edit().map(Asked::Whole),
        };
        let plugin = plugin.unwrap_or(Asked::Nothing);
        Ok(Self { work, plugin, times: Vec::new(), findings: 0 })
    }

    fn take(&mut self, claims: &[Claim]) -> Result<(), MeasureError> {
        let at_once = match self.work {
            Work::Asked(Place::Worker, batch) => batch.max(1),
            _ => TIMED,
        };
        let failed = |error: String| Err(MeasureError::Failed(error));
        for claims in claims.chunks(at_once) {
            // As they are in a run, where they have just been read: in a near cache.
            let claims = claims.to_vec();
            let start = match &mut self.plugin {
                Asked::Alone(check) => {
                    let mut laid_out = check.lay_out(&claims);
                    let start = Instant::now();
                    let (findings, fell) = laid_out.check();
                    if fell > 0 {
                        return failed(format!("its check failed on {fell} claims"));
                    }
                    self.findings += findings;
                    start
                }
                Asked::Whole(edit) => {
                    let start = Instant::now();
                    let mut sink = Counted(0);
                    if edit.looks_ahead() && at_once > 1 {
                        edit.look_ahead(&claims.iter().collect::<Vec<_>>());
                    }
                    for claim in &claims {
                        let judged = edit.evaluate(Subject::from(claim), &mut sink);
                        judged.or_else(|fault| failed(fault.message))?;
                    }
                    self.findings += sink.0;
                    start
                }
                Asked::Nothing => return Ok(()),
            };
            let took = start.elapsed().as_nanos();
            self.times.push(took / u128::try_from(claims.len()).unwrap_or(1));
        }
        Ok(())
    }

    fn measured(mut self) -> Measured {
        self.times.sort_unstable();
        let at = |part: usize| self.times.get(self.times.len() * part / 100).copied();
        let count = u128::try_from(self.times.len()).unwrap_or(1).max(1);
        Measured {
            work: self.work,
            mean: self.times.iter().sum::<u128>() / count,
            median: at(50).unwrap_or_default(),
            p99: at(99).unwrap_or_default(),
            findings: self.findings,
        }
    }
}

/// Counts findings.
struct Counted(usize);

impl Sink for Counted {
    fn find(&mut self, finding: Finding) {
        drop(finding);
        self.0 += 1;
    }
}
