//! 837 claims: what the engine counts beside a claim is what is final here too.

use cleanbill_engine::fates;
use cleanbill_history::VersionRecord;
use cleanbill_model::{Claim, DateRange, FinalAction, Frequency, ServiceDate, ServiceLine};

use super::preset::Verdicts;

/// Decides on the claims of one patient.
pub(super) fn decide(versions: &[VersionRecord], verdicts: &mut Verdicts<'_>) {
    let mut order: Vec<usize> = (0..versions.len()).collect();
    // As claims of a run are ranked: handed in, served, corrections behind, number, content.
    let key = |place: &usize| {
        versions.get(*place).map(|version| {
            let first = version.lines.iter().map(|line| line.dates[0]).min();
            let corrects = is_correction(version.frequency);
            (version.submitted, first, corrects, &version.id, version.digest, version.place)
        })
    };
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    let sorted: Vec<&VersionRecord> =
        order.iter().filter_map(|place| versions.get(*place)).collect();
    let claims: Vec<Claim> = sorted.iter().map(|version| claim(version)).collect();
    let claims: Vec<&Claim> = claims.iter().collect();
    for ((place, version), fate) in order.iter().zip(&sorted).zip(fates(&claims)) {
        let ender = fate.ended_by.and_then(|at| Some((*order.get(at)?, sorted.get(at)?)));
        match ender {
            Some((by, other)) if other.digest == version.digest => {
                verdicts.claim(*place, FinalAction::Repeated, Some(by));
            }
            _ if version.frequency == b'8' => {
                let action = FinalAction::Void;
                verdicts.claim(*place, action, ender.map(|(by, _)| by));
            }
            Some((by, other)) if other.frequency == b'8' => {
                verdicts.claim(*place, FinalAction::Voided, Some(by));
            }
            Some((by, _)) => verdicts.claim(*place, FinalAction::Superseded, Some(by)),
            None if fate.is_open => verdicts.claim(*place, FinalAction::Orphan, None),
            None => {}
        }
    }
}

const fn is_correction(frequency: u8) -> bool {
    matches!(frequency, b'7' | b'8')
}

/// As much of the claim as tells which of several counts.
fn claim(version: &VersionRecord) -> Claim {
    let mut claim = Claim { frequency: Frequency::new(&[version.frequency]), ..Claim::default() };
    claim.claim_id = claim.texts.add(&version.id);
    claim.original_reference = claim.texts.add(&version.reference);
    for line in &version.lines {
        let [from, through] = line.dates.map(ServiceDate::from_yyyymmdd);
        let dates =
            from.zip(through).and_then(|(from, through)| DateRange::new(from, through).ok());
        claim.lines.extend(dates.map(|dates| ServiceLine::new(line.number, dates)));
    }
    claim
}
