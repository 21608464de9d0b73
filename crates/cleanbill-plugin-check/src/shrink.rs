//! Smaller claims out of one, the smallest first, for finding what it is that a plugin fails on.

use crate::claim::{KitClaim, KitLine};

/// Claims that are smaller than `claim`, each in one way; those that take most away come first.
pub(crate) fn smaller(claim: &KitClaim) -> Vec<KitClaim> {
    let mut found = Vec::new();
    let mut lines = |lines: Vec<KitLine>| found.push(KitClaim { lines, ..claim.clone() });
    let half = claim.lines.len() / 2;
    if half > 0 {
        let (front, back) = claim.lines.split_at_checked(half).unwrap_or_default();
        lines(front.to_vec());
        lines(back.to_vec());
    }
    for at in 0..claim.lines.len().min(16) {
        let rest = claim.lines.iter().enumerate().filter(|(place, _)| *place != at);
        lines(rest.map(|(_, line)| line.clone()).collect());
    }
    found.push(KitClaim { lines: claim.lines.clone(), ..KitClaim::default() });
    found.extend(CLAIM_PARTS.iter().map(|clear| {
        let mut smaller = claim.clone();
        clear(&mut smaller);
        smaller
    }));
    for at in 0..claim.lines.len().min(16) {
        found.extend(LINE_PARTS.iter().map(|clear| {
            let mut smaller = claim.clone();
            smaller.lines.get_mut(at).into_iter().for_each(clear);
            smaller
        }));
    }
    found.retain(|smaller| smaller != claim);
    found
}

const CLAIM_PARTS: &[fn(&mut KitClaim)] = &[
    |claim| claim.diagnoses.clear(),
    |claim| claim.payer_id.clear(),
    |claim| claim.filing_indicator.clear(),
    |claim| claim.frequency.clear(),
    |claim| claim.bill_type.clear(),
    |claim| claim.place_of_service.clear(),
    |claim| claim.billing_npi.clear(),
    |claim| claim.billing_taxonomy.clear(),
    |claim| claim.rendering_npi.clear(),
    |claim| claim.sex.clear(),
    |claim| claim.authorization.clear(),
    |claim| (claim.from, claim.through) = (0, 0),
    |claim| (claim.submitted, claim.birth_date) = (0, 0),
    |claim| claim.total_charge = 0,
    |claim| claim.has_original_reference = false,
];

const LINE_PARTS: &[fn(&mut KitLine)] = &[
    |line| *line = KitLine { code: std::mem::take(&mut line.code), ..KitLine::default() },
    |line| line.code.clear(),
    |line| line.modifiers.clear(),
    |line| line.dx_pointers.clear(),
    |line| line.place_of_service.clear(),
    |line| line.revenue_code.clear(),
    |line| line.rendering_npi.clear(),
    |line| (line.from, line.through) = (0, 0),
    |line| line.units_milli = 0,
    |line| line.charge = 0,
    |line| (line.ndc, line.drug_unit, line.drug_quantity_milli) = <_>::default(),
    |line| line.authorization.clear(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_shrinks_to_the_one_thing_that_matters() {
        let line = |code: &str| KitLine { code: code.into(), units_milli: 7, ..KitLine::default() };
        let lines = ["1", "2", "3", "bad", "5"].map(line).to_vec();
        let mut claim =
            KitClaim { lines, payer_id: "P".into(), total_charge: 9, ..KitClaim::default() };
        let fails = |claim: &KitClaim| claim.lines.iter().any(|line| line.code == "bad");
        while let Some(next) = smaller(&claim).into_iter().find(fails) {
            claim = next;
        }
        let bad = KitLine { code: "bad".into(), ..KitLine::default() };
        assert_eq!(claim, KitClaim { lines: vec![bad], ..KitClaim::default() });
    }
}
