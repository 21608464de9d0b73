//! Loads payer plugins and registers their rules as edits.
//!
//! A plugin is a shared library behind the C ABI of `cleanbill-plugin-abi`. Today it runs in this
//! process, so [`load`] is for plugins that are trusted as much as the program itself: a crash of theirs
//! is a crash of the run. What a plugin *says* is never trusted: every finding is checked against the
//! plugin's manifest and the claim, its words come from the manifest's templates, and one answer that is
//! not valid makes the claim a fault.
//!
//! A library is loaded by its full path only, is never searched for and never unloaded.

mod answer;
mod arg;
mod check;
mod config;
mod digest;
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
mod pack_check;
mod path;
mod refusal;
mod template;
mod trust;
mod view;

pub use check::{Example, ExpectedFinding};
pub use cleanbill_plugin_abi::AbiVersion;
pub use config::ConfigKind;
pub use digest::Digest;
pub use error::PluginError;
pub use info::PluginInfo;
pub use loaded::{LoadedPlugin, load};
pub use lock::{
    Isolation, LockEntry, NeededEntry, PLUGINS_LOCK, PluginLock, PluginLockError, Policy, Signer,
    TARGET,
};
pub use pack_check::{CheckOffer, PackCheck, Said};
pub use path::expand;
pub use refusal::{Refusal, Step};
pub use trust::{Approval, Candidate, TrustedLibrary};
