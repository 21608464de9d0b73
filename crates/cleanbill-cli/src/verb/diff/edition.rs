//! One side of a comparison: its edits, and what decides them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cleanbill_engine::{Edit, Registry};
use cleanbill_model::ServiceDate;
use cleanbill_rules::{Loading, NotRun, Pack, PackFingerprint, PluginSide, TablesFrom};
use cleanbill_run::DiffEdition;

use crate::failure::Failure;
use crate::packs;
use crate::signatures::Trust;
use crate::table_store::Shelf;

/// The packs of one side.
pub struct Edition {
    registry: Registry,
    fingerprints: Vec<PackFingerprint>,
    named: Vec<String>,
    editions: Vec<String>,
}

impl Edition {
    /// The rules of the packs `named`, of which only those that read the imported table `of_table` where
    /// one is named; and those that wait for a table. `as_of` stands for today.
    ///
    /// # Errors
    /// Mistakes in packs, two edits of one id.
    pub fn load(
        named: Vec<String>,
        plugins: PluginSide<'_>,
        folder: &Shelf,
        of_table: Option<&str>,
        as_of: Option<ServiceDate>,
    ) -> Result<(Self, Vec<NotRun>), Failure> {
        let paths: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
        let mut edits: Vec<Box<dyn Edit>> = Vec::new();
        let mut fingerprints = Vec::new();
        let mut not_run = Vec::new();
        let tables = TablesFrom::Imported(folder);
        let how = Loading { as_of, plugins, tables, ..Loading::default() };
        for (mut pack, made_of) in packs::load_recorded(&paths, how, &mut Trust::default())? {
            let mut print =
                PackFingerprint::of(&made_of).map_err(|mistakes| Failure::packs(&mistakes))?;
            for (rule, table) in pack.imported_tables() {
                print.reads_import(rule, table, &folder.digest(table));
            }
            let readers = readers(&pack, of_table);
            let is_wanted = |rule: &str| readers.as_ref().is_none_or(|all| all.contains(rule));
            print.retain_rules(is_wanted);
            let waits = core::mem::take(&mut pack.not_run);
            not_run.extend(waits.into_iter().filter(|one| is_wanted(&one.rule)));
            fingerprints.push(print);
            let of_pack = pack.into_edits(as_of).into_iter();
            edits
                .extend(of_pack.filter(|edit| edit.infos().iter().any(|info| is_wanted(&info.id))));
        }
        let registry =
            Registry::new(edits).map_err(|error| Failure::refused(error.to_string(), ""))?;
        let registry = registry.as_of(as_of);
        Ok((Self { registry, fingerprints, named, editions: folder.chosen() }, not_run))
    }

    /// The side as a comparison takes it; `tables` is the folder of imported tables as it was named.
    pub fn shown<'a>(&'a self, tables: Option<&'a str>) -> DiffEdition<'a> {
        DiffEdition {
            registry: &self.registry,
            fingerprints: &self.fingerprints,
            named: &self.named,
            editions: &self.editions,
            tables,
        }
    }
}

/// The rules that read a table; none when every rule is wanted.
fn readers(pack: &Pack, table: Option<&str>) -> Option<BTreeSet<String>> {
    let table = table?;
    let reads = pack.imported_tables().filter(|(_, read)| *read == table);
    Some(reads.map(|(rule, _)| rule.to_owned()).collect())
}
