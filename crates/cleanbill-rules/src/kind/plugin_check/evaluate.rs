//! A `plugin_check` rule on a claim: the plugin is asked once, and the rule says the rest.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Trigger, Truth};
use cleanbill_model::{Claim, EditInfo, Finding, Outcome};

use super::CHECK;
use crate::check::{Base, Says, common_value, trace};
use crate::layer::day_of;
use crate::plugin::{PluginCheck, PluginSays};

/// The rule, ready to run.
pub(super) struct Checked {
    pub(super) base: Base,
    pub(super) check: Box<dyn PluginCheck>,
    /// The plugin, as `name@version`.
    pub(super) plugin: String,
    /// Id of the check.
    pub(super) id: String,
    /// Names of the values that a finding brings.
    pub(super) values: Vec<String>,
    /// Whether the rule has a message of its own.
    pub(super) own_message: bool,
    /// Whether the rule says itself what to do.
    pub(super) own_fix: bool,
}

impl Edit for Checked {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.base.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        self.check.trigger()
    }

    fn looks_ahead(&self) -> bool {
        self.check.looks_ahead()
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        let asked = |claim: &&Claim| self.lines_to_ask(claim, &mut Deaf).is_some();
        let own: Vec<&Claim> = claims.iter().copied().filter(asked).collect();
        self.check.look_ahead(&own);
    }

    fn settle(&self) {
        self.check.settle();
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        let Some(holds) = self.lines_to_ask(claim, sink) else { return Ok(()) };
        let asked = || holds.iter().enumerate().filter(|(_, holds)| **holds).map(|(line, _)| line);
        let said = self.check.judge(claim).inspect_err(|fault| {
            for line in asked() {
                trace(sink, line, None, CHECK, Truth::Unknown, || fault.message.clone());
            }
        })?;
        for line in asked() {
            let found = said.iter().any(|said| said.finding.line == Some(line));
            trace(sink, line, None, CHECK, Truth::from(found), || match found {
                true => format!("`{}` found `{}`", self.plugin, self.id),
                false => format!("`{}` found nothing under `{}`", self.plugin, self.id),
            });
        }
        for said in said {
            if self.is_in_force(claim, said.finding.line, &holds) {
                self.report(claim, said, sink);
            }
        }
        Ok(())
    }
}

/// Hears nothing.
struct Deaf;

impl Sink for Deaf {
    fn find(&mut self, _: Finding) {}
}

impl Checked {
    /// On which lines the rule holds; `None` when the plugin need not be asked.
    fn lines_to_ask(&self, claim: &Claim, sink: &mut dyn Sink) -> Option<Vec<bool>> {
        if !self.base.applies(claim, sink) {
            return None;
        }
        let lines = claim.lines.iter().enumerate();
        let holds: Vec<bool> =
            lines.map(|(index, line)| self.base.holds(line, index, sink)).collect();
        (claim.lines.is_empty() || holds.contains(&true)).then_some(holds)
    }

    /// Whatever the plugin thinks of dates: the pack says when the rule holds.
    fn is_in_force(&self, claim: &Claim, line: Option<usize>, holds: &[bool]) -> bool {
        match line {
            Some(line) => holds.get(line).copied().unwrap_or_default(),
            None => {
                let effective = self.base.info().effective;
                day_of(claim, None).is_none_or(|day| effective.contains(day))
            }
        }
    }

    fn report(&self, claim: &Claim, said: PluginSays, sink: &mut dyn Sink) {
        let PluginSays { finding: own, values } = said;
        let value = |name: &str| match self.values.iter().position(|value| value == name) {
            Some(place) => values.get(place).cloned().unwrap_or_default(),
            None => match own.line {
                Some(line) => common_value(claim, line, name),
                None => "none".to_owned(),
            },
        };
        let mut finding = self.base.finding(Says {
            outcome: Outcome::Fires,
            disposition: self.base.info().disposition,
            line: own.line.unwrap_or_default(),
            others: own.others,
            element: own.element,
            words: None,
            values: &value,
            why: own.why,
            evidence: own.evidence,
        });
        finding.line = own.line;
        if !self.own_message {
            finding.message = own.message;
        }
        if !self.own_fix {
            finding.fix = own.fix;
        }
        sink.find(finding);
    }
}
