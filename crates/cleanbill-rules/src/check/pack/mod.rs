//! A pack from its files: read, decoded, checked, ready to run and to test.

mod files;
mod requires;
mod rules;
mod scope;

use core::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use cleanbill_engine::Edit;
use cleanbill_model::ServiceDate;

use crate::check::{Outline, sets};
use crate::declare::WaiversDecl;
use crate::diagnostic::{Code, Diagnostics};
use crate::facts::ExtremityFacts;
use crate::layer::{Layer, Names, ResolvedRule, Stack};
use crate::page::RuleText;
use crate::place::Place;
use crate::plugin::{PluginSetting, PluginSide, PluginUse};
use crate::predicate::PredicateSize;
use crate::recorded::RecordedPack;
use crate::source::Source;
use crate::table::TablesFrom;
use crate::testing;
use crate::waiver::{self, Waiver};

pub(crate) use files::{File, Files};
use rules::Rules;

/// A checked pack, with all that it takes over from the packs that it extends.
pub struct Pack {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// One line in its author's words.
    pub title: String,
    /// Number of table rows that its rules look into.
    pub table_rows: usize,
    /// Its rules, ready to run, in the order of its files; those of packs below first. Waivers are not
    /// in them: see [`Pack::into_edits`].
    pub edits: Vec<Box<dyn Edit>>,
    /// The tests inside its own rules and overrides.
    pub tests: Vec<PackTest>,
    /// Names of the packs that it extends, directly or not, the lowest first.
    pub extends: Vec<String>,
    /// Every rule, also disabled ones, with who set what in it.
    pub rules: Vec<ResolvedRule>,
    /// Its waivers, and those of packs below.
    pub waivers: Vec<Arc<Waiver>>,
    /// Waivers that count as expired since their date cannot be read.
    pub waiver_mistakes: Diagnostics,
    /// How large the conditions (`when`, `must`, `unless`) of its rules are.
    pub conditions: Vec<PredicateSize>,
    /// Checks of plugins that its rules use, also rules of packs below and disabled ones.
    pub plugin_uses: Vec<PluginUse>,
    /// What it says of rules that plugins bring, and packs below say; the last word on a rule counts.
    pub plugin_settings: Vec<PluginSetting>,
    /// The rules that are left out since their plugins are, with their places: see
    /// [`PluginSide::LeftOut`].
    pub left_out: Vec<(String, Place)>,
    /// Rules that are left out, since a table that they read is not at hand; they are in `rules` too.
    pub not_run: Vec<NotRun>,
    pub(crate) outline: Outline,
    /// Rules with the imported table that they read.
    pub(crate) imported: Vec<(String, String)>,
    /// What its rules say of themselves, for their pages; in the order of `edits`.
    pub(crate) texts: Vec<RuleText>,
}

impl Pack {
    /// Ids of the rules whose second name is `slug`.
    pub fn rules_with_slug(&self, slug: &str) -> impl Iterator<Item = &str> {
        let rules = self.outline.rules.iter();
        rules.filter(move |rule| rule.slug.as_deref() == Some(slug)).map(|rule| rule.id.as_str())
    }

    /// Each rule with each imported table that it reads, at hand or not.
    pub fn imported_tables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.imported.iter().map(|(rule, table)| (rule.as_str(), table.as_str()))
    }

    /// Whether a pack below brings the rule `id`.
    #[must_use]
    pub fn inherits(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.id == id && rule.is_inherited)
    }

    /// The edits with their waivers. `as_of` is compared with the dates of waivers; without it each
    /// line's date of service is.
    #[must_use]
    pub fn into_edits(self, as_of: Option<ServiceDate>) -> Vec<Box<dyn Edit>> {
        waiver::waive(self.edits, &self.waivers, as_of)
    }
}

/// A rule that is left out of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// Its id.
    pub rule: String,
    /// The imported table that it reads and that is not at hand: `ncci-ptp-practitioner`.
    pub table: String,
}

/// A test inside a rule, checked.
#[derive(Clone, Debug)]
pub struct PackTest {
    /// Rule that it tests.
    pub rule: String,
    /// Its name, unique within the rule.
    pub name: String,
    /// File and line.
    pub place: String,
    /// Row of the domain's decision table that it stands for.
    pub covers: Option<String>,
    /// Whether the rule is not expected to pass it yet.
    pub todo: bool,
    pub(crate) body: testing::Body,
}

/// Reads and checks the pack that `source` hands out; packs that it extends lie beside it.
///
/// # Errors
/// All mistakes found, at most [`Diagnostics::LIMIT`], each with its place.
pub fn load(source: &dyn Source) -> Result<Pack, Diagnostics> {
    Loading::default().load(source)
}

/// The paths of the YAML files of the pack that `source` hands out: `pack.yaml`, what it includes and its
/// file of waivers.
///
/// # Errors
/// The mistakes of `pack.yaml`.
pub fn files(source: &dyn Source) -> Result<Vec<String>, Diagnostics> {
    let diagnostics = RefCell::default();
    let found = Stack::alone(source, &diagnostics).map(|stack| {
        let waivers = stack.layers.last().and_then(|layer| match &layer.decl.waivers {
            Some(WaiversDecl::File(path)) => Some(path.clone()),
            _ => None,
        });
        rules::included(&stack).into_iter().chain(waivers).collect::<Vec<_>>()
    });
    let diagnostics = diagnostics.into_inner();
    match found {
        Some(mut files) if diagnostics.is_empty() => {
            files.insert(0, "pack.yaml".to_owned());
            Ok(files)
        }
        _ => Err(diagnostics),
    }
}

