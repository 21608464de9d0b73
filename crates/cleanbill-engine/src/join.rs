//! One defect, one finding: what edits of several packs found alike is said once (ADR 0013).
//!
//! This is done when all edits have run, so no edit sees another one's findings.

use core::cmp::Reverse;
use core::mem;

use cleanbill_model::{Also, Defect, Finding, Outcome};

use crate::edit::{Subject, Trigger};
use crate::evaluate::Evaluator;
use crate::explain::{Explanation, LineOutcome};
use crate::registry::Registry;

/// Joins the findings of one claim that are about the same defect and ended the same way.
pub(crate) fn join(findings: &mut Vec<Finding>, registry: &Registry) {
    if !may_join(findings) {
        return;
    }
    let (mut about, apart): (Vec<Finding>, Vec<Finding>) =
        mem::take(findings).into_iter().partition(|finding| finding.defect.is_some());
    *findings = apart;
    about.sort_by(|a, b| {
        key(a).cmp(&key(b)).then_with(|| rank(a, registry).cmp(&rank(b, registry)))
    });
    let mut stays: Option<Finding> = None;
    let mut beside = Vec::new();
    for finding in about {
        match &mut stays {
            Some(first) if key(first) == key(&finding) => {
                if same_pack(first, &finding) {
                    beside.push(finding);
                } else {
                    absorb(first, finding);
                }
            }
            _ => findings.extend(stays.replace(finding).into_iter().chain(beside.drain(..))),
        }
    }
    findings.extend(stays.into_iter().chain(beside));
}

/// Tells each finding of an explanation which other edits found its defect.
pub fn also_found_by(registry: &Registry, subject: Subject<'_>, explanation: &mut Explanation) {
    let mut evaluator = Evaluator::default();
    let verdict = evaluator.evaluate(registry, subject);
    let found = explanation.lines.iter_mut().filter_map(|line| match &mut line.outcome {
        LineOutcome::Found(found) => Some(found),
        LineOutcome::Silent { .. } => None,
    });
    for finding in found.flatten().filter(|finding| finding.defect.is_some()) {
        let joined = verdict.findings.iter().find(|other| {
            key(other) == key(finding)
                && (other.edit.id == finding.edit.id
                    || other.also.iter().any(|also| also.edit.id == finding.edit.id))
        });
        let Some(joined) = joined.filter(|joined| !joined.also.is_empty()) else { continue };
        let first = Also { edit: joined.edit.clone(), disposition: joined.disposition };
        finding.also = core::iter::once(&first).chain(&joined.also).cloned().collect();
        finding.also.retain(|also| also.edit.id != finding.edit.id);
        finding.also.sort_by(|a, b| a.edit.id.cmp(&b.edit.id));
    }
}

/// Whether two packs speak of defects at all; most runs have none of this.
fn may_join(findings: &[Finding]) -> bool {
    let mut about = findings.iter().filter(|finding| finding.defect.is_some());
    let Some(first) = about.next() else { return false };
    about.any(|finding| !same_pack(first, finding))
}

fn same_pack(a: &Finding, b: &Finding) -> bool {
    a.edit.origin.name() == b.edit.origin.name()
}

/// What findings must have in common. A waived finding never stands in for one that is not, nor one
/// that is certain for one that is open.
fn key(finding: &Finding) -> (Option<usize>, u8, Option<&Defect>) {
    let outcome = match finding.outcome {
        Outcome::Fires => 0,
        Outcome::Undetermined => 1,
        Outcome::Waived => 2,
    };
    (finding.line, outcome, finding.defect.as_ref())
}

/// The first of a group stays: the strictest, then the loudest, then that of the edit which names
/// fewest codes, then by id and words.
fn rank<'a>(finding: &'a Finding, registry: &Registry) -> impl Ord + use<'a> {
    (
        Reverse(finding.disposition),
        Reverse(finding.severity),
        breadth(registry, &finding.edit.id),
        finding.edit.id.as_str(),
        finding.message.as_str(),
    )
}

/// How many codes an edit names; one with a range of codes names more than any list.
fn breadth(registry: &Registry, id: &str) -> usize {
    match registry.find(id).map(|(edit, _)| edit.trigger()) {
        Some(Trigger::Codes(codes)) => codes.len(),
        Some(Trigger::Ranges(ranges)) if ranges.iter().all(|r| r.first() == r.last()) => {
            ranges.len()
        }
        Some(Trigger::Ranges(_)) => usize::MAX - 1,
        Some(Trigger::EveryClaim) | None => usize::MAX,
    }
}

fn absorb(stays: &mut Finding, other: Finding) {
    stays.severity = stays.severity.max(other.severity);
    let also = Also { edit: other.edit, disposition: other.disposition };
    // They come strictest first, so an edit that is there already said the stricter.
    if stays.also.iter().all(|known| known.edit.id != also.edit.id) {
        stays.also.push(also);
        stays.also.sort_by(|a, b| a.edit.id.cmp(&b.edit.id));
    }
}

#[cfg(test)]
mod tests;
