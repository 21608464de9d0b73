//! The C ABI between cleanbill and a payer plugin, version 1.
//!
//! A plugin is a shared library that exports [`VERSION_SYMBOL`] and [`ENTRY_SYMBOL`]. The host reads
//! the version first, so that a library of another version is refused by name and number even when
//! nothing else of it can be understood; then it asks the entry for the plugin's [`CbPlugin`] table.
//!
//! The rules that keep both sides apart:
//! - No allocation crosses. What the host hands over is borrowed and valid until the call returns; what
//!   a plugin hands over goes through [`CbCall::emit`], which copies it before it returns.
//! - No floats, booleans, enums or C strings: integers of a fixed size, and [`CbStr`].
//! - Every struct that may grow begins with its size as its producer knows it, and an array of such
//!   structs comes with the distance from one element to the next. A minor version only appends fields.
//! - A panic or exception never crosses: the guard belongs into the plugin ([`status::E_PANIC`]).
//! - A claim is shown without names, member ids, birth dates, addresses and account numbers.
//!
//! `include/cleanbill_plugin.h` is the same for authors who write C; tests compare the two.

#![no_std]

mod claim;
mod finding;
mod plugin;
mod read;
mod size;
mod text;
mod version;

pub use claim::{CbClaim, CbLine, basis, form};
pub use finding::{CbCall, CbFinding, CbKv, EmitFn, severity};
pub use plugin::{
    AbiVersionFn, CbHost, CbInstance, CbPlugin, CheckFn, CreateFn, DestroyFn, ENTRY_SYMBOL,
    EntryFn, VERSION_SYMBOL,
};
pub use read::{array, sized, strided};
pub use text::CbStr;
pub use version::{AbiVersion, CbStatus, status};
