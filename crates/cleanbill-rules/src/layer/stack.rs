//! `extends`: a pack and all packs below it, in an order in which each stands after those it builds on.

use core::cell::RefCell;
use std::rc::Rc;

use semver::{Version, VersionReq};

use crate::check::{File, Files};
use crate::declare::PackDecl;
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::recorded::{Held, RecordedPack, Recorder};
use crate::schema::SchemaKind;
use crate::source::Source;
use crate::yaml::{self, Node};

/// The format that this version reads.
const SCHEMA: &str = "cleanbill/pack/v1";

/// One pack of a stack, read and decoded.
pub(crate) struct Layer<'a> {
    source: Recorder<'a>,
    /// Its `pack.yaml`.
    pub(crate) file: Rc<File>,
    pub(crate) decl: PackDecl,
    /// Places in the stack of the packs that it extends itself.
    pub(crate) bases: Vec<usize>,
}

/// A pack, last, above all packs that it builds on.
pub(crate) struct Stack<'a> {
    pub(crate) layers: Vec<Layer<'a>>,
    shelf: &'a [Box<dyn Source>],
    diagnostics: &'a RefCell<Diagnostics>,
    keeps_files: bool,
}

impl Layer<'_> {
    pub(crate) fn source(&self) -> &dyn Source {
        &self.source
    }

    /// Name and version: `cpt-93970@1.0.0`.
    pub(crate) fn pack(&self) -> String {
        format!("{}@{}", self.decl.name, self.decl.version)
    }
}

impl<'a> Stack<'a> {
    /// Reads `source` and every pack below it; bases are looked for on the shelf, then beside the pack.
    pub(crate) fn build(
        source: &'a dyn Source,
        shelf: &'a [Box<dyn Source>],
        diagnostics: &'a RefCell<Diagnostics>,
        keeps_files: bool,
    ) -> Option<Self> {
        let mut stack = Self { layers: Vec::new(), shelf, diagnostics, keeps_files };
        stack.climb(Held::Lent(source), &mut Vec::new())?;
        Some(stack)
    }

    /// The files of every pack, the top last.
    pub(crate) fn into_recorded(self) -> Vec<RecordedPack> {
        let recorded = self.layers.into_iter().map(|layer| RecordedPack {
            name: layer.decl.name,
            version: layer.decl.version,
            files: layer.source.into_files(),
        });
        recorded.collect()
    }

