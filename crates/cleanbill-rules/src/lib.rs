//! YAML rule packs to checked, runnable edits.
//!
//! A pack is a folder: `pack.yaml`, rule files, tables, and a test inside every rule. [`load`] reads it
//! through a [`Source`], checks all of it, and gives either a [`Pack`] whose edits can be registered or
//! [`Diagnostics`] with the place of every mistake. [`Tester`] runs the tests, [`Coverage`] says what they
//! prove, and [`lint`](fn@lint) warns of what is valid and still unlikely to be meant.
//!
//! The crate opens no file and knows no claim format.

mod archive;
mod check;
mod code_set;
mod declare;
mod diagnosis_set;
mod diagnostic;
mod facts;
mod far;
mod fingerprint;
mod format;
mod kind;
mod layer;
mod lines;
mod lint;
mod lock;
mod page;
mod place;
mod plugin;
mod predicate;
mod recorded;
mod same;
mod scaffold;
mod schema;
mod shorthand;
mod signature;
mod source;
mod table;
mod template;
mod testing;
mod waiver;
mod yaml;

pub use archive::{ArchiveError, MAX_ARCHIVE_BYTES, build_archive, open_archive, pack_digest};
pub use check::{Loading, NotRun, Pack, PackTest, files, load};
pub use diagnostic::{Code, Diagnostic, Diagnostics, SourceFile};
pub use fingerprint::{PackChanges, PackFingerprint, RuleChange, TableChange, compare_packs};
pub use format::{FormatError, format};
pub use layer::{ResolvedField, ResolvedRule, Setting};
pub use lint::{Level, Lint, LintOptions, Warning, lint};
pub use lock::{LockError, PackLock};
pub use page::{Page, PageFormat, disposition_words, pages};
pub use place::Place;
pub use plugin::{
    ArgShape, CheckOffer, PluginCheck, PluginChecks, PluginOffer, PluginSays, PluginSetting,
    PluginSide, PluginUse,
};
pub use predicate::PredicateSize;
pub use recorded::RecordedPack;
pub use scaffold::{
    KindSketch, NewRule, PackAnswers, RuleAnswers, ScaffoldError, ScaffoldFile, kind_sketches,
    scaffold_pack, scaffold_rule,
};
pub use schema::{
    KeyHelp, SchemaKind, json_schema, key_help, key_names, nearest_key, reference_page,
};
pub use shorthand::{ClaimSketch, LineSketch, ShorthandError, shorthand};
pub use signature::{PackSignature, PackSignatureError, pack_identity, signature_comment};
pub use source::{MemorySource, Source};
pub use table::{ImportedTables, TablesFrom};
pub use testing::{
    ClauseCoverage, Coverage, DecidingFact, Mismatch, MismatchKind, ReadClaim, RuleCoverage, Share,
    TestResult, TestRun, TestStatus, TestSurroundings, Tester, run_test,
};
pub use waiver::{NewWaiver, Waiver, append_waivers, waive};
pub use yaml::settings;
