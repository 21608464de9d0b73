//! The check of a plugin alone, on views laid out beforehand and with a host that only counts: what the host's
//! own part of a claim is measured against.

#![expect(unsafe_code, reason = "instances live behind the plugin's function pointers")]

use std::ffi::c_void;

use cleanbill_model::Claim;
use cleanbill_plugin_abi::field::FieldSet;
use cleanbill_plugin_abi::{CbCall, CbClaim, CbFinding, CbStatus, status};

use crate::instance::Instance;
use crate::view::ViewMemory;

/// An instance of a plugin in this process whose check is called and not judged. For measurements alone.
#[derive(Debug)]
pub struct CheckAlone {
    instance: Instance,
    granted: FieldSet,
    memories: Vec<ViewMemory>,
}

/// Claims that are laid out for a check.
#[derive(Debug)]
pub struct LaidOut<'a> {
    instance: &'a mut Instance,
    views: Vec<CbClaim>,
}

impl CheckAlone {
    pub(crate) const fn new(instance: Instance, granted: FieldSet) -> Self {
        Self { instance, granted, memories: Vec::new() }
    }

    /// Lays `claims` out, which is not what is to be measured.
    pub fn lay_out<'a>(&'a mut self, claims: &'a [Claim]) -> LaidOut<'a> {
        let Self { instance, granted, memories } = self;
        memories.resize_with(claims.len().max(memories.len()), ViewMemory::default);
        let views = claims.iter().zip(memories).map(|(claim, memory)| memory.view(claim, *granted));
        LaidOut { instance, views: views.collect() }
    }
}

impl LaidOut<'_> {
    /// Has each claim checked; how many findings were emitted, and on how many claims the check failed.
    pub fn check(&mut self) -> (usize, usize) {
        let (mut findings, mut failed) = (0_usize, 0);
        for view in &self.views {
            let call = CbCall::new((&raw mut findings).cast(), count, go_on);
            failed += usize::from(self.instance.call(view, &call) != status::OK);
        }
        (findings, failed)
    }
}

/// # Safety
/// `ctx` must lead to the number that [`LaidOut::check`] counts in.
unsafe extern "C" fn count(ctx: *mut c_void, _: *const CbFinding) -> CbStatus {
    // SAFETY: promised by the caller; the number outlives the call of `check` in which this runs, and nothing
    // else reaches it meanwhile.
    let Some(findings) = (unsafe { ctx.cast::<usize>().as_mut() }) else {
        return status::E_INVALID;
    };
    *findings += 1;
    status::OK
}

/// # Safety
/// None.
unsafe extern "C" fn go_on(_: *mut c_void) -> CbStatus {
    status::OK
}
