//! YAML text to declared types, with the place of every value kept beside them.
//!
//! Two parsers read the same bytes (ADR 0002): [`tree`] gives positions and refuses the parts of YAML
//! that packs do not take; [`decode`] is the one module that knows serde_yaml and gives the types.

mod decode;
mod tree;

pub(crate) use decode::decode;
pub(crate) use tree::{Entry, Node, Shape, parse};
