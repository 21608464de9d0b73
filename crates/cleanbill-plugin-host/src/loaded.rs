//! A plugin that is loaded, checked and ready to run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cleanbill_engine::Edit;
use cleanbill_model::{Disposition, EditInfo};
use cleanbill_plugin_abi::field::FieldSet;

use crate::alone::CheckAlone;
use crate::edit::PluginEdit;
use crate::error::PluginError;
use crate::info::PluginInfo;
use crate::instance::Instance;
use crate::library;
use crate::lock::Isolation;
use crate::pack_check::PackCheck;
use crate::runner::{Asker, Runner};
use crate::supervisor::{Source, Supervisor, WorkerOptions};
use crate::trust::TrustedLibrary;

/// What an instance is made with that no pack's rule configures.
const NO_CONFIG: &str = "{}";

/// A plugin that is loaded, checked and ready to run.
#[derive(Debug)]
pub struct LoadedPlugin {
    path: PathBuf,
    info: PluginInfo,
    granted: FieldSet,
    not_evaluated: Disposition,
    runner: Runner,
    /// The instance without configuration.
    plain: Asker,
}

/// How a plugin is loaded.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// How its process is run.
    pub worker: WorkerOptions,
    /// Whether a plugin whose lock entry says so may run in this process instead.
    pub allow_in_process: bool,
    /// What happens to a claim that it could not judge.
    pub not_evaluated: Disposition,
}

impl Default for LoadOptions {
    /// A process of its own; claims that it could not judge wait for someone.
    fn default() -> Self {
        let worker = WorkerOptions::default();
        Self { worker, allow_in_process: false, not_evaluated: Disposition::Suspend }
    }
}

/// Loads a plugin: into a process of its own, or into this one, where it stays until the process ends. There
/// the library's code runs with all the rights of this process.
///
/// # Errors
/// [`PluginError`] for a library that the system cannot load, or that cannot start.
pub fn load(trusted: &TrustedLibrary, options: &LoadOptions) -> Result<LoadedPlugin, PluginError> {
    let (path, info) = (trusted.path().to_owned(), trusted.info().clone());
    let (granted, not_evaluated) = (trusted.granted(), options.not_evaluated);
    let runner = if options.allow_in_process && trusted.isolation() == Isolation::InProcess {
        Runner::Here(library::open(trusted)?)
    } else {
        let source = Source::of(trusted)
            .map_err(|source| PluginError::Unreadable { path: path.clone(), source })?;
        let manifest = Arc::clone(info.manifest());
        Runner::Worker(Arc::new(Supervisor::new(source, manifest, granted, options.worker.clone())))
    };
    match runner.configured(NO_CONFIG, info.manifest(), granted, not_evaluated) {
        Ok(plain) => Ok(LoadedPlugin { path, info, granted, not_evaluated, runner, plain }),
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
        let manifest = self.info.manifest();
        let asker = self.runner.configured(config, manifest, self.granted, self.not_evaluated)?;
        Ok(PackCheck::new(Arc::clone(manifest), rule, asker))
    }

    /// Its check without the host around it, for measurements; none of a plugin that runs in a process of its
    /// own, or that cannot start.
    #[must_use]
    pub fn check_alone(&self) -> Option<CheckAlone> {
        let Runner::Here(functions) = &self.runner else { return None };
        let instance = Instance::create(*functions, NO_CONFIG).ok()?;
        Some(CheckAlone::new(instance, self.granted))
    }

    /// The plugin as one edit that brings all its rules.
    #[must_use]
    pub fn into_edit(self) -> Option<Box<dyn Edit>> {
        let rules = self.info.rules().to_vec();
        self.into_edit_of(rules)
    }

    /// The plugin as one edit that brings `rules`: rules of [`PluginInfo::rules`], as they are there or with
    /// another disposition, severity and remittance, which its findings have then. None without rules.
    #[must_use]
    pub fn into_edit_of(self, rules: Vec<Arc<EditInfo>>) -> Option<Box<dyn Edit>> {
        let manifest = Arc::clone(self.info.manifest());
        let edit = PluginEdit::new(rules, manifest, self.plain)?;
        Some(Box::new(edit))
    }
}
