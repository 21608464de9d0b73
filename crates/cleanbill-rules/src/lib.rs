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
mod format;
mod kind;
mod lines;
mod page;
mod same;
mod scaffold;
mod shorthand;
mod source;
mod table;
mod template;
mod testing;
mod yaml;

pub use check::{Pack, PackTest, files, load};
pub use diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
pub use format::{FormatError, format};
pub use page::{Page, PageFormat, disposition_words, pages};
pub use scaffold::{
    KindSketch, NewRule, PackAnswers, RuleAnswers, ScaffoldError, ScaffoldFile, kind_sketches,
    scaffold_pack, scaffold_rule,
};
pub use shorthand::{ClaimSketch, LineSketch, ShorthandError};
pub use source::{MemorySource, Source};
pub use testing::{TestResult, run_test};
