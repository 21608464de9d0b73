//! Where the edits of a command come from: packs in the binary, packs in folders, plugins.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_engine::{Edit, Registry};
use cleanbill_model::ServiceDate;
use cleanbill_rules::{
    ArchiveError, Diagnostics, ImportedTables, Loading, MemorySource, NotRun, Pack, PackLock,
    PluginSetting, PluginSide, RecordedPack, Source, TablesFrom, pack_digest, waive,
};
use cleanbill_run::Part;

use crate::failure::Failure;
use crate::folder::Folder;
use crate::plugins::{PluginFlags, PluginWords, Plugins};
use crate::signatures::{SignatureFlags, Trust};
use crate::table_store::{Shelf, TableFlags};

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
    /// Day that stands for today (YYYY-MM-DD); no clock is asked. Services behind it are found, claims of
    /// the history that came later are not known, and waivers and overrides that end are judged as of it
    /// instead of the date of service. Answers (277ca, 999, fhir) carry it
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<ServiceDate>,
    /// Use only packs that are as `packs.lock` in this folder says; `cleanbill rules pack lock` writes it
    #[arg(long)]
    pub locked: bool,
    #[command(flatten)]
    pub signatures: SignatureFlags,
    #[command(flatten)]
    pub tables: TableFlags,
}

/// What edits are made of.
#[derive(Debug, Default)]
pub struct MadeOf {
    /// Packs, with those that they extend.
    pub packs: Vec<Part>,
    /// Imported tables.
    pub tables: Vec<Part>,
    /// Plugins.
    pub plugins: Vec<Part>,
}

/// Everything that a command runs, and what it does not run.
pub struct Edits {
    /// The edits.
    pub registry: Registry,
    /// Rules that are switched off since a table of theirs is not imported.
    pub not_run: Vec<NotRun>,
    /// What packs say of rules of plugins.
    pub plugin_settings: Vec<PluginSetting>,
    /// What they are made of, where that was asked.
    pub made_of: MadeOf,
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
    /// Mistakes in packs, plugins that cannot be loaded, two edits of one id, tables that must be there.
    pub fn edits(&self) -> Result<Edits, Failure> {
        self.edits_with(self.plugins.load()?, true, false)
    }

    /// All edits for a run: without waivers no finding is waived, and what they are made of comes with them
    /// where the run is recorded.
    ///
    /// # Errors
    /// As [`EditFlags::edits`].
    pub fn edits_to_run(&self, with_waivers: bool, is_recorded: bool) -> Result<Edits, Failure> {
        self.edits_with(self.plugins.load()?, with_waivers, is_recorded)
    }

    /// What the edits are made of now, every byte of it checked; no code of a plugin runs.
    ///
    /// # Errors
    /// As [`EditFlags::edits`]; a table that is damaged.
    pub fn made_of(&self) -> Result<MadeOf, Failure> {
        let plugins = self.plugins.look()?;
        let tables = self.tables.open()?;
        let (_, packs) = self.load_recorded_with(plugins.side(), &tables, true)?;
        tables.verify_used().map_err(|(name, reason)| {
            let help = "import the table again, or bring back its file";
            Failure::refused(format!("the table `{name}` is damaged: {reason}"), help)
        })?;
        Ok(MadeOf { packs, tables: tables.used(), plugins: plugins.parts() })
    }

    /// All edits to look at, not to run: no code of a plugin runs, and no check of one is there.
    ///
    /// # Errors
    /// As [`EditFlags::edits`].
    pub fn listed(&self) -> Result<Edits, Failure> {
        self.edits_with(self.plugins.look()?, true, false)
    }

    /// The packs without the plugins' own rules, to look at.
    ///
    /// # Errors
    /// Mistakes in packs, plugins that are refused.
    pub fn load(&self) -> Result<Vec<Pack>, Failure> {
        self.load_with(self.plugins.look()?.side())
    }

