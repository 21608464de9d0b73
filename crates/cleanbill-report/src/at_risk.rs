//! The charge that findings are about, and the part of it that is at risk.

use cleanbill_model::{Claim, Disposition, Finding, Money, Outcome};

/// The charge of the line that the disposition falls on, or of the claim where it falls on the claim.
pub(crate) fn charge_of(claim: &Claim, finding: &Finding) -> Money {
    let line = finding.line.and_then(|line| claim.lines.get(line));
    line.map_or(claim.charge, |line| line.charge)
}

/// Whether a finding puts its charge at risk: notes and waived findings do not.
pub(crate) fn is_at_risk(finding: &Finding) -> bool {
    finding.disposition != Disposition::Informational && finding.outcome != Outcome::Waived
}

/// Cents of `claim` that these of its findings put at risk: the claim's charge when one is on the
/// whole claim, else each line's charge once. Notes and waived findings put nothing at risk.
///
/// The findings stand in the engine's order: by line, those on the claim first.
#[must_use]
pub fn charge_at_risk<'a>(claim: &Claim, findings: impl IntoIterator<Item = &'a Finding>) -> i128 {
    let mut cents = 0;
    let mut counted = None;
    for finding in findings.into_iter().filter(|finding| is_at_risk(finding)) {
        let Some(index) = finding.line else { return i128::from(claim.charge.cents()) };
        if counted != Some(index) {
            counted = Some(index);
            cents += claim.lines.get(index).map_or(0, |line| i128::from(line.charge.cents()));
        }
    }
    cents
}
