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
use crate::library::{self, Opened};
use crate::path;

/// A plugin that is loaded, checked and ready to run.
#[derive(Debug)]
pub struct LoadedPlugin {
    path: PathBuf,
    abi: AbiVersion,
    manifest: Manifest,
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
    let manifest = Manifest::read(manifest, &path)?;
    match Instances::start(functions) {
        Ok(instances) => Ok(LoadedPlugin { path, abi, manifest, instances }),
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

    /// The plugin as one edit that brings all its rules.
    #[must_use]
    pub fn into_edit(self) -> Box<dyn Edit> {
        Box::new(PluginEdit { manifest: self.manifest, instances: self.instances })
    }
}
