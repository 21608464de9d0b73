//! A plugin as the engine sees it: one edit that brings the plugin's rules, but for those that rules of
//! packs use as checks or switch off.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Sink, Step, Subject, Trigger, Truth};
use cleanbill_model::{Claim, EditInfo, Element, Finding, LineRef, Outcome, ServiceDate};

use crate::answer::Accepted;
use crate::check::{Manifest, Rule};
use crate::evidence;
use crate::runner::Asker;

/// Names of the clauses in which a plugin is explained, in the order in which they are decided.
const PAYER: &str = "payer";
const PLUGIN: &str = "plugin";
const EFFECTIVE: &str = "effective";

/// The rules of a plugin.
pub(crate) struct PluginEdit {
    manifest: Arc<Manifest>,
    asker: Asker,
    /// The rules that speak, as packs set them.
    infos: Vec<Arc<EditInfo>>,
}

impl PluginEdit {
    /// These rules of a plugin; none when there are none.
    pub(crate) fn new(
        infos: Vec<Arc<EditInfo>>,
        manifest: Arc<Manifest>,
        asker: Asker,
    ) -> Option<Self> {
        (!infos.is_empty()).then_some(Self { manifest, asker, infos })
    }
}

impl Edit for PluginEdit {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        self.manifest.trigger()
    }

    fn looks_ahead(&self) -> bool {
        self.asker.looks_ahead()
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        let own: Vec<&Claim> =
            claims.iter().copied().filter(|claim| self.is_meant(claim)).collect();
        self.asker.look_ahead(&own);
    }

    fn settle(&self) {
        self.asker.settle();
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        let claim = subject.claim;
        let is_meant = self.is_meant(claim);
        if sink.explains() {
            for line in 0..claim.lines.len() {
                let detail = self.payer_detail(claim);
                sink.step(step(line, PAYER, Truth::from(is_meant), detail));
            }
        }
        if !is_meant {
            return Ok(());
        }
        let mut accepted = self.asker.check(claim)?;
        accepted.retain(|found| {
            let info = self.manifest.infos.get(found.rule);
            self.infos.iter().any(|own| info.is_some_and(|info| info.id == own.id))
        });
        if sink.explains() {
            for line in 0..claim.lines.len() {
                let found = accepted.iter().any(|finding| finding.line == Some(line));
                let detail = self.plugin_detail(line, &accepted);
                sink.step(step(line, PLUGIN, Truth::from(found), detail));
            }
        }
        for found in accepted {
            let Some(rule) = self.manifest.rules.get(found.rule) else { continue };
            self.report(claim, rule, found, sink);
        }
        Ok(())
    }
}

impl PluginEdit {
    /// Whether the plugin is for the payer of this claim.
    fn is_meant(&self, claim: &Claim) -> bool {
        let payers = &self.manifest.payers;
        self.manifest.is_for(claim)
            && (payers.is_empty() || payers.iter().any(|payer| payer == claim.payer()))
    }

    /// Passes a finding on if its rule is in force on the date of service, whatever the plugin thinks of
    /// dates: a stale plugin cannot speak for an expired policy.
    fn report(&self, claim: &Claim, rule: &Rule, found: Accepted, sink: &mut dyn Sink) {
        let day = day_of_service(claim, found.line);
        let in_force = day.is_none_or(|day| rule.info.effective.contains(day));
        if let (Some(line), Some(day), true) = (found.line, day, sink.explains()) {
            let detail =
                format!("`{}` holds {}; service on {day}", rule.info.id, rule.info.effective);
            sink.step(step(line, EFFECTIVE, Truth::from(in_force), detail));
        }
        if in_force {
            let set = self.infos.iter().find(|own| own.id == rule.info.id);
            let found = finding(claim, rule, found);
            sink.find(match set {
                Some(set) if !Arc::ptr_eq(set, &rule.info) => as_set(found, set),
                _ => found,
            });
        }
    }

    fn payer_detail(&self, claim: &Claim) -> String {
        let payers = &self.manifest.payers;
        if !self.manifest.is_for(claim) {
            format!("the claim is {}, and the plugin is for others", claim.claim_type.as_str())
        } else if payers.is_empty() {
            "the plugin is for every payer".to_owned()
        } else {
            format!("payer {}; the plugin is for {}", claim.payer(), payers.join(", "))
        }
    }

    fn plugin_detail(&self, line: usize, accepted: &[Accepted]) -> String {
        let rules: Vec<&str> = accepted
            .iter()
            .filter(|finding| finding.line == Some(line))
            .filter_map(|finding| Some(self.manifest.rules.get(finding.rule)?.info.id.as_str()))
            .collect();
        let plugin = self.name();
        if rules.is_empty() {
            format!("`{plugin}` has nothing to say of this line")
        } else {
            format!("`{plugin}` found {}", rules.join(", "))
        }
    }

    fn name(&self) -> &str {
        self.manifest.name()
    }
}

/// First day of the line, or of the whole claim.
fn day_of_service(claim: &Claim, line: Option<usize>) -> Option<ServiceDate> {
    match line {
        Some(line) => claim.lines.get(line).map(|line| line.dates.from()),
        None => claim.lines.iter().map(|line| line.dates.from()).min(),
    }
}

/// A finding of a rule that a pack sets: what follows from it is no longer for the plugin to say.
fn as_set(found: Finding, set: &Arc<EditInfo>) -> Finding {
    Finding {
        edit: Arc::clone(set),
        disposition: set.disposition,
        severity: set.severity,
        remit: set.remit.clone(),
        ..found
    }
}

/// What the plugin found, in the words of its manifest.
pub(crate) fn finding(claim: &Claim, rule: &Rule, found: Accepted) -> Finding {
    let Accepted { line, others, severity, element, args, .. } = found;
    let service = line.and_then(|line| claim.lines.get(line));
    let element =
        element.unwrap_or(if line.is_some() { Element::Procedure } else { Element::Claim });
    let read = line.into_iter().chain(others.iter().copied());
    Finding {
        edit: rule.info.clone(),
        outcome: Outcome::Fires,
        disposition: rule.info.disposition,
        severity: severity.unwrap_or(rule.info.severity),
        remit: rule.info.remit.clone(),
        line,
        element,
        message: rule.message.render(service, &args),
        why: rule.why.render(service, &args),
        fix: rule.fix.render(service, &args),
        evidence: evidence::of_lines(claim, read, element),
        others: others.into_iter().map(LineRef::Own).collect(),
        defect: None,
        also: Vec::new(),
    }
}

fn step(line: usize, clause: &'static str, truth: Truth, detail: String) -> Step {
    Step { line, partner: None, clause, truth, detail }
}
