//! When a plugin is given up for the rest of a run: a plugin that crashes on every claim must not take the
//! night.

use std::time::Duration;

use super::options::Breaker;

/// Hangs that are put up with.
const HANGS: u64 = 3;
/// Time for starting processes again that is put up with.
const RESTARTS: Duration = Duration::from_secs(30);
/// One crash in so many claims is put up with.
const CLAIMS_PER_CRASH: u64 = 200;

/// What happened so far.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Claims that were judged or given up.
    pub(super) claims: u64,
    pub(super) crashes: u64,
    pub(super) hangs: u64,
    pub(super) restarting: Duration,
}

impl Record {
    /// Why it is enough, if it is.
    pub(super) fn is_enough(&self, breaker: Breaker) -> Option<String> {
        let Breaker::AfterCrashes(most) = breaker else { return None };
        if self.crashes > most.max(self.claims / CLAIMS_PER_CRASH) {
            return Some(format!("its process ended on {} claims", self.crashes));
        }
        if self.hangs > HANGS {
            return Some(format!("it made no progress on {} claims", self.hangs));
        }
        (self.restarting > RESTARTS)
            .then(|| "starting it again has taken more than half a minute".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_crashes_or_few_among_many_claims_are_put_up_with() {
        let told = |claims, crashes, hangs, most| {
            let record = Record { claims, crashes, hangs, ..Record::default() };
            record.is_enough(Breaker::AfterCrashes(most))
        };
        assert_eq!(told(6, 5, 0, 5), None);
        assert_eq!(told(6, 6, 0, 5).unwrap(), "its process ended on 6 claims");
        assert_eq!(told(1_200, 6, 3, 5), None);
        assert_eq!(told(1_200, 6, 4, 5).unwrap(), "it made no progress on 4 claims");
        assert_eq!(told(0, 7, 0, 7), None);
        let slow = Record { restarting: Duration::from_secs(31), ..Record::default() };
        assert!(slow.is_enough(Breaker::AfterCrashes(5)).is_some());
        let many = Record { crashes: 10_000, hangs: 10_000, ..slow };
        assert_eq!(many.is_enough(Breaker::Off), None);
    }
}
