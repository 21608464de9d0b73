//! YAML rule packs to checked, runnable edits.
//!
//! A pack is a folder: `pack.yaml`, rule files, tables, and a test inside every rule. [`load`] reads it
//! through a [`Source`], checks all of it, and gives either a [`Pack`] whose edits can be registered or
//! [`Diagnostics`] with the place of every mistake. [`run_test`] runs the tests.
//!
//! The crate opens no file and knows no claim format.

mod check;
mod declare;
mod diagnostic;
mod facts;
mod kind;
mod same;
mod schema;
mod shorthand;
mod source;
mod table;
mod template;
mod testing;
mod yaml;

pub use check::{Pack, PackTest, load};
pub use diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
pub use schema::{
    KeyHelp, SchemaKind, json_schema, key_help, key_names, nearest_key, reference_page,
};
pub use shorthand::{ClaimSketch, LineSketch, ShorthandError};
pub use source::{MemorySource, Source};
pub use testing::{TestResult, run_test};
