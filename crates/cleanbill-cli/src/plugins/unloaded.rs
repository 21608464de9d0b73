//! The rules of a plugin that is looked at and not loaded.

use std::sync::Arc;

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Trigger};
use cleanbill_model::{Claim, EditInfo, FaultKind};
use cleanbill_plugin_host::PluginInfo;
use cleanbill_rules::{PluginCheck, PluginSays};

/// The rules of a plugin that is looked at: they can be listed and not run.
pub struct Unloaded(Vec<Arc<EditInfo>>);

impl Unloaded {
    /// All of them, as one check.
    pub fn of(info: &PluginInfo) -> Self {
        Self(info.rules().to_vec())
    }

    /// These rules as one edit; none when there are none.
    pub fn edit(rules: Vec<Arc<EditInfo>>) -> Option<Box<dyn Edit>> {
        if rules.is_empty() { None } else { Some(Box::new(Self(rules))) }
    }

    fn fault() -> EditFault {
        let message = "the plugin was looked at and not loaded".to_owned();
        EditFault::new(FaultKind::PluginError, message)
    }
}

impl Edit for Unloaded {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.0
    }

    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn evaluate(&self, _subject: Subject<'_>, _sink: &mut dyn Sink) -> Result<(), EditFault> {
        Err(Self::fault())
    }
}

impl PluginCheck for Unloaded {
    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn judge(&self, _claim: &Claim) -> Result<Vec<PluginSays>, EditFault> {
        Err(Self::fault())
    }
}
