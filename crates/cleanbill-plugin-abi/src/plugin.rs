//! The two exported symbols and the table of functions behind them.

use core::ffi::c_char;

use crate::claim::CbClaim;
use crate::finding::CbCall;
use crate::size::size_u32;
use crate::text::CbStr;
use crate::version::{AbiVersion, CbStatus};

/// Symbol of the [`AbiVersionFn`]. It never changes, whatever the version.
pub const VERSION_SYMBOL: &str = "cleanbill_plugin_abi_version";

/// Symbol of the [`EntryFn`] of major version 1. A library may export the entries of several majors.
pub const ENTRY_SYMBOL: &str = "cleanbill_plugin_entry_v1";

/// Gives the version of the ABI that the library was built for: [`AbiVersion::packed`].
pub type AbiVersionFn = unsafe extern "C" fn() -> u32;

/// Gives the plugin's table, the same one each time and valid for as long as the library is loaded, or
/// null when the plugin cannot serve a host of this version.
pub type EntryFn = unsafe extern "C" fn(host_major: u16, host_minor: u16) -> *const CbPlugin;

/// What the plugin may know of its host.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbHost {
    /// Size of this struct as the host knows it.
    pub struct_size: u32,
    /// The host's version.
    pub abi_major: u16,
    /// The host's version.
    pub abi_minor: u16,
}

impl CbHost {
    /// A host of this version.
    pub const CURRENT: Self = Self {
        struct_size: size_u32::<Self>(),
        abi_major: AbiVersion::CURRENT.major,
        abi_minor: AbiVersion::CURRENT.minor,
    };
}

/// An instance of a plugin; only the plugin knows what is in it.
#[repr(C)]
#[derive(Debug)]
pub struct CbInstance {
    _opaque: [u8; 0],
}

/// Makes an instance and puts it into `out`. `config` is a JSON object: the `args` of the pack's rule that
/// uses a check of the plugin, else `{}`. On failure the plugin
/// may write a message of at most `err_cap` bytes, ended by a zero byte, to `err`.
pub type CreateFn = unsafe extern "C" fn(
    host: *const CbHost,
    config: CbStr,
    out: *mut *mut CbInstance,
    err: *mut c_char,
    err_cap: usize,
) -> CbStatus;

/// Takes back an instance that `create` made. Null is allowed.
pub type DestroyFn = unsafe extern "C" fn(instance: *mut CbInstance);

/// Judges one claim. It depends on nothing but the claim and the configuration. Not called at once from
/// two threads on one instance, but instances may be on many threads and move between calls.
pub type CheckFn = unsafe extern "C" fn(
    instance: *mut CbInstance,
    claim: *const CbClaim,
    call: *const CbCall,
) -> CbStatus;

/// The table of a plugin. A missing function is a null pointer, and refused.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbPlugin {
    /// Size of this struct as the plugin knows it.
    pub struct_size: u32,
    /// Version that the plugin was built for.
    pub abi_major: u16,
    /// Version that the plugin was built for.
    pub abi_minor: u16,
    /// The manifest: JSON that says who the plugin is and which rules it brings.
    pub manifest: CbStr,
    /// Makes an instance.
    pub create: Option<CreateFn>,
    /// Takes an instance back.
    pub destroy: Option<DestroyFn>,
    /// Judges a claim.
    pub check: Option<CheckFn>,
}

impl CbPlugin {
    /// A table of this version.
    #[must_use]
    pub const fn new(
        manifest: &'static str,
        create: CreateFn,
        destroy: DestroyFn,
        check: CheckFn,
    ) -> Self {
        Self {
            struct_size: size_u32::<Self>(),
            abi_major: AbiVersion::CURRENT.major,
            abi_minor: AbiVersion::CURRENT.minor,
            manifest: CbStr::new(manifest),
            create: Some(create),
            destroy: Some(destroy),
            check: Some(check),
        }
    }
}

#[expect(unsafe_code, reason = "a plugin keeps its table in a static")]
// SAFETY: a table is never written once it is made, its functions may be called from any thread, and
// its manifest is valid for as long as the library is loaded.
unsafe impl Sync for CbPlugin {}
