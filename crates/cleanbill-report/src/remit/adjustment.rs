//! Which findings become adjustments, and which of them carries the amount.

use core::cmp::Reverse;

use cleanbill_model::{Claim, Disposition, Finding, Money, Outcome, Remit};

use crate::at_risk::charge_of;

/// An adjustment of a line, or of the claim as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adjustment<'a> {
    pub(super) finding: &'a Finding,
    pub(super) remit: &'a Remit,
    /// The charge at risk, once for each line; zero where another adjustment carries it.
    pub(super) amount: Money,
}

/// The adjustments of a claim: those of the claim as a whole first, then line by line.
///
/// Findings that fire and name a reason become adjustments; what is waived, pended, a note or not certain
/// does not. Of several on one line the most severe one carries the charge, of equals the first in the
/// engine's order. Where one is on the whole claim, it carries the charge of the claim and its lines
/// nothing.
pub(super) fn adjustments<'a>(claim: &Claim, findings: &'a [Finding]) -> Vec<Adjustment<'a>> {
    let denies = |finding: &&Finding| {
        finding.outcome == Outcome::Fires
            && !matches!(finding.disposition, Disposition::Informational | Disposition::Suspend)
    };
    let mut found: Vec<Adjustment<'a>> = findings
        .iter()
        .filter(denies)
        .filter_map(|finding| {
            let amount = charge_of(claim, finding);
            finding.remit.as_ref().map(|remit| Adjustment { finding, remit, amount })
        })
        .collect();
    // The sort is stable: equals stay in the engine's order.
    found.sort_by_key(|one| (one.finding.line, Reverse(one.finding.severity)));
    let on_claim = found.first().is_some_and(|one| one.finding.line.is_none());
    let mut carried = None;
    for one in &mut found {
        let line = Some(one.finding.line).filter(|_| !on_claim).unwrap_or_default();
        if carried == Some(line) {
            one.amount = Money::ZERO;
        }
        carried = Some(line);
    }
    found
}

#[cfg(test)]
mod tests {
    use cleanbill_model::{Carc, GroupCode, Severity};

    use super::*;
    use crate::sample;

    fn on(line: Option<usize>, severity: Severity, carc: &[u8]) -> Finding {
        let remit =
            Remit { group: GroupCode::Co, carc: Carc::new(carc).unwrap(), rarc: Vec::new() };
        Finding { line, severity, remit: Some(remit), ..sample::conflict() }
    }

    fn amounts(findings: &[Finding]) -> Vec<(String, String)> {
        let claim = sample::claim();
        let found = adjustments(&claim, findings);
        found.iter().map(|one| (one.remit.carc.to_string(), one.amount.to_string())).collect()
    }

    fn row(carc: &str, amount: &str) -> (String, String) {
        (carc.to_owned(), amount.to_owned())
    }

    #[test]
    fn the_most_severe_finding_carries_the_charge_of_its_line_once() {
        let findings = [
            on(Some(0), Severity::Error, b"4"),
            on(Some(1), Severity::Warning, b"97"),
            on(Some(1), Severity::Error, b"236"),
            on(Some(1), Severity::Error, b"151"),
        ];
        let wanted =
            [row("4", "268.00"), row("236", "412.00"), row("151", "0.00"), row("97", "0.00")];
        assert_eq!(amounts(&findings), wanted);
    }

    #[test]
    fn a_finding_on_the_claim_carries_the_charge_of_the_claim_and_its_lines_nothing() {
        let findings = [on(None, Severity::Error, b"16"), on(Some(1), Severity::Error, b"236")];
        let charge = sample::claim().charge.to_string();
        assert_eq!(amounts(&findings), [row("16", &charge), row("236", "0.00")]);
    }

    #[test]
    fn what_is_waived_noted_pended_or_not_certain_is_no_adjustment() {
        let fires = on(Some(1), Severity::Error, b"236");
        let others = [
            Finding { outcome: Outcome::Waived, ..fires.clone() },
            Finding { outcome: Outcome::Undetermined, ..fires.clone() },
            Finding { disposition: Disposition::Suspend, ..fires.clone() },
            Finding { disposition: Disposition::Informational, ..fires.clone() },
            Finding { remit: None, ..fires },
        ];
        assert!(amounts(&others).is_empty());
    }
}
