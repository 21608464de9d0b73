//! Loads payer plugins and registers their rules as edits.
//!
//! A plugin is a shared library behind the C ABI of `cleanbill-plugin-abi`. Before any of its code runs,
//! [`TrustedLibrary::check`] looks at the file without running it: where it is and who may change it, whether
//! `plugins.lock` has its very bytes, who signed them, what they tell of themselves and which fields of claims
//! it may read. Only what passed is ever loaded, out of a copy that nobody can change.
//!
//! A plugin runs in a process of its own ([`serve_if_asked`]), closed off from files, the network and other
//! processes where the system can do that; a supervisor survives whatever becomes of it, and finds the claim
//! that it does not survive. In this process it runs only when lock and caller both allow it. What a plugin
//! *says* is never trusted: every finding is checked against the plugin's manifest and the claim, its words come from
//! the manifest's templates, and one answer that is not valid makes the claim a fault.
//!
//! A library is never searched for and never unloaded.

mod alone;
mod answer;
mod arg;
mod check;
mod config;
mod digest;
mod doctor;
mod edit;
mod error;
mod evidence;
mod info;
mod inspect;
mod instance;
mod library;
mod loaded;
mod lock;
mod manifest;
mod no_answer;
mod not_evaluated;
mod pack_check;
mod path;
mod refusal;
mod runner;
mod supervisor;
mod template;
mod trust;
mod view;
mod wire;
mod worker;

pub use alone::{CheckAlone, LaidOut};
pub use check::{Example, ExpectedFinding};
pub use cleanbill_plugin_abi::AbiVersion;
pub use config::ConfigKind;
pub use digest::Digest;
pub use doctor::{Feature, features, others_can_write};
pub use error::PluginError;
pub use info::PluginInfo;
pub use inspect::{Aspect, Examined, examine};
pub use loaded::{LoadOptions, LoadedPlugin, load};
pub use lock::{
    Isolation, LockEntry, NeededEntry, PLUGINS_LOCK, PluginLock, PluginLockError, Policy, Signer,
    TARGET,
};
pub use not_evaluated::NOT_EVALUATED;
pub use pack_check::{CheckOffer, PackCheck, Said};
pub use path::expand;
pub use refusal::{Refusal, Step};
pub use supervisor::{Breaker, WorkerOptions, WorkerProgram};
/// A day as a lock has it.
pub use toml_edit::Datetime as LockDate;
pub use trust::{Approval, Candidate, TrustedLibrary};
pub use worker::serve_if_asked;
