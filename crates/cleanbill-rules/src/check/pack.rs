//! A pack from its files: read, decoded, checked, ready to run and to test.

use core::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleanbill_engine::Edit;
use cleanbill_model::{Disposition, Period};

use super::context::{Cx, ValueSet};
use super::rule::{Applies, PackScope};
use crate::declare::{PackDecl, RuleDecl, RuleFileDecl, TestDecl};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, suggest};
use crate::facts::ExtremityFacts;
use crate::kind;
use crate::schema::SchemaKind;
use crate::source::Source;
use crate::table::Table;
use crate::testing;
use crate::yaml::{self, Node, Shape, Yaml};

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
    let loader = Loader { source, ids: RefCell::default(), diagnostics: RefCell::default() };
    let pack = loader.pack();
    let mut diagnostics = loader.diagnostics.into_inner();
    diagnostics.sort();
    match pack {
        Some(pack) if diagnostics.is_empty() => Ok(pack),
        _ => Err(diagnostics),
    }
}

struct Loader<'a> {
    source: &'a dyn Source,
    /// Where the rule of each id stands.
    ids: RefCell<BTreeMap<String, String>>,
    diagnostics: RefCell<Diagnostics>,
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
                // Some editors of Windows put a mark before the first character.
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
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

    fn yaml(&self, kind: SchemaKind, path: &str, named: Option<(&str, &Node)>) -> Option<Yaml> {
        let (shown, text) = self.read(path, named)?;
        let file = yaml::read(shown, text, kind).map_err(|error| self.push(error)).ok()?;
        for mistake in &file.mistakes {
            self.push(mistake.clone());
        }
        self.diagnostics.borrow_mut().hush(file.quiet.clone());
        Some(file)
    }

    fn decode<T: serde::de::DeserializeOwned>(&self, file: &Yaml, node: &Node) -> Option<T> {
        file.decode(node).map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// What the pack names but could not be made, so that no rule complains about it again.
    fn spoiled(&self, file: &Yaml) -> BTreeSet<String> {
        let named = ["value_sets", "tables", "facts"];
        named
            .into_iter()
            .filter(|key| match file.tree.entry(key) {
                Some(entry) => file.is_spoiled(&entry.value),
                None => file.strange,
            })
            .map(str::to_owned)
            .collect()
    }

    fn pack(&self) -> Option<Pack> {
        let file = self.yaml(SchemaKind::Pack, "pack.yaml", None)?;
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
        let spoiled = self.spoiled(&file);
        let bare = Cx {
            file: &file.shown,
            pack_file: &file.shown,
            sets: &sets,
            tables: &none,
            extremity: None,
            spoiled: &spoiled,
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
        let unread = decl.tables.keys().filter(|name| !tables.contains_key(*name));
        let mut spoiled: BTreeSet<String> =
            spoiled.iter().cloned().chain(unread.map(|name| format!("tables.{name}"))).collect();
        let with_tables = Cx { tables: &tables, spoiled: &spoiled, ..bare };
        let extremity =
            ExtremityFacts::check(&with_tables, file.tree.get("facts"), &decl.facts).map(Arc::new);
        if decl.facts.extremity.is_some() && extremity.is_none() {
            spoiled.insert("facts".to_owned());
        }
        let cx = Cx { extremity: extremity.as_ref(), tables: &tables, spoiled: &spoiled, ..bare };
        let mut pack = Pack {
            name: decl.name.clone(),
            version: decl.version.clone(),
            title: decl.title.clone(),
            table_rows: tables.values().map(|table| table.rows.len()).sum(),
            edits: Vec::new(),
            tests: Vec::new(),
        };
        let default = |key, text, otherwise| {
            super::rule::disposition_of(&cx, file.tree.get("defaults"), key, text, otherwise)
        };
        let scope = Scope {
            pack: format!("{}@{}", decl.name, decl.version),
            applies: Applies::check(&cx, file.tree.get("applies_to"), decl.applies_to.as_ref()),
            effective: cx.period(file.tree.get("effective"), decl.effective.as_ref()),
            disposition: default(
                "disposition",
                decl.defaults.disposition.as_ref(),
                Disposition::LineDenial,
            ),
            on_unknown: default(
                "on_unknown",
                decl.defaults.on_unknown.as_ref(),
                Disposition::Suspend,
            ),
            owner: decl.owner.as_deref(),
        };
        if !decl.rules.is_empty() {
            self.rules(&cx, &scope, &file, "pack.yaml", &mut pack);
        }
        for path in self.included(&cx, &file, &decl) {
            let named = Some((file.shown.as_str(), file.tree.get("include")));
            let Some(rule_file) = self.yaml(SchemaKind::RuleFile, &path, named) else {
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
        Some(pack)
    }

    fn tables(&self, cx: &Cx<'_>, file: &Yaml, decl: &PackDecl) -> BTreeMap<String, Table> {
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
    fn included(&self, cx: &Cx<'_>, file: &Yaml, decl: &PackDecl) -> Vec<String> {
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

    fn rules(&self, cx: &Cx<'_>, scope: &Scope<'_>, file: &Yaml, path: &str, pack: &mut Pack) {
        let list = file.tree.get("rules");
        let Shape::List(items) = &list.shape else { return };
        for node in items {
            let Some(rule) = self.decode::<RuleDecl>(file, node) else { continue };
            let place = format!("{path}:{}", position(&file.text, node.span.start));
            self.unique_id(cx, node, &rule, &place);
            let base = PackScope {
                pack: &scope.pack,
                applies: &scope.applies,
                effective: scope.effective,
                disposition: scope.disposition,
                on_unknown: scope.on_unknown,
                owner: scope.owner,
                place,
            };
            let clauses = kind::clauses(&rule);
            if let Some(edit) = kind::check(cx, node, &rule, base) {
                pack.edits.push(edit);
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
        file: &Yaml,
        rule: &RuleDecl,
        at: &Node,
        test: &TestDecl,
        clauses: &[&'static str],
    ) -> Option<PackTest> {
        let body = testing::Body::check(cx, at, test, clauses)?;
        Some(PackTest {
            rule: rule.id.clone(),
            name: test.name.clone(),
            place: format!("{}:{}", file.shown, position(&file.text, at.span.start)),
            covers: test.covers.clone(),
            body,
        })
    }

    /// Ids are unique in a pack; `place` is where `rule` stands.
    fn unique_id(&self, cx: &Cx<'_>, at: &Node, rule: &RuleDecl, place: &str) {
        let mut ids = self.ids.borrow_mut();
        if let Some(first) = ids.get(&rule.id) {
            cx.error(
                Code::DuplicateId,
                &at.get("id").span,
                format!("two rules have the id `{}`: {first} and {place}", rule.id),
                "rename one of them".to_owned(),
            );
        } else {
            ids.insert(rule.id.clone(), place.to_owned());
        }
    }
}

/// What the pack gives to its rules, checked once and in its own file.
struct Scope<'a> {
    pack: String,
    applies: Applies,
    effective: Period,
    disposition: Disposition,
    on_unknown: Disposition,
    owner: Option<&'a str>,
}

fn position(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(0, |before| before.bytes().filter(|byte| *byte == b'\n').count()) + 1
}