    /// Reader of the files of a layer.
    pub(crate) fn files<'b>(&'b self, layer: &'b Layer<'_>) -> Files<'b> {
        Files { source: layer.source(), diagnostics: self.diagnostics }
    }

    /// Shows the cells of tables that mistakes are about.
    pub(crate) fn show_cells(&self) {
        for layer in &self.layers {
            for table in layer.decl.tables.values() {
                if let Some(path) = table.rows() {
                    self.files(layer).show_cells(path);
                }
            }
        }
    }

    /// The layers that are `below` or build on it, directly or not.
    pub(crate) fn from(&self, below: usize) -> impl Iterator<Item = &Layer<'a>> {
        let mut above = vec![below];
        for (index, layer) in self.layers.iter().enumerate() {
            if layer.bases.iter().any(|base| above.contains(base)) {
                above.push(index);
            }
        }
        above.into_iter().filter_map(|index| self.layers.get(index))
    }

    /// Reads `pack.yaml` of `source` and nothing below it.
    pub(crate) fn alone(
        source: &'a dyn Source,
        diagnostics: &'a RefCell<Diagnostics>,
    ) -> Option<Self> {
        let mut stack = Self { layers: Vec::new(), shelf: &[], diagnostics, keeps_files: false };
        let layer = stack.layer(Held::Lent(source))?;
        stack.layers.push(layer);
        Some(stack)
    }

    /// Reads one pack after those that it extends; `way` holds the names from the top to here.
    fn climb(&mut self, source: Held<'a>, way: &mut Vec<String>) -> Option<usize> {
        let mut layer = self.layer(source)?;
        way.push(layer.decl.name.clone());
        for index in 0..layer.decl.extends.len() {
            layer.bases.push(self.base(&layer, index, way)?);
        }
        way.pop();
        self.layers.push(layer);
        Some(self.layers.len() - 1)
    }

    /// One pack by itself.
    fn layer(&self, source: Held<'a>) -> Option<Layer<'a>> {
        let source = Recorder::new(source, self.keeps_files);
        let files = Files { source: &source, diagnostics: self.diagnostics };
        let file = files.yaml(SchemaKind::Pack, "pack.yaml", None)?;
        let decl: PackDecl = files.decode(&file, &file.yaml.tree)?;
        if decl.schema != SCHEMA {
            files.error(
                Code::UnknownWord,
                &file.yaml.shown,
                file.yaml.tree.get("schema"),
                format!("`{}` is not a pack format that this version reads", decl.schema),
                &suggest(&decl.schema, [SCHEMA]),
            );
        }
        // Which packs lie below is not known: whatever is missing from here on may come from them.
        let changes_rules = file.yaml.tree.entry("overrides").is_some();
        let spoiled = file.is_spoiled("extends");
        if spoiled && (changes_rules || file.yaml.tree.entry("extends").is_some()) {
            return None;
        }
        Some(Layer { source, file: Rc::new(file), decl, bases: Vec::new() })
    }

    /// The pack that `layer` names at `index` of its `extends`.
    fn base(&mut self, layer: &Layer<'a>, index: usize, way: &mut Vec<String>) -> Option<usize> {
        let decl = layer.decl.extends.get(index)?;
        let at = layer.file.yaml.tree.get("extends").item(index).clone();
        let error = |code, key: &str, message: String, help: &str| {
            let files = Files { source: layer.source(), diagnostics: self.diagnostics };
            files.error(code, &layer.file.yaml.shown, at.get(key), message, help);
        };
        if way.contains(&decl.pack) {
            let circle = format!("`{}` -> `{}`", way.join("` -> `"), decl.pack);
            let message = format!("the packs extend each other in a circle: {circle}");
            error(Code::BaseCycle, "pack", message, "remove one of the `extends`");
            return None;
        }
        let known = self.layers.iter().position(|other| other.decl.name == decl.pack);
        let place = match known {
            Some(place) => place,
            None => {
                let Some(source) = self.find(&decl.pack, layer.source()) else {
                    let names: Vec<String> =
                        self.shelf.iter().filter_map(|s| name_of(&**s)).collect();
                    let near = suggest(&decl.pack, names.iter().map(String::as_str));
                    let message = format!("the pack `{}` is not at hand", decl.pack);
                    error(
                        Code::UnknownBase,
                        "pack",
                        message,
                        &format!(
                            "{near}; a pack can also be named with `--packs`, or lie in a folder of its name beside this pack"
                        ),
                    );
                    return None;
                };
                self.climb(source, way)?
            }
        };
        let found = &self.layers.get(place)?.decl.version;
        let wrong = match (VersionReq::parse(&decl.version), Version::parse(found)) {
            (Ok(wanted), Ok(version)) if wanted.matches(&version) => return Some(place),
            (Ok(_), Ok(_)) => {
                format!(
                    "`{}` is at version {found}, and `{}` is asked for",
                    decl.pack, decl.version
                )
            }
            (Err(_), _) => format!("`{}` does not say which versions will do", decl.version),
            (_, Err(_)) => {
                format!("`{}` is at `{found}`, which cannot be compared with a version", decl.pack)
            }
        };
        error(
            Code::BaseVersion,
            "version",
            wrong,
            "versions are three numbers such as 1.0.0 or 2026.1.0; ask for them with `^1.0` or `>=2026.1, <2027`",
        );
        None
    }

    fn find(&self, name: &str, pack: &dyn Source) -> Option<Held<'a>> {
        let named = |source: &dyn Source| name_of(source).as_deref() == Some(name);
        match self.shelf.iter().find(|source| named(source.as_ref())) {
            Some(source) => Some(Held::Lent(source.as_ref())),
            None => pack.beside(name).filter(|found| named(found.as_ref())).map(Held::Found),
        }
    }
}

/// The name that a pack gives itself; mistakes in it are told when it is loaded.
fn name_of(source: &dyn Source) -> Option<String> {
    if yaml::too_large("", source.size("pack.yaml")).is_some() {
        return None;
    }
    let text = source.read("pack.yaml").ok()?;
    let tree: Node = yaml::parse("", text.trim_start_matches('\u{feff}')).ok()?;
    tree.get("name").scalar().map(str::to_owned)
}
