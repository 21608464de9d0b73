//! The functions behind a plugin's table, generic over the plugin. For `export_plugin!` and the test
//! harness only.

#![expect(unsafe_code, reason = "the host calls in with bare pointers")]

use core::cell::Cell;
use core::ffi::c_char;
use core::ptr;

use cleanbill_plugin_abi::{CbCall, CbClaim, CbHost, CbInstance, CbStatus, CbStr, sized, status};

use crate::config::{Config, ConfigError};
use crate::findings::Findings;
use crate::guard::{guard, silence_panics};
use crate::plugin::Plugin;
use crate::view::ClaimView;

pub use cleanbill_plugin_abi::{AbiVersion, CbManifest, CbPlugin};

/// What an instance is behind the pointer that the host holds.
struct Instance<P> {
    plugin: P,
    /// It has panicked, so its state may be broken.
    poisoned: Cell<bool>,
}

/// The table of `P`.
#[must_use]
pub const fn table<P: Plugin>() -> CbPlugin {
    CbPlugin::new(create::<P>, destroy::<P>, check::<P>)
}

/// Answers the entry symbol.
#[must_use]
pub fn entry(table: &'static CbPlugin, host_major: u16, _host_minor: u16) -> *const CbPlugin {
    silence_panics();
    if host_major == AbiVersion::CURRENT.major { table } else { ptr::null() }
}

/// A configuration longer than this is refused unread.
const CONFIG_LIMIT: usize = 8 << 20;

/// # Safety
/// `config` must be as the ABI says, `out` null or valid for writing a pointer, and `err` null or valid for
/// writing `err_cap` bytes.
unsafe extern "C" fn create<P: Plugin>(
    _host: *const CbHost,
    config: CbStr,
    out: *mut *mut CbInstance,
    err: *mut c_char,
    err_cap: usize,
) -> CbStatus {
    guard(status::E_PANIC, || {
        if out.is_null() {
            return status::E_INVALID;
        }
        // SAFETY: the host's text, valid until this function returns.
        let config =
            unsafe { config.bytes(CONFIG_LIMIT) }.and_then(|bytes| str::from_utf8(bytes).ok());
        let made = match config {
            Some(config) => P::configured(Config::new(config)),
            None => Err(ConfigError::new("the configuration is not UTF-8 text")),
        };
        match made {
            Ok(plugin) => {
                let instance = Box::new(Instance { plugin, poisoned: Cell::new(false) });
                // SAFETY: not null, and valid for a write as the ABI says.
                unsafe { out.write(Box::into_raw(instance).cast()) };
                status::OK
            }
            Err(reason) => {
                // SAFETY: promised by the caller.
                unsafe { tell(&reason.to_string(), err, err_cap) };
                status::E_CONFIG
            }
        }
    })
}

/// Writes as much of `words` as fits, ended by a zero byte.
///
/// # Safety
/// `err` must be null or valid for writing `err_cap` bytes.
unsafe fn tell(words: &str, err: *mut c_char, err_cap: usize) {
    let Some(room) = err_cap.checked_sub(1).filter(|_| !err.is_null()) else { return };
    let words = words.get(..words.floor_char_boundary(room)).unwrap_or_default();
    // SAFETY: a text and its zero byte are at most `err_cap` bytes long, and the two do not overlap.
    unsafe {
        ptr::copy_nonoverlapping(words.as_ptr().cast(), err, words.len());
        err.add(words.len()).write(0);
    }
}

/// # Safety
/// `instance` must be null or come from `create::<P>` and be used no more.
unsafe extern "C" fn destroy<P: Plugin>(instance: *mut CbInstance) {
    guard((), || {
        if !instance.is_null() {
            // SAFETY: it comes from `Box::into_raw` in `create::<P>`, and this is its only way back.
            drop(unsafe { Box::from_raw(instance.cast::<Instance<P>>()) });
        }
    });
}

/// # Safety
/// `instance` must be null or come from `create::<P>`, `claim` and `call` null or as the ABI says, and no
/// other call on this instance may run.
unsafe extern "C" fn check<P: Plugin>(
    instance: *mut CbInstance,
    claim: *const CbClaim,
    call: *const CbCall,
) -> CbStatus {
    if instance.is_null() {
        return status::E_INVALID;
    }
    // SAFETY: it comes from `create::<P>`, and the host makes one call at a time on it.
    let instance = unsafe { &*instance.cast::<Instance<P>>() };
    if instance.poisoned.get() {
        return status::E_PANIC;
    }
    // SAFETY: both are the host's, valid until this function returns.
    let (claim, call) = unsafe { (ClaimView::new(claim), sized(call)) };
    let (Some(claim), Some(call)) = (claim, call) else { return status::E_ABI };
    let answer = guard(status::E_PANIC, || {
        // SAFETY: `call` is the host's.
        let mut findings = unsafe { Findings::new(call) };
        instance.plugin.check(claim, &mut findings);
        if findings.stopped() { status::STOP } else { status::OK }
    });
    instance.poisoned.set(answer == status::E_PANIC);
    answer
}