    fn edits_with(
        &self,
        plugins: Plugins,
        with_waivers: bool,
        is_recorded: bool,
    ) -> Result<Edits, Failure> {
        let tables = self.tables.open()?;
        let (mut packs, parts) = self.load_recorded_with(plugins.side(), &tables, is_recorded)?;
        let made_of = MadeOf { packs: parts, tables: tables.used(), plugins: plugins.parts() };
        let mut not_run = Vec::new();
        packs.iter_mut().for_each(|pack| not_run.append(&mut pack.not_run));
        if self.packs.is_empty() {
            switched_off(&mut not_run);
            packs.retain(|pack| !pack.edits.is_empty());
        }
        self.tables.settle(&not_run)?;
        let mut words = PluginWords::default();
        packs.iter().try_for_each(|pack| words.add(&pack.plugin_uses, &pack.plugin_settings))?;
        let waivers: Vec<_> = packs.iter().flat_map(|pack| pack.waivers.clone()).collect();
        let edits = packs.into_iter().flat_map(|pack| match with_waivers {
            true => pack.into_edits(self.as_of),
            false => pack.edits,
        });
        let mut edits: Vec<Box<dyn Edit>> = edits.collect();
        // Rules of plugins are waived by whichever pack says so.
        let of_plugins = plugins.into_edits(&words);
        edits.extend(match with_waivers {
            true => waive(of_plugins, &waivers, self.as_of),
            false => of_plugins,
        });
        let registry =
            Registry::new(edits).map_err(|error| Failure::refused(error.to_string(), ""))?;
        let registry = registry.as_of(self.as_of);
        Ok(Edits { registry, not_run, plugin_settings: words.settings, made_of })
    }

    fn load_with(&self, plugins: PluginSide<'_>) -> Result<Vec<Pack>, Failure> {
        let (packs, _) = self.load_recorded_with(plugins, &self.tables.open()?, false)?;
        Ok(packs)
    }

    /// The packs; what they are made of where that is asked.
    fn load_recorded_with(
        &self,
        plugins: PluginSide<'_>,
        tables: &Shelf,
        is_recorded: bool,
    ) -> Result<(Vec<Pack>, Vec<Part>), Failure> {
        let tables = TablesFrom::Imported(tables);
        let how = Loading { as_of: self.as_of, plugins, tables, ..Loading::default() };
        let lock = self.locked.then(read_lock).transpose()?;
        let mut trust = self.signatures.trust(lock)?;
        if !trust.asks() && !is_recorded {
            return Ok((load(&self.packs, how)?, Vec::new()));
        }
        let mut packs = Vec::new();
        let mut parts: Vec<Part> = Vec::new();
        for (pack, made_of) in load_recorded(&self.packs, how, &mut trust)? {
            // A national pack that nobody named, and that has no tables, does not run.
            if !self.packs.is_empty() || !pack.edits.is_empty() {
                for part in &made_of {
                    let digest = pack_digest(&part.files);
                    if trust.asks() {
                        trust.check(part, &digest)?;
                    }
                    let part = recorded(part, &digest);
                    if !parts.contains(&part) {
                        parts.push(part);
                    }
                }
            }
            packs.push(pack);
        }
        Ok((packs, parts))
    }
}

