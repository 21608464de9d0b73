//! The exported entry and the table of functions behind it.

use core::ffi::{c_char, c_void};
use core::ptr;

use crate::claim::CbClaim;
use crate::finding::{CbCall, CbKv};
use crate::size::size_u32;
use crate::text::CbStr;
use crate::version::{AbiVersion, CbStatus};

/// Symbol of the [`EntryFn`] of major version 1. A library may export the entries of several majors.
pub const ENTRY_SYMBOL: &str = "cleanbill_plugin_entry_v1";

/// Gives the plugin's table, the same one each time and valid for as long as the library is loaded, or
/// null when the plugin cannot serve a host of this version.
pub type EntryFn = unsafe extern "C" fn(host_major: u16, host_minor: u16) -> *const CbPlugin;

/// Takes a note for the log: an event of the plugin's, and values that the manifest declares for it. Values
/// that are not declared, and texts that may be of a claim, are not written.
pub type LogFn = unsafe extern "C" fn(
    ctx: *mut c_void,
    level: i32,
    event: CbStr,
    values: *const CbKv,
    n_values: usize,
);

/// Gives the extension of that id, `cleanbill.refdata/1`, or null when this side does not have it. Ids of
/// extensions are never used for anything else.
pub type HostExtensionFn = unsafe extern "C" fn(ctx: *mut c_void, id: CbStr) -> *const c_void;

/// The same, of the plugin.
pub type PluginExtensionFn = unsafe extern "C" fn(id: CbStr) -> *const c_void;

/// What the plugin may know and use of its host while an instance lives.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbHost {
    /// Size of this struct as the host knows it.
    pub struct_size: u32,
    /// The host's version.
    pub abi_major: u16,
    /// The host's version.
    pub abi_minor: u16,
    /// To be handed to the functions.
    pub ctx: *mut c_void,
    /// Takes a note for the log; null when the host keeps none.
    pub log: Option<LogFn>,
    /// Gives an extension; null when the host has none.
    pub extension: Option<HostExtensionFn>,
}

impl CbHost {
    /// A host of this version without log and extensions.
    pub const PLAIN: Self = Self {
        struct_size: size_u32::<Self>(),
        abi_major: AbiVersion::CURRENT.major,
        abi_minor: AbiVersion::CURRENT.minor,
        ctx: ptr::null_mut(),
        log: None,
        extension: None,
    };
}

/// An instance of a plugin; only the plugin knows what is in it.
#[repr(C)]
#[derive(Debug)]
pub struct CbInstance {
    _opaque: [u8; 0],
}

/// Makes an instance and puts it into `out`. `host` is valid for as long as the instance lives. `config` is a
/// JSON object: the `args` of the pack's rule that uses a check of the plugin, else `{}`. On failure the
/// plugin may write a message of at most `err_cap` bytes, ended by a zero byte, to `err`.
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
    /// Makes an instance.
    pub create: Option<CreateFn>,
    /// Takes an instance back.
    pub destroy: Option<DestroyFn>,
    /// Judges a claim.
    pub check: Option<CheckFn>,
    /// Gives an extension; may be null.
    pub extension: Option<PluginExtensionFn>,
}

impl CbPlugin {
    /// A table of this version.
    #[must_use]
    pub const fn new(create: CreateFn, destroy: DestroyFn, check: CheckFn) -> Self {
        Self {
            struct_size: size_u32::<Self>(),
            abi_major: AbiVersion::CURRENT.major,
            abi_minor: AbiVersion::CURRENT.minor,
            create: Some(create),
            destroy: Some(destroy),
            check: Some(check),
            extension: None,
        }
    }
}
