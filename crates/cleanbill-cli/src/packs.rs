//! Where the edits of a command come from: packs in the binary, packs in folders, plugins.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_engine::{Edit, Registry};
use cleanbill_model::ServiceDate;
use cleanbill_rules::{
    ArchiveError, Diagnostics, Loading, MemorySource, Pack, PackLock, PluginSide, RecordedPack,
    Source, pack_digest,
};

use crate::failure::Failure;
use crate::folder::Folder;
use crate::plugins::PluginFlags;
use crate::signatures::{SignatureFlags, Trust};

/// Flags that choose the edits; every verb that needs edits takes them.
#[derive(Debug, Args)]
pub struct EditFlags {
    /// Pack to use instead of the ones that come with cleanbill: a folder with a `pack.yaml`, a
    /// `.cbpack` archive, or the name of one that comes with cleanbill; may be repeated. A pack that
    /// another one extends is used as a part of that one
    #[arg(long, value_name = "PACK")]
    pub packs: Vec<PathBuf>,
    #[command(flatten)]
    pub plugins: PluginFlags,
    /// Judge waivers and overrides that end as of this day (YYYY-MM-DD) instead of the date of service
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<ServiceDate>,
    /// Use only packs that are as `packs.lock` in this folder says; `cleanbill rules pack lock` writes it
    #[arg(long)]
    pub locked: bool,
    #[command(flatten)]
    pub signatures: SignatureFlags,
}

/// Reads a day.
pub fn day(text: &str) -> Result<ServiceDate, String> {
    ServiceDate::parse_iso(text.as_bytes())
        .map_err(|error| format!("it {error}; write it as YYYY-MM-DD"))
}

/// The lock that `--locked` looks for, in the current folder.
pub const LOCK_FILE: &str = "packs.lock";

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

    /// The packs without the plugins' own rules.
    ///
    /// # Errors
    /// Mistakes in packs, plugins that cannot be loaded.
    pub fn load(&self) -> Result<Vec<Pack>, Failure> {
        self.load_with(self.plugins.load()?.side())
    }

    fn registry_of(
        &self,
        edits_of: impl FnMut(Pack) -> Vec<Box<dyn Edit>>,
    ) -> Result<Registry, Failure> {
        let plugins = self.plugins.load()?;
        let packs = self.load_with(plugins.side())?;
        let uses: Vec<_> = packs.iter().flat_map(|pack| pack.plugin_uses.clone()).collect();
        let mut edits: Vec<Box<dyn Edit>> = packs.into_iter().flat_map(edits_of).collect();
        edits.extend(plugins.into_edits(&uses));
        Registry::new(edits).map_err(|error| Failure::refused(error.to_string(), ""))
    }

    fn load_with(&self, plugins: PluginSide<'_>) -> Result<Vec<Pack>, Failure> {
        let lock = self.locked.then(read_lock).transpose()?;
        let mut trust = self.signatures.trust(lock)?;
        if !trust.asks() {
            return load(&self.packs, self.as_of, plugins);
        }
        let mut packs = Vec::new();
        for (pack, made_of) in load_recorded(&self.packs, self.as_of, plugins, &mut trust)? {
            made_of.iter().try_for_each(|part| trust.check(part, &pack_digest(&part.files)))?;
            packs.push(pack);
        }
        Ok(packs)
    }
}

/// The lock in the current folder.
fn read_lock() -> Result<PackLock, Failure> {
    let unusable = |reason: String| {
        Failure::refused(
            format!("`{LOCK_FILE}` cannot be used: {reason}"),
            "`cleanbill rules pack lock` writes it for the packs that you name",
        )
    };
    let text = fs::read_to_string(LOCK_FILE).map_err(|error| unusable(error.to_string()))?;
    PackLock::parse(&text).map_err(|error| unusable(error.to_string()))
}

/// The packs in `paths`, or the default packs when there are none, with overrides as of a day and checks
/// of plugins.
///
/// # Errors
/// All mistakes of all of them.
pub fn load(
    paths: &[PathBuf],
    as_of: Option<ServiceDate>,
    plugins: PluginSide<'_>,
) -> Result<Vec<Pack>, Failure> {
    let load = |loading: Loading<'_>, source: &dyn Source| loading.load(source);
    without_bases(load_by(paths, as_of, plugins, &mut Trust::default(), load)?, |pack| pack)
}

