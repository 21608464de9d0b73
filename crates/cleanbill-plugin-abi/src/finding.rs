//! What a plugin has to say, and the call through which it says it.

use core::ffi::c_void;
use core::ptr;

use crate::size::size_u32;
use crate::text::CbStr;
use crate::version::CbStatus;

/// The values of [`CbFinding::severity`].
pub mod severity {
    /// As the manifest says.
    pub const OF_RULE: i32 = -1;
    /// A note.
    pub const INFO: i32 = 0;
    /// Someone should look.
    pub const WARNING: i32 = 1;
    /// The claim is wrong.
    pub const ERROR: i32 = 2;
}

/// A named value that fills a rule's templates.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct CbKv {
    /// Name, as the rule declares it.
    pub key: CbStr,
    /// Value, of the kind that the rule declares.
    pub value: CbStr,
}

/// A finding. Its words come from the manifest's templates, which the host fills.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbFinding {
    /// Size of this struct as the plugin knows it.
    pub struct_size: u32,
    /// Place of the rule in the manifest, from 0.
    pub rule: u32,
    /// Place of the line in the claim, from 1; 0 for the claim as a whole.
    pub line_no: u32,
    /// How loud: [`severity`].
    pub severity: i32,
    /// Partner lines, places from 1.
    pub related: *const u32,
    /// Number of partner lines.
    pub n_related: usize,
    /// Part of the line that is wrong, by its name in claim JSON (`modifiers`); may be empty.
    pub field: CbStr,
    /// Values for the templates: each that the rule declares, once.
    pub args: *const CbKv,
    /// Number of values.
    pub n_args: usize,
}

impl Default for CbFinding {
    fn default() -> Self {
        Self {
            struct_size: size_u32::<Self>(),
            rule: 0,
            line_no: 0,
            severity: severity::OF_RULE,
            related: ptr::null(),
            n_related: 0,
            field: CbStr::EMPTY,
            args: ptr::null(),
            n_args: 0,
        }
    }
}

/// Takes a finding and copies it before it returns. Only to be called within `check`, on its thread.
/// After anything but [`crate::status::OK`] the plugin returns from `check`.
pub type EmitFn = unsafe extern "C" fn(ctx: *mut c_void, finding: *const CbFinding) -> CbStatus;

/// Says whether to go on: anything but [`crate::status::OK`] once the time for this claim is up. A check with
/// a long loop asks now and then, and returns [`crate::status::STOP`] when told to.
pub type PollFn = unsafe extern "C" fn(ctx: *mut c_void) -> CbStatus;

/// What a plugin may call back while it checks one claim.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CbCall {
    /// Size of this struct as the host knows it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// To be handed to the functions.
    pub ctx: *mut c_void,
    /// Takes a finding.
    pub emit: EmitFn,
    /// Says whether to go on.
    pub poll: PollFn,
}

impl CbCall {
    /// A call that hands `ctx` to both functions.
    #[must_use]
    pub const fn new(ctx: *mut c_void, emit: EmitFn, poll: PollFn) -> Self {
        Self { struct_size: size_u32::<Self>(), reserved: 0, ctx, emit, poll }
    }
}
