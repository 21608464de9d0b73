//! Value sets, parameters and tables of a whole stack: one name means one thing.

use core::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::resolved::Setting;
use super::stack::{Layer, Stack};
use crate::check::Cx;
use crate::declare::{ParamDecl, SetDecl, SetOverrideDecl};
use crate::diagnostic::{Code, Diagnostics, suggest};
use crate::plugin::{PluginSide, PluginUse};
use crate::predicate::PredicateSize;
use crate::table::{Table, TablesFrom};
use crate::yaml::{Node, Shape};

/// What the rules of a stack can name.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) sets: BTreeMap<String, Node>,
    pub(crate) params: BTreeMap<String, Node>,
    pub(crate) tables: BTreeMap<String, Table>,
    /// What could not be made: `tables.mue`, or all of `value_sets`, `params`, `tables`, `facts`.
    pub(crate) spoiled: BTreeSet<String>,
    /// Tables whose rows are not at hand: what is to be imported.
    pub(crate) missing: BTreeMap<String, String>,
    /// Tables that are imported, whether their rows are at hand or not.
    pub(crate) imported: BTreeMap<String, String>,
    /// Tables without a sample: the file and the place where they are declared.
    pub(crate) unsampled: BTreeMap<String, (String, Node)>,
    /// Tables that were asked for since this was last taken.
    pub(crate) asked: RefCell<BTreeSet<String>>,
    /// Tables that the facts look into.
    pub(crate) asked_by_facts: BTreeSet<String>,
    /// Who said what of each, the last one in force: `$name`, `table name`.
    pub(crate) settings: BTreeMap<String, Vec<Setting>>,
    /// Sizes of the conditions of all rules that were checked.
    pub(crate) sizes: RefCell<Vec<PredicateSize>>,
    /// Checks of plugins that rules use.
    pub(crate) plugin_uses: RefCell<Vec<PluginUse>>,
}

impl Names {
    /// Collects the names from the lowest layer up.
    pub(crate) fn build(
        stack: &Stack<'_>,
        from: TablesFrom<'_>,
        diagnostics: &RefCell<Diagnostics>,
    ) -> Self {
        let mut names = Self::default();
        for layer in &stack.layers {
            let blocks = ["value_sets", "params", "tables", "facts"].into_iter();
            let spoiled = blocks.filter(|key| layer.file.is_spoiled(key));
            names.spoiled.extend(spoiled.map(str::to_owned));
            // Without a block the whole file would stand for it.
            let has = |key| layer.file.yaml.tree.entry(key).is_some();
            if has("value_sets") {
                names.add_sets(layer, diagnostics);
            }
            if has("params") {
                names.add_params(layer, diagnostics);
            }
            if has("tables") {
                names.add_tables(stack, layer, from, diagnostics);
            }
        }
        names
    }

