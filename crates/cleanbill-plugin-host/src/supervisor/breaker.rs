//! When a plugin is given up for the rest of a run: a plugin that crashes on every claim must not take the
//! night. All of it is counted and none of it timed: a slow machine gives a plugin up where a fast one does.

use super::options::Breaker;

/// Hangs that are put up with.
const HANGS: u64 = 3;
/// Ends near claims that are survived alone that are put up with; each costs a few processes.
const UNSTEADY: u64 = 100;
/// One crash in so many claims is put up with.
const CLAIMS_PER_CRASH: u64 = 200;

/// What happened so far.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Claims that were judged or given up.
    pub(super) claims: u64,
    pub(super) crashes: u64,
    pub(super) hangs: u64,
    /// Ends near a claim that the plugin survives alone.
    pub(super) unsteady: u64,
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
        (self.unsteady > UNSTEADY).then(|| {
            format!("its process ended {} times near claims that it survives", self.unsteady)
        })
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
        let unsteady = |unsteady| Record { unsteady, ..Record::default() };
        assert_eq!(unsteady(100).is_enough(Breaker::AfterCrashes(5)), None);
        assert!(unsteady(101).is_enough(Breaker::AfterCrashes(5)).is_some());
        let many = Record { crashes: 10_000, hangs: 10_000, ..unsteady(10_000) };
        assert_eq!(many.is_enough(Breaker::Off), None);
    }
}
