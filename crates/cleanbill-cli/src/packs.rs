//! Where the edits of a command come from: packs in the binary, packs in folders, plugins.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_engine::{Edit, Registry};
use cleanbill_plugin_host::{LoadedPlugin, PluginError};
use cleanbill_rules::{Diagnostics, MemorySource, Pack, Source};

use crate::failure::Failure;

/// Flags that choose the edits; every verb that needs edits takes them.
#[derive(Debug, Args)]
pub struct EditFlags {
    /// Pack to use instead of the ones that come with cleanbill: a folder with a `pack.yaml`, or the
    /// name of one that comes with cleanbill; may be repeated
    #[arg(long, value_name = "PACK")]
    pub packs: Vec<PathBuf>,
    /// Plugin file, or a folder of plugins, to use as well; may be repeated. Its code runs as part of
    /// cleanbill: load only what you trust
    #[arg(long, value_name = "FILE_OR_DIR")]
    pub plugins: Vec<PathBuf>,
}

impl EditFlags {
    /// All edits, in one registry.
    ///
    /// # Errors
    /// Mistakes in packs, plugins that cannot be loaded, two edits of one id.
    pub fn registry(&self) -> Result<Registry, Failure> {
        let mut edits: Vec<Box<dyn Edit>> =
            load(&self.packs)?.into_iter().flat_map(|pack| pack.edits).collect();
        for plugin in plugins(&self.plugins)? {
            tracing::info!(plugin = plugin.id(), version = plugin.version(), "plugin loaded");
            edits.push(plugin.into_edit());
        }
        Registry::new(edits).map_err(|error| Failure::refused(error.to_string(), ""))
    }
}

/// The packs in `paths`, or the default packs when there are none.
///
/// # Errors
/// All mistakes of all of them.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Pack>, Failure> {
    let mut packs = Vec::new();
    let mut mistakes = Diagnostics::default();
    for source in sources(paths) {
        match cleanbill_rules::load(source.as_ref()) {
            Ok(pack) => {
                tracing::info!(
                    pack = pack.name,
                    version = pack.version,
                    rules = pack.edits.len(),
                    "pack loaded"
                );
                packs.push(pack);
            }
            Err(found) => mistakes.absorb(found),
        }
    }
    if mistakes.is_empty() { Ok(packs) } else { Err(Failure::packs(&mistakes)) }
}

/// The pack in a folder, to be read.
pub fn folder(path: &Path) -> impl Source + use<> {
    Folder::new(path)
}

/// The YAML files of the pack in a folder: `pack.yaml` and the rule files that it includes.
///
/// # Errors
/// `pack.yaml` cannot be read or has mistakes.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let source = Folder::new(folder);
    let names = cleanbill_rules::files(&source).map_err(|mistakes| Failure::packs(&mistakes))?;
    Ok(names.iter().map(|name| source.root.join(name)).collect())
}

fn sources(paths: &[PathBuf]) -> Vec<Box<dyn Source>> {
    let embedded = cleanbill_default_packs::default_packs();
    if paths.is_empty() {
        return embedded.into_iter().map(|pack| -> Box<dyn Source> { Box::new(pack) }).collect();
    }
    paths
        .iter()
        .map(|path| -> Box<dyn Source> {
            let named = |pack: &&MemorySource| Some(pack.label()) == path.to_str();
            match embedded.iter().find(named) {
                Some(pack) if !path.exists() => Box::new(pack.clone()),
                _ => Box::new(Folder::new(path)),
            }
        })
        .collect()
}

/// The plugins in `paths`.
///
/// # Errors
/// The first that cannot be loaded.
pub fn plugins(paths: &[PathBuf]) -> Result<Vec<LoadedPlugin>, Failure> {
    let files = cleanbill_plugin_host::expand(paths).map_err(|error| refused(&error))?;
    files
        .iter()
        .map(|path| cleanbill_plugin_host::load(path).map_err(|error| refused(&error)))
        .collect()
}

fn refused(error: &PluginError) -> Failure {
    Failure::refused(
        reasons(error),
        "`cleanbill plugins list` shows what is wrong with each plugin",
    )
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

/// A pack in a folder.
struct Folder {
    root: PathBuf,
    label: String,
}

impl Folder {
    /// `path` is the folder, or the `pack.yaml` in it.
    fn new(path: &Path) -> Self {
        let root = match path.file_name() {
            Some(name) if name == "pack.yaml" => path.parent().unwrap_or(path),
            _ => path,
        };
        Self { root: root.to_owned(), label: root.display().to_string() }
    }
}

impl Source for Folder {
    fn read(&self, path: &str) -> Result<String, String> {
        // A pack names its own files only: no way up and out of its folder.
        let inside = Path::new(path)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside {
            return Err("it lies outside the pack".to_owned());
        }
        fs::read_to_string(self.root.join(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => "it is no UTF-8 text".to_owned(),
            _ => error.to_string(),
        })
    }

    fn list(&self, folder: &str, ending: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(ending) && !name.starts_with('.'))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        names.sort();
        names
    }

    fn label(&self) -> &str {
        &self.label
    }
}