    /// What a check in `file` needs at hand, but for the facts.
    pub(crate) fn cx<'a>(&'a self, file: &'a str, diagnostics: &'a RefCell<Diagnostics>) -> Cx<'a> {
        Cx {
            file,
            sets: &self.sets,
            params: &self.params,
            tables: &self.tables,
            extremity: None,
            plugins: PluginSide::None,
            spoiled: &self.spoiled,
            missing: &self.missing,
            asked: &self.asked,
            asked_by_facts: &self.asked_by_facts,
            diagnostics,
            sizes: &self.sizes,
            plugin_uses: &self.plugin_uses,
        }
    }

    fn add_sets(&mut self, layer: &Layer<'_>, diagnostics: &RefCell<Diagnostics>) {
        let block = layer.file.yaml.tree.get("value_sets").far(layer.file.number);
        for (name, decl) in &layer.decl.value_sets {
            let (shown, at) = (format!("${name}"), block.get(name));
            let overrides = matches!(decl, SetDecl::Override(_));
            let help = format!(
                "rename it, or write `{name}: {{ override: […] }}` or `{name}: {{ add: […] }}` to change it for all rules"
            );
            if !self.may_stand(layer, diagnostics, &block, (name, &shown), overrides, &help) {
                continue;
            }
            let set = match decl {
                SetDecl::Own => at.clone(),
                SetDecl::Override(decl) => {
                    let own = layer.file.yaml.tree.get("value_sets").get(name);
                    let parts = [own, own.get("override"), own.get("add"), own.get("remove")];
                    if parts.into_iter().any(|part| layer.file.yaml.is_spoiled(part)) {
                        continue;
                    }
                    let cx = self.cx(&layer.file.yaml.shown, diagnostics);
                    let Some(before) = self.sets.get(name) else { continue };
                    let Some(set) = changed_set(&cx, at, decl, before) else { continue };
                    set
                }
            };
            self.note(layer, diagnostics, shown, at, set.inline());
            self.sets.insert(name.clone(), set);
        }
    }

    fn add_params(&mut self, layer: &Layer<'_>, diagnostics: &RefCell<Diagnostics>) {
        let block = layer.file.yaml.tree.get("params").far(layer.file.number);
        for (name, decl) in &layer.decl.params {
            let (shown, at) = (format!("${name}"), block.get(name));
            let overrides = *decl == ParamDecl::Override;
            let help = format!(
                "rename it, or write `{name}: {{ override: VALUE }}` to change it for all rules"
            );
            if !self.may_stand(layer, diagnostics, &block, (name, &shown), overrides, &help) {
                continue;
            }
            let value = if overrides { at.get("override") } else { at };
            let own = layer.file.yaml.tree.get("params").get(name);
            if [own, own.get("override")].into_iter().any(|own| layer.file.yaml.is_spoiled(own)) {
                self.spoiled.insert("params".to_owned());
                continue;
            }
            self.note(layer, diagnostics, shown, value, value.inline());
            self.params.insert(name.clone(), value.clone());
        }
    }

    /// Whether `layer` may say what `name` is: it is new, or known and openly overridden.
    pub(super) fn may_stand(
        &self,
        layer: &Layer<'_>,
        diagnostics: &RefCell<Diagnostics>,
        block: &Node,
        (name, shown): (&str, &str),
        overrides: bool,
        help: &str,
    ) -> bool {
        let cx = self.cx(&layer.file.yaml.shown, diagnostics);
        let before = self.settings.get(shown).and_then(|settings| settings.last());
        match before {
            Some(before) if !overrides => {
                let message = format!("`{name}` is defined already, in {}", before.place);
                cx.error(Code::NameClash, &block.key_span(name), message, help.to_owned());
                false
            }
            None if overrides => {
                let message = format!("there is no `{name}` to override in a pack below");
                let help = suggest(shown, self.settings.keys().map(String::as_str));
                cx.error(Code::UnknownOverridden, &block.key_span(name), message, help);
                false
            }
            _ => true,
        }
    }

    pub(super) fn note(
        &mut self,
        layer: &Layer<'_>,
        diagnostics: &RefCell<Diagnostics>,
        shown: String,
        at: &Node,
        value: String,
    ) {
        let place = diagnostics.borrow().file_line(&layer.file.yaml.shown, &at.span);
        let setting = Setting::new(value, place, layer.pack());
        self.settings.entry(shown).or_default().push(setting);
    }
}

/// What `{ override: … }` or `{ add: …, remove: … }` makes of a set.
fn changed_set(cx: &Cx<'_>, at: &Node, decl: &SetOverrideDecl, before: &Node) -> Option<Node> {
    let changes = !decl.add.is_empty() || !decl.remove.is_empty();
    match (&decl.whole, changes) {
        (Some(_), false) => Some(at.get("override").clone()),
        (None, true) => Some(with_items(cx, before, at, ("add", "remove"), at)),
        _ => {
            cx.error(
                Code::BadOverride,
                &at.span,
                "it does not say what becomes of the list".to_owned(),
                "give `override`, or `add` or `remove` or both".to_owned(),
            );
            None
        }
    }
}

/// The list `before` with the items under one key of `change` added, and those under another removed.
pub(super) fn with_items(
    cx: &Cx<'_>,
    before: &Node,
    change: &Node,
    (add, remove): (&str, &str),
    at: &Node,
) -> Node {
    let list = |key| change.entry(key).map_or(&[][..], |entry| entry.value.items());
    let mut items = before.items().to_vec();
    for gone in list(remove) {
        let count = items.len();
        items.retain(|item| item.scalar() != gone.scalar());
        if items.len() == count {
            cx.error(
                Code::BadOverride,
                &gone.span,
                format!("`{}` is not in the list, so it cannot be removed", gone.inline()),
                suggest(&gone.inline(), before.items().iter().filter_map(Node::scalar)),
            );
        }
    }
    for new in list(add) {
        if !items.iter().any(|item| item.scalar() == new.scalar()) {
            items.push(new.clone());
        }
    }
    Node { span: at.span.clone(), shape: Shape::List(items) }
}
