//! The claims of a test beside the one that it judges: earlier ones, and others of the same run.

use cleanbill_engine::{Beside, History, Timeline};
use cleanbill_model::Claim;

use super::body::Body;
use crate::shorthand::{ClaimSketch, shorthand};

/// What is known of the patient's other claims in a test.
#[derive(Debug)]
pub struct TestSurroundings {
    timeline: Timeline,
    /// Place of the claim among those of the run, from 1; 0 where it stands alone.
    rank: u32,
    has_feed: bool,
}

impl TestSurroundings {
    /// What the rule is told beside `claim`, the claim of the same test; `beside` is memory for it.
    pub fn history<'a>(&'a self, claim: &Claim, beside: &'a mut Vec<Beside>) -> History<'a> {
        if !self.has_feed && self.rank == 0 {
            return History::Absent;
        }
        let others = self.timeline.around(claim, self.rank, beside);
        if self.has_feed { History::Known(others) } else { History::OfRun(others) }
    }
}

impl Body {
    /// What stands beside `claim`, the lines of each claim turned around when `reversed`.
    pub(super) fn surroundings(
        &self,
        claim: &Claim,
        reversed: bool,
    ) -> Result<TestSurroundings, String> {
        let claims = |sketches: &[ClaimSketch]| -> Result<Vec<Claim>, String> {
            let claims = sketches.iter().map(|sketch| sketch.claim(reversed));
            claims.collect::<Result<_, _>>().map_err(|error| error.to_string())
        };
        let earlier = claims(self.history.as_deref().unwrap_or_default())?;
        let [before, after] = &self.run;
        let has_feed = self.history.is_some();
        if before.is_empty() && after.is_empty() {
            return Ok(TestSurroundings { timeline: Timeline::new(earlier), rank: 0, has_feed });
        }
        let mut run = claims(before)?;
        let rank = u32::try_from(run.len()).unwrap_or(u32::MAX).saturating_add(1);
        run.push(claim.clone());
        run.extend(claims(after)?);
        Ok(TestSurroundings { timeline: Timeline::with_run(earlier, run), rank, has_feed })
    }

    /// The other claims line by line, in words for a test that failed: `history EARLIER1: 99213 x1`.
    pub(super) fn others(&self) -> Vec<String> {
        let [before, after] = &self.run;
        let earlier = match &self.history {
            None => vec!["history absent".to_owned()],
            Some(claims) => lines("history", claims),
        };
        let run = lines("run, before", before).into_iter().chain(lines("run, behind", after));
        earlier.into_iter().chain(run).collect()
    }
}

fn lines(place: &str, sketches: &[ClaimSketch]) -> Vec<String> {
    let claims = sketches.iter().filter_map(|sketch| sketch.claim(false).ok());
    let lines = claims.flat_map(|claim| {
        let line = |line| format!("{place} {}: {}", claim.id(), shorthand(&claim, line));
        claim.lines.iter().map(line).collect::<Vec<_>>()
    });
    lines.collect()
}
