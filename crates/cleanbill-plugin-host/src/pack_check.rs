//! One rule of a plugin as a pack's rule uses it: the plugin judges, the pack says what follows.

use std::sync::Arc;

use cleanbill_engine::{EditFault, Trigger};
use cleanbill_model::{Claim, Finding};

use crate::check::{Manifest, Rule};
use crate::config::ConfigKind;
use crate::edit::finding;
use crate::runner::Asker;

/// What is known of a check before it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOffer {
    /// Id of the plugin's rule.
    pub id: String,
    /// Names of the values that a finding brings.
    pub values: Vec<String>,
    /// What the check takes: name and kind.
    pub config: Vec<(String, ConfigKind)>,
    /// The plugin's own words for what is wrong, with placeholders.
    pub message: String,
    /// The plugin's own words for what to do.
    pub fix: String,
}

/// A rule of a plugin with a configuration of its own. Payers and dates of the manifest do not count here:
/// which claims are judged is for the pack's rule to say.
#[derive(Debug)]
pub struct PackCheck {
    manifest: Arc<Manifest>,
    rule: usize,
    asker: Asker,
}

/// What the plugin found.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// As the plugin's own rule would report it.
    pub finding: Finding,
    /// The values of [`CheckOffer::values`], in their order.
    pub values: Vec<String>,
}

impl PackCheck {
    pub(crate) const fn new(manifest: Arc<Manifest>, rule: usize, asker: Asker) -> Self {
        Self { manifest, rule, asker }
    }

    /// Which claims the plugin looks at.
    #[must_use]
    pub fn trigger(&self) -> Trigger<'_> {
        self.manifest.trigger()
    }

    /// Whether it is of use to know claims before they are judged.
    #[must_use]
    pub fn looks_ahead(&self) -> bool {
        self.asker.looks_ahead()
    }

    /// Asks the plugin about claims that this thread has judged next, in this order.
    pub fn look_ahead(&self, claims: &[&Claim]) {
        let own: Vec<&Claim> =
            claims.iter().copied().filter(|claim| self.manifest.is_for(claim)).collect();
        self.asker.look_ahead(&own);
    }

    /// Settles what was asked ahead, in the order of the claims.
    pub fn settle(&self) {
        self.asker.settle();
    }

    /// What the plugin finds under this one of its rules.
    ///
    /// # Errors
    /// A panic of the plugin, or an answer that is not valid; also one under another rule.
    pub fn judge(&self, claim: &Claim) -> Result<Vec<Said>, EditFault> {
        if !self.manifest.is_for(claim) {
            return Ok(Vec::new());
        }
        let accepted = self.asker.check(claim)?;
        let Some(rule) = self.manifest.rules.get(self.rule) else { return Ok(Vec::new()) };
        let own = accepted.into_iter().filter(|found| found.rule == self.rule);
        let said = own.map(|found| {
            let values = found.args.clone();
            Said { finding: finding(claim, rule, found), values }
        });
        Ok(said.collect())
    }
}

impl CheckOffer {
    pub(crate) fn of(rule: &Rule) -> Self {
        let names = || rule.args.iter().map(|(name, _)| name.clone());
        Self {
            id: rule.info.id.clone(),
            values: names().collect(),
            config: rule.config.clone(),
            message: rule.message.text(&names().collect::<Vec<_>>()),
            fix: rule.fix.text(&names().collect::<Vec<_>>()),
        }
    }
}
