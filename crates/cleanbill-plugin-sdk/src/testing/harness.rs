//! The harness: makes an instance, hands it a claim, collects what it emits.

#![expect(unsafe_code, reason = "the harness stands in for the host and calls the plugin's table")]

use core::ffi::{CStr, c_char, c_void};
use core::marker::PhantomData;
use core::ptr;

use cleanbill_plugin_abi::{
    CbCall, CbFinding, CbHost, CbInstance, CbPlugin, CbStatus, CbStr, array, sized, status,
};

use super::claim::TestClaim;
use crate::glue;
use crate::plugin::Plugin;

/// Why a check gave no findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The plugin panicked.
    Panicked,
    /// It does not run with its configuration; its words.
    Config(String),
    /// A function of the plugin gave back this status.
    Status(i32),
}

/// What a plugin emitted. Whether the manifest knows the rule and its values is for the host to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Place of the rule in the manifest, from 0.
    pub rule: u32,
    /// Place of the line, from 1; `None` for the claim.
    pub line: Option<u32>,
    /// Severity as it was emitted; -1 is the rule's own.
    pub severity: i32,
    /// Partner lines, places from 1.
    pub related: Vec<u32>,
    /// Part of the line; may be empty.
    pub field: String,
    /// Values for the templates.
    pub args: Vec<(String, String)>,
}

/// Runs the plugin `P` on claims of a test.
pub struct PluginTest<P: Plugin> {
    table: CbPlugin,
    config: String,
    plugin: PhantomData<fn() -> P>,
}

impl<P: Plugin> PluginTest<P> {
    /// A harness for `P`.
    #[must_use]
    pub fn new() -> Self {
        Self { table: glue::table::<P>(), config: "{}".to_owned(), plugin: PhantomData }
    }

    /// The harness with the configuration that a pack's rule would give, a JSON object.
    #[must_use]
    pub fn configured(mut self, json: &str) -> Self {
        json.clone_into(&mut self.config);
        self
    }

    /// Checks `claim` on a fresh instance.
    ///
    /// # Errors
    /// [`Failure`] when the plugin panicked or a call failed.
    pub fn check(&self, claim: &TestClaim) -> Result<Vec<Found>, Failure> {
        let (Some(create), Some(destroy), Some(check)) =
            (self.table.create, self.table.destroy, self.table.check)
        else {
            return Err(Failure::Status(status::E_UNSUPPORTED));
        };
        let mut instance: *mut CbInstance = ptr::null_mut();
        let mut found: Vec<Found> = Vec::new();
        let config = CbStr::new(&self.config);
        let mut words: [c_char; 256] = [0; 256];
        // SAFETY: the table is the glue's own; all pointers lead to locals that outlive the calls, and
        // the instance is used by this thread alone and no more after `destroy`.
        let answer = unsafe {
            let (err, cap) = (words.as_mut_ptr(), words.len());
            match create(&CbHost::PLAIN, config, &raw mut instance, err, cap) {
                status::OK => {
                    let call = CbCall::new((&raw mut found).cast(), collect, go_on);
                    let answer = claim.with_view(|view| check(instance, view, &raw const call));
                    destroy(instance);
                    answer
                }
                failed => failed,
            }
        };
        match answer {
            status::OK => Ok(found),
            status::E_PANIC => Err(Failure::Panicked),
            status::E_CONFIG => {
                let bytes = words.map(c_char::to_ne_bytes);
                let words = CStr::from_bytes_until_nul(bytes.as_flattened()).unwrap_or_default();
                Err(Failure::Config(words.to_string_lossy().into_owned()))
            }
            other => Err(Failure::Status(other)),
        }
    }
}

impl<P: Plugin> Default for PluginTest<P> {
    fn default() -> Self {
        Self::new()
    }
}

/// # Safety
/// `ctx` must be the harness's list, and `finding` as the ABI says.
unsafe extern "C" fn collect(ctx: *mut c_void, finding: *const CbFinding) -> CbStatus {
    // SAFETY: `check` above hands over its own list, which nothing else uses until the call returns.
    let found = unsafe { &mut *ctx.cast::<Vec<Found>>() };
    // SAFETY: the SDK made the finding, and it is valid until this function returns.
    let copied = unsafe { copy(finding) };
    match copied {
        Some(finding) => {
            found.push(finding);
            status::OK
        }
        None => status::E_INVALID,
    }
}

/// A test has all the time there is.
extern "C" fn go_on(_ctx: *mut c_void) -> CbStatus {
    status::OK
}

/// # Safety
/// `finding` must be as the ABI says.
unsafe fn copy(finding: *const CbFinding) -> Option<Found> {
    // SAFETY: promised by the caller, for the finding and all that it points to.
    unsafe {
        let raw = sized(finding)?;
        let text = |text: CbStr| {
            text.bytes(usize::MAX).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        let args = array(raw.args, raw.n_args, usize::MAX)?;
        Some(Found {
            rule: raw.rule,
            line: (raw.line_no != 0).then_some(raw.line_no),
            severity: raw.severity,
            related: array(raw.related, raw.n_related, usize::MAX)?.to_vec(),
            field: text(raw.field)?,
            args: args
                .iter()
                .map(|arg| Some((text(arg.key)?, text(arg.value)?)))
                .collect::<Option<_>>()?,
        })
    }
}
