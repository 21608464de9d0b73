//! A pack from its files: read, decoded, checked, ready to run and to test.

use core::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use cleanbill_engine::Edit;
use cleanbill_model::Disposition;

use super::context::{Cx, ValueSet};
use super::rule::{Applies, PackScope};
use crate::declare::{PackDecl, RuleDecl, RuleFileDecl, TestDecl};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, suggest};
use crate::facts::ExtremityFacts;
use crate::kind;
use crate::lines::LineStarts;
use crate::page::RuleText;
use crate::source::Source;
use crate::table::Table;
use crate::testing;
use crate::yaml::{self, Node, Shape};

/// The format that this version reads.
const SCHEMA: &str = "cleanbill/pack/v1";

/// A checked pack.
pub struct Pack {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// One line in its author's words.
    pub title: String,
    /// Number of table rows that its rules look into.
    pub table_rows: usize,
    /// Its rules, ready to run, in the order of its files.
    pub edits: Vec<Box<dyn Edit>>,
    /// The tests inside its rules.
    pub tests: Vec<PackTest>,
    /// What its rules say of themselves, for their pages; in the order of `edits`.
    pub(crate) texts: Vec<RuleText>,
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
    pub(crate) body: testing::Body,
}

/// Reads and checks the pack that `source` hands out.
///
/// # Errors
/// All mistakes found, at most [`Diagnostics::LIMIT`], each with its place.
pub fn load(source: &dyn Source) -> Result<Pack, Diagnostics> {
    let loader = Loader { source, diagnostics: RefCell::default() };
    let pack = loader.pack();
    let diagnostics = loader.diagnostics.into_inner();
    match pack {
        Some(pack) if diagnostics.is_empty() => Ok(pack),
        _ => Err(diagnostics),
    }
}

/// The paths of the YAML files of the pack that `source` hands out: `pack.yaml` and what it includes.
///
/// # Errors
/// The mistakes of `pack.yaml`.
pub fn files(source: &dyn Source) -> Result<Vec<String>, Diagnostics> {
    let loader = Loader { source, diagnostics: RefCell::default() };
    let found = loader.files();
    let diagnostics = loader.diagnostics.into_inner();
    match found {
        Some(files) if diagnostics.is_empty() => Ok(files),
        _ => Err(diagnostics),
    }
}

struct Loader<'a> {
    source: &'a dyn Source,
    diagnostics: RefCell<Diagnostics>,
}

/// A YAML file of the pack: as people see its path, its text, its tree.
struct File {
    shown: String,
    text: String,
    tree: Node,
    lines: LineStarts,
}