/// A pack as provenance tells of it.
fn recorded(part: &RecordedPack, digest: &str) -> Part {
    let bytes: usize = part.files.files().map(|(_, text)| text.len()).sum();
    Part {
        name: part.name.clone(),
        version: Some(part.version.clone()),
        bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
        sha256: digest.strip_prefix("sha256:").unwrap_or(digest).to_owned(),
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

/// The packs in `paths`, or the default packs when there are none, loaded as `how` says.
///
/// # Errors
/// All mistakes of all of them.
pub fn load(paths: &[PathBuf], how: Loading<'_>) -> Result<Vec<Pack>, Failure> {
    let load = |loading: Loading<'_>, source: &dyn Source| loading.load(source);
    without_bases(load_by(paths, how, &mut Trust::default(), load)?, |pack| pack)
}

/// The same packs, each with the files of all packs that it was made of, its own last. Archives are opened
/// as `trust` asks; [`Trust::check`] tells of each part whether it may be used.
///
/// # Errors
/// All mistakes of all of them.
pub fn load_recorded(
    paths: &[PathBuf],
    how: Loading<'_>,
    trust: &mut Trust,
) -> Result<Vec<(Pack, Vec<RecordedPack>)>, Failure> {
    let load = |loading: Loading<'_>, source: &dyn Source| loading.load_recorded(source);
    without_bases(load_by(paths, how, trust, load)?, |(pack, _)| pack)
}

/// Every pack that comes with cleanbill, with the samples of imported tables.
///
/// # Errors
/// None that a user could mend.
pub fn embedded() -> Result<Vec<Pack>, Failure> {
    let shelf: Vec<_> = cleanbill_default_packs::embedded_packs().into_iter().map(boxed).collect();
    let loading = Loading { shelf: &shelf, ..Loading::default() };
    let packs = shelf.iter().map(|source| loading.load(source.as_ref()));
    packs.collect::<Result<_, _>>().map_err(|found| Failure::packs(&found))
}

/// How packs are loaded beside what plugins bring: with the samples of imported tables.
pub fn with_plugins(plugins: PluginSide<'_>) -> Loading<'_> {
    Loading { plugins, ..Loading::default() }
}

fn load_by<T>(
    paths: &[PathBuf],
    how: Loading<'_>,
    trust: &mut Trust,
    load: impl Fn(Loading<'_>, &dyn Source) -> Result<T, Diagnostics>,
) -> Result<Vec<T>, Failure> {
    let mut shelf = sources(paths, trust)?;
    // Tests and checks read samples: they are of the packs that someone names.
    if let (true, TablesFrom::Imported(tables)) = (paths.is_empty(), how.tables) {
        let mut national = cleanbill_default_packs::national_packs();
        let waiting = waiting(&mut national, tables);
        tell_waiting(&waiting);
        shelf.extend(national.into_iter().map(boxed));
    }
    let named = shelf.len();
    // Packs that come with cleanbill can be extended by name, and a folder named here goes before.
    shelf.extend(cleanbill_default_packs::embedded_packs().into_iter().map(boxed));
    let mut packs = Vec::new();
    let mut mistakes = Diagnostics::default();
    for source in shelf.iter().take(named) {
        match load(Loading { shelf: &shelf, ..how }, source.as_ref()) {
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
        if !pack.edits.is_empty() {
            tell(pack);
        }
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

/// Takes out the packs of which no table is imported, unread: most runs have none of them. Gives back the
/// tables of these.
fn waiting(packs: &mut Vec<MemorySource>, tables: &dyn ImportedTables) -> BTreeSet<String> {
    let mut waiting = BTreeSet::new();
    packs.retain(|pack| {
        let text = pack.read("pack.yaml").unwrap_or_default();
        let named: Vec<&str> = imported_names(&text).collect();
        // A table that is there and cannot be used is told when the pack is loaded.
        let is_wanted = named.iter().any(|name| !matches!(tables.table(name), Ok(None)));
        if !is_wanted {
            waiting.extend(named.into_iter().map(str::to_owned));
        }
        is_wanted
    });
    waiting
}

/// What stands behind `imported:` in a pack.
fn imported_names(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split("imported:").skip(1);
    names.filter_map(|rest| rest.trim_start().split([',', ' ', '}', '\n']).next())
}

/// Nobody has asked for the national packs of a run that names none, so what they lack is no warning.
fn switched_off(not_run: &mut Vec<NotRun>) {
    tell_waiting(&not_run.iter().map(|one| one.table.clone()).collect());
    not_run.clear();
}

fn tell_waiting(tables: &BTreeSet<String>) {
    if !tables.is_empty() {
        let tables = tables.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        tracing::info!(tables, "national rules wait for imported tables");
    }
}

fn tell(pack: &Pack) {
    let (pack, version, rules) = (&pack.name, &pack.version, pack.edits.len());
    tracing::info!(pack, version, rules, "pack loaded");
}

fn sources(paths: &[PathBuf], trust: &mut Trust) -> Result<Vec<Box<dyn Source>>, Failure> {
    let embedded = cleanbill_default_packs::embedded_packs();
    if paths.is_empty() {
        return Ok(cleanbill_default_packs::default_packs().into_iter().map(boxed).collect());
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

fn boxed(pack: MemorySource) -> Box<dyn Source> {
    Box::new(pack)
}

/// An archive that is refused.
pub fn refused_archive(label: &str, error: &ArchiveError) -> Failure {
    Failure::refused(format!("`{label}` is refused: {error}"), error.help())
}
