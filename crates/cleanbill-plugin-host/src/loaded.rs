//! A plugin that is loaded, checked and ready to run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleanbill_engine::Edit;

use crate::edit::PluginEdit;
use crate::error::PluginError;
use crate::info::PluginInfo;
use crate::instance::Instances;
use crate::library::{self, Functions};
use crate::pack_check::PackCheck;
use crate::trust::TrustedLibrary;

/// What an instance is made with that no pack's rule configures.
const NO_CONFIG: &str = "{}";

/// A plugin that is loaded, checked and ready to run.
#[derive(Debug)]
pub struct LoadedPlugin {
    path: PathBuf,
    info: PluginInfo,
    functions: Functions,
    instances: Instances,
}

/// Loads a plugin into this process, where it stays until the process ends. This runs the library's code
/// with all the rights of this process.
///
/// # Errors
/// [`PluginError`] for a library that the system cannot load, or that cannot start.
pub fn load(trusted: &TrustedLibrary) -> Result<LoadedPlugin, PluginError> {
    let functions = library::open(trusted)?;
    let (path, info) = (trusted.path().to_owned(), trusted.info().clone());
    match Instances::start(functions, NO_CONFIG.to_owned()) {
        Ok(instances) => Ok(LoadedPlugin { path, info, functions, instances }),
        Err(reason) => Err(PluginError::Start { path, reason }),
    }
}

impl LoadedPlugin {
    /// What it says of itself.
    #[must_use]
    pub const fn info(&self) -> &PluginInfo {
        &self.info
    }

    /// The file, absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its rule `id` as a check of its own; `config` is a JSON object.
    ///
    /// # Errors
    /// The plugin's reason not to run with `config`, at most 255 bytes without control characters; or that
    /// there is no such rule.
    pub fn check(&self, id: &str, config: &str) -> Result<PackCheck, String> {
        let rule = self.info.rules().iter().position(|info| info.id == id);
        let rule = rule.ok_or("it has no such check")?;
        let instances = Instances::start(self.functions, config.to_owned())?;
        Ok(PackCheck::new(Arc::clone(self.info.manifest()), rule, instances))
    }

    /// The plugin as one edit that brings all its rules but those whose ids are in `taken`, which rules of
    /// packs use as checks; none when nothing is left.
    #[must_use]
    pub fn into_edit(self, taken: &[&str]) -> Option<Box<dyn Edit>> {
        let manifest = Arc::clone(self.info.manifest());
        let edit = PluginEdit::without(taken, manifest, self.instances)?;
        Some(Box::new(edit))
    }
}
