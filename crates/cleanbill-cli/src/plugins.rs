//! The plugins of a command: their own rules, and their checks for rules of packs.

use std::path::PathBuf;

use clap::Args;
use cleanbill_engine::{Edit, EditFault, Trigger};
use cleanbill_model::Claim;
use cleanbill_plugin_host::{ConfigKind, LoadedPlugin, PackCheck, PluginError, Said, expand, load};
use cleanbill_rules::{
    ArgShape, CheckOffer, PluginCheck, PluginChecks, PluginOffer, PluginSays, PluginSide, PluginUse,
};

use crate::failure::Failure;

/// The flag of verbs that use plugins.
#[derive(Debug, Args)]
pub struct PluginFlags {
    /// Plugin file, or a folder of plugins, to use as well; may be repeated. Its code runs as part of
    /// cleanbill: load only what you trust
    #[arg(long, value_name = "FILE_OR_DIR")]
    pub plugins: Vec<PathBuf>,
}

/// The same for verbs that can do without.
#[derive(Debug, Args)]
pub struct OptionalPluginFlags {
    #[command(flatten)]
    named: PluginFlags,
    /// Load no plugin and leave out the rules that are checks of one
    #[arg(long, conflicts_with = "plugins")]
    without_plugins: bool,
}

/// The plugins of a command.
#[derive(Debug, Default)]
pub struct Plugins {
    loaded: Vec<LoadedPlugin>,
    offers: Vec<PluginOffer>,
    left_out: bool,
}

impl PluginFlags {
    /// Loads them.
    ///
    /// # Errors
    /// The first that cannot be loaded, or has the name of another.
    pub fn load(&self) -> Result<Plugins, Failure> {
        Plugins::load(&self.plugins)
    }
}

impl OptionalPluginFlags {
    /// Loads them, or none.
    ///
    /// # Errors
    /// As [`PluginFlags::load`].
    pub fn load(&self) -> Result<Plugins, Failure> {
        Ok(Plugins { left_out: self.without_plugins, ..self.named.load()? })
    }
}

impl Plugins {
    /// The plugins in `paths`.
    ///
    /// # Errors
    /// As [`PluginFlags::load`].
    pub fn load(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut plugins = Self::default();
        for path in expand(paths).map_err(|error| refused(&error))? {
            let plugin = load(&path).map_err(|error| refused(&error))?;
            let (id, version) = (plugin.id(), plugin.version());
            tracing::info!(plugin = id, version, "plugin loaded");
            if let Some(other) = plugins.loaded.iter().find(|other| other.id() == id) {
                let (one, two) = (other.path().display(), plugin.path().display());
                return Err(Failure::refused(
                    format!("two plugins are called `{id}`: `{one}` and `{two}`"),
                    "load one of them",
                ));
            }
            plugins.offers.push(offer(&plugin));
            plugins.loaded.push(plugin);
        }
        Ok(plugins)
    }

    /// What packs are loaded with.
    #[must_use]
    pub fn side(&self) -> PluginSide<'_> {
        match (self.left_out, self.loaded.is_empty()) {
            (true, _) => PluginSide::LeftOut,
            (false, true) => PluginSide::None,
            (false, false) => PluginSide::Loaded(self),
        }
    }

    /// The rules of the plugins themselves. One that a rule of a pack uses as a check speaks through that
    /// rule alone.
    #[must_use]
    pub fn into_edits(self, uses: &[PluginUse]) -> Vec<Box<dyn Edit>> {
        let edits = self.loaded.into_iter().filter_map(|plugin| {
            let own = uses.iter().filter(|one| one.plugin == plugin.id());
            let taken: Vec<&str> = own.map(|one| one.check.as_str()).collect();
            plugin.into_edit(&taken)
        });
        edits.collect()
    }
}

impl PluginChecks for Plugins {
    fn plugins(&self) -> &[PluginOffer] {
        &self.offers
    }

    fn check(&self, plugin: &str, id: &str, args: &str) -> Result<Box<dyn PluginCheck>, String> {
        let plugin = self.loaded.iter().find(|loaded| loaded.id() == plugin);
        let check = plugin.ok_or("it is not loaded")?.check(id, args)?;
        Ok(Box::new(Check(check)))
    }
}

/// An error with everything that caused it: what the system's loader says stands only there.
pub fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// A check of a plugin, as a rule of a pack runs it.
struct Check(PackCheck);

impl PluginCheck for Check {
    fn trigger(&self) -> Trigger<'_> {
        self.0.trigger()
    }

    fn judge(&self, claim: &Claim) -> Result<Vec<PluginSays>, EditFault> {
        let said = self.0.judge(claim)?.into_iter();
        let said = said.map(|Said { finding, values }| PluginSays { finding, values });
        Ok(said.collect())
    }
}

fn offer(plugin: &LoadedPlugin) -> PluginOffer {
    let checks = plugin.checks().map(|check| CheckOffer {
        id: check.id,
        values: check.values,
        args: check.config.into_iter().map(|(name, kind)| (name, shape(kind))).collect(),
        message: check.message,
        fix: check.fix,
    });
    PluginOffer {
        name: plugin.id().to_owned(),
        version: plugin.version().to_owned(),
        checks: checks.collect(),
    }
}

const fn shape(kind: ConfigKind) -> ArgShape {
    match kind {
        ConfigKind::Text => ArgShape::Text,
        ConfigKind::Number => ArgShape::Number,
        ConfigKind::Flag => ArgShape::Flag,
        ConfigKind::Texts => ArgShape::Texts,
        ConfigKind::Any => ArgShape::Any,
    }
}

fn refused(error: &PluginError) -> Failure {
    Failure::refused(
        reasons(error),
        "`cleanbill plugins list` shows what is wrong with each plugin",
    )
}
