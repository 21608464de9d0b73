//! YAML rule packs to checked, runnable edits.
//!
//! A pack is a folder: `pack.yaml`, rule files, tables, and a test inside every rule. [`load`] reads it
//! through a [`Source`], checks all of it, and gives either a [`Pack`] whose edits can be registered or
//! [`Diagnostics`] with the place of every mistake. [`Tester`] runs the tests, [`Coverage`] says what they
//! prove, and [`lint`](fn@lint) warns of what is valid and still unlikely to be meant.
//!
//! The crate opens no file and knows no claim format.

mod check;
mod code_set;
mod declare;
mod diagnosis_set;
mod diagnostic;
mod facts;
mod kind;
mod lint;
mod place;
mod predicate;
mod same;
mod shorthand;
mod source;
mod table;
mod template;
mod testing;
mod yaml;

pub use check::{Pack, PackTest, load};
pub use diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
pub use lint::{Level, Lint, LintOptions, Warning, lint};
pub use place::Place;
pub use predicate::PredicateSize;
pub use shorthand::{ClaimSketch, LineSketch, ShorthandError, shorthand};
pub use source::{MemorySource, Source};
pub use testing::{
    ClauseCoverage, Coverage, DecidingFact, Mismatch, MismatchKind, ReadClaim, RuleCoverage, Share,
    TestResult, TestRun, TestStatus, Tester, run_test,
};
