//! Findings counted by severity and rule, and the charge that they put at risk.

use std::collections::{BTreeMap, BTreeSet};

use cleanbill_engine::{Registry, Verdict};
use cleanbill_model::{Claim, Finding, Origin, Outcome};
use cleanbill_report::{Cents, RegistrySummary, RuleCounts, SeverityCounts, charge_at_risk};

/// Counts of a run so far.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) severities: SeverityCounts,
    pub(crate) faults: u64,
    rules: BTreeMap<String, RuleCounts>,
    at_risk: i128,
}

impl Tally {
    /// Counts what was said of a claim.
    pub(crate) fn add(&mut self, claim: &Claim, verdict: &Verdict<'_>) {
        for finding in verdict.findings {
            if finding.outcome != Outcome::Waived {
                self.severities.add(finding.severity);
            }
            self.count_rule(finding);
        }
        for _ in verdict.faults {
            self.faults += 1;
        }
        self.at_risk += charge_at_risk(claim, verdict.findings);
    }

    /// Charges of the lines at risk so far.
    pub(crate) const fn charge_at_risk(&self) -> Cents {
        Cents(self.at_risk)
    }

    /// The rules that spoke, sorted.
    pub(crate) fn into_rules(self) -> Vec<RuleCounts> {
        self.rules.into_values().collect()
    }

    fn count_rule(&mut self, finding: &Finding) {
        let id = &finding.edit.id;
        if let Some(counts) = self.rules.get_mut(id) {
            count(counts, finding.outcome);
            return;
        }
        let pack = finding.edit.origin.name().to_owned();
        let mut counts =
            RuleCounts { rule: id.clone(), pack, fires: 0, undetermined: 0, waived: 0 };
        count(&mut counts, finding.outcome);
        self.rules.insert(id.clone(), counts);
    }
}

/// The edits of `registry` and who brought them.
pub(crate) fn registry_summary(registry: &Registry) -> RegistrySummary {
    let mut packs = BTreeSet::new();
    let mut plugins = BTreeSet::new();
    let mut edits = 0;
    for info in registry.infos() {
        edits += 1;
        match &info.origin {
            Origin::Pack { pack, .. } => packs.insert(pack.clone()),
            Origin::Plugin { plugin } => plugins.insert(plugin.clone()),
        };
    }
    RegistrySummary {
        edits,
        packs: packs.into_iter().collect(),
        plugins: plugins.into_iter().collect(),
    }
}

const fn count(counts: &mut RuleCounts, outcome: Outcome) {
    match outcome {
        Outcome::Fires => counts.fires += 1,
        Outcome::Undetermined => counts.undetermined += 1,
        Outcome::Waived => counts.waived += 1,
    }
}
