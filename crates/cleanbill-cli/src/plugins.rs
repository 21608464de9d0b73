//! The plugins of a command: their own rules, and their checks for rules of packs.

mod rule;
mod run_flags;
mod setting;
mod unloaded;

use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_engine::{Edit, EditFault, Trigger};
use cleanbill_model::Claim;
use cleanbill_plugin_host::{
    ConfigKind, LoadedPlugin, PackCheck, PluginError, PluginInfo, Refusal, Said, TrustedLibrary,
    expand, load,
};
use cleanbill_rules::{
    ArgShape, CheckOffer, PluginCheck, PluginChecks, PluginOffer, PluginSays, PluginSide,
};
use cleanbill_run::Part;

use crate::failure::Failure;
use crate::plugin_lock::PluginLockFlag;

pub use rule::PluginRule;
pub use run_flags::{OnPluginFailure, PluginRunFlags};
pub use setting::{PluginWords, write as write_setting};
use unloaded::Unloaded;

/// The flags of verbs that use plugins.
#[derive(Debug, Args)]
pub struct PluginFlags {
    /// Plugin file, or a folder of plugins, to use as well; may be repeated. It must stand in
    /// plugins.lock; `cleanbill plugins trust FILE` puts it there
    #[arg(long, value_name = "FILE_OR_DIR")]
    pub plugins: Vec<PathBuf>,
    #[command(flatten)]
    lock: PluginLockFlag,
    #[command(flatten)]
    run: PluginRunFlags,
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
    known: Vec<Known>,
    offers: Vec<PluginOffer>,
    parts: Vec<Part>,
    left_out: bool,
}

/// A plugin that passed every check.
#[derive(Debug)]
enum Known {
    /// Its code runs.
    Loaded(LoadedPlugin),
    /// Only its manifest is looked at.
    Looked(TrustedLibrary),
}

impl Known {
    const fn info(&self) -> &PluginInfo {
        match self {
            Self::Loaded(plugin) => plugin.info(),
            Self::Looked(library) => library.info(),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Loaded(plugin) => plugin.path(),
            Self::Looked(library) => library.path(),
        }
    }
}

impl PluginFlags {
    /// Loads them.
    ///
    /// # Errors
    /// The first that is refused or cannot be loaded, or has the name of another.
    pub fn load(&self) -> Result<Plugins, Failure> {
        self.each(|library| {
            load(&library, &self.run.options())
                .map(Known::Loaded)
                .map_err(|error| cannot_run(&error))
        })
    }

    /// Reads their manifests; none of their code runs.
    ///
    /// # Errors
    /// The first that is refused, or has the name of another.
    pub fn look(&self) -> Result<Plugins, Failure> {
        self.each(|library| Ok(Known::Looked(library)))
    }

    fn each(
        &self,
        known_of: impl Fn(TrustedLibrary) -> Result<Known, Failure>,
    ) -> Result<Plugins, Failure> {
        let mut plugins = Plugins::default();
        if self.plugins.is_empty() {
            return Ok(plugins);
        }
        let lock = self.lock.read()?;
        for path in expand(&self.plugins).map_err(|error| cannot_run(&error))? {
            let library =
                TrustedLibrary::check(&path, &lock).map_err(|refusal| refused(&refusal))?;
            let part = part_of(&library);
            plugins.add(known_of(library)?)?;
            plugins.parts.push(part);
        }
        Ok(plugins)
    }
}

impl PluginFlags {
    /// What becomes of a claim that a plugin could not judge.
    pub const fn on_failure(&self) -> OnPluginFailure {
        self.run.on_plugin_failure
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
    fn add(&mut self, plugin: Known) -> Result<(), Failure> {
        let info = plugin.info();
        let (id, version) = (info.id(), info.version());
        if let Some(other) = self.known.iter().find(|other| other.info().id() == id) {
            let (one, two) = (other.path().display(), plugin.path().display());
            return Err(Failure::refused(
                format!("two plugins are called `{id}`: `{one}` and `{two}`"),
                "load one of them",
            ));
        }
        tracing::info!(plugin = id, version, "plugin trusted");
        self.offers.push(offer(info));
        self.known.push(plugin);
        Ok(())
    }

    /// Those whose code runs.
    pub fn loaded(&self) -> impl Iterator<Item = &LoadedPlugin> {
        self.known.iter().filter_map(|known| match known {
            Known::Loaded(plugin) => Some(plugin),
            Known::Looked(_) => None,
        })
    }

    /// Their files.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        self.parts.clone()
    }

    /// What packs are loaded with.
    #[must_use]
    pub fn side(&self) -> PluginSide<'_> {
        match (self.left_out, self.known.is_empty()) {
            (true, _) => PluginSide::LeftOut,
            (false, true) => PluginSide::None,
            (false, false) => PluginSide::Loaded(self),
        }
    }

    /// The rules of the plugins themselves, as packs set them. One that a rule of a pack uses as a check
    /// speaks through that rule alone.
    #[must_use]
    pub fn into_edits(self, words: &PluginWords) -> Vec<Box<dyn Edit>> {
        let edits = self.known.into_iter().filter_map(|plugin| {
            let own = words.own(plugin.info());
            match plugin {
                Known::Loaded(plugin) => plugin.into_edit_of(own),
                Known::Looked(_) => Unloaded::edit(own),
            }
        });
        edits.collect()
    }
}

impl PluginChecks for Plugins {
    fn plugins(&self) -> &[PluginOffer] {
        &self.offers
    }

    fn check(&self, plugin: &str, id: &str, args: &str) -> Result<Box<dyn PluginCheck>, String> {
        let known = self.known.iter().find(|known| known.info().id() == plugin);
        match known.ok_or("it is not loaded")? {
            Known::Loaded(plugin) => Ok(Box::new(Check(plugin.check(id, args)?))),
            Known::Looked(library) => Ok(Box::new(Unloaded::of(library.info()))),
        }
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

    fn looks_ahead(&self) -> bool {
        self.0.looks_ahead()
    }

    fn look_ahead(&self, claims: &[&Claim]) {
        self.0.look_ahead(claims);
    }

    fn settle(&self) {
        self.0.settle();
    }

    fn judge(&self, claim: &Claim) -> Result<Vec<PluginSays>, EditFault> {
        let said = self.0.judge(claim)?.into_iter();
        let said = said.map(|Said { finding, values }| PluginSays { finding, values });
        Ok(said.collect())
    }
}

/// The very bytes that passed every check.
fn part_of(library: &TrustedLibrary) -> Part {
    let info = library.info();
    Part {
        name: info.id().to_owned(),
        version: Some(info.version().to_owned()),
        bytes: std::fs::metadata(library.path()).map_or(0, |file| file.len()),
        sha256: library.digest().as_str().to_owned(),
    }
}

fn offer(plugin: &PluginInfo) -> PluginOffer {
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

/// A plugin whose code may not run.
pub fn refused(refusal: &Refusal) -> Failure {
    Failure::refused(refusal.to_string(), refusal.remedy())
}

fn cannot_run(error: &PluginError) -> Failure {
    Failure::refused(
        reasons(error),
        "`cleanbill plugins list` shows what is wrong with each plugin",
    )
}
