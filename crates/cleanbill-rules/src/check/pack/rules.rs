//! The rules of a stack: found in their files, changed by overrides, checked, with their tests.

use core::cell::RefCell;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use cleanbill_model::ServiceDate;

use super::scope::Scope;
use super::{File, Files, NotRun, Pack, PackTest};
use crate::check::{Cx, Outline};
use crate::declare::{RuleDecl, RuleFileDecl, TestDecl};
use crate::diagnostic::{Code, Diagnostics};
use crate::facts::ExtremityFacts;
use crate::kind;
use crate::layer::{
    Declared, Layer, Names, Override, PhaseEdit, Stack, declared_overrides, in_phases, patched,
    phases, plugin_settings, resolve, with_params,
};
use crate::page::RuleText;
use crate::plugin::PluginSide;
use crate::schema::SchemaKind;
use crate::testing;
use crate::yaml::{self, Node};

/// Everything that the rules of a stack are checked with.
pub(super) struct Rules<'a> {
    pub(super) stack: &'a Stack<'a>,
    pub(super) names: &'a Names,
    pub(super) facts: &'a BTreeMap<usize, Arc<ExtremityFacts>>,
    pub(super) as_of: Option<ServiceDate>,
    pub(super) plugins: PluginSide<'a>,
    pub(super) diagnostics: &'a RefCell<Diagnostics>,
}

