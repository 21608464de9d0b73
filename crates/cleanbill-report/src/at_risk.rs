//! The charge that a finding is about.

use cleanbill_model::{Claim, Finding, Money};

/// The charge of the line that the disposition falls on, or of the claim where it falls on the claim.
pub(crate) fn charge_of(claim: &Claim, finding: &Finding) -> Money {
    let line = finding.line.and_then(|line| claim.lines.get(line));
    line.map_or(claim.charge, |line| line.charge)
}