/// How packs are loaded.
#[derive(Clone, Copy, Default)]
pub struct Loading<'a> {
    /// Packs that others may extend.
    pub shelf: &'a [Box<dyn Source>],
    /// The day on which dated overrides are judged; without it each line's date of service is.
    pub as_of: Option<ServiceDate>,
    /// Plugins whose checks rules may use.
    pub plugins: PluginSide<'a>,
    /// Where the rows of imported tables come from.
    pub tables: TablesFrom<'a>,
}

impl Loading<'_> {
    /// Reads and checks the pack that `source` hands out, and every pack below it. A pack that it
    /// extends is looked for on the shelf, then beside it.
    ///
    /// # Errors
    /// All mistakes found, at most [`Diagnostics::LIMIT`], each with its place.
    pub fn load(&self, source: &dyn Source) -> Result<Pack, Diagnostics> {
        self.checked(source, false).map(|(pack, _)| pack)
    }

    /// The same, with the files of every pack that it was made of; the pack itself comes last.
    ///
    /// # Errors
    /// As [`Loading::load`].
    pub fn load_recorded(
        &self,
        source: &dyn Source,
    ) -> Result<(Pack, Vec<RecordedPack>), Diagnostics> {
        self.checked(source, true)
    }

    fn checked(
        &self,
        source: &dyn Source,
        keeps_files: bool,
    ) -> Result<(Pack, Vec<RecordedPack>), Diagnostics> {
        let diagnostics = RefCell::default();
        let loaded = self.pack(source, &diagnostics, keeps_files);
        let mut diagnostics = diagnostics.into_inner();
        diagnostics.sort();
        match loaded {
            Some(loaded) if diagnostics.is_empty() => Ok(loaded),
            _ => Err(diagnostics),
        }
    }

    fn pack(
        &self,
        source: &dyn Source,
        diagnostics: &RefCell<Diagnostics>,
        keeps_files: bool,
    ) -> Option<(Pack, Vec<RecordedPack>)> {
        let stack = Stack::build(source, self.shelf, diagnostics, keeps_files)?;
        let pack = self.pack_of(&stack, diagnostics);
        stack.show_cells();
        Some((pack?, if keeps_files { stack.into_recorded() } else { Vec::new() }))
    }

    fn pack_of(&self, stack: &Stack<'_>, diagnostics: &RefCell<Diagnostics>) -> Option<Pack> {
        let mut names = Names::build(stack, self.tables, diagnostics);
        let stack_top = stack.layers.last()?;
        sets::check(&names.cx(&stack_top.file.yaml.shown, diagnostics));
        let facts = facts(stack, &names, diagnostics);
        names.asked_by_facts = names.asked.take();
        let layers = stack.layers.iter().enumerate();
        let wanted = |(_, layer): &(usize, &Layer<'_>)| layer.decl.facts.extremity.is_some();
        if layers.filter(wanted).any(|(index, _)| !facts.contains_key(&index)) {
            names.spoiled.insert("facts".to_owned());
        }
        requires::check(stack, &names, self.plugins, diagnostics);
        let rules = Rules {
            stack,
            names: &names,
            facts: &facts,
            as_of: self.as_of,
            plugins: self.plugins,
            diagnostics,
        };
        let (top, below) = stack.layers.split_last()?;
        let mut pack = Pack {
            name: top.decl.name.clone(),
            version: top.decl.version.clone(),
            title: top.decl.title.clone(),
            table_rows: names.tables.values().map(|table| table.len()).sum(),
            edits: Vec::new(),
            tests: Vec::new(),
            extends: below.iter().map(|layer| layer.decl.name.clone()).collect(),
            rules: Vec::new(),
            waivers: Vec::new(),
            waiver_mistakes: Diagnostics::default(),
            conditions: Vec::new(),
            plugin_uses: Vec::new(),
            plugin_settings: Vec::new(),
            left_out: Vec::new(),
            not_run: Vec::new(),
            imported: Vec::new(),
            outline: Outline::new(
                &names.cx(&top.file.yaml.shown, diagnostics),
                &top.file.yaml.tree,
                &top.decl,
            ),
            texts: Vec::new(),
        };
        let all_known = rules.check(&mut pack);
        pack.conditions = names.sizes.take();
        pack.plugin_uses = names.plugin_uses.take();
        pack.plugin_uses.sort();
        pack.plugin_uses.dedup();
        let known = all_known.then_some(pack.rules.as_slice());
        (pack.waivers, pack.waiver_mistakes) =
            waiver::declared(stack, known, self.plugins, diagnostics);
        if pack.rules.is_empty()
            && pack.plugin_settings.is_empty()
            // Of rules of plugins: others there are none.
            && pack.waivers.is_empty()
            && diagnostics.borrow().is_empty()
        {
            names.cx(&top.file.yaml.shown, diagnostics).error(
                Code::NoRules,
                &top.file.yaml.tree.span,
                "the pack has no rule".to_owned(),
                "add `rules:` here or name rule files under `include:`".to_owned(),
            );
        }
        Some(pack)
    }
}

/// The extremity facts of each layer: its own, else those of a pack below.
fn facts(
    stack: &Stack<'_>,
    names: &Names,
    diagnostics: &RefCell<Diagnostics>,
) -> BTreeMap<usize, Arc<ExtremityFacts>> {
    let mut facts: BTreeMap<usize, Arc<ExtremityFacts>> = BTreeMap::new();
    for (index, layer) in stack.layers.iter().enumerate() {
        let cx = names.cx(&layer.file.yaml.shown, diagnostics);
        let own = ExtremityFacts::check(&cx, layer.file.yaml.tree.get("facts"), &layer.decl.facts);
        let below = || layer.bases.iter().rev().find_map(|base| facts.get(base).cloned());
        if let Some(found) = own.map(Arc::new).or_else(below) {
            facts.insert(index, found);
        }
    }
    facts
}
