//! Checks of plugins, as the rules of kind `plugin_check` need them. What a plugin is and how it runs is
//! known elsewhere: whoever loads packs hands in a [`PluginChecks`].

use cleanbill_engine::{EditFault, Trigger};
use cleanbill_model::{Claim, Disposition, Finding, Severity};

use crate::place::Place;

/// The plugins that are loaded beside the packs.
pub trait PluginChecks {
    /// Every plugin with its checks.
    fn plugins(&self) -> &[PluginOffer];

    /// The check `id` of `plugin`, ready to run with `args`, a JSON object.
    ///
    /// # Errors
    /// The plugin's reason not to run with `args`: one bounded line.
    fn check(&self, plugin: &str, id: &str, args: &str) -> Result<Box<dyn PluginCheck>, String>;
}

/// A check that is ready to run.
pub trait PluginCheck: Send + Sync {
    /// Which claims it looks at.
    fn trigger(&self) -> Trigger<'_>;

    /// Whether it is of use to show it claims before they are judged.
    fn looks_ahead(&self) -> bool {
        false
    }

    /// Shows it claims that this thread has judged next, in this order.
    fn look_ahead(&self, claims: &[&Claim]) {
        let _ = claims;
    }

    /// As [`cleanbill_engine::Edit::settle`].
    fn settle(&self) {}

    /// What it finds on a claim.
    ///
    /// # Errors
    /// It failed, or its answer is not valid.
    fn judge(&self, claim: &Claim) -> Result<Vec<PluginSays>, EditFault>;
}

/// What a check finds.
#[derive(Clone, Debug, PartialEq)]
pub struct PluginSays {
    /// As the plugin's own rule would report it; of it the rule takes place, evidence and reason, and the
    /// words where it has none of its own.
    pub finding: Finding,
    /// The values of [`CheckOffer::values`], in their order.
    pub values: Vec<String>,
}

/// A plugin that is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginOffer {
    /// Its unique name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its checks.
    pub checks: Vec<CheckOffer>,
}

/// A check of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOffer {
    /// Its unique name, such as `acme/auth-on-file`; a rule may leave out what stands before the last `/`.
    pub id: String,
    /// Names of the values that a finding brings, which are placeholders of the rule's texts.
    pub values: Vec<String>,
    /// What it takes as `args`: name and shape.
    pub args: Vec<(String, ArgShape)>,
    /// The plugin's own words for what is wrong, with placeholders.
    pub message: String,
    /// The plugin's own words for what to do.
    pub fix: String,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgShape {
    /// A text, however it looks.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Texts,
    /// Anything.
    Any,
}

/// What rules of kind `plugin_check` are loaded with.
#[derive(Clone, Copy, Default)]
pub enum PluginSide<'a> {
    /// No plugin: such a rule is a mistake.
    #[default]
    None,
    /// These plugins.
    Loaded(&'a dyn PluginChecks),
    /// No plugin, and such rules are left out: see [`crate::Pack::left_out`].
    LeftOut,
}

/// A check that a rule of a pack uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PluginUse {
    /// The rule.
    pub rule: String,
    /// The plugin.
    pub plugin: String,
    /// Id of the check.
    pub check: String,
}

/// What a pack says of a rule that a plugin brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginSetting {
    /// Id of the rule.
    pub rule: String,
    /// Whether it does not run.
    pub is_disabled: bool,
    /// What happens when it fires, if not what the plugin says.
    pub disposition: Option<Disposition>,
    /// How loud it is, if not as the plugin says or as it follows from `disposition`.
    pub severity: Option<Severity>,
    /// Why.
    pub reason: String,
    /// Name and version of the pack.
    pub pack: String,
    /// File and line.
    pub place: Place,
}

impl PluginOffer {
    /// The check of this id, or the only one whose id ends in `/` and this name.
    pub(crate) fn check(&self, name: &str) -> Option<&CheckOffer> {
        let by_id = self.checks.iter().find(|check| check.id == name);
        by_id.or_else(|| {
            let mut named = self.checks.iter().filter(|check| check.short() == name);
            named.next().filter(|_| named.next().is_none())
        })
    }

    /// Everything that a rule may call the checks.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.checks.iter().flat_map(|check| [check.short(), check.id.as_str()])
    }
}

impl CheckOffer {
    fn short(&self) -> &str {
        self.id.rsplit_once('/').map_or(&*self.id, |(_, name)| name)
    }
}
