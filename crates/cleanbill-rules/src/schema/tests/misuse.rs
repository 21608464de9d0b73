//! Every key of the schema misused in every way in a pack that uses every key: each misuse is refused,
//! with one error, at the misused key.

#![expect(clippy::string_slice, reason = "places come from the parser and lie between characters")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cleanbill_engine::{EditFault, Trigger};
use cleanbill_model::Claim;

use crate::diagnostic::{Code, Diagnostics};
use crate::plugin::{
    ArgShape, CheckOffer, PluginCheck, PluginChecks, PluginOffer, PluginSays, PluginSide,
};
use crate::schema::{Kind, SchemaKind, View};
use crate::source::{MemorySource, Source};
use crate::yaml::{self, Node, Shape};

/// A key of a block: the definition that the block follows, and the key. The top of a file and blocks
/// whose keys are names have no definition.
type Name = (String, String);

/// Where a key stands in the pack.
#[derive(Clone)]
struct Use {
    file: &'static str,
    key: core::ops::Range<usize>,
    value: core::ops::Range<usize>,
    block: core::ops::Range<usize>,
    required: bool,
    takes_block: bool,
    only_key: bool,
}

const FILES: [(&str, SchemaKind); 3] = [
    ("pack.yaml", SchemaKind::Pack),
    ("rules/kinds.yaml", SchemaKind::RuleFile),
    ("waivers.yaml", SchemaKind::Waivers),
];
const TABLES: [&str; 7] =
    ["pairs", "max_units", "code_life", "addon", "body_site", "covered", "fees"];

/// A plugin whose check never finds anything.
struct Quiet([PluginOffer; 1]);

impl Quiet {
    fn new() -> Self {
        let check = CheckOffer {
            id: "clinic-notes/authorised".to_owned(),
            values: Vec::new(),
            args: vec![("days".to_owned(), ArgShape::Number)],
            message: "{code} is not authorised".to_owned(),
            fix: "ask for it".to_owned(),
        };
        let (name, version) = ("clinic-notes".to_owned(), "1.2.0".to_owned());
        Self([PluginOffer { name, version, checks: vec![check] }])
    }
}

impl PluginChecks for Quiet {
    fn plugins(&self) -> &[PluginOffer] {
        &self.0
    }

    fn check(&self, _: &str, _: &str, _: &str) -> Result<Box<dyn PluginCheck>, String> {
        Ok(Box::new(Silence))
    }
}

struct Silence;

impl PluginCheck for Silence {
    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn judge(&self, _: &Claim) -> Result<Vec<PluginSays>, EditFault> {
        Ok(Vec::new())
    }
}

fn text(path: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/every-key");
    fs::read_to_string(folder.join(path)).unwrap()
}

fn sound_pack() -> MemorySource {
    let tables = TABLES.map(|name| format!("tables/{name}.csv"));
    let tables = tables.into_iter().chain(["claims/one.json".to_owned()]);
    let paths = FILES.iter().map(|(path, _)| (*path).to_owned()).chain(tables);
    paths.fold(MemorySource::new(""), |pack, path| pack.with(&path, &text(&path)))
}

fn load(pack: &MemorySource) -> Result<(), Diagnostics> {
    let base = ["pack.yaml", "life.csv"].iter().fold(MemorySource::new("base"), |base, path| {
        base.with(path, &text(&format!("../every-key-base/{path}")))
    });
    let shelf: [Box<dyn Source>; 1] = [Box::new(base)];
    let quiet = Quiet::new();
    let plugins = PluginSide::Loaded(&quiet);
    let loading = crate::check::Loading { shelf: &shelf, plugins, ..Default::default() };
    loading.load(pack).map(|_| ())
}

/// Every key that the schema knows.
fn known(view: View<'_>, block: &str, names: &mut BTreeSet<Name>) {
    for (kind, view) in view.kinds() {
        // A block that is one of several choices has its own definition.
        let block = view.definition().unwrap_or(block);
        match kind {
            Kind::List => {
                for index in 0..view.length().unwrap_or(1) {
                    view.item(index).into_iter().for_each(|item| visit(item, names));
                }
            }
            Kind::Block => {
                view.any_key().into_iter().for_each(|value| visit(value, names));
                for (key, value) in view.keys() {
                    if names.insert((block.to_owned(), key.to_owned())) {
                        visit(value, names);
                    }
                }
            }
            _ => {}
        }
    }
}

fn visit(view: View<'_>, names: &mut BTreeSet<Name>) {
    known(view, view.definition().unwrap_or_default(), names);
}

/// Where the file uses the keys.
fn uses(
    file: &'static str,
    view: View<'_>,
    block: &str,
    node: &Node,
    found: &mut BTreeMap<Name, Vec<Use>>,
) {
    let inner = |view: View<'_>, node: &Node, found: &mut _| {
        uses(file, view, view.definition().unwrap_or_default(), node, found);
    };
    match &node.shape {
        Shape::List(items) => {
            let view = view.taking(Kind::List).unwrap();
            for (index, item) in items.iter().enumerate() {
                inner(view.item(index).unwrap(), item, found);
            }
        }
        Shape::Map(entries) => {
            let view = view.taking(Kind::Block).unwrap();
            if view.is_open() {
                return;
            }
            let block = view.definition().unwrap_or(block);
            for entry in entries {
                let value = view.key(&entry.key).or_else(|| view.any_key()).unwrap();
                if view.any_key().is_none() {
                    let name = (block.to_owned(), entry.key.clone());
                    found.entry(name).or_default().push(Use {
                        file,
                        key: entry.key_span.clone(),
                        value: entry.value.span.clone(),
                        block: node.span.clone(),
                        required: view.required().any(|key| key == entry.key),
                        takes_block: value.taking(Kind::Block).is_some(),
                        only_key: entries.len() == 1,
                    });
                }
                inner(value, &entry.value, found);
            }
        }
        Shape::Scalar { .. } => {}
    }
}