impl Loader<'_> {
    fn shown(&self, path: &str) -> String {
        match self.source.label() {
            "" => path.to_owned(),
            label => format!("{}/{path}", label.trim_end_matches('/')),
        }
    }

    fn push(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    fn read(&self, path: &str, named: Option<(&str, &Node)>) -> Option<(String, String)> {
        let shown = self.shown(path);
        match self.source.read(path) {
            Ok(text) => {
                self.diagnostics.borrow_mut().add_file(&shown, &text);
                Some((shown, text))
            }
            Err(reason) => {
                let (file, span) =
                    named.map_or((shown.as_str(), 0..0), |(f, node)| (f, node.span.clone()));
                self.push(Diagnostic {
                    code: Code::UnknownFile,
                    message: format!("`{path}` cannot be read: {reason}"),
                    file: file.to_owned(),
                    span,
                    label: String::new(),
                    help: "a pack is a folder with a `pack.yaml`; paths inside it are relative to that folder".to_owned(),
                });
                None
            }
        }
    }

    fn yaml(&self, path: &str, named: Option<(&str, &Node)>) -> Option<File> {
        let (shown, text) = self.read(path, named)?;
        match yaml::parse(&shown, &text) {
            Ok(tree) => Some(File { lines: LineStarts::new(&text), shown, text, tree }),
            Err(diagnostic) => {
                self.push(diagnostic);
                None
            }
        }
    }

    fn decode<T: serde::de::DeserializeOwned>(&self, file: &File, node: &Node) -> Option<T> {
        yaml::decode(&file.shown, &file.text, node).map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    fn pack(&self) -> Option<Pack> {
        let file = self.yaml("pack.yaml", None)?;
        let decl: PackDecl = self.decode(&file, &file.tree)?;
        let sets = decl
            .value_sets
            .iter()
            .map(|(name, items)| {
                let node = file.tree.get("value_sets").get(name).clone();
                (name.clone(), ValueSet { items: items.clone(), node })
            })
            .collect();
        let none = BTreeMap::new();
        let bare = Cx {
            file: &file.shown,
            pack_file: &file.shown,
            sets: &sets,
            tables: &none,
            extremity: None,
            diagnostics: &self.diagnostics,
        };
        if decl.schema != SCHEMA {
            bare.error(
                Code::UnknownWord,
                &file.tree.get("schema").span,
                format!("`{}` is not a pack format that this version reads", decl.schema),
                suggest(&decl.schema, [SCHEMA]),
            );
        }
        let tables = self.tables(&bare, &file, &decl);
        let with_tables = Cx { tables: &tables, ..bare };
        let extremity =
            ExtremityFacts::check(&with_tables, file.tree.get("facts"), &decl.facts).map(Arc::new);
        let cx = Cx { extremity: extremity.as_ref(), ..with_tables };
        let mut pack = Pack {
            name: decl.name.clone(),
            version: decl.version.clone(),
            title: decl.title.clone(),
            table_rows: tables.values().map(|table| table.rows.len()).sum(),
            edits: Vec::new(),
            tests: Vec::new(),
            texts: Vec::new(),
        };
        let scope = Scope {
            pack: format!("{}@{}", decl.name, decl.version),
            applies: Applies::check(&cx, file.tree.get("applies_to"), decl.applies_to.as_ref()),
            decl: &decl,
            file: &file,
        };
        if !decl.rules.is_empty() {
            self.rules(&cx, &scope, &file, "pack.yaml", &mut pack);
        }
        for path in self.included(&cx, &file, &decl) {
            let Some(rule_file) = self.yaml(&path, Some((&file.shown, file.tree.get("include"))))
            else {
                continue;
            };
            if self
                .decode::<RuleFileDecl>(&rule_file, &rule_file.tree)
                .is_some_and(|decl| !decl.rules.is_empty())
            {
                let cx = Cx { file: &rule_file.shown, ..cx };
                self.rules(&cx, &scope, &rule_file, &path, &mut pack);
            }
        }
        if pack.edits.is_empty() && self.diagnostics.borrow().is_empty() {
            cx.error(
                Code::NoRules,
                &file.tree.span,
                "the pack has no rule".to_owned(),
                "add `rules:` here or name rule files under `include:`".to_owned(),
            );
        }
        self.unique_ids(&cx, &pack);
        Some(pack)
    }

    fn files(&self) -> Option<Vec<String>> {
        let file = self.yaml("pack.yaml", None)?;
        let decl: PackDecl = self.decode(&file, &file.tree)?;
        let (sets, tables) = (BTreeMap::new(), BTreeMap::new());
        let cx = Cx {
            file: &file.shown,
            pack_file: &file.shown,
            sets: &sets,
            tables: &tables,
            extremity: None,
            diagnostics: &self.diagnostics,
        };
        let included = self.included(&cx, &file, &decl);
        Some(core::iter::once("pack.yaml".to_owned()).chain(included).collect())
    }

    fn tables(&self, cx: &Cx<'_>, file: &File, decl: &PackDecl) -> BTreeMap<String, Table> {
        let mut tables = BTreeMap::new();
        for (name, table) in &decl.tables {
            let at = file.tree.get("tables").get(name);
            let Some((shown, text)) = self.read(&table.file, Some((&file.shown, at.get("file"))))
            else {
                continue;
            };
            if let Some(read) = Table::read(cx, at, table, &shown, &text) {
                tables.insert(name.clone(), read);
            }
        }
        tables
    }

    /// The files under `include`; `folder/*.yaml` takes all of a folder, sorted.
    fn included(&self, cx: &Cx<'_>, file: &File, decl: &PackDecl) -> Vec<String> {
        let mut paths = Vec::new();
        for (index, pattern) in decl.include.iter().enumerate() {
            match pattern.split_once("/*") {
                Some((folder, ending)) => {
                    let found = self.source.list(folder, ending);
                    if found.is_empty() {
                        let span = &file.tree.get("include").item(index).span;
                        cx.error(
                            Code::UnknownFile,
                            span,
                            format!("no file of the pack matches `{pattern}`"),
                            String::new(),
                        );
                    }
                    paths.extend(found);
                }
                None => paths.push(pattern.clone()),
            }
        }
        paths
    }

    fn rules(&self, cx: &Cx<'_>, scope: &Scope<'_>, file: &File, path: &str, pack: &mut Pack) {
        let list = file.tree.get("rules");
        let Shape::List(items) = &list.shape else { return };
        for node in items {
            let Some(rule) = self.decode::<RuleDecl>(file, node) else { continue };
            let line = file.lines.line(node.span.start);
            let base = PackScope {
                pack: &scope.pack,
                applies: &scope.applies,
                effective: cx
                    .period(scope.file.tree.get("effective"), scope.decl.effective.as_ref()),
                disposition: scope.default(
                    cx,
                    "disposition",
                    scope.decl.defaults.disposition.as_ref(),
                    Disposition::LineDenial,
                ),
                on_unknown: scope.default(
                    cx,
                    "on_unknown",
                    scope.decl.defaults.on_unknown.as_ref(),
                    Disposition::Suspend,
                ),
                owner: scope.decl.owner.as_deref(),
                place: format!("{path}:{line}"),
            };
            let clauses = kind::clauses(&rule);
            if let Some(edit) = kind::check(cx, node, &rule, base) {
                pack.edits.push(edit);
                let scopes = [scope.decl.applies_to.as_ref(), rule.applies_to.as_ref()];
                pack.texts.push(RuleText::new(&rule, scopes, &file.text, node, cx.sets));
            }
            for (index, test) in rule.tests.iter().enumerate() {
                let at = node.get("tests").item(index);
                pack.tests.extend(self.test(cx, file, &rule, at, test, clauses));
            }
        }
    }

    fn test(
        &self,
        cx: &Cx<'_>,
        file: &File,
        rule: &RuleDecl,
        at: &Node,
        test: &TestDecl,
        clauses: &[&'static str],
    ) -> Option<PackTest> {
        let body = testing::Body::check(cx, at, test, clauses)?;
        Some(PackTest {
            rule: rule.id.clone(),
            name: test.name.clone(),
            place: format!("{}:{}", file.shown, file.lines.line(at.span.start)),
            covers: test.covers.clone(),
            body,
        })
    }

    fn unique_ids(&self, cx: &Cx<'_>, pack: &Pack) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for info in pack.edits.iter().flat_map(|edit| edit.infos()) {
            let place = match &info.origin {
                cleanbill_model::Origin::Pack { place, .. } => place.as_str(),
                cleanbill_model::Origin::Plugin { plugin } => plugin.as_str(),
            };
            if let Some(first) = seen.insert(&info.id, place) {
                cx.error(
                    Code::DuplicateId,
                    &(0..0),
                    format!("two rules have the id `{}`: {first} and {place}", info.id),
                    "rename one of them".to_owned(),
                );
            }
        }
    }
}

struct Scope<'a> {
    pack: String,
    applies: Applies,
    decl: &'a PackDecl,
    file: &'a File,
}

impl Scope<'_> {
    fn default(
        &self,
        cx: &Cx<'_>,
        key: &str,
        text: Option<&String>,
        otherwise: Disposition,
    ) -> Disposition {
        super::rule::disposition_of(cx, self.file.tree.get("defaults"), key, text, otherwise)
    }
}
