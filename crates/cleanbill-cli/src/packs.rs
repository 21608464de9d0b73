//! Where the edits of a command come from: packs in the binary, packs in folders, plugins.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_engine::{Edit, Registry};
use cleanbill_model::ServiceDate;
use cleanbill_plugin_host::{LoadedPlugin, PluginError};
use cleanbill_rules::{Diagnostics, Loading, MemorySource, Pack, Source};

use crate::failure::Failure;

/// Flags that choose the edits; every verb that needs edits takes them.
#[derive(Debug, Args)]
pub struct EditFlags {
    /// Pack to use instead of the ones that come with cleanbill: a folder with a `pack.yaml`, or the
    /// name of one that comes with cleanbill; may be repeated. A pack that another one extends is used
    /// as a part of that one
    #[arg(long, value_name = "PACK")]
    pub packs: Vec<PathBuf>,
    /// Plugin file, or a folder of plugins, to use as well; may be repeated. Its code runs as part of
    /// cleanbill: load only what you trust
    #[arg(long, value_name = "FILE_OR_DIR")]
    pub plugins: Vec<PathBuf>,
    /// Judge waivers and overrides that end as of this day (YYYY-MM-DD) instead of the date of service
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<ServiceDate>,
}

/// Reads a day.
pub fn day(text: &str) -> Result<ServiceDate, String> {
    ServiceDate::parse_iso(text.as_bytes())
        .map_err(|error| format!("it {error}; write it as YYYY-MM-DD"))
}

impl EditFlags {
    /// All edits, in one registry.
    ///
    /// # Errors
    /// Mistakes in packs, plugins that cannot be loaded, two edits of one id.
    pub fn registry(&self) -> Result<Registry, Failure> {
        self.registry_of(|pack| pack.into_edits(self.as_of))
    }

    /// All edits, and no finding waived.
    ///
    /// # Errors
    /// As [`EditFlags::registry`].
    pub fn registry_without_waivers(&self) -> Result<Registry, Failure> {
        self.registry_of(|pack| pack.edits)
    }

    fn registry_of(
        &self,
        edits_of: impl FnMut(Pack) -> Vec<Box<dyn Edit>>,
    ) -> Result<Registry, Failure> {
        let packs = load_as_of(&self.packs, self.as_of)?;
        let mut edits: Vec<Box<dyn Edit>> = packs.into_iter().flat_map(edits_of).collect();
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
    load_as_of(paths, None)
}

/// The packs in `paths`, or the default packs when there are none, with overrides as of a day.
///
/// # Errors
/// All mistakes of all of them.
pub fn load_as_of(paths: &[PathBuf], as_of: Option<ServiceDate>) -> Result<Vec<Pack>, Failure> {
    let mut shelf = sources(paths);
    let named = shelf.len();
    // Packs that come with cleanbill can be extended by name, and a folder named here goes before.
    shelf.extend(sources(&[]));
    let loading = Loading { shelf: &shelf, as_of };
    let mut packs = Vec::new();
    let mut mistakes = Diagnostics::default();
    for source in shelf.iter().take(named) {
        match loading.load(source.as_ref()) {
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
    if !mistakes.is_empty() {
        return Err(Failure::packs(&mistakes));
    }
    without_bases(packs)
}

/// Packs that another one extends are a part of that one already.
fn without_bases(packs: Vec<Pack>) -> Result<Vec<Pack>, Failure> {
    let bases: Vec<String> = packs.iter().flat_map(|pack| pack.extends.clone()).collect();
    let (_, tops): (Vec<Pack>, Vec<Pack>) =
        packs.into_iter().partition(|pack| bases.contains(&pack.name));
    for (index, pack) in tops.iter().enumerate() {
        for other in tops.iter().skip(index + 1) {
            if let Some(base) = pack.extends.iter().find(|base| other.extends.contains(base)) {
                return Err(Failure::refused(
                    format!("`{}` and `{}` both extend `{base}`", pack.name, other.name),
                    "its rules would run twice: run the two one after the other, or let one extend \
                     the other",
                ));
            }
        }
    }
    Ok(tops)
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

    fn beside(&self, name: &str) -> Option<Box<dyn Source>> {
        // A name, not a path: no way to anywhere else.
        let is_name = Path::new(name).components().count() == 1
            && Path::new(name).file_name().is_some_and(|file| file == name);
        // `.` has no parent before it is resolved; a path that has one is shown as it was given.
        let folder = match self.root.parent() {
            Some(parent) if self.root.file_name().is_some() => parent.join(name),
            _ => self.root.canonicalize().ok()?.parent()?.join(name),
        };
        (is_name && folder.join("pack.yaml").is_file())
            .then(|| -> Box<dyn Source> { Box::new(Self::new(&folder)) })
    }
}
