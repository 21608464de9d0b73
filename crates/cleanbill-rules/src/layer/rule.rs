//! A rule as declared, before any override and any check.

use std::rc::Rc;

use crate::check::File;
use crate::yaml::Node;

/// A rule as it stands in its file.
pub(crate) struct Declared {
    pub(crate) id: String,
    /// Place of its pack in the stack.
    pub(crate) layer: usize,
    pub(crate) file: Rc<File>,
    pub(crate) node: Node,
    /// File within its pack and line.
    pub(crate) place: String,
    /// File as people see it, and line.
    pub(crate) shown_place: String,
    pub(crate) is_final: bool,
}
