//! Which claim a worker has in hand, as one number in memory that both processes share: a store for each claim,
//! where a pipe would cost a call of the system. What it says is a hint: the claim is tried alone before it is
//! set aside.

/// Bytes of that memory.
#[cfg(unix)]
pub(crate) const CURSOR: usize = 8;

/// The number for a claim of a batch, by its place from 0; batches count from 1, so none is 0.
pub(crate) fn place(batch: u64, claim: u32) -> u64 {
    (batch << u32::BITS) | u64::from(claim)
}

/// The claim of which `place` speaks if that is one of `batch`.
#[cfg(any(target_os = "linux", test))]
pub(crate) fn claim_at(place: u64, batch: u64) -> Option<usize> {
    let claim = place & u64::from(u32::MAX);
    (place >> u32::BITS == batch & u64::from(u32::MAX)).then(|| usize::try_from(claim).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_of_its_batch_alone() {
        for batch in [1, 7, u64::from(u32::MAX), 1 << 33 | 5] {
            for claim in [0, 255, u32::MAX] {
                let place = place(batch, claim);
                assert_eq!(claim_at(place, batch), usize::try_from(claim).ok());
                assert_eq!(claim_at(place, batch + 1), None);
            }
        }
        assert_eq!(claim_at(0, 1), None);
    }
}
