//! A plugin that is loaded, checked and ready to run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleanbill_engine::Edit;
use cleanbill_model::EditInfo;
use cleanbill_plugin_abi::AbiVersion;

use crate::check::Manifest;
use crate::edit::PluginEdit;
use crate::error::PluginError;
use crate::instance::Instances;
use crate::library::{self, Functions, Opened};
use crate::pack_check::{CheckOffer, PackCheck};
use crate::path;

/// What an instance is made with that no pack's rule configures.
const NO_CONFIG: &str = "{}";

/// A plugin that is loaded, checked and ready to run.
#[derive(Debug)]
pub struct LoadedPlugin {
    path: PathBuf,
    abi: AbiVersion,
    manifest: Arc<Manifest>,
    functions: Functions,
    instances: Instances,
}

/// Loads the plugin in the file `path` into this process, where it stays until the process ends.
///
/// This runs the library's code with all the rights of this process: the path must come from someone who
/// may decide that, never from a claim or a pack.
///
/// # Errors
/// [`PluginError`] for anything but a plugin of our ABI version with a valid manifest that can start.
pub fn load(path: &Path) -> Result<LoadedPlugin, PluginError> {
    let path = path::resolve(path)?;
    let Opened { abi, manifest, functions } = library::open(&path)?;
    let manifest = Arc::new(Manifest::read(manifest, &path)?);
    match Instances::start(functions, NO_CONFIG.to_owned()) {
        Ok(instances) => Ok(LoadedPlugin { path, abi, manifest, functions, instances }),
        Err(reason) => Err(PluginError::Start { path, reason }),
    }
}

impl LoadedPlugin {
    /// Its unique name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// What it is, in one line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.manifest.title
    }

    /// Payer ids whose claims it judges; empty for all.
    #[must_use]
    pub fn payers(&self) -> &[String] {
        &self.manifest.payers
    }

    /// The file, absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The ABI version that it was built for; this program's is [`AbiVersion::CURRENT`].
    #[must_use]
    pub fn abi(&self) -> AbiVersion {
        self.abi
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &[Arc<EditInfo>] {
        &self.manifest.infos
    }

    /// Its rules as checks for rules of packs.
    pub fn checks(&self) -> impl Iterator<Item = CheckOffer> {
        self.manifest.rules.iter().map(CheckOffer::of)
    }

    /// Its rule `id` as a check of its own; `config` is a JSON object.
    ///
    /// # Errors
    /// The plugin's reason not to run with `config`, at most 255 bytes without control characters; or that
    /// there is no such rule.
    pub fn check(&self, id: &str, config: &str) -> Result<PackCheck, String> {
        let rule = self.manifest.infos.iter().position(|info| info.id == id);
        let rule = rule.ok_or("it has no such check")?;
        let instances = Instances::start(self.functions, config.to_owned())?;
        Ok(PackCheck::new(Arc::clone(&self.manifest), rule, instances))
    }

    /// The plugin as one edit that brings all its rules but those whose ids are in `taken`, which rules of
    /// packs use as checks; none when nothing is left.
    #[must_use]
    pub fn into_edit(self, taken: &[&str]) -> Option<Box<dyn Edit>> {
        let edit = PluginEdit::without(taken, self.manifest, self.instances)?;
        Some(Box::new(edit))
    }
}
