//! Rules of plugins as packs set them: switched off, or with another disposition or severity.

use std::io::{self, Write};
use std::sync::Arc;

use cleanbill_model::{Disposition, EditInfo};
use cleanbill_plugin_host::PluginInfo;
use cleanbill_rules::{PluginSetting, PluginUse, ResolvedField, ResolvedRule, Setting};

use super::Plugins;
use crate::failure::Failure;

/// What packs say of the rules of plugins.
#[derive(Debug, Default)]
pub struct PluginWords {
    /// Rules of packs that use rules of plugins as checks.
    pub uses: Vec<PluginUse>,
    /// What is set of rules that speak by themselves: of one rule the last counts.
    pub settings: Vec<PluginSetting>,
}

impl PluginWords {
    /// Takes over what another pack says.
    ///
    /// # Errors
    /// Two packs, neither of which extends the other, set the same rule.
    pub fn add(&mut self, uses: &[PluginUse], settings: &[PluginSetting]) -> Result<(), Failure> {
        for new in settings {
            if let Some(old) = self.settings.iter().find(|old| old.rule == new.rule) {
                return Err(Failure::refused(
                    format!(
                        "two packs change the rule `{}` of a plugin: {} and {}",
                        new.rule, old.place, new.place
                    ),
                    "remove one of the overrides, or let one pack extend the other",
                ));
            }
        }
        self.uses.extend_from_slice(uses);
        self.settings.extend_from_slice(settings);
        Ok(())
    }

    /// The rules with which a plugin speaks by itself, as they are set.
    pub(super) fn own(&self, plugin: &PluginInfo) -> Vec<Arc<EditInfo>> {
        let is_taken = |rule: &EditInfo| {
            self.uses.iter().any(|one| one.plugin == plugin.id() && one.check == rule.id)
        };
        let rules = plugin.rules().iter().filter(|rule| !is_taken(rule));
        rules.filter_map(|rule| set(rule, last(&self.settings, &rule.id))).collect()
    }
}

fn last<'a>(settings: &'a [PluginSetting], rule: &str) -> Option<&'a PluginSetting> {
    settings.iter().rev().find(|setting| setting.rule == rule)
}

/// A rule as it is set; none when it is switched off.
fn set(rule: &Arc<EditInfo>, setting: Option<&PluginSetting>) -> Option<Arc<EditInfo>> {
    let Some(setting) = setting else { return Some(Arc::clone(rule)) };
    if setting.is_disabled {
        return None;
    }
    let mut info = EditInfo::clone(rule);
    if let Some(disposition) = setting.disposition {
        // A severity that the manifest states, and that does not follow, stays.
        if info.severity == info.disposition.severity() {
            info.severity = disposition.severity();
        }
        info.disposition = disposition;
        // What is only told has nothing to remit.
        info.remit = info.remit.filter(|_| disposition != Disposition::Informational);
    }
    info.severity = setting.severity.unwrap_or(info.severity);
    Some(Arc::new(info))
}

/// What `rules show` tells of a rule that a pack sets.
///
/// # Errors
/// It cannot be written.
pub fn write(out: &mut dyn Write, settings: &[PluginSetting], rule: &str) -> io::Result<()> {
    let Some(setting) = last(settings, rule) else { return Ok(()) };
    let PluginSetting { pack, place, reason, .. } = setting;
    writeln!(out, "  set by       {pack}, {place} ({reason})")
}

impl Plugins {
    /// A rule of a plugin with who set what in it, as `rules resolve` shows it.
    pub fn resolved(&self, id: &str, settings: &[PluginSetting]) -> Option<ResolvedRule> {
        let (known, rule) = self.known.iter().find_map(|known| {
            Some((known, known.info().rules().iter().find(|rule| rule.id == id)?))
        })?;
        let (pack, place) = (rule.origin.name().to_owned(), known.path().display().to_string());
        let field = |name: &str, manifest: &str, set: &dyn Fn(&PluginSetting) -> Option<String>| {
            let first = (!manifest.is_empty())
                .then(|| said(manifest.to_owned(), place.clone(), pack.clone(), None));
            let own = settings.iter().filter(|setting| setting.rule == id);
            let later = own.filter_map(|setting| {
                let (place, reason) = (setting.place.to_string(), Some(setting.reason.clone()));
                Some(said(set(setting)?, place, setting.pack.clone(), reason))
            });
            let settings: Vec<Setting> = first.into_iter().chain(later).collect();
            ResolvedField { name: name.to_owned(), settings }
        };
        let mut fields = vec![
            field("title", &rule.title, &|_| None),
            field("disposition", rule.disposition.as_str(), &|setting| {
                Some(setting.disposition?.as_str().to_owned())
            }),
            field("severity", rule.severity.as_str(), &|setting| {
                Some(setting.severity?.as_str().to_owned())
            }),
            field("disabled", "", &|setting| setting.is_disabled.then(|| "true".to_owned())),
        ];
        fields.retain(|field| !field.settings.is_empty());
        Some(ResolvedRule { id: id.to_owned(), pack, place, is_inherited: false, fields })
    }
}

const fn said(value: String, place: String, pack: String, reason: Option<String>) -> Setting {
    Setting { value, place, pack, reason, until: None, holds: true }
}