/// The same packs, each with the files of all packs that it was made of, its own last. Archives are opened
/// as `trust` asks; [`Trust::check`] tells of each part whether it may be used.
///
/// # Errors
/// All mistakes of all of them.
pub fn load_recorded(
    paths: &[PathBuf],
    as_of: Option<ServiceDate>,
    plugins: PluginSide<'_>,
    trust: &mut Trust,
) -> Result<Vec<(Pack, Vec<RecordedPack>)>, Failure> {
    let load = |loading: Loading<'_>, source: &dyn Source| loading.load_recorded(source);
    without_bases(load_by(paths, as_of, plugins, trust, load)?, |(pack, _)| pack)
}

fn load_by<T>(
    paths: &[PathBuf],
    as_of: Option<ServiceDate>,
    plugins: PluginSide<'_>,
    trust: &mut Trust,
    load: impl Fn(Loading<'_>, &dyn Source) -> Result<T, Diagnostics>,
) -> Result<Vec<T>, Failure> {
    let mut shelf = sources(paths, trust)?;
    let named = shelf.len();
    // Packs that come with cleanbill can be extended by name, and a folder named here goes before.
    shelf.extend(sources(&[], trust)?);
    let mut packs = Vec::new();
    let mut mistakes = Diagnostics::default();
    for source in shelf.iter().take(named) {
        match load(Loading { shelf: &shelf, as_of, plugins }, source.as_ref()) {
            Ok(pack) => packs.push(pack),
            Err(found) => mistakes.absorb(found),
        }
    }
    if mistakes.is_empty() { Ok(packs) } else { Err(Failure::packs(&mistakes)) }
}

/// The YAML files of the pack in a folder: `pack.yaml` and the rule files that it includes.
///
/// # Errors
/// `pack.yaml` cannot be read or has mistakes.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let source = Folder::new(folder);
    let names = cleanbill_rules::files(&source).map_err(|mistakes| Failure::packs(&mistakes))?;
    Ok(names.iter().map(|name| source.path(name)).collect())
}

/// Packs that another one extends are a part of that one already.
fn without_bases<T>(packs: Vec<T>, pack_of: impl Fn(&T) -> &Pack) -> Result<Vec<T>, Failure> {
    let bases: Vec<String> = packs.iter().flat_map(|one| pack_of(one).extends.clone()).collect();
    let (_, tops): (Vec<T>, Vec<T>) =
        packs.into_iter().partition(|one| bases.contains(&pack_of(one).name));
    for (index, pack) in tops.iter().map(&pack_of).enumerate() {
        tell(pack);
        for other in tops.iter().map(&pack_of).skip(index + 1) {
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

fn tell(pack: &Pack) {
    let (pack, version, rules) = (&pack.name, &pack.version, pack.edits.len());
    tracing::info!(pack, version, rules, "pack loaded");
}

fn sources(paths: &[PathBuf], trust: &mut Trust) -> Result<Vec<Box<dyn Source>>, Failure> {
    let embedded = cleanbill_default_packs::default_packs();
    if paths.is_empty() {
        return Ok(embedded
            .into_iter()
            .map(|pack| -> Box<dyn Source> { Box::new(pack) })
            .collect());
    }
    paths
        .iter()
        .map(|path| -> Result<Box<dyn Source>, Failure> {
            let named = |pack: &&MemorySource| Some(pack.label()) == path.to_str();
            Ok(match embedded.iter().find(named) {
                Some(pack) if !path.exists() => Box::new(pack.clone()),
                _ if path.extension().is_some_and(|ending| ending == "cbpack") => {
                    Box::new(trust.open(path)?)
                }
                _ => Box::new(Folder::new(path)),
            })
        })
        .collect()
}

/// An archive that is refused.
pub fn refused_archive(label: &str, error: &ArchiveError) -> Failure {
    Failure::refused(format!("`{label}` is refused: {error}"), error.help())
}