impl Rules<'_> {
    /// Checks every rule of the stack and puts edits, tests and provenance into `pack`. Gives whether
    /// the ids of all rules are known.
    pub(super) fn check(&self, pack: &mut Pack) -> bool {
        let (rules, mut whole) = self.declared(&mut pack.outline);
        whole &= rules.iter().all(|rule| !rule.id.is_empty());
        self.unique_ids(&rules);
        let overrides =
            declared_overrides(self.stack, self.names, &rules, self.plugins, self.diagnostics);
        pack.plugin_settings =
            plugin_settings(self.stack, self.names, &rules, self.plugins, self.diagnostics);
        for rule in &rules {
            let changes: Vec<&Override> =
                overrides.iter().filter(|change| change.decl.rule == rule.id).collect();
            self.rule(rule, &changes, pack);
        }
        whole
    }

    /// The rules of all files, those of packs below first, and whether none had to be passed over.
    fn declared(&self, outline: &mut Outline) -> (Vec<Declared>, bool) {
        let (mut rules, mut whole) = (Vec::new(), true);
        for (index, layer) in self.stack.layers.iter().enumerate() {
            whole &= !layer.file.is_spoiled("rules") && !layer.file.is_spoiled("include");
            outline.read(&layer.file.yaml.tree);
            if !layer.decl.rules.is_empty() {
                self.add_rules((index, layer), "pack.yaml", &layer.file, &mut rules);
            }
            for path in self.included(layer) {
                let files = self.stack.files(layer);
                let named = (layer.file.yaml.shown.as_str(), layer.file.yaml.tree.get("include"));
                let Some(file) = files.yaml(SchemaKind::RuleFile, &path, Some(named)) else {
                    whole = false;
                    continue;
                };
                whole &= !file.is_spoiled("rules");
                let decl: Option<RuleFileDecl> = files.decode(&file, &file.yaml.tree);
                outline.read(&file.yaml.tree);
                if decl.is_some_and(|decl| !decl.rules.is_empty()) {
                    self.add_rules((index, layer), &path, &Rc::new(file), &mut rules);
                }
            }
        }
        (rules, whole)
    }

    fn add_rules(
        &self,
        (layer, pack): (usize, &Layer<'_>),
        path: &str,
        file: &Rc<File>,
        rules: &mut Vec<Declared>,
    ) {
        let files = self.stack.files(pack);
        for (index, node) in file.yaml.tree.get("rules").items().iter().enumerate() {
            // A rule with mistakes still has a name, so that overrides and waivers of it are not wrong too.
            let (filled, decl) = self.filled(&files, file, node);
            let Some(id) = node.get("id").scalar() else { continue };
            rules.push(Declared {
                id: id.to_owned(),
                layer,
                file: Rc::clone(file),
                index,
                filled,
                decl: decl.map(Rc::new),
                place: format!("{path}:{}", file.lines.line(node.span.start)),
                shown_place: files.place(file, node),
            });
        }
    }

    /// A rule of `file` with the values of its parameters, if it names any, and as declared.
    fn filled(
        &self,
        files: &Files<'_>,
        file: &File,
        node: &Node,
    ) -> (Option<Node>, Option<RuleDecl>) {
        let cx = self.names.cx(&file.yaml.shown, self.diagnostics);
        match with_params(&cx, node) {
            None => (None, None),
            Some(Cow::Borrowed(node)) => (None, files.decode(file, node)),
            Some(Cow::Owned(node)) => match files.decode_patched(&cx, file, node) {
                Some((node, decl)) => (Some(node), Some(decl)),
                None => (None, None),
            },
        }
    }

    /// See [`included_of`].
    fn included(&self, layer: &Layer<'_>) -> Vec<String> {
        included_of(self.stack, layer)
    }

    fn unique_ids(&self, rules: &[Declared]) {
        let mut seen: BTreeMap<&str, &Declared> = BTreeMap::new();
        for rule in rules {
            let Some(first) = seen.insert(&rule.id, rule) else { continue };
            let message = format!(
                "two rules have the id `{}`: {} and {}",
                rule.id, first.shown_place, rule.shown_place
            );
            let help = if first.layer == rule.layer {
                "rename one of them"
            } else {
                "rename it, or change the rule of the pack below under `overrides`"
            };
            let cx = self.names.cx(&rule.file.yaml.shown, self.diagnostics);
            cx.error(Code::DuplicateId, &rule.node().get("id").span, message, help.to_owned());
        }
    }

    fn rule(&self, rule: &Declared, changes: &[&Override], pack: &mut Pack) {
        let cx = Cx {
            extremity: self.facts.get(&rule.layer),
            plugins: self.plugins,
            ..self.names.cx(&rule.file.yaml.shown, self.diagnostics)
        };
        pack.rules.push(resolve(&cx, self.stack, self.names, rule, changes, self.as_of));
        let scope = Scope::of(self.stack, self.names, rule.layer, self.diagnostics);
        self.names.asked.take();
        let (mut edits, mut is_on, mut has_tests) = (Vec::new(), false, false);
        let mut clauses: &[&'static str] = &[];
        for phase in phases(changes, self.as_of) {
            let Some(decl) = self.decl(&cx, rule, &phase.overrides) else { return };
            let disabled = phase.overrides.iter().any(|change| change.decl.disable);
            let (node, decl) = decl;
            is_on |= !disabled;
            clauses = kind::clauses(&decl);
            let plugins = match self.plugins {
                // A rule that is disabled needs no plugin.
                PluginSide::None if disabled => PluginSide::LeftOut,
                plugins => plugins,
            };
            let cx = Cx { plugins, ..cx };
            let edit = kind::check(&cx, &node, &decl, scope.lend(&rule.place));
            if edit.is_none() && !disabled && decl.plugin_check.is_some() {
                let left_out = (rule.id.clone(), cx.place(&rule.node().span));
                pack.left_out.extend((!pack.left_out.contains(&left_out)).then_some(left_out));
            }
            let is_own = rule.layer + 1 == self.stack.layers.len();
            if let Some(edit) = edit.as_ref().filter(|_| is_own && phase.through.is_none()) {
                pack.outline.rule(&cx, &node, &decl, edit.as_ref());
            }
            edits.push(PhaseEdit { through: phase.through, edit: edit.filter(|_| !disabled) });
            if phase.through.is_none() && is_own {
                has_tests |= !decl.tests.is_empty();
                self.tests(&cx, rule, &node, &decl.tests, clauses, pack);
            }
        }
        for change in changes.iter().filter(|change| change.layer + 1 == self.stack.layers.len()) {
            has_tests |= !change.decl.tests.is_empty();
            self.tests(&cx, rule, &change.node, &change.decl.tests, clauses, pack);
        }
        let asked = self.names.asked.take();
        if has_tests {
            self.are_sampled(&asked);
        }
        self.are_whole(&cx, &asked);
        let imported = asked.iter().filter_map(|name| self.names.imported.get(name));
        pack.imported.extend(imported.map(|table| (rule.id.clone(), table.clone())));
        let missing = asked.iter().filter_map(|name| self.names.missing.get(name)).cloned();
        let not_run = missing.map(|table| NotRun { rule: rule.id.clone(), table });
        let not_run: Vec<NotRun> = not_run.filter(|_| is_on).collect();
        if !not_run.is_empty() {
            pack.not_run.extend(not_run);
            return;
        }
        let Some(edit) = in_phases(edits) else { return };
        pack.edits.push(edit);
        pack.texts.extend(self.text_of(rule, changes, &cx));
    }

    /// What a damaged table lacks would look as if it had never been there.
    fn are_whole(&self, cx: &Cx<'_>, asked: &BTreeSet<String>) {
        let tables = asked.iter().filter_map(|name| self.names.tables.get(name));
        for table in tables.filter(|table| table.compiled.is_damaged()) {
            let file = table.name.as_str();
            let message = "the imported table is damaged".to_owned();
            cx.cell_error(
                file,
                0,
                message,
                "`cleanbill tables verify` tells more; import it again",
            );
        }
    }

    /// A rule with tests needs a sample of each imported table, since tests read no other.
    fn are_sampled(&self, asked: &BTreeSet<String>) {
        for (file, at) in asked.iter().filter_map(|name| self.names.unsampled.get(name)) {
            self.names.cx(file, self.diagnostics).error(
                Code::MissingKey,
                &at.span,
                "a rule with tests reads this table, and tests read no imported table".to_owned(),
                "add `sample: tables/….csv` with the rows that the tests are about".to_owned(),
            );
        }
    }

    /// The rule with `changes` in it, as a tree and as declared.
    fn decl<'b>(
        &self,
        cx: &Cx<'_>,
        rule: &'b Declared,
        changes: &[&Override],
    ) -> Option<(Cow<'b, Node>, Rc<RuleDecl>)> {
        let Some((first, others)) = changes.split_first() else {
            return Some((Cow::Borrowed(rule.node()), Rc::clone(rule.decl.as_ref()?)));
        };
        let node = patched(cx, rule.node(), first);
        let node = others.iter().fold(node, |node, change| patched(cx, &node, change));
        let files = self.stack.files(self.stack.layers.get(rule.layer)?);
        let node = with_params(cx, &node)?.into_owned();
        let (node, decl) = files.decode_patched(cx, &rule.file, node)?;
        Some((Cow::Owned(node), Rc::new(decl)))
    }

    /// The tests under `at`, a rule or an override.
    fn tests(
        &self,
        cx: &Cx<'_>,
        rule: &Declared,
        at: &Node,
        tests: &[TestDecl],
        clauses: &[&'static str],
        pack: &mut Pack,
    ) {
        for (index, test) in tests.iter().enumerate() {
            let at = at.get("tests").item(index);
            if tests.iter().take(index).any(|other| other.name == test.name) {
                cx.error(
                    Code::DuplicateTest,
                    &at.get("name").span,
                    format!("rule `{}` has two tests named `{}`", rule.id, test.name),
                    "rename one of them".to_owned(),
                );
            }
            let read = |path: &str, at: &Node| self.text(rule, path, at);
            let Some(body) = testing::Body::check(cx, at, test, clauses, &read) else { continue };
            pack.tests.push(PackTest {
                rule: rule.id.clone(),
                name: test.name.clone(),
                place: self.diagnostics.borrow().file_line(&rule.file.yaml.shown, &at.span),
                covers: test.covers.clone(),
                todo: test.todo,
                body,
            });
        }
    }

    /// What the rule says of itself, with all `changes` in it.
    fn text_of(&self, rule: &Declared, changes: &[&Override], cx: &Cx<'_>) -> Option<RuleText> {
        let (node, decl) = self.decl(cx, rule, changes)?;
        let layers = self.stack.from(rule.layer).map(|layer| layer.decl.applies_to.as_ref());
        let scopes: Vec<_> = layers.chain([decl.applies_to.as_ref()]).collect();
        if changes.is_empty() {
            let text = &rule.file.yaml.text;
            return Some(RuleText::new(cx, &decl, &scopes, text, &node));
        }
        let text = node.yaml();
        let node = yaml::parse(&rule.file.yaml.shown, &text).ok()?;
        Some(RuleText::new(cx, &decl, &scopes, &text, &node))
    }

    /// A file of the pack that brings `rule`, named at `at`.
    fn text(&self, rule: &Declared, path: &str, at: &Node) -> Option<String> {
        let files = self.stack.files(self.stack.layers.get(rule.layer)?);
        files.read(path, Some((&rule.file.yaml.shown, at))).map(|(_, text, _)| text)
    }
}

/// The files that the last pack of a stack includes.
pub(super) fn included(stack: &Stack<'_>) -> Vec<String> {
    stack.layers.last().map(|layer| included_of(stack, layer)).unwrap_or_default()
}

/// The files under `include`; `folder/*.yaml` takes all of a folder, sorted.
fn included_of(stack: &Stack<'_>, layer: &Layer<'_>) -> Vec<String> {
    let mut paths = Vec::new();
    for (index, pattern) in layer.decl.include.iter().enumerate() {
        match pattern.split_once("/*") {
            Some((folder, ending)) => {
                let found = layer.source().list(folder, ending);
                if found.is_empty() {
                    let at = layer.file.yaml.tree.get("include").item(index);
                    stack.files(layer).error(
                        Code::UnknownFile,
                        &layer.file.yaml.shown,
                        at,
                        format!("no file of the pack matches `{pattern}`"),
                        "",
                    );
                }
                paths.extend(found);
            }
            None => paths.push(pattern.clone()),
        }
    }
    paths
}