fn all_uses() -> BTreeMap<Name, Vec<Use>> {
    let mut found = BTreeMap::new();
    for (path, kind) in FILES {
        let file = yaml::read(path.to_owned(), text(path), kind).unwrap();
        uses(path, View::new(kind.keys()), path, &file.tree, &mut found);
    }
    found
}

fn all_keys() -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for (path, kind) in FILES {
        known(View::new(kind.keys()), path, &mut names);
    }
    names
}

#[test]
fn the_pack_that_uses_every_key_is_sound_and_uses_every_key() {
    load(&sound_pack()).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let used: BTreeSet<Name> = all_uses().into_keys().collect();
    let unused: Vec<Name> = all_keys().difference(&used).cloned().collect();
    assert!(unused.is_empty(), "add these to tests/fixtures/every-key: {unused:?}");
}

#[test]
fn every_key_says_what_it_means() {
    for kind in SchemaKind::ALL {
        for help in crate::schema::reference::of(kind) {
            assert!(help.description.ends_with(['.', '`']), "{help:?}");
        }
    }
}

/// The text with a misuse, what must be said, and where.
struct Misuse {
    what: &'static str,
    text: String,
    code: Code,
    place: core::ops::Range<usize>,
}

fn replaced(text: &str, range: core::ops::Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

/// The code of an error about a key that is not known in this block.
fn unknown_key(block: &str) -> Code {
    match block {
        "Condition" | "LineCondition" => Code::UnknownField,
        "CountLines" => Code::WrongOperator,
        block if block.ends_with("Tests") => Code::WrongOperator,
        _ => Code::UnknownKey,
    }
}

fn misuses(text: &str, block: &str, at: &Use) -> Vec<Misuse> {
    let key = &text[at.key.clone()];
    let mut list = Vec::new();
    // One letter is missing, or stands twice where the key has few.
    let misspelt = match key.len() {
        0..6 => format!("{key}{}", &key[key.len() - 1..]),
        length => replaced(key, length / 2..length / 2 + 1, ""),
    };
    list.push(Misuse {
        what: "misspelt",
        text: replaced(text, at.key.clone(), &misspelt),
        code: unknown_key(block),
        place: at.key.start..at.key.start + misspelt.len(),
    });
    let shape = if at.takes_block { "wrong" } else { "{ wrong: shape }" };
    list.push(Misuse {
        what: "of the wrong shape",
        text: replaced(text, at.value.clone(), shape),
        code: Code::WrongType,
        place: at.value.start..at.value.start + shape.len(),
    });
    let entry = &text[at.key.start..at.value.end];
    let line = text[..at.key.start].rfind('\n').map_or(0, |end| end + 1);
    let flow = text[at.block.clone()].starts_with('{');
    let between =
        if flow { ", ".to_owned() } else { format!("\n{}", " ".repeat(at.key.start - line)) };
    let again = at.value.end + between.len();
    list.push(Misuse {
        what: "given twice",
        text: replaced(text, at.value.end..at.value.end, &format!("{between}{entry}")),
        code: Code::DuplicateKey,
        place: again..again + key.len(),
    });
    if at.required {
        let mut whole = at.key.start..at.value.end;
        if flow && text[whole.end..].starts_with(", ") {
            whole.end += 2;
        } else if flow && text[..whole.start].ends_with(", ") {
            whole.start -= 2;
        }
        let instead = if at.only_key && !flow { "{}" } else { "" };
        let removed = replaced(text, whole.clone(), instead);
        let end = at.block.end - whole.len() + instead.len();
        list.push(Misuse {
            what: "left out",
            text: removed,
            code: Code::MissingKey,
            place: at.block.start..end,
        });
    }
    list
}

#[test]
fn every_misuse_of_every_key_is_refused_at_its_place() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for ((block, key), places) in all_uses() {
        for at in places {
            let text = text(at.file);
            for misuse in misuses(&text, &block, &at) {
                tried += 1;
                let pack = sound_pack().with(at.file, &misuse.text);
                let Err(seen) = load(&pack) else {
                    wrong.push(format!("{block}: {key} {}: not refused", misuse.what));
                    continue;
                };
                let inside = |error: &crate::Diagnostic| {
                    error.code == misuse.code
                        && error.file == at.file
                        && misuse.place.start <= error.span.start
                        && error.span.start <= misuse.place.end
                };
                if !matches!(seen.list(), [only] if inside(only)) {
                    wrong.push(format!("{block}: {key} {}:\n{seen}", misuse.what));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} misuses:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 1_100, "only {tried} misuses");
}
