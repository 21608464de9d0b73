//! What the packs around a rule give to it.

use core::cell::RefCell;

use cleanbill_model::{Disposition, Period};

use crate::check::rule::{Applies, PackScope, disposition_of};
use crate::diagnostic::Diagnostics;
use crate::layer::{Layer, Names, Stack};

/// What the packs around a rule give to it: defaults and owner are its own pack's, and every pack that
/// extends its pack may narrow its claims and dates.
pub(super) struct Scope {
    pack: String,
    applies: Vec<Applies>,
    effective: Period,
    disposition: Disposition,
    on_unknown: Disposition,
    owner: Option<String>,
}

impl Scope {
    /// The scope of the rules of the layer `index`.
    pub(super) fn of(
        stack: &Stack<'_>,
        names: &Names,
        index: usize,
        diagnostics: &RefCell<Diagnostics>,
    ) -> Self {
        let mut scope = Self {
            pack: String::new(),
            applies: Vec::new(),
            effective: Period::ALWAYS,
            disposition: Disposition::LineDenial,
            on_unknown: Disposition::Suspend,
            owner: None,
        };
        for layer in stack.from(index) {
            let cx = names.cx(&layer.file.yaml.shown, diagnostics);
            let (tree, decl) = (&layer.file.yaml.tree, &layer.decl);
            let at = tree.get("applies_to");
            scope.applies.push(Applies::check(&cx, at, decl.applies_to.as_ref()));
            let effective = cx.period(tree.get("effective"), decl.effective.as_ref());
            scope.effective = scope.effective.narrowed(effective);
        }
        if let Some(layer) = stack.layers.get(index) {
            let cx = names.cx(&layer.file.yaml.shown, diagnostics);
            let at = layer.file.yaml.tree.get("defaults");
            let defaults = &layer.decl.defaults;
            let default = |key, text: Option<&String>, otherwise| {
                disposition_of(&cx, at, key, text, otherwise)
            };
            scope.disposition =
                default("disposition", defaults.disposition.as_ref(), scope.disposition);
            scope.on_unknown =
                default("on_unknown", defaults.on_unknown.as_ref(), scope.on_unknown);
            scope.owner.clone_from(&layer.decl.owner);
        }
        // A rule that other packs take over acts under the names of all of them.
        let packs: Vec<String> = stack.from(index).map(Layer::pack).collect();
        scope.pack = packs.join("+");
        scope
    }

    /// The scope of the rule that stands at `place`.
    pub(super) fn lend(&self, place: &str) -> PackScope<'_> {
        PackScope {
            pack: &self.pack,
            applies: &self.applies,
            effective: self.effective,
            disposition: self.disposition,
            on_unknown: self.on_unknown,
            owner: self.owner.as_deref(),
            place: place.to_owned(),
        }
    }
}
