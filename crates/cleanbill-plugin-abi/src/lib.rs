//! The C ABI between cleanbill and a payer plugin, version 1.
//!
//! A plugin is a shared library with a manifest in a section of its own ([`CbManifest`]), which tells who it
//! is, its version of the ABI and its rules without running any of its code, and with one exported function,
//! [`ENTRY_SYMBOL`], which gives the plugin's [`CbPlugin`] table.
//!
//! The rules that keep both sides apart:
//! - No allocation crosses. What the host hands over is borrowed and valid until the call returns; what
//!   a plugin hands over goes through [`CbCall::emit`], which copies it before it returns.
//! - No floats, booleans, enums or C strings: integers of a fixed size, and [`CbStr`].
//! - Every struct that may grow begins with its size as its producer knows it, and an array of such
//!   structs comes with the distance from one element to the next. A minor version only appends fields.
//! - A panic or exception never crosses: the guard belongs into the plugin ([`status::E_PANIC`]).
//! - A claim is shown without names, member ids, addresses and account numbers; of what is left, a plugin sees
//!   the fields that its lock entry grants ([`field`]).
//!
//! `include/cleanbill_plugin.h` is the same for authors who write C, made from this crate; `layout/v1.0.json` has
//! the sizes and offsets that never change, which tests hold against both.

#![no_std]

mod claim;
mod finding;
mod manifest;
mod plugin;
mod read;
mod size;
mod text;
mod version;

pub mod field;

pub use claim::{CbClaim, CbLine, basis, form};
pub use finding::{CbCall, CbFinding, CbKv, EmitFn, PollFn, severity};
pub use manifest::{
    CbManifest, CbManifestHeader, MANIFEST_LIMIT, MANIFEST_MAGIC, MANIFEST_SECTION,
    MANIFEST_SECTION_MACHO, MANIFEST_SECTION_PE, MANIFEST_SYMBOL,
};
pub use plugin::{
    CbHost, CbInstance, CbPlugin, CheckFn, CreateFn, DestroyFn, ENTRY_SYMBOL, EntryFn,
    HostExtensionFn, LogFn, PluginExtensionFn,
};
pub use read::{array, sized, strided};
pub use text::CbStr;
pub use version::{ABI_MAJOR, ABI_MINOR, AbiVersion, CbStatus, status};
