//! CMS claim and claim line feed: versions share a natural key, cancels take back, the latest is the last word.
//!
//! Part B lines are told by the control number of the claim, the line number and the beneficiary; Part A claims by
//! facility, first and last day and the beneficiary. `CLM_EFCTV_DT` orders versions. `CLM_ADJSMT_TYPE_CD` is 0 for
//! an original, 1 for a cancel and 2 for an adjustment. Claims of Part A that share a key and of which none was
//! ever adjusted are claims of their own: two stays of one day.

use std::collections::BTreeMap;

use cleanbill_history::VersionRecord;
use cleanbill_model::FinalAction;

use super::preset::Verdicts;

const CANCEL: u8 = b'1';

/// Whether the natural key of such a claim is there.
pub(super) fn knows(version: &VersionRecord) -> bool {
    !key_of(version).is_empty() && version.effective != 0
}

fn key_of(version: &VersionRecord) -> &str {
    if version.is_institutional { &version.facility } else { &version.number }
}

/// A version of a claim, or of a line of it.
#[derive(Clone, Copy)]
struct Edition<'a> {
    version: &'a VersionRecord,
    place: usize,
    /// Place of the line; none for the claim as a whole.
    line: Option<usize>,
    adjustment: u8,
}

impl Edition<'_> {
    /// Two that agree in this are one, handed in twice. Cancels hold nothing that is judged.
    fn same(&self, other: &Self) -> bool {
        let (own, other_version) = (self.version, other.version);
        own.id == other_version.id
            && self.adjustment == other.adjustment
            && own.effective == other_version.effective
            && (self.adjustment == CANCEL || own.digest == other_version.digest)
    }
}

/// Decides on the claims of one patient.
pub(super) fn decide(versions: &[VersionRecord], verdicts: &mut Verdicts<'_>) {
    let mut claims: BTreeMap<(&str, [i32; 2]), Vec<Edition<'_>>> = BTreeMap::new();
    let mut lines: BTreeMap<(&str, u32), Vec<Edition<'_>>> = BTreeMap::new();
    for (place, version) in versions.iter().enumerate().filter(|(_, version)| knows(version)) {
        if version.is_institutional {
            let adjustment = version.lines.first().map_or(0, |line| line.adjustment);
            let edition = Edition { version, place, line: None, adjustment };
            claims.entry((key_of(version), version.dates)).or_default().push(edition);
            continue;
        }
        for (at, line) in version.lines.iter().enumerate() {
            let adjustment = line.adjustment;
            let edition = Edition { version, place, line: Some(at), adjustment };
            lines.entry((key_of(version), line.number)).or_default().push(edition);
        }
    }
    for editions in claims.into_values() {
        if editions.iter().any(|edition| matches!(edition.adjustment, b'1' | b'2')) {
            settle(editions, verdicts);
            continue;
        }
        let mut by_id: BTreeMap<&str, Vec<Edition<'_>>> = BTreeMap::new();
        for edition in editions {
            by_id.entry(&edition.version.id).or_default().push(edition);
        }
        by_id.into_values().for_each(|editions| settle(editions, verdicts));
    }
    lines.into_values().for_each(|editions| settle(editions, verdicts));
}

/// Decides on all editions of one claim or line.
fn settle(mut editions: Vec<Edition<'_>>, verdicts: &mut Verdicts<'_>) {
    // Numbers of claims are digits of one length mostly; the longer one is the later one.
    editions.sort_by(|a, b| {
        let key = |one: &Edition<'_>| (one.version.effective, one.version.id.len());
        key(a)
            .cmp(&key(b))
            .then_with(|| a.version.id.cmp(&b.version.id))
            .then_with(|| a.adjustment.cmp(&b.adjustment))
            .then_with(|| a.version.digest.cmp(&b.version.digest))
            .then_with(|| (a.version.place, a.line).cmp(&(b.version.place, b.line)))
    });
    let mut decide = |one: &Edition<'_>, action, by: Option<&Edition<'_>>| {
        let by = by.map(|by| by.place);
        match one.line {
            Some(line) => verdicts.line((one.place, line), action, by),
            None => verdicts.claim(one.place, action, by),
        }
    };
    let mut kept: Vec<Edition<'_>> = Vec::new();
    for edition in editions {
        match kept.iter().find(|known| known.same(&edition)) {
            Some(known) => decide(&edition, FinalAction::Repeated, Some(known)),
            None => kept.push(edition),
        }
    }
    let (cancels, debits): (Vec<Edition<'_>>, Vec<Edition<'_>>) =
        kept.into_iter().partition(|edition| edition.adjustment == CANCEL);
    let last = debits.last().filter(|last| !is_cancelled(last, &debits, &cancels));
    for debit in &debits {
        match (last, cancels.last()) {
            (Some(last), _) if (last.place, last.line) == (debit.place, debit.line) => {}
            (Some(last), _) => decide(debit, FinalAction::Superseded, Some(last)),
            (None, cancel) => decide(debit, FinalAction::Voided, cancel),
        }
    }
    for cancel in &cancels {
        decide(cancel, FinalAction::Void, None);
    }
}

/// Whether a cancel takes back the last edition: each takes back the latest one of an earlier day that still
/// stands, and one of its own day where there is none, so that a cancel and the adjustment of the same day, which
/// comes in its place, leave the adjustment.
fn is_cancelled(last: &Edition<'_>, debits: &[Edition<'_>], cancels: &[Edition<'_>]) -> bool {
    let mut standing: Vec<&Edition<'_>> = debits.iter().collect();
    for cancel in cancels {
        let day = cancel.version.effective;
        let place = standing
            .iter()
            .rposition(|debit| debit.version.effective < day)
            .or_else(|| standing.iter().rposition(|debit| debit.version.effective == day));
        if let Some(place) = place {
            standing.remove(place);
        }
    }
    !standing.iter().any(|debit| (debit.place, debit.line) == (last.place, last.line))
}
