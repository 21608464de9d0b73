//! Differences added up: by rule, by payer and provider, and all together.

use std::collections::BTreeMap;

use cleanbill_model::{Claim, Npi};
use cleanbill_report::{DiffBy, DiffCounts, DiffGroup, DiffSample, LineSum};

use super::plan::Plan;
use super::verdicts::{Difference, Ways};

/// What a group is about, in the order in which groups are shown.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: u32,
    payer: Option<String>,
    billing_npi: Option<Option<Npi>>,
}

#[derive(Debug, Default)]
struct Sums {
    counts: DiffCounts,
    samples: Vec<DiffSample>,
}

/// Sums of all differences so far.
pub(super) struct Groups {
    by: Vec<DiffBy>,
    most_samples: usize,
    groups: BTreeMap<Key, Sums>,
    total: DiffCounts,
    /// Used again for every claim.
    lines: Vec<(Option<usize>, Ways)>,
}

impl Groups {
    /// Groups by rule and `by`, each with at most so many samples.
    pub(super) fn new(by: Vec<DiffBy>, most_samples: usize) -> Self {
        let (groups, total) = (BTreeMap::new(), DiffCounts::default());
        Self { by, most_samples, groups, total, lines: Vec::new() }
    }

    /// Adds the differences on one claim, which are in order of rule and line.
    pub(super) fn add(&mut self, file: &str, claim: &Claim, differences: &[Difference]) {
        for of_rule in differences.chunk_by(|a, b| a.rule == b.rule) {
            let Some(first) = of_rule.first() else { continue };
            let asked = |by| self.by.contains(&by);
            let key = Key {
                rule: first.rule,
                payer: asked(DiffBy::Payer).then(|| claim.payer().to_owned()),
                billing_npi: asked(DiffBy::BillingNpi).then_some(claim.billing.npi),
            };
            let sums = self.groups.entry(key).or_default();
            self.lines.clear();
            self.lines.extend(of_rule.iter().map(|found| (found.line, found.ways())));
            count(&mut sums.counts, claim, &self.lines);
            // One a claim, so that a few samples show more than one.
            if sums.samples.len() < self.most_samples {
                sums.samples.push(sample(file, claim, first));
            }
        }
        self.lines.clear();
        self.lines.extend(differences.iter().map(|found| (found.line, found.ways())));
        self.lines.sort_by_key(|(line, _)| *line);
        self.lines.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 = kept.1.or(next.1);
            }
            is_same
        });
        count(&mut self.total, claim, &self.lines);
    }

    /// All groups in order, and all of them together with each line once.
    pub(super) fn into_parts(self, plan: &Plan) -> (Vec<DiffGroup>, DiffCounts) {
        let groups = self.groups.into_iter().map(|(key, sums)| DiffGroup {
            rule: plan.id(key.rule).to_owned(),
            payer: key.payer,
            billing_npi: key
                .billing_npi
                .map(|npi| npi.map_or(String::new(), |npi| npi.as_str().to_owned())),
            counts: sums.counts,
            samples: sums.samples,
        });
        (groups.collect(), self.total)
    }
}

/// Adds lines of one claim, each of which is in `lines` once.
fn count(counts: &mut DiffCounts, claim: &Claim, lines: &[(Option<usize>, Ways)]) {
    counts.claims += 1;
    let add = |sum: &mut LineSum, wanted: fn(&Ways) -> bool| {
        let found = lines.iter().filter(|(_, ways)| wanted(ways)).map(|(line, _)| *line);
        add_lines(sum, claim, found);
    };
    add(&mut counts.now_hit, |ways| ways.now_hit);
    add(&mut counts.no_longer_hit, |ways| ways.no_longer_hit);
    add(&mut counts.changed, |ways| ways.changed);
    add(&mut counts.undetermined_now, |ways| ways.undetermined_now);
    add(&mut counts.undetermined_before, |ways| ways.undetermined_before);
    add(&mut counts.any, |_| true);
}

/// The charge is the claim's when it differs as a whole, since that holds its lines; else the lines'.
fn add_lines(sum: &mut LineSum, claim: &Claim, lines: impl Iterator<Item = Option<usize>>) {
    let (mut of_lines, mut is_whole) = (0, false);
    for line in lines {
        sum.lines += 1;
        match line {
            None => is_whole = true,
            Some(line) => {
                of_lines += claim.lines.get(line).map_or(0, |line| i128::from(line.charge.cents()));
            }
        }
    }
    sum.charge.0 += if is_whole { i128::from(claim.charge.cents()) } else { of_lines };
}

fn sample(file: &str, claim: &Claim, found: &Difference) -> DiffSample {
    let line = found.line.and_then(|line| claim.lines.get(line));
    DiffSample {
        file: file.to_owned(),
        claim: claim.id().to_owned(),
        line: line.map(|line| line.number),
        was: found.was.shown(),
        is: found.is.shown(),
    }
}
