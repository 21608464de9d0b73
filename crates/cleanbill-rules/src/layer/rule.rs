//! A rule as declared, before any override and any check.

use std::rc::Rc;

use crate::check::File;
use crate::declare::RuleDecl;
use crate::yaml::Node;

/// A rule as it stands in its file.
pub(crate) struct Declared {
    pub(crate) id: String,
    /// Place of its pack in the stack.
    pub(crate) layer: usize,
    pub(crate) file: Rc<File>,
    /// Place among the rules of its file.
    pub(crate) index: usize,
    /// With the values of its parameters, if it names any.
    pub(crate) filled: Option<Node>,
    /// Itself decoded; none when it has mistakes that were told.
    pub(crate) decl: Option<Rc<RuleDecl>>,
    /// File within its pack and line.
    pub(crate) place: String,
    /// File as people see it, and line.
    pub(crate) shown_place: String,
}

impl Declared {
    /// The rule in the tree of its file.
    pub(crate) fn written(&self) -> &Node {
        self.file.yaml.tree.get("rules").item(self.index)
    }

    /// The rule with the values of its parameters.
    pub(crate) fn node(&self) -> &Node {
        self.filled.as_ref().unwrap_or_else(|| self.written())
    }

    /// Whether no pack above may change it.
    pub(crate) fn is_final(&self) -> bool {
        self.decl.as_ref().is_some_and(|decl| decl.r#final)
    }
}
